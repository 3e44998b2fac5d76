//! The keyboard map of the signing screen.

use leptos::prelude::*;

/// The keyboard map.
#[component]
pub fn Keys(
    /// Whether there are several files to go through.
    several: bool,
) -> impl IntoView {
    let rows = [
        ("Mũi tên", "dời 1 mm (Shift: 5 mm, Ctrl: 0,1 mm)"),
        ("Alt + mũi tên", "đổi cỡ 1 mm (thêm Shift: 5 mm)"),
        ("Page Up, Page Down", "sang trang trước, trang sau"),
        ("Home, End", "trang đầu, trang cuối"),
        ("Delete", "xóa ô"),
        ("Ctrl + Z, Ctrl + Y", "hoàn tác, làm lại"),
        ("Ctrl + C, V, D", "sao chép, dán, nhân đôi"),
        ("Esc", "rời ô, về trang"),
        ("Ctrl + Enter", "chọn vị trí ký"),
    ];
    let turn = several.then_some(("Alt + Page Up, Page Down", "sang tệp trước, tệp sau"));
    view! {
        <details class="keys">
            <summary>"Phím tắt"</summary>
            <dl>
                {rows.into_iter().chain(turn).map(|(key, does)| view! { <div><dt>{key}</dt><dd>{does}</dd></div> }).collect_view()}
            </dl>
        </details>
    }
}
