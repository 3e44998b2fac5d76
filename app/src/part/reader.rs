//! A document to read: opened by the engine, shown by the viewer, forgotten when it leaves the screen.

use crate::engine;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::viewer::Viewer;
use crate::signing::Trouble;
use contract::geometry::PageGeometry;
use contract::worker::{Answer, Ask, DocumentId, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

async fn pages(document: DocumentId, bytes: Vec<u8>) -> Result<Vec<PageGeometry>, Trouble> {
    let ask = Ask::Open {
        document,
        password: None,
    };
    match engine::ask(ask, vec![bytes]).await? {
        (Answer::Opened { facts }, _) => Ok(facts.pages),
        _ => Err(WorkerProblem::Damaged.into()),
    }
}

/// Shows what `load` gives.
#[component]
pub fn Reader<L>(
    /// A number no other document on this screen has.
    document: DocumentId,
    load: impl FnOnce() -> L,
) -> impl IntoView
where
    L: Future<Output = Result<Vec<u8>, Trouble>> + 'static,
{
    let bytes = load();
    let opened = crate::part::load(async move { pages(document, bytes.await?).await });
    on_cleanup(move || {
        spawn_local(async move {
            let _ = engine::ask(Ask::Close { document }, Vec::new()).await;
        });
    });
    move || match opened.get() {
        None => view! { <Loading/> }.into_any(),
        Some(Err(trouble)) => {
            view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any()
        }
        Some(Ok(pages)) => view! { <div class="reader"><Viewer document pages/></div> }.into_any(),
    }
}
