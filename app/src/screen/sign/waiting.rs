//! Waiting for the phone, and how it ended.

use crate::format::countdown;
use crate::part::notice::{Notice, Tone};
use crate::part::{focus, title};
use crate::session::session;
use crate::signing::pending::PendingSigning;
use crate::signing::{Watched, signings};
use crate::text;
use contract::signing::SigningState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

/// The screen while a signing is under way, and after it.
#[component]
pub fn Waiting(
    id: Uuid,
    /// Called for `Ký lại`: the box stands where it stood.
    on_again: Callback<PendingSigning>,
) -> impl IntoView {
    let signings = signings();
    let state = session();
    let tick = RwSignal::new(0_u32);
    let timer = set_interval_with_handle(
        move || tick.update(|tick| *tick = tick.wrapping_add(1)),
        std::time::Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let watched = Memo::new(move |_| signings.all.with(|all| all.get(&id).cloned()));
    let phase = Memo::new(move |_| {
        watched
            .get()
            .map(|watched| (watched.finished, watched.view.map(|view| view.state)))
    });
    let left = Memo::new(move |_| {
        tick.track();
        watched
            .get()
            .and_then(|watched| watched.view)
            .map(|view| (view.expires_at.0 - state.now().0).max(0))
    });
    // The tab's title tells the time left, and the end.
    Effect::new(move |_| match phase.get() {
        Some((true, _)) => title("Ký số thành công"),
        Some((_, Some(SigningState::Waiting))) => title(&format!(
            "({}) Chờ xác nhận",
            countdown(left.get().unwrap_or(0))
        )),
        Some((_, Some(state))) if state.is_final() => title("Chưa ký được"),
        _ => title("Đang ký số"),
    });
    Effect::new(move |_| {
        phase.track();
        focus("waiting-title");
    });
    view! {
        <div class="wrap waiting">
            {move || {
                let Some(watched) = watched.get_untracked() else { return ().into_any() };
                match phase.get() {
                    Some((true, _)) => view! { <Finished watched/> }.into_any(),
                    Some((_, Some(state))) if state.is_final() && state != SigningState::Done => view! { <Ended watched state on_again/> }.into_any(),
                    Some((_, Some(SigningState::Confirmed | SigningState::Done))) => {
                        view! {
                            <h1 id="waiting-title" tabindex="-1">"Đã nhận xác nhận. Đang ghép chữ ký…"</h1>
                            <p role="status">"Chữ ký đang được gắn vào tài liệu và kiểm tra trên máy của bạn."</p>
                        }
                            .into_any()
                    }
                    _ => view! { <Phone id watched left=left.into()/> }.into_any(),
                }
            }}
            {move || watched.get().and_then(|watched| watched.trouble).map(|trouble| view! {
                <Notice tone=Tone::Attention>{trouble.sentence()}</Notice>
            })}
            <Show when=move || watched.get().is_some_and(|watched| watched.is_refused())>
                <p><button type="button" class="button seal" on:click=move |_| {
                    if let Some(watched) = watched.get_untracked() {
                        spawn_local(async move {
                            signings.forget(id).await;
                            on_again.run(watched.pending);
                        });
                    }
                }>"Ký lại"</button></p>
            </Show>
        </div>
    }
}

#[component]
fn Phone(id: Uuid, watched: Watched, left: Signal<Option<i64>>) -> impl IntoView {
    let signings = signings();
    let pending = watched.pending;
    let code = Memo::new(move |_| {
        signings.all.with(|all| {
            all.get(&id)
                .and_then(|watched| watched.view.as_ref())
                .map(|view| view.comparison_code.clone())
        })
    });
    let cancelling = RwSignal::new(false);
    let cancel = move |_| {
        cancelling.set(true);
        spawn_local(async move { signings.cancel(id).await });
    };
    // Said aloud at the start, and when 60, 30 and 10 seconds are left.
    let spoken = Memo::new(move |_| match left.get().map(|left| left / 1000) {
        Some(0..=10) => "Còn dưới 10 giây.",
        Some(11..=30) => "Còn dưới 30 giây.",
        Some(31..=60) => "Còn dưới 1 phút.",
        _ => "Vui lòng kiểm tra điện thoại.",
    });
    let slow = move || left.get().is_some_and(|left| left < 30_000);
    view! {
        <div class="ring" aria-hidden="true"></div>
        <h1 id="waiting-title" tabindex="-1">"Vui lòng kiểm tra điện thoại và nhập mã pin ký số"</h1>
        <ol class="instructions">
            <li>{format!("Mở ứng dụng {} ({}) trên điện thoại đã đăng ký.", pending.app_name, pending.provider_name)}</li>
            <li>"Mở yêu cầu đang chờ, so mã đối chiếu và tên tệp."</li>
            <li>"Nhập mã PIN và xác nhận. Trang này tự chuyển tiếp."</li>
        </ol>
        {move || code.get().map(|code| view! {
            <p class="comparison">
                <span>"Mã đối chiếu"</span>
                <strong>{code}</strong>
                <small>"Chỉ nhập PIN nếu điện thoại hiện đúng mã này và 1 tệp."</small>
            </p>
        })}
        <p class="countdown" class:slow=slow>
            {move || left.get().map_or("Đang gửi yêu cầu…".to_owned(), |left| format!("Còn {}", countdown(left)))}
        </p>
        <p class="visually-hidden" aria-live="polite">{move || spoken.get()}</p>
        <p class="hint">"Không thấy thông báo? Mở ứng dụng, vào mục chờ xác nhận. Bạn có thể đóng trang này; khi quay lại, việc ký vẫn tiếp tục."</p>
        {pending.phone_page.map(|page| view! {
            <p><a class="button" href=page target="_blank" rel="noopener">"Mở điện thoại thử nghiệm"</a></p>
        })}
        <p>
            <button type="button" class="button" disabled=move || cancelling.get() on:click=cancel>"Hủy"</button>
        </p>
    }
}

#[component]
fn Finished(watched: Watched) -> impl IntoView {
    let signings = signings();
    let navigate = use_navigate();
    let (id, draft) = (watched.pending.start.id, watched.pending.draft);
    // Seen to its end as soon as the screen is left, by this button or any other way.
    on_cleanup(move || signings.dismiss(id));
    let go = move |_| {
        navigate(
            &format!("/ho-so/{draft}/thanh-phan"),
            leptos_router::NavigateOptions::default(),
        );
    };
    view! {
        <div class="seal-mark" aria-hidden="true">"✓"</div>
        <h1 id="waiting-title" tabindex="-1">"Ký số thành công"</h1>
        <p>"Chữ ký đã được kiểm tra hợp lệ trên máy của bạn. Tệp "<strong>{watched.pending.start.items.first().map(|item| item.file_name.signed().to_string())}</strong>" đã thay cho tệp chưa ký."</p>
        <p><button type="button" class="button primary" on:click=go>"Tiếp tục hồ sơ"</button></p>
    }
}

#[component]
fn Ended(
    watched: Watched,
    state: SigningState,
    on_again: Callback<PendingSigning>,
) -> impl IntoView {
    let pending = StoredValue::new(watched.pending.clone());
    let failure = watched.view.as_ref().and_then(|view| view.failure);
    let (heading, sentence) = text::signing_end(state, failure);
    let back = format!("/ho-so/{}/thanh-phan", watched.pending.draft);
    view! {
        <h1 id="waiting-title" tabindex="-1">{heading}</h1>
        <Notice tone=if state == SigningState::Mismatch { Tone::Bad } else { Tone::Attention }>{sentence}</Notice>
        <div class="row">
            <button type="button" class="button seal" on:click=move |_| on_again.run(pending.get_value())>"Ký lại"</button>
            <A href="/chu-ky" attr:class="button">"Mẫu chữ ký"</A>
            <A href=back attr:class="button">"Thành phần hồ sơ"</A>
        </div>
    }
}
