//! The page that stands for the provider's app on the phone: requests that wait, a PIN, confirm, reject. No script.

use crate::Sandbox;
use crate::decision::{Decision, Pressed};
use crate::desk::{Request, now};
use crate::providers::provider;
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

/// Most requests one page shows.
const SHOWN_MAX: usize = 20;

pub(crate) fn escape(text: &str) -> String {
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
    let Some(provider) = provider(&ca) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let app = provider.app;
    let people = sandbox.subscribers.people();
    let chosen = people
        .iter()
        .find(|person| person.citizen_id == shown.account)
        .or_else(|| people.first());
    let account = chosen.map_or("", |person| person.citizen_id.as_str());
    let (requests, locked) = {
        let desk = sandbox.desk();
        (
            desk.waiting(provider.code, account, SHOWN_MAX),
            desk.is_locked(&ca, account),
        )
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
        .asked
        .items
        .iter()
        .map(|item| format!("<li>{}</li>", escape(&item.doc_id)))
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
        account = request.asked.account,
        code = request.code,
        description = escape(&request.asked.description),
        minutes = left / 60,
        seconds = left % 60,
    )
}

#[derive(Deserialize)]
struct Pressing {
    account: String,
    code: String,
    #[serde(default)]
    pin: String,
    decision: Decision,
}

async fn decide(
    State(sandbox): State<Arc<Sandbox>>,
    Path(ca): Path<String>,
    Form(form): Form<Pressing>,
) -> Response {
    let Some(provider) = provider(&ca) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let pressed = sandbox
        .press(
            provider.code,
            &form.account,
            &form.code,
            form.decision,
            &form.pin,
        )
        .await;
    let word = match pressed {
        Pressed::Signed => "signed",
        Pressed::Rejected => "rejected",
        Pressed::Gone => "gone",
        Pressed::WrongPin => "wrong",
        Pressed::Locked => "locked",
    };
    Redirect::to(&format!("/phone/{ca}?account={}&told={word}", form.account)).into_response()
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
