//! `Thanh toán`: what is to be paid and was paid, per dossier; by a dossier's code without signing in.

mod lookup;
pub mod pay;

use crate::api;
use crate::format;
use crate::part::bill::{BillTable, PaymentHistory, StateChip, relief, way};
use crate::part::empty::Empty;
use crate::part::icon::Shape;
use crate::part::load;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::screen::dossier::SignInFirst;
use crate::session::{Who, session};
use crate::text::{self, fill, t};
use contract::payment::{Payment, PaymentAct, PaymentLine, PaymentState, due};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use lookup::Lookup;
use pay::Pay;
use uuid::Uuid;

/// The screen of all of them.
#[component]
pub fn Payments() -> impl IntoView {
    title(t("Thanh toán"));
    let state = session();
    view! {
        <div class="wrap payments">
            <h1>{t("Thanh toán phí, lệ phí")}</h1>
            {move || match state.who.get() {
                Who::Nobody => view! {
                    <p>{t("Đăng nhập để xem các khoản của hồ sơ bạn đã nộp, hoặc tra cứu theo mã hồ sơ.")}</p>
                    <p><A href="/dang-nhap?tiep=/thanh-toan" attr:class="button primary">{t("Đăng nhập")}</A></p>
                }.into_any(),
                Who::Somebody(_) => view! { <Own/> }.into_any(),
                _ => view! { <Loading/> }.into_any(),
            }}
            <Lookup/>
        </div>
    }
}

/// One's own, those to be paid first.
#[component]
fn Own() -> impl IntoView {
    let found = load(api::payment::list());
    view! {
        {move || found.get().map_or_else(
            || view! { <Loading/> }.into_any(),
            |answer| match answer {
                Err(error) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Ok(lines) if lines.is_empty() => view! {
                    <Empty shape=Shape::Coins title=t("Bạn chưa có hồ sơ nào phải nộp phí, lệ phí.")>
                        <p>{t("Khoản phải nộp của hồ sơ đã nộp sẽ hiện ở đây, kèm cách nộp và biên lai.")}</p>
                    </Empty>
                }.into_any(),
                Ok(lines) => {
                    let is_open = |line: &PaymentLine| matches!(line.state, PaymentState::Unpaid | PaymentState::Announced) && !line.closed;
                    let (open, over): (Vec<_>, Vec<_>) = lines.into_iter().partition(is_open);
                    view! {
                        {(!open.is_empty()).then(|| view! {
                            <section aria-labelledby="open-payments">
                                <h2 id="open-payments">{t("Cần nộp")}</h2>
                                <ul class="cards">{open.into_iter().map(line).collect_view()}</ul>
                            </section>
                        })}
                        {(!over.is_empty()).then(|| view! {
                            <section aria-labelledby="over-payments">
                                <h2 id="over-payments">{t("Đã xong")}</h2>
                                <ul class="cards">{over.into_iter().map(line).collect_view()}</ul>
                            </section>
                        })}
                    }.into_any()
                }
            },
        )}
    }
}

fn line(line: PaymentLine) -> impl IntoView {
    let rest = due(line.amount, line.paid);
    let unpaid = line.state == PaymentState::Unpaid && !line.closed;
    let address = format!("/thanh-toan/{}", line.dossier);
    let code = line.code.to_string();
    let label = if unpaid {
        fill("Nộp phí hồ sơ {}", &[&code])
    } else {
        fill("Xem thanh toán hồ sơ {}", &[&code])
    };
    view! {
        <li class="card payment-line">
            <div>
                <h3>{line.procedure_name}</h3>
                <p class="meta"><span class="code">{code}</span>{format!(" · {}", format::moment(line.at))}</p>
                <p>{if line.closed && rest.0 > 0 { view! { <span class="chip">{t("Hồ sơ đã dừng")}</span> }.into_any() } else { view! { <StateChip of=line.state/> }.into_any() }}" "<span class="meta">{way(line.method)}</span></p>
            </div>
            <div class="what">
                <strong>{format::money(if rest.0 > 0 { rest } else { line.amount })}</strong>
                <A href=address attr:class=if unpaid { "button primary" } else { "button" } attr:aria-label=label>
                    {if unpaid { t("Nộp") } else { t("Xem") }}
                </A>
            </div>
        </li>
    }
}

/// The screen of one.
#[component]
pub fn OnePayment() -> impl IntoView {
    title(t("Thanh toán"));
    let state = session();
    let id = use_params_map()
        .with_untracked(|map| map.get("id").and_then(|text| text.parse::<Uuid>().ok()));
    let found: RwSignal<Option<Result<Payment, api::ApiError>>> = RwSignal::new(None);
    let ask = move || {
        let Some(id) = id else {
            found.set(Some(Err(contract::problem::ProblemCode::NotFound.into())));
            return;
        };
        spawn_local(async move {
            let answer = api::payment::show(false, id).await;
            let _ = found.try_set(Some(answer));
        });
    };
    Effect::new(move |_| {
        if matches!(state.who.get(), Who::Somebody(_)) {
            ask();
        }
    });
    view! {
        <div class="wrap payments">
            <p class="meta"><A href="/thanh-toan">{t("Thanh toán phí, lệ phí")}</A></p>
            <h1>{t("Thanh toán")}</h1>
            {move || match (state.who.get(), found.get()) {
                (Who::Nobody, _) => view! { <SignInFirst/> }.into_any(),
                (_, None) => view! { <Loading/> }.into_any(),
                (_, Some(Err(error))) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                (_, Some(Ok(payment))) => view! { <One payment found ask/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn One(
    payment: Payment,
    found: RwSignal<Option<Result<Payment, api::ApiError>>>,
    ask: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let dossier = payment.dossier;
    // Money is on its way, or somebody else has to look: nothing else changes by itself.
    let waits = payment.state == PaymentState::Announced
        || (payment.state == PaymentState::Unpaid
            && payment
                .events
                .last()
                .is_some_and(|event| event.what == PaymentAct::Started));
    let exemption = payment.exemption.clone();
    let events = payment.events.clone();
    let code = payment.code.to_string();
    view! {
        <p class="row wrap-row">
            <A href=format!("/quan-ly-ho-so/{dossier}") attr:class="code">{code}</A>
            <StateChip of=payment.state/>
        </p>
        <BillTable bill=payment.bill.clone()/>
        {exemption.map(|exemption| view! {
            <p class="meta">{fill("Đối tượng miễn, giảm: {}", &[&format!("{} ({})", exemption.who, relief(exemption.percent))])}</p>
        })}
        <Pay payment found/>
        <PaymentHistory events/>
        {waits.then(|| view! { <p class="again"><button type="button" class="button" on:click=move |_| ask()>{t("Kiểm tra lại")}</button></p> })}
    }
}
