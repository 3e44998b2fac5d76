//! The commands as an operator runs them: a backup of a portal that is used meanwhile, put back elsewhere, and a portal that goes on
//! on PostgreSQL with what it had on SQLite.

use crate::after::Submitted;
use crate::support::{MAU, Person, Stage, digest, pdf};
use serde_json::json;
use server::Portal;
use std::path::Path;
use std::process::Output;
use store::testing::Postgres;
use tokio::process::Command;

const KEY: &str = "2026:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn server(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command.args(arguments).env_remove("PORTAL_KEK");
    command
}

async fn run(mut command: Command) -> Output {
    command.output().await.expect("it runs")
}

fn text(output: &Output) -> String {
    let both = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

async fn done(command: Command) -> String {
    let output = run(command).await;
    assert!(output.status.success(), "{}", text(&output));
    text(&output)
}

/// Puts a file into a person's own store.
async fn keep(stage: &Stage, person: &Person, bytes: &[u8]) {
    let at = stage.at(&format!("/api/kept/{}", digest(bytes)));
    let keep = json!({ "file_name": "giay.pdf", "size": bytes.len() });
    assert_eq!(person.put(at.clone(), &keep).await.0, 200);
    assert_eq!(person.upload(format!("{at}/content"), bytes).await.0, 204);
}

/// A portal on copied data has the submitted dossier, its history, and every kept file.
async fn goes_on(
    stage: &Stage,
    database: &str,
    files: &Path,
    kept: &[Vec<u8>],
    dossier: &Submitted,
) {
    let mut config = stage.settings();
    config.database_url = database.to_owned();
    config.files = store::Place::Folder(files.to_owned());
    let portal = Portal::open(config).await.expect("opens");
    for bytes in kept {
        let there = portal.files.get(&digest(bytes)).await;
        assert!(there.expect("there") == *bytes);
    }
    let stored = portal.database.dossier(None, dossier.id).await;
    let stored = stored.expect("there");
    let code = stored.summary.expect("submitted").code.to_string();
    assert_eq!(code, dossier.code);
    let chain = portal.database.verify_audit(None).await.expect("followed");
    assert!(chain.broken.is_none() && chain.records > 3, "{chain:?}");
    portal.database.account_by_name(MAU).await.expect("there");
}

#[tokio::test]
async fn a_backup_of_a_running_portal_is_put_back_elsewhere_and_goes_on_there() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let mut kept = Vec::new();
    for number in 0..5 {
        let bytes = [pdf(), vec![b' '; 300_000 * number]].concat();
        keep(&stage, &citizen, &bytes).await;
        kept.push(bytes);
    }
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("ban-sao");
    let archive = file.to_str().expect("text");
    let data = stage.data.path().join("server");
    let data = data.to_str().expect("text");
    let backup = {
        let mut command = server(&["backup", "--data", data, "--out", archive]);
        command.env("PORTAL_KEK", KEY);
        command
    };
    // Somebody uses it meanwhile.
    let busy = async {
        for number in 0..10 {
            let bytes = [pdf(), vec![b'%'; 1000 + number]].concat();
            keep(&stage, &citizen, &bytes).await;
        }
    };
    let (told, ()) = tokio::join!(done(backup), busy);
    assert!(told.contains("encrypted with the key 2026"), "{told}");
    assert!(!std::path::PathBuf::from(format!("{archive}.part")).exists());
    let again = run(server(&["backup", "--data", data, "--out", archive])).await;
    assert!(!again.status.success(), "a backup is not written over");

    let locked = run(server(&["backup", "verify", archive])).await;
    assert!(
        text(&locked).contains("no key was given"),
        "{}",
        text(&locked)
    );
    let with_key = |arguments: &[&str]| {
        let mut command = server(arguments);
        command.env("PORTAL_KEK", KEY);
        command
    };
    let whole = done(with_key(&["backup", "verify", archive])).await;
    assert!(
        whole.contains("whole:") && whole.contains("account "),
        "{whole}"
    );

    let there = folder.path().join("noi-khac");
    let there = there.to_str().expect("text");
    let restored = done(with_key(&["restore", archive, "--data", there])).await;
    // Table for table what the backup told.
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.split(' ').count() == 3);
        lines.map(str::to_owned).collect()
    };
    assert_eq!(lines(&told), lines(&restored));
    assert!(lines(&told).len() > 30, "{told}");
    let twice = run(with_key(&["restore", archive, "--data", there])).await;
    assert!(text(&twice).contains("is not empty"), "{}", text(&twice));
    let database = format!("sqlite:{there}/portal.sqlite");
    let audit = done(server(&["audit", "verify", "--database-url", &database])).await;
    assert!(audit.starts_with("ok:"), "{audit}");
    let files = Path::new(there).join("files");
    goes_on(&stage, &database, &files, &kept, &dossier).await;

    // A byte of it turned over on its disk.
    let mut bytes = std::fs::read(&file).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).expect("written");
    let damaged = run(with_key(&["backup", "verify", archive])).await;
    assert!(
        text(&damaged).contains("damaged at byte"),
        "{}",
        text(&damaged)
    );
}

#[tokio::test]
async fn a_portal_moves_from_sqlite_to_postgresql_and_goes_on() {
    let Some(fresh) = Postgres::fresh().await else {
        return;
    };
    let mut stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let bytes = pdf();
    keep(&stage, &citizen, &bytes).await;
    stage.stop_poller().await;
    let from = stage.settings().database_url;
    let told = done(server(&["migrate", "--from", &from, "--to", &fresh.url])).await;
    assert!(told.contains("migrated, read back and compared"), "{told}");
    let files = stage.data.path().join("server/files");
    goes_on(&stage, &fresh.url, &files, &[bytes], &dossier).await;
    let audit = done(server(&["audit", "verify", "--database-url", &fresh.url])).await;
    assert!(audit.starts_with("ok:"), "{audit}");
    let again = run(server(&["migrate", "--from", &from, "--to", &fresh.url])).await;
    assert!(text(&again).contains("is not empty"), "{}", text(&again));
    // Nothing that was given away by a mistake: an address that is not there is not made.
    let nowhere = run(server(&[
        "migrate",
        "--from",
        "sqlite:/khong/co.sqlite",
        "--to",
        &from,
    ]))
    .await;
    assert!(!nowhere.status.success());
    fresh.drop().await;
}
