//! `THÊM MỚI`: one profile.

use super::image;
use crate::part::field::{ChoiceField, ErrorSummary, TextField};
use crate::part::focus;
use crate::part::notice::{Notice, Tone};
use crate::text::{fill, n, t};
use crate::{api, text};
use contract::profile::{ProfileContent, ProviderAccount, SaveProfile, SignatureProfile};
use contract::provider::{ProviderCode, ProviderInfo};
use contract::value::Base64;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

const NO_NAME: &str = n("Tên chữ ký: vui lòng nhập mục này.");
const NO_PHONE: &str = n("Số điện thoại ký số: nhập 10 chữ số, bắt đầu bằng 0.");
const NO_KEYWORD: &str =
    n("Từ khóa định vị vị trí: vui lòng nhập chữ in ở chỗ cần ký, ví dụ NGƯỜI LÀM ĐƠN.");
const NO_ACCOUNT: &str = n("Tài khoản: nhập số CMND (9 chữ số) hoặc CCCD (12 chữ số).");
const NO_PROVIDER: &str = n("Nhà cung cấp: vui lòng chọn.");

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
    let error = move |id: String| {
        Signal::derive(move || {
            errors.with(|errors| {
                errors
                    .iter()
                    .find(|(field, _)| *field == id)
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
                        let _ = trouble.try_set(Some(t(sentence).to_owned()));
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
        let mut wrong: Vec<(String, String)> = Vec::new();
        let mut note =
            |id: String, sentence: &'static str| wrong.push((id, t(sentence).to_owned()));
        let own_name = name.get_untracked().parse();
        let own_phone = phone.get_untracked().parse();
        let own_keyword = keyword.get_untracked().parse();
        if own_name.is_err() {
            note("profile-name".into(), NO_NAME);
        }
        if own_phone.is_err() {
            note("profile-phone".into(), NO_PHONE);
        }
        if own_keyword.is_err() {
            note("profile-keyword".into(), NO_KEYWORD);
        }
        let mut accounts = Vec::new();
        for row in rows.get_untracked() {
            let citizen_id = row.citizen_id.parse();
            let provider = ProviderCode::try_from(row.provider.clone());
            if citizen_id.is_err() {
                note(format!("account-{}", row.number), NO_ACCOUNT);
            }
            if provider.is_err() {
                note(format!("provider-{}", row.number), NO_PROVIDER);
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
            <p class="hint">{if id.is_some() { t("Sửa mẫu chữ ký") } else { t("THÊM MỚI") }}</p>
            <ErrorSummary errors=errors/>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <div class="picture">
                <div class="checker">
                    {move || match picture.get() {
                        Some(image) => view! { <img src=super::image_address(&image) alt=t("Ảnh chữ ký đã chọn")/> }.into_any(),
                        None => view! { <span class="hint">{t("Chưa có ảnh")}</span> }.into_any(),
                    }}
                </div>
                <div>
                    <label class="button" for="profile-image">{t("Tải ảnh lên")}</label>
                    <input id="profile-image" type="file" accept="image/png,image/jpeg" class="visually-hidden" on:change=choose/>
                    <p class="hint">{t("PNG hoặc JPEG. Nền trắng được làm trong suốt ngay trên máy của bạn.")}</p>
                    <Show when=move || picture.get().is_some()>
                        <button type="button" class="button small" on:click=move |_| picture.set(None)>{t("Bỏ ảnh")}</button>
                    </Show>
                </div>
            </div>
            <TextField id="profile-name" label=t("Tên chữ ký") required=true value=name on_input=move |text| name.set(text) error=error("profile-name".into())/>
            <TextField id="profile-phone" label=t("Số điện thoại ký số") kind="tel" width="middle" autocomplete="tel" hint=t("Số đã đăng ký với nhà cung cấp.") required=true value=phone on_input=move |text| phone.set(text) error=error("profile-phone".into())/>
            <TextField id="profile-keyword" label=t("Từ khóa định vị vị trí") hint=t("Chữ in trong tài liệu ở chỗ cần ký.") required=true value=keyword on_input=move |text| keyword.set(text) error=error("profile-keyword".into())/>
            <fieldset>
                <legend>{t("Tài khoản nhà cung cấp")}</legend>
                <For each=move || rows.get() key=|row| row.number children=move |row| {
                    let number = row.number;
                    let set = move |edit: fn(&mut Row, String), text: String| {
                        rows.update(|rows| {
                            if let Some(row) = rows.iter_mut().find(|row| row.number == number) {
                                edit(row, text);
                            }
                        });
                    };
                    let (citizen_id, provider) = (RwSignal::new(row.citizen_id), RwSignal::new(row.provider));
                    let offered = Signal::derive(move || {
                        providers
                            .get()
                            .into_iter()
                            .map(|info| {
                                let shown = if info.available { info.name } else { fill("{} (chưa kết nối)", &[&info.name]) };
                                (info.code.as_str().to_owned(), shown)
                            })
                            .collect::<Vec<_>>()
                    });
                    view! {
                        <div class="account-row">
                            <div class="field">
                                <label for=format!("kind-{number}")>{t("Loại chữ ký số")}</label>
                                <select id=format!("kind-{number}")><option>"NEAC Sign"</option></select>
                            </div>
                            <TextField id=format!("account-{number}") label=t("Tài khoản") keyboard="numeric" required=true
                                value=citizen_id error=error(format!("account-{number}"))
                                on_input=move |text: String| {
                                    citizen_id.set(text.clone());
                                    set(|row, text| row.citizen_id = text, text);
                                }/>
                            <ChoiceField id=format!("provider-{number}") label=t("Nhà cung cấp") required=true options=offered
                                value=provider error=error(format!("provider-{number}"))
                                on_input=move |text: String| {
                                    provider.set(text.clone());
                                    set(|row, text| row.provider = text, text);
                                }/>
                            <button type="button" class="button small" aria-label=fill("Bỏ mục {}", &[&(number + 1)]) on:click=move |_| rows.update(|rows| rows.retain(|row| row.number != number))>{t("Bỏ")}</button>
                        </div>
                    }
                }/>
                <button type="button" class="button" on:click=add_row>{t("+ Thêm thông tin")}</button>
            </fieldset>
            <div class="row end">
                <button type="button" class="button" on:click=move |_| on_close()>{t("Đóng")}</button>
                <button type="submit" class="button primary" disabled=move || busy.get()>{t("Lưu lại")}</button>
            </div>
        </form>
    }
}
