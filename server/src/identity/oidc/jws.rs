//! Signed tokens (RFC 7515, compact form) and the keys they are checked with (RFC 7517): signatures only, by algorithms of public keys.
//! What a token says is looked at in `token`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier as _;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// The algorithms that can be checked. There is no way to `none` or to a shared secret.
pub const ALGORITHMS: [&str; 7] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
];

/// Longest token, in bytes.
const TOKEN_BYTES_MAX: usize = 64 * 1024;
/// Most keys of a set that are looked at.
const KEYS_MAX: usize = 64;
/// Sizes of RSA keys, in bits (NIST SP 800-131A: none below 2048).
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Why a token is not believed. The words are for the log; nothing of the token stands in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No token.
    #[error("it is no signed token")]
    Malformed,
    /// Signed in a way that is not accepted.
    #[error("its algorithm is not accepted")]
    Algorithm,
    /// It says something that must be understood and is not (`crit`).
    #[error("it has a critical header")]
    Critical,
    /// None of the provider's keys is the one it names.
    #[error("its key is not known")]
    UnknownKey,
    /// Its signature does not hold.
    #[error("its signature does not hold")]
    Signature,
    /// Another kind of token.
    #[error("it is another kind of token")]
    Kind,
    /// Somebody else issued it.
    #[error("its issuer is another")]
    Issuer,
    /// It is for somebody else.
    #[error("it is for somebody else")]
    Audience,
    /// Over, or from the future.
    #[error("its time is over or has not come")]
    Time,
    /// It answers another sign-in, or none.
    #[error("its nonce is another")]
    Nonce,
    /// The access token beside it is another's.
    #[error("the access token does not belong to it")]
    AccessToken,
    /// It names nobody.
    #[error("it names nobody")]
    Subject,
    /// The person proved less than is demanded.
    #[error("its level of authentication is not enough")]
    Level,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

/// A token that was taken apart; nothing of it is believed yet.
pub struct Jws<'a> {
    header: Header,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Takes a token apart.
    pub fn read(token: &'a str) -> Result<Self, Fault> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Fault::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Fault::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Fault::Malformed)?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Fault::Malformed);
        Ok(Self {
            // A second dot in `payload` is no base64.
            header: serde_json::from_slice(&bytes(header)?).map_err(|_| Fault::Malformed)?,
            payload: bytes(payload)?,
            signature: bytes(signature)?,
            signed,
        })
    }

    /// Its kind (`typ`), in small letters and without `application/`.
    pub fn kind(&self) -> Option<String> {
        let kind = self.header.typ.as_ref()?.to_ascii_lowercase();
        Some(kind.trim_start_matches("application/").to_owned())
    }

    /// How it says that it is signed.
    pub fn algorithm(&self) -> &str {
        &self.header.alg
    }

    /// What it says, if one of the keys signed it by one of the algorithms.
    pub fn believed(
        &self,
        keys: &Keys,
        algorithms: &[String],
    ) -> Result<Map<String, Value>, Fault> {
        let Header { alg, kid, crit, .. } = &self.header;
        if !algorithms.contains(alg) || !ALGORITHMS.contains(&alg.as_str()) {
            return Err(Fault::Algorithm);
        }
        if crit.is_some() {
            return Err(Fault::Critical);
        }
        let mut fitting = keys
            .0
            .iter()
            .filter(|key| key.fits(alg, kid.as_deref()))
            .peekable();
        if fitting.peek().is_none() {
            return Err(Fault::UnknownKey);
        }
        if !fitting.any(|key| key.public.verifies(alg, self.signed, &self.signature)) {
            return Err(Fault::Signature);
        }
        serde_json::from_slice(&self.payload).map_err(|_| Fault::Malformed)
    }
}

/// A provider's keys.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    kid: Option<String>,
    alg: Option<String>,
    public: Public,
}

#[derive(Debug, Clone)]
enum Public {
    Rsa(Box<rsa::PublicKey>),
    P256(p256::ecdsa::VerifyingKey),
}

impl Keys {
    /// The usable keys of a set; what is for encryption, of an unknown kind or too small is left out.
    pub fn read(set: &Value) -> Self {
        let keys = set.get("keys").and_then(Value::as_array);
        Self(
            keys.into_iter()
                .flatten()
                .take(KEYS_MAX)
                .filter_map(Key::read)
                .collect(),
        )
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Key {
    fn read(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let public = match (text("kty")?, text("crv")) {
            ("RSA", _) => {
                let number = |name: &str| Some(BoxedUint::from_be_slice_vartime(&bytes(name)?));
                let key =
                    rsa::PublicKey::new_with_size_limits(number("n")?, number("e")?, RSA_BITS)
                        .ok()?;
                Public::Rsa(Box::new(key))
            }
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                Public::P256(p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?)
            }
            _ => return None,
        };
        Some(Self {
            kid: text("kid").map(str::to_owned),
            alg: text("alg").map(str::to_owned),
            public,
        })
    }

    /// Whether a token of this algorithm and key name may be its.
    fn fits(&self, alg: &str, kid: Option<&str>) -> bool {
        let kind = match self.public {
            Public::Rsa(_) => alg.starts_with("RS") || alg.starts_with("PS"),
            Public::P256(_) => alg == "ES256",
        };
        kind && self.alg.as_deref().is_none_or(|own| own == alg)
            && kid.is_none_or(|kid| self.kid.as_deref() == Some(kid))
    }
}

impl Public {
    fn verifies(&self, alg: &str, signed: &str, signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|value| key.verify(signed.as_bytes(), &value).is_ok()),
            Self::Rsa(key) => {
                let (d256, d384, d512) = (
                    || Sha256::digest(signed),
                    || Sha384::digest(signed),
                    || Sha512::digest(signed),
                );
                match alg {
                    "RS256" => key.verify(Pkcs1v15Sign::new::<Sha256>(), &d256(), signature),
                    "RS384" => key.verify(Pkcs1v15Sign::new::<Sha384>(), &d384(), signature),
                    "RS512" => key.verify(Pkcs1v15Sign::new::<Sha512>(), &d512(), signature),
                    "PS256" => key.verify(Pss::<Sha256>::new(), &d256(), signature),
                    "PS384" => key.verify(Pss::<Sha384>::new(), &d384(), signature),
                    "PS512" => key.verify(Pss::<Sha512>::new(), &d512(), signature),
                    _ => return false,
                }
                .is_ok()
            }
        }
    }
}
