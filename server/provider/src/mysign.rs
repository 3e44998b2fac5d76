//! Viettel MySign (integration document v1.8/1.9, as public clients have it): a token for each account, `signHash` with
//! `async: 1`, then the status is asked.
//!
//! It has no call that takes a request back: [`RemoteSigner::cancel`] is not offered. In webhook mode (`async: 3`) Viettel signs
//! in at the portal and posts the values, under names that we gave the documents: then even a request whose answer got lost is
//! found again. Without it nobody can ask about such a request, for Viettel's number was in that answer.

mod wire;

use crate::client::{Body, Call, Line, Reply, before_asking};
use crate::credential::{Remembered, of_serial};
use crate::entry::{MysignSettings, Protocol};
use crate::token::{Token, Tokens};
use crate::{
    Abilities, Answer, Callback, Client, Handles, ProviderCertificate, ProviderEntry,
    ProviderError, RemoteSigner, Request, Started, Status, callback, client,
};
use contract::value::{CitizenId, Serial};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use wire::Credential;

/// A client of one provider.
#[derive(Debug)]
pub struct Mysign {
    entry: ProviderEntry,
    settings: MysignSettings,
    line: Line,
    tokens: Tokens,
    /// What signs for a certificate, by account and serial.
    credentials: Remembered<Credential>,
}

impl Mysign {
    /// A client for an entry of this protocol that has an address.
    #[must_use]
    pub fn new(entry: &ProviderEntry, client: &Client) -> Option<Self> {
        let Protocol::Mysign(settings) = &entry.protocol else {
            return None;
        };
        Some(Self {
            settings: settings.clone(),
            line: Line::new(entry, client)?,
            entry: entry.clone(),
            tokens: Tokens::default(),
            credentials: Remembered::default(),
        })
    }

    fn secret(&self) -> &str {
        self.entry
            .credentials
            .secret
            .as_ref()
            .map_or("", |secret| secret.expose_secret())
    }

    async fn login(&self, account: &CitizenId) -> Result<Token, ProviderError> {
        let body = json!({
            "client_id": self.entry.credentials.id,
            "client_secret": self.secret(),
            "profile_id": self.settings.profile_id,
            "user_id": self.entry.account(account),
        });
        let reply = self
            .line
            .post(Call {
                to: &self.settings.paths.login,
                bearer: None,
                body: Body::json(&body)?,
                patience: None,
            })
            .await?;
        wire::accepted(&reply)?;
        client::token(&reply.body).ok_or(ProviderError::Malformed("the login gives no token"))
    }

    async fn token(&self, account: &CitizenId) -> Result<SecretString, ProviderError> {
        self.tokens.get(account.as_str(), self.login(account)).await
    }

    /// A call with the account's token. One that is refused for its token was not looked at: it is made again with a new one.
    async fn post(
        &self,
        account: &CitizenId,
        path: &str,
        body: &Value,
        starts: bool,
    ) -> Result<Reply, ProviderError> {
        let mut token = self.token(account).await.map_err(before_asking)?;
        for last in [false, true] {
            let reply = self
                .line
                .post(Call {
                    to: path,
                    bearer: Some(&token),
                    body: Body::json(body)?,
                    patience: starts.then_some(self.entry.timeouts.start),
                })
                .await?;
            if last || reply.status != 401 || !wire::is_about_token(&reply.body) {
                return Ok(reply);
            }
            self.tokens.forget(account.as_str(), &token).await;
            token = self.token(account).await.map_err(before_asking)?;
        }
        Err(ProviderError::Credentials)
    }

    async fn ask_credentials(&self, account: &CitizenId) -> Result<Vec<Credential>, ProviderError> {
        let body = json!({
            "client_id": self.entry.credentials.id,
            "client_secret": self.secret(),
            "profile_id": self.settings.profile_id,
            "user_id": self.entry.account(account),
            "certificates": "chain",
            "certInfo": true,
            "authInfo": true,
        });
        let reply = self
            .post(account, &self.settings.paths.certificates, &body, false)
            .await?;
        wire::accepted(&reply)?;
        let found = wire::credentials(&reply.body)?;
        self.credentials.keep(account, &found, Credential::serial);
        Ok(found)
    }

    async fn ask_certificates(
        &self,
        account: &CitizenId,
    ) -> Result<Vec<ProviderCertificate>, ProviderError> {
        let found = self.ask_credentials(account).await?;
        let usable: Vec<ProviderCertificate> = found
            .into_iter()
            .filter(|credential| credential.is_confirmed_on_the_phone)
            .map(|credential| credential.certificate)
            .collect();
        if usable.is_empty() {
            return Err(ProviderError::ModeUnsupported);
        }
        Ok(usable)
    }

    async fn credential(
        &self,
        account: &CitizenId,
        serial: &Serial,
    ) -> Result<Credential, ProviderError> {
        if let Some(credential) = self.credentials.get(account, serial) {
            return Ok(credential);
        }
        let found = self.ask_credentials(account).await.map_err(before_asking)?;
        of_serial(found, serial, Credential::serial)
    }

    async fn ask_start(&self, request: &Request) -> Result<Started, ProviderError> {
        let credential = self.credential(&request.account, &request.serial).await?;
        if !credential.is_confirmed_on_the_phone {
            return Err(ProviderError::ModeUnsupported);
        }
        if request.items.len() > credential.items_max {
            return Err(ProviderError::Refused(400));
        }
        let body = wire::sign(
            &self.entry.credentials.id,
            self.secret(),
            &credential,
            request,
            self.settings.webhook,
        );
        let reply = self
            .post(&request.account, &self.settings.paths.sign, &body, true)
            .await?;
        wire::accepted(&reply)?;
        let doc_ids: Vec<String> = request
            .items
            .iter()
            .map(|item| item.doc_id.clone())
            .collect();
        wire::started(&reply.body, &doc_ids)
    }

    async fn ask_status(&self, handles: &Handles) -> Result<Status, ProviderError> {
        // Without Viettel's number nothing can be asked; the request may have arrived, so nothing is known but that time passes.
        let Some(code) = &handles.provider_code else {
            return Ok(Status::Pending);
        };
        let body = json!({ "transactionId": code });
        let reply = self
            .post(&handles.account, &self.settings.paths.status, &body, false)
            .await?;
        wire::status(&reply, &handles.doc_ids)
    }
}

impl RemoteSigner for Mysign {
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
        self.entry.abilities(false, true)
    }

    fn callback(&self, body: &Value) -> Option<Callback> {
        callback::read(body)
    }
}
