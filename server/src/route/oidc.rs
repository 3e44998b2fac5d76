//! `/api/oidc`: signing in and out at identity providers. People who come by here see no error of ours: they go back to the sign-in
//! screen with a word that it has a sentence for.

use crate::headers::FramedBy;
use crate::identity::oidc::{self, Back, Ended};
use crate::limit::{Address, Bound};
use crate::problem::Answer;
use crate::state::Portal;
use axum::Json;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use contract::oidc::{OidcTrouble, SignInWay};
use contract::problem::ProblemCode;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// Sign-ins of one address: an office behind one address has many people.
const SIGN_INS: Bound = Bound {
    name: "oidc",
    burst: 60,
    pause: Duration::from_secs(1),
    all: 20,
};
/// Logouts that providers tell of.
const LOGOUTS: Bound = Bound {
    name: "oidc-logout",
    burst: 500,
    pause: Duration::from_millis(20),
    all: 4,
};

/// The buttons of the sign-in screen.
pub async fn list(State(portal): State<Portal>) -> Json<Vec<SignInWay>> {
    Json(oidc::ways(&portal.config.oidc))
}

/// Where the browser goes on.
fn to(address: &str) -> Answer<Response> {
    let address = HeaderValue::from_str(address)
        .map_err(|error| crate::problem::Failure::internal(&error))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response())
}

/// Back to the sign-in screen, which has a sentence for the word.
fn to_sign_in(ended: &Ended) -> Answer<Response> {
    let mut address = format!("/dang-nhap?loi={}", ended.trouble.word());
    if let Some(next) = &ended.next {
        address.push_str("&tiep=");
        for byte in next.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
                address.push(char::from(byte));
            } else {
                address.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    to(&address)
}

/// What a button says.
#[derive(Deserialize, schemars::JsonSchema)]
pub struct Start {
    #[serde(default)]
    next: Option<String>,
    /// Set: somebody who is signed in confirms that it is still them.
    #[serde(default)]
    fresh: Option<String>,
}

/// Goes to the provider.
pub async fn start(
    State(portal): State<Portal>,
    address: Address,
    Path(code): Path<String>,
    asked: Result<Query<Start>, QueryRejection>,
    headers: HeaderMap,
) -> Answer<Response> {
    portal.limits.take(&SIGN_INS, address, Instant::now())?;
    if !portal.oidc.knows(&code) {
        return Err(ProblemCode::NotFound.into());
    }
    let (next, fresh) = asked.map_or((None, false), |Query(asked)| {
        (asked.next, asked.fresh.is_some())
    });
    match oidc::start(&portal, &code, next, fresh, &headers).await {
        Ok((address, cookie)) => {
            let mut response = to(&address)?;
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(ended) => to_sign_in(&ended),
    }
}

/// Comes back from it.
pub async fn callback(
    State(portal): State<Portal>,
    address: Address,
    Path(code): Path<String>,
    back: Result<Query<Back>, QueryRejection>,
    headers: HeaderMap,
) -> Answer<Response> {
    portal.limits.take(&SIGN_INS, address, Instant::now())?;
    if !portal.oidc.knows(&code) {
        return Err(ProblemCode::NotFound.into());
    }
    let Ok(Query(back)) = back else {
        return to_sign_in(&OidcTrouble::Expired.into());
    };
    match oidc::finish(&portal, &code, back, &headers).await {
        Ok((begun, next)) => {
            let mut response = to(&next)?;
            response
                .headers_mut()
                .append(header::SET_COOKIE, begun.cookie);
            Ok(response)
        }
        Err(ended) => to_sign_in(&ended),
    }
}

/// What a provider posts.
#[derive(Deserialize, schemars::JsonSchema)]
pub struct LogoutMessage {
    logout_token: String,
}

/// Back-Channel Logout 1.0 §2.5 to §2.8. Anybody can post here; only what the provider signed does anything.
pub async fn logout(
    State(portal): State<Portal>,
    address: Address,
    Path(code): Path<String>,
    message: Result<Form<LogoutMessage>, FormRejection>,
) -> Answer<Response> {
    portal.limits.take(&LOGOUTS, address, Instant::now())?;
    let believed = match message {
        Ok(Form(message)) => oidc::logged_out(&portal, &code, &message.logout_token).await?,
        Err(_) => false,
    };
    Ok(if believed {
        StatusCode::OK.into_response()
    } else {
        let refused = serde_json::json!({ "error": "invalid_request" });
        (StatusCode::BAD_REQUEST, Json(refused)).into_response()
    })
}

/// What a provider asks for in a frame.
#[derive(Deserialize, schemars::JsonSchema)]
pub struct FrontLogout {
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    sid: Option<String>,
}

/// Front-Channel Logout 1.0 §2: an empty page in a frame of the provider's.
pub async fn front_logout(
    State(portal): State<Portal>,
    address: Address,
    Path(code): Path<String>,
    asked: Result<Query<FrontLogout>, QueryRejection>,
) -> Answer<Response> {
    portal.limits.take(&LOGOUTS, address, Instant::now())?;
    let Query(asked) = asked?;
    let origin =
        oidc::framed_out(&portal, &code, asked.iss.as_deref(), asked.sid.as_deref()).await?;
    let origin = origin.ok_or(ProblemCode::Invalid)?;
    let mut response = Html("<!doctype html><title></title>").into_response();
    response.extensions_mut().insert(FramedBy(origin));
    Ok(response)
}
