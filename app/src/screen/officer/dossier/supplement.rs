//! Asking for a supplement: one complete list, a reason for each line; and the requests that were made.

use super::Shown;
use crate::part::field::{LongField, TextField};
use crate::part::notice::{Notice, Tone};
use crate::screen::officer::paper::PreviewOf;
use crate::screen::officer::wrong::Wrong;
use crate::text::{fill, t};
use crate::{api, format};
use contract::dossier::Dossier;
use contract::life::Act;
use contract::paper::{PreviewSlip, SlipForm};
use contract::supplement::{
    AskSupplement, Supplement, SupplementItem, SupplementState, SupplementTarget,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;

/// Everything a list may be about: components, then fields, each with its name.
fn targets(dossier: &Dossier) -> Vec<(SupplementTarget, String)> {
    let components = dossier.definition.components.iter().map(|component| {
        let target = SupplementTarget::Component {
            code: component.code.clone(),
        };
        (target, component.name.clone())
    });
    let field =
        |pointer: String, label: &str| (SupplementTarget::Field { pointer }, label.to_owned());
    let person = [
        ("name", t("Họ và tên")),
        ("citizen_id", t("Số CMND/CCCD")),
        ("phone", t("Số điện thoại")),
        ("address", t("Địa chỉ")),
        ("content", t("Nội dung yêu cầu giải quyết")),
    ]
    .map(|(key, label)| field(format!("/applicant/{key}"), label));
    let own = dossier
        .definition
        .fields
        .iter()
        .filter(|known| dossier.form.detail.contains_key(&known.key))
        .map(|known| field(format!("/detail/{}", known.key), &known.label));
    components.chain(person).chain(own).collect()
}

/// The form.
#[component]
pub fn AskForm(dossier: Dossier, asking: RwSignal<bool>, found: Shown) -> impl IntoView {
    let (id, version) = (dossier.summary.id, dossier.version);
    let again = dossier
        .after
        .supplements
        .iter()
        .any(|earlier| earlier.state != SupplementState::TakenBack);
    let times = dossier
        .after
        .supplements
        .iter()
        .filter(|earlier| earlier.state != SupplementState::TakenBack)
        .count()
        + 1;
    let all = targets(&dossier);
    let components = dossier.definition.components.len();
    let known = StoredValue::new(all.clone());
    let reasons: RwSignal<BTreeMap<usize, String>> = RwSignal::new(BTreeMap::new());
    let days = RwSignal::new("5".to_owned());
    let late = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let wrong = Wrong::none();
    // Whether a leader answers for another request; asked only where it matters.
    let allowed: RwSignal<Option<bool>> = RwSignal::new(None);
    if again {
        spawn_local(async move {
            let work = api::desk::work(id).await;
            let _ = allowed.try_set(Some(work.is_ok_and(|work| work.may_ask_again)));
        });
    }
    let row = move |position: usize, label: String| {
        let chosen =
            Signal::derive(move || reasons.with(|reasons| reasons.contains_key(&position)));
        let value = Signal::derive(move || {
            reasons.with(|reasons| reasons.get(&position).cloned().unwrap_or_default())
        });
        let named = fill("Lý do: {}", &[&label]);
        view! {
            <li>
                <label class="choice"><input type="checkbox" prop:checked=move || chosen.get()
                    on:change=move |event| {
                        let ticked = event_target_checked(&event);
                        reasons.update(|reasons| { if ticked { reasons.insert(position, String::new()); } else { reasons.remove(&position); } });
                    }/>{label}</label>
                {move || chosen.get().then(|| view! {
                    <LongField id=format!("reason-{position}") label=named.clone() value on_input=move |text| reasons.update(|reasons| { reasons.insert(position, text); }) required=true/>
                })}
            </li>
        }
    };
    let asked = Callback::new(move |()| PreviewSlip {
        form: SlipForm::Supplement,
        note: String::new(),
        items: known.with_value(|known| {
            let chosen = reasons.get_untracked();
            let item = |(position, reason): (usize, String)| {
                let (target, label) = known.get(position)?.clone();
                Some(SupplementItem {
                    target,
                    label,
                    reason,
                })
            };
            chosen.into_iter().filter_map(item).collect()
        }),
        working_days: days.get_untracked().trim().parse().unwrap_or(0),
    });
    let ask = move |_| {
        let chosen = reasons.get_untracked();
        if chosen.is_empty() {
            return trouble.set(Some(
                t("Vui lòng chọn ít nhất một mục cần bổ sung.").to_owned(),
            ));
        }
        if chosen.values().any(|reason| reason.trim().is_empty()) {
            return trouble.set(Some(
                t("Mỗi mục cần một lý do để công dân biết phải làm gì.").to_owned(),
            ));
        }
        let Some(working_days) = days
            .get_untracked()
            .trim()
            .parse::<u16>()
            .ok()
            .filter(|days| (1..=60).contains(days))
        else {
            return wrong.at("supplement-days", t("Số ngày làm việc phải từ 1 đến 60."));
        };
        if again && allowed.get_untracked() != Some(true) {
            return trouble.set(Some(
                t("Cần lãnh đạo cho phép trước khi yêu cầu bổ sung lần nữa.").to_owned(),
            ));
        }
        if again && !late.get_untracked() {
            return wrong.at(
                "supplement-late",
                t("Vui lòng xác nhận rằng hồ sơ sẽ bị tính trễ hẹn."),
            );
        }
        let items = known.with_value(|known| {
            chosen
                .into_iter()
                .filter_map(|(position, reason)| {
                    let (target, label) = known.get(position)?.clone();
                    Some(SupplementItem {
                        target,
                        label,
                        reason,
                    })
                })
                .collect()
        });
        let body = AskSupplement {
            items,
            working_days,
            late_accepted: late.get_untracked(),
            version,
        };
        busy.set(true);
        spawn_local(async move {
            match api::after::ask_supplement(id, &body).await {
                Ok(newest) => {
                    let _ = found.try_set(Some(Ok(newest)));
                }
                Err(error) => {
                    let sentence = super::conflict::sentence(id, &error).await;
                    let _ = trouble.try_set(Some(sentence));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    let mut rows = all.into_iter().enumerate();
    let first: Vec<_> = rows
        .by_ref()
        .take(components)
        .map(|(position, (_, label))| row(position, label))
        .collect();
    let rest: Vec<_> = rows
        .map(|(position, (_, label))| row(position, label))
        .collect();
    view! {
        <h2>{t("Yêu cầu bổ sung")}</h2>
        <p>{t("Gửi một danh sách đầy đủ trong một lần. Thời gian giải quyết tạm dừng cho đến khi công dân bổ sung xong.")}</p>
        {again.then(|| view! {
            <Notice tone=Tone::Attention>
                <p>{fill("Đây là lần yêu cầu thứ {}. Theo cách tính hiện hành hồ sơ sẽ bị tính quá hạn. Cần lãnh đạo xác nhận.", &[&times])}</p>
                {move || match allowed.get() {
                    None => ().into_any(),
                    Some(true) => view! { <p>{t("Lãnh đạo đã cho phép yêu cầu bổ sung lần nữa.")}</p> }.into_any(),
                    Some(false) => view! { <p><strong>{t("Lãnh đạo chưa cho phép.")}</strong>" "{t("Lãnh đạo mở thẻ Xử lý của hồ sơ này và bấm “Cho phép yêu cầu bổ sung lần nữa”.")}</p> }.into_any(),
                }}
                <label class="choice"><input id="supplement-late" type="checkbox" aria-invalid=move || wrong.of("supplement-late").get().is_some().to_string() aria-describedby="supplement-late-error"
                    prop:checked=move || late.get() on:change=move |event| { wrong.clear(); late.set(event_target_checked(&event)); }/>{t("Tôi đã biết và vẫn gửi yêu cầu")}</label>
                <p class="error" id="supplement-late-error">{move || wrong.of("supplement-late").get()}</p>
            </Notice>
        })}
        <fieldset>
            <legend>{t("Thành phần hồ sơ")}</legend>
            <ul class="ask-list">{first}</ul>
        </fieldset>
        <details>
            <summary>{t("Thông tin đã khai cần sửa")}</summary>
            <ul class="ask-list">{rest}</ul>
        </details>
        <TextField id="supplement-days" label=t("Số ngày làm việc để bổ sung") kind="number" width="short" value=days required=true error=wrong.of("supplement-days")
            on_input=move |text| { wrong.clear(); days.set(text); }/>
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        <p class="row">
            <button type="button" class="button primary" aria-busy=move || busy.get().to_string() disabled=move || busy.get() on:click=ask>{t("Gửi yêu cầu bổ sung")}</button>
            <button type="button" class="button" on:click=move |_| asking.set(false)>{t("Bỏ qua")}</button>
        </p>
        <PreviewOf dossier=id act=Act::AskSupplement asked/>
    }
}

/// The requests that were made, newest first.
#[component]
pub fn Requests(requests: Vec<Supplement>) -> impl IntoView {
    requests.into_iter().rev().map(|request| {
        let state = match request.state {
            SupplementState::Open => fill("Chờ công dân bổ sung đến {}", &[&format::moment(request.due_at)]),
            SupplementState::Answered => fill("Đã bổ sung lúc {}", &[&request.answered_at.map(format::moment).unwrap_or_default()]),
            SupplementState::TakenBack => t("Đã rút yêu cầu").to_owned(),
        };
        view! {
            <details class="request" open=request.state == SupplementState::Open>
                <summary>{fill("Yêu cầu bổ sung ngày {}", &[&format::day(request.asked_at)])}" · "{state}</summary>
                <ol class="checklist">
                    {request.items.into_iter().map(|item| view! { <li><p class="name">{item.label}</p><p class="words-of">{item.reason}</p></li> }).collect_view()}
                </ol>
            </details>
        }
    }).collect_view()
}
