//! Word files become PDF on the portal's server, once the person agreed that they go there.

use super::board::{Board, NewFile};
use super::intake::as_pdf;
use crate::api;
use crate::part::dialog::Dialog;
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::text::{self, fill, t};
use contract::problem::ProblemCode;
use contract::value::FileName;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// A Word file that waits for the person's word.
#[derive(Clone)]
struct Word {
    name: FileName,
    bytes: Vec<u8>,
}

/// The question and the conversion.
#[derive(Clone, Copy)]
pub struct Desk {
    board: Board,
    open: RwSignal<bool>,
    words: RwSignal<Vec<Word>>,
    target: StoredValue<(String, Option<Uuid>)>,
    busy: RwSignal<Option<String>>,
    trouble: RwSignal<Vec<String>>,
}

impl Desk {
    /// Nothing waits.
    pub fn new(board: Board) -> Self {
        Self {
            board,
            open: RwSignal::new(false),
            words: RwSignal::new(Vec::new()),
            target: StoredValue::new((String::new(), None)),
            busy: RwSignal::new(None),
            trouble: RwSignal::new(Vec::new()),
        }
    }

    /// Asks the person, when the portal converts at all; else the sentence with what to do.
    pub async fn begin(
        self,
        component: String,
        replaces: Option<Uuid>,
        words: Vec<(FileName, Vec<u8>)>,
    ) -> Vec<String> {
        // The screen may be gone: the file was read before.
        let offer = match self.board.offer.try_get_untracked().flatten() {
            Some(offer) => Some(offer),
            None => api::conversion::offer().await.ok(),
        };
        let _ = self.board.offer.try_set(offer);
        let refusal = |name: &FileName, bytes: &[u8]| match offer {
            None => Some(fill(
                "“{}” là tệp Word. Cần có mạng để chuyển sang PDF; khi chưa có mạng, hãy mở tệp trong Word, lưu sang PDF rồi chọn tệp PDF đó.",
                &[name],
            )),
            Some(offer) if !offer.offered => Some(fill(
                "“{}” là tệp Word. Cổng này chưa chuyển được Word sang PDF: hãy mở tệp trong Word, chọn Lưu thành → PDF rồi chọn tệp PDF đó.",
                &[name],
            )),
            Some(offer) if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > offer.bytes_max => {
                Some(fill(
                    "“{}” lớn hơn {} MB nên không chuyển sang PDF ở đây được. Hãy mở tệp trong Word, lưu sang PDF rồi chọn tệp PDF đó.",
                    &[name, &(offer.bytes_max / 1024 / 1024)],
                ))
            }
            Some(_) => None,
        };
        let (mut refused, mut taken) = (Vec::new(), Vec::new());
        for (name, bytes) in words {
            match refusal(&name, &bytes) {
                Some(sentence) => refused.push(sentence),
                None => taken.push(Word { name, bytes }),
            }
        }
        if !taken.is_empty() {
            self.target.set_value((component, replaces));
            self.trouble.set(Vec::new());
            self.words.set(taken);
            self.open.set(true);
        }
        refused
    }

    /// The person agreed.
    fn convert(self) {
        self.trouble.set(Vec::new());
        let words = self.words.get_untracked();
        let (component, mut replaces) = self.target.get_value();
        self.busy.set(Some(String::new()));
        spawn_local(async move {
            let (mut left, mut told) = (Vec::new(), None);
            for word in words {
                let said = fill("Đang chuyển “{}” sang PDF…", &[&word.name]);
                let _ = self.busy.try_set(Some(said));
                match self.one(&component, &word, replaces).await {
                    Ok(id) => {
                        replaces = None;
                        self.board.show_made(id);
                    }
                    Err(sentence) => {
                        told = Some(sentence.clone());
                        let _ = self.trouble.try_update(|all| all.push(sentence));
                        left.push(word);
                    }
                }
            }
            let over = left.is_empty();
            let _ = self.words.try_set(left);
            let _ = self.busy.try_set(None);
            // What went wrong is told where it can be tried again, also to who closed the dialog meanwhile or went on elsewhere.
            if self.open.try_set(!over).is_some()
                && let Some(sentence) = told
            {
                say(sentence);
            }
        });
    }

    async fn one(
        self,
        component: &str,
        word: &Word,
        replaces: Option<Uuid>,
    ) -> Result<Uuid, String> {
        let pdf = api::conversion::convert(&word.bytes)
            .await
            .map_err(|error| match error.code {
                ProblemCode::NotConvertible => fill(
                    "Không chuyển được “{}” sang PDF (tệp hỏng, có mật khẩu hoặc quá phức tạp). Hãy mở tệp trong Word, lưu sang PDF rồi chọn tệp PDF đó.",
                    &[&word.name],
                ),
                _ => text::api(&error),
            })?;
        let file_name = as_pdf(word.name.as_str()).ok_or_else(|| {
            fill(
                "Tên tệp “{}” không dùng được. Vui lòng đổi tên tệp rồi chọn lại.",
                &[&word.name],
            )
        })?;
        let new = NewFile {
            original: Some((word.name.clone(), word.bytes.clone())),
            ..NewFile::plain(file_name, pdf)
        };
        self.board.add(component.to_owned(), new, replaces).await
    }
}

/// The dialog.
#[component]
pub fn Office(desk: Desk) -> impl IntoView {
    let working = move || desk.busy.get().is_some();
    // Who says no, or leaves it with Escape, does not keep the files in memory.
    Effect::new(move |_| {
        if !desk.open.get() && !working() && !desk.words.with_untracked(Vec::is_empty) {
            desk.words.set(Vec::new());
        }
    });
    view! {
        <Dialog open=desk.open title=t("Chuyển tệp Word sang PDF")>
            <ul class="word-files">
                {move || desk.words.get().into_iter().map(|word| view! { <li class="name">{word.name.to_string()}</li> }).collect_view()}
            </ul>
            <p>{t("Chỉ PDF mới xem trước và ký số được. Để chuyển sang PDF, tệp Word này sẽ được gửi tới máy chủ của Cổng; máy chủ chuyển xong thì xóa ngay, không lưu lại.")}</p>
            <p>{t("Các tệp khác của bạn vẫn chỉ ở trên thiết bị này cho đến khi bạn nộp hồ sơ. Tệp Word gốc được giữ bên cạnh và nộp kèm bản PDF.")}</p>
            {move || desk.trouble.get().into_iter().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> }).collect_view()}
            <p role="status">{move || desk.busy.get().unwrap_or_default()}</p>
            <div class="row end">
                <button type="button" class="button" disabled=working on:click=move |_| desk.open.set(false)>{t("Không, tôi tự lưu sang PDF")}</button>
                <button type="button" class="button primary" disabled=working on:click=move |_| desk.convert()>{t("Đồng ý, chuyển sang PDF")}</button>
            </div>
        </Dialog>
    }
}
