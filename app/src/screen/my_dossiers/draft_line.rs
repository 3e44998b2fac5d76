//! One draft: where it stands, the way on, deleting with a way back.

use crate::draft::{self, Draft, DraftError};
use crate::format;
use crate::outbox::outbox;
use crate::part::notice::{Notice, Tone};
use crate::text::{self, fill, t};
use contract::date::Date;
use contract::dossier::check_form;
use contract::value::Timestamp;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use std::time::Duration;
use uuid::Uuid;

/// So long a deleted draft can be taken back.
const TAKE_BACK: Duration = Duration::from_secs(10);

/// The step at which a draft goes on: its number, and its part of the address.
fn next_step(draft: &Draft, now: Timestamp) -> (usize, &'static str) {
    let lacks = draft.procedure.components.iter().any(|component| {
        component.required
            && !draft
                .attachments
                .iter()
                .any(|file| file.component == component.code)
    });
    if !check_form(&draft.form, &draft.procedure, Date::in_vietnam(now)).is_empty() {
        (1, "thong-tin")
    } else if lacks {
        (2, "thanh-phan")
    } else {
        (3, "phi")
    }
}

/// The line.
#[component]
pub fn DraftLine(
    draft: Draft,
    /// Told when it is deleted for good.
    gone: impl Fn(Uuid) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let (id, account) = (draft.id, draft.account);
    let now = crate::session::session().now();
    let (step, path) = next_step(&draft, now);
    let name = draft.procedure.summary.name.clone();
    let deleted = RwSignal::new(false);
    let back = NodeRef::<html::Button>::new();
    let outbox = outbox();
    let sending = Memo::new(move |_| outbox.of(id).map(|entry| entry.sentence()));
    let trouble: RwSignal<Option<DraftError>> = RwSignal::new(None);
    // What waits to be sent goes with its draft: nobody submits what was deleted. What the portal has by then stays told.
    let delete_for_good = move || async move {
        let entry = outbox.all.with_untracked(|all| all.get(&id).cloned());
        match entry {
            Some(entry) if entry.posted.standing.is_over() => return Ok(()),
            Some(_) => outbox.take_out(id).await?,
            None => {}
        }
        draft::delete(account, id).await
    };
    // Handed in already: nothing is sent while it can be taken back.
    let held = StoredValue::new(false);
    let delete = move |_| {
        trouble.set(None);
        deleted.set(true);
        if untrack(|| outbox.of(id)).is_some_and(|entry| entry.is_queued()) {
            held.set_value(true);
            spawn_local(async move {
                if let Err(error) = outbox.pause(id).await {
                    let _ = trouble.try_set(Some(error));
                    let _ = deleted.try_set(false);
                }
            });
        }
        request_animation_frame(move || {
            if let Some(button) = back.try_get_untracked().flatten() {
                let _ = button.focus();
            }
        });
        set_timeout(
            move || {
                // Taken back, or the screen is gone: see below.
                if deleted.try_get_untracked() == Some(true) {
                    spawn_local(async move {
                        match delete_for_good().await {
                            Ok(()) | Err(DraftError::Missing) => gone(id),
                            Err(error) => {
                                let _ = trouble.try_set(Some(error));
                                let _ = deleted.try_set(false);
                            }
                        }
                    });
                }
            },
            TAKE_BACK,
        );
    };
    let take_back = move |_| {
        deleted.set(false);
        if held.get_value() {
            held.set_value(false);
            spawn_local(async move {
                let gone_on = outbox.go_on(id).await;
                let _ = trouble.try_set(gone_on.err());
            });
        }
    };
    // Who goes on elsewhere does not take it back any more.
    on_cleanup(move || {
        if deleted.try_get_untracked() == Some(true) {
            spawn_local(async move {
                let _ = delete_for_good().await;
            });
        }
    });
    let (label, gone_name) = (name.clone(), name.clone());
    let about = fill(
        "Bước {}/4 · {} tệp · sửa lần cuối {}",
        &[
            &step,
            &draft.attachments.len(),
            &format::moment(draft.updated_at),
        ],
    );
    view! {
        <li>
            {move || if deleted.get() {
                view! {
                    <div class="gone" role="status">
                        <span>{fill("Đã xóa bản nháp “{}”.", &[&gone_name])}</span>
                        <button type="button" class="button small" node_ref=back on:click=take_back>{t("Hoàn tác")}</button>
                    </div>
                }.into_any()
            } else {
                view! {
                    <div>
                        <h3>{name.clone()}</h3>
                        <p class="meta">{about.clone()}</p>
                        {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::draft(error)}</Notice> })}
                        {move || sending.get().map(|sentence| view! { <p><span class="chip">{sentence}</span></p> })}
                    </div>
                    <p class="acts">
                        <button type="button" class="button quiet" aria-label=fill("Xóa bản nháp {}", &[&label]) on:click=delete>{t("Xóa bản nháp")}</button>
                        <A href=format!("/ho-so/{id}/{path}") attr:class="button primary" attr:aria-label=fill("Tiếp tục {}", &[&label])>{t("Tiếp tục")}</A>
                    </p>
                }.into_any()
            }}
        </li>
    }
}
