//! E-mail through a real SMTP server (aiosmtpd of end2end/.venv).

use super::Submitted;
use crate::support::{MAU, OFFICER, Stage};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// Prints its port, then every message as one line: from, to, and the source in base64. The first try of each is put off.
const SERVER: &str = r#"
import asyncio, base64, sys
from aiosmtpd.smtp import SMTP
class Box:
    def __init__(self): self.seen = set()
    async def handle_DATA(self, server, session, envelope):
        key = next((line for line in envelope.content.split(b"\r\n") if line.lower().startswith(b"message-id")), b"")
        if key not in self.seen:
            self.seen.add(key)
            return "451 try again"
        print(envelope.mail_from, ",".join(envelope.rcpt_tos), base64.b64encode(envelope.content).decode(), flush=True)
        return "250 OK"
async def main():
    box = Box()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box, enable_SMTPUTF8=True, hostname="localhost"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"#;

fn python() -> Option<PathBuf> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/.venv/bin/python");
    let works = std::process::Command::new(&python)
        .args(["-c", "import aiosmtpd"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    works.then_some(python)
}

/// The source of a message as text: base64 and quoted-printable parts are read by Python as well, to have a second reader.
async fn read(python: &Path, source: &str) -> serde_json::Value {
    let script = "import sys, json, base64, email, email.policy\nm = email.message_from_bytes(base64.b64decode(sys.argv[1]), policy=email.policy.default)\nprint(json.dumps({'subject': m['subject'], 'to': str(m['to']), 'from': str(m['from']), 'id': m['message-id'], 'plain': m.get_body(('plain',)).get_content(), 'html': m.get_body(('html',)).get_content()}))";
    let output = tokio::process::Command::new(python)
        .args(["-c", script, source])
        .output()
        .await
        .expect("python");
    serde_json::from_slice(&output.stdout).expect("a message")
}

#[tokio::test]
async fn a_change_of_state_arrives_once_in_the_citizens_mailbox() {
    let Some(python) = python() else {
        eprintln!("skipped: end2end/.venv has no aiosmtpd");
        return;
    };
    let mut server = tokio::process::Command::new(&python)
        .args(["-c", SERVER])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the mail server");
    let mut lines = BufReader::new(server.stdout.take().expect("its words")).lines();
    let port: u16 = lines
        .next_line()
        .await
        .expect("read")
        .expect("a port")
        .parse()
        .expect("a number");
    let stage = Stage::with(move |settings| {
        settings.public_url = Some("http://portal.test".into());
        settings.mail = Some(
            serde_json::from_value(json!({ "server": "127.0.0.1", "port": port, "tls": "none", "from": "Cổng dịch vụ công <khong-tra-loi@portal.test>" }))
                .expect("settings"),
        );
        settings.pace = Some(crate::support::quick());
    })
    .await;
    let citizen = stage.sign_in(MAU).await;
    let (_, session) = citizen.get(stage.at("/api/session")).await;
    let mut person = session["account"]["person"].clone();
    person["email"] = json!("mau@nha.test");
    let (status, answer) = citizen.put(stage.at("/api/account"), &person).await;
    assert_eq!(status, 200, "{answer}");
    let choices = json!({ "status": true, "message": false, "reminder": true });
    assert_eq!(
        citizen.put(stage.at("/api/mail-choices"), &choices).await.0,
        200
    );
    let officer = stage.sign_in(OFFICER).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let say = json!({ "id": uuid::Uuid::new_v4(), "body": "Chào anh" });
    assert_eq!(
        officer
            .post(dossier.at(&stage, "/officer", "/messages"), &say)
            .await
            .0,
        200
    );
    assert_eq!(
        dossier
            .decide(&stage, &officer, "receive", "Bí mật của hồ sơ")
            .await
            .0,
        200
    );

    // The first try of each was put off; the clock goes on two minutes.
    let config = stage.settings();
    let database = store::Database::open(&config.database_url)
        .await
        .expect("database");
    let post = server::notify::Post::new(config.mail.as_ref().expect("mail")).expect("post");
    let mut now = crate::support::now();
    let mut arrived = Vec::new();
    for _ in 0..20 {
        now.0 += 130_000;
        server::notify::deliver(&database, &post, now)
            .await
            .expect("delivered");
        while let Ok(Ok(Some(line))) =
            tokio::time::timeout(Duration::from_millis(100), lines.next_line()).await
        {
            arrived.push(line);
        }
        if arrived.len() >= 2 {
            break;
        }
    }
    now.0 += 7_200_000;
    assert_eq!(
        server::notify::deliver(&database, &post, now)
            .await
            .expect("nothing"),
        0,
        "sent is sent"
    );
    assert_eq!(
        arrived.len(),
        2,
        "submitted and received; the message was not wanted: {arrived:?}"
    );
    let words: Vec<&str> = arrived[1].split(' ').collect();
    assert_eq!(words[..2], ["khong-tra-loi@portal.test", "mau@nha.test"]);
    let mail = read(&python, words[2]).await;
    assert_eq!(
        mail["subject"],
        json!(format!("Hồ sơ {}: Được tiếp nhận", dossier.code))
    );
    let plain = mail["plain"].as_str().expect("text");
    for part in [
        "Kính gửi Nguyễn Văn Mẫu",
        &dossier.code,
        &format!("http://portal.test/quan-ly-ho-so/{}", dossier.id),
    ] {
        assert!(plain.contains(part), "{part}: {plain}");
    }
    let whole = mail.to_string();
    for secret in ["Bí mật", "Chào anh", MAU, "khai sinh"] {
        assert!(
            !whole.contains(secret),
            "{secret} does not belong into an e-mail: {whole}"
        );
    }
}
