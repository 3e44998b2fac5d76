//! What an identity token (OpenID Connect Core 1.0 §3.1.3.7) and a logout token (Back-Channel Logout 1.0 §2.6) have to say before they
//! are believed.

use super::jws::{Fault, Jws, Keys};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// How far two clocks may be apart, in seconds.
const SKEW: f64 = 60.0;
/// How old a logout token may be, in seconds.
const LOGOUT_AGE: f64 = 600.0;
/// Longest name of a person, a session or a message (Core §2 bounds the first).
const NAME_BYTES_MAX: usize = 255;
/// The event a logout token tells.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What is expected of every token.
pub struct Expected<'a> {
    /// Who issues.
    pub issuer: &'a str,
    /// Who the portal is.
    pub client_id: &'a str,
    /// How it may be signed.
    pub algorithms: &'a [String],
    /// Now, in seconds since 1970.
    pub now: f64,
}

/// What is expected of an identity token besides.
pub struct Answers<'a> {
    /// Stands in the request it answers.
    pub nonce: &'a str,
    /// The access token that came with it.
    pub access_token: &'a str,
    /// Levels that are enough; empty: any.
    pub acr: &'a [String],
}

/// A person, as an identity token says.
#[derive(Debug, PartialEq)]
pub struct IdToken {
    /// The provider's name for them.
    pub subject: String,
    /// The provider's session.
    pub sid: Option<String>,
    /// Everything it says.
    pub claims: Map<String, Value>,
}

/// What ended, as a logout token says.
#[derive(Debug, PartialEq)]
pub struct LogoutToken {
    /// Whose sessions.
    pub subject: Option<String>,
    /// Which one.
    pub sid: Option<String>,
    /// The token's own name.
    pub jti: String,
    /// After this no copy of it is believed, in seconds since 1970.
    pub until: f64,
}

impl Expected<'_> {
    /// Checks an identity token.
    pub fn id_token(
        &self,
        token: &str,
        keys: &Keys,
        answers: &Answers<'_>,
    ) -> Result<IdToken, Fault> {
        let jws = Jws::read(token)?;
        if jws.kind().is_some_and(|kind| kind != "jwt") {
            return Err(Fault::Kind);
        }
        let claims = jws.believed(keys, self.algorithms)?;
        self.common(&claims)?;
        let expires = number(&claims, "exp").ok_or(Fault::Time)?;
        if expires <= self.now - SKEW {
            return Err(Fault::Time);
        }
        if text(&claims, "nonce") != Some(answers.nonce) {
            return Err(Fault::Nonce);
        }
        if let Some(hash) = claims.get("at_hash")
            && hash.as_str() != Some(&half_hash(jws.algorithm(), answers.access_token))
        {
            return Err(Fault::AccessToken);
        }
        let acr = text(&claims, "acr").unwrap_or_default();
        if !answers.acr.is_empty() && !answers.acr.iter().any(|enough| enough == acr) {
            return Err(Fault::Level);
        }
        Ok(IdToken {
            subject: name(&claims, "sub")?.ok_or(Fault::Subject)?,
            sid: name(&claims, "sid")?,
            claims,
        })
    }

    /// Checks a logout token. Whether it was heard before is the caller's to know.
    pub fn logout_token(&self, token: &str, keys: &Keys) -> Result<LogoutToken, Fault> {
        let jws = Jws::read(token)?;
        if jws
            .kind()
            .is_some_and(|kind| !matches!(kind.as_str(), "logout+jwt" | "jwt"))
        {
            return Err(Fault::Kind);
        }
        let claims = jws.believed(keys, self.algorithms)?;
        self.common(&claims)?;
        let issued = number(&claims, "iat").ok_or(Fault::Time)?;
        // The final specification demands `exp`; providers of before leave it out.
        let expires = match claims.get("exp") {
            None => issued + LOGOUT_AGE,
            Some(_) => number(&claims, "exp").ok_or(Fault::Time)?,
        };
        if issued < self.now - LOGOUT_AGE - SKEW || expires <= self.now - SKEW {
            return Err(Fault::Time);
        }
        let told = claims
            .get("events")
            .and_then(|events| events.get(LOGOUT))
            .is_some_and(Value::is_object);
        // With a nonce it is an identity token that somebody uses for another purpose.
        if !told || claims.contains_key("nonce") {
            return Err(Fault::Kind);
        }
        let (subject, sid) = (name(&claims, "sub")?, name(&claims, "sid")?);
        if subject.is_none() && sid.is_none() {
            return Err(Fault::Subject);
        }
        Ok(LogoutToken {
            subject,
            sid,
            jti: name(&claims, "jti")?.ok_or(Fault::Malformed)?,
            until: expires.min(issued + LOGOUT_AGE) + 2.0 * SKEW,
        })
    }

    /// Issuer, audience and the times that both have.
    fn common(&self, claims: &Map<String, Value>) -> Result<(), Fault> {
        if text(claims, "iss") != Some(self.issuer) {
            return Err(Fault::Issuer);
        }
        let (ours, others) = match claims.get("aud") {
            Some(Value::String(one)) => (one == self.client_id, false),
            Some(Value::Array(all)) => (
                all.iter().any(|one| one.as_str() == Some(self.client_id)),
                all.len() > 1,
            ),
            _ => (false, false),
        };
        // Who else may use it is only known to be harmless when it was made for us.
        let party = claims.get("azp");
        let party_is_us = party.is_some_and(|party| party.as_str() == Some(self.client_id));
        if !ours || (party.is_some() && !party_is_us) || (others && !party_is_us) {
            return Err(Fault::Audience);
        }
        let issued = number(claims, "iat").ok_or(Fault::Time)?;
        if issued > self.now + SKEW {
            return Err(Fault::Time);
        }
        if claims.contains_key("nbf")
            && number(claims, "nbf").is_none_or(|from| from > self.now + SKEW)
        {
            return Err(Fault::Time);
        }
        Ok(())
    }
}

fn text<'a>(claims: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    claims.get(key).and_then(Value::as_str)
}

fn number(claims: &Map<String, Value>, key: &str) -> Option<f64> {
    claims.get(key).and_then(Value::as_f64)
}

/// A name that is kept; none when it is not there.
fn name(claims: &Map<String, Value>, key: &str) -> Result<Option<String>, Fault> {
    let Some(value) = claims.get(key) else {
        return Ok(None);
    };
    let plain = |name: &&str| {
        !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.contains(char::is_control)
    };
    let name = value.as_str().filter(plain).ok_or(Fault::Subject)?;
    Ok(Some(name.to_owned()))
}

/// The left half of the hash that belongs to an algorithm (Core §3.1.3.6).
fn half_hash(algorithm: &str, token: &str) -> String {
    let digest = match algorithm.get(2..) {
        Some("384") => Sha384::digest(token).to_vec(),
        Some("512") => Sha512::digest(token).to_vec(),
        _ => Sha256::digest(token).to_vec(),
    };
    let half = digest.get(..digest.len() / 2).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(half)
}

/// Whether nothing personal stands in what a token says: only what the protocol itself has.
pub fn is_impersonal(claims: &Map<String, Value>) -> bool {
    const PROTOCOL: [&str; 16] = [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "nbf",
        "jti",
        "nonce",
        "azp",
        "acr",
        "amr",
        "auth_time",
        "at_hash",
        "c_hash",
        "s_hash",
        "sid",
    ];
    claims.keys().all(|key| PROTOCOL.contains(&key.as_str()))
}

#[cfg(test)]
mod tests;
