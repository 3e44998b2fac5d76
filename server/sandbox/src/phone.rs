//! The page that stands for the provider's app on the phone: requests that wait, a PIN, confirm, reject. No script.

use crate::desk::{PinResult, Request, State as RequestState, now};
use crate::{PROVIDERS, Sandbox};
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, http::header};
use serde::Deserialize;
use std::fmt::Write as _;
use std::sync::Arc;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route(
            "/phone.css",
            get(|| async {
                (
                    [(header::CONTENT_TYPE, "text/css")],
                    include_str!("phone.css"),
                )
            }),
        )
        .route("/", get(|| async { Redirect::to("/phone/vnpt-ca") }))
        .route("/phone/{ca}", get(page))
        .route("/phone/{ca}/decision", post(decide))
        .route("/phone/{ca}/unlock", post(unlock))
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    account: String,
    #[serde(default)]
    told: String,
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What happened, by the word in the address after a decision.
fn told(word: &str) -> Option<(&'static str, bool)> {
    match word {
        "signed" => Some((
            "Đã xác nhận ký số. Bạn có thể quay lại cổng dịch vụ công.",
            true,
        )),
        "rejected" => Some(("Đã từ chối yêu cầu ký.", true)),
        "gone" => Some(("Yêu cầu này không còn chờ xác nhận.", false)),
        "wrong" => Some(("Mã PIN không đúng. Vui lòng nhập lại.", false)),
        "locked" => Some(("Tài khoản đã bị khóa do nhập sai mã PIN nhiều lần.", false)),
        "unlocked" => Some(("Đã kích hoạt lại tài khoản.", true)),
        _ => None,
    }
}

async fn page(
    State(sandbox): State<Arc<Sandbox>>,
    Path(ca): Path<String>,
    Query(shown): Query<Shown>,
) -> Response {
    let Some((_, app)) = PROVIDERS.iter().find(|(code, _)| *code == ca) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let people = sandbox.subscribers.people();
    let chosen = people
        .iter()
        .find(|person| person.citizen_id == shown.account)
        .or_else(|| people.first());
    let account = chosen.map_or("", |person| person.citizen_id.as_str());
    let (requests, locked) = {
        let desk = sandbox.desk();
        (desk.waiting(&ca, account), desk.is_locked(&ca, account))
    };
    let mut body = String::new();
    let options: String = people
        .iter()
        .map(|person| {
            let selected = if person.citizen_id == account {
                " selected"
            } else {
                ""
            };
            format!(
                "<option value=\"{0}\"{selected}>{1} ({0})</option>",
                person.citizen_id,
                escape(&person.name)
            )
        })
        .collect();
    let _ = write!(
        body,
        "<form class=accounts method=get action=\"/phone/{ca}\"><label for=account>Tài khoản trên điện thoại này</label>\
         <select id=account name=account>{options}</select><button class=plain>Mở tài khoản</button></form>"
    );
    if let Some((sentence, good)) = told(&shown.told) {
        let class = if good { "told" } else { "told bad" };
        let _ = write!(body, "<p class=\"{class}\" role=status>{sentence}</p>");
    }
    body.push_str("<section aria-label=\"Yêu cầu chờ xác nhận\">");
    if locked {
        let _ = write!(
            body,
            "<form method=post action=\"/phone/{ca}/unlock\"><input type=hidden name=account value=\"{account}\">\
             <p>Tài khoản đang bị khóa.</p><button class=primary>Kích hoạt lại tài khoản</button></form>"
        );
    } else if requests.is_empty() {
        body.push_str("<p class=empty>Không có yêu cầu ký nào đang chờ.</p>");
    }
    if !locked {
        for request in &requests {
            body.push_str(&shown_request(&ca, request));
        }
    }
    body.push_str("</section>");
    // A page with a PIN field must not reload under the fingers.
    let refresh = if requests.is_empty() || locked {
        "<meta http-equiv=refresh content=2>"
    } else {
        ""
    };
    Html(format!(
        "<!doctype html><html lang=vi><head><meta charset=utf-8><meta name=viewport content=\"width=device-width, initial-scale=1\">{refresh}\
         <title>{app} (thử nghiệm)</title><link rel=stylesheet href=/phone.css></head><body><main>\
         <p class=warning>MÔI TRƯỜNG THỬ NGHIỆM: ký bằng khóa thử, không có giá trị pháp lý</p>\
         <header><h1>{app}</h1><p>Xác nhận giao dịch ký số</p></header>{body}</main></body></html>"
    ))
    .into_response()
}

fn shown_request(ca: &str, request: &Request) -> String {
    let left = request.expires_at.saturating_sub(now());
    let documents: String = request
        .items
        .iter()
        .map(|(doc_id, _)| format!("<li>{}</li>", escape(doc_id)))
        .collect();
    format!(
        "<form class=request method=post action=\"/phone/{ca}/decision\">\
         <input type=hidden name=account value=\"{account}\"><input type=hidden name=code value=\"{code}\">\
         <p><strong>{description}</strong></p><ul>{documents}</ul>\
         <p class=muted>Còn {minutes}:{seconds:02} để xác nhận</p>\
         <label for=\"pin-{code}\">Mã PIN</label>\
         <input id=\"pin-{code}\" name=pin type=password inputmode=numeric autocomplete=off maxlength=12>\
         <button class=primary name=decision value=confirm>Xác nhận ký</button>\
         <button class=plain name=decision value=reject>Từ chối</button></form>",
        account = request.account,
        code = request.code,
        description = escape(&request.description),
        minutes = left / 60,
        seconds = left % 60,
    )
}

#[derive(Deserialize)]
struct Decision {
    account: String,
    code: String,
    #[serde(default)]
    pin: String,
    decision: String,
}

async fn decide(
    State(sandbox): State<Arc<Sandbox>>,
    Path(ca): Path<String>,
    Form(form): Form<Decision>,
) -> Redirect {
    let word = decided(&sandbox, &ca, &form);
    Redirect::to(&format!("/phone/{ca}?account={}&told={word}", form.account))
}

fn decided(sandbox: &Sandbox, ca: &str, form: &Decision) -> &'static str {
    let mut desk = sandbox.desk();
    let waiting = desk.waiting(ca, &form.account);
    let Some(request) = waiting.iter().find(|request| request.code == form.code) else {
        return "gone";
    };
    if form.decision == "reject" {
        if let Some(request) = desk.find(ca, &form.code) {
            request.state = RequestState::Rejected;
        }
        return "rejected";
    }
    match desk.enter_pin(ca, &form.account, &form.pin) {
        PinResult::Locked => "locked",
        PinResult::Wrong { .. } => "wrong",
        PinResult::Right => {
            let Some(values) = values(
                sandbox,
                ca,
                request,
                desk.fault == crate::desk::Fault::WrongValue,
            ) else {
                return "gone";
            };
            if let Some(request) = desk.find(ca, &form.code) {
                request.state = RequestState::Signed(values);
            }
            "signed"
        }
    }
}

/// Signs every item; with the fault on, something else than was asked.
fn values(
    sandbox: &Sandbox,
    ca: &str,
    request: &Request,
    wrong: bool,
) -> Option<Vec<(String, Vec<u8>)>> {
    let person = sandbox.subscribers.find(&request.account)?;
    let credential = person
        .credentials(ca)
        .find(|credential| credential.serial == request.serial)?;
    request
        .items
        .iter()
        .map(|(doc_id, digest)| {
            let mut digest = *digest;
            if wrong {
                digest[0] ^= 1;
            }
            Some((doc_id.clone(), credential.sign(&digest).ok()?))
        })
        .collect()
}

#[derive(Deserialize)]
struct Unlock {
    account: String,
}

async fn unlock(
    State(sandbox): State<Arc<Sandbox>>,
    Path(ca): Path<String>,
    Form(form): Form<Unlock>,
) -> Redirect {
    sandbox.desk().unlock(&ca, &form.account);
    Redirect::to(&format!(
        "/phone/{ca}?account={}&told=unlocked",
        form.account
    ))
}
