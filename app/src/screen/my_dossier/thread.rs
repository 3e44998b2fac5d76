//! `Trao đổi`: messages between citizen and agency, and the automatic notices among them.

use crate::part::field::LongField;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::seen::{keep, seen};
use crate::part::toast::say;
use crate::session::session;
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::message::{Author, MESSAGE_CHARS_MAX, Message, SendMessage, Thread};
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use uuid::Uuid;

/// How often is looked for new messages while the page is seen.
const PAUSE: Duration = Duration::from_secs(60);

/// The name of a thread among what the account saw.
fn name(dossier: Uuid) -> String {
    format!("thread/{dossier}")
}

/// The thread and the box to write.
#[component]
pub fn Talk(
    dossier: Uuid,
    /// Which side looks.
    officer: bool,
    /// When supplement requests were answered: the state went back then.
    supplied: Vec<Timestamp>,
) -> impl IntoView {
    let thread: RwSignal<Option<Result<Thread, api::ApiError>>> = RwSignal::new(None);
    let unread = RwSignal::new(0_u64);
    let state = session();
    let look = move || {
        spawn_local(async move {
            let ask = api::after::thread(officer, dossier);
            let answer = if officer {
                ask.await
            } else {
                // Said to be old by the dossier above it.
                seen(state, &name(dossier), ask)
                    .await
                    .map(|seen| seen.value)
            };
            let new = answer.as_ref().map_or(0, |thread| thread.unread);
            // Who opens a dossier has read its notices too.
            let first = !officer && thread.try_with_untracked(Option::is_none) == Some(true);
            if new > 0 {
                let _ = unread.try_set(new);
            }
            if new > 0 || first {
                // It stands on the screen now.
                if api::after::mark_thread(officer, dossier).await.is_ok() {
                    crate::part::bell::changed();
                }
            }
            match answer {
                // A short outage leaves what stands there.
                Err(_)
                    if thread.try_with_untracked(|known| matches!(known, Some(Ok(_))))
                        == Some(true) => {}
                answer => {
                    let _ = thread.try_set(Some(answer));
                }
            }
        });
    };
    look();
    let timer = set_interval_with_handle(
        move || {
            if !document().hidden() {
                look();
            }
        },
        PAUSE,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    view! {
        <section class="talk" aria-labelledby="talk">
            <h2 id="talk">{t("Trao đổi")}
                {move || (unread.get() > 0).then(|| view! { " "<span class="chip attention">{fill("{} tin mới", &[&unread.get()])}</span> })}
            </h2>
            {move || match thread.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(thread)) => view! {
                    <ol class="thread">
                        {thread.messages.into_iter().map(|message| view! { <One supplied=supplied.contains(&message.at) message officer/> }).collect_view()}
                    </ol>
                }.into_any(),
            }}
            <Write dossier officer thread/>
        </section>
    }
}

#[component]
fn One(message: Message, officer: bool, supplied: bool) -> impl IntoView {
    let own = message.author
        == if officer {
            Author::Officer
        } else {
            Author::Citizen
        };
    let (class, who) = match message.author {
        Author::Portal => ("auto", t("Thông báo tự động").to_owned()),
        _ if own => ("own", fill("Bạn ({})", &[&message.name])),
        Author::Officer => ("", fill("Cán bộ {}", &[&message.name])),
        Author::Citizen => ("", fill("Người nộp {}", &[&message.name])),
    };
    view! {
        <li class=class>
            <p class="who">{who}" · "<time>{format::moment(message.at)}</time></p>
            {message.status.map(|status| view! {
                <p>{if supplied { t("Công dân đã bổ sung hồ sơ").to_owned() } else { fill("Trạng thái mới: {}", &[&text::status(status)]) }}</p>
            })}
            {(!message.body.is_empty()).then(|| view! { <p class="words-of">{message.body}</p> })}
        </li>
    }
}

/// What is left in the box when a message was sent: whatever was written behind it, or all of it when it was changed before that.
fn after_sending<'a>(written: &'a str, sent: &str) -> &'a str {
    written
        .trim_start()
        .strip_prefix(sent)
        .map_or(written, str::trim_start)
}

#[component]
fn Write(
    dossier: Uuid,
    officer: bool,
    thread: RwSignal<Option<Result<Thread, api::ApiError>>>,
) -> impl IntoView {
    let state = session();
    let body = RwSignal::new(String::new());
    // The same number for another try, so that sending twice is sending once.
    let id = StoredValue::new(Uuid::new_v4());
    let busy = RwSignal::new(false);
    let wrong: RwSignal<Option<String>> = RwSignal::new(None);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let text = body.get_untracked().trim().to_owned();
        if text.is_empty() {
            return wrong.set(Some(t("Vui lòng viết nội dung tin nhắn.").to_owned()));
        }
        if text.chars().count() > MESSAGE_CHARS_MAX {
            return wrong.set(Some(fill(
                "Tin nhắn dài quá {} ký tự. Vui lòng viết ngắn hơn hoặc gửi làm nhiều tin.",
                &[&MESSAGE_CHARS_MAX],
            )));
        }
        wrong.set(None);
        busy.set(true);
        let message = SendMessage {
            id: id.get_value(),
            body: text,
        };
        spawn_local(async move {
            match api::after::write(officer, dossier, &message).await {
                Ok(newest) => {
                    if !officer {
                        // The next look may come after the network went.
                        keep(state, &name(dossier), &newest);
                    }
                    let _ = thread.try_set(Some(Ok(newest)));
                    say(t("Đã gửi tin nhắn."));
                    // What was typed on meanwhile is the next message.
                    let _ = body.try_update(|body| {
                        *body = after_sending(body, &message.body).to_owned();
                    });
                    let _ = id.try_set_value(Uuid::new_v4());
                }
                Err(error) => {
                    let _ = wrong.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let hint = if officer {
        t("Công dân nhận được thông báo. Không viết mật khẩu hay mã PIN.")
    } else {
        t("Cán bộ giải quyết hồ sơ đọc được. Không viết mật khẩu hay mã PIN.")
    };
    view! {
        <form class="write" on:submit=send>
            <LongField id="message" label=t("Viết tin nhắn") hint value=body on_input=move |text| body.set(text) error=wrong/>
            <p><button type="submit" class="button primary" aria-busy=move || busy.get().to_string() disabled=move || busy.get()>{t("Gửi tin nhắn")}</button></p>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::after_sending;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn words_typed_while_a_message_is_being_sent_stay() {
        assert_eq!(after_sending(" Xin chào. ", "Xin chào."), "");
        assert_eq!(
            after_sending("Xin chào. Tôi đã nộp", "Xin chào."),
            "Tôi đã nộp"
        );
        assert_eq!(after_sending("Chào anh", "Xin chào."), "Chào anh");
    }
}
