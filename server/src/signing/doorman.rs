//! Who may post results: MySign's webhook mode has Viettel sign in at the portal first, with the `client_id` and the secret that the
//! portal has from it. What is posted is believed when it verifies, as ever; this only keeps strangers off.

use crate::pace::milliseconds;
use contract::provider::ProviderCode;
use contract::value::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use provider::{Protocol, ProviderEntry};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::time::Duration;

/// How long a token holds.
const TOKEN: Duration = Duration::from_secs(3600);

/// Whether a provider has to show a token.
fn is_asked(entry: &ProviderEntry) -> bool {
    matches!(&entry.protocol, Protocol::Mysign(settings) if settings.webhook)
}

/// Signs a provider in (`grant_type` `client_credentials`): the answer in MySign's form, or none when it is not who it says.
pub fn sign_in(entry: &ProviderEntry, body: &Value, now: Timestamp) -> Option<Value> {
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let secret = entry.credentials.secret.as_ref()?;
    // Digests are compared, so that the time it takes tells nothing of the secret.
    let same = |told: Option<&str>, known: &str| {
        told.is_some_and(|told| Sha256::digest(told) == Sha256::digest(known))
    };
    let right = is_asked(entry)
        && text("grant_type").is_none_or(|kind| kind == "client_credentials")
        && same(text("client_id"), &entry.credentials.id)
        && same(text("client_secret"), secret.expose_secret());
    if !right {
        return None;
    }
    let until = Timestamp(now.0 + milliseconds(TOKEN));
    let token = format!(
        "{}.{}",
        until.0,
        mark(&entry.code, secret.expose_secret(), until)?
    );
    Some(json!({
        "status_code": "00",
        "message": "SUCCESS",
        "data": { "access_token": token, "expires_in": TOKEN.as_secs(), "consented_on": now.0 / 1000 },
    }))
}

/// Whether a message may be listened to.
pub fn admits(entry: &ProviderEntry, authorization: Option<&str>, now: Timestamp) -> bool {
    if !is_asked(entry) {
        return true;
    }
    let token = authorization.and_then(|text| text.strip_prefix("Bearer "));
    let Some((until, told)) = token.and_then(|token| token.trim().split_once('.')) else {
        return false;
    };
    let (Ok(until), Some(secret)) = (until.parse().map(Timestamp), &entry.credentials.secret)
    else {
        return false;
    };
    until > now
        && mark(&entry.code, secret.expose_secret(), until)
            .is_some_and(|right| Sha256::digest(told) == Sha256::digest(right))
}

/// What only the portal can write: no instance has to remember the tokens it gave.
fn mark(provider: &ProviderCode, secret: &str, until: Timestamp) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(format!("webhook token {} {}", provider.as_str(), until.0).as_bytes());
    Some(hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn entry(webhook: bool) -> ProviderEntry {
        let text = format!(
            "[[provider]]\ncode='viettel-ca'\nname='V'\napp_name='V'\nprotocol='mysign'\nbase_url='https://v.test'\n\
             client_id='portal'\nclient_secret='secret'\nsandbox=true\nwebhook={webhook}"
        );
        provider::read_entries(&text).expect("an entry").remove(0)
    }

    #[test]
    fn a_token_is_given_for_the_secret_and_holds_for_an_hour() {
        let entry = entry(true);
        let body = json!({ "grant_type": "client_credentials", "client_id": "portal", "client_secret": "secret" });
        let answer = sign_in(&entry, &body, NOW).expect("a token");
        let token = answer
            .pointer("/data/access_token")
            .and_then(Value::as_str)
            .expect("text");
        let bearer = format!("Bearer {token}");
        assert!(admits(&entry, Some(&bearer), NOW));
        let later = Timestamp(NOW.0 + milliseconds(TOKEN));
        assert!(!admits(&entry, Some(&bearer), later));
        assert!(!admits(
            &entry,
            Some(&bearer.replace("Bearer 1", "Bearer 2")),
            NOW
        ));
        assert!(!admits(&entry, None, NOW));
    }

    #[test]
    fn nobody_else_gets_one() {
        let entry = entry(true);
        for body in [
            json!({ "client_id": "portal", "client_secret": "Secret" }),
            json!({ "client_id": "portal" }),
            json!({ "grant_type": "password", "client_id": "portal", "client_secret": "secret" }),
            json!([]),
        ] {
            assert_eq!(sign_in(&entry, &body, NOW), None, "{body}");
        }
    }

    #[test]
    fn where_no_webhook_is_set_up_there_is_no_token_and_none_is_asked_for() {
        let entry = entry(false);
        let body = json!({ "client_id": "portal", "client_secret": "secret" });
        assert_eq!(sign_in(&entry, &body, NOW), None);
        assert!(admits(&entry, None, NOW));
    }
}
