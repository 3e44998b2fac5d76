//! `Thông báo`: what happened to one's dossiers, messages, reminders.

use crate::part::bell;
use crate::part::empty::Empty;
use crate::part::icon::Shape;
use crate::part::notice::{Loading, Notice as Sentence, Tone};
use crate::part::seen::{Old, Seen, kept_at, seen, take, value, when_reached};
use crate::part::title;
use crate::session::{Who, session};
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::notice::{Notice, NoticeAbout, Notices, ReminderAbout};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// The screen.
#[component]
pub fn NoticeList() -> impl IntoView {
    title(t("Thông báo"));
    let state = session();
    let shown: RwSignal<Option<Result<Seen<Notices>, api::ApiError>>> = RwSignal::new(None);
    let (kept_at, found) = (kept_at(shown), value(shown));
    let fetch = move || {
        spawn_local(async move {
            take(shown, seen(state, "notices", api::after::notices()).await);
        });
    };
    when_reached(state, fetch);
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let all = move |_| {
        spawn_local(async move {
            match api::after::mark_notices(None).await {
                Ok(_) => {
                    let _ = trouble.try_set(None);
                    bell::changed();
                    fetch();
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <div class="wrap narrow">
            <h1>{t("Thông báo")}</h1>
            {move || trouble.get().map(|error| view! { <Sentence tone=Tone::Bad>{text::api(&error)}</Sentence> })}
            <Old kept_at/>
            {move || match (state.who.get(), found.get()) {
                (Who::Nobody, _) => view! { <super::dossier::SignInFirst/> }.into_any(),
                (_, None) => view! { <Loading/> }.into_any(),
                (_, Some(Err(error))) => view! { <Sentence tone=Tone::Bad>{text::api(&error)}</Sentence> }.into_any(),
                (_, Some(Ok(list))) if list.notices.is_empty() => view! {
                    <Empty shape=Shape::Plane title=t("Chưa có thông báo nào.")>
                        <p>{t("Khi hồ sơ của bạn có thay đổi, thông báo sẽ hiện ở đây.")}</p>
                    </Empty>
                }.into_any(),
                (_, Some(Ok(list))) => view! {
                    <p class="row between">
                        <span role="status">{match list.unread { 0 => t("Bạn đã đọc hết.").to_owned(), number => fill("{} thông báo chưa đọc", &[&number]) }}</span>
                        {(list.unread > 0).then(|| view! { <button type="button" class="button small" on:click=all>{t("Đánh dấu đã đọc tất cả")}</button> })}
                    </p>
                    <ul class="notices">{list.notices.into_iter().map(|notice| view! { <One notice/> }).collect_view()}</ul>
                }.into_any(),
            }}
            <p><A href="/nhac-viec">{t("Chọn thông báo nhận qua email, đăng ký nhắc việc")}</A></p>
        </div>
    }
}

/// What a notice says: its sentence, what stands below, and where it leads.
fn told(about: &NoticeAbout) -> (String, String, String) {
    match about {
        NoticeAbout::Status {
            dossier,
            code,
            procedure_name,
            status,
        } => (
            fill("Hồ sơ {}: {}", &[code, &text::status(*status)]),
            procedure_name.clone(),
            format!("/quan-ly-ho-so/{dossier}"),
        ),
        NoticeAbout::Message {
            dossier,
            code,
            procedure_name,
        } => (
            fill("Cán bộ gửi tin nhắn về hồ sơ {}", &[code]),
            procedure_name.clone(),
            format!("/quan-ly-ho-so/{dossier}"),
        ),
        NoticeAbout::Payment {
            dossier,
            code,
            procedure_name,
            act,
        } => (
            fill("Hồ sơ {}: {}", &[code, &crate::part::bill::happened(*act)]),
            procedure_name.clone(),
            format!("/thanh-toan/{dossier}"),
        ),
        NoticeAbout::Reminder { about, title, at } => {
            let day = format::day(*at);
            let (sentence, address) = match about {
                ReminderAbout::Dossier { dossier } => (
                    fill("Ngày {} là ngày hẹn trả kết quả", &[&day]),
                    format!("/quan-ly-ho-so/{dossier}"),
                ),
                ReminderAbout::Certificate { .. } => (
                    fill("Chứng thư số hết hạn ngày {}", &[&day]),
                    "/nhac-viec".to_owned(),
                ),
                ReminderAbout::Note { .. } => {
                    (fill("Nhắc việc ngày {}", &[&day]), "/nhac-viec".to_owned())
                }
            };
            (sentence, title.clone(), address)
        }
    }
}

#[component]
fn One(notice: Notice) -> impl IntoView {
    let (sentence, below, address) = told(&notice.about);
    let (id, read) = (notice.id, notice.read);
    // The link is followed at once; the mark goes beside it.
    let mark = move |_| {
        if !read {
            spawn_local(async move {
                if api::after::mark_notices(Some(id)).await.is_ok() {
                    bell::changed();
                }
            });
        }
    };
    view! {
        <li class=if read { "" } else { "new" }>
            <A href=address on:click=mark>{sentence}</A>
            {(!read).then(|| view! { " "<span class="chip attention">{t("Mới")}</span> })}
            <p>{below}</p>
            <p class="hint">{format::moment(notice.at)}</p>
        </li>
    }
}
