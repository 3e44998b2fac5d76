//! Signature fields that the document has already: offered, chosen, and what their author asks for.

use super::files::{SigningFile, Stage};
use crate::part::placement::{Placed, Placement};
use crate::text::{self, fill, t};
use contract::waiting::{Locked, WaitingField};
use contract::worker::DocumentFacts;
use leptos::prelude::*;
use std::sync::Arc;

/// Most names that are listed.
const NAMES: usize = 5;

impl SigningFile {
    /// The field that is signed, when one was chosen.
    pub fn waiting(&self) -> Option<WaitingField> {
        let chosen = self.field.get()?;
        self.stage.with(|stage| match stage {
            Stage::Open { facts, .. } => facts
                .waiting
                .iter()
                .find(|field| field.name == chosen)
                .cloned(),
            _ => None,
        })
    }

    /// Whether this file's signature is one nobody sees, whatever the others show: its field shows nowhere, or a certification takes no
    /// new box.
    pub fn hides(&self) -> bool {
        match self.waiting() {
            Some(field) => field.place.is_none(),
            None => self
                .stage
                .with(|stage| matches!(stage, Stage::Open { facts, .. } if facts.certified)),
        }
    }

    /// Signs a field of the document.
    pub fn take_field(&self, field: &WaitingField, placement: Placement) {
        self.reason.set(field.asks.reasons.first().cloned());
        self.field.set(Some(field.name.clone()));
        if let Some((page, rect)) = field.place {
            placement.fix(Placed { page, rect });
        } else {
            placement.release();
        }
    }

    /// Places a new box instead.
    fn leave_field(&self, placement: Placement) {
        self.field.set(None);
        self.reason.set(None);
        placement.release();
        let first = self
            .offered
            .list
            .with_untracked(|list| list.first().map(|candidate| candidate.placed));
        if let Some(placed) = first {
            placement.propose(placed);
        }
    }
}

/// The field that is taken when the file is opened: what was chosen before, or the only way in a certified file.
pub fn first_choice<'f>(facts: &'f DocumentFacts, kept: Option<&str>) -> Option<&'f WaitingField> {
    let mut open = facts.waiting.iter().filter(|field| field.refusal.is_none());
    match kept {
        Some(kept) => open.find(|field| field.name == kept),
        None if facts.certified => open.next(),
        None => None,
    }
}

/// What is offered, and what is told of the chosen one.
#[component]
pub fn WaitingFields(
    file: SigningFile,
    facts: Arc<DocumentFacts>,
    placement: Placement,
) -> impl IntoView {
    if facts.waiting.is_empty() && !facts.certified {
        return ().into_any();
    }
    let certified = facts.certified;
    let has_open = facts.waiting.iter().any(|field| field.refusal.is_none());
    let told = certified.then(|| {
        let sentence = if has_open {
            t("Tài liệu đã được người ký trước chứng nhận nên không thêm được ô mới trên trang. Hãy ký vào ô có sẵn.")
        } else {
            t("Tài liệu đã được người ký trước chứng nhận nên không thêm được ô mới trên trang. Chữ ký của bạn có đủ giá trị nhưng không hiện hình.")
        };
        view! { <p class="told">{sentence}</p> }
    });
    let rows = facts
        .waiting
        .iter()
        .map(|field| row(&file, field.clone(), placement, certified))
        .collect_view();
    view! { <div class="waiting-fields">{told}{rows}</div> }.into_any()
}

fn row(file: &SigningFile, field: WaitingField, placement: Placement, certified: bool) -> AnyView {
    let name = field.name.clone();
    let is_chosen = {
        let (file, name) = (file.clone(), name.clone());
        Memo::new(move |_| {
            file.field
                .with(|chosen| chosen.as_deref() == Some(name.as_str()))
        })
    };
    let at = match field.place {
        Some((page, _)) => fill("Có ô chữ ký trống “{}” ở trang {}.", &[&name, &(page + 1)]),
        None => fill("Có ô chữ ký trống “{}” không hiện trên trang.", &[&name]),
    };
    if let Some(refusal) = field.refusal {
        return view! { <p class="told">{at}" "{text::field_refusal(refusal)}</p> }.into_any();
    }
    let (taking, leaving) = (file.clone(), file.clone());
    let take = {
        let field = field.clone();
        move |_| taking.take_field(&field, placement)
    };
    let leave = move |_| leaving.leave_field(placement);
    let asks = asks(file, &field);
    view! {
        <div class="waiting-field" class:chosen=move || is_chosen.get()>
            {move || if is_chosen.get() {
                view! {
                    <p>
                        <strong>{fill("Bạn ký vào ô “{}” có sẵn trong tài liệu.", &[&name])}</strong>
                        {(!certified).then(|| view! { " "<button type="button" class="link" on:click=leave.clone()>{t("Không dùng ô này")}</button> })}
                    </p>
                    {asks.clone().view()}
                }.into_any()
            } else {
                view! {
                    <p>{at.clone()}</p>
                    <button type="button" class="button small" on:click=take.clone()>{t("Ký vào ô này")}</button>
                }.into_any()
            }}
        </div>
    }
    .into_any()
}

/// What signing the field means: sentences, and the reason where the author lists several.
#[derive(Clone)]
struct Asks {
    told: Vec<String>,
    reasons: Vec<String>,
    reason: RwSignal<Option<String>>,
}

fn asks(file: &SigningFile, field: &WaitingField) -> Asks {
    let mut told = Vec::new();
    match &field.lock {
        Some(Locked::All) => {
            told.push(t("Sau khi bạn ký, không trường nào của biểu mẫu sửa được nữa.").to_owned())
        }
        Some(Locked::Only(names)) => told.push(fill(
            "Sau khi bạn ký, không sửa được nữa các trường: {}.",
            &[&listed(names)],
        )),
        Some(Locked::AllBut(names)) => told.push(fill(
            "Sau khi bạn ký, chỉ còn sửa được các trường: {}.",
            &[&listed(names)],
        )),
        None => {}
    }
    match field.asks.certifies {
        Some(1) => told.push(t("Chữ ký này chứng nhận tài liệu: sau đó không ai sửa hay ký thêm được.").to_owned()),
        Some(2) => told.push(t("Chữ ký này chứng nhận tài liệu: sau đó chỉ được điền biểu mẫu và ký vào ô có sẵn.").to_owned()),
        Some(_) => told.push(t("Chữ ký này chứng nhận tài liệu: sau đó chỉ được điền biểu mẫu, ký vào ô có sẵn và thêm chú thích.").to_owned()),
        None => {}
    }
    if field.asks.timestamp {
        told.push(t("Người lập tài liệu yêu cầu dấu thời gian.").to_owned());
    }
    if field.asks.certificate {
        told.push(t("Người lập tài liệu chỉ nhận một số chứng thư; hệ thống kiểm tra khi bạn chọn chứng thư.").to_owned());
    }
    if field.asks.no_reason {
        told.push(t("Người lập tài liệu yêu cầu không ghi lý do ký.").to_owned());
    }
    if let [only] = field.asks.reasons.as_slice() {
        told.push(fill(
            "Lý do ký do người lập tài liệu định sẵn: {}.",
            &[only],
        ));
    }
    Asks {
        told,
        reasons: field.asks.reasons.clone(),
        reason: file.reason,
    }
}

fn listed(names: &[String]) -> String {
    let more = if names.len() > NAMES { ", …" } else { "" };
    names
        .iter()
        .take(NAMES)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ")
        + more
}

impl Asks {
    fn view(self) -> AnyView {
        let Self {
            told,
            reasons,
            reason,
        } = self;
        let choice = (reasons.len() > 1).then(|| {
            let options = reasons
                .iter()
                .map(|one| view! { <option value=one.clone()>{one.clone()}</option> })
                .collect_view();
            view! {
                <label class="reason">
                    <span>{t("Lý do ký (chọn một lý do của người lập tài liệu)")}</span>
                    <select prop:value=move || reason.get().unwrap_or_default() on:change=move |event| reason.set(Some(event_target_value(&event)))>{options}</select>
                </label>
            }
        });
        let told = told
            .into_iter()
            .map(|sentence| view! { <p class="hint">{sentence}</p> })
            .collect_view();
        view! { {told}{choice} }.into_any()
    }
}
