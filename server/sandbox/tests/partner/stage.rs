//! A sandbox of its own for each test; all of them read the same keys, which are kept between runs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::value::Sha256;
use sandbox::{Running, Settings};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::OnceCell;

pub const MAU: &str = "062099000011";
pub const THU: &str = "062199000022";
pub const EVERY_KIND: &str = "062099000099";

static KEYS: OnceCell<()> = OnceCell::const_new();

/// Where the keys are.
pub fn keys() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sandbox-keys")
}

pub struct Stage {
    pub running: Running,
    pub http: reqwest::Client,
}

/// An answer, read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

pub async fn start_in(data: PathBuf) -> Stage {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let running = sandbox::start(Settings {
        listen: "127.0.0.1:0".parse().expect("address"),
        data,
        lifetime_seconds: 60,
        i_know_this_signs_with_test_keys: false,
    })
    .await
    .expect("starts");
    Stage {
        running,
        http: reqwest::Client::new(),
    }
}

pub async fn stage() -> Stage {
    // Keys first, by one sandbox alone: several at once would each make their own.
    KEYS.get_or_init(|| async {
        let first = start_in(keys()).await;
        for account in [MAU, THU, EVERY_KIND] {
            first.certificates("vnpt-ca", account).await;
        }
    })
    .await;
    start_in(keys()).await
}

/// What every body of Decision 769 carries.
pub fn credentials(account: &str) -> Value {
    json!({ "sp_id": "portal-demo", "sp_password": "sandbox-only", "user_id": account })
}

/// One object over another.
pub fn with(mut base: Value, more: Value) -> Value {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    base
}

impl Stage {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    pub async fn try_post(&self, path: &str, body: &Value) -> reqwest::Result<Answer> {
        let sent = self
            .http
            .post(self.url(path))
            .timeout(Duration::from_secs(10))
            .json(body)
            .send()
            .await?;
        let status = sent.status().as_u16();
        let bytes = sent.bytes().await?;
        Ok(Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        })
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body).await.expect("answer")
    }

    /// With a bearer token.
    pub async fn post_as(&self, token: &str, path: &str, body: &Value) -> Answer {
        let sent = self
            .http
            .post(self.url(path))
            .bearer_auth(token)
            .json(body)
            .send()
            .await
            .expect("answer");
        Answer {
            status: sent.status().as_u16(),
            body: sent.json().await.expect("JSON"),
        }
    }

    pub async fn get(&self, path: &str) -> String {
        let sent = self.http.get(self.url(path)).send().await.expect("answer");
        assert!(sent.status().is_success(), "{path}");
        sent.text().await.expect("text")
    }

    /// An admin call that has to work.
    pub async fn admin(&self, path: &str, body: Value) {
        let answer = self.post(path, &body).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
    }

    pub async fn fault(&self, rule: Value) {
        self.admin("/admin/faults", rule).await;
    }

    pub async fn calm(&self) {
        let sent = self.http.delete(self.url("/admin/faults")).send().await;
        assert_eq!(sent.expect("answer").status(), 204);
    }

    /// Phones press by themselves at once.
    pub async fn auto(&self, decision: &str) {
        self.admin("/admin/auto", json!({ "decision": decision }))
            .await;
    }

    pub async fn requests(&self) -> Vec<Value> {
        serde_json::from_str(&self.get("/admin/requests").await).expect("JSON")
    }

    pub async fn log(&self) -> Vec<Value> {
        let text = self.get("/admin/log").await;
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    pub async fn certificates(&self, provider: &str, account: &str) -> Vec<Value> {
        let path = format!("/{provider}/v1/credentials/get_certificate");
        let answer = self.post(&path, &credentials(account)).await;
        let list = answer.body.pointer("/data/user_certificates");
        list.and_then(Value::as_array).cloned().unwrap_or_default()
    }

    pub async fn serial(&self, account: &str) -> String {
        let list = self.certificates("vnpt-ca", account).await;
        list[0]["serial_number"].as_str().expect("text").to_owned()
    }

    /// A request in VNPT's form.
    pub fn order(account: &str, serial: &str, transaction: &str, digests: &[[u8; 32]]) -> Value {
        let files: Vec<Value> = digests
            .iter()
            .enumerate()
            .map(|(position, digest)| {
                json!({ "file_type": "pdf", "sign_type": "hash", "doc_id": format!("tep-{position}"),
                        "data_to_be_signed": hex::encode(digest) })
            })
            .collect();
        with(
            credentials(account),
            json!({ "transaction_id": transaction, "transaction_desc": "Ma doi chieu 4821", "serial_number": serial,
                    "time_stamp": "20261125000000Z", "sign_files": files }),
        )
    }

    pub async fn status(&self, transaction: &str) -> Answer {
        let path = format!("/vnpt-ca/v1/signatures/sign/{transaction}/status");
        self.post(&path, &json!({})).await
    }

    /// Asks until somebody decided.
    pub async fn decided(&self, transaction: &str) -> Answer {
        for _ in 0..200 {
            let answer = self.status(transaction).await;
            if answer.body["message"] != "sig_wait_for_user_confirm" {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("nobody decided {transaction}");
    }
}

/// Base64 as it comes, line breaks and all.
pub fn bytes(value: &Value) -> Vec<u8> {
    let text: String = value.as_str().expect("text").split_whitespace().collect();
    STANDARD.decode(text).expect("base64")
}

/// Whether a value is over this digest by this certificate.
pub fn verifies(certificate: &[u8], digest: [u8; 32], value: &Value) -> bool {
    signature::verify_value(certificate, &Sha256(digest), &bytes(value)).is_ok()
}
