//! One procedure: what it is, who handles it, how long it takes, what it costs, what belongs to it, and the way into a dossier.

mod start;

use crate::part::held;
use crate::part::icon::{Icon, Shape};
use crate::part::notice::{Notice, Tone};
use crate::part::{afterwards, title};
use crate::text::{fill, n, t};
use crate::{api, format, text};
use contract::blank::BlankForm;
use contract::payment::Exemption;
use contract::procedure::{Audience, Component, Fee, Procedure as Definition, Service};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use start::Start;

/// The screen.
#[component]
pub fn Procedure() -> impl IntoView {
    if !held::holds() {
        title(t("Thủ tục hành chính"));
    }
    let code = use_params_map().with_untracked(|map| map.get("code").unwrap_or_default());
    let code = StoredValue::new(code);
    let found: RwSignal<Option<api::Answer<Definition>>> = RwSignal::new(None);
    let fetch = move || {
        found.set(None);
        spawn_local(async move {
            let answer = api::procedure(&code.get_value()).await;
            let _ = found.try_set(Some(answer));
        });
    };
    fetch();
    move || {
        match found.get() {
        None => held::waiting(),
        Some(Err(error)) => view! {
            <div class="wrap">
                <h1>{t("Thủ tục hành chính")}</h1>
                <Notice tone=Tone::Bad>{text::api(&error)}</Notice>
                <p class="row">
                    <button type="button" class="button" on:click=move |_| fetch()>{t("Thử lại")}</button>
                    <A href="/thu-tuc" attr:class="button">{t("Xem tất cả thủ tục")}</A>
                </p>
            </div>
        }
        .into_any(),
        Some(Ok(procedure)) => view! { <div class="wrap"><Whole procedure/></div> }.into_any(),
    }
    }
}

/// The page of a procedure.
#[component]
pub fn Whole(
    procedure: Definition,
    /// An administrator looks at what will be: no dossier is begun here.
    #[prop(optional)]
    preview: bool,
) -> impl IntoView {
    if !preview {
        title(&procedure.summary.name);
    }
    let summary = procedure.summary.clone();
    let online = summary.service != Service::Information && !preview;
    let audience = summary
        .audience
        .iter()
        .map(|audience| {
            t(match audience {
                Audience::Citizen => n("Công dân"),
                Audience::Business => n("Doanh nghiệp"),
            })
        })
        .collect::<Vec<_>>()
        .join(", ");
    let field = js_sys::encode_uri_component(&summary.field);
    let whole = StoredValue::new(procedure.clone());
    let rest = afterwards();
    view! {
        <p class="meta crumbs">
            <A href="/thu-tuc">{t("Thủ tục hành chính")}</A>" › "
            <A href=format!("/thu-tuc?linh-vuc={field}")>{summary.field.clone()}</A>
        </p>
        <h1>{summary.name.clone()}</h1>
        <p class="lead">{procedure.description.clone()}</p>
        <div class="procedure">
            <aside class="procedure-side" aria-label=t("Tóm tắt")>
                {online.then(|| view! { <Start procedure=procedure.clone()/> })}
                <dl class="facts">
                    <div><dt>{t("Thời hạn giải quyết")}</dt><dd>{procedure.deadline.text.clone()}</dd></div>
                    <div><dt>{t("Phí, lệ phí")}</dt><dd>{cost(&procedure.fees)}</dd></div>
                    <div><dt>{t("Cơ quan thực hiện")}</dt><dd>{summary.agency.clone()}</dd></div>
                    <div><dt>{t("Cấp thực hiện")}</dt><dd>{super::procedures::level(summary.level)}</dd></div>
                    <div><dt>{t("Mức độ")}</dt><dd>{super::procedures::service(summary.service)}</dd></div>
                    <div><dt>{t("Đối tượng")}</dt><dd>{audience}</dd></div>
                    <div><dt>{t("Mã thủ tục")}</dt><dd class="code">{summary.code.clone()}</dd></div>
                </dl>
            </aside>
            <div class="procedure-main" class:coming=move || !rest.get()>
                {move || rest.get().then(|| view! { <Main procedure=whole.get_value()/> })}
            </div>
        </div>
    }
}

/// All that belongs to it.
#[component]
fn Main(procedure: Definition) -> impl IntoView {
    let summary = procedure.summary;
    let forms = procedure.forms;
    view! {
        <section>
            <h2>{t("Thành phần hồ sơ")}</h2>
            <ol class="needed">
                {procedure.components.into_iter().map(|component| {
                    let own = forms.iter().filter(|form| form.component == component.code).cloned().collect::<Vec<_>>();
                    view! { <Needed component forms=own code=summary.code.clone()/> }
                }).collect_view()}
            </ol>
        </section>
        {(!procedure.fees.is_empty()).then(|| view! {
            <section>
                <h2>{t("Phí, lệ phí")}</h2>
                <ul class="fees">{procedure.fees.into_iter().map(|fee| view! { <Price fee/> }).collect_view()}</ul>
            </section>
        })}
        {(!procedure.steps.is_empty()).then(|| view! {
            <section>
                <h2>{t("Trình tự thực hiện")}</h2>
                <ol class="prose">{procedure.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
            </section>
        })}
        {list(n("Kết quả"), procedure.results)}
        {list(n("Căn cứ pháp lý"), procedure.legal_basis)}
        {(!summary.life_events.is_empty()).then(|| view! {
            <section>
                <h2>{t("Sự kiện")}</h2>
                <ul class="chosen">
                    {summary.life_events.into_iter().map(|event| view! {
                        <li><A href=format!("/thu-tuc?su-kien={}", js_sys::encode_uri_component(&event)) attr:class="quick">{event}</A></li>
                    }).collect_view()}
                </ul>
            </section>
        })}
    }
}

/// The fees in a few words: the whole of them stands below.
fn cost(fees: &[Fee]) -> String {
    let online = |fee: &Fee| fee.online_amount.unwrap_or(fee.amount);
    match fees {
        [] => t("Không thu").to_owned(),
        fees if fees.iter().all(|fee| online(fee).0 == 0) => {
            t("Miễn khi nộp trực tuyến").to_owned()
        }
        [fee] => format!("{} / {}", format::money(online(fee)), fee.unit),
        fees => fill("{} khoản, xem bên dưới", &[&fees.len()]),
    }
}

fn list(heading: &'static str, items: Vec<String>) -> impl IntoView {
    (!items.is_empty()).then(|| {
        view! {
            <section>
                <h2>{t(heading)}</h2>
                <ul class="prose">{items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}</ul>
            </section>
        }
    })
}

/// One component, and the blank forms for it.
#[component]
fn Needed(component: Component, forms: Vec<BlankForm>, code: String) -> impl IntoView {
    let mut counts = Vec::new();
    if component.originals > 0 {
        counts.push(fill("{} bản chính", &[&component.originals]));
    }
    if component.copies > 0 {
        counts.push(fill("{} bản sao", &[&component.copies]));
    }
    view! {
        <li>
            <p class="name">{component.name}</p>
            <p class="meta">
                <span class="chip" class:quiet={!component.required}>{if component.required { t("Bắt buộc") } else { t("Nếu có") }}</span>
                {component.signature_required.then(|| view! { <span class="chip seal">{t("Cần ký số")}</span> })}
                <span>{counts.join(", ")}</span>
            </p>
            {(!component.note.is_empty()).then(|| view! { <p class="hint">{component.note}</p> })}
            {forms.into_iter().map(|form| view! {
                <p>
                    // Downloads are the browser's own: no screen of the page lies there.
                    <a class="blank" href=format!("/api/procedures/{code}/forms/{}", form.name) download=form.name.clone()>
                        <Icon shape=Shape::Paper/>
                        <span>{t("Tải mẫu đơn, tờ khai")}<span class="hint">{format!("{} (PDF)", form.title)}</span></span>
                    </a>
                </p>
            }).collect_view()}
        </li>
    }
}

/// One fee with what it depends on.
#[component]
fn Price(fee: Fee) -> impl IntoView {
    let exempt = |one: &Exemption| {
        if one.percent >= 100 {
            fill("{}: miễn", &[&one.who])
        } else {
            fill("{}: giảm {}%", &[&one.who, &one.percent])
        }
    };
    let exempted: Vec<String> = fee.exemptions.iter().map(exempt).collect();
    view! {
        <li>
            <p><strong>{fee.name}</strong></p>
            <p>
                {if fee.amount.0 == 0 { t("Không thu").to_owned() } else { format!("{} / {}", format::money(fee.amount), fee.unit) }}
                {fee.online_amount.filter(|online| *online != fee.amount).map(|online| if online.0 == 0 {
                    format!(" · {}", t("nộp trực tuyến: miễn"))
                } else {
                    format!(" · {}", fill("nộp trực tuyến: {}", &[&format::money(online)]))
                })}
            </p>
            {(!fee.note.is_empty()).then(|| view! { <p class="hint">{fee.note}</p> })}
            {(!exempted.is_empty()).then(|| view! { <p class="hint">{exempted.join("; ")}"."</p> })}
        </li>
    }
}
