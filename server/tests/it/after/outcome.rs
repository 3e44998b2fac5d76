//! How a dossier ends: with a result, or withdrawn.

use super::{Submitted, code};
use crate::support::{MAU, OFFICER, Stage, pdf};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_result_is_checked_when_it_arrives_and_the_citizens_once_it_is_returned() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let officer = stage.sign_in(OFFICER).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let result = Uuid::new_v4();
    let at = |side: &str| dossier.at(&stage, side, &format!("/results/{result}"));
    let add = async |bytes: &[u8]| {
        let request = stage
            .http
            .put(at("/officer"))
            .header("x-file-name", "Gi%E1%BA%A5y%20khai%20sinh.pdf")
            .body(bytes.to_vec());
        officer.send(request).await
    };
    let (status, early) = add(&pdf()).await;
    assert_eq!(
        (status, code(&early)),
        (409, "conflict"),
        "not received yet"
    );
    for decision in ["receive", "process"] {
        let (status, answer) = dossier.decide(&stage, &officer, decision, "").await;
        assert_eq!(status, 200, "{answer}");
    }
    let (status, refused) = add(b"khong phai PDF").await;
    assert_eq!((status, code(&refused)), (422, "not-pdf"));
    let unnamed = officer.upload(at("/officer"), &pdf()).await;
    assert_eq!(
        (unnamed.0, code(&unnamed.1)),
        (422, "invalid"),
        "a name is needed"
    );
    let (status, added) = add(&pdf()).await;
    assert_eq!(status, 200, "{added}");
    assert_eq!(
        added["after"]["results"][0]["file_name"],
        "Giấy khai sinh.pdf"
    );
    assert_eq!(added["after"]["results"][0]["verdict"], "unsigned");

    let (status, answer) = dossier.decide(&stage, &officer, "finish", "").await;
    assert_eq!(status, 200, "{answer}");
    let (_, own) = citizen.get(dossier.at(&stage, "", "")).await;
    assert_eq!(own["after"]["results"], json!([]), "not returned yet");
    assert_eq!(citizen.get(at("")).await.0, 404);
    let (status, returned) = dossier.decide(&stage, &officer, "return", "").await;
    assert_eq!(
        (status, returned["status"].as_str()),
        (200, Some("returned"))
    );
    let (_, own) = citizen.get(dossier.at(&stage, "", "")).await;
    assert_eq!(own["after"]["results"][0]["id"], json!(result));
    let request = stage.http.get(at("")).header("cookie", citizen.cookie());
    let bytes = request
        .send()
        .await
        .expect("answer")
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(bytes.as_ref(), pdf());
    let removed = officer.send(stage.http.delete(at("/officer"))).await;
    assert_eq!(removed.0, 409, "what was returned stays");
}

#[tokio::test]
async fn a_result_on_paper_needs_a_word_and_reasons_are_required() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let officer = stage.sign_in(OFFICER).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let (status, refused) = dossier.decide(&stage, &officer, "refuse", " ").await;
    assert_eq!(
        (status, refused["fields"][0]["pointer"].as_str()),
        (422, Some("/note"))
    );
    for unusual in ["withdraw", "supplement", "ask-supplement"] {
        let (status, answer) = dossier.decide(&stage, &officer, unusual, "x").await;
        assert_eq!(status, 422, "{unusual}: {answer}");
    }
    for decision in ["receive", "process", "finish"] {
        assert_eq!(
            dossier.decide(&stage, &officer, decision, "").await.0,
            200,
            "{decision}"
        );
    }
    let (status, refused) = dossier.decide(&stage, &officer, "return", "").await;
    assert_eq!(
        (status, refused["fields"][0]["pointer"].as_str()),
        (422, Some("/results"))
    );
    let (status, _) = dossier
        .decide(&stage, &officer, "return", "Nhận tại bộ phận một cửa")
        .await;
    assert_eq!(status, 200);

    // Withdrawn: a new one, while it may be; nothing happens to it any more, and nobody withdraws what was returned.
    let withdraw = |version| json!({ "reason": "Nộp nhầm", "version": version });
    let (_, own) = citizen.get(dossier.at(&stage, "", "")).await;
    let (status, late) = citizen
        .post(
            dossier.at(&stage, "", "/withdrawal"),
            &withdraw(own["version"].clone()),
        )
        .await;
    assert_eq!((status, code(&late)), (409, "conflict"));
    let second = Submitted::new(&stage, &citizen).await;
    let (_, own) = citizen.get(second.at(&stage, "", "")).await;
    let (status, gone) = citizen
        .post(
            second.at(&stage, "", "/withdrawal"),
            &withdraw(own["version"].clone()),
        )
        .await;
    assert_eq!(
        (status, gone["status"].as_str()),
        (200, Some("withdrawn")),
        "{gone}"
    );
    assert_eq!(gone["events"][1]["note"], "Nộp nhầm");
    let (status, late) = second.decide(&stage, &officer, "receive", "").await;
    assert_eq!((status, code(&late)), (409, "conflict"));
}

#[tokio::test]
async fn a_result_that_has_to_be_signed_goes_out_signed_also_when_it_was_exchanged_after_approval()
{
    let folder = tempfile::tempdir().expect("folder").keep();
    let birth = include_str!("../../../data/procedures/1.001193.toml");
    let text = format!("signed_result = true\n{birth}");
    std::fs::write(folder.join("1.001193.toml"), text).expect("written");
    let stage = Stage::with(move |settings| settings.procedures = Some(folder.clone())).await;
    let citizen = stage.sign_in(MAU).await;
    let officer = stage.sign_in(OFFICER).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let signed = dossier.at(
        &stage,
        "/officer",
        &format!("/attachments/{}", dossier.files[0]),
    );
    let signed = stage.http.get(signed).header("cookie", officer.cookie());
    let signed = signed.send().await.expect("answer").bytes().await;
    let signed = signed.expect("bytes").to_vec();
    let result = |id: Uuid| dossier.at(&stage, "/officer", &format!("/results/{id}"));
    let add = async |bytes: Vec<u8>| {
        let id = Uuid::new_v4();
        let request = stage.http.put(result(id)).header("x-file-name", "a.pdf");
        let (status, told) = officer.send(request.body(bytes)).await;
        assert_eq!(status, 200, "{told}");
        id
    };
    let decide = async |act: &str| {
        let (status, told) = dossier.decide(&stage, &officer, act, "Nhận tại quầy").await;
        let pointer = told["fields"][0]["pointer"].as_str().map(str::to_owned);
        (status, pointer)
    };
    let unsigned = (422, Some("/results".to_owned()));
    for act in ["receive", "process"] {
        assert_eq!(decide(act).await, (200, None));
    }
    add(pdf()).await;
    assert_eq!(decide("finish").await, unsigned);
    let approved = add(signed.clone()).await;
    assert_eq!(decide("finish").await, (200, None));
    let removed = officer.send(stage.http.delete(result(approved))).await;
    assert_eq!(removed.0, 200);
    assert_eq!(decide("return").await, unsigned);
    add(signed).await;
    assert_eq!(decide("return").await, (200, None));
}
