//! What belongs to the file store, over real HTTP: a bucket that is gone and back, one that refuses any single request, a full disk.
//! Nothing half-written is shown, and what was acknowledged is there.

use crate::after::Submitted;
use crate::support::s3::S3;
use crate::support::{MAU, OFFICER, Person, Stage, digest, pdf};
use crate::upload::{announce, ask, large, piece};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use store::Database;
use uuid::Uuid;

/// A dossier that awaits a file, and the address of its attachment.
async fn awaited(stage: &Stage, citizen: &Person, file: &[u8]) -> String {
    let (dossier, signed, plain) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
    announce(stage, citizen, dossier, &[(signed, &pdf()), (plain, file)]).await;
    stage.at(&format!("/api/dossiers/{dossier}/attachments/{plain}"))
}

/// An attachment's bytes.
async fn content(stage: &Stage, citizen: &Person, attachment: &str) -> (u16, Vec<u8>) {
    let request = stage.http.get(attachment);
    let answer = request.header("cookie", citizen.cookie()).send().await;
    let answer = answer.expect("answer");
    let status = answer.status().as_u16();
    (status, answer.bytes().await.expect("bytes").to_vec())
}

/// Files below a folder, without those a test's S3 server keeps for itself.
fn lying(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            found.extend(lying(&path));
        } else {
            found.push(path);
        }
    }
    found
}

const GONE: &str = "storage-unavailable";

#[tokio::test]
async fn an_upload_goes_on_when_the_bucket_that_was_gone_is_back() {
    let folder = tempfile::tempdir().expect("folder");
    let mut bucket = S3::start(folder.path()).await;
    let stage = Stage::on(&bucket).await;
    let citizen = stage.sign_in(MAU).await;
    let file = large(600_000);
    let name = digest(&file);
    let attachment = awaited(&stage, &citizen, &file).await;
    assert_eq!(ask(&stage, &citizen, &file).await.0, 200);
    let (status, _) = piece(&stage, &citizen, name, 0, &file[..300_000]).await;
    assert_eq!(status, 200);

    bucket.stop().await;
    let (status, problem) = piece(&stage, &citizen, name, 300_000, &file[300_000..]).await;
    assert_eq!((status, &problem["code"]), (503, &json!(GONE)), "{problem}");
    assert_eq!(citizen.get(stage.at("/api/health")).await.0, 503);
    let (_, asked) = ask(&stage, &citizen, &file).await;
    assert_eq!(asked, json!({ "received": 300_000, "whole": false }));
    assert_eq!(content(&stage, &citizen, &attachment).await.0, 404);

    bucket.again().await;
    assert_eq!(citizen.get(stage.at("/api/health")).await.0, 200);
    let (status, done) = piece(&stage, &citizen, name, 300_000, &file[300_000..]).await;
    assert_eq!((status, &done["whole"]), (200, &json!(true)), "{done}");
    // Gone again between the last piece and what becomes of it.
    bucket.stop().await;
    let (status, problem) = citizen.post(attachment.clone(), &Value::Null).await;
    assert_eq!((status, &problem["code"]), (503, &json!(GONE)), "{problem}");
    bucket.again().await;
    assert_eq!(citizen.post(attachment.clone(), &Value::Null).await.0, 204);
    assert!(content(&stage, &citizen, &attachment).await == (200, file));
    assert_eq!(
        lying(&bucket.objects().join("tinh/upload")),
        [] as [PathBuf; 0]
    );
    bucket.stop().await;
    let (status, _) = content(&stage, &citizen, &attachment).await;
    assert_eq!(
        status, 503,
        "a file that cannot be read is not one that is not there"
    );
}

/// Sends a file as the page does: whatever fails, it asks how far it came and goes on. How many answers were refusals.
async fn persist(stage: &Stage, citizen: &Person, file: &[u8], attachment: &str) -> i64 {
    let name = digest(file);
    let mut refusals = 0;
    while refusals < 10 {
        let (status, state) = ask(stage, citizen, file).await;
        if status == 200 {
            let at = state["received"].as_u64().expect("a number");
            let at = usize::try_from(at).expect("small");
            let answer = if state["whole"] == true {
                citizen.post(attachment.to_owned(), &Value::Null).await
            } else {
                let end = file.len().min(at + 300_000);
                piece(stage, citizen, name, at, &file[at..end]).await
            };
            match answer {
                (204, _) => return refusals,
                (200, _) => continue,
                (503, problem) => assert_eq!(problem["code"], GONE),
                other => panic!("{other:?}"),
            }
        } else {
            assert_eq!((status, &state["code"]), (503, &json!(GONE)), "{state}");
        }
        refusals += 1;
        let shown = content(stage, citizen, attachment).await;
        assert!(
            shown.0 == 404 || shown == (200, file.to_vec()),
            "{}",
            shown.0
        );
    }
    panic!("it never arrives");
}

#[tokio::test]
async fn whichever_request_the_bucket_refuses_the_file_arrives_and_nothing_half_written_is_shown() {
    let folder = tempfile::tempdir().expect("folder");
    let bucket = S3::start(folder.path()).await;
    let stage = Stage::on(&bucket).await;
    let citizen = stage.sign_in(MAU).await;
    let settings = stage.settings();
    let database = Database::open(&settings.database_url).await.expect("there");
    let files = store::Files::at(&settings.files).expect("opens");
    let mut told = 0_i64;
    let mut nth = 0_i64;
    loop {
        let file = large(600_000);
        let attachment = awaited(&stage, &citizen, &file).await;
        bucket.refuse_after(nth);
        told += persist(&stage, &citizen, &file, &attachment).await;
        let refused = bucket.refused();
        bucket.refuse_after(-1);
        assert!(content(&stage, &citizen, &attachment).await == (200, file));
        if !refused {
            break;
        }
        nth += 1;
    }
    // Two pieces, their joining, reading and moving: each request had its turn, but for those that only tidy up none was lost silently.
    assert!(nth >= 9, "{nth} requests");
    assert!(told >= nth / 2, "{told} of {nth} were told");
    // What still lies about is nobody's, so that it is swept.
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    for (account, sha256) in files.lying_uploads(later).await.expect("listed") {
        let row = database.upload(account, sha256).await;
        assert!(matches!(row, Err(store::StoreError::NotFound)), "{sha256}");
    }
}

/// A small disk; none where this program may not mount one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn mounted(size: &str) -> Option<Self> {
        let disk = Self(tempfile::tempdir().expect("folder"));
        let made = disk.mount(&["-t", "tmpfs", "-o", size, "tmpfs"]);
        if !made {
            eprintln!("skipped: no disk can be mounted here");
        }
        made.then_some(disk)
    }

    fn mount(&self, arguments: &[&str]) -> bool {
        let mut command = std::process::Command::new("mount");
        command.args(arguments).arg(self.0.path());
        command.stderr(std::process::Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let mut command = std::process::Command::new("umount");
        let _ = command.arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_the_upload_goes_on_when_there_is_room() {
    let Some(disk) = Disk::mounted("size=1m") else {
        return;
    };
    let place = store::Place::Folder(disk.0.path().join("files"));
    let stage = Stage::configured(|_| {}, move |config| config.files = place.clone()).await;
    let citizen = stage.sign_in(MAU).await;
    // The pieces have room, the whole beside them has not.
    let file = large(700_000);
    let name = digest(&file);
    let attachment = awaited(&stage, &citizen, &file).await;
    assert_eq!(ask(&stage, &citizen, &file).await.0, 200);
    let (status, _) = piece(&stage, &citizen, name, 0, &file[..350_000]).await;
    assert_eq!(status, 200);
    let (status, problem) = piece(&stage, &citizen, name, 350_000, &file[350_000..]).await;
    assert_eq!((status, &problem["code"]), (503, &json!(GONE)), "{problem}");
    // Another file finds no room for its piece either, and is not counted as if it had.
    let other = large(500_000);
    assert_eq!(ask(&stage, &citizen, &other).await.0, 200);
    let (status, _) = piece(&stage, &citizen, digest(&other), 0, &other).await;
    assert_eq!(status, 503);
    let (_, asked) = ask(&stage, &citizen, &other).await;
    assert_eq!(asked["received"], 0);
    assert_eq!(content(&stage, &citizen, &attachment).await.0, 404);

    assert!(disk.mount(&["-o", "remount,size=16m"]), "more room");
    let (_, asked) = ask(&stage, &citizen, &file).await;
    assert_eq!(asked, json!({ "received": 700_000, "whole": true }));
    assert_eq!(citizen.post(attachment.clone(), &Value::Null).await.0, 204);
    assert!(content(&stage, &citizen, &attachment).await == (200, file));
    let (status, done) = piece(&stage, &citizen, digest(&other), 0, &other).await;
    assert_eq!((status, &done["whole"]), (200, &json!(true)));
}

#[tokio::test]
async fn a_dossier_is_erased_when_the_term_of_its_procedure_is_over_and_the_journal_says_so() {
    let folder = tempfile::tempdir().expect("folder").keep();
    let birth = include_str!("../../data/procedures/1.001193.toml");
    let text = format!("{birth}\n[retention]\nended_years = 2\n");
    std::fs::write(folder.join("1.001193.toml"), text).expect("written");
    let stage = Stage::with(move |settings| settings.procedures = Some(folder.clone())).await;
    let citizen = stage.sign_in(MAU).await;
    let officer = stage.sign_in(OFFICER).await;
    let (over, open) = (
        Submitted::new(&stage, &citizen).await,
        Submitted::new(&stage, &citizen).await,
    );
    let (status, refused) = over.decide(&stage, &officer, "refuse", "Nộp nhầm").await;
    assert_eq!(status, 200, "{refused}");
    let portal = server::Portal::open(stage.settings())
        .await
        .expect("portal");
    let in_years = |years: i64| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = i64::try_from(now.expect("a clock").as_millis()).expect("small");
        contract::value::Timestamp(now + years * 366 * 86_400_000)
    };
    let erase = async |years| server::retention::erase(&portal, in_years(years)).await;
    assert_eq!(erase(1).await.expect("swept"), 0, "its term is not over");
    let there = over.at(&stage, "", "");
    assert_eq!(citizen.get(there.clone()).await.0, 200);
    assert_eq!(erase(3).await.expect("swept"), 1);
    assert_eq!(erase(3).await.expect("swept"), 0);
    assert_eq!(citizen.get(there).await.0, 404);
    assert_eq!(
        citizen.get(open.at(&stage, "", "")).await.0,
        200,
        "it has not ended"
    );
    let chain = portal.database.verify_audit(None).await.expect("followed");
    assert!(chain.broken.is_none());
}
