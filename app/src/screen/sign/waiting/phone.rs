//! What to do on the phone, and how long there is time for it.

use super::help::Help;
use super::overlay::offline;
use crate::format::countdown;
use crate::part::notice::{Notice, Tone};
use crate::signing::pending::PendingSigning;
use crate::signing::signings;
use crate::signing::watched::Phase;
use crate::text::signing as text;
use crate::text::{fill, t};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// Under so many milliseconds it is said that time gets short.
const SLOW: i64 = 30_000;

/// More names than this are folded away.
const NAMES: usize = 5;

fn names_of(names: Vec<String>) -> AnyView {
    let count = names.len();
    let list =
        view! { <ul>{names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}</ul> };
    if count <= NAMES {
        list.into_any()
    } else {
        view! { <details><summary>{fill("Xem tên {} tệp", &[&count])}</summary>{list}</details> }
            .into_any()
    }
}

/// The request is on its way, or waits on the phone.
#[component]
pub(super) fn Phone(
    id: Uuid,
    pending: PendingSigning,
    phase: Memo<Option<Phase>>,
    left: Memo<Option<i64>>,
    on_again: Callback<PendingSigning>,
) -> impl IntoView {
    let signings = signings();
    let known = Memo::new(move |_| {
        signings.all.with(|all| {
            let view = all.get(&id)?.view.as_ref()?;
            Some((
                view.comparison_code.clone(),
                (view.expires_at.0 - view.started_at.0).max(1),
            ))
        })
    });
    let trouble = move || {
        signings
            .all
            .with(|all| all.get(&id).and_then(|watched| watched.trouble.clone()))
    };
    let offline = offline();
    let on_the_way = move || match phase.get() {
        Some(Phase::Unknown) => Some(true),
        Some(Phase::Sending) => Some(false),
        _ => None,
    };
    let cancelling = RwSignal::new(false);
    let cancel = move |_| {
        cancelling.set(true);
        spawn_local(async move {
            signings.cancel(id).await;
            let _ = cancelling.try_set(false);
        });
    };
    let spoken = Memo::new(move |_| text::spoken(left.get().map(|left| left / 1000)));
    let slow = move || left.get().is_some_and(|left| left < SLOW);
    // The ring empties with the time.
    #[allow(clippy::cast_precision_loss)] // milliseconds of some minutes
    let part = move || match (left.get(), known.get(), on_the_way()) {
        (Some(left), Some((_, whole)), None) => (left as f64 / whole as f64).clamp(0.0, 1.0),
        _ => 1.0,
    };
    let files = pending.start.items.len();
    let names = pending
        .start
        .items
        .iter()
        .map(|item| item.file_name.to_string())
        .collect::<Vec<_>>();
    let provider = StoredValue::new(pending.provider_name.clone());
    let (app, name) = (pending.app_name.clone(), pending.provider_name.clone());
    let page = pending.phone_page.clone();
    view! {
        <div class="asked">
            <div>
                <p
                    class="dial"
                    class:working=move || on_the_way().is_some()
                    class:slow=slow
                    class:guessed=move || offline.get()
                    style=("--part", move || part().to_string())
                    aria-hidden="true"
                >
                    <span>
                        {move || match (on_the_way(), left.get()) {
                            (None, Some(left)) => countdown(left),
                            _ => "…".to_owned(),
                        }}
                    </span>
                </p>
                <h1 id="waiting-title" tabindex="-1">
                    {move || match on_the_way() {
                        Some(unknown) => text::on_the_way(unknown, &provider.get_value()),
                        None => t("Vui lòng kiểm tra điện thoại và nhập mã pin ký số").to_owned(),
                    }}
                </h1>
                // What the dial shows already is for ears only.
                <p class="countdown" class:hint=move || on_the_way().is_some() class:slow=slow class:guessed=move || offline.get()
                    class:visually-hidden=move || on_the_way().is_none() && !slow() && !offline.get()>
                    {move || match (on_the_way(), left.get()) {
                        (Some(unknown), _) => text::on_the_way_hint(unknown).to_owned(),
                        (None, Some(left)) if offline.get() => fill("Còn {} (ước tính)", &[&countdown(left)]),
                        (None, Some(left)) if left < SLOW => fill("Sắp hết hạn, còn {}", &[&countdown(left)]),
                        (None, Some(left)) => fill("Còn {}", &[&countdown(left)]),
                        (None, None) => String::new(),
                    }}
                </p>
                <p class="visually-hidden" aria-live="polite">{move || spoken.get()}</p>
                <div class="comparison">
                    {move || known.get().map(|(code, _)| view! {
                        <span>{t("Mã đối chiếu")}</span>
                        <strong>{code}</strong>
                        <small>{text::compare(files)}</small>
                    })}
                    {names_of(names)}
                </div>
            </div>
            <div>
                <h2>{t("Trên điện thoại")}</h2>
                <ol class="instructions">
                    <li>{fill("Mở ứng dụng {} ({}) đã đăng ký.", &[&app, &name])}</li>
                    <li>{t("Mở yêu cầu đang chờ, so mã đối chiếu và tên tệp.")}</li>
                    <li>{t("Nhập mã PIN và xác nhận. Trang này tự chuyển tiếp.")}</li>
                </ol>
                {move || trouble().map(|trouble| view! { <Notice tone=Tone::Attention>{trouble.sentence()}</Notice> })}
                <div class="row">
                    {page.map(|page| view! {
                        <a class="button" href=page target="_blank" rel="noopener">{t("Mở điện thoại thử nghiệm")}</a>
                    })}
                    <button type="button" class="button" disabled=move || cancelling.get() aria-busy=move || cancelling.get().to_string() on:click=cancel>{t("Hủy")}</button>
                </div>
                <Help id pending on_again/>
                <p class="hint">{t("Bạn có thể đóng trang này; hệ thống vẫn tiếp tục. Khi quay lại, việc ký được hoàn tất.")}</p>
            </div>
        </div>
    }
}
