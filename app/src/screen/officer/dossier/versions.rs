//! Earlier versions of a component that a supplement replaced: read, and compared with the one that stands now, in words and pictures.

use crate::part::notice::{Notice, Tone};
use crate::part::validation::{fresh, picture};
use crate::screen::my_dossier::download;
use crate::signing::Trouble;
use crate::text::{fill, t};
use crate::{api, engine, format, text};
use contract::geometry::PageGeometry;
use contract::life::FormerFile;
use contract::worker::{Answer, Ask, DocumentId, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// Most pages whose words are compared.
const PAGES_READ: u32 = 40;
/// Most pages that are shown side by side.
const PAGES_SHOWN: usize = 4;
/// Most lines that are named of one page and side.
const LINES_NAMED: usize = 6;

/// The list; nothing where nothing was replaced.
#[component]
pub fn Versions(dossier: Uuid, current: (Uuid, String), former: Vec<FormerFile>) -> impl IntoView {
    if former.is_empty() {
        return ().into_any();
    }
    let list = former
        .into_iter()
        .map(|one| view! { <One dossier current=current.0 former=one/> })
        .collect_view();
    view! {
        <details class="versions">
            <summary>{t("Bản trước khi bổ sung")}</summary>
            <ul class="files">{list}</ul>
        </details>
    }
    .into_any()
}

#[component]
fn One(dossier: Uuid, current: Uuid, former: FormerFile) -> impl IntoView {
    let id = former.manifest.id;
    let name = former.manifest.file_name.to_string();
    let saved = name.clone();
    let comparing = RwSignal::new(false);
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let save = move |_| {
        let name = saved.clone();
        spawn_local(async move {
            match api::file(true, dossier, id).await {
                Ok(bytes) => download(&bytes, &name),
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    let replaced = fill("Thay lúc {}", &[&format::moment(former.replaced_at)]);
    let comparable = former.manifest.original_of.is_none();
    view! {
        <li class="file-row">
            <p class="name">{name}<span class="hint">{format::size(former.manifest.size)}" · "{replaced}</span></p>
            <p class="row">
                <button type="button" class="button" on:click=save>{t("Tải bản này")}</button>
                {comparable.then(|| view! {
                    <button type="button" class="button" aria-expanded=move || comparing.get().to_string() on:click=move |_| comparing.update(|comparing| *comparing = !*comparing)>
                        {move || if comparing.get() { t("Đóng so sánh") } else { t("So sánh với bản hiện tại") }}
                    </button>
                })}
            </p>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
            {move || comparing.get().then(|| view! { <Sides dossier old=id new=current/> })}
        </li>
    }
}

/// One version, opened: its pages and their lines.
#[derive(Clone)]
struct Opened {
    pages: Vec<PageGeometry>,
    lines: Vec<Vec<String>>,
}

async fn open(dossier: Uuid, file: Uuid, document: DocumentId) -> Result<Opened, Trouble> {
    let bytes = api::file(true, dossier, file).await?;
    let ask = Ask::Open {
        document,
        password: None,
    };
    let (Answer::Opened { facts }, _) = engine::ask(ask, vec![bytes]).await? else {
        return Err(WorkerProblem::Damaged.into());
    };
    let count = u32::try_from(facts.pages.len()).unwrap_or(u32::MAX);
    let mut lines = Vec::new();
    for page in 0..count.min(PAGES_READ) {
        let (answer, _) = engine::ask(Ask::Text { document, page }, Vec::new()).await?;
        let Answer::Text { text } = answer else {
            return Err(WorkerProblem::Crashed.into());
        };
        let read = text.lines.into_iter().map(|line| line.text);
        lines.push(read.collect());
    }
    Ok(Opened {
        pages: facts.pages,
        lines,
    })
}

/// What one page has that the other has not.
fn only_in(these: &[String], those: &[String]) -> Vec<String> {
    let mut left: Vec<&String> = those.iter().collect();
    these
        .iter()
        .filter(|line| match left.iter().position(|other| other == line) {
            Some(at) => {
                left.swap_remove(at);
                false
            }
            None => !line.trim().is_empty(),
        })
        .cloned()
        .collect()
}

/// One page that differs: its number from 0, the lines only the old and only the new version have.
type Difference = (usize, Vec<String>, Vec<String>);

fn differences(old: &Opened, new: &Opened) -> Vec<Difference> {
    let none = Vec::new();
    let count = old.lines.len().max(new.lines.len());
    (0..count)
        .filter_map(|page| {
            let before = old.lines.get(page).unwrap_or(&none);
            let after = new.lines.get(page).unwrap_or(&none);
            let (gone, come) = (only_in(before, after), only_in(after, before));
            let pages_differ = (page < old.pages.len()) != (page < new.pages.len());
            (pages_differ || !gone.is_empty() || !come.is_empty()).then_some((page, gone, come))
        })
        .collect()
}

/// Both versions, or why one cannot be opened.
type Both = Result<(Opened, Opened), String>;

#[component]
fn Sides(dossier: Uuid, old: Uuid, new: Uuid) -> impl IntoView {
    let (before, after) = (fresh(), fresh());
    let opened: RwSignal<Option<Both>, LocalStorage> = RwSignal::new_local(None);
    spawn_local(async move {
        let both = async {
            Ok::<_, Trouble>((
                open(dossier, old, before).await?,
                open(dossier, new, after).await?,
            ))
        };
        let both = both.await.map_err(|trouble| trouble.sentence());
        let _ = opened.try_set(Some(both));
    });
    on_cleanup(move || {
        spawn_local(async move {
            for document in [before, after] {
                let _ = engine::ask(Ask::Close { document }, Vec::new()).await;
            }
        });
    });
    move || match opened.get() {
        None => view! { <p role="status">{t("Đang so sánh hai bản…")}</p> }.into_any(),
        Some(Err(sentence)) => view! { <Notice tone=Tone::Bad>{sentence}</Notice> }.into_any(),
        Some(Ok((old, new))) => {
            let found = differences(&old, &new);
            let has_words = old
                .lines
                .iter()
                .chain(&new.lines)
                .any(|page| !page.is_empty());
            let summary = if !has_words {
                t("Hai bản là ảnh quét, không có chữ để so sánh. Hãy xem các trang bên dưới.")
                    .to_owned()
            } else if found.is_empty() {
                t("Chữ trên các trang của hai bản giống nhau. Hình ảnh, con dấu có thể khác: hãy xem các trang bên dưới.").to_owned()
            } else {
                fill(
                    "{} trang khác nhau; bản trước có {} trang, bản hiện tại có {} trang.",
                    &[&found.len(), &old.pages.len(), &new.pages.len()],
                )
            };
            let mut shown: Vec<usize> = found
                .iter()
                .map(|(page, ..)| *page)
                .take(PAGES_SHOWN)
                .collect();
            if shown.is_empty() {
                shown = (0..old.pages.len().max(new.pages.len()).min(PAGES_SHOWN)).collect();
            }
            let pairs = shown.into_iter().filter_map(|page| {
                let index = u32::try_from(page).ok()?;
                let number = page + 1;
                Some(view! {
                    <div class="pair">
                        {picture(before, index, &old.pages, fill("Bản trước, trang {}", &[&number]))}
                        {picture(after, index, &new.pages, fill("Bản hiện tại, trang {}", &[&number]))}
                    </div>
                })
            }).collect_view();
            view! {
                <p><strong>{summary}</strong></p>
                {found.into_iter().take(PAGES_SHOWN).map(|(page, gone, come)| named(page, gone, come)).collect_view()}
                {pairs}
            }
            .into_any()
        }
    }
}

/// The lines of one page that went and came.
fn named(page: usize, gone: Vec<String>, come: Vec<String>) -> AnyView {
    let list = |lines: Vec<String>| {
        let more = lines.len().saturating_sub(LINES_NAMED);
        view! {
            {lines.into_iter().take(LINES_NAMED).map(|line| view! { <li>{line}</li> }).collect_view()}
            {(more > 0).then(|| view! { <li class="hint">{fill("và {} dòng khác", &[&more])}</li> })}
        }
    };
    view! {
        <p>{fill("Trang {}", &[&(page + 1)])}</p>
        {(!gone.is_empty()).then(|| view! { <p class="hint">{t("Chỉ bản trước có:")}</p><ul class="gone">{list(gone)}</ul> })}
        {(!come.is_empty()).then(|| view! { <p class="hint">{t("Chỉ bản hiện tại có:")}</p><ul class="come">{list(come)}</ul> })}
    }
    .into_any()
}
