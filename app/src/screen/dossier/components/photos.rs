//! The sheet on which photos are put in order, turned and taken out before they become one PDF.

use super::board::{Board, NewFile};
use super::intake::as_pdf;
use super::photo;
use crate::engine;
use crate::part::dialog::Dialog;
use crate::part::notice::{Notice, Tone};
use crate::screen::check::bytes_of;
use crate::text::{self, fill, t};
use contract::content::FileKind;
use contract::worker::{Answer, Ask};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use web_sys::{Blob, File, HtmlInputElement, Url};

/// Most pages of one PDF; the engine refuses more.
const PAGES_MAX: usize = 60;

/// A page to be.
#[derive(Clone)]
struct Page {
    number: u32,
    jpeg: Blob,
    /// Where the browser shows it.
    address: String,
    /// Quarter turns clockwise.
    turn: u8,
}

/// The sheet.
#[derive(Clone, Copy)]
pub struct Sheet {
    board: Board,
    open: RwSignal<bool>,
    /// Whether the person is asked what becomes of photos that they leave.
    asking: RwSignal<bool>,
    pages: RwSignal<Vec<Page>, LocalStorage>,
    /// For which component, and which file it takes the place of.
    target: StoredValue<(String, Option<Uuid>)>,
    name: RwSignal<String>,
    /// What is being done.
    busy: RwSignal<Option<String>>,
    trouble: RwSignal<Vec<String>>,
    next: StoredValue<u32>,
    /// Grows when the photos are given up: what is still being made smaller is not added any more.
    round: StoredValue<u32>,
}

impl Sheet {
    /// An empty one.
    pub fn new(board: Board) -> Self {
        let sheet = Self {
            board,
            open: RwSignal::new(false),
            asking: RwSignal::new(false),
            pages: RwSignal::new_local(Vec::new()),
            target: StoredValue::new((String::new(), None)),
            name: RwSignal::new(String::new()),
            busy: RwSignal::new(None),
            trouble: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            round: StoredValue::new(0),
        };
        on_cleanup(move || sheet.clear());
        sheet
    }

    /// Begins with photos of a component.
    pub fn begin(
        self,
        component: String,
        name: String,
        replaces: Option<Uuid>,
        photos: Vec<(File, FileKind)>,
    ) {
        self.clear();
        self.target.set_value((component, replaces));
        self.name.set(name);
        self.open.set(true);
        self.add(photos);
    }

    /// Adds photos, one after the other: each is large until it was made small.
    pub fn add(self, photos: Vec<(File, FileKind)>) {
        self.trouble.set(Vec::new());
        let round = self.round.get_value();
        spawn_local(async move {
            let total = photos.len();
            for (position, (file, kind)) in photos.into_iter().enumerate() {
                let said = fill("Đang xử lý ảnh {}/{}…", &[&(position + 1), &total]);
                let _ = self.busy.try_set(Some(said));
                let full = self
                    .pages
                    .try_with_untracked(|pages| pages.len() >= PAGES_MAX);
                if full != Some(false) {
                    self.complain(fill(
                        "Một tệp PDF nhận tối đa {} ảnh. Vui lòng tạo PDF này trước rồi thêm ảnh còn lại vào tệp khác.",
                        &[&PAGES_MAX],
                    ));
                    break;
                }
                let prepared = photo::prepare(&file, kind).await;
                if self.round.try_get_value() != Some(round) {
                    break;
                }
                match prepared {
                    Ok(jpeg) => self.push(jpeg),
                    Err(sentence) => self.complain(sentence),
                }
            }
            let _ = self.busy.try_set(None);
        });
    }

    fn complain(self, sentence: String) {
        let _ = self.trouble.try_update(|all| all.push(sentence));
    }

    fn push(self, jpeg: Blob) {
        let Ok(address) = Url::create_object_url_with_blob(&jpeg) else {
            return;
        };
        let number = self
            .next
            .try_update_value(|next| {
                *next += 1;
                *next
            })
            .unwrap_or_default();
        let _ = self.pages.try_update(|pages| {
            pages.push(Page {
                number,
                jpeg,
                address,
                turn: 0,
            });
        });
    }

    fn clear(self) {
        let _ = self.round.try_update_value(|round| *round += 1);
        let pages = self.pages.try_update(std::mem::take).unwrap_or_default();
        for page in pages {
            let _ = Url::revoke_object_url(&page.address);
        }
        let _ = self.trouble.try_set(Vec::new());
    }

    fn change(self, number: u32, edit: impl FnOnce(&mut Vec<Page>, usize)) {
        self.pages.update(|pages| {
            if let Some(position) = pages.iter().position(|page| page.number == number) {
                edit(pages, position);
            }
        });
    }

    fn turn(self, number: u32, by: u8) {
        self.change(number, |pages, position| {
            if let Some(page) = pages.get_mut(position) {
                page.turn = (page.turn + by) % 4;
            }
        });
    }

    fn step(self, number: u32, down: bool) {
        self.change(number, |pages, position| {
            let other = if down {
                position + 1
            } else {
                position.wrapping_sub(1)
            };
            if other < pages.len() {
                pages.swap(position, other);
                self.board.say(fill(
                    "Ảnh đã chuyển tới trang {} trên {}.",
                    &[&(other + 1), &pages.len()],
                ));
            }
        });
    }

    fn remove(self, number: u32) {
        self.change(number, |pages, position| {
            let page = pages.remove(position);
            let _ = Url::revoke_object_url(&page.address);
        });
    }

    /// Makes the PDF and attaches it.
    fn bind(self) {
        let Some(file_name) = as_pdf(&format!("{}.pdf", self.name.get_untracked())) else {
            self.trouble
                .set(vec![t("Vui lòng nhập tên tệp.").to_owned()]);
            return;
        };
        self.trouble.set(Vec::new());
        self.busy.set(Some(t("Đang tạo PDF…").to_owned()));
        let pages = self.pages.get_untracked();
        let (component, replaces) = self.target.get_value();
        spawn_local(async move {
            let made = bound(&pages).await;
            let outcome = match made {
                Ok(bytes) => {
                    let new = NewFile::plain(file_name, bytes);
                    self.board.add(component, new, replaces).await
                }
                Err(sentence) => Err(sentence),
            };
            let _ = self.busy.try_set(None);
            match outcome {
                Ok(id) => {
                    let _ = self.open.try_set(false);
                    self.clear();
                    self.board.show_made(id);
                }
                Err(sentence) => self.complain(sentence),
            }
        });
    }
}

async fn bound(pages: &[Page]) -> Result<Vec<u8>, String> {
    let mut files = Vec::with_capacity(pages.len());
    for page in pages {
        let bytes = bytes_of(&page.jpeg).await.ok_or_else(|| {
            t("Trình duyệt không giữ được ảnh. Vui lòng chọn lại ảnh.").to_owned()
        })?;
        files.push(bytes);
    }
    let turns = pages.iter().map(|page| page.turn).collect();
    match engine::ask(Ask::Bind { turns }, files).await {
        Ok((Answer::Bound { .. }, parcels)) => parcels
            .files
            .into_iter()
            .next()
            .ok_or_else(|| t("Không tạo được PDF. Vui lòng thử lại.").to_owned()),
        Ok(_) => Err(t("Không tạo được PDF. Vui lòng thử lại.").to_owned()),
        Err(problem) => Err(text::worker(&problem).to_owned()),
    }
}

/// Photos among chosen files, by content.
async fn photos_of(files: Vec<File>) -> (Vec<(File, FileKind)>, usize) {
    let (mut photos, mut others) = (Vec::new(), 0);
    for file in files {
        let head = file.slice_with_f64_and_f64(0.0, 1024.0).ok();
        let kind = match head {
            Some(head) => bytes_of(&head).await.map(|bytes| FileKind::of(&bytes)),
            None => None,
        };
        match kind {
            Some(kind) if kind.is_photo() => photos.push((file, kind)),
            _ => others += 1,
        }
    }
    (photos, others)
}

/// The dialog.
#[component]
pub fn Photos(sheet: Sheet) -> impl IntoView {
    let more = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let files = super::files_of(input.files());
        input.set_value("");
        spawn_local(async move {
            let (photos, others) = photos_of(files).await;
            sheet.add(photos);
            if others > 0 {
                sheet.complain(t("Ở đây chỉ thêm được ảnh JPEG, PNG hoặc HEIC.").to_owned());
            }
        });
    };
    let count = Memo::new(move |_| sheet.pages.with(Vec::len));
    // Escape leaves nothing behind unasked, and throws nothing away unasked.
    Effect::new(move |before: Option<bool>| {
        let open = sheet.open.get();
        if before == Some(true) && !open && !sheet.pages.with_untracked(Vec::is_empty) {
            sheet.asking.set(true);
        }
        open
    });
    Effect::new(move |before: Option<bool>| {
        let asking = sheet.asking.get();
        if before == Some(true) && !asking && !sheet.pages.with_untracked(Vec::is_empty) {
            sheet.open.set(true);
        }
        asking
    });
    let give_up = move |_| {
        sheet.clear();
        sheet.asking.set(false);
    };
    view! {
        <Dialog open=sheet.open title=t("Ghép ảnh thành PDF")>
            <p class="hint">{t("Mỗi ảnh là một trang A4. Kiểm tra thứ tự và chiều của từng trang; ảnh chỉ ở trên thiết bị của bạn.")}</p>
            {move || sheet.trouble.get().into_iter().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> }).collect_view()}
            <ol class="photos">
                {move || {
                    let total = count.get();
                    sheet.pages.get().into_iter().enumerate().map(|(position, page)| {
                        let number = page.number;
                        view! { <One sheet page position total/> }.attr("data-number", number.to_string())
                    }).collect_view()
                }}
            </ol>
            <p class="field">
                <label for="photos-name">{t("Tên tệp")}</label>
                <input id="photos-name" type="text" maxlength="120" autocomplete="off" prop:value=move || sheet.name.get()
                    on:input=move |event| sheet.name.set(event_target_value(&event))/>
            </p>
            <div class="photos-foot">
                <p role="status" class="hint">{move || sheet.busy.get().unwrap_or_default()}</p>
                <span class="row">
                    <label class="button" for="photos-more">{t("Thêm ảnh")}</label>
                    <input id="photos-more" type="file" accept="image/*" multiple class="visually-hidden" on:change=more/>
                    <button type="button" class="button" on:click=move |_| { sheet.open.set(false); sheet.clear(); }>{t("Hủy")}</button>
                </span>
                <button type="button" class="button primary" disabled=move || sheet.busy.get().is_some() || count.get() == 0 on:click=move |_| sheet.bind()>
                    {move || fill("Tạo PDF ({} trang)", &[&count.get()])}
                </button>
            </div>
        </Dialog>
        <Dialog open=sheet.asking title=t("Bỏ các ảnh này?")>
            <p>{move || fill("{} ảnh chưa được ghép thành PDF. Nếu bỏ, bạn phải chụp hoặc chọn lại.", &[&count.get()])}</p>
            <p class="row end">
                <button type="button" class="button" on:click=move |_| sheet.asking.set(false)>{t("Quay lại ghép ảnh")}</button>
                <button type="button" class="button danger" on:click=give_up>{t("Bỏ ảnh")}</button>
            </p>
        </Dialog>
    }
}

#[component]
fn One(sheet: Sheet, page: Page, position: usize, total: usize) -> impl IntoView {
    let number = page.number;
    let label = fill("Trang {}", &[&(position + 1)]);
    // All rows are made anew: the focus stays on the button, and with the next page when one is taken out.
    let button = move |act: &str, number: u32| format!("photo-{act}-{number}");
    let after = move |act: &'static str| crate::part::focus(button(act, number));
    let out = move |_| {
        sheet.remove(number);
        let next = sheet
            .pages
            .with_untracked(|pages| Some(pages.get(position).or(pages.last())?.number));
        crate::part::focus(next.map_or("photos-more".to_owned(), |next| button("out", next)));
    };
    view! {
        <li>
            <span class="sheet-of-paper"><img src=page.address alt="" class=format!("turned-{}", page.turn)/></span>
            <strong>{label.clone()}</strong>
            <span class="tool-row" role="group" aria-label=label>
                <button type="button" class="tool" id=button("left", number) aria-label=t("Xoay trái") title=t("Xoay trái") on:click=move |_| { sheet.turn(number, 3); after("left"); }>"↺"</button>
                <button type="button" class="tool" id=button("right", number) aria-label=t("Xoay phải") title=t("Xoay phải") on:click=move |_| { sheet.turn(number, 1); after("right"); }>"↻"</button>
                <button type="button" class="tool" id=button("before", number) aria-label=t("Chuyển lên trước") title=t("Chuyển lên trước") aria-disabled=(position == 0).to_string() on:click=move |_| { sheet.step(number, false); after("before"); }>"←"</button>
                <button type="button" class="tool" id=button("behind", number) aria-label=t("Chuyển ra sau") title=t("Chuyển ra sau") aria-disabled=(position + 1 == total).to_string() on:click=move |_| { sheet.step(number, true); after("behind"); }>"→"</button>
                <button type="button" class="tool" id=button("out", number) aria-label=t("Bỏ ảnh này") title=t("Bỏ ảnh này") on:click=out>"✕"</button>
            </span>
        </li>
    }
}
