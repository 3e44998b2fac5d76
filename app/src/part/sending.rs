//! What was handed in and did not arrive yet: what happens now, how far it is, and how to stop it.

use crate::draft::DraftError;
use crate::draft::outbox::Standing;
use crate::outbox::{Entry, outbox};
use crate::part::notice::{Notice, Tone};
use crate::text::{self, t};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// A parcel of the outbox that is queued or paused; `id` is its draft's.
#[component]
pub fn OnItsWay(id: Uuid, entry: Memo<Option<Entry>>) -> impl IntoView {
    let outbox = outbox();
    let trouble: RwSignal<Option<DraftError>> = RwSignal::new(None);
    let percent = move || entry.with(|entry| entry.as_ref().and_then(Entry::percent));
    let paused = Memo::new(move |_| {
        entry.with(|entry| {
            entry
                .as_ref()
                .is_some_and(|entry| entry.posted.standing == Standing::Paused)
        })
    });
    let supplement = entry.with_untracked(|entry| {
        entry
            .as_ref()
            .is_some_and(|entry| entry.posted.parcel.added_to().is_some())
    });
    let switch = move |_| {
        spawn_local(async move {
            let done = if paused.get_untracked() {
                outbox.go_on(id).await
            } else {
                outbox.pause(id).await
            };
            let _ = trouble.try_set(done.err());
        });
    };
    let take_out = move |_| {
        spawn_local(async move {
            let done = outbox.take_out(id).await;
            let _ = trouble.try_set(done.err());
        });
    };
    view! {
        <section class="sending" aria-label=if supplement { t("Gửi phần bổ sung") } else { t("Gửi hồ sơ") }>
            <p role="status" class="sending-now">{move || entry.get().map(|entry| entry.sentence())}</p>
            {move || percent().map(|percent| view! {
                <progress class="progress" max="100" value=percent.to_string() aria-label=t("Tiến độ gửi")></progress>
            })}
            <p class="hint">{if supplement {
                t("Bạn có thể đóng trang này: phần bổ sung được giữ trên thiết bị và tự gửi khi mở lại cổng có mạng.")
            } else {
                t("Bạn có thể đóng trang này: hồ sơ được giữ trên thiết bị và tự gửi khi mở lại cổng có mạng. Biên nhận hiện ra khi cổng đã nhận đủ.")
            }}</p>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::draft(error)}</Notice> })}
            <p class="row">
                <button type="button" class="button" on:click=switch>{move || if paused.get() { t("Gửi tiếp") } else { t("Tạm dừng gửi") }}</button>
                <button type="button" class="button" on:click=take_out>{if supplement { t("Không gửi nữa") } else { t("Không nộp nữa") }}</button>
            </p>
        </section>
    }
}
