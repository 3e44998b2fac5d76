//! What a signer saw: the signed revision in the viewer, and pages that changed since, before and after side by side.

use super::kept::{Kept, KeptFile};
use crate::engine;
use crate::part::notice::{Notice, Tone};
use crate::part::reader::Reader;
use crate::part::viewer::{draw, release, show};
use crate::signing::Trouble;
use crate::text::{fill, t};
use contract::geometry::PageGeometry;
use contract::worker::{Answer, Ask, DocumentId, Urgency, WorkerProblem};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;

/// Most pages that are shown before and after; the rest is read in the viewer.
const PAGES_MAX: usize = 4;
/// Width of a picture, in CSS pixels.
const WIDTH: f64 = 420.0;
/// Names of documents of this part, away from those of the screens.
const FIRST: u32 = 0x2000_0000;

thread_local! {
    static TAKEN: Cell<u32> = const { Cell::new(0) };
}

/// A name that no other document has.
pub fn fresh() -> DocumentId {
    let number = TAKEN.get().wrapping_add(1) & 0xff_ffff;
    TAKEN.set(number);
    DocumentId(FIRST | number)
}

/// Lets the engine forget documents once what shows them goes.
pub fn close_with_the_screen(documents: [DocumentId; 2]) {
    on_cleanup(move || {
        spawn_local(async move {
            for document in documents {
                let _ = engine::ask(Ask::Close { document }, Vec::new()).await;
            }
        });
    });
}

/// Below a signature that other revisions follow.
#[component]
pub fn Compare(
    kept: KeptFile,
    /// Where the signed revision ends.
    end: u64,
    /// Pages that changed since, from 0.
    pages: Vec<u32>,
) -> impl IntoView {
    let reading = RwSignal::new(false);
    let looked = RwSignal::new(false);
    let differs = (!pages.is_empty()).then(|| {
        let list = pages
            .iter()
            .map(|page| (page + 1).to_string())
            .collect::<Vec<_>>()
            .join(", ");
        let pages = StoredValue::new(pages);
        view! {
            <details class="compare" on:toggle=move |_| looked.set(true)>
                <summary>{t("Xem trước và sau thay đổi: trang ")}{list}</summary>
                {move || looked.get().then(|| view! { <Pairs kept end pages=pages.get_value()/> })}
            </details>
        }
    });
    view! {
        {differs}
        <p class="row">
            <button type="button" class="button" aria-expanded=move || reading.get().to_string() on:click=move |_| reading.update(|reading| *reading = !*reading)>
                {move || if reading.get() { t("Đóng bản như lúc ký") } else { t("Xem tài liệu như lúc ký") }}
            </button>
        </p>
        {move || reading.get().then(|| {
            let kept = kept.get_value();
            let name = kept.as_ref().map_or(String::new(), |kept| format!("nhu-luc-ky-{}", kept.name));
            let load = move || async move {
                match kept {
                    Some(kept) => kept.bytes(Some(end)).await,
                    None => Err(WorkerProblem::Damaged.into()),
                }
            };
            view! { <Reader document=fresh() name load/> }
        })}
    }
}

/// Boxes of the pages of both revisions.
type Boxes = (Vec<PageGeometry>, Vec<PageGeometry>);

async fn open(
    kept: &Kept,
    end: Option<u64>,
    document: DocumentId,
) -> Result<Vec<PageGeometry>, Trouble> {
    let bytes = kept.bytes(end).await?;
    let ask = Ask::Open {
        document,
        password: None,
    };
    match engine::ask(ask, vec![bytes]).await? {
        (Answer::Opened { facts }, _) => Ok(facts.pages),
        _ => Err(WorkerProblem::Damaged.into()),
    }
}

/// Pictures of pages in both revisions.
#[component]
fn Pairs(kept: KeptFile, end: u64, pages: Vec<u32>) -> impl IntoView {
    let (before, after) = (fresh(), fresh());
    let opened: RwSignal<Option<Result<Boxes, String>>> = RwSignal::new(None);
    let file = kept.get_value();
    spawn_local(async move {
        let both = async {
            let file = file.ok_or(WorkerProblem::Damaged)?;
            Ok::<_, Trouble>((
                open(&file, Some(end), before).await?,
                open(&file, None, after).await?,
            ))
        };
        let both = both.await.map_err(|trouble| trouble.sentence());
        let _ = opened.try_set(Some(both));
    });
    close_with_the_screen([before, after]);
    let more = pages.len().saturating_sub(PAGES_MAX);
    move || match opened.get() {
        None => view! { <p role="status">{t("Đang vẽ các trang…")}</p> }.into_any(),
        Some(Err(sentence)) => view! { <Notice tone=Tone::Bad>{sentence}</Notice> }.into_any(),
        Some(Ok((old, new))) => {
            let pairs = pages.iter().take(PAGES_MAX).map(|page| {
                let number = page + 1;
                view! {
                    <div class="pair">
                        {picture(before, *page, &old, fill("Trang {} như lúc ký", &[&number]))}
                        {picture(after, *page, &new, fill("Trang {} bây giờ", &[&number]))}
                    </div>
                }
            });
            view! {
                {pairs.collect_view()}
                {(more > 0).then(|| view! { <p class="hint">{fill("Còn {} trang khác; hãy mở bản như lúc ký để so sánh.", &[&more])}</p> })}
            }
            .into_any()
        }
    }
}

/// One page; a revision may not have it.
pub fn picture(
    document: DocumentId,
    page: u32,
    boxes: &[PageGeometry],
    caption: String,
) -> AnyView {
    let size = usize::try_from(page)
        .ok()
        .and_then(|page| boxes.get(page))
        .map(PageGeometry::view_size);
    let Some(size) = size else {
        return view! { <figure><p class="empty">{t("Không có trang này")}</p><figcaption>{caption}</figcaption></figure> }.into_any();
    };
    let canvas = NodeRef::<html::Canvas>::new();
    let failed = RwSignal::new(false);
    let scale = WIDTH / size.width.max(1.0) * window().device_pixel_ratio().clamp(1.0, 2.0);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        spawn_local(async move {
            match draw(document, page, scale, None, Urgency::Seen).await {
                Ok(bitmap) => show(&canvas, &bitmap),
                Err(_) => {
                    let _ = failed.try_set(true);
                }
            }
        });
    });
    on_cleanup(move || {
        if let Some(canvas) = canvas.get_untracked() {
            release(&canvas);
        }
    });
    let ratio = format!("{} / {}", size.width, size.height);
    let label = caption.clone();
    view! {
        <figure>
            <canvas node_ref=canvas role="img" aria-label=label style:aspect-ratio=ratio></canvas>
            {move || failed.get().then(|| view! { <p class="error">{crate::text::worker(&WorkerProblem::PageUnreadable)}</p> })}
            <figcaption>{caption}</figcaption>
        </figure>
    }
    .into_any()
}
