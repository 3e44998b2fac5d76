//! One file that is checked: its verdict first, the evidence below, its pages on demand.

use super::read;
use crate::part::notice::{Notice, Tone};
use crate::part::reader::Reader;
use crate::part::validation::{KeptFile, Validation, validate_with};
use crate::session::SessionState;
use crate::signing::Trouble;
use crate::text::{self, t};
use contract::validation::{Headline, ValidationReport};
use contract::worker::{DocumentId, WorkerProblem};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Names of documents on this screen, away from those of others.
const FIRST: u32 = 500;

/// A file and what came of it.
#[derive(Clone)]
pub struct Checked {
    file: File,
    /// Counts the files of this screen.
    pub number: u32,
    result: RwSignal<Option<Result<ValidationReport, Trouble>>>,
    kept: KeptFile,
    clock: SessionState,
}

impl Checked {
    /// Not checked yet.
    pub fn new(file: File, number: u32, clock: SessionState) -> Self {
        Self {
            file,
            number,
            result: RwSignal::new(None),
            kept: StoredValue::new_local(None),
            clock,
        }
    }

    fn headline(&self) -> Option<Headline> {
        self.result.with(|result| match result {
            Some(Ok(report)) => Some(report.headline()),
            _ => None,
        })
    }

    async fn check(&self, password: Option<String>) {
        let now = self.clock.now();
        let found = match read(&self.file).await {
            Some(bytes) if !is_pdf(&bytes) => Err(WorkerProblem::NotPdf.into()),
            Some(bytes) => validate_with(self.file.name(), bytes, password, now).await,
            None => Err(WorkerProblem::Damaged.into()),
        };
        let found = found.map(|(report, file)| {
            let _ = self.kept.try_set_value(Some(file));
            report
        });
        let _ = self.result.try_set(Some(found));
    }
}

/// Viewers look for the header in the first kilobyte.
fn is_pdf(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    head.windows(5).any(|window| window == b"%PDF-")
}

/// How many files ended how.
#[derive(Default)]
pub struct Count {
    /// Not checked yet.
    pub open: usize,
    /// Valid.
    pub valid: usize,
    /// Valid with changes, or undecided.
    pub attention: usize,
    /// Not valid.
    pub invalid: usize,
    /// Not signed.
    pub unsigned: usize,
    /// Not read.
    pub failed: usize,
}

/// Counts them.
pub fn count(files: &[Checked]) -> Count {
    let mut count = Count::default();
    for file in files {
        let place = match (file.headline(), file.result.with(Option::is_some)) {
            (Some(Headline::Valid), _) => &mut count.valid,
            (Some(Headline::ValidChanged | Headline::Undecided), _) => &mut count.attention,
            (Some(Headline::Invalid), _) => &mut count.invalid,
            (Some(Headline::Unsigned), _) => &mut count.unsigned,
            (None, true) => &mut count.failed,
            (None, false) => &mut count.open,
        };
        *place += 1;
    }
    count
}

/// One after the other: the engine has one pair of hands.
pub fn check_all(files: Vec<Checked>) {
    spawn_local(async move {
        for file in files {
            // Another choice was made meanwhile.
            if file.result.try_with_untracked(Option::is_none) != Some(true) {
                continue;
            }
            file.check(None).await;
        }
    });
}

/// The file. `alone`: nothing else is on the screen, so that everything is open.
#[component]
pub fn CheckedFile(file: Checked, alone: bool) -> impl IntoView {
    let name = file.file.name();
    let (head, body) = (file.clone(), file.clone());
    if alone {
        return view! {
            <section class="checked alone">
                <p class="file">{name}</p>
                <div aria-live="polite">{outcome(body)}</div>
                {readable(file)}
            </section>
        }
        .into_any();
    }
    let reading = RwSignal::new(false);
    view! {
        <details class="checked">
            <summary>
                {move || mark(&head)}
                <span><span class="file">{name.clone()}</span><span class="state">{move || words(&file)}</span></span>
            </summary>
            {outcome(body.clone())}
            <p class="row">
                <button type="button" class="button" aria-expanded=move || reading.get().to_string() on:click=move |_| reading.update(|on| *on = !*on)>
                    {move || if reading.get() { t("Đóng nội dung tệp") } else { t("Xem nội dung tệp") }}
                </button>
            </p>
            {move || reading.get().then(|| pages(&body))}
        </details>
    }
    .into_any()
}

/// The pages of a file that is alone on the screen, but while its password is asked for above: once is enough.
fn readable(file: Checked) -> impl IntoView {
    let result = file.result;
    let closed = Memo::new(move |_| {
        result.with(|result| matches!(result, Some(Ok(report)) if is_locked(report)))
    });
    move || (!closed.get()).then(|| view! { <h2>{t("Nội dung tệp")}</h2>{pages(&file)} })
}

fn pages(file: &Checked) -> impl IntoView + use<> {
    let document = DocumentId(FIRST.saturating_add(file.number));
    let password = file
        .kept
        .with_value(|kept| kept.as_ref().and_then(|kept| kept.password.clone()));
    let (name, file) = (file.file.name(), file.file.clone());
    let load = move || async move { read(&file).await.ok_or(WorkerProblem::Damaged.into()) };
    view! { <Reader document name password load/> }
}

/// A glyph beside the name; the words beside it say the same.
fn mark(file: &Checked) -> impl IntoView + use<> {
    let (class, glyph) = match (file.headline(), file.result.with(Option::is_some)) {
        (Some(Headline::Valid), _) => ("mark good", "✓"),
        (Some(Headline::Invalid), _) => ("mark bad", "✗"),
        (Some(Headline::ValidChanged | Headline::Undecided), _) | (None, true) => {
            ("mark attention", "!")
        }
        (Some(Headline::Unsigned), _) => ("mark plain", "–"),
        (None, false) => ("mark plain", "…"),
    };
    view! { <span class=class aria-hidden="true">{glyph}</span> }
}

fn words(file: &Checked) -> String {
    match (file.headline(), file.result.get()) {
        (Some(headline), _) => text::headline(headline).0.to_owned(),
        (None, Some(Err(trouble))) => trouble.sentence(),
        (None, _) => t("Đang kiểm tra…").to_owned(),
    }
}

/// The verdict and its evidence, or what is in the way.
fn outcome(file: Checked) -> impl IntoView {
    move || match file.result.get() {
        None => view! { <p role="status">{t("Đang kiểm tra…")}</p> }.into_any(),
        Some(Err(trouble)) => {
            view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any()
        }
        Some(Ok(report)) if is_locked(&report) => locked(&file),
        Some(Ok(report)) => view! { <Validation report kept=file.kept/> }.into_any(),
    }
}

fn is_locked(report: &ValidationReport) -> bool {
    let mut findings = report.findings.iter();
    findings.any(|finding| finding.code == "password-required")
}

/// The password box. What is typed goes to the worker of this page and nowhere else.
fn locked(file: &Checked) -> AnyView {
    let field = NodeRef::<html::Input>::new();
    let id = format!("check-password-{}", file.number);
    let tried = file
        .kept
        .with_value(|kept| kept.as_ref().is_some_and(|kept| kept.password.is_some()));
    let hint = format!("{id}-hint");
    let file = file.clone();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else {
            return;
        };
        let (file, typed) = (file.clone(), field.value());
        spawn_local(async move { file.check(Some(typed)).await });
    };
    view! {
        <form class="unlock" on:submit=submit>
            <label for=id.clone()>{t("Mật khẩu của tệp")}</label>
            <p class="hint" id=hint.clone()>{t("Tệp có mật khẩu. Nhập mật khẩu để kiểm tra; mật khẩu không được gửi đi.")}</p>
            {tried.then(|| view! { <p class="error" role="alert">{t("Mật khẩu chưa đúng. Vui lòng nhập lại.")}</p> })}
            <div class="row">
                <input id=id node_ref=field type="password" autocomplete="off" aria-describedby=hint/>
                <button type="submit" class="button primary">{t("Kiểm tra")}</button>
            </div>
        </form>
    }
    .into_any()
}
