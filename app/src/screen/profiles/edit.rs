//! `THÊM MỚI`: one profile.

use super::image;
use crate::part::field::{ErrorSummary, TextField};
use crate::part::focus;
use crate::part::notice::{Notice, Tone};
use crate::{api, text};
use contract::profile::{ProfileContent, ProviderAccount, SaveProfile, SignatureProfile};
use contract::provider::{ProviderCode, ProviderInfo};
use contract::value::Base64;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

/// A row of `+ Thêm thông tin` as typed.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    number: u32,
    citizen_id: String,
    provider: String,
}

/// The form inside the dialog.
#[component]
pub fn Edit(
    /// What is edited; none for a new one.
    profile: Option<SignatureProfile>,
    providers: RwSignal<Vec<ProviderInfo>>,
    on_saved: impl Fn() + Copy + Send + Sync + 'static,
    on_close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let (id, version, is_default) = profile.as_ref().map_or((None, None, false), |profile| {
        (Some(profile.id), Some(profile.version), profile.is_default)
    });
    let content = profile.map(|profile| profile.content);
    let text_of = |read: fn(&ProfileContent) -> String| {
        RwSignal::new(content.as_ref().map(read).unwrap_or_default())
    };
    let name = text_of(|content| content.name.to_string());
    let phone = text_of(|content| content.phone.to_string());
    let keyword = text_of(|content| content.keyword.to_string());
    let picture: RwSignal<Option<Base64>> =
        RwSignal::new(content.as_ref().and_then(|content| content.image.clone()));
    let rows: RwSignal<Vec<Row>> = RwSignal::new(
        (0_u32..)
            .zip(content.into_iter().flat_map(|content| content.accounts))
            .map(|(number, account)| Row {
                number,
                citizen_id: account.citizen_id.to_string(),
                provider: account.provider.as_str().to_owned(),
            })
            .collect(),
    );
    let errors: RwSignal<Vec<(String, String)>> = RwSignal::new(Vec::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let error = move |id: &'static str| {
        Signal::derive(move || {
            errors.with(|errors| {
                errors
                    .iter()
                    .find(|(field, _)| field == id)
                    .map(|(_, sentence)| sentence.clone())
            })
        })
    };
    let choose = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            spawn_local(async move {
                match image::prepare(&file).await {
                    Ok(bytes) => {
                        let _ = trouble.try_set(None);
                        let _ = picture.try_set(Some(Base64(bytes)));
                    }
                    Err(sentence) => {
                        let _ = trouble.try_set(Some(sentence.to_owned()));
                    }
                }
            });
        }
        input.set_value("");
    };
    let add_row = move |_| {
        rows.update(|rows| {
            let number = rows.iter().map(|row| row.number + 1).max().unwrap_or(0);
            rows.push(Row {
                number,
                citizen_id: String::new(),
                provider: String::new(),
            });
        });
    };
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let mut wrong = Vec::new();
        let mut note = |id: String, sentence: String| wrong.push((id, sentence));
        let own_name = name.get_untracked().parse();
        let own_phone = phone.get_untracked().parse();
        let own_keyword = keyword.get_untracked().parse();
        if own_name.is_err() {
            note(
                "profile-name".into(),
                "Tên chữ ký: vui lòng nhập mục này.".into(),
            );
        }
        if own_phone.is_err() {
            note(
                "profile-phone".into(),
                "Số điện thoại ký số: nhập 10 chữ số, bắt đầu bằng 0.".into(),
            );
        }
        if own_keyword.is_err() {
            note(
                "profile-keyword".into(),
                "Từ khóa định vị vị trí: vui lòng nhập chữ in ở chỗ cần ký, ví dụ NGƯỜI LÀM ĐƠN."
                    .into(),
            );
        }
        let mut accounts = Vec::new();
        for row in rows.get_untracked() {
            let citizen_id = row.citizen_id.parse();
            let provider = ProviderCode::try_from(row.provider.clone());
            if citizen_id.is_err() {
                note(
                    format!("account-{}", row.number),
                    "Tài khoản: nhập số CMND (9 chữ số) hoặc CCCD (12 chữ số).".into(),
                );
            }
            if provider.is_err() {
                note(
                    format!("provider-{}", row.number),
                    "Nhà cung cấp: vui lòng chọn.".into(),
                );
            }
            if let (Ok(citizen_id), Ok(provider)) = (citizen_id, provider) {
                accounts.push(ProviderAccount {
                    citizen_id,
                    provider,
                });
            }
        }
        let failed = !wrong.is_empty();
        errors.set(wrong);
        let (Ok(own_name), Ok(own_phone), Ok(own_keyword), false) =
            (own_name, own_phone, own_keyword, failed)
        else {
            focus("error-summary");
            return;
        };
        let save = SaveProfile {
            content: ProfileContent {
                name: own_name,
                phone: own_phone,
                keyword: own_keyword,
                image: picture.get_untracked(),
                accounts,
            },
            is_default,
            version,
        };
        busy.set(true);
        spawn_local(async move {
            match api::save_profile(id, &save).await {
                Ok(_) => on_saved(),
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <form novalidate on:submit=save>
            <p class="hint">{if id.is_some() { "Sửa mẫu chữ ký" } else { "THÊM MỚI" }}</p>
            <ErrorSummary errors=errors/>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <div class="picture">
                <div class="checker">
                    {move || match picture.get() {
                        Some(image) => view! { <img src=super::image_address(&image) alt="Ảnh chữ ký đã chọn"/> }.into_any(),
                        None => view! { <span class="hint">"Chưa có ảnh"</span> }.into_any(),
                    }}
                </div>
                <div>
                    <label class="button" for="profile-image">"Tải ảnh lên"</label>
                    <input id="profile-image" type="file" accept="image/png,image/jpeg" class="visually-hidden" on:change=choose/>
                    <p class="hint">"PNG hoặc JPEG. Nền trắng được làm trong suốt ngay trên máy của bạn."</p>
                    <Show when=move || picture.get().is_some()>
                        <button type="button" class="button small" on:click=move |_| picture.set(None)>"Bỏ ảnh"</button>
                    </Show>
                </div>
            </div>
            <TextField id="profile-name" label="Tên chữ ký" required=true value=name on_input=move |text| name.set(text) error=error("profile-name")/>
            <TextField id="profile-phone" label="Số điện thoại ký số" kind="tel" hint="Số đã đăng ký với nhà cung cấp." required=true value=phone on_input=move |text| phone.set(text) error=error("profile-phone")/>
            <TextField id="profile-keyword" label="Từ khóa định vị vị trí" hint="Chữ in trong tài liệu ở chỗ cần ký." required=true value=keyword on_input=move |text| keyword.set(text) error=error("profile-keyword")/>
            <fieldset>
                <legend>"Tài khoản nhà cung cấp"</legend>
                <For each=move || rows.get() key=|row| row.number children=move |row| {
                    let number = row.number;
                    let set = move |edit: fn(&mut Row, String), text: String| {
                        rows.update(|rows| {
                            if let Some(row) = rows.iter_mut().find(|row| row.number == number) {
                                edit(row, text);
                            }
                        });
                    };
                    let provider = row.provider.clone();
                    view! {
                        <div class="account-row">
                            <div class="field">
                                <label for=format!("kind-{number}")>"Loại chữ ký số"</label>
                                <select id=format!("kind-{number}")><option>"NEAC Sign"</option></select>
                            </div>
                            <div class="field">
                                <label for=format!("account-{number}")>"Tài khoản"<span class="star" aria-hidden="true">" *"</span></label>
                                <input id=format!("account-{number}") inputmode="numeric" autocomplete="off" prop:value=row.citizen_id.clone()
                                    on:input=move |event| set(|row, text| row.citizen_id = text, event_target_value(&event))/>
                            </div>
                            <div class="field">
                                <label for=format!("provider-{number}")>"Nhà cung cấp"<span class="star" aria-hidden="true">" *"</span></label>
                                <select id=format!("provider-{number}") on:change=move |event| set(|row, text| row.provider = text, event_target_value(&event))>
                                    <option value="">"Chọn…"</option>
                                    {move || {
                                        let chosen = provider.clone();
                                        providers.get().into_iter().map(move |info| {
                                            let code = info.code.as_str().to_owned();
                                            let selected = code == chosen;
                                            let shown = if info.available { info.name } else { format!("{} (chưa kết nối)", info.name) };
                                            view! { <option value=code selected=selected>{shown}</option> }
                                        }).collect_view()
                                    }}
                                </select>
                            </div>
                            <button type="button" class="button small" on:click=move |_| rows.update(|rows| rows.retain(|row| row.number != number))>"Bỏ"</button>
                        </div>
                    }
                }/>
                <button type="button" class="button" on:click=add_row>"+ Thêm thông tin"</button>
            </fieldset>
            <div class="row end">
                <button type="button" class="button" on:click=move |_| on_close()>"Đóng"</button>
                <button type="submit" class="button primary" disabled=move || busy.get()>"Lưu lại"</button>
            </div>
        </form>
    }
}
