//! Signing in at an identity provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), `state` and `nonce`; and signing out, from
//! either side. The page sees no token: it follows addresses.
//!
//! Own code over `rsa` and `p256`: `openidconnect` and `jsonwebtoken` would each bring the generation of cryptography before this one
//! (with `rsa` 0.9, RUSTSEC-2023-0071), and neither knows logout tokens.

mod claims;
mod client;
mod jws;
mod settings;
mod token;

pub use settings::{OidcSettings, complete};

use super::{Begun, cookie, hash, token_of};
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client::{Client, ClientError};
use contract::access::SignInMethod;
use contract::date::Date;
use contract::oidc::{OidcTrouble, SignInWay, is_own_path};
use contract::session::{Account, Role};
use contract::value::Timestamp;
use jws::Fault;
use reqwest::Url;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{EndedThere, ExternalIdentity, OidcLogin, OidcSession, StoreError};
use token::{Answers, Expected, IdToken};

/// A sign-in takes at most so long.
const LOGIN_MS: i64 = 10 * 60 * 1000;
/// Signing out does not wait longer for a provider that does not answer.
const SIGN_OUT_PATIENCE: Duration = Duration::from_secs(3);

/// All providers, by code.
#[derive(Default)]
pub struct Providers(BTreeMap<String, Client>);

impl Providers {
    /// Nothing is asked yet: a provider that is down does not keep the portal from starting.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: &[OidcSettings]) -> Result<Self, reqwest::Error> {
        settings
            .iter()
            .map(|one| Ok((one.code.as_str().to_owned(), Client::new(one.clone())?)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn get(&self, code: &str) -> Option<&Client> {
        self.0.get(code)
    }

    /// Whether there is such a provider.
    pub fn knows(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }
}

/// Whether each provider is reached and has keys that can be used, by code; the words are for an operator.
pub async fn examine(settings: &[OidcSettings]) -> Vec<(String, Result<(), String>)> {
    let mut found = Vec::with_capacity(settings.len());
    for one in settings {
        let looked = match Client::new(one.clone()) {
            Ok(client) => client.keys(false).await.map_err(|error| error.to_string()),
            Err(_) => Err("TLS cannot be set up".to_owned()),
        };
        found.push((one.code.as_str().to_owned(), looked.map(|_| ())));
    }
    found
}

/// The buttons of the sign-in screen, in the operator's order.
pub fn ways(settings: &[OidcSettings]) -> Vec<SignInWay> {
    settings
        .iter()
        .map(|one| SignInWay {
            code: one.code.as_str().to_owned(),
            name: one.name.clone(),
        })
        .collect()
}

/// What came of a sign-in that ended without one.
#[derive(Debug)]
pub struct Ended {
    /// Why.
    pub trouble: OidcTrouble,
    /// Where the person was going, if that is known.
    pub next: Option<String>,
}

impl From<OidcTrouble> for Ended {
    fn from(trouble: OidcTrouble) -> Self {
        Self {
            trouble,
            next: None,
        }
    }
}

/// What a provider sends back with the person.
#[derive(Debug, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Back {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// Name of the cookie that binds a sign-in to its browser.
const fn browser_cookie(https: bool) -> &'static str {
    if https { "__Host-oidc" } else { "oidc" }
}

fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

fn told(code: &str, error: &ClientError) -> OidcTrouble {
    tracing::warn!(provider = code, %error, "sign-in at an identity provider");
    match error {
        ClientError::Unreachable => OidcTrouble::Unreachable,
        ClientError::Token(Fault::Level) => OidcTrouble::Level,
        ClientError::Refused(_) | ClientError::Malformed(_) | ClientError::Token(_) => {
            OidcTrouble::Refused
        }
    }
}

fn internal(error: &StoreError) -> OidcTrouble {
    tracing::error!(%error, "sign-in at an identity provider");
    OidcTrouble::Unreachable
}

/// Where people come back to.
fn back_address(portal: &Portal, code: &str) -> String {
    format!("{}/api/oidc/{code}/callback", portal.config.public_url)
}

/// Begins a sign-in: where the browser goes, and the cookie to set.
pub async fn start(
    portal: &Portal,
    code: &str,
    next: Option<String>,
    fresh: bool,
    headers: &HeaderMap,
) -> Result<(String, HeaderValue), Ended> {
    let next = next.filter(|path| is_own_path(path));
    let ended = |trouble| Ended {
        trouble,
        next: next.clone(),
    };
    let client = portal
        .oidc
        .get(code)
        .ok_or_else(|| ended(OidcTrouble::Unreachable))?;
    let description = client
        .description()
        .await
        .map_err(|error| ended(told(code, &error)))?;
    let https = portal.config.https;
    // Two windows of one browser may sign in at the same time.
    let browser = token_of(headers, browser_cookie(https))
        .filter(|known| known.len() == 43 && known.is_ascii())
        .unwrap_or_else(random);
    let (state, nonce, verifier) = (random(), random(), random());
    let now = now();
    let login = OidcLogin {
        state_sha256: hash(&state),
        browser_sha256: hash(&browser),
        provider: code.to_owned(),
        nonce: nonce.clone(),
        verifier: verifier.clone(),
        next: next.clone().unwrap_or_default(),
        expires_at: Timestamp(now.0 + LOGIN_MS),
    };
    portal
        .database
        .begin_oidc_login(&login, now)
        .await
        .map_err(|error| ended(internal(&error)))?;
    let settings = &client.settings;
    let mut scope = String::from("openid");
    for more in settings.scopes.iter().filter(|more| *more != "openid") {
        scope.push(' ');
        scope.push_str(more);
    }
    let mut address = description.authorization_endpoint.0.clone();
    {
        let mut query = address.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", &back_address(portal, code))
            .append_pair("scope", &scope)
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair(
                "code_challenge",
                &URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)),
            )
            .append_pair("code_challenge_method", "S256");
        if fresh {
            // Core §3.1.2.1: the person proves anew who they are, whatever the provider remembers, and `auth_time` says when.
            query
                .append_pair("prompt", "login")
                .append_pair("max_age", "0");
        }
        if !settings.acr.is_empty() {
            query.append_pair("acr_values", &settings.acr.join(" "));
        }
    }
    let cookie = cookie(browser_cookie(https), &browser, https, LOGIN_MS / 1000)
        .map_err(|_| ended(OidcTrouble::Unreachable))?;
    Ok((address.into(), cookie))
}

/// Ends a sign-in that comes back: the session that begins, and where the person goes on.
pub async fn finish(
    portal: &Portal,
    code: &str,
    back: Back,
    headers: &HeaderMap,
) -> Result<(Begun, String), Ended> {
    let client = portal.oidc.get(code).ok_or(OidcTrouble::Expired)?;
    let (Some(state), Some(browser)) = (
        back.state.as_deref(),
        token_of(headers, browser_cookie(portal.config.https)),
    ) else {
        return Err(OidcTrouble::Expired.into());
    };
    let login = portal
        .database
        .take_oidc_login(&hash(state), &hash(&browser), code, now())
        .await
        .map_err(|error| match error {
            StoreError::NotFound => OidcTrouble::Expired,
            other => internal(&other),
        })?;
    let next = Some(login.next.clone()).filter(|path| is_own_path(path));
    match signed_in(portal, client, &login, back, headers).await {
        Ok((begun, account)) => {
            let home = match account.role {
                Role::Officer => contract::right::home(&account.grants),
                Role::Citizen => "/",
            };
            Ok((begun, next.unwrap_or_else(|| home.to_owned())))
        }
        Err(trouble) => Err(Ended { trouble, next }),
    }
}

async fn signed_in(
    portal: &Portal,
    client: &Client,
    login: &OidcLogin,
    back: Back,
    headers: &HeaderMap,
) -> Result<(Begun, Account), OidcTrouble> {
    let (settings, provider) = (&client.settings, login.provider.as_str());
    let told = |error: ClientError| told(provider, &error);
    let description = client.description().await.map_err(told)?;
    // RFC 9207: another provider cannot pass its answer off as this one's.
    let demanded = description.authorization_response_iss_parameter_supported;
    if back
        .iss
        .as_ref()
        .map_or(demanded, |issuer| *issuer != settings.issuer)
    {
        tracing::warn!(provider, "an answer of another issuer");
        return Err(OidcTrouble::Refused);
    }
    if let Some(error) = back.error {
        return Err(refused(provider, &error));
    }
    let code = back.code.ok_or(OidcTrouble::Refused)?;
    let tokens = client
        .exchange(&code, &login.verifier, &back_address(portal, provider))
        .await
        .map_err(told)?;
    let answers = Answers {
        nonce: &login.nonce,
        access_token: &tokens.access_token,
        acr: &settings.acr,
    };
    let IdToken {
        subject,
        sid,
        mut claims,
    } = client
        .believe(|keys| expected(settings).id_token(&tokens.id_token, keys, &answers))
        .await
        .map_err(told)?;
    let impersonal = token::is_impersonal(&claims);
    // Where the provider does not say when the person proved who they are, it was just now: they came from there.
    let proved_at = claims
        .get("auth_time")
        .and_then(serde_json::Value::as_i64)
        .map_or_else(now, |seconds| Timestamp(seconds.saturating_mul(1000)));
    let more = client
        .claims(&tokens.access_token, &subject)
        .await
        .map_err(told)?;
    claims.extend(more.unwrap_or_default());
    let account = account(portal, settings, &subject, &claims).await?;
    let begun = super::begin(portal, &account, SignInMethod::OpenId, proved_at, headers)
        .await
        .map_err(|_| OidcTrouble::Unreachable)?;
    let session = OidcSession {
        provider: provider.to_owned(),
        issuer: settings.issuer.clone(),
        subject,
        sid,
        // It goes into an address when the person signs out; nothing personal ever stands in one.
        id_token: impersonal.then_some(tokens.id_token),
    };
    // Nobody has the cookie yet: a session of which this is not known is nobody's.
    portal
        .database
        .note_oidc_session(&begun.token_sha256, &session)
        .await
        .map_err(|error| internal(&error))?;
    Ok((begun, account))
}

/// Why a provider sent somebody back without a code (RFC 6749 §4.1.2.1, Core §3.1.2.6, Unmet Authentication Requirements 1.0).
fn refused(provider: &str, error: &str) -> OidcTrouble {
    match error {
        "access_denied"
        | "login_required"
        | "consent_required"
        | "interaction_required"
        | "account_selection_required" => OidcTrouble::Cancelled,
        "unmet_authentication_requirements" => OidcTrouble::Level,
        "server_error" | "temporarily_unavailable" => OidcTrouble::Unreachable,
        // Only words that a specification could have: others may be anything.
        other => {
            let known = other.len() <= 60
                && other
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            let word = if known { other } else { "?" };
            tracing::warn!(provider, error = word, "an identity provider refused");
            OidcTrouble::Refused
        }
    }
}

fn expected(settings: &OidcSettings) -> Expected<'_> {
    #[allow(clippy::cast_precision_loss)] // milliseconds since 1970 fit by far
    let now = now().0 as f64 / 1000.0;
    Expected {
        issuer: &settings.issuer,
        client_id: &settings.client_id,
        algorithms: &settings.algorithms,
        now,
    }
}

/// The account of a person whom a provider vouches for.
async fn account(
    portal: &Portal,
    settings: &OidcSettings,
    subject: &str,
    claims: &serde_json::Map<String, serde_json::Value>,
) -> Result<Account, OidcTrouble> {
    let mut told = settings.claims.read(claims, Date::in_vietnam(now()));
    if !settings.trusted {
        told.person.citizen_id = None;
        told.user_name = None;
    }
    // A new account without its number would be nobody's; the number of an officer may be unknown.
    let whole = !settings.trusted || told.person.citizen_id.is_some();
    let identity = ExternalIdentity {
        issuer: settings.issuer.clone(),
        subject: subject.to_owned(),
        user_name: told.user_name,
        name: told.name.filter(|_| whole).map(String::from),
        person: told.person,
    };
    let mut found = portal.database.account_of_identity(&identity, now()).await;
    if matches!(found, Err(StoreError::Conflict)) {
        // The same person may have come twice at the same moment; then they are known now.
        found = portal.database.account_of_identity(&identity, now()).await;
    }
    found.map_err(|error| match error {
        StoreError::NotFound => OidcTrouble::Incomplete,
        StoreError::Conflict => OidcTrouble::Taken,
        other => internal(&other),
    })
}

/// Where the browser goes after our session has ended, so that the provider's ends too (RP-Initiated Logout 1.0); none when the provider
/// has no such place or does not answer.
pub async fn end_address(portal: &Portal, session: &OidcSession) -> Option<String> {
    let client = portal.oidc.get(&session.provider)?;
    if client.settings.issuer != session.issuer {
        return None;
    }
    let description = tokio::time::timeout(SIGN_OUT_PATIENCE, client.description())
        .await
        .ok()?
        .ok()?;
    let mut address = description.end_session_endpoint.clone()?.0;
    {
        let mut query = address.query_pairs_mut();
        query
            .append_pair("client_id", &client.settings.client_id)
            .append_pair(
                "post_logout_redirect_uri",
                &format!("{}/", portal.config.public_url),
            );
        match (&session.id_token, &session.sid) {
            (Some(token), _) => {
                query.append_pair("id_token_hint", token);
            }
            (None, Some(sid)) => {
                query.append_pair("logout_hint", sid);
            }
            (None, None) => {}
        }
    }
    Some(address.into())
}

/// A provider says by itself that a session ended (Back-Channel Logout 1.0); whether it is believed.
pub async fn logged_out(portal: &Portal, code: &str, token: &str) -> Answer<bool> {
    let Some(client) = portal.oidc.get(code) else {
        return Ok(false);
    };
    let settings = &client.settings;
    let told = match client
        .believe(|keys| expected(settings).logout_token(token, keys))
        .await
    {
        Ok(told) => told,
        Err(error) => {
            tracing::warn!(provider = code, %error, "a logout token is not believed");
            return Ok(false);
        }
    };
    #[allow(clippy::cast_possible_truncation)] // within minutes of now
    let until = Timestamp((told.until * 1000.0) as i64);
    let ended = EndedThere {
        issuer: &settings.issuer,
        subject: told.subject.as_deref(),
        sid: told.sid.as_deref(),
        heard: Some((&told.jti, until)),
    };
    match end(portal, ended).await {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict) => {
            tracing::warn!(provider = code, "a logout token came again");
            Ok(false)
        }
        Err(error) => Err(Failure::from(error)),
    }
}

/// A provider's page, in a frame, says that a session ended (Front-Channel Logout 1.0): the provider's own address, which alone may frame
/// the answer; none when it is not ours to answer. Whoever knows a session's name there may end it, as the specification has it.
pub async fn framed_out(
    portal: &Portal,
    code: &str,
    issuer: Option<&str>,
    sid: Option<&str>,
) -> Answer<Option<String>> {
    let Some(client) = portal.oidc.get(code) else {
        return Ok(None);
    };
    let settings = &client.settings;
    let (Some(issuer), Some(sid)) = (issuer, sid) else {
        return Ok(None);
    };
    if issuer != settings.issuer {
        return Ok(None);
    }
    let ended = EndedThere {
        issuer,
        subject: None,
        sid: Some(sid),
        heard: None,
    };
    end(portal, ended).await?;
    Ok(Url::parse(issuer)
        .ok()
        .map(|url| url.origin().ascii_serialization()))
}

async fn end(portal: &Portal, ended: EndedThere<'_>) -> Result<(), StoreError> {
    for session in portal.database.end_oidc_sessions(ended, now()).await? {
        portal.hub.end_session(session);
    }
    Ok(())
}
