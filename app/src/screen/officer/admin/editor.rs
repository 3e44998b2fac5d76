//! Where a draft is written: a form, or the whole text for those who know it. Both are one document: what one wrote the other shows.

use super::Faults;
use super::calendar::CalendarForm;
use super::difference::Difference;
use super::document::{Opened, Place};
use super::form::ProcedureForm;
use super::publish::{Publishing, Wanted};
use super::tree::TreeForm;
use super::work::WorkForm;
use crate::part::dialog::Dialog;
use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::text::t;
use crate::{api, text};
use contract::difference::Piece;
use contract::edition::{
    CalendarDays, Document, DocumentFault, DocumentKind, DraftName, EditionState, Outcome,
    SaveDraft, Source, UsualWork,
};
use contract::procedure::Procedure;
use contract::unit::Units;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The values of a form, of whichever kind.
#[derive(Clone, Copy)]
enum Values {
    Procedure(RwSignal<Procedure>),
    Holidays(RwSignal<CalendarDays>),
    Units(RwSignal<Units>),
    Work(RwSignal<UsualWork>),
}

impl Values {
    fn of(document: Document) -> Option<Self> {
        Some(match document {
            Document::Procedure(procedure) => Self::Procedure(RwSignal::new(*procedure)),
            Document::Holidays(days) => Self::Holidays(RwSignal::new(days)),
            Document::Units(units) => Self::Units(RwSignal::new(units)),
            Document::Work(work) => Self::Work(RwSignal::new(work)),
            Document::Events(_) => return None,
        })
    }

    fn read(self) -> Document {
        match self {
            Self::Procedure(of) => Document::Procedure(Box::new(of.get_untracked())),
            Self::Holidays(of) => Document::Holidays(of.get_untracked()),
            Self::Units(of) => Document::Units(of.get_untracked()),
            Self::Work(of) => Document::Work(of.get_untracked()),
        }
    }

    /// Whoever asks hears of every change.
    fn track(self) {
        match self {
            Self::Procedure(of) => of.track(),
            Self::Holidays(of) => of.track(),
            Self::Units(of) => of.track(),
            Self::Work(of) => of.track(),
        }
    }
}

/// What was checked, to be looked at.
#[derive(Clone)]
struct Seen {
    document: Option<Document>,
    difference: Vec<Piece>,
}

/// The editor of what was opened.
#[component]
pub fn Editor(place: Place, opened: Opened) -> impl IntoView {
    let kind = place.kind;
    let draft = opened
        .view
        .editions
        .iter()
        .find(|edition| edition.state == EditionState::Draft)
        .cloned();
    let written = RwSignal::new(opened.text.text.clone());
    let ends = draft.as_ref().is_some_and(|draft| draft.ends);
    let values = RwSignal::new(opened.text.document.clone().and_then(Values::of));
    let by_form = RwSignal::new(values.with_untracked(Option::is_some));
    let note = RwSignal::new(
        draft
            .as_ref()
            .map(|draft| draft.note.clone())
            .unwrap_or_default(),
    );
    let dirty = RwSignal::new(false);
    let faults: RwSignal<Vec<DocumentFault>> = RwSignal::new(Vec::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let seen: RwSignal<Option<Seen>> = RwSignal::new(None);
    let looking = RwSignal::new(false);
    let ending = RwSignal::new(false);
    let wanted: RwSignal<Option<Wanted>> = RwSignal::new(None);
    let version = opened.draft;
    let planned = draft.as_ref().and_then(|draft| draft.effective_from);
    // The first run is what was opened, every later one somebody's writing.
    Effect::new(move |before: Option<()>| {
        if let Some(values) = values.get() {
            values.track();
        }
        if before.is_some() {
            dirty.set(true);
        }
    });
    let source = move || match values.get_untracked() {
        Some(values) if by_form.get_untracked() => Source::Document(values.read()),
        _ => Source::Text(written.get_untracked()),
    };
    let begin = move || {
        busy.set(true);
        trouble.set(None);
        faults.set(Vec::new());
    };
    let check = move |then: Callback<contract::edition::Checked>| {
        begin();
        let source = source();
        spawn_local(async move {
            let answer = api::admin::check(kind, &place.code.get_value(), &source).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(checked) if checked.faults.is_empty() => then.run(checked),
                Ok(checked) => {
                    let _ = faults.try_set(checked.faults);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    let to_text = Callback::new(move |checked: contract::edition::Checked| {
        written.set(checked.text);
        by_form.set(false);
    });
    let to_form = Callback::new(move |checked: contract::edition::Checked| {
        let was = dirty.get_untracked();
        if let Some(made) = checked.document.and_then(Values::of) {
            values.set(Some(made));
            by_form.set(true);
            // Another look at the same is no change.
            request_animation_frame(move || {
                let _ = dirty.try_set(was);
            });
        }
    });
    let look = Callback::new(move |checked: contract::edition::Checked| {
        seen.set(Some(Seen {
            document: checked.document,
            difference: checked.difference,
        }));
        looking.set(true);
    });
    let store = move |source: Source| {
        begin();
        let draft = SaveDraft {
            source,
            note: note.get_untracked(),
            effective_from: planned,
            version,
        };
        spawn_local(async move {
            let answer = api::admin::save(kind, &place.code.get_value(), &draft).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(Outcome::Done(_)) => {
                    let _ = ending.try_set(false);
                    say(t("Đã lưu bản nháp."));
                    place.fetch();
                }
                Ok(Outcome::Refused(list)) => {
                    let _ = faults.try_set(list);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    let publish = move |_| {
        wanted.set(Some(Wanted {
            drafts: vec![DraftName {
                kind,
                code: place.code.get_value(),
                version,
            }],
            from: planned,
        }));
    };
    let in_force = opened.view.number.is_some();
    let has_form = values.with_untracked(Option::is_some);
    view! {
        {ends.then(|| view! { <Notice tone=Tone::Attention>{t("Bản nháp này bãi bỏ thủ tục: từ ngày hiệu lực, thủ tục không còn trong danh mục.")}</Notice> })}
        {has_form.then(|| view! {
            <div class="tabs" role="group" aria-label=t("Cách soạn")>
                <button type="button" aria-pressed=move || by_form.get().to_string() on:click=move |_| if !by_form.get_untracked() { check(to_form) }>{t("Biểu mẫu")}</button>
                <button type="button" aria-pressed=move || (!by_form.get()).to_string() on:click=move |_| if by_form.get_untracked() { check(to_text) }>{t("Toàn văn (chuyên gia)")}</button>
            </div>
        })}
        <div class="admin-form">
            {move || if by_form.get() {
                match values.get() {
                    Some(Values::Procedure(of)) => view! { <ProcedureForm of/> }.into_any(),
                    Some(Values::Holidays(of)) => view! { <CalendarForm of/> }.into_any(),
                    Some(Values::Units(of)) => view! { <TreeForm of/> }.into_any(),
                    Some(Values::Work(of)) => view! { <WorkForm of/> }.into_any(),
                    None => ().into_any(),
                }
            } else {
                view! {
                    <div class="field wide">
                        <label for="document-text">{t("Toàn văn")}</label>
                        <p class="hint" id="document-text-hint">{t("Định dạng TOML, như các tệp danh mục trên máy chủ.")}</p>
                        <textarea id="document-text" class="document-text" rows="24" spellcheck="false" aria-describedby="document-text-hint" prop:value=move || written.get()
                            on:input=move |event| { written.set(event_target_value(&event)); dirty.set(true); }></textarea>
                    </div>
                }.into_any()
            }}
        </div>
        <TextField id="edition-note" label=t("Ghi chú của phiên bản") hint=t("Sửa gì, theo văn bản nào.") value=note on_input=move |text| { note.set(text); dirty.set(true); }/>
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || { let list = faults.get(); (!list.is_empty()).then(|| view! { <Faults list/> }) }}
        <p class="row admin-acts">
            <button type="button" class="button" disabled=move || busy.get() on:click=move |_| check(look)>{t("Kiểm tra và xem trước")}</button>
            <button type="button" class="button" class:primary=move || dirty.get() || version == 0 aria-busy=move || busy.get().to_string() on:click=move |_| store(source())>{t("Lưu bản nháp")}</button>
            {(version != 0).then(|| view! {
                <button type="button" class="button" class:primary=move || !dirty.get() disabled=move || dirty.get() || busy.get() on:click=publish>{t("Ban hành…")}</button>
            })}
            {(kind == DocumentKind::Procedure && in_force && !ends).then(|| view! {
                <button type="button" class="button" on:click=move |_| ending.set(true)>{t("Bãi bỏ thủ tục…")}</button>
            })}
        </p>
        <Show when=move || version != 0 && dirty.get()><p class="hint">{t("Lưu bản nháp trước khi ban hành.")}</p></Show>
        <Publishing wanted done=move |()| place.fetch()/>
        <Dialog open=looking title=t("Xem trước")>
            {move || seen.get().map(|seen| view! {
                <h3>{t("Thay đổi so với bản đang áp dụng")}</h3>
                <Difference pieces=seen.difference/>
                {match seen.document {
                    Some(Document::Procedure(procedure)) => Some(view! {
                        <h3>{t("Trang thủ tục như công dân sẽ thấy")}</h3>
                        <div class="preview"><crate::screen::procedure::Whole procedure=*procedure preview=true/></div>
                    }),
                    _ => None,
                }}
            })}
            <p class="row"><button type="button" class="button" on:click=move |_| looking.set(false)>{t("Đóng")}</button></p>
        </Dialog>
        <Dialog open=ending title=t("Bãi bỏ thủ tục")>
            <p>{t("Tạo bản nháp bãi bỏ: khi được ban hành, từ ngày hiệu lực thủ tục không còn trong danh mục và không nhận hồ sơ mới. Hồ sơ đã nộp vẫn được giải quyết.")}</p>
            <p class="row">
                <button type="button" class="button danger" on:click=move |_| store(Source::End)>{t("Tạo bản nháp bãi bỏ")}</button>
                <button type="button" class="button" on:click=move |_| ending.set(false)>{t("Bỏ qua")}</button>
            </p>
        </Dialog>
    }
}
