//! The keyboard: what people know from pdf.js. Single letters work only while the pages have the focus.

use super::menu::Controls;
use crate::text::{n, t};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};

/// The keys, as the dialog tells them.
const KEYS: [(&str, &str); 14] = [
    ("Ctrl + F", n("tìm trong tài liệu, không cần gõ dấu")),
    (
        "F3, Ctrl + G",
        n("chỗ tìm thấy tiếp theo (thêm Shift: trước đó)"),
    ),
    ("Esc", n("đóng tìm kiếm, bảng bên, bảng chọn")),
    (n("Ctrl + cộng, Ctrl + trừ"), n("phóng to, thu nhỏ")),
    ("Ctrl + 0", n("vừa chiều ngang")),
    (n("Ctrl + con lăn"), n("phóng to hoặc thu nhỏ tại con trỏ")),
    ("Ctrl + Alt + G", n("đến trang theo số")),
    ("F4", n("mở hoặc đóng bảng bên")),
    ("Ctrl + P", n("in")),
    (n("N hoặc J, P hoặc K"), n("trang sau, trang trước")),
    ("Home, End", n("đầu, cuối tài liệu")),
    (n("Page Up, Page Down, dấu cách"), n("cuộn một màn hình")),
    ("R, Shift + R", n("xoay phải, xoay trái")),
    ("?", n("bảng phím tắt này")),
];

/// Listens on the whole window, so that the keys work before anything in the viewer has the focus.
pub fn listen(controls: Controls) {
    let listening = window_event_listener(leptos::ev::keydown, move |event| {
        let Some(root) = controls.root.get_untracked() else {
            return;
        };
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let inside = target
            .as_ref()
            .is_some_and(|target| root.contains(Some(target)));
        let nobody = target
            .as_ref()
            .is_none_or(|target| target.tag_name() == "BODY")
            && document()
                .query_selector(".viewer")
                .ok()
                .flatten()
                .is_some_and(|first| root.is_same_node(Some(&first)));
        // Something else took it: a box that is placed, a dialog.
        if event.default_prevented() || !(inside || nobody) {
            return;
        }
        let used = anywhere(controls, &event)
            || (target.is_some_and(|target| of_the_pages(controls, &target))
                && on_pages(controls, &event));
        if used {
            event.prevent_default();
        }
    });
    on_cleanup(move || listening.remove());
}

/// The pages themselves have the focus, or a link on them, but nothing that types.
fn of_the_pages(controls: Controls, target: &Element) -> bool {
    let Some(frame) = controls.viewing.frame.get_untracked() else {
        return false;
    };
    frame.is_same_node(Some(target)) || (frame.contains(Some(target)) && target.tag_name() == "A")
}

fn anywhere(controls: Controls, event: &KeyboardEvent) -> bool {
    let viewing = controls.viewing;
    let (key, control, shift, alt) = (
        event.key(),
        event.ctrl_key() || event.meta_key(),
        event.shift_key(),
        event.alt_key(),
    );
    match key.as_str() {
        // A second time the browser's own search opens.
        "f" | "F" if control && !alt && !shift => {
            let typing = viewing.find.field.get_untracked().is_some_and(|field| {
                document()
                    .active_element()
                    .is_some_and(|active| field.is_same_node(Some(&active)))
            });
            if typing {
                return false;
            }
            viewing.find.begin();
        }
        "F3" => again(controls, !shift),
        "g" | "G" if control && alt => {
            let field = controls
                .root
                .get_untracked()
                .and_then(|root| root.query_selector(".page-field input").ok().flatten())
                .and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(field) = field {
                let _ = field.focus();
            }
        }
        "g" | "G" if control => again(controls, !shift),
        "+" | "=" if control && !alt => viewing.step(true),
        "-" | "_" if control && !alt => viewing.step(false),
        "0" if control && !alt => controls.fit_width(),
        "p" | "P" if control && !alt && !shift => controls.print.ask(viewing),
        "s" | "S" if control && !alt && !shift => match controls.save {
            Some(save) => save.run(()),
            None => return false,
        },
        "F4" if !control && !alt => controls.toggle_panel(),
        "Escape" => return leave(controls),
        _ => return false,
    }
    true
}

/// The next or the previous hit; the bar where nothing was searched for yet.
fn again(controls: Controls, onward: bool) {
    let find = controls.viewing.find;
    if find.open.get_untracked() && !find.query.with_untracked(String::is_empty) {
        find.step(controls.viewing, onward);
    } else {
        find.begin();
    }
}

/// Closes what was opened last.
fn leave(controls: Controls) -> bool {
    let viewing = controls.viewing;
    if controls.more.get_untracked() {
        controls.more.set(false);
    } else if viewing.find.open.get_untracked() {
        viewing.find.end(viewing);
    } else if viewing.panel.get_untracked().is_some() && super::panel::is_sheet(viewing) {
        viewing.panel.set(None);
    } else {
        return false;
    }
    true
}

fn on_pages(controls: Controls, event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let viewing = controls.viewing;
    match event.key().as_str() {
        "n" | "j" => controls.turn_page(1),
        "p" | "k" => controls.turn_page(-1),
        "r" => viewing.turn_by(1),
        "R" => viewing.turn_by(-1),
        "?" => controls.help.set(true),
        "Home" => viewing.move_to(viewing.corner.get_untracked().0, 0.0),
        "End" => viewing.move_to(viewing.corner.get_untracked().0, f64::MAX),
        key @ ("ArrowRight" | "ArrowLeft") => {
            // Sideways first, where there is something to see.
            let wide = viewing
                .frame
                .get_untracked()
                .is_some_and(|frame| frame.scroll_width() > frame.client_width() + 1);
            if wide {
                return false;
            }
            controls.turn_page(if key == "ArrowRight" { 1 } else { -1 });
        }
        _ => return false,
    }
    true
}

/// The dialog with the keys.
pub fn help(controls: Controls) -> AnyView {
    view! {
        <crate::part::dialog::Dialog open=controls.help title=t("Phím tắt")>
            <dl class="key-list">
                {KEYS.into_iter().map(|(key, does)| view! { <div><dt>{t(key)}</dt><dd>{t(does)}</dd></div> }).collect_view()}
            </dl>
            <p class="row end"><button type="button" class="button" on:click=move |_| controls.help.set(false)>{t("Đóng")}</button></p>
        </crate::part::dialog::Dialog>
    }
    .into_any()
}
