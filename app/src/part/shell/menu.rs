//! Where one can go: a row on a wide screen, behind one button on a narrow one; and the choice of language.

use super::account::ways;
use crate::part::icon::{Icon, Shape};
use crate::session::{Who, session};
use crate::text::language::{Language, choose, language};
use crate::text::{n, t};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

/// For which of the two an entry is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Everybody,
    /// Citizens, and who has not signed in.
    Citizens,
}

const ENTRIES: [(For, &str, &str); 10] = [
    (For::Everybody, "/tin-tuc", n("Tin tức")),
    (For::Everybody, "/thu-tuc", n("Thủ tục hành chính")),
    (For::Citizens, "/thanh-toan", n("Thanh toán")),
    // An officer finds dossiers in the inbox.
    (For::Citizens, "/tra-cuu", n("Tra cứu hồ sơ")),
    (For::Everybody, "/kiem-tra", n("Kiểm tra chữ ký")),
    (For::Citizens, "/phan-anh", n("Phản ánh kiến nghị")),
    (For::Citizens, "/khao-sat", n("Khảo sát đánh giá")),
    (For::Everybody, "/thong-ke", n("Thống kê")),
    (For::Everybody, "/ho-tro", n("Hỗ trợ")),
    (For::Citizens, "/kho-du-lieu", n("Kho dữ liệu cá nhân")),
];

const LIST: &str = "danh-muc";
const BUTTON: &str = "nut-danh-muc";

/// Opens and closes the list where there is no room for a row.
#[component]
pub fn MenuButton(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <button type="button" class="menu-button" id=BUTTON aria-controls=LIST
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)>
            {move || view! { <Icon shape=if open.get() { Shape::Cross } else { Shape::Lines }/> }}
            {t("Menu")}
        </button>
    }
}

/// The list. It closes when one has gone somewhere, and by Escape, which leads back to the button.
#[component]
pub fn SiteMenu(open: RwSignal<bool>) -> impl IntoView {
    let state = session();
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        open.set(false);
    });
    let entries = move || {
        let officer = state.is_officer();
        let own = match state.who.get() {
            Who::Somebody(account) if officer => ways(&account.grants),
            _ => Vec::new(),
        };
        let site = ENTRIES
            .into_iter()
            .filter(move |(whose, ..)| *whose == For::Everybody || !officer)
            .map(|(_, address, name)| (address, name));
        own.into_iter()
            .chain(site)
            .map(|(address, name)| view! { <li><A href=address>{t(name)}</A></li> })
            .collect_view()
    };
    view! {
        <nav class="main" id=LIST aria-label=t("Chính") class:open=move || open.get()
            on:keydown=move |event| {
                if event.key() == "Escape" && open.get_untracked() {
                    open.set(false);
                    crate::part::focus(BUTTON);
                }
            }>
            <ul>{entries}<li><LanguageSwitch/></li></ul>
        </nav>
    }
}

/// The other language, by its own name.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let (other, name) = match language() {
        Language::Vietnamese => (Language::English, "English"),
        Language::English => (Language::Vietnamese, n("Tiếng Việt")),
    };
    view! {
        <button type="button" class="language" lang=other.tag() on:click=move |_| choose(other)>{name}</button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_document_lists_what_strangers_are_offered_before_the_program_has_come() {
        let list = include_str!("../../../../public/index.html");
        let (_, list) = list.split_once("<nav class=\"main\"").expect("a menu");
        let (list, _) = list.split_once("</nav>").expect("its end");
        let written: Vec<&str> = list
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("<li>"))
            .collect();
        let offered: Vec<String> = ENTRIES
            .into_iter()
            .map(|(_, address, name)| format!("<li><a href=\"{address}\">{{{{={name}}}}}</a></li>"))
            .collect();
        assert_eq!(written, offered);
    }
}
