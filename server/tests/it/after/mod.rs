//! What comes after submission, over real HTTP: supplements, results, messages, notices, reminders, withdrawal, tracking, e-mail.

mod doors;
mod mail;
mod outcome;
mod supplement;
mod talk;

use crate::support::{BIRTH, MAU, Person, Stage, digest, form, pdf};
use contract::procedure::Procedure;
use serde_json::{Value, json};
use uuid::Uuid;

/// A procedure whose dossier needs no signature: its components are only attached.
async fn procedure(stage: &Stage, person: &Person) -> Procedure {
    let (status, procedure) = person
        .get(stage.at(&format!("/api/procedures/{BIRTH}")))
        .await;
    assert_eq!(status, 200);
    serde_json::from_value(procedure).expect("a procedure")
}

/// One file of a manifest.
fn file(id: Uuid, component: &str, bytes: &[u8], signings: &[Uuid]) -> Value {
    json!({
        "id": id, "component": component, "copy_kind": "original", "count": 1,
        "file_name": "tep.pdf", "size": bytes.len(), "sha256": digest(bytes), "signings": signings,
    })
}

/// A submitted dossier with a signed form and a certificate of birth.
pub struct Submitted {
    pub id: Uuid,
    pub code: String,
    pub procedure: Procedure,
    /// The signed form, and the other file.
    pub files: [Uuid; 2],
}

impl Submitted {
    pub async fn new(stage: &Stage, person: &Person) -> Self {
        let procedure = procedure(stage, person).await;
        let (id, signed_file, other) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
        let attempt = crate::support::prepare(stage, person, MAU, signed_file).await;
        let bytes = crate::support::signed(stage, person, MAU, &attempt).await;
        let components = &procedure.components;
        let body = json!({
            "procedure": BIRTH, "form": form(&procedure, MAU), "payment": "none", "declared": true,
            "attachments": [
                file(signed_file, &components[0].code, &bytes, &[attempt.start.id]),
                file(other, &components[1].code, &pdf(), &[]),
            ],
        });
        let address = stage.at(&format!("/api/dossiers/{id}"));
        let (status, answer) = person.put(address, &body).await;
        assert_eq!(status, 200, "{answer}");
        for (file, bytes) in [(signed_file, &bytes), (other, &pdf())] {
            let address = stage.at(&format!("/api/dossiers/{id}/attachments/{file}"));
            let (status, answer) = person.upload(address, bytes).await;
            assert!(status < 300, "{answer}");
        }
        let address = stage.at(&format!("/api/dossiers/{id}/submission"));
        let (status, receipt) = person.post(address, &Value::Null).await;
        assert_eq!(status, 200, "{receipt}");
        Self {
            id,
            code: receipt["code"].as_str().expect("a code").to_owned(),
            procedure,
            files: [signed_file, other],
        }
    }

    /// Its address below the officer's or the citizen's side.
    pub fn at(&self, stage: &Stage, side: &str, rest: &str) -> String {
        stage.at(&format!("/api{side}/dossiers/{}{rest}", self.id))
    }

    /// An officer does something to it as it is now.
    pub async fn decide(
        &self,
        stage: &Stage,
        officer: &Person,
        decision: &str,
        note: &str,
    ) -> (u16, Value) {
        let (_, seen) = officer.get(self.at(stage, "/officer", "")).await;
        let body = json!({ "decision": decision, "note": note, "version": seen["version"] });
        officer
            .post(self.at(stage, "/officer", "/decision"), &body)
            .await
    }
}

fn code(answer: &Value) -> &str {
    answer["code"].as_str().unwrap_or_default()
}
