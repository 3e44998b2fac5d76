//! The admin page: inject faults, see requests, read the log. No script.

use super::told;
use super::words::{CALLS, FAULTS, call_words, fault_words, state_words};
use crate::Sandbox;
use crate::decision::{Auto, Decision};
use crate::fault::{Fault, PKI, Rule};
use crate::phone::escape;
use crate::providers::{PROVIDERS, provider};
use crate::record::Record;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::header;
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::Value;
use std::fmt::Write as _;
use std::sync::Arc;

type Shared = State<Arc<Sandbox>>;

/// Lines of the log and requests that one page shows.
const SHOWN_MAX: usize = 60;

pub(super) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/admin", get(page))
        .route(
            "/admin.css",
            get(|| async {
                (
                    [(header::CONTENT_TYPE, "text/css")],
                    include_str!("admin.css"),
                )
            }),
        )
        .route("/admin/page/fault", post(add_fault))
        .route("/admin/page/calm", post(calm))
        .route("/admin/page/auto", post(add_auto))
        .route("/admin/page/hands", post(by_hand))
        .route("/admin/page/clear-log", post(clear_log))
}

/// The word of a kebab-case enum, as forms and the JSON interface have it.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn option(value: &str, label: &str) -> String {
    format!(
        "<option value=\"{}\">{}</option>",
        escape(value),
        escape(label)
    )
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    told: String,
}

async fn page(State(sandbox): Shared, Query(shown): Query<Shown>) -> Html<String> {
    let mut body = String::new();
    let notice = match shown.told.as_str() {
        "added" => "Đã đặt lỗi.",
        "wrong" => "Không đặt được: hãy xem lại các số đã nhập.",
        "calm" => "Đã xóa mọi lỗi.",
        "auto" => "Điện thoại sẽ tự bấm.",
        "hands" => "Điện thoại chờ người bấm.",
        "cleared" => "Đã xóa nhật ký.",
        _ => "",
    };
    if !notice.is_empty() {
        let class = if shown.told == "wrong" {
            "told bad"
        } else {
            "told"
        };
        let _ = write!(body, "<p class=\"{class}\" role=status>{notice}</p>");
    }
    body.push_str(&fault_form());
    body.push_str(&fault_list(&sandbox));
    body.push_str(&auto_form(&sandbox));
    body.push_str(&request_list(&sandbox));
    body.push_str(&log_list(&sandbox));
    Html(format!(
        "<!doctype html><html lang=vi><head><meta charset=utf-8><meta name=viewport content=\"width=device-width, initial-scale=1\">\
         <title>Quản trị nhà cung cấp thử nghiệm</title><link rel=stylesheet href=/admin.css></head><body>\
         <aside class=warning aria-label=\"Lưu ý\">MÔI TRƯỜNG THỬ NGHIỆM: ký bằng khóa thử, không có giá trị pháp lý</aside>\
         <header><h1>Nhà cung cấp thử nghiệm</h1><nav aria-label=\"Trang\"><a href=\"/phone/vnpt-ca\">Điện thoại</a> \
         <a href=\"/admin\">Tải lại</a> <a href=\"/admin/log\">Nhật ký dạng JSON</a></nav></header>\
         <main>{body}</main></body></html>"
    ))
}

fn provider_options() -> String {
    let each: String = PROVIDERS
        .iter()
        .map(|provider| {
            option(
                provider.code,
                &format!("{} ({})", provider.app, provider.code),
            )
        })
        .collect();
    format!("<option value=\"\">Mọi nhà cung cấp</option>{each}")
}

fn fault_form() -> String {
    let faults: String = FAULTS
        .iter()
        .map(|fault| option(&word(fault), fault_words(*fault)))
        .collect();
    let calls: String = CALLS
        .iter()
        .map(|call| option(&word(call), call_words(*call)))
        .collect();
    format!(
        "<section aria-labelledby=put><h2 id=put>Đặt lỗi</h2><form class=fields method=post action=\"/admin/page/fault\">\
         <div class=wide><label for=fault>Lỗi</label><select id=fault name=fault>{faults}</select></div>\
         <div><label for=provider>Nhà cung cấp</label><select id=provider name=provider>{}{}</select></div>\
         <div><label for=call>Cuộc gọi</label><select id=call name=call><option value=\"\">Mọi cuộc gọi</option>{calls}</select></div>\
         <div><label for=times>Số lần (để trống: đến khi đổi)</label><input id=times name=times inputmode=numeric pattern=\"[0-9]*\"></div>\
         <div><label for=percent>Trong 100 cuộc gọi</label><input id=percent name=percent inputmode=numeric value=100></div>\
         <div><label for=ms>Mili giây</label><input id=ms name=ms inputmode=numeric value=2000></div>\
         <div><label for=status>Mã HTTP</label><input id=status name=status inputmode=numeric value=503></div>\
         <div><label for=seconds>Giây lệch</label><input id=seconds name=seconds value=0></div>\
         <button class=primary>Đặt lỗi</button></form></section>",
        provider_options(),
        option(PKI, "OCSP, CRL, dấu thời gian (pki)"),
    )
}

fn fault_list(sandbox: &Sandbox) -> String {
    let rules = sandbox.faults().rules().to_vec();
    if rules.is_empty() {
        return "<section aria-labelledby=now><h2 id=now>Lỗi đang đặt</h2><p class=empty>Không có lỗi nào: mọi cuộc gọi đều chạy đúng.</p></section>"
            .into();
    }
    let rows: String = rules
        .iter()
        .map(|rule| {
            format!(
                "<tr><th scope=row>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                fault_words(rule.fault),
                escape(rule.provider.as_deref().unwrap_or("mọi nhà cung cấp")),
                rule.call.map_or("mọi cuộc gọi", call_words),
                rule.times.map_or_else(
                    || "đến khi đổi".to_owned(),
                    |times| format!("còn {times} lần")
                ),
                rule.struck,
            )
        })
        .collect();
    format!(
        "<section aria-labelledby=now><h2 id=now>Lỗi đang đặt</h2><div class=table tabindex=0 role=region aria-labelledby=now><table><thead><tr><th scope=col>Lỗi</th>\
         <th scope=col>Nhà cung cấp</th><th scope=col>Cuộc gọi</th><th scope=col>Đến khi</th><th scope=col>Đã xảy ra</th></tr></thead>\
         <tbody>{rows}</tbody></table></div><form method=post action=\"/admin/page/calm\"><button class=plain>Xóa mọi lỗi</button></form></section>"
    )
}

fn auto_form(sandbox: &Sandbox) -> String {
    let accounts: String = sandbox
        .subscribers
        .people()
        .iter()
        .map(|person| {
            option(
                &person.citizen_id,
                &format!("{} ({})", person.name, person.citizen_id),
            )
        })
        .collect();
    let set = sandbox.manners().autos.len();
    let now = if set == 0 {
        "<p class=empty>Mọi điện thoại chờ người bấm.</p>".to_owned()
    } else {
        format!(
            "<p>{set} quy tắc tự bấm đang đặt.</p><form method=post action=\"/admin/page/hands\"><button class=plain>Chờ người bấm</button></form>"
        )
    };
    format!(
        "<section aria-labelledby=auto><h2 id=auto>Điện thoại tự bấm</h2>{now}<form class=fields method=post action=\"/admin/page/auto\">\
         <div><label for=auto-provider>Nhà cung cấp</label><select id=auto-provider name=provider>{}</select></div>\
         <div><label for=auto-account>Tài khoản</label><select id=auto-account name=account><option value=\"\">Mọi tài khoản</option>{accounts}</select></div>\
         <div><label for=auto-decision>Bấm</label><select id=auto-decision name=decision><option value=confirm>Xác nhận ký</option>\
         <option value=reject>Từ chối</option><option value=ignore>Không bấm</option></select></div>\
         <div><label for=auto-delay>Sau mili giây</label><input id=auto-delay name=delay_ms inputmode=numeric value=500></div>\
         <button class=primary>Đặt tự bấm</button></form></section>",
        provider_options()
    )
}

fn request_list(sandbox: &Sandbox) -> String {
    let (rows, count) = {
        let mut desk = sandbox.desk();
        let all = desk.requests();
        let rows: String = all.iter().rev().take(SHOWN_MAX).map(request_row).collect();
        (rows, all.len())
    };
    if rows.is_empty() {
        return "<section aria-labelledby=requests><h2 id=requests>Giao dịch</h2><p class=empty>Chưa có giao dịch nào.</p></section>".into();
    }
    format!(
        "<section aria-labelledby=requests><h2 id=requests>Giao dịch ({count})</h2><div class=table tabindex=0 role=region aria-labelledby=requests><table><thead><tr>\
         <th scope=col>Lúc</th><th scope=col>Nhà cung cấp</th><th scope=col>Tài khoản</th><th scope=col>Nội dung</th><th scope=col>Tệp</th>\
         <th scope=col>Trạng thái</th><th scope=col>Đã ký</th><th scope=col>Gửi lại</th><th scope=col>Lần hỏi</th></tr></thead><tbody>{rows}</tbody></table></div></section>"
    )
}

fn request_row(request: &crate::desk::Request) -> String {
    let told = told(request);
    let text = |key: &str| match &told[key] {
        Value::String(text) => escape(text),
        other => escape(&other.to_string()),
    };
    format!(
        "<tr><td class=nowrap>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        text("created_at"),
        text("provider"),
        text("account"),
        text("description"),
        text("items"),
        state_words(told["state"].as_str().unwrap_or_default()),
        text("signed"),
        text("refused_again"),
        text("status_calls"),
    )
}

fn log_list(sandbox: &Sandbox) -> String {
    let rows: String = sandbox
        .records()
        .lines()
        .rev()
        .take(SHOWN_MAX)
        .map(log_row)
        .collect();
    if rows.is_empty() {
        return "<section aria-labelledby=log><h2 id=log>Nhật ký</h2><p class=empty>Chưa có cuộc gọi nào.</p></section>".into();
    }
    format!(
        "<section aria-labelledby=log><h2 id=log>Nhật ký ({SHOWN_MAX} cuộc gọi gần nhất)</h2><ol class=log>{rows}</ol>\
         <form method=post action=\"/admin/page/clear-log\"><button class=plain>Xóa nhật ký</button></form></section>"
    )
}

fn log_row(record: &Record) -> String {
    let status = record
        .status
        .map_or_else(|| "không trả lời".to_owned(), |status| status.to_string());
    let bad = record.mistake.is_some() || record.status.is_none_or(|status| status >= 400);
    let mistake = record.mistake.as_ref().map_or_else(String::new, |mistake| {
        format!("<p class=mistake>Bị từ chối: {}</p>", escape(mistake))
    });
    let faults = if record.faults.is_empty() {
        String::new()
    } else {
        let words: Vec<&str> = record
            .faults
            .iter()
            .map(|fault| fault_words(*fault))
            .collect();
        format!("<p class=mistake>Lỗi đã đặt: {}</p>", words.join("; "))
    };
    let pretty = |value: &Value| escape(&serde_json::to_string_pretty(value).unwrap_or_default());
    format!(
        "<li><details><summary><span class=\"status{}\">{status}</span> <span class=call>{}</span> <span class=path>{} {}</span> \
         <span class=muted>{} · {} ms</span></summary>{mistake}{faults}<h3>Yêu cầu</h3><pre tabindex=0>{}</pre><h3>Trả lời</h3><pre tabindex=0>{}</pre></details></li>",
        if bad { " bad" } else { "" },
        call_words(record.call),
        escape(&record.method),
        escape(&record.path),
        escape(&record.at),
        record.milliseconds,
        pretty(&record.request),
        pretty(&record.answer),
    )
}

#[derive(Deserialize)]
struct NewFault {
    fault: Fault,
    provider: String,
    call: String,
    times: String,
    percent: String,
    ms: String,
    status: String,
    seconds: String,
}

fn read(form: NewFault) -> Option<Rule> {
    let call = if form.call.is_empty() {
        None
    } else {
        Some(serde_json::from_value(Value::String(form.call)).ok()?)
    };
    let times = form.times.trim();
    let rule = Rule {
        provider: (!form.provider.is_empty()).then_some(form.provider),
        call,
        times: if times.is_empty() {
            None
        } else {
            Some(times.parse().ok()?)
        },
        percent: form.percent.trim().parse().ok()?,
        ms: form.ms.trim().parse().ok()?,
        status: form.status.trim().parse().ok()?,
        seconds: form.seconds.trim().parse().ok()?,
        ..Rule::everywhere(form.fault)
    };
    rule.mistake().is_none().then_some(rule)
}

async fn add_fault(State(sandbox): Shared, Form(form): Form<NewFault>) -> Redirect {
    match read(form) {
        Some(rule) => {
            sandbox.faults().add(rule);
            Redirect::to("/admin?told=added")
        }
        None => Redirect::to("/admin?told=wrong"),
    }
}

async fn calm(State(sandbox): Shared) -> Redirect {
    sandbox.faults().clear();
    Redirect::to("/admin?told=calm")
}

#[derive(Deserialize)]
struct NewAuto {
    provider: String,
    account: String,
    decision: Decision,
    delay_ms: String,
}

async fn add_auto(State(sandbox): Shared, Form(form): Form<NewAuto>) -> Redirect {
    let known = form.provider.is_empty() || provider(&form.provider).is_some();
    match form.delay_ms.trim().parse() {
        Ok(delay_ms) if known => {
            let auto = Auto {
                decision: form.decision,
                delay_ms,
            };
            sandbox
                .manners()
                .autos
                .insert((form.provider, form.account), auto);
            Redirect::to("/admin?told=auto")
        }
        _ => Redirect::to("/admin?told=wrong"),
    }
}

async fn by_hand(State(sandbox): Shared) -> Redirect {
    sandbox.manners().autos.clear();
    Redirect::to("/admin?told=hands")
}

async fn clear_log(State(sandbox): Shared) -> Redirect {
    sandbox.records().clear();
    Redirect::to("/admin?told=cleared")
}
