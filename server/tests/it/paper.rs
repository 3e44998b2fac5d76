//! Papers of the agency: results that officers sign with their own profiles, the seal after the person, and slips by the standard forms.

use crate::after::Submitted;
use crate::support::{Attempt, MAU, OFFICER, Person, Stage, THU, pdf, prepare, signed};
use contract::history::{Disagreement, DossierSignings, PaperKind, Protocol, RecordedFile, merge};
use contract::provider::Trust;
use contract::validation::{Integrity, Modifications, TrustStatus, ValidationReport, Verdict};
use contract::value::Sha256;
use serde_json::{Value, json};
use sha2::Digest as _;
use uuid::Uuid;

const RECEPTION: &str = "tiepnhan.an";
const PROCESSING: &str = "xuly.binh";
const LEADER: &str = "lanhdao.chi";
const LEADERS_NUMBER: &str = "062090000104";
const RECEPTIONS_NUMBER: &str = "062190000102";

fn code(answer: &Value) -> &str {
    answer["code"].as_str().unwrap_or_default()
}

async fn bytes(stage: &Stage, person: &Person, address: String) -> Vec<u8> {
    let request = stage.http.get(address).header("cookie", person.cookie());
    let answer = request.send().await.expect("answer");
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("bytes").to_vec()
}

/// An increment behind a file that draws its first page anew, as a text editor would write it: ISO 32000-2, 7.5.6.
fn rewritten(plain: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(plain);
    let number = |key: &str| -> usize {
        let at = text.rfind(key).expect("the key") + key.len();
        let digits = text[at..].trim_start().chars();
        let digits: String = digits.take_while(char::is_ascii_digit).collect();
        digits.parse().expect("a number")
    };
    let (contents, root, size) = (number("/Contents "), number("/Root "), number("/Size "));
    let drawn = "BT 60 700 Td ET";
    let object = format!(
        "\n{contents} 0 obj\n<</Length {}>>\nstream\n{drawn}\nendstream\nendobj\n",
        drawn.len()
    );
    format!(
        "{object}xref\n{contents} 1\n{:010} 00000 n \ntrailer\n<</Size {size}/Root {root} 0 R/Prev {}>>\nstartxref\n{}\n%%EOF\n",
        plain.len() + 1,
        number("startxref"),
        plain.len() + object.len(),
    )
    .into_bytes()
}

/// A dossier that is being worked on, with one unsigned file of a result.
async fn with_result(stage: &Stage, officer: &Person, dossier: &Submitted) -> Uuid {
    for act in ["receive", "process"] {
        let (status, told) = dossier.decide(stage, officer, act, "").await;
        assert_eq!(status, 200, "{told}");
    }
    add(stage, officer, dossier, &pdf()).await
}

async fn add(stage: &Stage, officer: &Person, dossier: &Submitted, bytes: &[u8]) -> Uuid {
    let result = Uuid::new_v4();
    let address = dossier.at(stage, "/officer", &format!("/results/{result}"));
    let request = stage.http.put(address);
    let request = request.header("x-file-name", "giay-khai-sinh.pdf");
    let (status, told) = officer.send(request.body(bytes.to_vec())).await;
    assert_eq!(status, 200, "{told}");
    result
}

/// Puts the signed form of something in its place.
async fn put(
    stage: &Stage,
    officer: &Person,
    address: String,
    attempt: &Attempt,
    bytes: &[u8],
) -> (u16, Value) {
    let request = stage.http.put(format!("{address}/signed"));
    let request = request.header("x-signing", attempt.start.id.to_string());
    officer.send(request.body(bytes.to_vec())).await
}

async fn validated(stage: &Stage, person: &Person, bytes: &[u8]) -> ValidationReport {
    let (_, trust) = person.get(stage.at("/api/trust")).await;
    let trust: Trust = serde_json::from_value(trust).expect("roots");
    signature::validate(bytes, &trust, crate::support::now())
}

#[tokio::test]
async fn a_leader_signs_the_result_then_comes_the_seal_and_both_hold() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let all = stage.sign_in(OFFICER).await;
    let (reception, processing) = (
        stage.sign_in(RECEPTION).await,
        stage.sign_in(PROCESSING).await,
    );
    let leader = stage.sign_in(LEADER).await;
    let result = with_result(&stage, &all, &dossier).await;
    let at = |result: Uuid| dossier.at(&stage, "/officer", &format!("/results/{result}"));
    let (status, told) = reception
        .post(format!("{}/seal", at(result)), &Value::Null)
        .await;
    assert_eq!((status, code(&told)), (409, "conflict"), "no person yet");

    let attempt = prepare(&stage, &leader, LEADERS_NUMBER, result).await;
    let file = signed(&stage, &leader, LEADERS_NUMBER, &attempt).await;
    let embedded = json!({ "signed": [crate::support::digest(&file)] });
    let completion = stage.at(&format!("/api/signings/{}/completion", attempt.start.id));
    let (status, told) = leader.post(completion, &embedded).await;
    assert_eq!(status, 200, "{told}");
    // Another duty, another agency, nobody's transaction.
    let (status, _) = put(&stage, &processing, at(result), &attempt, &file).await;
    assert_eq!(status, 403);
    let elsewhere = stage.sign_in("soyte.dung").await;
    let (status, _) = put(&stage, &elsewhere, at(result), &attempt, &file).await;
    assert_eq!(status, 404);
    let (status, told) = put(&stage, &all, at(result), &attempt, &file).await;
    assert_eq!(
        (status, code(&told)),
        (422, "signature-mismatch"),
        "somebody else's signature"
    );
    // The right signature on another paper than the result.
    let mut longer = pdf();
    longer.extend_from_slice(b"\n% khac\n");
    let other = add(&stage, &all, &dossier, &longer).await;
    let (status, told) = put(&stage, &leader, at(other), &attempt, &file).await;
    assert_eq!((status, code(&told)), (422, "signature-mismatch"));
    // What is not signed at all, and what was changed on the way.
    let (status, told) = put(&stage, &leader, at(result), &attempt, &pdf()).await;
    assert_eq!((status, code(&told)), (422, "signature-mismatch"));
    let mut more = file.clone();
    more.extend_from_slice(b"\n% them\n");
    let (status, told) = put(&stage, &leader, at(result), &attempt, &more).await;
    assert_eq!(status, 422, "{told}");

    let (status, told) = put(&stage, &leader, at(result), &attempt, &file).await;
    assert_eq!(status, 200, "{told}");
    let line = |told: &Value| told["after"]["results"][0].clone();
    assert_eq!(line(&told)["hands"]["signers"], json!(["Hoàng Minh Chí"]));
    assert_eq!(
        (
            line(&told)["file_name"].as_str(),
            line(&told)["verdict"].as_str()
        ),
        (Some("giay-khai-sinh_signed.pdf"), Some("valid"))
    );
    let (status, again) = put(&stage, &leader, at(result), &attempt, &file).await;
    assert_eq!(status, 200, "after a lost answer: {again}");
    assert_eq!(line(&again)["hands"], line(&told)["hands"]);

    let seal = format!("{}/seal", at(result));
    assert_eq!(processing.post(seal.clone(), &Value::Null).await.0, 403);
    let (status, told) = reception.post(seal.clone(), &Value::Null).await;
    assert_eq!(status, 200, "{told}");
    assert!(!line(&told)["hands"]["seal"].as_str().unwrap().is_empty());
    assert_eq!(reception.post(seal, &Value::Null).await.0, 409, "once");
    let late = prepare(&stage, &leader, LEADERS_NUMBER, result).await;
    let late_file = signed(&stage, &leader, LEADERS_NUMBER, &late).await;
    let (status, _) = put(&stage, &leader, at(result), &late, &late_file).await;
    assert_eq!(status, 409, "the seal is the last word");

    // Both are valid, the person's as much as before.
    let whole = bytes(&stage, &reception, at(result)).await;
    assert!(whole.starts_with(&file));
    let report = validated(&stage, &reception, &whole).await;
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", report.findings);
    assert_eq!(report.signatures.len(), 2);
    for signature in &report.signatures {
        assert_eq!(signature.integrity, Integrity::Intact);
        assert_eq!(signature.trust, TrustStatus::Trusted);
        assert!(signature.modifications < Modifications::Annotate);
        assert!(signature.page.is_some(), "{} is seen", signature.signer);
    }
    assert_eq!(report.signatures[0].signer, "Hoàng Minh Chí");
    assert_eq!(
        line(&told)["hands"]["seal"],
        json!(report.signatures[1].signer)
    );
    // What the portal recorded of it agrees with what it proves, the seal included.
    let agreed = agrees(&stage, &processing, &dossier, (result, &whole), &report).await;
    assert_eq!(agreed.kind, PaperKind::Result);
    assert_eq!(agreed.seal, report.signatures[1].signer);
    let told: Vec<_> = agreed
        .signings
        .iter()
        .map(|one| (one.asked_by.as_str(), one.announced))
        .collect();
    let leaders = "Hoàng Minh Chí";
    assert_eq!(told, [(leaders, true), (leaders, false)]);
    // A record that names no such seal takes it for a signature from elsewhere.
    let mut without = agreed.clone();
    without.seal.clear();
    let differing = merge(&report, Some(digest(&whole)), &without).disagreements;
    assert!(differing.contains(&Disagreement::Unrecorded { signature: 1 }));

    let auditor = stage.sign_in("giamsat.hai").await;
    for action in ["result-signed", "result-sealed"] {
        let query = json!({ "action": action });
        let (_, page) = auditor
            .post(stage.at("/api/officer/audit/search"), &query)
            .await;
        assert_eq!(page["records"].as_array().map(Vec::len), Some(1), "{page}");
    }
}

fn digest(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

/// Record and proof of a paper agree, and the protocol with the evidence says the same: the record.
async fn agrees(
    stage: &Stage,
    officer: &Person,
    dossier: &Submitted,
    (paper, bytes): (Uuid, &[u8]),
    report: &ValidationReport,
) -> RecordedFile {
    let all = dossier.at(stage, "/officer", "/signings");
    let (status, told) = officer.get(all).await;
    assert_eq!(status, 200, "{told}");
    let all: DossierSignings = serde_json::from_value(told).expect("a record");
    let mut files = all.files.into_iter();
    let recorded = files.find(|file| file.attachment == paper);
    let recorded = recorded.expect("it is told");
    let merged = merge(report, Some(digest(bytes)), &recorded);
    assert_eq!(merged.disagreements, []);
    assert_eq!(merged.pairs, [(0, 0)]);
    let evidence = format!("/signings/evidence?file={paper}");
    let (status, told) = officer.get(dossier.at(stage, "/officer", &evidence)).await;
    assert_eq!(status, 200, "{told}");
    let protocol: Protocol = serde_json::from_value(told).expect("a protocol");
    assert_eq!(protocol.files.len(), 1);
    assert_eq!(protocol.files[0].recorded, recorded);
    assert!(protocol.files[0].warnings.is_empty());
    assert_eq!(protocol.files[0].evidence.values.len(), 2);
    recorded
}

#[tokio::test]
async fn nobody_signs_a_result_with_somebody_elses_number() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let officer = stage.sign_in(OFFICER).await;
    let result = with_result(&stage, &officer, &dossier).await;
    // Their own transaction, with a profile that names the leader's number.
    let attempt = prepare(&stage, &officer, LEADERS_NUMBER, result).await;
    let file = signed(&stage, &officer, LEADERS_NUMBER, &attempt).await;
    let at = dossier.at(&stage, "/officer", &format!("/results/{result}"));
    let (status, told) = put(&stage, &officer, at, &attempt, &file).await;
    assert_eq!((status, code(&told)), (422, "signature-mismatch"));
}

/// The text of a PDF as a reader's program gives it, in one line; none without poppler.
fn text(bytes: &[u8]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().expect("file");
    std::fs::write(file.path(), bytes).expect("written");
    let told = std::process::Command::new("pdftotext")
        .arg(file.path())
        .arg("-")
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn says(bytes: &[u8], wanted: &[&str]) {
    let Some(text) = text(bytes) else {
        eprintln!("not read: pdftotext is not installed");
        return;
    };
    for words in wanted {
        assert!(text.contains(words), "{words:?} is not in {text:?}");
    }
}

#[tokio::test]
async fn slips_come_with_the_acts_say_what_was_done_and_are_sealed() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let reception = stage.sign_in(RECEPTION).await;
    let processing = stage.sign_in(PROCESSING).await;
    let slips_at = dossier.at(&stage, "/officer", "/slips");
    let own_at = dossier.at(&stage, "", "/slips");
    let (status, none) = reception.get(slips_at.clone()).await;
    assert_eq!((status, &none), (200, &json!([])), "nothing was done yet");

    // Seen before the act, and kept by nobody.
    let preview = stage.http.post(format!("{slips_at}/preview"));
    let preview = preview
        .header("cookie", reception.cookie())
        .json(&json!({ "form": "refusal", "note": "Không thuộc thẩm quyền" }));
    let shown = preview.send().await.expect("answer");
    assert_eq!(shown.status(), 200);
    says(
        &shown.bytes().await.expect("bytes"),
        &["BẢN XEM TRƯỚC", "Không thuộc thẩm quyền", "PHIẾU TỪ CHỐI"],
    );

    // A supplement before it is received, taken back; then received.
    let (_, seen) = reception.get(dossier.at(&stage, "/officer", "")).await;
    let component = &dossier.procedure.components[0];
    let ask = json!({
        "items": [{ "kind": "component", "code": component.code, "label": "Tờ khai", "reason": "Chưa ký đúng chỗ" }],
        "working_days": 5, "version": seen["version"], "late_accepted": false,
    });
    let at = dossier.at(&stage, "/officer", "/supplement");
    let (status, told) = reception.post(at, &ask).await;
    assert_eq!(status, 200, "{told}");
    for act in ["take-back-supplement", "receive", "process"] {
        let (status, told) = dossier.decide(&stage, &reception, act, "").await;
        assert_eq!(status, 200, "{told}");
    }
    let work = dossier.at(&stage, "/officer", "/work");
    let (_, stands) = processing.get(work.clone()).await;
    let sorry = json!({ "act": "apologise", "note": "Chờ xác minh nơi sinh", "working_days": 30, "version": stands["version"] });
    let (status, told) = processing.post(work, &sorry).await;
    assert_eq!(status, 200, "{told}");

    let (_, list) = citizen.get(own_at.clone()).await;
    let list = list.as_array().expect("a list").clone();
    let forms: Vec<_> = list
        .iter()
        .map(|slip| slip["form"].as_str().unwrap())
        .collect();
    assert_eq!(forms, ["supplement", "reception", "apology"]);
    let one = |form: &str| {
        let slip = list
            .iter()
            .find(|slip| slip["form"] == form)
            .expect("there");
        slip["id"].as_str().expect("an id").to_owned()
    };
    let read = async |form: &str| {
        let address = format!("{own_at}/{}", one(form));
        bytes(&stage, &citizen, address).await
    };
    let first = read("reception").await;
    assert_eq!(first, read("reception").await, "always the same bytes");
    says(
        &first,
        &[
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            &dossier.code,
            "/TNHS",
            "Vũ Thị An",
            "Thời gian trả kết quả giải quyết hồ sơ:",
            "không phải con dấu riêng của cơ quan",
            &component.name,
        ],
    );
    let asked = read("supplement").await;
    says(
        &asked,
        &["Chưa ký đúng chỗ", "Hạn bổ sung", &component.name],
    );
    says(
        &read("apology").await,
        &[
            "Chờ xác minh nơi sinh",
            "xin lỗi Ông/Bà",
            "THỦ TRƯỞNG CƠ QUAN",
        ],
    );
    for form in ["reception", "supplement", "apology"] {
        let report = validated(&stage, &citizen, &read(form).await).await;
        assert_eq!(report.verdict, Verdict::Valid, "{form}");
        assert_eq!(report.signatures.len(), 1);
    }
    let stranger = stage.sign_in(THU).await;
    assert_eq!(stranger.get(own_at.clone()).await.0, 404);
    let control = bytes(&stage, &processing, format!("{slips_at}/control")).await;
    says(
        &control,
        &[
            "PHIẾU KIỂM SOÁT QUÁ TRÌNH",
            "Thời gian giao, nhận hồ sơ",
            "hẹn lại",
        ],
    );

    // One slip is as closed as the list of them.
    let elsewhere = stage.sign_in("soyte.dung").await;
    let own = format!("{own_at}/{}", one("reception"));
    let desk = format!("{slips_at}/{}", one("reception"));
    let plain = format!("{desk}/unsealed");
    for (person, address) in [(&stranger, own), (&elsewhere, desk), (&elsewhere, plain)] {
        assert_eq!(person.get(address.clone()).await.0, 404, "{address}");
    }

    // A slip's own bytes, another page of the officer's own behind them, and a right signature over all of it.
    let slip = one("supplement");
    let at = format!("{slips_at}/{slip}");
    let id: Uuid = slip.parse().expect("an id");
    let mut other = bytes(&stage, &reception, format!("{at}/unsealed")).await;
    other.extend(rewritten(&other));
    let lying = crate::support::prepare_of(&stage, &reception, RECEPTIONS_NUMBER, id, &other).await;
    let lie = signed(&stage, &reception, RECEPTIONS_NUMBER, &lying).await;
    let report = validated(&stage, &reception, &lie).await;
    assert_eq!(
        report.verdict,
        Verdict::Valid,
        "of itself it is a good file"
    );
    let (status, told) = put(&stage, &reception, at, &lying, &lie).await;
    assert_eq!((status, code(&told)), (422, "signature-mismatch"));

    // Signed by the one who received it: the seal comes after.
    let slip = one("reception");
    let at = format!("{slips_at}/{slip}");
    let id: Uuid = slip.parse().expect("an id");
    let plain = bytes(&stage, &reception, format!("{at}/unsealed")).await;
    assert!(first.starts_with(&plain) && first.len() > plain.len());
    let attempt =
        crate::support::prepare_of(&stage, &reception, RECEPTIONS_NUMBER, id, &plain).await;
    let file = signed(&stage, &reception, RECEPTIONS_NUMBER, &attempt).await;
    let (status, told) = put(&stage, &processing, at.clone(), &attempt, &file).await;
    assert_eq!((status, code(&told)), (422, "signature-mismatch"));
    let (status, told) = put(&stage, &reception, at.clone(), &attempt, &file).await;
    assert_eq!(status, 200, "{told}");
    let report = validated(&stage, &citizen, &read("reception").await).await;
    let names: Vec<_> = report
        .signatures
        .iter()
        .map(|one| one.signer.as_str())
        .collect();
    assert_eq!((report.verdict, names.len()), (Verdict::Valid, 2));
    assert_eq!(names[0], "Vũ Thị An");
    let whole = read("reception").await;
    let id = attempt.start.items[0].attachment;
    let agreed = agrees(&stage, &processing, &dossier, (id, &whole), &report).await;
    assert_eq!(
        (agreed.kind, agreed.verdict, agreed.seal.as_str()),
        (PaperKind::Slip, None, names[1])
    );
}
