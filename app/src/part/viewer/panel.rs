//! The side panel: small pages, outline, attached files, what the document says of itself.

use super::picture;
use super::viewing::Viewing;
use super::{Tab, Target, icon, pause};
use crate::engine;
use crate::screen::my_dossier::{blob_as, save_blob};
use crate::text::{fill, n, t};
use crate::{format, text};
use contract::document::DocumentDetails;
use contract::worker::{Answer, Ask, Urgency, WorkerProblem};
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation as spawn;
use leptos::task::spawn_local;

/// Height of one small page with its number, in CSS pixels; the style sheet has the same.
const CELL: f64 = 148.0;
/// Room for a small page, in CSS pixels.
const ROOM: (f64, f64) = (88.0, 112.0);

/// The tabs.
const TABS: [(Tab, &str); 4] = [
    (Tab::Pages, n("Trang")),
    (Tab::Outline, n("Mục lục")),
    (Tab::Files, n("Tệp kèm")),
    (Tab::Facts, n("Thuộc tính")),
];

type Details = RwSignal<Option<Result<DocumentDetails, WorkerProblem>>>;

/// Viewers below this width have the panel over the pages, in CSS pixels; the style sheet has the same.
const NARROW: i32 = 680;

/// Whether the panel lies over the pages, as in a narrow viewer.
pub fn is_sheet(viewing: Viewing) -> bool {
    viewing
        .frame
        .get_untracked()
        .and_then(|frame| frame.closest(".viewer").ok().flatten())
        .is_some_and(|viewer| viewer.client_width() < NARROW)
}

/// The panel, while it is open.
pub fn panel(viewing: Viewing) -> AnyView {
    let details: Details = RwSignal::new(None);
    Effect::new(move |_| {
        let wanted = !matches!(viewing.panel.get(), None | Some(Tab::Pages));
        if wanted && details.with_untracked(Option::is_none) {
            let document = viewing.document;
            spawn_local(async move {
                let found = match engine::ask(Ask::Details { document }, Vec::new()).await {
                    Ok((Answer::Details { details }, _)) => Ok(details),
                    Ok(_) => Err(WorkerProblem::Damaged),
                    Err(problem) => Err(problem),
                };
                let _ = details.try_set(Some(found));
            });
        }
    });
    let tab = Memo::new(move |_| viewing.panel.get());
    (move || {
        let open = tab.get()?;
        Some(
            view! {
                <aside class="side" class:narrow=open == Tab::Pages aria-label=t("Bảng bên của tài liệu")>
                    <div class="side-tabs" role="group" aria-label=t("Nội dung bảng bên")>
                        {TABS.into_iter().map(|(this, label)| view! {
                            <button type="button" aria-pressed=(this == open).to_string() on:click=move |_| viewing.panel.set(Some(this))>{t(label)}</button>
                        }).collect_view()}
                        <button type="button" class="close" aria-label=t("Đóng bảng bên") on:click=move |_| viewing.panel.set(None)>{icon("M6 6l12 12M18 6L6 18")}</button>
                    </div>
                    {match open {
                        Tab::Pages => thumbnails(viewing),
                        Tab::Outline => told(details, move |details| outline(viewing, details)),
                        Tab::Files => told(details, move |details| files(viewing, details)),
                        Tab::Facts => told(details, move |details| facts(viewing, details)),
                    }}
                </aside>
            }
            .into_any(),
        )
    })
    .into_any()
}

/// Something of the details, once they are there.
fn told(details: Details, show: impl Fn(&DocumentDetails) -> AnyView + Send + 'static) -> AnyView {
    let content = move || {
        details.with(|details| match details {
            None => view! { <p class="side-empty" role="status">{t("Đang đọc tài liệu…")}</p> }
                .into_any(),
            Some(Err(problem)) => {
                view! { <p class="side-empty" role="alert">{text::worker(problem)}</p> }.into_any()
            }
            Some(Ok(details)) => show(details),
        })
    };
    view! { <div class="side-body" tabindex="0" role="region" aria-label=t("Chi tiết tài liệu")>{content}</div> }.into_any()
}

fn empty(sentence: &'static str) -> AnyView {
    view! { <p class="side-empty">{sentence}</p> }.into_any()
}

fn outline(viewing: Viewing, details: &DocumentDetails) -> AnyView {
    if details.outline.is_empty() {
        return empty(t("Tài liệu này không có mục lục."));
    }
    let entries = details
        .outline
        .iter()
        .map(|entry| {
            let (title, level) = (entry.title.clone(), u32::from(entry.level.min(6)));
            let indent = (level * 14).to_string() + "px";
            match entry.spot {
                Some(spot) => {
                    let go = move |_| {
                        if is_sheet(viewing) {
                            viewing.panel.set(None);
                        }
                        viewing.read_from(Target { page: spot.page, y: spot.y });
                    };
                    view! {
                        <li style:padding-left=indent>
                            <button type="button" on:click=go><span>{title}</span><span class="at">{spot.page + 1}</span></button>
                        </li>
                    }
                    .into_any()
                }
                None => view! { <li style:padding-left=indent><span class="nowhere">{title}</span></li> }.into_any(),
            }
        })
        .collect::<Vec<_>>();
    view! { <ol class="outline" aria-label=t("Mục lục")>{entries}</ol> }.into_any()
}

fn files(viewing: Viewing, details: &DocumentDetails) -> AnyView {
    if details.attachments.is_empty() {
        return empty(t("Tài liệu này không có tệp kèm."));
    }
    let trouble: RwSignal<Option<WorkerProblem>> = RwSignal::new(None);
    let entries = (0_u32..)
        .zip(&details.attachments)
        .map(|(index, file)| {
            let (name, description) = (file.name.clone(), file.description.clone());
            let label = fill("Tải về {}", &[&name]);
            let size = file.size.map(format::size);
            let saved = name.clone();
            let save = move |_| {
                let (document, name) = (viewing.document, saved.clone());
                spawn_local(async move {
                    match engine::ask(Ask::Attachment { document, index }, Vec::new()).await {
                        Ok((Answer::Attachment, parcels)) => {
                            let file = parcels.files.first().and_then(|bytes| blob_as(bytes, "application/octet-stream"));
                            if let Some(file) = file {
                                save_blob(&file, &name);
                            }
                        }
                        Ok(_) => {}
                        Err(problem) => {
                            let _ = trouble.try_set(Some(problem));
                        }
                    }
                });
            };
            view! {
                <li>
                    <p class="name">{name}</p>
                    <p class="hint">{size}{description.map(|words| " · ".to_owned() + &words)}</p>
                    <button type="button" class="button small" aria-label=label on:click=save>{t("Tải về")}</button>
                </li>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <ul class="attached">{entries}</ul>
        {move || trouble.get().map(|problem| view! { <p class="side-empty" role="alert">{text::worker(&problem)}</p> })}
        <p class="hint side-note">{t("Tệp kèm có thể chứa mã độc. Chỉ mở khi bạn tin người gửi.")}</p>
    }
    .into_any()
}

fn facts(viewing: Viewing, details: &DocumentDetails) -> AnyView {
    let size = viewing
        .layout
        .with_value(|layout| layout.size(viewing.current.get_untracked()));
    let millimetres = |points: f64| (points * 25.4 / 72.0).round().to_string();
    let yes = |is: bool| if is { t("Có") } else { t("Không") }.to_owned();
    let mut rows = vec![
        (t("Số trang"), viewing.count().to_string()),
        (
            t("Khổ trang"),
            millimetres(size.width) + " × " + &millimetres(size.height) + " mm",
        ),
        (t("Phiên bản PDF"), details.version.clone()),
        (t("Mã hóa"), yes(details.encrypted)),
        (t("Có cấu trúc cho trình đọc màn hình"), yes(details.tagged)),
    ];
    for (label, value) in [
        (t("Tác giả"), &details.author),
        (t("Phần mềm soạn"), &details.creator),
        (t("Phần mềm tạo PDF"), &details.producer),
        (t("Ngôn ngữ"), &details.language),
    ] {
        if let Some(value) = value.as_ref().filter(|value| !value.trim().is_empty()) {
            rows.push((label, value.clone()));
        }
    }
    if !details.fields.is_empty() {
        rows.push((t("Ô biểu mẫu"), details.fields.len().to_string()));
    }
    let rows = rows
        .into_iter()
        .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.into_any())
        .collect::<Vec<_>>();
    view! { <dl class="side-facts">{rows}</dl> }.into_any()
}

/// Small pages: only those in the window are there.
fn thumbnails(viewing: Viewing) -> AnyView {
    let list = NodeRef::<html::Div>::new();
    let place = RwSignal::new((0.0_f64, 600.0_f64));
    let measure = move || {
        if let Some(list) = list.get_untracked() {
            place.set((
                f64::from(list.scroll_top()),
                f64::from(list.client_height()),
            ));
        }
    };
    let count = viewing.count();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // a number of pages, not below 0
    let page_at = move |y: f64| ((y / CELL).max(0.0) as u32).min(count.saturating_sub(1));
    let shown = Memo::new(move |_| {
        let (top, height) = place.get();
        (page_at(top - CELL), page_at(top + height + CELL))
    });
    let focused = RwSignal::new(false);
    // The page that is read stays in sight.
    Effect::new(move |_| {
        let page = viewing.current.get();
        let Some(list) = list.get() else { return };
        let (top, height) = (
            f64::from(list.scroll_top()),
            f64::from(list.client_height()),
        );
        let at = f64::from(page) * CELL;
        #[allow(clippy::cast_possible_truncation)] // pixels of a scroll position
        if at < top || at + CELL > top + height {
            list.set_scroll_top((at - (height - CELL) / 2.0) as i32);
        }
        measure();
    });
    let key = move |event: web_sys::KeyboardEvent| {
        let now = viewing.current.get_untracked();
        let page = match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => now + 1,
            "ArrowUp" | "ArrowLeft" => now.saturating_sub(1),
            "Home" => 0,
            "End" => count,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        viewing.go(page.min(count.saturating_sub(1)));
    };
    view! {
        <div
            class="thumbnails"
            node_ref=list
            role="group"
            aria-label=t("Các trang thu nhỏ")
            on:scroll=move |_| measure()
            on:keydown=key
            on:focusin=move |_| focused.set(true)
            on:focusout=move |_| focused.set(false)
        >
            <div class="thumbnail-sheet" style:height=(f64::from(count) * CELL).to_string() + "px">
                <For
                    each=move || { let (first, last) = shown.get(); (first..=last).collect::<Vec<_>>() }
                    key=|page| *page
                    children=move |page| thumbnail(viewing, page, focused)
                />
            </div>
        </div>
    }
    .into_any()
}

fn thumbnail(viewing: Viewing, page: u32, focused: RwSignal<bool>) -> AnyView {
    let (node, canvas) = (
        NodeRef::<html::Button>::new(),
        NodeRef::<html::Canvas>::new(),
    );
    let size = viewing.layout.with_value(|layout| layout.size(page));
    let scale = (ROOM.0 / size.width.max(1.0)).min(ROOM.1 / size.height.max(1.0));
    let here = Memo::new(move |_| viewing.current.get() == page);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let document = viewing.document;
        spawn(async move {
            pause(80).await;
            let pixels = scale * window().device_pixel_ratio().clamp(1.0, 2.0);
            if let Ok(picture) =
                picture::draw(document, page, pixels, None, Urgency::Thumbnail).await
            {
                picture::show(&canvas, &picture);
            }
        });
    });
    // Arrow keys walk through the list.
    Effect::new(move |_| {
        if let (true, true, Some(node)) = (here.get(), focused.get_untracked(), node.get()) {
            let _ = node.focus();
        }
    });
    on_cleanup(move || {
        if let Some(canvas) = canvas.try_get_untracked().flatten() {
            picture::release(&canvas);
        }
    });
    let px = |value: f64| value.to_string() + "px";
    let number = (page + 1).to_string();
    let label = fill("Trang {}", &[&number]);
    view! {
        <button
            type="button"
            class="thumbnail"
            node_ref=node
            aria-label=label
            aria-current=move || here.get().then_some("page")
            tabindex=move || if here.get() { "0" } else { "-1" }
            style:top=px(f64::from(page) * CELL)
            on:click=move |_| {
                viewing.go(page);
                if is_sheet(viewing) {
                    viewing.panel.set(None);
                }
            }
        >
            <canvas node_ref=canvas aria-hidden="true" width="0" height="0" style:width=px(size.width * scale) style:height=px(size.height * scale)></canvas>
            <span>{number}</span>
        </button>
    }
    .into_any()
}
