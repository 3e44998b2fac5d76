//! The sandbox's phones and switches.

use anyhow::{Result, ensure};
use reqwest::{Client, Method};
use serde::Deserialize;
use serde_json::Value;

/// One request as the sandbox's log has it.
#[derive(Debug, Clone, Deserialize)]
pub struct Asked {
    pub provider: String,
    /// The caller's number, where the protocol has one.
    pub transaction: String,
    pub code: String,
    pub account: String,
    pub state: String,
    /// Digests of the things to sign, hexadecimal.
    pub digests: Vec<String>,
    /// How often the key was used.
    pub signed: u32,
    /// How often the same number came again.
    pub refused_again: u32,
}

/// See the module.
#[derive(Clone)]
pub struct Phone {
    client: Client,
    sandbox: String,
}

impl Phone {
    pub fn new(sandbox: &str) -> Self {
        Self {
            client: Client::new(),
            sandbox: sandbox.to_owned(),
        }
    }

    async fn admin(&self, method: Method, path: &str, body: Option<&Value>) -> Result<String> {
        let address = format!("{}/admin/{path}", self.sandbox);
        let mut request = self.client.request(method, address);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path}: {status}: {text}");
        Ok(text)
    }

    /// Everything that was asked.
    pub async fn requests(&self) -> Result<Vec<Asked>> {
        let text = self.admin(Method::GET, "requests", None).await?;
        Ok(serde_json::from_str(&text)?)
    }

    /// What waits for somebody.
    pub async fn waiting(&self) -> Result<Vec<Asked>> {
        let mut all = self.requests().await?;
        all.retain(|asked| asked.state == "waiting");
        Ok(all)
    }

    /// Enters the PIN and presses.
    pub async fn press(&self, asked: &Asked, decision: &str) -> Result<()> {
        let address = format!("{}/phone/{}/decision", self.sandbox, asked.provider);
        let form = format!(
            "account={}&code={}&pin=123456&decision={decision}",
            asked.account, asked.code
        );
        let answer = self
            .client
            .post(address)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await?;
        ensure!(
            !answer.status().is_server_error(),
            "the phone failed: {}",
            answer.status()
        );
        Ok(())
    }

    /// A phone of a provider that presses by itself.
    pub async fn confirm_by_itself(&self, provider: &str, delay_ms: u64) -> Result<()> {
        let body = serde_json::json!({
            "provider": provider, "decision": "confirm", "delay_ms": delay_ms,
        });
        self.admin(Method::POST, "auto", Some(&body)).await?;
        Ok(())
    }

    /// Results of a provider are posted there.
    pub async fn call_back(&self, provider: &str, address: &str) -> Result<()> {
        let body = serde_json::json!({ "webhooks": { (provider): address } });
        self.admin(Method::POST, "settings", Some(&body)).await?;
        Ok(())
    }

    pub async fn add_fault(&self, rule: &Value) -> Result<()> {
        self.admin(Method::POST, "faults", Some(rule)).await?;
        Ok(())
    }

    pub async fn clear_faults(&self) -> Result<()> {
        self.admin(Method::DELETE, "faults", None).await?;
        Ok(())
    }
}
