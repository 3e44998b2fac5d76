//! The keyboard map of the signing screen.

use crate::text::t;
use leptos::prelude::*;

/// The keyboard map.
#[component]
pub fn Keys(
    /// Whether there are several files to go through.
    several: bool,
) -> impl IntoView {
    let rows = [
        (t("Mũi tên"), t("dời 1 mm (Shift: 5 mm, Ctrl: 0,1 mm)")),
        (t("Alt + mũi tên"), t("đổi cỡ 1 mm (thêm Shift: 5 mm)")),
        ("Page Up, Page Down", t("sang trang trước, trang sau")),
        ("Home, End", t("trang đầu, trang cuối")),
        ("Delete", t("xóa ô")),
        ("Ctrl + Z, Ctrl + Y", t("hoàn tác, làm lại")),
        ("Ctrl + C, V, D", t("sao chép, dán, nhân đôi")),
        ("Esc", t("rời ô, về trang")),
        ("Ctrl + Enter", t("chọn vị trí ký")),
    ];
    let turn = several.then_some(("Alt + Page Up, Page Down", t("sang tệp trước, tệp sau")));
    view! {
        <details class="keys">
            <summary>{t("Phím tắt")}</summary>
            <dl>
                {rows.into_iter().chain(turn).map(|(key, does)| view! { <div><dt>{key}</dt><dd>{does}</dd></div> }).collect_view()}
            </dl>
        </details>
    }
}
