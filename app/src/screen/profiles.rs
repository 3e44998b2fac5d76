//! `Cập nhật chữ ký`: signature profiles.

mod edit;
mod image;

use crate::part::dialog::Dialog;
use crate::part::empty::Empty;
use crate::part::icon::Shape;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::table::{Cell, Column, Table, words};
use crate::part::title;
use crate::part::toast::say;
use crate::session::{Who, session};
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::profile::{SaveProfile, SignatureProfile};
use contract::provider::ProviderInfo;
use contract::value::Base64;
use edit::Edit;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The screen.
#[component]
pub fn Profiles() -> impl IntoView {
    title(t("Cập nhật chữ ký"));
    let state = session();
    view! {
        <div class="wrap">
            <h1>{t("Cập nhật chữ ký")}</h1>
            {move || match state.who.get() {
                Who::Asking => view! { <Loading/> }.into_any(),
                Who::Nobody => view! { <super::dossier::SignInFirst/> }.into_any(),
                Who::Somebody(_) => view! { <List/> }.into_any(),
            }}
        </div>
    }
}

/// An image kept in memory as an address an `<img>` can show.
pub fn image_address(image: &Base64) -> String {
    format!("data:image/png;base64,{}", String::from(image.clone()))
}

fn columns() -> Vec<Column> {
    words([
        t("Tên chữ ký"),
        t("Ảnh chữ ký"),
        t("Số điện thoại ký số"),
        t("Từ khóa định vị vị trí"),
        t("Ngày cập nhật"),
        t("Thao tác"),
    ])
}

#[component]
fn List() -> impl IntoView {
    let profiles: RwSignal<Option<Vec<SignatureProfile>>> = RwSignal::new(None);
    let providers: RwSignal<Vec<ProviderInfo>> = RwSignal::new(Vec::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let reload = move || {
        spawn_local(async move {
            match crate::signing::known::profiles().await {
                Ok(list) => {
                    let _ = profiles.try_set(Some(list));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    reload();
    spawn_local(async move {
        let _ = providers.try_set(api::providers().await.unwrap_or_default());
    });
    let open = RwSignal::new(false);
    let editing: RwSignal<Option<SignatureProfile>> = RwSignal::new(None);
    let deleting: RwSignal<Option<SignatureProfile>> = RwSignal::new(None);
    let ask_delete = RwSignal::new(false);
    let run = move |result: Result<(), api::ApiError>, done: &'static str| match result {
        Ok(()) => {
            trouble.set(None);
            say(done);
            reload();
        }
        Err(error) => trouble.set(Some(text::api(&error))),
    };
    let make_default = move |profile: SignatureProfile| {
        spawn_local(async move {
            let save = SaveProfile {
                content: profile.content,
                is_default: true,
                version: Some(profile.version),
            };
            let saved = api::save_profile(Some(profile.id), &save).await;
            run(saved.map(|_| ()), t("Đã đổi mẫu chữ ký mặc định."));
            crate::part::focus(format!("edit-{}", profile.id));
        });
    };
    let row = move |profile: SignatureProfile| {
        let (edit, standard, delete) = (profile.clone(), profile.clone(), profile.clone());
        let is_default = profile.is_default;
        let content = profile.content;
        let name = content.name.to_string();
        let (titled, image) = (name.clone(), content.image.as_ref().map(image_address));
        vec![
            Cell::of(
                view! { {titled.clone()}{is_default.then(|| view! { " "<span class="chip">{t("Mặc định")}</span> })} },
            ),
            match image {
                Some(address) => Cell::of(
                    view! { <img class="thumb" src=address alt=fill("Ảnh chữ ký {}", &[&titled])/> },
                ),
                None => Cell::of(view! { <span class="hint">{t("Không có")}</span> }),
            },
            Cell::of(content.phone.to_string()),
            Cell::of(content.keyword.to_string()),
            Cell::of(format::moment(profile.updated_at)),
            Cell::of(view! {
                <span class="row">
                    <button type="button" class="button small" id=format!("edit-{}", profile.id) aria-label=fill("Sửa {}", &[&name]) on:click=move |_| {
                        editing.set(Some(edit.clone()));
                        open.set(true);
                    }>{t("Sửa")}</button>
                    {(!is_default).then(|| {
                        let label = fill("Đặt {} làm mặc định", &[&name]);
                        view! { <button type="button" class="button small" aria-label=label on:click=move |_| make_default(standard.clone())>{t("Mặc định")}</button> }
                    })}
                    <button type="button" class="button small" aria-label=fill("Xóa {}", &[&name]) on:click=move |_| {
                        deleting.set(Some(delete.clone()));
                        ask_delete.set(true);
                    }>{t("Xóa")}</button>
                </span>
            }),
        ]
    };
    view! {
        <p>{t("Mẫu chữ ký gồm ảnh, số điện thoại, từ khóa vị trí và tài khoản tại nhà cung cấp.")}</p>
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        <p>
            <button type="button" class="button primary" id="add-profile" on:click=move |_| {
                editing.set(None);
                open.set(true);
            }>{t("+ Thêm chữ ký")}</button>
        </p>
        {move || match profiles.get() {
            None => view! { <Loading/> }.into_any(),
            Some(list) if list.is_empty() => view! {
                <Empty shape=Shape::Pen title=t("Bạn chưa có mẫu chữ ký nào.")>
                    <p>{t("Tạo một mẫu khoảng 1 phút; sau đó bạn ký được mọi hồ sơ.")}</p>
                </Empty>
            }.into_any(),
            Some(list) => view! {
                <Table caption=t("Mẫu chữ ký của bạn") class="profiles" columns=columns() rows=list.into_iter().map(row).collect()/>
            }.into_any(),
        }}
        <Dialog open title=t("Mẫu chữ ký")>
            <Edit
                profile=editing.get_untracked()
                providers=providers
                on_saved=move || {
                    open.set(false);
                    say(t("Đã lưu mẫu chữ ký."));
                    reload();
                }
                on_close=move || open.set(false)
            />
        </Dialog>
        <Dialog open=ask_delete title=t("Xóa mẫu chữ ký?")>
            <p>{move || deleting.get().map(|profile| fill("Mẫu “{}” sẽ bị xóa. Các tệp đã ký không thay đổi.", &[&profile.content.name]))}</p>
            <div class="row end">
                <button type="button" class="button" on:click=move |_| ask_delete.set(false)>{t("Giữ lại")}</button>
                <button type="button" class="button danger" on:click=move |_| {
                    ask_delete.set(false);
                    if let Some(profile) = deleting.get_untracked() {
                        spawn_local(async move {
                            run(api::delete_profile(profile.id).await, t("Đã xóa mẫu chữ ký."));
                            // The row goes, and the button that asked with it.
                            crate::part::focus("add-profile");
                        });
                    }
                }>{t("Xóa")}</button>
            </div>
        </Dialog>
    }
}
