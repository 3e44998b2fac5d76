//! `Kho dữ liệu cá nhân`: the files a person submitted or kept, where each was used, and what can be done with it.

mod edit;
mod line;
pub mod shelf;
pub mod words;

use crate::format;
use crate::part::empty::Empty;
use crate::part::icon::Shape;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::part::toast::say;
use crate::screen::check::read;
use crate::screen::dossier::SignInFirst;
use crate::screen::dossier::components::sha256;
use crate::session::{Who, session};
use crate::signing::Trouble;
use crate::text::{fill, t};
use contract::content::FileKind;
use contract::dossier::ATTACHMENT_BYTES_MAX;
use contract::fold::fold;
use contract::kept::{KeepFile, KeptFile};
use contract::value::Sha256;
use edit::Edit;
use leptos::prelude::*;
use leptos::task::spawn_local;
use line::Line;
use shelf::Shelf;
use uuid::Uuid;
use web_sys::{File, HtmlInputElement};

/// The state of the screen.
#[derive(Clone, Copy)]
struct Room {
    account: Uuid,
    shelf: RwSignal<Option<Result<Shelf, Trouble>>>,
    /// The file that is being read.
    reading: RwSignal<Option<Sha256>>,
    /// The file whose name and date are being changed.
    editing: RwSignal<Option<KeptFile>>,
    /// The file that is about to be taken out.
    leaving: RwSignal<Option<KeptFile>>,
    trouble: RwSignal<Option<String>>,
    /// How much of the file that is being added is there, in percent.
    share: RwSignal<Option<u64>>,
}

impl Room {
    /// Asks the portal again.
    fn refresh(self) {
        spawn_local(async move {
            let found = shelf::list(self.account).await;
            let _ = self.shelf.try_set(Some(found));
        });
    }

    fn complain(self, sentence: String) {
        let _ = self.trouble.try_set(Some(sentence));
    }
}

/// The screen.
#[component]
pub fn Kept() -> impl IntoView {
    title(t("Kho dữ liệu cá nhân"));
    let state = session();
    view! {
        <div class="wrap">
            <h1>{t("Kho dữ liệu cá nhân")}</h1>
            {move || match state.who.get() {
                Who::Asking => view! { <Loading/> }.into_any(),
                Who::Nobody => view! { <SignInFirst/> }.into_any(),
                Who::Somebody(account) => view! { <Own account=account.id/> }.into_any(),
            }}
        </div>
    }
}

/// Puts a PDF of the device into the store; the sentence when it cannot be.
async fn add(room: Room, file: File) -> Result<String, String> {
    let name = file.name();
    #[allow(clippy::cast_precision_loss)] // 50 MB
    if file.size() > ATTACHMENT_BYTES_MAX as f64 {
        return Err(fill(
            "“{}” lớn hơn 50 MB. Vui lòng giảm dung lượng tệp rồi chọn lại.",
            &[&name],
        ));
    }
    let bytes = read(&file)
        .await
        .ok_or_else(|| fill("Không đọc được “{}”. Vui lòng chọn lại.", &[&name]))?;
    if FileKind::of(&bytes) != FileKind::Pdf {
        return Err(fill(
            "“{}” không phải là PDF. Kho chỉ giữ tệp PDF; ảnh và tệp Word được chuyển sang PDF ở bước Thành phần hồ sơ.",
            &[&name],
        ));
    }
    let file_name = name.parse().map_err(|_| {
        fill(
            "Tên tệp “{}” không dùng được. Vui lòng đổi tên tệp rồi chọn lại.",
            &[&name],
        )
    })?;
    let digest = sha256(&bytes)
        .await
        .ok_or_else(|| t("Trình duyệt không tính được mã băm của tệp.").to_owned())?;
    let keep = KeepFile {
        file_name,
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        expires_on: None,
        signings: Vec::new(),
        signed_as: None,
    };
    let size = keep.size.max(1);
    let told = |there: u64| {
        let _ = room.share.try_set(Some(there * 100 / size));
    };
    shelf::keep(room.account, &digest, &keep, &bytes, &told)
        .await
        .map_err(|error| error.sentence())?;
    Ok(name)
}

#[component]
fn Own(account: Uuid) -> impl IntoView {
    let room = Room {
        account,
        shelf: RwSignal::new(None),
        reading: RwSignal::new(None),
        editing: RwSignal::new(None),
        leaving: RwSignal::new(None),
        trouble: RwSignal::new(None),
        share: RwSignal::new(None),
    };
    room.refresh();
    let query = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let chosen = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let file = input.files().and_then(|files| files.get(0));
        input.set_value("");
        let Some(file) = file else { return };
        busy.set(true);
        room.trouble.set(None);
        spawn_local(async move {
            match add(room, file).await {
                Ok(name) => {
                    say(fill("Đã lưu “{}” vào kho.", &[&name]));
                    room.refresh();
                }
                Err(sentence) => room.complain(sentence),
            }
            let _ = room.share.try_set(None);
            let _ = busy.try_set(false);
        });
    };
    view! {
        <p class="lead">{t("Tệp của hồ sơ đã nộp và tệp bạn chọn lưu, để dùng lại mà không phải tìm, quét hay ký lần nữa. Chỉ bạn xem được.")}</p>
        {move || room.trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || match room.shelf.get() {
            None => view! { <Loading/> }.into_any(),
            Some(Err(error)) => view! {
                <Notice tone=Tone::Bad>{error.sentence()}</Notice>
                <p><button type="button" class="button" on:click=move |_| room.refresh()>{t("Thử lại")}</button></p>
            }.into_any(),
            Some(Ok(shelf)) => {
                let (used, quota) = (shelf.kept.used_bytes, shelf.kept.quota_bytes);
                let offline = shelf.offline;
                let many = shelf.kept.files.len() > 6;
                #[allow(clippy::cast_precision_loss)] // shown as a bar
                let share = (used as f64) / (quota.max(1) as f64);
                view! {
                    {offline.then(|| view! {
                        <Notice tone=Tone::Info>{t("Không có mạng. Đây là danh sách lần trước; tệp đã có trên thiết bị này vẫn xem và dùng được, tệp khác cần có mạng.")}</Notice>
                    })}
                    <div class="store-head">
                        <p class="quota">
                            <span id="quota">{fill("Đã dùng {} trong {}", &[&format::size(used), &format::size(quota)])}</span>
                            <meter min="0" max="1" high="0.85" value=share.to_string() aria-labelledby="quota"></meter>
                        </p>
                        {(!offline).then(|| view! {
                            <span class="row">
                                <label class="button" for="store-add">{move || match (busy.get(), room.share.get()) {
                                    (false, _) => t("Thêm tệp PDF").to_owned(),
                                    (true, None) => t("Đang lưu…").to_owned(),
                                    (true, Some(share)) => fill("Đang lưu… {}%", &[&share]),
                                }}</label>
                                <input id="store-add" type="file" accept="application/pdf,.pdf" class="visually-hidden" disabled=move || busy.get() on:change=chosen/>
                            </span>
                        })}
                    </div>
                    {many.then(|| view! {
                        <p class="field">
                            <label for="store-query">{t("Tìm trong kho")}</label>
                            <input id="store-query" type="search" autocomplete="off" prop:value=move || query.get_untracked() on:input=move |event| query.set(event_target_value(&event))/>
                        </p>
                    })}
                    <Files room shelf query/>
                }.into_any()
            }
        }}
        <Edit room/>
    }
}

#[component]
fn Files(room: Room, shelf: Shelf, query: RwSignal<String>) -> impl IntoView {
    if shelf.kept.files.is_empty() {
        return view! {
            <Empty shape=Shape::Paper title=t("Kho chưa có tệp nào")>
                <p>{t("Khi bạn nộp hồ sơ, các tệp của hồ sơ sẽ ở đây. Bạn cũng có thể chọn Lưu vào kho ở bước Thành phần hồ sơ, hoặc thêm tệp PDF ngay bây giờ.")}</p>
            </Empty>
        }
        .into_any();
    }
    let shelf = StoredValue::new(shelf);
    view! {
        <ul class="kept-list">
            {move || {
                let wanted = fold(&query.get());
                let shown: Vec<_> = shelf.with_value(|shelf| {
                    shelf.kept.files.iter().filter(|file| fold(file.file_name.as_str()).contains(&wanted)).map(|file| {
                        (file.clone(), shelf.is_reachable(&file.sha256), shelf.offline)
                    }).collect()
                });
                if shown.is_empty() {
                    return view! { <li class="empty">{t("Không có tệp nào khớp.")}</li> }.into_any();
                }
                shown.into_iter().map(|(file, reachable, offline)| view! { <Line room file reachable offline/> }).collect_view().into_any()
            }}
        </ul>
    }
    .into_any()
}
