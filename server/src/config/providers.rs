//! The provider entries of a configuration: read, completed with their secrets, and checked.

use super::Environment;
use contract::provider::Trust;
use provider::{EntryError, ProviderEntry};
use std::path::Path;

/// The entries of a file, or the seven of the guidance.
pub(super) fn read(file: Option<&Path>, wrong: &mut Vec<String>) -> Vec<ProviderEntry> {
    let found = match file {
        Some(path) => match std::fs::read_to_string(path) {
            Ok(text) => {
                provider::read_entries_in(&text, path.parent().unwrap_or_else(|| Path::new("")))
            }
            Err(error) => {
                wrong.push(format!("providers: {}: {error}", path.display()));
                return Vec::new();
            }
        },
        None => provider::default_entries(),
    };
    found.unwrap_or_else(|error| {
        tell(&error, wrong);
        Vec::new()
    })
}

fn tell(error: &EntryError, wrong: &mut Vec<String>) {
    wrong.extend(error.faults.iter().map(ToString::to_string));
}

/// Completes each entry with its secret from the environment. Outside demo mode a secret in a file is refused.
pub(super) fn complete(
    providers: &mut [ProviderEntry],
    demo: bool,
    environment: &Environment,
    wrong: &mut Vec<String>,
) {
    for entry in providers {
        let variable = entry.secret_variable();
        let name = environment.name(&variable);
        if entry.credentials.secret.is_some() && !demo {
            wrong.push(format!(
                "provider {}: `{}` does not belong into a file: give it as {name} or {name}_FILE",
                entry.code.as_str(),
                entry.protocol.secret_key()
            ));
        }
        match environment.secret(&variable) {
            Ok(Some(found)) => entry.credentials.secret = Some(found),
            Ok(None) => {}
            Err(error) => wrong.push(error),
        }
    }
}

/// What is wrong with entries whatever the mode: half filled in, trust anchors that are no certificates.
pub(super) fn check(
    providers: &[ProviderEntry],
    environment: &Environment,
    wrong: &mut Vec<String>,
) {
    for entry in providers {
        if let Err(error) = entry.check() {
            // The entry knows its variable, and not whose environment it is looked for in.
            let variable = entry.secret_variable();
            let name = environment.name(&variable);
            let faults = error.faults.iter().map(ToString::to_string);
            wrong.extend(faults.map(|fault| fault.replace(&variable, &name)));
        }
        for anchor in &entry.trust_anchors {
            if signature::certificate::Facts::read(anchor).is_err() {
                wrong.push(format!(
                    "provider {}: `trust_anchors` has a certificate that cannot be read",
                    entry.code.as_str()
                ));
            }
        }
    }
}

/// What would let test keys into a real portal.
pub(super) fn production(providers: &[ProviderEntry], trust: &Trust, wrong: &mut Vec<String>) {
    for entry in providers {
        let name = entry.code.as_str();
        if entry.sandbox && entry.base_url.is_some() {
            wrong.push(format!(
                "provider {name} is a sandbox; that is for demo mode"
            ));
        }
        for address in entry.addresses() {
            if !address.starts_with("https://") {
                wrong.push(format!("provider {name}: {address} is not https"));
            }
        }
        if entry.trust_anchors.iter().any(|anchor| is_sandbox(anchor)) {
            wrong.push(format!(
                "provider {name}: `trust_anchors` has a certificate of the sandbox; that is for demo mode"
            ));
        }
    }
    if trust.roots.is_empty() {
        wrong.push("roots: no trusted root certificate; nothing could be validated".into());
    }
    if trust.roots.iter().any(|root| is_sandbox(&root.0)) {
        wrong.push("roots: the sandbox's root is for demo mode".into());
    }
}

fn is_sandbox(der: &[u8]) -> bool {
    signature::certificate::Facts::read(der).is_ok_and(|facts| facts.subject.contains("SANDBOX"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<ProviderEntry> {
        provider::read_entries(text).expect("valid")
    }

    #[test]
    fn a_secret_comes_from_the_environment_or_the_file_it_names_by_the_entrys_name() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("secret");
        std::fs::write(&file, "from-file\n").expect("written");
        let mut providers = entries(
            "[[provider]]\ncode='vnpt-ca'\nname='V'\napp_name='V'\nbase_url='https://ca.example'\nsp_id='p'\n\
             [[provider]]\ncode='csc-x'\nname='C'\napp_name='C'\nprotocol='csc-v2'\nbase_url='https://csc.example'\nclient_id='p'\n",
        );
        let mut wrong = Vec::new();
        let nothing = Environment::of(|_| None);
        check(&providers, &nothing, &mut wrong);
        assert_eq!(
            wrong,
            [
                "provider vnpt-ca: `sp_password` is missing: give it as PROVIDER_VNPT_CA_SP_PASSWORD",
                "provider csc-x: `client_secret` is missing: give it as PROVIDER_CSC_X_CLIENT_SECRET",
            ]
        );
        wrong.clear();
        check(&providers, &nothing.of_tenant("a"), &mut wrong);
        assert!(wrong[0].ends_with("give it as A_PROVIDER_VNPT_CA_SP_PASSWORD"));
        wrong.clear();
        let file = file.display().to_string();
        let environment = Environment::of(move |name| match name {
            "PROVIDER_VNPT_CA_SP_PASSWORD" => Some("from-environment".into()),
            "PROVIDER_CSC_X_CLIENT_SECRET_FILE" => Some(file.clone()),
            _ => None,
        });
        complete(&mut providers, false, &environment, &mut wrong);
        check(&providers, &environment, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}");
        assert!(providers.iter().all(ProviderEntry::is_available));
        assert!(!format!("{providers:?}").contains("from-"));
    }

    #[test]
    fn a_real_portal_takes_no_secret_from_a_file_and_calls_nothing_without_tls() {
        let mut providers = entries(
            "[[provider]]\ncode='csc-x'\nname='C'\napp_name='C'\nprotocol='csc-v1'\nclient_id='p'\nclient_secret='tell-nobody'\n\
             base_url='https://csc.example'\nsecondary_url='http://b.csc.example'\ntoken_url='http://id.csc.example/token'\n",
        );
        let mut wrong = Vec::new();
        let nothing = Environment::of(|_| None);
        complete(&mut providers, false, &nothing, &mut wrong);
        production(
            &providers,
            &Trust {
                roots: vec![contract::value::Base64(Vec::new())],
            },
            &mut wrong,
        );
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(!wrong.join(" ").contains("tell-nobody"));
        assert!(wrong[1].contains("http://b.csc.example") && wrong[2].contains("id.csc.example"));
    }

    #[test]
    fn an_empty_secret_is_none() {
        let mut providers = entries("[[provider]]\ncode='vnpt-ca'\nname='V'\napp_name='V'\n");
        let mut wrong = Vec::new();
        let empty = Environment::of(|name| (!name.ends_with("_FILE")).then(String::new));
        complete(&mut providers, false, &empty, &mut wrong);
        assert_eq!(wrong, ["PROVIDER_VNPT_CA_SP_PASSWORD is empty"]);
    }
}
