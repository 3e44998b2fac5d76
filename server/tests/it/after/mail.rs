//! E-mail through a real SMTP server (aiosmtpd of end2end/.venv).

use super::Submitted;
use crate::support::{MAU, OFFICER, Stage, THU};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

/// Prints its port, then every message as one line: from, to, and the source in base64. The first try of each is put off.
const SERVER: &str = r#"
import asyncio, base64, re, sys
from aiosmtpd.smtp import SMTP
class Box:
    def __init__(self): self.seen = set()
    async def handle_DATA(self, server, session, envelope):
        key = next((line for line in envelope.content.split(b"\r\n") if line.lower().startswith(b"message-id")), b"")
        # A link has another number with every try.
        key = re.sub(rb"\.\d+@", b"@", key)
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

/// A mail server, and a portal that sends through it.
struct Mailing {
    stage: Stage,
    python: PathBuf,
    lines: Lines<BufReader<ChildStdout>>,
    _server: Child,
}

impl Mailing {
    /// None, and it says so, without a mail server.
    async fn begin() -> Option<Self> {
        let Some(python) = python() else {
            eprintln!("skipped: end2end/.venv has no aiosmtpd");
            return None;
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
        Some(Self {
            stage,
            python,
            lines,
            _server: server,
        })
    }

    /// Delivers as the clock goes on, until so many arrived. The first try of each is put off.
    async fn arrived(&mut self, many: usize) -> Vec<String> {
        let config = self.stage.settings();
        let database = store::Database::open(&config.database_url)
            .await
            .expect("database");
        let post = server::notify::Post::new(config.mail.as_ref().expect("mail")).expect("post");
        let mut now = crate::support::now();
        let mut arrived = Vec::new();
        for _ in 0..10 {
            now.0 += 130_000;
            server::notify::deliver(&database, &post, now)
                .await
                .expect("delivered");
            while let Ok(Ok(Some(line))) =
                tokio::time::timeout(Duration::from_millis(100), self.lines.next_line()).await
            {
                arrived.push(line);
            }
            if arrived.len() >= many {
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
        assert_eq!(arrived.len(), many, "{arrived:?}");
        arrived
    }
}

#[tokio::test]
async fn a_change_of_state_arrives_once_in_the_citizens_mailbox() {
    let Some(mut mailing) = Mailing::begin().await else {
        return;
    };
    let stage = &mailing.stage;
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
    let dossier = Submitted::new(stage, &citizen).await;
    let say = json!({ "id": uuid::Uuid::new_v4(), "body": "Chào anh" });
    assert_eq!(
        officer
            .post(dossier.at(stage, "/officer", "/messages"), &say)
            .await
            .0,
        200
    );
    assert_eq!(
        dossier
            .decide(stage, &officer, "receive", "Bí mật của hồ sơ")
            .await
            .0,
        200
    );

    // Submitted and received; the message was not wanted.
    let arrived = mailing.arrived(2).await;
    let words: Vec<&str> = arrived[1].split(' ').collect();
    assert_eq!(words[..2], ["khong-tra-loi@portal.test", "mau@nha.test"]);
    let mail = read(&mailing.python, words[2]).await;
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

/// Everything of an answer that could tell one from another.
async fn whole(answer: reqwest::Response) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let status = answer.status().as_u16();
    let mut headers: Vec<(String, String)> = answer
        .headers()
        .iter()
        // A request's number tells nothing but that it is another request.
        .filter(|(name, _)| *name != "date" && *name != "x-request-id")
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    headers.sort();
    (
        status,
        headers,
        answer.bytes().await.expect("body").to_vec(),
    )
}

#[tokio::test]
async fn a_link_sets_a_new_password_once_and_asking_tells_nobody_who_has_an_account() {
    let Some(mut mailing) = Mailing::begin().await else {
        return;
    };
    let stage = &mailing.stage;
    let offer = stage.at("/api/password-reset");
    let here = stage.sign_in(MAU).await;
    assert_eq!(here.get(offer.clone()).await.1, json!({ "by_mail": true }));
    let mut answers = Vec::new();
    // Somebody with an address, somebody without one, an officer, nobody, and nothing at all.
    for name in [MAU, THU, OFFICER, "khong.co.ai", "", &"x".repeat(100_000)] {
        let asked = stage.http.post(&offer).json(&json!({ "user_name": name }));
        answers.push(whole(asked.send().await.expect("answer")).await);
    }
    assert_eq!(answers[0].0, 202);
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    // Asked again at once nothing more is sent.
    let again = stage
        .http
        .post(&offer)
        .json(&json!({ "user_name": format!(" {MAU} ") }));
    assert_eq!(whole(again.send().await.expect("answer")).await, answers[0]);
    tokio::time::sleep(Duration::from_millis(500)).await;

    let arrived = mailing.arrived(1).await;
    let stage = &mailing.stage;
    let words: Vec<&str> = arrived[0].split(' ').collect();
    assert_eq!(words[1], "mau@example.vn");
    let mail = read(&mailing.python, words[2]).await;
    assert_eq!(mail["subject"], "Đặt lại mật khẩu");
    let plain = mail["plain"].as_str().expect("text");
    assert!(!plain.contains(MAU), "no number in an e-mail: {plain}");
    let token: String = plain
        .split("http://portal.test/dat-lai-mat-khau#")
        .nth(1)
        .expect("a link")
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .collect();
    assert_eq!(token.len(), 64);
    // Neither the journal nor the queue knows it.
    for file in ["portal.sqlite", "portal.sqlite-wal"] {
        let bytes = std::fs::read(stage.data.path().join("server").join(file)).unwrap_or_default();
        assert!(
            !bytes.windows(64).any(|part| part == token.as_bytes()),
            "{file}"
        );
    }

    let set = |token: &str, wanted: &str| {
        let body = json!({ "token": token, "wanted": wanted });
        let request = stage.http.put(&offer).json(&body).send();
        async move {
            let answer = request.await.expect("answer");
            let status = answer.status().as_u16();
            let body: serde_json::Value = answer.json().await.unwrap_or_default();
            (status, body["code"].as_str().unwrap_or_default().to_owned())
        }
    };
    assert_eq!(
        set(&token, "ngắn").await,
        (422, "invalid".into()),
        "it is not used up by that"
    );
    let unusable = (422, "link-unusable".to_owned());
    assert_eq!(set(&"0".repeat(64), "mật khẩu mới").await, unusable);
    assert_eq!(set(&token, "mật khẩu mới").await.0, 204);
    assert_eq!(set(&token, "mật khẩu khác").await, unusable, "once");
    assert_eq!(
        here.get(offer.replace("password-reset", "sessions"))
            .await
            .0,
        401,
        "signed out"
    );
    for (wanted, status) in [("Demo@2026", 401), ("mật khẩu mới", 200)] {
        let asked = json!({ "user_name": MAU, "password": wanted });
        let answer = stage
            .http
            .post(stage.at("/api/session"))
            .json(&asked)
            .send();
        assert_eq!(answer.await.expect("answer").status(), status);
    }
}

#[tokio::test]
async fn a_portal_without_mail_says_so_and_takes_no_question() {
    let stage = Stage::new().await;
    let somebody = crate::support::Person::stranger(&stage);
    let address = stage.at("/api/password-reset");
    assert_eq!(
        somebody.get(address.clone()).await.1,
        json!({ "by_mail": false })
    );
    for name in [MAU, "khong.co.ai"] {
        let asked = json!({ "user_name": name });
        assert_eq!(somebody.post(address.clone(), &asked).await.0, 404);
    }
}
