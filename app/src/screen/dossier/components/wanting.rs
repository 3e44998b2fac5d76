//! What step 2 still wants, in sentences that lead to the component.

use crate::draft::Draft;
use crate::text::{n, t};

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanting {
    /// Component's code.
    pub component: String,
    /// Its name.
    pub name: String,
    /// What it wants.
    pub what: Want,
}

/// What a component wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A file.
    File,
    /// A signature on every file.
    Signature,
}

impl Want {
    /// The sentence behind the component's name.
    pub fn sentence(self) -> &'static str {
        t(match self {
            Self::File => n("chưa có tệp"),
            Self::Signature => n("chưa ký số"),
        })
    }
}

/// Everything that is missing, in the order of the components. The server asks for the same.
pub fn wanting(draft: &Draft) -> Vec<Wanting> {
    draft
        .procedure
        .components
        .iter()
        .filter_map(|component| {
            let mut files = draft
                .attachments
                .iter()
                .filter(|file| file.component == component.code)
                .peekable();
            let none = files.peek().is_none();
            let what = if none && component.required {
                Want::File
            } else if component.signature_required && files.any(|file| file.signings.is_empty()) {
                Want::Signature
            } else {
                return None;
            };
            Some(Wanting {
                component: component.code.clone(),
                name: component.name.clone(),
                what,
            })
        })
        .collect()
}

/// Where the card of a component stands.
pub fn anchor(component: &str) -> String {
    format!("component-{component}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::tests::begun;
    use uuid::Uuid;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    fn attach(draft: &mut Draft, component: &str, signings: Vec<Uuid>) {
        let file = serde_json::json!({
            "id": Uuid::new_v4(), "component": component, "copy_kind": "original", "count": 1,
            "file_name": "a.pdf", "size": 5, "sha256": "00".repeat(32), "signings": signings,
        });
        let file = serde_json::from_value(file).expect("a file, also as older versions kept it");
        draft.attachments.push(file);
    }

    #[wasm_bindgen_test]
    async fn a_component_wants_a_file_then_a_signature_on_every_file_of_it() {
        let mut draft = begun(Uuid::new_v4()).await;
        draft.procedure.components = serde_json::from_value(serde_json::json!([
            { "code": "to-khai", "name": "Tờ khai", "required": true, "signature_required": true },
            { "code": "khac", "name": "Giấy tờ khác", "required": false },
        ]))
        .expect("components");
        let wants = |draft: &Draft| {
            let left = wanting(draft);
            left.iter()
                .map(|one| (one.component.clone(), one.what))
                .collect::<Vec<_>>()
        };
        assert_eq!(wants(&draft), [("to-khai".to_owned(), Want::File)]);
        attach(&mut draft, "to-khai", vec![Uuid::new_v4()]);
        assert_eq!(wants(&draft), []);
        attach(&mut draft, "to-khai", Vec::new());
        assert_eq!(wants(&draft), [("to-khai".to_owned(), Want::Signature)]);
    }
}
