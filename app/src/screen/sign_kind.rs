//! `Cấu hình loại ký số`: how a person signs unless they choose otherwise: the kind, the profile that comes first, what it shows.

use super::sign::look::{Look, modes, needs_image};
use crate::api::{self, Answer};
use crate::draft::habit::{Habit, recall, remember};
use crate::part::empty::Empty;
use crate::part::icon::Shape;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::part::toast::say;
use crate::session::{Who, session};
use crate::signing::known;
use crate::text::{self, n, t};
use contract::appearance::AppearanceMode;
use contract::profile::{SaveProfile, SignatureProfile};
use contract::provider::ProviderInfo;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use uuid::Uuid;

const HEADING: &str = n("Cấu hình loại ký số");

/// The screen.
#[component]
pub fn SignKind() -> impl IntoView {
    title(t(HEADING));
    let state = session();
    let whose = Memo::new(move |_| match state.who.get() {
        Who::Asking => None,
        Who::Nobody => Some(None),
        Who::Somebody(account) => Some(Some(account.id)),
    });
    view! {
        <div class="wrap narrow">
            <h1>{t(HEADING)}</h1>
            <p class="lead">{t("Khi ký, cổng dùng sẵn những lựa chọn này. Ở từng tài liệu bạn vẫn đổi được.")}</p>
            <section class="card" aria-labelledby="kind">
                <h2 id="kind">{t("Loại chữ ký số")}</h2>
                <p><strong>"NEAC Sign"</strong>" · "{t("ký số từ xa: khóa ký nằm ở nhà cung cấp, bạn xác nhận bằng mã PIN trên điện thoại.")}</p>
                <p class="hint">{t("Cổng chưa ký bằng USB Token và SIM ký số. Tệp đã ký bằng những cách đó vẫn nộp và kiểm tra được.")}</p>
            </section>
            {move || match whose.get() {
                None => view! { <Loading/> }.into_any(),
                Some(None) => view! { <super::dossier::SignInFirst/> }.into_any(),
                Some(Some(account)) => view! { <Choices account/> }.into_any(),
            }}
        </div>
    }
}

/// The provider accounts of a profile, as people know them.
fn accounts(profile: &SignatureProfile, providers: &[ProviderInfo]) -> String {
    let accounts = profile.content.accounts.iter();
    accounts
        .map(|account| {
            let known = providers
                .iter()
                .find(|provider| provider.code == account.provider);
            let name = known.map_or(account.provider.as_str(), |provider| &provider.name);
            format!("{} - {name}", account.citizen_id)
        })
        .collect::<Vec<_>>()
        .join(", ")
}

#[component]
fn Choices(account: Uuid) -> impl IntoView {
    let profiles: RwSignal<Option<Answer<Vec<SignatureProfile>>>> = RwSignal::new(None);
    let providers: RwSignal<Vec<ProviderInfo>> = RwSignal::new(Vec::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let ask = move || {
        spawn_local(async move {
            let _ = profiles.try_set(Some(known::profiles().await));
        });
    };
    ask();
    spawn_local(async move {
        let _ = providers.try_set(api::providers().await.unwrap_or_default());
    });
    let first = move |profile: &SignatureProfile| {
        let (id, save) = (
            profile.id,
            SaveProfile {
                content: profile.content.clone(),
                is_default: true,
                version: Some(profile.version),
            },
        );
        spawn_local(async move {
            match api::save_profile(Some(id), &save).await {
                Ok(_) => {
                    let _ = trouble.try_set(None);
                    say(t("Đã đổi mẫu chữ ký mặc định."));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            // Also after a failure: the mark goes back to what is kept.
            ask();
        });
    };
    let standard = Memo::new(move |_| {
        profiles.with(|known| match known {
            Some(Ok(list)) => list.iter().find(|profile| profile.is_default).cloned(),
            _ => None,
        })
    });
    view! {
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || match profiles.get() {
            None => view! { <Loading/> }.into_any(),
            Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
            Some(Ok(list)) if list.is_empty() => view! {
                <Empty shape=Shape::Pen title=t("Bạn chưa có mẫu chữ ký nào.")>
                    <p>{t("Tạo một mẫu khoảng 1 phút; sau đó bạn ký được mọi hồ sơ.")}</p>
                    <p><A href="/chu-ky" attr:class="button primary">{t("Cập nhật chữ ký")}</A></p>
                </Empty>
            }.into_any(),
            Some(Ok(list)) => view! {
                <fieldset class="section">
                    <legend>{t("Mẫu chữ ký dùng trước")}</legend>
                    {list.into_iter().map(|profile| {
                        let (name, is_default) = (profile.content.name.to_string(), profile.is_default);
                        let shown = profile.clone();
                        view! {
                            <label class="choice">
                                <input type="radio" name="first-profile" prop:checked=is_default on:change=move |_| first(&profile)/>
                                <span>{name}" "<span class="hint">{move || providers.with(|providers| accounts(&shown, providers))}</span></span>
                            </label>
                        }
                    }).collect_view()}
                    <p><A href="/chu-ky">{t("Thêm, sửa mẫu chữ ký")}</A></p>
                </fieldset>
            }.into_any(),
        }}
        {move || standard.get().map(|profile| view! { <Shows account profile/> })}
    }
}

/// What the signature of the first profile shows.
#[component]
fn Shows(account: Uuid, profile: SignatureProfile) -> impl IntoView {
    let (id, has_image) = (profile.id, profile.content.image.is_some());
    let look: RwSignal<Option<Look>> = RwSignal::new(None);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let habit = move || Habit::Look {
        account,
        profile: id,
    };
    spawn_local(async move {
        let known = recall(habit()).await.unwrap_or_default();
        let _ = look.try_set(Some(known));
    });
    let choose = move |mode: AppearanceMode| {
        let Some(mut chosen) = look.get_untracked() else {
            return;
        };
        chosen.mode = mode;
        spawn_local(async move {
            match remember(habit(), &chosen).await {
                Ok(()) => {
                    let _ = look.try_set(Some(chosen));
                    say(t("Đã lưu lựa chọn."));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::draft(error).to_owned()));
                    look.notify();
                }
            }
        });
    };
    view! {
        <fieldset class="section">
            <legend>{t("Hiển thị chữ ký")}</legend>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            {modes().map(|(mode, label)| view! {
                <label class="choice">
                    <input type="radio" name="shown-as" disabled=needs_image(mode) && !has_image
                        prop:checked=move || look.with(|look| look.as_ref().is_some_and(|look| look.mode == mode))
                        on:change=move |_| choose(mode)/>
                    <span>{label}</span>
                </label>
            }).collect_view()}
            {(!has_image).then(|| view! { <p class="hint">{t("Mẫu chữ ký này chưa có ảnh. Thêm ảnh trong Cập nhật chữ ký.")}</p> })}
            <p class="hint">{t("Lựa chọn này được nhớ trên thiết bị này.")}</p>
        </fieldset>
    }
}
