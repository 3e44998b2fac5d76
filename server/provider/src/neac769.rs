//! The profile of Decision 769/QĐ-BTTTT ("SP769"), hash mode: straight to a CA, or through the national gateway with `ca_name`.
//!
//! The profile has no call that takes a request back: [`RemoteSigner::cancel`] is not offered.

mod wire;

use crate::client::{Body, Call, Line, Reply};
use crate::entry::{HashEncoding, ItemForm, Neac769Settings, Protocol};
use crate::{
    Abilities, Answer, Callback, Client, Handles, Item, ProviderCertificate, ProviderEntry,
    ProviderError, RemoteSigner, Request, Started, Status, callback,
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
    settings: Neac769Settings,
    line: Line,
}

impl Neac769 {
    /// A client for an entry of this protocol that has an address.
    #[must_use]
    pub fn new(entry: &ProviderEntry, client: &Client) -> Option<Self> {
        let Protocol::Neac769(settings) = &entry.protocol else {
            return None;
        };
        Some(Self {
            settings: settings.clone(),
            line: Line::new(entry, client)?,
            entry: entry.clone(),
        })
    }

    /// What every body carries.
    fn credentials(&self) -> Map<String, Value> {
        let mut body = Map::new();
        let credentials = &self.entry.credentials;
        let password = credentials
            .secret
            .as_ref()
            .map_or("", |secret| secret.expose_secret());
        body.insert("sp_id".into(), credentials.id.as_str().into());
        body.insert("sp_password".into(), password.into());
        if let Some(ca_name) = &self.settings.ca_name {
            body.insert("ca_name".into(), ca_name.as_str().into());
        }
        body
    }

    fn digest(&self, digest: &Sha256) -> String {
        match self.settings.hash_encoding {
            HashEncoding::Hex => digest.to_string(),
            HashEncoding::Base64 => STANDARD.encode(digest.0),
        }
    }

    fn item(&self, item: &Item) -> Value {
        let digest = self.digest(&item.digest);
        match self.settings.item_form {
            ItemForm::Flat => json!({ "file_type": "pdf", "sign_type": "hash",
                "doc_id": item.doc_id, "data_to_be_signed": digest }),
            ItemForm::FileOptions => json!({ "data_to_be_signed": digest, "doc_id": item.doc_id,
                "file_options": { "file_type": "pdf", "sign_type": "hash" } }),
        }
    }

    async fn post(&self, path: &str, body: &Map<String, Value>) -> Result<Reply, ProviderError> {
        let starts = path == self.settings.paths.sign;
        self.line
            .post(Call {
                to: path,
                bearer: None,
                body: Body::json(body)?,
                patience: starts.then_some(self.entry.timeouts.start),
            })
            .await
    }

    async fn ask_certificates(
        &self,
        account: &CitizenId,
    ) -> Result<Vec<ProviderCertificate>, ProviderError> {
        let mut body = self.credentials();
        body.insert("user_id".into(), self.entry.account(account).into());
        body.insert("serial_number".into(), "".into());
        body.insert(
            "transaction_id".into(),
            uuid::Uuid::new_v4().to_string().into(),
        );
        if let Some(service_type) = &self.settings.service_type {
            body.insert("service_type".into(), service_type.as_str().into());
        }
        let reply = self.post(&self.settings.paths.certificates, &body).await?;
        wire::accepted(reply.status, &reply.body)?;
        wire::certificates(&reply.body, &self.settings.service_types)
    }

    fn request(&self, request: &Request) -> Map<String, Value> {
        let mut body = self.credentials();
        body.insert(
            "user_id".into(),
            self.entry.account(&request.account).into(),
        );
        body.insert(
            "transaction_id".into(),
            request.transaction.to_string().into(),
        );
        body.insert(
            "transaction_desc".into(),
            request.description.as_str().into(),
        );
        body.insert(
            "serial_number".into(),
            self.settings.serial_case.write(&request.serial).into(),
        );
        body.insert("time_stamp".into(), request.time_stamp.as_str().into());
        let files: Vec<Value> = request.items.iter().map(|item| self.item(item)).collect();
        body.insert("sign_files".into(), files.into());
        if let Some(address) = &self.settings.webhook_url {
            body.insert("urlWebhook".into(), address.as_str().into());
        }
        body
    }

    async fn ask_start(&self, request: &Request) -> Result<Started, ProviderError> {
        let reply = self
            .post(&self.settings.paths.sign, &self.request(request))
            .await?;
        let doc_ids: Vec<String> = request
            .items
            .iter()
            .map(|item| item.doc_id.clone())
            .collect();
        wire::started(
            &reply,
            &request.transaction.to_string(),
            &doc_ids,
            self.settings.start_waits,
        )
    }

    async fn ask_status(&self, handles: &Handles) -> Result<Status, ProviderError> {
        let Some(path) = &self.settings.paths.status else {
            // The base profile has no such call: as far as can be known the person has not decided.
            return Ok(Status::Pending);
        };
        let ours = handles.transaction.to_string();
        let status = self.status_of(path, &ours, handles).await?;
        // Clients disagree whether the number is ours or the provider's: try the other one before giving up.
        match (&status, &handles.provider_code) {
            (Status::Unknown, Some(theirs)) if *theirs != ours && is_number(theirs) => {
                self.status_of(path, theirs, handles).await
            }
            _ => Ok(status),
        }
    }

    async fn status_of(
        &self,
        path: &str,
        transaction: &str,
        handles: &Handles,
    ) -> Result<Status, ProviderError> {
        let mut body = self.credentials();
        body.insert(
            "user_id".into(),
            self.entry.account(&handles.account).into(),
        );
        body.insert("transaction_id".into(), transaction.into());
        let path = path.replace("{transaction}", transaction);
        let reply = self.post(&path, &body).await?;
        wire::status(reply.status, &reply.body, &handles.doc_ids)
    }
}

/// Whether a provider's number can stand in a path: it is the provider's text.
fn is_number(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().any(|b| b.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'))
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

    fn abilities(&self) -> Abilities {
        self.entry.abilities(
            self.settings.start_waits,
            self.settings.paths.status.is_some(),
        )
    }

    fn callback(&self, body: &Value) -> Option<Callback> {
        callback::read(body)
    }
}

#[cfg(test)]
mod tests;
