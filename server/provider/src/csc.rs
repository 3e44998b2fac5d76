//! The API of the Cloud Signature Consortium, v1.0.4 and v2, with `implicit` authorisation: `credentials/authorize` answers only
//! after the person has decided on the phone, then `signatures/signHash` gives the values.
//!
//! Credentials with `explicit` (PIN or OTP typed into our page) and `oauth2code` (the browser sent to the provider) authorisation
//! are not built: they are answered with [`ProviderError::ModeUnsupported`]. Neither edition has a call that takes a request
//! back or tells how one stands: [`RemoteSigner::cancel`] is not offered, and a start that broke off signed nothing.

mod wire;

use crate::client::{Body, Call, Line, Reply, before_asking};
use crate::credential::{Remembered, of_serial};
use crate::entry::{CscSettings, Protocol};
use crate::token::{Token, Tokens};
use crate::{
    Abilities, Answer, Client, Handles, ProviderCertificate, ProviderEntry, ProviderError,
    RemoteSigner, Request, Started, Status, client,
};
use contract::value::{CitizenId, Serial, Sha256};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use wire::{Credential, Mode};

/// Most credentials of one account that are looked at.
const CREDENTIALS_MAX: usize = 50;
/// Most pages of `credentials/list`.
const PAGES_MAX: usize = 10;

/// A client of one provider.
#[derive(Debug)]
pub struct Csc {
    entry: ProviderEntry,
    settings: CscSettings,
    line: Line,
    tokens: Tokens,
    credentials: Remembered<Credential>,
}

impl Csc {
    /// A client for an entry of this protocol that has an address.
    #[must_use]
    pub fn new(entry: &ProviderEntry, client: &Client) -> Option<Self> {
        let Protocol::Csc(settings) = &entry.protocol else {
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

    /// Name and methods of the service: `info` needs no token.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn info(&self) -> Result<Value, ProviderError> {
        let path = format!("{}/info", self.settings.api_path);
        let reply = self
            .line
            .post(Call {
                to: &path,
                bearer: None,
                body: Body::json(&json!({}))?,
                patience: None,
            })
            .await?;
        wire::accepted(&reply)?;
        Ok(reply.body)
    }

    /// A timestamp token (RFC 3161, DER) over a digest.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn timestamp(
        &self,
        digest: &Sha256,
        nonce: Option<&str>,
    ) -> Result<Vec<u8>, ProviderError> {
        let body = wire::timestamp(self.settings.version, digest, nonce);
        let reply = self.post("signatures/timestamp", &body, false).await?;
        wire::accepted(&reply)?;
        wire::timestamp_token(&reply.body)
    }

    /// OAuth 2, client credentials (RFC 6749, 4.4).
    async fn fetch_token(&self) -> Result<Token, ProviderError> {
        let credentials = &self.entry.credentials;
        let secret = credentials
            .secret
            .as_ref()
            .map_or("", |secret| secret.expose_secret());
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", credentials.id.as_str()),
            ("client_secret", secret),
        ];
        if let Some(scope) = &self.settings.scope {
            form.push(("scope", scope));
        }
        let reply = self
            .line
            .post(Call {
                to: self
                    .settings
                    .token_url
                    .as_deref()
                    .unwrap_or("/oauth2/token"),
                bearer: None,
                body: Body::form(&form),
                patience: None,
            })
            .await?;
        // Whatever is refused here is refused to us, not to the person.
        if reply.status >= 400 {
            return Err(ProviderError::Credentials);
        }
        client::token(&reply.body).ok_or(ProviderError::Malformed("there is no access_token"))
    }

    async fn token(&self) -> Result<SecretString, ProviderError> {
        self.tokens
            .get("", self.fetch_token())
            .await
            .map_err(before_asking)
    }

    /// A call with our token. One that is refused for its token was not looked at: it is made again with a new one.
    async fn post(&self, method: &str, body: &Value, waits: bool) -> Result<Reply, ProviderError> {
        let path = format!("{}/{method}", self.settings.api_path);
        let mut token = self.token().await?;
        for last in [false, true] {
            let reply = self
                .line
                .post(Call {
                    to: &path,
                    bearer: Some(&token),
                    body: Body::json(body)?,
                    patience: waits.then_some(self.entry.timeouts.start),
                })
                .await?;
            if last || !wire::is_about_token(&reply) {
                return Ok(reply);
            }
            self.tokens.forget("", &token).await;
            token = self.token().await?;
        }
        Err(ProviderError::Credentials)
    }

    /// The identifiers of an account's credentials, page by page.
    async fn list(&self, account: &CitizenId) -> Result<Vec<String>, ProviderError> {
        let mut found = Vec::new();
        let mut page: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut body = json!({ "userID": self.entry.account(account), "maxResults": 20 });
            if let Some(page) = &page {
                body["pageToken"] = page.as_str().into();
            }
            let reply = self.post("credentials/list", &body, false).await?;
            wire::accepted(&reply)?;
            found.extend(wire::credential_ids(&reply.body));
            page = wire::next_page(&reply.body);
            if page.is_none() || found.len() >= CREDENTIALS_MAX {
                break;
            }
        }
        found.truncate(CREDENTIALS_MAX);
        if found.is_empty() {
            return Err(ProviderError::NoCertificate);
        }
        Ok(found)
    }

    async fn ask_credentials(&self, account: &CitizenId) -> Result<Vec<Credential>, ProviderError> {
        let mut found = Vec::new();
        for id in self.list(account).await? {
            let body = json!({ "credentialID": id, "certificates": "chain", "certInfo": true, "authInfo": true });
            let reply = self.post("credentials/info", &body, false).await?;
            wire::accepted(&reply)?;
            found.extend(wire::credential(&id, &reply.body));
        }
        self.credentials.keep(account, &found, Credential::serial);
        Ok(found)
    }

    async fn ask_certificates(
        &self,
        account: &CitizenId,
    ) -> Result<Vec<ProviderCertificate>, ProviderError> {
        let found = self.ask_credentials(account).await?;
        if found.is_empty() {
            return Err(ProviderError::NoCertificate);
        }
        let usable: Vec<ProviderCertificate> = found
            .into_iter()
            .filter(|credential| credential.mode == Mode::Implicit)
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
        if credential.mode != Mode::Implicit {
            return Err(ProviderError::ModeUnsupported);
        }
        if request.items.len() > credential.items_max {
            return Err(ProviderError::Refused(400));
        }
        let version = self.settings.version;
        let body = wire::authorize(version, &credential, request);
        let reply = self.post("credentials/authorize", &body, true).await?;
        let permission = match wire::permission(&reply)? {
            wire::Permission::Given(permission) => permission,
            wire::Permission::Ended(status) => {
                return Ok(Started {
                    ended: Some(status),
                    ..Started::default()
                });
            }
        };
        let body = wire::sign(version, &credential, request, &permission);
        let first = self.post("signatures/signHash", &body, false).await;
        let reply = match first {
            // The person has confirmed these hashes and no others: asking once more signs nothing else. A permission that was
            // used up by the call whose answer got lost is refused.
            Err(
                lost @ (ProviderError::NoAnswer
                | ProviderError::Unreachable
                | ProviderError::Down(_)),
            ) => {
                let second = self.post("signatures/signHash", &body, false).await;
                second
                    .and_then(|reply| wire::accepted(&reply).map(|()| reply))
                    .map_err(|_| lost)?
            }
            other => other?,
        };
        wire::accepted(&reply)?;
        let signed = wire::signatures(&reply.body, request);
        if signed.is_empty() {
            return Err(ProviderError::Malformed("signHash gives no signatures"));
        }
        Ok(Started {
            signed: Some(signed),
            ..Started::default()
        })
    }
}

impl RemoteSigner for Csc {
    fn certificates<'a>(&'a self, account: &'a CitizenId) -> Answer<'a, Vec<ProviderCertificate>> {
        Box::pin(self.ask_certificates(account))
    }

    fn start<'a>(&'a self, request: &'a Request) -> Answer<'a, Started> {
        Box::pin(self.ask_start(request))
    }

    /// There is no such call: what the start did not bring will not come.
    fn status<'a>(&'a self, _handles: &'a Handles) -> Answer<'a, Status> {
        Box::pin(async { Ok(Status::Unknown) })
    }

    fn abilities(&self) -> Abilities {
        self.entry.abilities(true, false)
    }
}
