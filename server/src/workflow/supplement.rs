//! Supplement requests: whether a list is complete and an answer fits it, and the dossier that comes of it.

use contract::date::Date;
use contract::dossier::{
    ATTACHMENTS_MAX, AttachmentManifest, DossierForm, DossierManifest, check_form,
};
use contract::life::FormerFile;
use contract::problem::FieldProblem;
use contract::procedure::Procedure;
use contract::supplement::{
    REASON_CHARS_MAX, SUPPLEMENT_ITEMS_MAX, Supplement, SupplementAnswer, SupplementItem,
    SupplementTarget,
};
use contract::value::{Timestamp, ValueError};
use serde_json::Value;
use store::StoredDossier;

/// Longest value of a corrected field, in characters; `check_form` has the exact bounds.
const VALUE_CHARS_MAX: usize = 4000;

/// The text a pointer names in a form, if it names one.
fn field<'a>(form: &'a mut Value, pointer: &str) -> Option<&'a mut Value> {
    let named = pointer
        .strip_prefix("/applicant/")
        .or_else(|| pointer.strip_prefix("/detail/"))?;
    if named.is_empty() || named.contains('/') {
        return None;
    }
    form.pointer_mut(pointer).filter(|value| value.is_string())
}

/// What is wrong with a list: it is empty or too long, a line has no reason, or is about something this dossier does not have.
pub fn check_list(items: &[SupplementItem], stored: &StoredDossier) -> Vec<FieldProblem> {
    let mut wrong = Vec::new();
    let mut note = |pointer: String, error| wrong.push(FieldProblem { pointer, error });
    if items.is_empty() {
        note("/items".into(), ValueError::Required);
    }
    if items.len() > SUPPLEMENT_ITEMS_MAX {
        note("/items".into(), ValueError::TooLong);
    }
    for (position, item) in items.iter().enumerate() {
        let length = item.reason.trim().chars().count();
        if length == 0 {
            note(format!("/items/{position}/reason"), ValueError::Required);
        } else if length > REASON_CHARS_MAX {
            note(format!("/items/{position}/reason"), ValueError::TooLong);
        }
        let known = match &item.target {
            SupplementTarget::Component { code } => stored
                .definition
                .components
                .iter()
                .any(|component| component.code == *code),
            SupplementTarget::Field { pointer } => is_field(pointer, &stored.definition),
        };
        let twice = items
            .iter()
            .take(position)
            .any(|earlier| earlier.target == item.target);
        if !known || twice || item.label.chars().count() > 300 {
            note(format!("/items/{position}"), ValueError::Malformed);
        }
    }
    wrong
}

/// Whether a pointer names a field of the applicant, or one of the procedure's own.
fn is_field(pointer: &str, procedure: &Procedure) -> bool {
    if let Some(key) = pointer.strip_prefix("/detail/") {
        return procedure.fields.iter().any(|field| field.key == key);
    }
    serde_json::to_value(DossierForm::default())
        .is_ok_and(|mut form| field(&mut form, pointer).is_some())
}

/// What is wrong with an answer to an open request: it must touch what was asked for, and all of it, and nothing else.
pub fn check_answer(
    answer: &SupplementAnswer,
    open: &Supplement,
    stored: &StoredDossier,
    today: Date,
) -> Vec<FieldProblem> {
    let mut wrong = Vec::new();
    let mut note = |pointer: String, error| wrong.push(FieldProblem { pointer, error });
    for (position, file) in answer.attachments.iter().enumerate() {
        let at = |field: &str| format!("/attachments/{position}/{field}");
        if !open.unlocks(&file.component) {
            note(at("component"), ValueError::Malformed);
        }
        let known = stored.files().any(|earlier| earlier.id == file.id);
        let twice = answer
            .attachments
            .iter()
            .filter(|other| other.id == file.id)
            .count()
            > 1;
        if known || twice {
            note(at("id"), ValueError::Malformed);
        }
        for (field, error) in file.faults(&answer.attachments) {
            note(at(field), error);
        }
    }
    // Those of a component that was asked for give way: see `answered`.
    let staying = stored.manifest.attachments.iter();
    let staying = staying.filter(|file| !open.unlocks(&file.component));
    if staying.count() + answer.attachments.len() > ATTACHMENTS_MAX {
        note("/attachments".into(), ValueError::TooLong);
    }
    for (pointer, value) in &answer.fields {
        if !open.unlocks_field(pointer) {
            note(format!("/fields{pointer}"), ValueError::Malformed);
        } else if value.chars().count() > VALUE_CHARS_MAX {
            note(format!("/fields{pointer}"), ValueError::TooLong);
        }
    }
    for (position, item) in open.items.iter().enumerate() {
        let done = match &item.target {
            SupplementTarget::Component { code } => {
                let signed = stored
                    .definition
                    .components
                    .iter()
                    .any(|component| component.code == *code && component.signature_required);
                let mut files = answer
                    .attachments
                    .iter()
                    .filter(|file| file.component == *code && file.original_of.is_none())
                    .peekable();
                files.peek().is_some() && (!signed || files.all(|file| !file.signings.is_empty()))
            }
            SupplementTarget::Field { pointer } => answer.fields.contains_key(pointer),
        };
        if !done {
            note(format!("/items/{position}"), ValueError::Required);
        }
    }
    if wrong.is_empty() {
        match corrected(&stored.manifest.form, answer) {
            Some(form) => wrong.extend(
                check_form(&form, &stored.definition, today)
                    .into_iter()
                    // What was accepted when it was submitted is not asked again.
                    .filter(|problem| answer.fields.contains_key(&problem.pointer))
                    .map(|problem| FieldProblem {
                        pointer: format!("/fields{}", problem.pointer),
                        error: problem.fault.into(),
                    }),
            ),
            None => wrong.push(FieldProblem {
                pointer: "/fields".into(),
                error: ValueError::Malformed,
            }),
        }
    }
    wrong
}

/// The form with what the answer corrects.
fn corrected(form: &DossierForm, answer: &SupplementAnswer) -> Option<DossierForm> {
    let mut form = serde_json::to_value(form).ok()?;
    for (pointer, text) in &answer.fields {
        match pointer.strip_prefix("/detail/") {
            Some(key) => {
                form.get_mut("detail")?
                    .as_object_mut()?
                    .insert(key.to_owned(), Value::String(text.clone()));
            }
            None => *field(&mut form, pointer)? = Value::String(text.clone()),
        }
    }
    serde_json::from_value(form).ok()
}

/// The dossier as it is once its open request is answered, and all files that were replaced. Files of a component that was asked for
/// give way to the new ones.
pub fn answered(
    stored: &StoredDossier,
    open: &Supplement,
    answer: &SupplementAnswer,
    now: Timestamp,
) -> Option<(DossierManifest, Vec<FormerFile>)> {
    let mut manifest = stored.manifest.clone();
    manifest.form = corrected(&manifest.form, answer)?;
    let mut former = stored.after.former.clone();
    let (gone, kept): (Vec<AttachmentManifest>, Vec<_>) = manifest
        .attachments
        .into_iter()
        .partition(|file| open.unlocks(&file.component));
    former.extend(gone.into_iter().map(|manifest| FormerFile {
        manifest,
        replaced_at: now,
    }));
    manifest.attachments = kept;
    manifest
        .attachments
        .extend(answer.attachments.iter().cloned());
    Some((manifest, former))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use contract::dossier::DossierStatus;
    use contract::life::After;
    use contract::supplement::SupplementState;
    use contract::value::{Dong, Sha256};
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn files(component: &str, count: u128) -> Vec<AttachmentManifest> {
        let file = |_| {
            serde_json::from_value(serde_json::json!({
                "id": Uuid::new_v4(), "component": component, "copy_kind": "original", "count": 1, "file_name": "tep.pdf",
                "size": 9, "sha256": Sha256([1; 32]), "signings": [],
            }))
            .expect("a file")
        };
        (0..count).map(file).collect()
    }

    #[test]
    fn files_that_give_way_do_not_count_against_the_most_there_may_be() {
        let catalogue = Catalogue::open(None).expect("sound");
        let definition = catalogue.find("1.001193").expect("there").clone();
        let components = &definition.components;
        let (form, paper) = (components[0].code.clone(), components[1].code.clone());
        let most = u128::try_from(ATTACHMENTS_MAX).expect("small");
        let too_many = |stands: Vec<AttachmentManifest>, comes: u128| {
            let manifest = serde_json::json!({
                "procedure": "1.001193", "form": DossierForm::default(), "attachments": stands, "declared": true, "payment": "none",
            });
            let open = Supplement {
                id: Uuid::from_u128(1),
                items: vec![SupplementItem {
                    target: SupplementTarget::Component {
                        code: paper.clone(),
                    },
                    label: "Giấy".into(),
                    reason: "Mờ".into(),
                }],
                asked_at: Timestamp(1),
                asked_by: "Cán bộ".into(),
                due_at: Timestamp(2),
                state: SupplementState::Open,
                answered_at: None,
                before: DossierStatus::New,
            };
            let stored = StoredDossier {
                id: Uuid::from_u128(2),
                account: Uuid::from_u128(3),
                manifest: serde_json::from_value(manifest).expect("a manifest"),
                definition: definition.clone(),
                summary: None,
                fee_total: Dong(0),
                attachments: Vec::new(),
                events: Vec::new(),
                version: 1,
                after: After {
                    supplements: vec![open.clone()],
                    ..After::default()
                },
                answer: None,
                results: Vec::new(),
                step: None,
                step_due_at: None,
                assignee: None,
            };
            let answer = SupplementAnswer {
                request: open.id,
                attachments: files(&paper, comes),
                fields: BTreeMap::default(),
            };
            check_answer(&answer, &open, &stored, Date::in_vietnam(Timestamp(0)))
                .iter()
                .any(|wrong| wrong.pointer == "/attachments")
        };
        // All of them give way: as many may come.
        assert!(!too_many(files(&paper, most), most));
        assert!(too_many(files(&paper, most), most + 1));
        // Those of another component stay.
        assert!(too_many(files(&form, most), 1));
        assert!(!too_many(
            [files(&form, 1), files(&paper, most - 1)].concat(),
            most - 1
        ));
    }
}
