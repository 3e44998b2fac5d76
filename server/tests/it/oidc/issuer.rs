//! An issuer that says what a test wants.

use super::query;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

/// See the module.
pub struct Issuer {
    /// Its address and name.
    pub address: String,
    says: Arc<Mutex<Says>>,
}

struct Says {
    address: String,
    turn: u8,
    algorithm: String,
    nonce: String,
    challenge: String,
    person: Value,
    token: Value,
    authorization: String,
    key_fetches: u32,
    logouts: u32,
}

type Shared = State<Arc<Mutex<Says>>>;

fn held(says: &Arc<Mutex<Says>>) -> MutexGuard<'_, Says> {
    says.lock().expect("nobody panicked")
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("after 1970").as_secs()
}

impl Says {
    fn key(&self) -> SigningKey {
        SigningKey::from_slice(&[self.turn + 1; 32]).expect("a key")
    }

    fn sign(&self, typ: &str, claims: &Value) -> String {
        let header = json!({ "alg": self.algorithm, "kid": format!("k{}", self.turn), "typ": typ });
        let signed = format!(
            "{}.{}",
            encode(header.to_string()),
            encode(claims.to_string())
        );
        let value: Signature = self.key().sign(signed.as_bytes());
        let value = if self.algorithm == "none" {
            Vec::new()
        } else {
            value.to_bytes().to_vec()
        };
        format!("{signed}.{}", encode(value))
    }
}

fn with(mut claims: Value, other: &Value) -> Value {
    for (key, value) in other.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(key);
        } else {
            claims[key] = value.clone();
        }
    }
    claims
}

async fn describe(State(says): Shared) -> Json<Value> {
    let at = held(&says).address.clone();
    Json(json!({
        "issuer": at, "authorization_endpoint": format!("{at}/authorize?tenant=1"), "token_endpoint": format!("{at}/token"),
        "jwks_uri": format!("{at}/keys"), "userinfo_endpoint": format!("{at}/me"), "end_session_endpoint": format!("{at}/end"),
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys(State(says): Shared) -> Json<Value> {
    let mut says = held(&says);
    says.key_fetches += 1;
    let point = says.key().verifying_key().to_sec1_point(false);
    let bytes = point.as_bytes();
    Json(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "kid": format!("k{}", says.turn), "x": encode(&bytes[1..33]), "y": encode(&bytes[33..65]),
    }] }))
}

async fn token(State(says): Shared, headers: HeaderMap, body: String) -> (StatusCode, Json<Value>) {
    let mut says = held(&says);
    let text = |name: &str| query(&format!("/?{body}"), name);
    let challenge = encode(Sha256::digest(text("code_verifier")));
    let as_asked = text("grant_type") == "authorization_code"
        && text("code") == "good"
        && text("redirect_uri") == "http://portal.test/api/oidc/vneid/callback"
        && challenge == says.challenge;
    if !as_asked {
        return (
            StatusCode::BAD_REQUEST,
            Json(json!({ "error": "invalid_grant" })),
        );
    }
    says.authorization = headers["authorization"].to_str().expect("text").to_owned();
    let claims = json!({
        "iss": says.address, "aud": "portal", "sub": says.person["sub"], "sid": "s-1", "nonce": says.nonce, "acr": "LoA2",
        "iat": seconds(), "exp": seconds() + 300,
    });
    let id_token = says.sign("JWT", &with(claims, &says.token));
    (
        StatusCode::OK,
        Json(json!({ "id_token": id_token, "access_token": "opens", "token_type": "Bearer" })),
    )
}

async fn me(State(says): Shared, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    if headers
        .get("authorization")
        .is_none_or(|value| value != "Bearer opens")
    {
        return (StatusCode::UNAUTHORIZED, Json(Value::Null));
    }
    (StatusCode::OK, Json(held(&says).person.clone()))
}

impl Issuer {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let says = Arc::new(Mutex::new(Says {
            address: address.clone(),
            turn: 0,
            algorithm: "ES256".into(),
            nonce: String::new(),
            challenge: String::new(),
            person: json!({
                "sub": "somebody", "SoDinhDanh": super::NUMBER, "HoVaTen": "Đỗ Thị Giả Định", "NgayThangNamSinh": "19990131",
            }),
            token: json!({}),
            authorization: String::new(),
            key_fetches: 0,
            logouts: 0,
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(says.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, says }
    }

    /// The browser came with this address.
    pub fn asked(&self, address: &str) {
        let mut says = held(&self.says);
        says.nonce = query(address, "nonce");
        says.challenge = query(address, "code_challenge");
    }

    /// What is said of the person from now on.
    pub fn says(&self, person: Value) {
        held(&self.says).person = person;
    }

    /// What is otherwise in identity tokens from now on; null leaves out.
    pub fn token(&self, other: Value) {
        held(&self.says).token = other;
    }

    pub fn algorithm(&self, algorithm: &str) {
        held(&self.says).algorithm = algorithm.to_owned();
    }

    /// From now on it has another key.
    pub fn rotate(&self) {
        held(&self.says).turn += 1;
    }

    pub fn key_fetches(&self) -> u32 {
        held(&self.says).key_fetches
    }

    /// How the portal said who it is.
    pub fn authorization(&self) -> String {
        held(&self.says).authorization.clone()
    }

    /// A logout token of the session that tokens name.
    pub fn logout(&self, other: Value) -> String {
        let mut says = held(&self.says);
        says.logouts += 1;
        let event = "http://schemas.openid.net/event/backchannel-logout";
        let claims = json!({
            "iss": says.address, "aud": "portal", "sub": says.person["sub"], "sid": "s-1", "jti": format!("j{}", says.logouts),
            "iat": seconds(), "exp": seconds() + 120, "events": { event: {} },
        });
        says.sign("logout+jwt", &with(claims, &other))
    }
}
