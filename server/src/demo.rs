//! Demo mode: invented people and the sandbox provider. Nothing of it exists in production.

use crate::identity::password;
use crate::seal::SealSettings;
use crate::state::now;
use anyhow::Result;
use contract::right::Grant;
use contract::session::{DemoAccount, Person, Role};
use provider::ProviderEntry;
use serde::Deserialize;
use std::path::Path;
use store::{Database, NewAccount};
use tokio::sync::OnceCell;

const PEOPLE: &str = include_str!("../data/demo.toml");

#[derive(Deserialize)]
struct People {
    password: String,
    account: Vec<Invented>,
}

#[derive(Deserialize)]
struct Invented {
    user_name: String,
    name: String,
    role: Role,
    agency: Option<String>,
    #[serde(default)]
    grants: Vec<Grant>,
    #[serde(default)]
    person: Person,
}

fn people() -> Result<People> {
    Ok(toml::from_str(PEOPLE)?)
}

/// Makes the invented accounts that are not there yet.
pub async fn make_accounts(database: &Database) -> Result<()> {
    let people = people()?;
    // They share a password that stands on the sign-in page, and so its hash: each takes as long as a sign-in.
    let shared = OnceCell::new();
    for invented in people.account {
        if let Ok(known) = database.account_by_name(&invented.user_name).await {
            // Made before there were rights.
            if known.account.grants.is_empty() && !invented.grants.is_empty() {
                let id = known.account.id;
                database
                    .set_grants(id, &invented.grants, None, now())
                    .await?;
            }
            continue;
        }
        let new = NewAccount {
            user_name: invented.user_name,
            password: shared
                .get_or_try_init(|| password::hash(people.password.clone()))
                .await?
                .clone(),
            role: invented.role,
            name: invented.name,
            agency: invented.agency,
            person: invented.person,
            grants: invented.grants,
        };
        database.add_account(&new).await?;
    }
    Ok(())
}

/// What the sign-in page offers.
pub fn accounts() -> Result<Vec<DemoAccount>> {
    let people = people()?;
    Ok(people
        .account
        .into_iter()
        .map(|invented| DemoAccount {
            user_name: invented.user_name,
            password: people.password.clone(),
            name: invented.name,
            role: invented.role,
        })
        .collect())
}

/// Points every provider at the sandbox, which speaks each entry's own protocol below its code.
pub fn use_sandbox(providers: &mut [ProviderEntry], url: &str) {
    for entry in providers {
        let code = entry.code.as_str();
        entry.base_url = Some(format!("{url}/{code}"));
        entry.phone_page = Some(format!("{url}/phone/{code}"));
        entry.credentials = provider::Credentials {
            id: "portal-demo".into(),
            secret: Some("sandbox-only".to_owned().into()),
        };
        entry.sandbox = true;
    }
}

/// The seal that the sandbox's authority issued, beside its root; none in a folder of an older sandbox.
pub fn sandbox_seal(root: &Path) -> Option<SealSettings> {
    let folder = root.parent()?;
    let settings = SealSettings {
        key: folder.join("seal.key.pem"),
        certificates: folder.join("seal.chain.pem"),
    };
    (settings.key.exists() && settings.certificates.exists()).then_some(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_of_the_demo_is_the_sandbox_and_speaks_its_own_protocol() {
        let own = provider::default_entries().expect("embedded");
        let mut demo = own.clone();
        use_sandbox(&mut demo, "http://localhost:8090");
        for (demo, own) in demo.iter().zip(&own) {
            assert!(demo.is_available() && demo.sandbox && demo.check().is_ok());
            assert_eq!(demo.protocol, own.protocol);
            assert!(
                demo.addresses()
                    .all(|address| address.starts_with("http://localhost:8090/"))
            );
        }
    }
}
