//! Officers who have the same dossier open at once, over real HTTP and two instances.

use crate::after::Submitted;
use crate::support::{MAU, Person, Stage};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The names of those who are there too.
fn names(told: &Value) -> BTreeSet<&str> {
    let others = told["others"].as_array().expect("others");
    others
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect()
}

#[tokio::test]
async fn officers_see_who_else_has_a_dossier_open_and_never_themselves_nor_one_of_another_agency() {
    let mut stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let second = stage.second().await;
    let an = stage.sign_in("tiepnhan.an").await;
    let binh = stage.sign_in("xuly.binh").await;
    let at = dossier.at(&stage, "/officer", "/presence");
    // The other officer is at another instance.
    let there = format!(
        "http://{second}/api/officer/dossiers/{}/presence",
        dossier.id
    );
    let beat = async |officer: &Person, at: &str| {
        let (status, told) = officer.post(at.to_owned(), &Value::Null).await;
        assert_eq!(status, 200, "{told}");
        told
    };
    let leave = async |officer: &Person, at: &str| officer.send(stage.http.delete(at)).await.0;

    assert_eq!(beat(&an, &at).await, json!({ "others": [] }));
    assert_eq!(
        names(&beat(&binh, &there).await),
        BTreeSet::from(["Vũ Thị An"])
    );
    let told = beat(&an, &at).await;
    assert_eq!(names(&told), BTreeSet::from(["Đỗ Văn Bình"]));
    let since = told["others"][0]["since"].clone();
    assert!(since.as_i64() > Some(0), "{told}");
    beat(&binh, &there).await;
    assert_eq!(beat(&an, &at).await["others"][0]["since"], since, "{told}");

    // Who may not see the dossier neither hears of anybody nor is heard of.
    for (login, expected) in [("soyte.dung", 404), ("giamsat.hai", 403), (MAU, 403)] {
        let other = stage.sign_in(login).await;
        assert_eq!(
            other.post(at.clone(), &Value::Null).await.0,
            expected,
            "{login}"
        );
        assert_eq!(leave(&other, &at).await, expected, "{login}");
    }
    assert_eq!(
        names(&beat(&an, &at).await),
        BTreeSet::from(["Đỗ Văn Bình"])
    );

    assert_eq!(leave(&binh, &there).await, 204);
    assert_eq!(leave(&binh, &there).await, 204, "left already");
    assert_eq!(beat(&an, &at).await, json!({ "others": [] }));
    let nothing = stage.at("/api/officer/dossiers/khong-co/presence");
    assert!(matches!(an.post(nothing, &Value::Null).await.0, 400 | 404));
}

#[tokio::test]
async fn being_there_is_not_noted_in_the_journal() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let an = stage.sign_in("tiepnhan.an").await;
    let auditor = stage.sign_in("giamsat.hai").await;
    let records = async || {
        let (_, state) = auditor.get(stage.at("/api/officer/audit/state")).await;
        state["records"].as_i64().expect("a number")
    };
    let before = records().await;
    let at = dossier.at(&stage, "/officer", "/presence");
    for _ in 0..3 {
        assert_eq!(an.post(at.clone(), &Value::Null).await.0, 200);
    }
    assert_eq!(records().await, before);
}
