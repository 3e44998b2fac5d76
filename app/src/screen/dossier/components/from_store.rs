//! `Lấy từ kho`: a file of the personal store is attached to a component.

use super::board::{Board, NewFile};
use crate::format;
use crate::part::dialog::Dialog;
use crate::part::notice::{Loading, Notice, Tone};
use crate::screen::kept::shelf::{self, Shelf};
use crate::screen::kept::words;
use crate::session::session;
use crate::signing::Trouble;
use crate::text::t;
use contract::fold::fold;
use contract::kept::KeptFile;
use contract::value::Sha256;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// The dialog's state.
#[derive(Clone, Copy)]
pub struct Store {
    board: Board,
    open: RwSignal<bool>,
    component: StoredValue<String>,
    shelf: RwSignal<Option<Result<Shelf, Trouble>>>,
    busy: RwSignal<Option<Sha256>>,
    trouble: RwSignal<Option<String>>,
}

impl Store {
    /// Closed.
    pub fn new(board: Board) -> Self {
        Self {
            board,
            open: RwSignal::new(false),
            component: StoredValue::new(String::new()),
            shelf: RwSignal::new(None),
            busy: RwSignal::new(None),
            trouble: RwSignal::new(None),
        }
    }

    /// Opens it for a component.
    pub fn begin(self, component: String) {
        self.component.set_value(component);
        self.trouble.set(None);
        self.shelf.set(None);
        self.open.set(true);
        let account = self.board.open.draft.with_untracked(|draft| draft.account);
        spawn_local(async move {
            let found = shelf::list(account).await;
            let _ = self.shelf.try_set(Some(found));
        });
    }

    fn take(self, file: KeptFile) {
        self.busy.set(Some(file.sha256));
        self.trouble.set(None);
        let component = self.component.get_value();
        let account = self.board.open.draft.with_untracked(|draft| draft.account);
        spawn_local(async move {
            let outcome = match shelf::bytes(account, &file.sha256).await {
                Ok(bytes) => {
                    let new = NewFile {
                        signings: file.signings.clone(),
                        signed_as: file.signed_as,
                        ..NewFile::plain(file.file_name.clone(), bytes)
                    };
                    self.board.add(component, new, None).await.map(|_| ())
                }
                Err(error) => Err(error.sentence()),
            };
            let _ = self.busy.try_set(None);
            match outcome {
                Ok(()) => {
                    let _ = self.open.try_set(false);
                }
                Err(sentence) => {
                    let _ = self.trouble.try_set(Some(sentence));
                }
            }
        });
    }
}

/// The dialog.
#[component]
pub fn FromStore(store: Store) -> impl IntoView {
    view! {
        <Dialog open=store.open title=t("Lấy từ kho dữ liệu cá nhân")>
            {move || store.trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            {move || match store.shelf.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <Notice tone=Tone::Bad>{error.sentence()}</Notice> }.into_any(),
                Some(Ok(shelf)) if shelf.kept.files.is_empty() => view! {
                    <p>{t("Kho của bạn chưa có tệp nào. Tệp của hồ sơ đã nộp và tệp bạn chọn Lưu vào kho sẽ ở đây.")}</p>
                }.into_any(),
                Some(Ok(shelf)) => view! { <Choice store shelf/> }.into_any(),
            }}
            <div class="row between">
                <A href="/kho-du-lieu" attr:class="button">{t("Mở kho dữ liệu")}</A>
                <button type="button" class="button" on:click=move |_| store.open.set(false)>{t("Đóng")}</button>
            </div>
        </Dialog>
    }
}

#[component]
fn Choice(store: Store, shelf: Shelf) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let many = shelf.kept.files.len() > 6;
    let shelf = StoredValue::new(shelf);
    let now = session().now();
    view! {
        {many.then(|| view! {
            <p class="field">
                <label for="store-query">{t("Tìm trong kho")}</label>
                <input id="store-query" type="search" autocomplete="off" on:input=move |event| query.set(event_target_value(&event))/>
            </p>
        })}
        {shelf.with_value(|shelf| shelf.offline).then(|| view! { <p class="hint">{t("Không có mạng: chỉ dùng được tệp đã có trên thiết bị này.")}</p> })}
        <ul class="store-list">
            {move || {
                let wanted = fold(&query.get());
                shelf.with_value(|shelf| shelf.kept.files.iter().filter(|file| fold(file.file_name.as_str()).contains(&wanted)).map(|file| {
                    let (name, digest, reachable) = (file.file_name.to_string(), file.sha256, shelf.is_reachable(&file.sha256));
                    let taken = file.clone();
                    view! {
                        <li>
                            <span class="name">{name.clone()}</span>
                            <span class="hint">{format::size(file.size)}" · "{format::day(file.kept_at)}" · "{words::verdict(file)}{words::expiry(file, now).map(|said| format!(" · {said}"))}</span>
                            {if reachable {
                                view! {
                                    <button type="button" class="button small" aria-label=format!("{} {name}", t("Dùng tệp này:")) disabled=move || store.busy.get().is_some()
                                        on:click=move |_| store.take(taken.clone())>{move || if store.busy.get() == Some(digest) { t("Đang lấy…") } else { t("Dùng tệp này") }}</button>
                                }.into_any()
                            } else {
                                view! { <span class="chip">{t("Cần có mạng")}</span> }.into_any()
                            }}
                        </li>
                    }
                }).collect_view())
            }}
        </ul>
    }
}
