//! One act on the chosen dossiers: only acts that the single dossier would offer, asked once more before it is done, with a report.

use super::desk::Desk;
use super::handover::{HandOver, Outcomes};
use crate::api;
use crate::part::dialog::Dialog;
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::session::session;
use crate::text::after::act as act_name;
use crate::text::{self, fill, t};
use contract::inbox::{ActOnMany, ActedOnMany, BULK_ACTS, InboxLine};
use contract::life::Act;
use contract::problem::ProblemCode;
use contract::right::{Action, Subject, may};
use leptos::prelude::*;
use leptos::task::spawn_local;

impl Desk {
    /// Chosen lines to which an act can be done.
    fn able(self, act: Act) -> Vec<InboxLine> {
        let grants = session()
            .account_now()
            .map(|account| account.grants)
            .unwrap_or_default();
        let chosen = self.chosen.get();
        self.lines.with(|lines| {
            lines
                .iter()
                .filter(|line| {
                    chosen.contains(&line.summary.id)
                        && may(
                            &grants,
                            Action::Act(act),
                            &Subject {
                                agency: &line.agency,
                                procedure: &line.summary.procedure,
                                status: line.summary.status,
                                before: None,
                                step: None,
                            },
                        )
                        .is_ok()
                })
                .cloned()
                .collect()
        })
    }
}

/// Why one did not go.
fn refusal(act: Act, code: ProblemCode) -> &'static str {
    match (act, code) {
        (Act::Return, ProblemCode::Invalid) => {
            t("Chưa có tệp kết quả. Hãy thêm tệp, hoặc ghi lời nhắn nơi nhận bản giấy.")
        }
        (Act::Finish, ProblemCode::Invalid) => t("Kết quả phải được ký số trước."),
        (_, code) => text::problem(code),
    }
}

/// The part.
#[component]
pub fn Bulk(desk: Desk) -> impl IntoView {
    let count = move || desk.chosen.with(std::collections::BTreeSet::len);
    let asked: RwSignal<Option<Act>> = RwSignal::new(None);
    let (open, note, busy) = (
        RwSignal::new(false),
        RwSignal::new(String::new()),
        RwSignal::new(false),
    );
    let report: RwSignal<Option<(Act, ActedOnMany, Vec<InboxLine>)>> = RwSignal::new(None);
    let failed: RwSignal<Option<String>> = RwSignal::new(None);
    let perform = move || {
        let Some(act) = asked.get_untracked() else {
            return;
        };
        let lines = untrack(|| desk.able(act));
        let body = ActOnMany {
            act,
            note: note.get_untracked().trim().to_owned(),
            dossiers: lines
                .iter()
                .map(|line| (line.summary.id, line.version))
                .collect(),
        };
        busy.set(true);
        spawn_local(async move {
            match api::inbox::act(&body).await {
                Ok(done) => {
                    open.set(false);
                    desk.chosen.update(|chosen| {
                        for id in &done.done {
                            chosen.remove(id);
                        }
                    });
                    if done.refused.is_empty() {
                        say(fill(
                            "{}: đã xong {} hồ sơ.",
                            &[&t(act_name(act)), &done.done.len()],
                        ));
                        report.set(None);
                    } else {
                        report.set(Some((act, done, lines)));
                    }
                    desk.again();
                }
                Err(error) => {
                    let _ = failed.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        {move || report.get().map(|(act, done, lines)| view! {
            <Notice tone=Tone::Attention>
                <h2>{fill("{}: {} hồ sơ đã xong, {} hồ sơ chưa làm được", &[&t(act_name(act)), &done.done.len(), &done.refused.len()])}</h2>
                <Outcomes lines done words=move |code| refusal(act, code)/>
                <p><button type="button" class="button small" on:click=move |_| report.set(None)>{t("Đóng")}</button></p>
            </Notice>
        })}
        <Show when=move || { count() > 0 }>
            <div class="bulk" role="region" aria-label=t("Việc với các hồ sơ đã chọn")>
                <strong role="status">{move || fill("Đã chọn {} hồ sơ", &[&count()])}</strong>
                {move || BULK_ACTS.into_iter().filter_map(|act| {
                    let able = desk.able(act).len();
                    (able > 0).then(|| view! {
                        <button type="button" class="button small" on:click=move |_| {
                            asked.set(Some(act));
                            note.set(String::new());
                            failed.set(None);
                            open.set(true);
                        }>{t(act_name(act))}" ("{able}")"</button>
                    })
                }).collect_view()}
                <HandOver desk/>
                <button type="button" class="button small quiet" on:click=move |_| desk.chosen.update(std::collections::BTreeSet::clear)>{t("Bỏ chọn")}</button>
            </div>
        </Show>
        <Dialog open title=t("Làm cho nhiều hồ sơ")>
            {move || asked.get().map(|act| {
                let (able, all) = (desk.able(act).len(), count());
                view! {
                    <p>{fill("{}: {} hồ sơ. Mỗi hồ sơ được kiểm tra quyền và trạng thái riêng; hồ sơ nào vừa bị người khác thay đổi sẽ được bỏ qua và nêu tên.", &[&t(act_name(act)), &able])}</p>
                    {(able < all).then(|| view! { <p class="hint">{fill("{} hồ sơ khác đã chọn không làm việc này được ở trạng thái hiện tại.", &[&(all - able)])}</p> })}
                }
            })}
            <div class="field">
                <label for="bulk-note">{t("Lời nhắn cho người nộp (nếu cần)")}</label>
                <textarea id="bulk-note" rows="2" maxlength="2000" prop:value=move || note.get() on:input=move |event| note.set(event_target_value(&event))></textarea>
            </div>
            {move || failed.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <div class="row end">
                <button type="button" class="button primary" disabled=move || busy.get() aria-busy=move || busy.get().to_string() on:click=move |_| perform()>{t("Thực hiện")}</button>
                <button type="button" class="button" on:click=move |_| open.set(false)>{t("Đóng")}</button>
            </div>
        </Dialog>
    }
}
