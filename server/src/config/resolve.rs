//! From what an operator wrote to what the portal runs with: files read, defaults filled in, everything checked.

use super::{
    Config, DATABASE_URL, Environment, Settings, Tenant, files, providers, storage, tenant,
};
use crate::identity::oidc;
use crate::pace::Pace;
use crate::seal::{Seal, Seals};
use contract::provider::Trust;
use contract::value::Base64;
use secrecy::ExposeSecret as _;
use std::net::SocketAddr;

impl Settings {
    /// Reads the file, fills in defaults and checks everything.
    ///
    /// # Errors
    /// Every error there is, in words for an operator.
    pub fn resolve(mut self) -> Result<Config, Vec<String>> {
        let mut wrong = self.read_file();
        if let Some(tenants) = &self.tenant {
            // What else is missing is in the tenants' files.
            wrong.push(tenant::which(tenants));
            return Err(wrong);
        }
        self.checked(&Environment::process(), None, wrong)
    }

    /// Takes in the settings file, where one is named; what is wrong with it.
    pub(super) fn read_file(&mut self) -> Vec<String> {
        let Some(path) = self.config.take() else {
            return Vec::new();
        };
        match super::read::<Self>(&path) {
            Ok(mut file) => {
                tenant::beside(&path, file.tenant.as_deref_mut());
                self.fill(file);
                Vec::new()
            }
            Err(error) => vec![error],
        }
    }

    /// Fills in defaults and checks everything; secrets come from `environment`. `wrong` is what was found before.
    pub(super) fn checked(
        mut self,
        environment: &Environment,
        tenant: Option<Tenant>,
        mut wrong: Vec<String>,
    ) -> Result<Config, Vec<String>> {
        // It may carry a password: where secrets are files, it is one. What the command line or the file says stands for itself.
        if self.database_url.is_none() {
            match environment.secret(DATABASE_URL) {
                Ok(url) => self.database_url = url.map(|url| url.expose_secret().to_owned()),
                Err(error) => wrong.push(error),
            }
        }
        let data = self.data.unwrap_or_else(|| "var/server".into());
        let listen = self
            .listen
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let unit = self.unit.unwrap_or_else(|| "000.00.00.H34".into());
        if format!("{unit}-260101-0001")
            .parse::<contract::value::DossierCode>()
            .is_err()
        {
            wrong.push(format!("unit: {unit} does not make a dossier code"));
        }
        let mut trust = Trust { roots: Vec::new() };
        if let Some(folder) = &self.roots {
            match crate::verify::roots(folder) {
                Ok(found) => trust = found,
                Err(error) => wrong.push(format!("roots: {error:#}")),
            }
        }
        let mut providers = providers::read(self.providers.as_deref(), &mut wrong);
        providers::complete(&mut providers, self.demo, environment, &mut wrong);
        let mut evidence = self.evidence.unwrap_or_default();
        let mut payment = self.payment.unwrap_or_default();
        let mut seal = self.seal.take();
        if self.demo {
            let url = self
                .sandbox_url
                .as_deref()
                .unwrap_or("http://localhost:8090");
            crate::demo::use_sandbox(&mut providers, url.trim_end_matches('/'));
            evidence.use_sandbox(url.trim_end_matches('/'));
            payment.use_sandbox(url.trim_end_matches('/'));
            let root = self
                .sandbox_root
                .unwrap_or_else(|| "var/sandbox/root.pem".into());
            if seal.is_none() {
                seal = crate::demo::sandbox_seal(&root);
            }
            match crate::verify::certificate_file(&root) {
                Ok(der) => trust.roots.push(Base64(der)),
                Err(error) => wrong.push(format!("sandbox root: {error:#}")),
            }
        } else {
            providers::production(&providers, &trust, &mut wrong);
        }
        evidence.check(environment, &mut wrong);
        payment.check(&mut wrong);
        let seal = seal.and_then(|settings| match Seal::open(&settings) {
            Ok(seal) => Some(seal),
            Err(error) => {
                wrong.push(error);
                None
            }
        });
        let agencies = self.agency_seal.take().unwrap_or_default();
        let seals = Seals::open(seal.clone(), agencies, &mut wrong);
        let public_url = match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", listen.port()),
        };
        if let Some(tenant) = &tenant {
            tenant.check_address(&public_url, &mut wrong);
        }
        let files = files::place(self.files_at, self.files, &data, environment, &mut wrong);
        let keys = storage::keys(environment, &mut wrong);
        let conversion = self.conversion.unwrap_or_default();
        conversion.check(&mut wrong);
        if let Some(scan) = &self.scan {
            scan.check(&mut wrong);
        }
        providers::check(&providers, environment, &mut wrong);
        let mut webhooks = self.webhook.take().unwrap_or_default();
        crate::hook::check(&mut webhooks, self.demo, environment, &mut wrong);
        let province = self.province.take().unwrap_or_default().check(&mut wrong);
        if let Some(mail) = &mut self.mail {
            mail.check(environment, &mut wrong);
            mail.portal.clone_from(&public_url);
            mail.portal_name.clone_from(&province.name);
        }
        let https = public_url.starts_with("https://");
        let mut oidc = self.oidc.take().unwrap_or_default();
        oidc::complete(&mut oidc, self.demo, https, environment, &mut wrong);
        let identity =
            self.identity
                .unwrap_or_default()
                .complete(self.demo, &data, environment, &mut wrong);
        if wrong.is_empty() {
            Ok(Config {
                tenant,
                province,
                listen,
                metrics_listen: self.metrics_listen,
                otlp_endpoint: self.otlp_endpoint,
                database_url: storage::database_url(self.database_url, &data),
                data,
                files,
                keys,
                site: self.site.unwrap_or_else(|| "target/site".into()),
                https,
                behind_proxy: self.behind_proxy,
                public_url,
                payment,
                seal,
                seals,
                unit,
                providers,
                trust,
                news: self.news,
                procedures: self.procedures,
                holidays: self.holidays,
                units: self.units,
                evidence,
                scan: self.scan,
                webhooks,
                mail: self.mail,
                conversion,
                oidc,
                identity,
                pace: self.pace.unwrap_or_else(|| Pace {
                    // The invented people are many visitors at once.
                    starts_per_minute: if self.demo { 100 } else { 10 },
                    requests_per_address: if self.demo { 5000 } else { 200 },
                    requests_per_person: if self.demo { 1000 } else { 50 },
                    ..Pace::default()
                }),
                demo: self.demo,
            })
        } else {
            Err(wrong)
        }
    }

    pub(super) fn fill(&mut self, file: Self) {
        macro_rules! fill {
            ($($field:ident),*) => { $(if self.$field.is_none() { self.$field = file.$field; })* };
        }
        fill!(
            listen,
            metrics_listen,
            otlp_endpoint,
            data,
            database_url,
            site,
            public_url,
            mail,
            unit,
            providers,
            roots,
            news,
            procedures,
            holidays,
            units,
            sandbox_url,
            sandbox_root,
            evidence,
            conversion,
            scan,
            payment,
            seal,
            agency_seal,
            oidc,
            identity,
            files,
            webhook,
            pace,
            province,
            tenant
        );
        self.demo |= file.demo;
        self.behind_proxy |= file.behind_proxy;
    }
}
