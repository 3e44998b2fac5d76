//! Where a draft is written: a form, or the whole text for those who know it. Both are one document: what one wrote the other shows.

use super::Faults;
use super::calendar::CalendarForm;
use super::difference::Difference;
use super::document::{Opened, Place};
use super::form::ProcedureForm;
use super::left::{self, Left, Of};
use super::number::Unread;
use super::publish::{Publishing, Wanted};
use super::tree::TreeForm;
use super::work::WorkForm;
use crate::part::dialog::Dialog;
use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::session::session;
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

    /// None when the screen is gone.
    fn read(self) -> Option<Document> {
        Some(match self {
            Self::Procedure(of) => Document::Procedure(Box::new(of.try_get_untracked()?)),
            Self::Holidays(of) => Document::Holidays(of.try_get_untracked()?),
            Self::Units(of) => Document::Units(of.try_get_untracked()?),
            Self::Work(of) => Document::Work(of.try_get_untracked()?),
        })
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
    let version = opened.draft;
    let name = Of {
        account: session().account_now().map(|account| account.id),
        kind,
        code: place.code.get_value(),
        version,
    };
    let left = left::take(&name);
    let was_left = left.is_some();
    let begun = left.unwrap_or_else(|| Left {
        by_form: opened.text.document.is_some(),
        document: opened.text.document.clone(),
        text: opened.text.text.clone(),
        note: draft
            .as_ref()
            .map(|draft| draft.note.clone())
            .unwrap_or_default(),
    });
    let written = RwSignal::new(begun.text);
    let ends = draft.as_ref().is_some_and(|draft| draft.ends);
    let values = RwSignal::new(begun.document.and_then(Values::of));
    let by_form = RwSignal::new(begun.by_form && values.with_untracked(Option::is_some));
    let note = RwSignal::new(begun.note);
    let dirty = RwSignal::new(was_left);
    let unread = Unread::provide();
    left::ask_before_closing(dirty);
    on_cleanup(move || {
        if dirty.try_get_untracked() != Some(true) {
            return;
        }
        let written = (|| {
            Some(Left {
                document: values.try_get_untracked()?.and_then(Values::read),
                text: written.try_get_untracked()?,
                by_form: by_form.try_get_untracked()?,
                note: note.try_get_untracked()?,
            })
        })();
        if let Some(written) = written {
            left::keep(name, written);
        }
    });
    let faults: RwSignal<Vec<DocumentFault>> = RwSignal::new(Vec::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let seen: RwSignal<Option<Seen>> = RwSignal::new(None);
    let looking = RwSignal::new(false);
    let ending = RwSignal::new(false);
    let wanted: RwSignal<Option<Wanted>> = RwSignal::new(None);
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
    let source = move || {
        let read = values.get_untracked().filter(|_| by_form.get_untracked());
        match read.and_then(Values::read) {
            Some(document) => Source::Document(document),
            // Its text is empty until another is written in its place.
            None if ends && written.with_untracked(String::is_empty) => Source::End,
            None => Source::Text(written.get_untracked()),
        }
    };
    let may_begin = move || !busy.get_untracked() && !unread.stops();
    let begin = move || {
        busy.set(true);
        trouble.set(None);
        faults.set(Vec::new());
    };
    let check = move |then: Callback<contract::edition::Checked>| {
        if !may_begin() {
            return;
        }
        begin();
        let (code, source) = (place.code.get_value(), source());
        spawn_local(async move {
            let answer = api::admin::check(kind, &code, &source).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(checked) if checked.faults.is_empty() => {
                    // The screen may be gone by now.
                    let _ = then.try_run(checked);
                }
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
        let code = place.code.get_value();
        let draft = SaveDraft {
            source,
            note: note.get_untracked(),
            effective_from: planned,
            version,
        };
        spawn_local(async move {
            let answer = api::admin::save(kind, &code, &draft).await;
            match answer {
                Ok(Outcome::Done(_)) => {
                    let _ = ending.try_set(false);
                    say(t("Đã lưu bản nháp."));
                    // Nothing is written until what was saved is here again.
                    let _ = dirty.try_set(false);
                    place.fetch();
                    return;
                }
                Ok(Outcome::Refused(list)) => {
                    let _ = faults.try_set(list);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let save = move |_| {
        if may_begin() {
            store(source());
        }
    };
    let discard = move |_| {
        dirty.set(false);
        place.fetch();
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
        {was_left.then(|| view! {
            <Notice tone=Tone::Info>
                <p>{t("Những gì bạn đã viết mà chưa lưu vẫn còn ở đây. Bấm “Lưu bản nháp” để giữ lại.")}</p>
                <p><button type="button" class="button" disabled=move || busy.get() on:click=discard>{t("Bỏ phần chưa lưu")}</button></p>
            </Notice>
        })}
        {ends.then(|| view! { <Notice tone=Tone::Attention>{t("Bản nháp này bãi bỏ thủ tục: từ ngày hiệu lực, thủ tục không còn trong danh mục.")}</Notice> })}
        {has_form.then(|| view! {
            <div class="tabs" role="group" aria-label=t("Cách soạn")>
                <button type="button" aria-pressed=move || by_form.get().to_string() on:click=move |_| if !by_form.get_untracked() { check(to_form) }>{t("Biểu mẫu")}</button>
                <button type="button" aria-pressed=move || (!by_form.get()).to_string() on:click=move |_| if by_form.get_untracked() { check(to_text) }>{t("Toàn văn (chuyên gia)")}</button>
            </div>
        })}
        <div class="admin-form" prop:inert=move || busy.get()>
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
            <TextField id="edition-note" label=t("Ghi chú của phiên bản") hint=t("Sửa gì, theo văn bản nào.") value=note on_input=move |text| { note.set(text); dirty.set(true); }/>
        </div>
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || { let list = faults.get(); (!list.is_empty()).then(|| view! { <Faults list/> }) }}
        <p class="row admin-acts">
            <button type="button" class="button" disabled=move || busy.get() on:click=move |_| check(look)>{t("Kiểm tra và xem trước")}</button>
            <button type="button" id="draft-save" class="button" class:primary=move || dirty.get() || version == 0 aria-busy=move || busy.get().to_string() on:click=save>{t("Lưu bản nháp")}</button>
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
                <button type="button" class="button danger" disabled=move || busy.get() on:click=move |_| store(Source::End)>{t("Tạo bản nháp bãi bỏ")}</button>
                <button type="button" class="button" on:click=move |_| ending.set(false)>{t("Bỏ qua")}</button>
            </p>
        </Dialog>
    }
}
