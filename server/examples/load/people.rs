//! Many signed-in citizens. Accounts and sessions are written into the database as sign-in would, since a password's check is made to
//! be slow; certificates are asked of the provider once, through the portal.

use crate::stage::Stage;
use anyhow::{Context as _, Result, ensure};
use contract::access::{Device, SignInMethod};
use contract::provider::{CertificateInfo, ProviderCode, Usability};
use contract::session::{Person, Role};
use contract::value::{CitizenId, Timestamp};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};
use store::{Database, NewAccount, NewSession};
use uuid::Uuid;

/// The sandbox's account they all use.
pub const ACCOUNT: &str = "062099000011";

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Citizen {
    pub account: Uuid,
    pub cookie: String,
}

/// What they sign with at a provider.
#[derive(Debug, Clone)]
pub struct Means {
    pub provider: ProviderCode,
    pub certificate: CertificateInfo,
}

/// The clock.
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Makes them, before the server starts for the first time.
pub async fn make(stage: &Stage, count: usize) -> Result<Vec<Citizen>> {
    let database = Database::open(&stage.database_url).await?;
    let mut made = Vec::new();
    for number in 0..count {
        let user_name = format!("load-{number}");
        let new = NewAccount {
            user_name: user_name.clone(),
            // No password fits.
            password: String::new(),
            role: Role::Citizen,
            name: format!("Người Thử {number}"),
            agency: None,
            grants: Vec::new(),
            person: Person::default(),
        };
        database.add_account(&new).await?;
        made.push(Citizen {
            account: database.account_by_name(&user_name).await?.account.id,
            cookie: session(&database, &user_name).await?,
        });
    }
    Ok(made)
}

/// Signs somebody in, without a password; the cookie.
pub async fn session(database: &Database, user_name: &str) -> Result<String> {
    let account = database.account_by_name(user_name).await?.account.id;
    let token = hex::encode(rand::random::<[u8; 32]>());
    let hash = hex::encode(Sha256::digest(&token));
    let session = NewSession {
        id: Uuid::new_v4(),
        token_sha256: &hash,
        account,
        method: SignInMethod::Password,
        authenticated_at: now(),
        device: &Device::default(),
        replaces: None,
    };
    database.begin_session(&session, now()).await?;
    Ok(format!("session={token}"))
}

/// Their certificate at each provider; the server has to run.
pub async fn equip(stage: &Stage, people: &[Citizen], providers: &[&str]) -> Result<Vec<Means>> {
    let client = reqwest::Client::new();
    let first = people.first().context("nobody")?;
    let accounts: Vec<_> = providers
        .iter()
        .map(|provider| json!({ "citizen_id": ACCOUNT, "provider": provider }))
        .collect();
    let post = async |path: &str, body: &serde_json::Value| {
        let answer = client
            .post(stage.at(path))
            .header("cookie", &first.cookie)
            .json(body)
            .send()
            .await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path}: {status}: {text}");
        anyhow::Ok(text)
    };
    let profile = json!({
        "name": "Chữ ký cá nhân", "phone": "0900000011", "keyword": "NGƯỜI LÀM ĐƠN", "accounts": accounts,
    });
    post("/api/profiles", &profile).await?;
    let database = Database::open(&stage.database_url).await?;
    let citizen: CitizenId = ACCOUNT.parse().context("a number")?;
    let mut means = Vec::new();
    for provider in providers {
        let path = format!("/api/providers/{provider}/certificates");
        let found = post(&path, &json!({ "citizen_id": ACCOUNT })).await?;
        let list: Vec<CertificateInfo> = serde_json::from_str(&found)?;
        let code: ProviderCode = (*provider).to_owned().try_into().ok().context("a code")?;
        for person in people.iter().skip(1) {
            database
                .remember_certificates(person.account, &code, &citizen, &list, now())
                .await?;
        }
        let certificate = list
            .into_iter()
            .find(|certificate| certificate.usability == Usability::Usable)
            .context("no usable certificate")?;
        means.push(Means {
            provider: code,
            certificate,
        });
    }
    Ok(means)
}
