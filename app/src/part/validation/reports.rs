//! Buttons that save a report of what was checked; the worker makes it, nothing is sent.

use super::kept::{Kept, KeptFile};
use crate::engine;
use crate::part::notice::{Notice, Tone};
use crate::screen::my_dossier::{blob_as, save_blob};
use crate::signing::Trouble;
use crate::text::t;
use contract::report::ReportFormat;
use contract::worker::{Ask, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The buttons.
#[component]
pub fn Reports(kept: KeptFile) -> impl IntoView {
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let save = move |format: ReportFormat| {
        let Some(kept) = kept.get_value() else { return };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            if let Err(wrong) = make(&kept, format).await {
                let _ = trouble.try_set(Some(wrong.sentence()));
            }
            let _ = busy.try_set(false);
        });
    };
    let button = move |format: ReportFormat, label: &'static str, full: &'static str| {
        view! {
            <button type="button" class="button" aria-label=full disabled=move || busy.get() on:click=move |_| save(format)>
                {label}
            </button>
        }
    };
    view! {
        <div class="reports">
            <p class="row">
                {button(ReportFormat::Pdf, t("Tải báo cáo (PDF)"), t("Tải báo cáo (PDF)"))}
                {button(ReportFormat::Xml, "XML", t("Tải báo cáo XML theo ETSI TS 119 102-2"))}
                {button(ReportFormat::Json, "JSON", t("Tải báo cáo JSON"))}
            </p>
            <p class="hint">{t("Báo cáo được lập trên máy của bạn và ghi mã SHA-256 của tệp. Hãy lưu cùng tệp đã ký.")}</p>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        </div>
    }
}

async fn make(kept: &Kept, format: ReportFormat) -> Result<(), Trouble> {
    let bytes = kept.bytes(None).await?;
    let ask = Ask::Report {
        password: kept.password.clone(),
        format,
        name: kept.name.clone(),
        roots: kept.roots.clone(),
        now: kept.now,
    };
    let (_, parcels) = engine::ask(ask, vec![bytes]).await?;
    let made = parcels.files.into_iter().next();
    let file = made.and_then(|made| blob_as(&made, format.media()));
    let file = file.ok_or(WorkerProblem::Crashed)?;
    let stem = kept.name.strip_suffix(".pdf").unwrap_or(&kept.name);
    save_blob(&file, &format!("{stem}-bao-cao.{}", format.ending()));
    Ok(())
}
