//! The profile of Decision 769/QĐ-BTTTT ("SP769"), hash mode: straight to a CA, or through the national gateway with `ca_name`.

mod wire;

use crate::{
    Answer, Client, Handles, HashEncoding, ProviderCertificate, ProviderEntry, ProviderError,
    RemoteSigner, Request, Started, Status,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::value::{CitizenId, Sha256};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

/// A client of one provider.
#[derive(Debug)]
pub struct Neac769 {
    entry: ProviderEntry,
    client: Client,
}

impl Neac769 {
    /// A client for an entry.
    #[must_use]
    pub const fn new(entry: ProviderEntry, client: Client) -> Self {
        Self { entry, client }
    }

    fn url(&self, path: &str) -> String {
        format!(
            "{}{path}",
            self.entry.base_url.as_deref().unwrap_or_default()
        )
    }

    /// What every body carries.
    fn credentials(&self) -> Map<String, Value> {
        let mut body = Map::new();
        let password = self
            .entry
            .sp_password
            .as_ref()
            .map_or("", |secret| secret.expose_secret());
        body.insert("sp_id".into(), self.entry.sp_id.as_str().into());
        body.insert("sp_password".into(), password.into());
        if let Some(ca_name) = &self.entry.ca_name {
            body.insert("ca_name".into(), ca_name.as_str().into());
        }
        body
    }

    fn digest(&self, digest: &Sha256) -> String {
        match self.entry.hash_encoding {
            HashEncoding::Hex => digest.to_string(),
            HashEncoding::Base64 => STANDARD.encode(digest.0),
        }
    }

    async fn ask_certificates(
        &self,
        account: &CitizenId,
    ) -> Result<Vec<ProviderCertificate>, ProviderError> {
        let mut body = self.credentials();
        body.insert("user_id".into(), account.as_str().into());
        body.insert("serial_number".into(), "".into());
        body.insert(
            "transaction_id".into(),
            uuid::Uuid::new_v4().to_string().into(),
        );
        let (status, answer) = self
            .client
            .post(&self.url(&self.entry.paths.certificates), &body)
            .await?;
        wire::accepted(status, &answer)?;
        wire::certificates(&answer)
    }

    async fn ask_start(&self, request: &Request) -> Result<Started, ProviderError> {
        let mut body = self.credentials();
        body.insert("user_id".into(), request.account.as_str().into());
        body.insert(
            "transaction_id".into(),
            request.transaction.to_string().into(),
        );
        body.insert(
            "transaction_desc".into(),
            request.description.as_str().into(),
        );
        body.insert("serial_number".into(), request.serial.as_str().into());
        body.insert("time_stamp".into(), request.time_stamp.as_str().into());
        let files: Vec<Value> = request
            .items
            .iter()
            .map(|item| {
                json!({ "file_type": "pdf", "sign_type": "hash", "doc_id": item.doc_id,
                        "data_to_be_signed": self.digest(&item.digest) })
            })
            .collect();
        body.insert("sign_files".into(), files.into());
        let (status, answer) = self
            .client
            .post(&self.url(&self.entry.paths.sign), &body)
            .await?;
        wire::accepted(status, &answer)?;
        let doc_ids: Vec<String> = request
            .items
            .iter()
            .map(|item| item.doc_id.clone())
            .collect();
        Ok(wire::started(&answer, &doc_ids))
    }

    async fn ask_status(&self, handles: &Handles) -> Result<Status, ProviderError> {
        let ours = handles.transaction.to_string();
        let status = self.status_of(&ours, handles).await?;
        // Clients disagree whether the number is ours or the provider's: try the other one before giving up.
        match (&status, &handles.provider_code) {
            (Status::Unknown, Some(theirs)) => self.status_of(theirs, handles).await,
            _ => Ok(status),
        }
    }

    async fn status_of(
        &self,
        transaction: &str,
        handles: &Handles,
    ) -> Result<Status, ProviderError> {
        let mut body = self.credentials();
        body.insert("transaction_id".into(), transaction.into());
        let path = self
            .entry
            .paths
            .status
            .replace("{transaction}", transaction);
        let (status, answer) = self.client.post(&self.url(&path), &body).await?;
        wire::status(status, &answer, &handles.doc_ids)
    }
}

impl RemoteSigner for Neac769 {
    fn certificates<'a>(&'a self, account: &'a CitizenId) -> Answer<'a, Vec<ProviderCertificate>> {
        Box::pin(self.ask_certificates(account))
    }

    fn start<'a>(&'a self, request: &'a Request) -> Answer<'a, Started> {
        Box::pin(self.ask_start(request))
    }

    fn status<'a>(&'a self, handles: &'a Handles) -> Answer<'a, Status> {
        Box::pin(self.ask_status(handles))
    }
}
