//! What the signature shows: mode and lines, chosen by the person and kept on the device for each profile.

use crate::part::placement::Placement;
use crate::text::{n, t};
use contract::appearance::{Appearance, AppearanceMode};
use contract::provider::CertificateInfo;
use contract::value::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Longest reason or place, in characters: more would not fit any box.
const WORDS_MAX: usize = 120;

/// What a profile's signature shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Text, image, both, or nothing.
    pub mode: AppearanceMode,
    /// `Thời gian ký`.
    pub time: bool,
    /// `Tổ chức cấp chứng thư`.
    pub issuer: bool,
    /// `Số định danh (che bớt)`.
    pub citizen_id: bool,
    /// `Số chứng thư`.
    pub serial: bool,
    /// `Lý do`.
    pub reason: String,
    /// `Nơi ký`.
    pub location: String,
    /// `Giữ tỉ lệ`: the box keeps the ratio of the image.
    pub keeps_ratio: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            mode: AppearanceMode::TextOnly,
            time: true,
            issuer: true,
            citizen_id: true,
            serial: false,
            reason: String::new(),
            location: String::new(),
            keeps_ratio: true,
        }
    }
}

/// Who signs, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Signer {
    /// The account's name, until the certificate tells it.
    pub name: String,
    /// The identity number, masked.
    pub masked_id: Option<String>,
    /// The certificate, once it is chosen.
    pub certificate: Option<CertificateInfo>,
}

/// Stands where the certificate's own words will be.
const LATER: &str = n("(theo chứng thư)");

impl Look {
    /// The appearance; `image` says whether the profile has one.
    pub fn appearance(&self, signer: &Signer, now: Timestamp, image: Option<&[u8]>) -> Appearance {
        let certificate = signer.certificate.as_ref();
        let told = |shown: bool, read: fn(&CertificateInfo) -> String| {
            shown.then(|| certificate.map_or_else(|| t(LATER).to_owned(), read))
        };
        let words = |text: &str| {
            let text: String = text.trim().chars().take(WORDS_MAX).collect();
            (!text.is_empty()).then_some(text)
        };
        Appearance {
            mode: if needs_image(self.mode) && image.is_none() {
                AppearanceMode::TextOnly
            } else {
                self.mode
            },
            signer: certificate.map_or_else(|| signer.name.clone(), |known| known.owner.clone()),
            signed_at: now,
            shows_time: self.time,
            issuer: told(self.issuer, |known| known.issuer.clone()),
            masked_id: signer.masked_id.clone().filter(|_| self.citizen_id),
            serial: told(self.serial, |known| known.serial.to_string()),
            reason: words(&self.reason),
            location: words(&self.location),
        }
    }
}

/// What a signature may show, in words.
pub fn modes() -> impl Iterator<Item = (AppearanceMode, &'static str)> {
    [
        (AppearanceMode::TextOnly, t("Chỉ văn bản")),
        (AppearanceMode::ImageOnly, t("Chỉ hình ảnh")),
        (AppearanceMode::ImageAndText, t("Hình ảnh và văn bản")),
        (AppearanceMode::Invisible, t("Ký không hiện hình")),
    ]
    .into_iter()
}

/// Whether the profile has to have an image for it.
pub const fn needs_image(mode: AppearanceMode) -> bool {
    matches!(
        mode,
        AppearanceMode::ImageOnly | AppearanceMode::ImageAndText
    )
}

/// The settings. `changed` is told after every change, to keep it.
#[component]
pub fn LookSettings(
    look: RwSignal<Look>,
    placement: Placement,
    /// Whether the profile has an image.
    #[prop(into)]
    has_image: Signal<bool>,
    changed: Callback<()>,
) -> impl IntoView {
    let mode = move || look.with(|look| look.mode);
    let edit = move |change: Box<dyn FnOnce(&mut Look)>| {
        look.update(change);
        changed.run(());
    };
    let line = move |label: &'static str, read: fn(&Look) -> bool, write: fn(&mut Look, bool)| {
        view! {
            <label>
                <input
                    type="checkbox"
                    prop:checked=move || look.with(read)
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        edit(Box::new(move |look| write(look, on)));
                    }
                />
                {label}
            </label>
        }
    };
    let words = move |id: &'static str,
                      label: &'static str,
                      read: fn(&Look) -> &String,
                      write: fn(&mut Look, String)| {
        view! {
            <div class="words">
                <label for=id>{label}</label>
                <input
                    id=id
                    type="text"
                    maxlength=WORDS_MAX.to_string()
                    autocomplete="off"
                    prop:value=move || look.with(|look| read(look).clone())
                    on:change=move |event| {
                        let typed = event_target_value(&event);
                        edit(Box::new(move |look| write(look, typed)));
                    }
                />
            </div>
        }
    };
    let shows_text = move || {
        matches!(
            mode(),
            AppearanceMode::TextOnly | AppearanceMode::ImageAndText
        )
    };
    view! {
        <fieldset class="modes">
            <legend>{t("Hiển thị chữ ký")}</legend>
            {modes()
                .map(|(this, label)| {
                    let needs_image = needs_image(this);
                    view! {
                        <label>
                            <input
                                type="radio"
                                name="mode"
                                disabled=move || needs_image && !has_image.get()
                                prop:checked=move || mode() == this
                                on:change=move |_| edit(Box::new(move |look| look.mode = this))
                            />
                            {label}
                        </label>
                    }
                })
                .collect_view()}
            <Show when=move || !has_image.get()>
                <p class="hint">{t("Mẫu chữ ký này chưa có ảnh. Thêm ảnh trong Cập nhật chữ ký.")}</p>
            </Show>
            <Show when=move || mode() == AppearanceMode::Invisible>
                <p class="hint">{t("Chữ ký số vẫn có đủ giá trị và được kiểm tra như thường, nhưng không có hình nào trên trang.")}</p>
            </Show>
            <Show when=move || mode() == AppearanceMode::ImageOnly && has_image.get()>
                {line(t("Giữ tỉ lệ ảnh khi đổi cỡ"), |look| look.keeps_ratio, |look, on| look.keeps_ratio = on)}
            </Show>
        </fieldset>
        <Show when=shows_text>
            <details class="lines">
                <summary>{t("Các dòng trong chữ ký")}</summary>
                <fieldset class="modes">
                    <legend class="visually-hidden">{t("Các dòng trong chữ ký")}</legend>
                    <p class="hint">{t("Họ tên luôn có. Dòng không đủ chỗ được bỏ cả dòng, từ dưới lên.")}</p>
                    {line(t("Thời gian ký"), |look| look.time, |look, on| look.time = on)}
                    {line(t("Tổ chức cấp chứng thư"), |look| look.issuer, |look, on| look.issuer = on)}
                    {line(t("Số định danh (che bớt)"), |look| look.citizen_id, |look, on| look.citizen_id = on)}
                    {line(t("Số chứng thư"), |look| look.serial, |look, on| look.serial = on)}
                    {words("look-reason", t("Lý do"), |look| &look.reason, |look, text| look.reason = text)}
                    {words("look-location", t("Nơi ký"), |look| &look.location, |look, text| look.location = text)}
                </fieldset>
            </details>
        </Show>
        <Show when=move || mode() != AppearanceMode::Invisible>
            <crate::part::placement::Marks placement/>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn signer() -> Signer {
        Signer {
            name: "Nguyễn Văn Mẫu".into(),
            masked_id: Some("0620•••011".into()),
            certificate: None,
        }
    }

    #[wasm_bindgen_test]
    fn a_look_shows_the_lines_that_were_chosen_and_no_others() {
        let look = Look {
            time: false,
            citizen_id: false,
            serial: true,
            reason: "  Đồng ý ".into(),
            ..Look::default()
        };
        let shown = look.appearance(&signer(), Timestamp(0), None);
        assert!(!shown.shows_time);
        assert_eq!(shown.masked_id, None);
        assert_eq!(shown.serial.as_deref(), Some(LATER));
        assert_eq!(shown.reason.as_deref(), Some("Đồng ý"));
        assert_eq!(shown.location, None);
    }

    #[wasm_bindgen_test]
    fn without_an_image_the_text_is_shown() {
        let look = Look {
            mode: AppearanceMode::ImageAndText,
            ..Look::default()
        };
        let without = look.appearance(&signer(), Timestamp(0), None);
        assert_eq!(without.mode, AppearanceMode::TextOnly);
        let with = look.appearance(&signer(), Timestamp(0), Some(b"png"));
        assert_eq!(with.mode, AppearanceMode::ImageAndText);
    }

    #[wasm_bindgen_test]
    fn looks_of_an_older_version_are_read_with_what_is_new() {
        let old: Look = serde_json::from_str(r#"{"mode":"image-only"}"#).expect("a look");
        assert_eq!(old.mode, AppearanceMode::ImageOnly);
        assert!(old.time && old.keeps_ratio);
    }
}
