//! `Quyền của cán bộ`: who may what, in words; changed with a look at before and after.

use super::Only;
use crate::part::dialog::Dialog;
use crate::part::field::{ChoiceField, LongField, TextField};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::toast::say;
use crate::part::{load, title};
use crate::text::desk::{duty, duty_means};
use crate::text::{fill, t};
use crate::{api, text};
use contract::procedure::ProcedureSummary;
use contract::right::{
    Action, Duty, EVERY, GiveRights, Grant, OfficerPage, OfficerQuery, OfficerRights,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeSet;

/// The screen.
#[component]
pub fn Rights() -> impl IntoView {
    title(t("Quyền của cán bộ"));
    view! { <Only action=Action::Rights><h1>{t("Quyền của cán bộ")}</h1><Officers/></Only> }
}

/// What is loaded once for all officers.
#[derive(Clone, Copy)]
struct Known {
    procedures: RwSignal<Option<api::Answer<Vec<ProcedureSummary>>>>,
}

impl Known {
    /// Agencies, as the procedures name them.
    fn agencies(self) -> Vec<String> {
        let names: BTreeSet<String> = self
            .procedures
            .get()
            .and_then(Result::ok)
            .into_iter()
            .flatten()
            .map(|procedure| procedure.agency)
            .collect();
        names.into_iter().collect()
    }
}

#[component]
fn Officers() -> impl IntoView {
    let known = Known {
        procedures: load(api::procedures()),
    };
    let word = RwSignal::new(String::new());
    let without = RwSignal::new(false);
    let page: RwSignal<Option<api::Answer<OfficerPage>>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let edited: RwSignal<Option<OfficerRights>> = RwSignal::new(None);
    let lost: RwSignal<Option<OfficerRights>> = RwSignal::new(None);
    let look = move |after| {
        busy.set(true);
        let query = OfficerQuery {
            word: word.get_untracked(),
            without: without.get_untracked(),
            after,
        };
        spawn_local(async move {
            let answer = api::admin::officers(&query).await;
            let _ = page.try_update(|page| match (page, answer) {
                (Some(Ok(page)), Ok(more)) if after.is_some() => {
                    page.officers.extend(more.officers);
                    page.next = more.next;
                }
                (page, answer) => *page = Some(answer),
            });
            let _ = busy.try_set(false);
        });
    };
    look(None);
    let changed = move |officer: OfficerRights| {
        page.update(|page| {
            if let Some(Ok(page)) = page {
                for line in &mut page.officers {
                    if line.id == officer.id {
                        if line.grants.is_empty() != officer.grants.is_empty() {
                            page.without += if officer.grants.is_empty() { 1 } else { -1 };
                        }
                        *line = officer.clone();
                    }
                }
            }
        });
    };
    view! {
        <p class="lead">{t("Mỗi quyền là một nhiệm vụ, ở những cơ quan và cho những thủ tục được chọn. Thay đổi có hiệu lực ngay và được ghi vào nhật ký.")}</p>
        {move || page.get().and_then(Result::ok).filter(|page| page.without > 0).map(|page| view! {
            <Notice tone=Tone::Attention>
                {fill("{} cán bộ chưa có quyền nào và không thấy hồ sơ nào. Sau khi nâng cấp, hãy giao quyền cho họ.", &[&page.without])}
            </Notice>
        })}
        <form class="card admin-find" on:submit=move |event| { event.prevent_default(); look(None); }>
            <TextField id="officer-word" label=t("Tìm cán bộ") hint=t("Tên, tên đăng nhập hoặc cơ quan; không cần gõ dấu.") value=word on_input=move |text| word.set(text)/>
            <label class="option"><input type="checkbox" prop:checked=move || without.get() on:change=move |event| { without.set(event_target_checked(&event)); look(None); }/><span>{t("Chỉ người chưa có quyền")}</span></label>
            <button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Tìm")}</button>
        </form>
        {move || match page.get() {
            None => view! { <Loading/> }.into_any(),
            Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
            Some(Ok(list)) if list.officers.is_empty() => view! { <p class="hint" role="status">{t("Không có cán bộ nào khớp.")}</p> }.into_any(),
            Some(Ok(list)) => view! {
                <table class="responsive">
                    <caption class="visually-hidden">{t("Cán bộ và quyền")}</caption>
                    <thead><tr><th scope="col">{t("Cán bộ")}</th><th scope="col">{t("Cơ quan")}</th><th scope="col">{t("Quyền")}</th><th scope="col">{t("Thao tác")}</th></tr></thead>
                    <tbody>
                        {list.officers.into_iter().map(|officer| {
                            let (again, without) = (officer.clone(), officer.clone());
                            view! {
                                <tr>
                                    <td data-label=t("Cán bộ")><span><strong>{officer.name.clone()}</strong><br/><span class="code">{officer.user_name}</span></span></td>
                                    <td data-label=t("Cơ quan")>{officer.agency}</td>
                                    <td data-label=t("Quyền")><Words grants=officer.grants/></td>
                                    <td data-label=t("Thao tác")><button type="button" id=format!("rights-{}", officer.id) class="button small" aria-label=fill("Sửa quyền của {}", &[&officer.name]) on:click=move |_| edited.set(Some(again.clone()))>{t("Sửa quyền")}</button>
                                        {officer.second_factor.then(|| view! { " "<button type="button" class="button small" aria-label=fill("Gỡ xác thực hai bước của {}", &[&officer.name]) on:click=move |_| lost.set(Some(without.clone()))>{t("Gỡ xác thực hai bước")}</button> })}</td>
                                </tr>
                            }
                        }).collect_view()}
                    </tbody>
                </table>
                {list.next.map(|next| view! { <p><button type="button" class="button" disabled=move || busy.get() on:click=move |_| look(Some(next))>{t("Xem thêm cán bộ")}</button></p> })}
            }.into_any(),
        }}
        <Edit edited known done=changed/>
        <super::codes::Lost officer=lost done=changed/>
    }
}

/// Rights in words.
#[component]
fn Words(grants: Vec<Grant>) -> impl IntoView {
    if grants.is_empty() {
        return view! { <span class="chip attention">{t("Chưa có quyền")}</span> }.into_any();
    }
    view! {
        <ul class="plain rights">
            {grants.into_iter().map(|grant| view! { <li><strong>{t(duty(grant.duty))}</strong>": "{scope(&grant)}</li> }).collect_view()}
        </ul>
    }
    .into_any()
}

/// For what a right is.
fn scope(grant: &Grant) -> String {
    let every = |list: &[String]| list.iter().any(|is| is == EVERY);
    let agencies = if every(&grant.agencies) {
        t("mọi cơ quan").to_owned()
    } else if grant.agencies.is_empty() {
        t("chưa có cơ quan nào").to_owned()
    } else {
        grant.agencies.join(", ")
    };
    let procedures = if every(&grant.procedures) {
        t("mọi thủ tục").to_owned()
    } else if grant.procedures.is_empty() {
        t("chưa có thủ tục nào").to_owned()
    } else {
        fill("thủ tục {}", &[&grant.procedures.join(", ")])
    };
    format!("{agencies}; {procedures}")
}

/// Where the rights of one officer are changed.
#[component]
fn Edit(
    edited: RwSignal<Option<OfficerRights>>,
    known: Known,
    #[prop(into)] done: Callback<OfficerRights>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let grants: RwSignal<Vec<Grant>> = RwSignal::new(Vec::new());
    let asking = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(officer) = edited.get() {
            grants.set(officer.grants);
            asking.set(false);
            trouble.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            edited.set(None);
        }
    });
    let count = Memo::new(move |_| grants.with(Vec::len));
    let ask = move |_| {
        let nothing = |grant: &Grant| grant.agencies.is_empty() || grant.procedures.is_empty();
        if grants.with_untracked(|grants| grants.iter().any(nothing)) {
            trouble.set(Some(
                t("Mỗi quyền cần ít nhất một cơ quan và một thủ tục.").to_owned(),
            ));
            return;
        }
        trouble.set(None);
        asking.set(true);
    };
    let give = move |_| {
        let Some(officer) = edited.get_untracked() else {
            return;
        };
        busy.set(true);
        let rights = GiveRights {
            grants: grants.get_untracked(),
            before: Some(officer.grants),
        };
        spawn_local(async move {
            let answer = api::admin::give(officer.id, &rights).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(officer) => {
                    let _ = open.try_set(false);
                    say(fill("Đã đổi quyền của {}.", &[&officer.name]));
                    let _ = done.try_run(officer);
                }
                Err(error) => {
                    let _ = asking.try_set(false);
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        <Dialog open title=t("Sửa quyền")>
            {move || edited.get().map(|officer| view! { <p><strong>{officer.name}</strong>" · "<span class="code">{officer.user_name}</span>" · "{officer.agency}</p> })}
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <Show when=move || !asking.get()>
                {move || (0..count.get()).map(|place| view! { <One grants place known/> }).collect_view()}
                <p class="row">
                    <button type="button" class="button" on:click=move |_| grants.update(|grants| grants.push(Grant { duty: Duty::Reception, agencies: Vec::new(), procedures: vec![EVERY.to_owned()] }))>{t("Thêm quyền")}</button>
                </p>
                <p class="row">
                    <button type="button" class="button primary" on:click=ask>{t("Tiếp tục")}</button>
                    <button type="button" class="button" on:click=move |_| open.set(false)>{t("Bỏ qua")}</button>
                </p>
            </Show>
            <Show when=move || asking.get()>
                <h3>{t("Trước")}</h3>
                {move || edited.get().map(|officer| view! { <Words grants=officer.grants/> })}
                <h3>{t("Sau")}</h3>
                {move || view! { <Words grants=grants.get()/> }}
                <p class="row">
                    <button type="button" class="button primary" aria-busy=move || busy.get().to_string() on:click=give>{t("Đổi quyền")}</button>
                    <button type="button" class="button" on:click=move |_| asking.set(false)>{t("Quay lại")}</button>
                </p>
            </Show>
        </Dialog>
    }
}

/// One right: duty, agencies, procedures.
#[component]
fn One(grants: RwSignal<Vec<Grant>>, place: usize, known: Known) -> impl IntoView {
    let read = move || grants.with(|grants| grants.get(place).cloned());
    let change = move |what: &dyn Fn(&mut Grant)| {
        grants.update(|grants| {
            if let Some(grant) = grants.get_mut(place) {
                what(grant);
            }
        });
    };
    let word = |is: Duty| t(duty(is)).to_owned();
    let duties: Vec<(String, String)> = Duty::ALL
        .into_iter()
        .map(|is| (word(is), word(is)))
        .collect();
    let chosen = Signal::derive(move || read().map(|grant| word(grant.duty)).unwrap_or_default());
    let means = move || read().map(|grant| t(duty_means(grant.duty)));
    // About no dossiers: it is for everything or for nothing.
    let whole = move || {
        read().is_some_and(|grant| matches!(grant.duty, Duty::Administrator | Duty::Auditor))
    };
    let everywhere =
        move || read().is_some_and(|grant| grant.agencies.iter().any(|is| is == EVERY));
    let every_procedure =
        move || read().is_some_and(|grant| grant.procedures.iter().any(|is| is == EVERY));
    let codes = RwSignal::new(grants.with_untracked(|grants| {
        grants
            .get(place)
            .map(|grant| {
                grant
                    .procedures
                    .iter()
                    .filter(|is| *is != EVERY)
                    .cloned()
                    .collect::<Vec<_>>()
                    .join("\n")
            })
            .unwrap_or_default()
    }));
    let all = |on: bool| {
        if on {
            vec![EVERY.to_owned()]
        } else {
            Vec::new()
        }
    };
    let agencies = move || {
        let mut names = known.agencies();
        for name in read().map(|grant| grant.agencies).unwrap_or_default() {
            if name != EVERY && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    view! {
        <fieldset class="part">
            <legend>{fill("Quyền {}", &[&(place + 1)])}</legend>
            <ChoiceField id=format!("duty-{place}") label=t("Nhiệm vụ") options=Signal::stored(duties) value=chosen
                on_input=move |text: String| if let Some(is) = Duty::ALL.into_iter().find(|is| t(duty(*is)) == text) {
                    change(&|grant| {
                        grant.duty = is;
                        if matches!(is, Duty::Administrator | Duty::Auditor) {
                            grant.agencies = vec![EVERY.to_owned()];
                            grant.procedures = vec![EVERY.to_owned()];
                        }
                    });
                }/>
            <p class="hint">{means}</p>
            <Show when=move || !whole()>
                <label class="option"><input type="checkbox" prop:checked=everywhere on:change=move |event| { let on = event_target_checked(&event); change(&|grant| grant.agencies = all(on)); }/><span>{t("Mọi cơ quan")}</span></label>
                <Show when=move || !everywhere()>
                    <details open=true>
                        <summary>{t("Cơ quan")}</summary>
                        <div class="agencies" role="group" aria-label=t("Cơ quan")>
                            <For each=agencies key=Clone::clone children=move |name| {
                                let (is, to) = (name.clone(), name.clone());
                                view! {
                                    <label class="option">
                                        <input type="checkbox" prop:checked=move || read().is_some_and(|grant| grant.agencies.contains(&is))
                                            on:change=move |event| {
                                                let on = event_target_checked(&event);
                                                change(&|grant| {
                                                    grant.agencies.retain(|other| *other != to);
                                                    if on {
                                                        grant.agencies.push(to.clone());
                                                    }
                                                });
                                            }/>
                                        <span>{name}</span>
                                    </label>
                                }
                            }/>
                        </div>
                    </details>
                </Show>
                <label class="option"><input type="checkbox" prop:checked=every_procedure on:change=move |event| { let on = event_target_checked(&event); change(&|grant| grant.procedures = all(on)); }/><span>{t("Mọi thủ tục")}</span></label>
                <Show when=move || !every_procedure()>
                    <LongField id=format!("codes-{place}") label=t("Mã thủ tục") hint=t("Mỗi dòng một mã.") value=codes
                        on_input=move |text: String| {
                            change(&|grant| grant.procedures = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect());
                            codes.set(text);
                        }/>
                </Show>
            </Show>
            <p class="row"><button type="button" class="button small" aria-label=fill("Bỏ quyền {}", &[&(place + 1)])
                on:click=move |_| grants.update(|grants| if place < grants.len() { grants.remove(place); })>{t("Bỏ")}</button></p>
        </fieldset>
    }
}
