//! The files of one request: which one is looked at, how each stands, which are left out. A column on a wide screen, a step header
//! with a sheet on a phone.

use super::files::{Files, SigningFile, Standing};
use crate::text::{fill, t};
use leptos::prelude::*;

/// How a file stands, in words.
pub fn words(standing: Standing) -> &'static str {
    match standing {
        Standing::Opening => t("Đang mở…"),
        Standing::Placed => t("Đã đặt ô ký"),
        Standing::NeedsLook => t("Cần xem"),
        Standing::Skipped => t("Không ký"),
        Standing::Refused => t("Không ký được"),
    }
}

const fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Opening => "opening",
        Standing::Placed => "placed",
        Standing::NeedsLook => "needs-look",
        Standing::Skipped => "skipped",
        Standing::Refused => "refused",
    }
}

/// The list, and the way through it.
#[component]
pub fn FileList(files: Files, invisible: Memo<bool>) -> impl IntoView {
    let count = files.count();
    let open = RwSignal::new(false);
    let number = move || fill("Tệp {}/{}", &[&(files.current.get() + 1), &count]);
    let name = move || {
        files
            .shown()
            .map(|file| file.attachment.file_name.to_string())
    };
    let is_last = move || files.current.get() == count.saturating_sub(1);
    let standing = Memo::new(move |_| files.shown().map(|file| file.standing(invisible.get())));
    let key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            open.set(false);
            event.prevent_default();
            event.stop_propagation();
        }
    };
    view! {
        <nav class="files-nav" aria-label=t("Các tệp sẽ ký") on:keydown=key>
            <div class="turn">
                <button type="button" class="button small" aria-label=t("Tệp trước") title=t("Tệp trước (Alt+Page Up)") disabled=move || files.current.get() == 0 on:click=move |_| files.turn(false)>
                    <span aria-hidden="true">"‹"</span><span class="word">{t("Trước")}</span>
                </button>
                <button type="button" class="which" aria-expanded=move || open.get().to_string() aria-controls="file-list" on:click=move |_| open.update(|open| *open = !*open)>
                    <strong>{number}</strong>
                    <span class="file">{name}</span>
                    <span class=move || format!("state {}", standing.get().map_or("", class))>{move || standing.get().map(words)}</span>
                </button>
                <strong class="number">{number}</strong>
                <button type="button" class="button small" aria-label=t("Tệp tiếp theo") title=t("Tệp tiếp theo (Alt+Page Down)") disabled=is_last on:click=move |_| files.turn(true)>
                    <span class="word">{t("Tiếp theo")}</span><span aria-hidden="true">"›"</span>
                </button>
            </div>
            <ol id="file-list" class:open=move || open.get()>
                {files.list().into_iter().enumerate().map(|(index, file)| view! { <Row files index file invisible open/> }).collect_view()}
            </ol>
        </nav>
        <p class="visually-hidden" role="status">
            {move || standing.get().map(|standing| format!("{}: {}. {}", number(), name().unwrap_or_default(), words(standing)))}
        </p>
    }
}

#[component]
fn Row(
    files: Files,
    index: usize,
    file: SigningFile,
    invisible: Memo<bool>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let name = file.attachment.file_name.to_string();
    let skipped = file.skipped;
    let glyph = file.clone();
    let standing = Memo::new(move |_| file.standing(invisible.get()));
    let here = move || files.current.get() == index;
    let label = fill("Ký tệp {}", &[&name]);
    view! {
        <li class=move || if here() { format!("{} here", class(standing.get())) } else { class(standing.get()).to_owned() }>
            <button type="button" class="go" aria-current=move || here().then_some("true") on:click=move |_| {
                files.current.set(index);
                open.set(false);
            }>
                <Glyph file=glyph standing/>
                <span>
                    <span class="file">{name}</span>
                    <span class="state">{move || words(standing.get())}</span>
                </span>
            </button>
            <Show when=move || standing.get() != Standing::Refused>
                <label class="take">
                    <input type="checkbox" aria-label=label.clone() prop:checked=move || !skipped.get() on:change=move |event| skipped.set(!event_target_checked(&event))/>
                    <span aria-hidden="true">{t("Ký")}</span>
                </label>
            </Show>
        </li>
    }
}

/// The page of the box, very small: where it stands is seen before it is read.
#[component]
fn Glyph(file: SigningFile, standing: Memo<Standing>) -> impl IntoView {
    let place = move || {
        let placement = file.placement()?;
        let placed = placement.placed()?;
        let bounds = placement.bounds(placed.page);
        let part =
            |at: f64, of: f64| format!("{:.1}%", (at / of.max(1.0) * 100.0).clamp(0.0, 100.0));
        let (rect, wide, high) = (placed.rect, bounds.width, bounds.height);
        let edges = [
            part(rect.x, wide),
            part(rect.y, high),
            part(rect.width, wide),
            part(rect.height, high),
        ];
        Some((format!("{:.3}", wide / high.max(1.0)), edges))
    };
    let place = Memo::new(move |_| place());
    let boxed = move || matches!(standing.get(), Standing::Placed | Standing::NeedsLook);
    view! {
        <span class="glyph" aria-hidden="true" style:aspect-ratio=move || place.get().map(|(ratio, _)| ratio)>
            {move || boxed().then(|| place.get().map(|(_, [left, top, width, height])| view! {
                <span style:left=left style:top=top style:width=width style:height=height></span>
            }))}
        </span>
    }
}
