//! The administrator's screens: the catalogue with its versions, and who may what.

mod calendar;
mod codes;
mod difference;
pub mod document;
mod editor;
mod fee;
mod form;
mod import;
mod left;
pub mod list;
mod number;
mod part;
mod publish;
pub mod rights;
mod tree;
mod versions;
mod work;

use crate::part::notice::{Loading, Notice, Tone};
use crate::session::{Who, session};
use crate::text;
use crate::text::{n, t};
use contract::edition::{DocumentFault, DocumentKind};
use contract::problem::ProblemCode;
use contract::right::{Action, may_at_desk};
use leptos::prelude::*;

/// What a document that there is one of is called.
pub const fn kind_name(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Procedure => n("Thủ tục hành chính"),
        DocumentKind::Events => n("Sự kiện trong đời"),
        DocumentKind::Units => n("Đơn vị hành chính"),
        DocumentKind::Holidays => n("Ngày nghỉ, ngày làm bù"),
        DocumentKind::Work => n("Quy trình thường dùng"),
    }
}

/// The address of a document's screen; the code stands before the kind, since an address that ends with a dot and digits is that of a file.
pub fn address(kind: DocumentKind, code: &str) -> String {
    format!("/can-bo/quan-tri/{code}/{}", kind.tag())
}

/// Who stands before a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Asking,
    Nobody,
    Closed,
    Open,
}

/// A screen for those who may do something.
#[component]
pub fn Only(
    /// What they may.
    action: Action,
    /// The screen.
    children: ChildrenFn,
) -> impl IntoView {
    let state = session();
    // The same person again is no other screen: what is being written stays.
    let door = Memo::new(move |_| {
        state.who.with(|who| match who {
            Who::Asking => Door::Asking,
            Who::Nobody => Door::Nobody,
            Who::Somebody(account) if may_at_desk(&account.grants, action) => Door::Open,
            Who::Somebody(_) => Door::Closed,
        })
    });
    view! {
        <div class="wrap wide admin">
            {move || match door.get() {
                Door::Asking => view! { <Loading/> }.into_any(),
                Door::Nobody => view! { <crate::screen::dossier::SignInFirst/> }.into_any(),
                Door::Closed => view! { <Notice tone=Tone::Bad>{text::problem(ProblemCode::Forbidden)}</Notice> }.into_any(),
                Door::Open => children().into_any(),
            }}
        </div>
    }
}

/// What is wrong with a document, line by line.
#[component]
pub fn Faults(list: Vec<DocumentFault>) -> impl IntoView {
    let english = crate::text::language::language() == crate::text::language::Language::English;
    view! {
        <Notice tone=Tone::Bad>
            <h3>{t("Văn bản có lỗi, chưa có gì được lưu")}</h3>
            <ul class="faults">
                {list.into_iter().take(50).map(|fault| view! {
                    <li>
                        {(!fault.file.is_empty()).then(|| view! { <span class="code">{fault.file}</span>" · " })}
                        <strong>{crate::text::fill("Dòng {}", &[&fault.line])}</strong>": "
                        {if english { fault.en } else { fault.vi }}
                    </li>
                }).collect_view()}
            </ul>
        </Notice>
    }
}
