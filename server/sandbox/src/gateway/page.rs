//! The gateway's page: how much, for what, and the buttons of somebody who pays. No script.

use super::{PayState, decided, find, tell};
use crate::Sandbox;
use crate::phone::escape;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;

fn grouped(amount: u64) -> String {
    let digits = amount.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

const fn words(state: PayState) -> &'static str {
    match state {
        PayState::Open => "Đang chờ thanh toán",
        PayState::Paid => "Đã thanh toán",
        PayState::Declined => "Đã từ chối",
        PayState::Expired => "Đã hết hạn",
    }
}

pub(super) async fn page(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Response {
    let Some(payment) = find(&sandbox, &id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let back = escape(&payment.asked.return_url);
    let choices = if payment.state == PayState::Open {
        format!(
            "<form method=post action=\"/gateway/pay/{id}\">\
             <button class=primary name=decision value=paid>Thanh toán</button>\
             <button class=plain name=decision value=declined>Từ chối</button>\
             <button class=plain name=decision value=expired>Để hết hạn</button>\
             <button class=plain name=decision value=silent>Thanh toán, mất thông báo</button></form>"
        )
    } else {
        String::new()
    };
    Html(format!(
        "<!doctype html><html lang=vi><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Cổng thanh toán thử nghiệm</title><link rel=stylesheet href=/phone.css><main>\
         <p class=warning>THỬ NGHIỆM: không có tiền nào được chuyển</p>\
         <header><h1>Cổng thanh toán thử nghiệm</h1><p>{}</p></header>\
         <section><p class=muted>Số tiền</p><p class=code>{} đồng</p><p class=muted>Nội dung</p><p>{}</p>\
         <p class=muted>Trạng thái</p><p>{}</p>{choices}<p><a href=\"{back}\">Quay lại trang của người bán</a></p></section></main></html>",
        escape(&payment.id),
        grouped(payment.asked.amount),
        escape(&payment.asked.description),
        words(payment.state),
    ))
    .into_response()
}

#[derive(Deserialize)]
pub(super) struct Choice {
    decision: String,
}

pub(super) async fn decide(
    State(sandbox): State<Arc<Sandbox>>,
    Path(id): Path<String>,
    Form(choice): Form<Choice>,
) -> Response {
    let (state, silent) = match choice.decision.as_str() {
        "paid" => (PayState::Paid, false),
        "silent" => (PayState::Paid, true),
        "declined" => (PayState::Declined, false),
        "expired" => (PayState::Expired, false),
        _ => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    };
    let Some(payment) = decided(&sandbox, &id, state) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !silent {
        tell(&payment).await;
    }
    Redirect::to(&payment.asked.return_url).into_response()
}
