//! Files in pieces over real HTTP: broken, resumed, by two at a time, wrong, and somebody else's.

use crate::after::Submitted;
use crate::support::{BIRTH, MAU, OFFICER, Person, Stage, THU, digest, form, pdf};
use contract::procedure::Procedure;
use contract::value::Sha256;
use serde_json::{Value, json};
use uuid::Uuid;

/// A PDF of some size: what follows the end of a file is nobody's business.
pub fn large(bytes: usize) -> Vec<u8> {
    let mut file = pdf();
    let seed = Uuid::new_v4();
    file.extend(format!("\n%{seed}").bytes());
    file.extend(std::iter::repeat_n(b' ', bytes.saturating_sub(file.len())));
    file
}

pub async fn ask(stage: &Stage, person: &Person, file: &[u8]) -> (u16, Value) {
    let address = stage.at(&format!("/api/uploads/{}", digest(file)));
    person.put(address, &json!({ "size": file.len() })).await
}

pub async fn piece(
    stage: &Stage,
    person: &Person,
    name: Sha256,
    at: usize,
    bytes: &[u8],
) -> (u16, Value) {
    let request = stage
        .http
        .patch(stage.at(&format!("/api/uploads/{name}")))
        .header("upload-offset", at)
        .body(bytes.to_vec());
    person.send(request).await
}

/// Announces a dossier whose attachments are these files.
pub async fn announce(
    stage: &Stage,
    person: &Person,
    dossier: Uuid,
    files: &[(Uuid, &[u8])],
) -> Value {
    let (_, procedure) = person
        .get(stage.at(&format!("/api/procedures/{BIRTH}")))
        .await;
    let mut procedure: Procedure = serde_json::from_value(procedure).expect("a procedure");
    let attachments: Vec<Value> = procedure
        .components
        .iter()
        .zip(files)
        .map(|(component, (id, bytes))| {
            json!({
                "id": id, "component": component.code, "copy_kind": "original", "count": 1, "file_name": "giay.pdf",
                "size": bytes.len(), "sha256": digest(bytes),
                "signings": if component.signature_required { vec![Uuid::new_v4()] } else { Vec::new() },
            })
        })
        .collect();
    procedure.components.truncate(files.len());
    let manifest = json!({
        "procedure": BIRTH, "form": form(&procedure, MAU), "attachments": attachments, "payment": "none", "declared": true,
    });
    let (status, answer) = person
        .put(stage.at(&format!("/api/dossiers/{dossier}")), &manifest)
        .await;
    assert_eq!(status, 200, "{answer}");
    answer
}

#[tokio::test]
async fn a_file_arrives_in_pieces_whatever_breaks_in_between() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let (dossier, signed, plain) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
    let file = large(600_000);
    let name = digest(&file);
    announce(
        &stage,
        &citizen,
        dossier,
        &[(signed, &pdf()), (plain, &file)],
    )
    .await;
    let attach = stage.at(&format!("/api/dossiers/{dossier}/attachments/{plain}"));

    let (status, begun) = ask(&stage, &citizen, &file).await;
    assert_eq!(
        (status, begun),
        (200, json!({ "received": 0, "whole": false }))
    );
    let (status, _) = piece(&stage, &citizen, name, 0, &file[..300_000]).await;
    assert_eq!(status, 200);
    // The answer was lost: the same piece again is not awaited, and the question tells what is.
    let (status, _) = piece(&stage, &citizen, name, 0, &file[..300_000]).await;
    assert_eq!(status, 409);
    let (_, asked) = ask(&stage, &citizen, &file).await;
    assert_eq!(asked["received"], 300_000);
    // Not whole yet: nothing to attach. Nobody else sees it, or may go on with it.
    assert_eq!(citizen.post(attach.clone(), &Value::Null).await.0, 404);
    let other = stage.sign_in(THU).await;
    assert_eq!(
        piece(&stage, &other, name, 300_000, &file[300_000..])
            .await
            .0,
        404
    );
    assert_eq!(other.post(attach.clone(), &Value::Null).await.0, 404);
    assert_eq!(
        piece(&stage, &Person::stranger(&stage), name, 0, b"x")
            .await
            .0,
        401
    );
    // Two windows send the rest at the same time: one counts.
    let rest = || piece(&stage, &citizen, name, 300_000, &file[300_000..]);
    let (one, two) = tokio::join!(rest(), rest());
    let mut both = [one.0, two.0];
    both.sort_unstable();
    assert_eq!(both, [200, 409], "{one:?} {two:?}");
    let (_, asked) = ask(&stage, &citizen, &file).await;
    assert_eq!(asked, json!({ "received": 600_000, "whole": true }));
    assert_eq!(citizen.post(attach.clone(), &Value::Null).await.0, 204);
    assert_eq!(
        citizen.post(attach.clone(), &Value::Null).await.0,
        204,
        "again"
    );
    let got = stage
        .http
        .get(attach)
        .header("cookie", citizen.cookie())
        .send()
        .await;
    assert_eq!(got.expect("answer").bytes().await.expect("bytes"), file);
    assert!(
        !stage
            .data
            .path()
            .join("portal/files/upload")
            .join(name.to_string())
            .exists()
    );
}

#[tokio::test]
async fn what_is_not_as_announced_is_not_kept() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let file = large(300_000);
    let name = digest(&file);
    assert_eq!(ask(&stage, &citizen, &file).await.0, 200);
    // Longer than announced.
    assert_eq!(
        piece(&stage, &citizen, name, 0, &large(300_001)).await.0,
        422
    );
    // Other bytes of the same length: found out at the end, and begun anew.
    assert_eq!(
        piece(&stage, &citizen, name, 0, &large(300_000)).await.0,
        422
    );
    let (_, asked) = ask(&stage, &citizen, &file).await;
    assert_eq!(asked, json!({ "received": 0, "whole": false }));
    assert_eq!(
        piece(&stage, &citizen, name, 0, &vec![0; 4_194_305])
            .await
            .0,
        413
    );
    let address = stage.at(&format!("/api/uploads/{name}"));
    let wrong = citizen
        .put(address.clone(), &json!({ "size": 52_428_801 }))
        .await;
    assert_eq!(wrong.0, 413);
    assert_eq!(
        citizen.send(stage.http.delete(address.clone())).await.0,
        204
    );
    assert_eq!(citizen.send(stage.http.delete(address)).await.0, 204);
    assert_eq!(
        piece(&stage, &citizen, name, 0, &file).await.0,
        404,
        "given up"
    );
    let nonsense = stage.at("/api/uploads/nonsense");
    assert_eq!(citizen.put(nonsense, &json!({ "size": 1 })).await.0, 404);

    // Whole, but no PDF: refused when it is to be attached, and forgotten.
    let (dossier, signed, plain) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
    let text = vec![b'a'; 1000];
    announce(
        &stage,
        &citizen,
        dossier,
        &[(signed, &pdf()), (plain, &text)],
    )
    .await;
    ask(&stage, &citizen, &text).await;
    assert_eq!(
        piece(&stage, &citizen, digest(&text), 0, &text).await.0,
        200
    );
    let attach = stage.at(&format!("/api/dossiers/{dossier}/attachments/{plain}"));
    let (status, problem) = citizen.post(attach, &Value::Null).await;
    assert_eq!((status, &problem["code"]), (422, &json!("not-pdf")));
    assert_eq!(ask(&stage, &citizen, &text).await.1["received"], 0);
}

#[tokio::test]
async fn one_request_with_the_whole_file_goes_on_where_pieces_stopped() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let (dossier, signed, plain) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
    let file = large(2_500_000);
    announce(
        &stage,
        &citizen,
        dossier,
        &[(signed, &pdf()), (plain, &file)],
    )
    .await;
    ask(&stage, &citizen, &file).await;
    piece(&stage, &citizen, digest(&file), 0, &file[..300_000]).await;
    let address = stage.at(&format!("/api/dossiers/{dossier}/attachments/{plain}"));
    assert_eq!(
        citizen.upload(address.clone(), &file[..999]).await.0,
        422,
        "too short"
    );
    assert_eq!(citizen.upload(address.clone(), &file).await.0, 204);
    let got = stage
        .http
        .get(address)
        .header("cookie", citizen.cookie())
        .send()
        .await;
    assert_eq!(got.expect("answer").bytes().await.expect("bytes"), file);
}

#[tokio::test]
async fn a_device_key_is_an_accounts_and_stays_the_same() {
    let stage = Stage::new().await;
    let key = |cookie: String| {
        let request = stage
            .http
            .get(stage.at("/api/device-key"))
            .header("cookie", cookie);
        async move {
            let answer = request.send().await.expect("answer");
            let caching = answer.headers()["cache-control"].clone();
            (
                answer.status().as_u16(),
                caching,
                answer.bytes().await.expect("body"),
            )
        }
    };
    let (one, two) = (stage.sign_in(MAU).await, stage.sign_in(MAU).await);
    let first = key(one.cookie()).await;
    assert_eq!((first.0, first.2.len()), (200, 32));
    assert_eq!(first.1, "no-store");
    assert_eq!(key(two.cookie()).await.2, first.2);
    let other = stage.sign_in(THU).await;
    assert_ne!(key(other.cookie()).await.2, first.2);
    assert_eq!(key(String::new()).await.0, 401);
}

#[tokio::test]
async fn a_file_of_the_personal_store_arrives_in_pieces_too() {
    let stage = Stage::new().await;
    let (me, other) = (stage.sign_in(MAU).await, stage.sign_in(THU).await);
    let file = large(600_000);
    let name = digest(&file);
    let at = stage.at(&format!("/api/kept/{name}"));
    let content = format!("{at}/content");
    let arrive = async |person: &Person| person.post(content.clone(), &Value::Null).await.0;
    let keep = json!({ "file_name": "giay.pdf", "size": file.len() });
    // Not announced: whoever has the pieces has no file.
    ask(&stage, &me, &file).await;
    assert_eq!(piece(&stage, &me, name, 0, &file[..300_000]).await.0, 200);
    assert_eq!(arrive(&me).await, 404);
    assert_eq!(me.put(at, &keep).await.1["missing"], json!(true));
    assert_eq!(arrive(&me).await, 404, "half of it");
    assert_eq!(
        piece(&stage, &me, name, 300_000, &file[300_000..]).await.0,
        200
    );
    assert_eq!(arrive(&other).await, 404);
    assert_eq!(arrive(&Person::stranger(&stage)).await, 401);
    assert_eq!(arrive(&me).await, 204);
    assert_eq!(arrive(&me).await, 204, "again");
    let read = stage.http.get(&content).header("cookie", me.cookie());
    let read = read.send().await.expect("answer").bytes().await;
    assert_eq!(read.expect("bytes"), file);
}

/// A request that tells more bytes than it ever sends.
async fn hanging(
    stage: &Stage,
    person: &Person,
    line: &str,
    length: usize,
) -> tokio::net::TcpStream {
    use tokio::io::AsyncWriteExt as _;
    let mut socket = tokio::net::TcpStream::connect(stage.address)
        .await
        .expect("socket");
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\nx-file-name: a.pdf\r\ncontent-length: {length}\r\n\r\n%PDF-1.7",
        stage.address,
        person.cookie(),
    );
    socket.write_all(request.as_bytes()).await.expect("sent");
    socket
}

#[tokio::test]
async fn whole_files_of_one_account_are_counted_before_their_bytes_are_taken() {
    let stage = Stage::new().await;
    let (me, other) = (stage.sign_in(MAU).await, stage.sign_in(THU).await);
    let officer = stage.sign_in(OFFICER).await;
    let file = large(300_000);
    let keep = json!({ "file_name": "giay.pdf", "size": file.len() });
    let path = format!("/api/kept/{}", digest(&file));
    for person in [&me, &other] {
        assert_eq!(person.put(stage.at(&path), &keep).await.0, 200);
    }
    // Too long or too short: told before anything is taken.
    let content = stage.at(&format!("{path}/content"));
    assert_eq!(me.upload(content.clone(), &file[1..]).await.0, 422);

    // Only whoever may prepare a result is let so far that bytes are taken.
    let dossier = Submitted::new(&stage, &me).await;
    for act in ["receive", "process"] {
        let (status, told) = dossier.decide(&stage, &officer, act, "").await;
        assert_eq!(status, 200, "{told}");
    }
    let results = format!(
        "/api/officer/dossiers/{}/results/{}",
        dossier.id,
        Uuid::new_v4()
    );
    for (person, method, path) in [
        (&me, reqwest::Method::PUT, format!("{path}/content")),
        (&me, reqwest::Method::POST, "/api/conversions".to_owned()),
        (&officer, reqwest::Method::PUT, results),
    ] {
        let line = format!("{method} {path}");
        let mut open = Vec::new();
        for _ in 0..6 {
            open.push(hanging(&stage, person, &line, file.len()).await);
        }
        let send = async || {
            let request = stage.http.request(method.clone(), stage.at(&path));
            let request = request.header("x-file-name", "a.pdf");
            person.send(request.body(file.clone())).await.0
        };
        let mut seventh = 0;
        for _ in 0..100 {
            seventh = send().await;
            if seventh == 429 {
                break;
            }
            // Of the six one may have come when this one had its place.
            open.push(hanging(&stage, person, &line, file.len()).await);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(seventh, 429, "{line}");
        drop(open);
        // Whoever hangs up gives the place back.
        for _ in 0..100 {
            seventh = send().await;
            if seventh != 429 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_ne!(seventh, 429, "{line}");
    }
    assert_eq!(other.upload(content, &file).await.0, 204, "another's");
}
