//! Two versions of a document beside each other: what the lines of their pages differ in, in words, and pictures of those pages.

use super::compare::{close_with_the_screen, fresh, picture};
use crate::engine;
use crate::part::notice::{Notice, Tone};
use crate::signing::Trouble;
use crate::text::{fill, t};
use contract::geometry::PageGeometry;
use contract::worker::{Answer, Ask, DocumentId, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

/// Most pages whose words are compared.
const PAGES_READ: u32 = 40;
/// Most pages that are shown side by side.
const PAGES_SHOWN: usize = 4;
/// Most lines that are named of one page and side.
const LINES_NAMED: usize = 6;

/// How the two are called on screen: sentences of the catalogue, translated where they are shown.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    /// A page of the old one, by its number.
    pub old_page: &'static str,
    /// A page of the new one.
    pub new_page: &'static str,
    /// What only the old one has.
    pub only_old: &'static str,
    /// What only the new one has.
    pub only_new: &'static str,
}

/// One version, opened: its pages and their lines.
#[derive(Clone)]
struct Opened {
    pages: Vec<PageGeometry>,
    lines: Vec<Vec<String>>,
}

async fn open(
    bytes: Vec<u8>,
    password: Option<String>,
    document: DocumentId,
) -> Result<Opened, Trouble> {
    let ask = Ask::Open { document, password };
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

/// Pages that are shown: those whose words differ, then those that are known to differ, else the first ones.
fn pages_shown(found: &[Difference], known: &[u32], count: usize) -> Vec<usize> {
    let mut shown: Vec<usize> = found.iter().map(|(page, ..)| *page).collect();
    let known = known.iter().filter_map(|page| usize::try_from(*page).ok());
    for page in known {
        if !shown.contains(&page) {
            shown.push(page);
        }
    }
    if shown.is_empty() {
        shown = (0..count).collect();
    }
    shown.truncate(PAGES_SHOWN);
    shown
}

/// The two, once `load` has their bytes, with the password of both.
pub fn sides<L, F>(load: L, names: Names, known: Vec<u32>) -> impl IntoView
where
    L: FnOnce() -> F + 'static,
    F: Future<Output = Result<(Vec<u8>, Vec<u8>, Option<String>), Trouble>> + 'static,
{
    let (before, after) = (fresh(), fresh());
    let opened: RwSignal<Option<Both>, LocalStorage> = RwSignal::new_local(None);
    spawn_local(async move {
        let both = async {
            let (old, new, password) = load().await?;
            let old = open(old, password.clone(), before).await?;
            Ok::<_, Trouble>((old, open(new, password, after).await?))
        };
        let both = both.await.map_err(|trouble| trouble.sentence());
        let _ = opened.try_set(Some(both));
    });
    close_with_the_screen([before, after]);
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
                    "{} trang khác nhau; bản trước có {} trang, bản sau có {} trang.",
                    &[&found.len(), &old.pages.len(), &new.pages.len()],
                )
            };
            let shown = pages_shown(&found, &known, old.pages.len().max(new.pages.len()));
            let pairs = shown
                .into_iter()
                .filter_map(|page| {
                    let index = u32::try_from(page).ok()?;
                    let number = page + 1;
                    Some(view! {
                        <div class="pair">
                            {picture(before, index, &old.pages, fill(names.old_page, &[&number]))}
                            {picture(after, index, &new.pages, fill(names.new_page, &[&number]))}
                        </div>
                    })
                })
                .collect_view();
            view! {
                <p><strong>{summary}</strong></p>
                {found.into_iter().take(PAGES_SHOWN).map(|difference| named(difference, names)).collect_view()}
                {pairs}
            }
            .into_any()
        }
    }
}

/// The lines of one page that went and came.
fn named((page, gone, come): Difference, names: Names) -> AnyView {
    let list = |lines: Vec<String>| {
        let more = lines.len().saturating_sub(LINES_NAMED);
        view! {
            {lines.into_iter().take(LINES_NAMED).map(|line| view! { <li>{line}</li> }).collect_view()}
            {(more > 0).then(|| view! { <li class="hint">{fill("và {} dòng khác", &[&more])}</li> })}
        }
    };
    view! {
        <p>{fill("Trang {}", &[&(page + 1)])}</p>
        {(!gone.is_empty()).then(|| view! { <p class="hint">{t(names.only_old)}</p><ul class="gone">{list(gone)}</ul> })}
        {(!come.is_empty()).then(|| view! { <p class="hint">{t(names.only_new)}</p><ul class="come">{list(come)}</ul> })}
    }
    .into_any()
}
