//! The adapter of the sandbox's gateway: JSON with HMAC-SHA256 in hexadecimal over the values, one a line. Real gateways of Vietnam work
//! alike; each is a file of its own beside this one.

use super::gateway::{Found, GatewayAnswer, GatewayError, Outcome, PaymentGateway, Start, Started};
use super::settings::SandboxGateway;
use contract::value::{Dong, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;
use std::time::Duration;
use uuid::Uuid;

/// How long the gateway may take to answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// The adapter.
pub(super) struct Sandbox {
    url: String,
    merchant: String,
    secret: SecretString,
    http: reqwest::Client,
}

#[derive(Deserialize)]
struct Begun {
    id: String,
    path: String,
    #[serde(default)]
    expires_at: Option<i64>,
}

#[derive(Deserialize)]
struct Told {
    id: String,
    reference: String,
    amount: i64,
    state: String,
    signature: String,
}

impl Sandbox {
    pub(super) fn new(settings: &SandboxGateway) -> Option<Self> {
        let http = provider::http_builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .ok()?;
        Some(Self {
            url: settings.url.clone(),
            merchant: settings.merchant.clone(),
            secret: settings.secret.clone(),
            http,
        })
    }

    fn mac(&self, values: &[&str]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::new_from_slice(self.secret.expose_secret().as_bytes()).ok()?;
        mac.update(values.join("\n").as_bytes());
        Some(mac)
    }

    fn sign(&self, values: &[&str]) -> String {
        self.mac(values)
            .map(|mac| hex::encode(mac.finalize().into_bytes()))
            .unwrap_or_default()
    }

    /// What the gateway says, when its signature holds; compared in constant time.
    fn believe(&self, told: &Told) -> Option<Found> {
        let amount = told.amount.to_string();
        let values = [&*told.id, &*told.reference, &*amount, &*told.state];
        let signature = hex::decode(&told.signature).ok()?;
        self.mac(&values)?.verify_slice(&signature).ok()?;
        Some(Found {
            id: told.reference.parse().ok()?,
            amount: Dong(told.amount),
            outcome: match told.state.as_str() {
                "open" => Outcome::Open,
                "paid" => Outcome::Paid,
                "declined" => Outcome::Declined,
                "expired" => Outcome::Expired,
                _ => return None,
            },
        })
    }
}

async fn read<T: serde::de::DeserializeOwned>(
    answer: reqwest::Response,
) -> Result<T, GatewayError> {
    match answer.status().as_u16() {
        200 => {}
        404 => return Err(GatewayError::Unknown),
        status => return Err(GatewayError::Refused(status)),
    }
    answer.json().await.map_err(|_| GatewayError::Malformed)
}

impl PaymentGateway for Sandbox {
    fn name(&self) -> &str {
        "Cổng thanh toán thử nghiệm"
    }

    fn start<'a>(&'a self, start: &'a Start) -> GatewayAnswer<'a, Started> {
        Box::pin(async move {
            let (reference, amount) = (start.id.to_string(), start.amount.0.to_string());
            let signed = [
                &*self.merchant,
                &*reference,
                &*amount,
                &*start.back,
                &*start.callback,
            ];
            let body = json!({
                "merchant": self.merchant, "reference": reference, "amount": start.amount.0, "description": start.purpose,
                "return_url": start.back, "notify_url": start.callback, "signature": self.sign(&signed),
            });
            let address = format!("{}/gateway/payments", self.url);
            let begun: Begun = read(self.http.post(address).json(&body).send().await?).await?;
            if !begun.path.starts_with('/') {
                return Err(GatewayError::Malformed);
            }
            Ok(Started {
                reference: begun.id,
                address: format!("{}{}", self.url, begun.path),
                expires_at: begun
                    .expires_at
                    .map(|seconds| Timestamp(seconds.saturating_mul(1000))),
            })
        })
    }

    fn status(&self, id: Uuid) -> GatewayAnswer<'_, Found> {
        Box::pin(async move {
            let reference = id.to_string();
            let signature = self.sign(&[&self.merchant, &reference]);
            let address = format!(
                "{}/gateway/payments/{reference}?merchant={}&signature={signature}",
                self.url, self.merchant
            );
            let told: Told = read(self.http.get(address).send().await?).await?;
            let found = self.believe(&told).ok_or(GatewayError::Malformed)?;
            if found.id == id {
                Ok(found)
            } else {
                Err(GatewayError::Malformed)
            }
        })
    }

    fn callback(&self, body: &serde_json::Value) -> Option<Found> {
        self.believe(&Told::deserialize(body).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gateway() -> Sandbox {
        // As `main` does; another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Sandbox::new(&SandboxGateway {
            url: "http://localhost:1".into(),
            merchant: "portal-demo".into(),
            secret: "sandbox-only".to_owned().into(),
        })
        .expect("made")
    }

    #[test]
    fn a_message_is_believed_only_as_it_was_signed() {
        let gateway = gateway();
        let id = Uuid::from_u128(7);
        let reference = id.to_string();
        let signature = gateway.sign(&["GD1", &reference, "8000", "paid"]);
        let told = |amount: i64, state: &str, signature: &str| json!({ "id": "GD1", "reference": reference, "amount": amount, "state": state, "signature": signature });
        let found = gateway.callback(&told(8000, "paid", &signature));
        assert_eq!(
            found,
            Some(Found {
                id,
                amount: Dong(8000),
                outcome: Outcome::Paid
            })
        );
        assert_eq!(gateway.callback(&told(80, "paid", &signature)), None);
        assert_eq!(gateway.callback(&told(8000, "open", &signature)), None);
        assert_eq!(gateway.callback(&told(8000, "paid", "00")), None);
        assert_eq!(gateway.callback(&told(8000, "paid", "")), None);
        assert_eq!(gateway.callback(&json!({ "state": "paid" })), None);
    }

    #[test]
    fn the_signature_is_hmac_sha256() {
        // RFC 4231, test case 2.
        let mut gateway = gateway();
        gateway.secret = "Jefe".to_owned().into();
        assert_eq!(
            gateway.sign(&["what do ya want for nothing?"]),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
