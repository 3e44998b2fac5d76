//! What people were told when they handed dossiers in, to be laid beside what is there after everything went wrong that can.
//!
//! People work as the page does: whatever a request meets, they ask again, at any instance, until the portal itself answers.
#![allow(dead_code)] // Tests and load use it, each its own part.

use super::form::{digest, form, pdf};
use anyhow::{Context as _, Result, bail, ensure};
use contract::procedure::Procedure;
use contract::value::Sha256;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// Whose number stands in the forms.
const NUMBER: &str = "062099000011";
/// A procedure with two components that have to be there.
const PROCEDURE: &str = "1.001193";
/// Bytes of a piece, and of the file that comes in pieces.
const PIECE: usize = 64 * 1024;
const IN_PIECES: usize = 200_000;
/// Tries of one request before it counts as never answered: a minute and more.
const TRIES: usize = 1500;
/// Pause between them.
const PAUSE: Duration = Duration::from_millis(40);
/// A list shows this many of the newest.
const LISTED: usize = 500;
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who is signed in at all instances.
#[derive(Clone)]
pub struct Hand {
    pub http: Client,
    /// Addresses of the instances.
    pub portals: Vec<String>,
    /// The session's cookie.
    pub cookie: String,
}

/// A dossier whose receipt somebody got.
#[derive(Debug, Clone)]
pub struct Written {
    pub dossier: Uuid,
    pub code: String,
    files: [(Uuid, Sha256); 2],
    message: Option<Uuid>,
}

/// What was told, and what was met on the way.
#[derive(Debug, Default)]
pub struct Ledger {
    written: Mutex<Vec<Written>>,
    /// Requests whose connection broke after it was made: nobody knows what became of them.
    cut: Mutex<BTreeMap<&'static str, usize>>,
    /// Answers that said "later".
    later: AtomicUsize,
    /// Looks at dossiers while all this went on.
    looks: AtomicUsize,
}

/// A ledger's numbers.
#[derive(Debug, Clone)]
pub struct Sum {
    pub dossiers: usize,
    pub cut: BTreeMap<&'static str, usize>,
    pub later: usize,
    pub looks: usize,
}

impl Ledger {
    pub fn sum(&self) -> Sum {
        Sum {
            dossiers: self.all().len(),
            cut: held(&self.cut).clone(),
            later: self.later.load(Ordering::Relaxed),
            looks: self.looks.load(Ordering::Relaxed),
        }
    }

    pub fn all(&self) -> Vec<Written> {
        held(&self.written).clone()
    }
}

fn held<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hand {
    /// Asks until there is an answer of the portal itself that is not "later".
    async fn ask(
        &self,
        ledger: &Ledger,
        what: &'static str,
        path: &str,
        make: impl Fn(&Client, String) -> RequestBuilder,
    ) -> Result<(u16, Vec<u8>)> {
        let mut last = String::new();
        for _ in 0..TRIES {
            let at = rand::random_range(0..self.portals.len().max(1));
            let portal = self.portals.get(at).context("no portal")?;
            let request = make(&self.http, format!("{portal}{path}"))
                .header("cookie", &self.cookie)
                .timeout(PATIENCE);
            let answer = async {
                let answer = request.send().await?;
                let status = answer.status().as_u16();
                Ok::<_, reqwest::Error>((status, answer.bytes().await?.to_vec()))
            };
            match answer.await {
                Ok((503, _)) => {
                    ledger.later.fetch_add(1, Ordering::Relaxed);
                    last = "503".into();
                }
                Ok((status, bytes)) if status >= 500 => {
                    bail!("{what}: {status}: {}", String::from_utf8_lossy(&bytes));
                }
                Ok(answered) => return Ok(answered),
                Err(error) => {
                    if !error.is_connect() {
                        *held(&ledger.cut).entry(what).or_default() += 1;
                    }
                    last = error.to_string();
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("{what}: never answered, last: {last}")
    }

    /// The same for JSON.
    async fn json(
        &self,
        ledger: &Ledger,
        what: &'static str,
        (method, path): (Method, String),
        body: &Value,
    ) -> Result<(u16, Value)> {
        let (status, bytes) = self
            .ask(ledger, what, &path, |http, address| {
                let request = http.request(method.clone(), address);
                if body.is_null() {
                    request
                } else {
                    request.json(body)
                }
            })
            .await?;
        let value = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes)?
        };
        Ok((status, value))
    }

    async fn get(&self, ledger: &Ledger, what: &'static str, path: String) -> Result<Value> {
        let (status, value) = self
            .json(ledger, what, (Method::GET, path), &Value::Null)
            .await?;
        ensure!(status == 200, "{what}: {status}: {value}");
        Ok(value)
    }

    /// The procedure that everybody asks for.
    pub async fn procedure(&self, ledger: &Ledger) -> Result<Procedure> {
        let path = format!("/api/procedures/{PROCEDURE}");
        Ok(serde_json::from_value(
            self.get(ledger, "read", path).await?,
        )?)
    }

    /// Hands dossiers in until it is over; what was begun is brought to its end.
    pub async fn work(
        &self,
        ledger: &Ledger,
        procedure: &Procedure,
        over: &AtomicBool,
    ) -> Result<()> {
        while !over.load(Ordering::Relaxed) {
            let written = self.hand_in(ledger, procedure).await?;
            let at = {
                let mut all = held(&ledger.written);
                all.push(written.clone());
                all.len() - 1
            };
            let message = Uuid::new_v4();
            self.write(ledger, &written, message).await?;
            if let Some(noted) = held(&ledger.written).get_mut(at) {
                noted.message = Some(message);
            }
        }
        Ok(())
    }

    async fn hand_in(&self, ledger: &Ledger, procedure: &Procedure) -> Result<Written> {
        let dossier = Uuid::new_v4();
        let files = [
            (Uuid::new_v4(), padded(0)),
            (Uuid::new_v4(), padded(IN_PIECES)),
        ];
        let attachments: Vec<Value> = procedure
            .components
            .iter()
            .zip(&files)
            .map(|(component, (id, bytes))| {
                json!({
                    "id": id, "component": component.code, "copy_kind": "original", "count": 1, "file_name": "giay.pdf",
                    "size": bytes.len(), "sha256": digest(bytes),
                    "signings": [],
                })
            })
            .collect();
        let manifest = json!({
            "procedure": PROCEDURE, "form": form(procedure, NUMBER), "attachments": attachments, "payment": "none", "declared": true,
        });
        let own = format!("/api/dossiers/{dossier}");
        let (status, answer) = self
            .json(ledger, "announce", (Method::PUT, own.clone()), &manifest)
            .await?;
        ensure!(status == 200, "announce: {status}: {answer}");

        let [(first, small), (second, large)] = &files;
        let at = format!("{own}/attachments/{first}");
        let (status, answer) = self
            .ask(ledger, "file", &at, |http, address| {
                http.put(address).body(small.clone())
            })
            .await?;
        ensure!(
            status < 300,
            "file: {status}: {}",
            String::from_utf8_lossy(&answer)
        );
        self.send_in_pieces(ledger, large).await?;
        let at = format!("{own}/attachments/{second}");
        let (status, answer) = self
            .json(ledger, "attach", (Method::POST, at), &Value::Null)
            .await?;
        ensure!(status < 300, "attach: {status}: {answer}");

        let at = format!("{own}/submission");
        let (status, receipt) = self
            .json(ledger, "submit", (Method::POST, at), &Value::Null)
            .await?;
        ensure!(status == 200, "submit: {status}: {receipt}");
        Ok(Written {
            dossier,
            code: receipt["code"].as_str().context("no code")?.to_owned(),
            files: files.map(|(id, bytes)| (id, digest(&bytes))),
            message: None,
        })
    }

    /// A file in pieces, each from where the portal says that it is.
    async fn send_in_pieces(&self, ledger: &Ledger, file: &[u8]) -> Result<()> {
        let path = format!("/api/uploads/{}", digest(file));
        for _ in 0..TRIES {
            let asked = (Method::PUT, path.clone());
            let body = json!({ "size": file.len() });
            let (status, state) = self.json(ledger, "begin", asked, &body).await?;
            ensure!(status == 200, "begin: {status}: {state}");
            if state["whole"] == true {
                return Ok(());
            }
            let mut at = usize::try_from(state["received"].as_u64().context("no offset")?)?;
            loop {
                let end = file.len().min(at + PIECE);
                let piece = file.get(at..end).context("an offset beyond the end")?;
                let (status, answer) = self
                    .ask(ledger, "piece", &path, |http, address| {
                        http.patch(address)
                            .header("upload-offset", at)
                            .body(piece.to_vec())
                    })
                    .await?;
                // It had arrived, and the answer was lost: asked again where it stands.
                if status != 200 {
                    ensure!(
                        [404, 409].contains(&status),
                        "piece: {status}: {}",
                        String::from_utf8_lossy(&answer)
                    );
                    break;
                }
                let state: Value = serde_json::from_slice(&answer)?;
                if state["whole"] == true {
                    return Ok(());
                }
                at = usize::try_from(state["received"].as_u64().context("no offset")?)?;
            }
        }
        bail!("a file never arrives")
    }

    async fn write(&self, ledger: &Ledger, written: &Written, id: Uuid) -> Result<()> {
        let at = format!("/api/dossiers/{}/messages", written.dossier);
        let body = json!({ "id": id, "body": "Xin hỏi bao giờ có kết quả?" });
        let (status, answer) = self
            .json(ledger, "message", (Method::POST, at), &body)
            .await?;
        ensure!(
            status == 200 || status == 409,
            "message: {status}: {answer}"
        );
        Ok(())
    }

    /// Looks at the newest dossiers again and again: what is shown as handed in is whole.
    pub async fn watch(&self, ledger: &Ledger, over: &AtomicBool) -> Result<()> {
        while !over.load(Ordering::Relaxed) {
            let list = self.get(ledger, "read", "/api/dossiers".to_owned()).await?;
            for line in list.as_array().context("no list")?.iter().take(3) {
                let id = line["id"].as_str().context("no id")?;
                self.is_whole(ledger, id).await?;
                ledger.looks.fetch_add(1, Ordering::Relaxed);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// A dossier as it is shown, with the bytes of both files.
    async fn is_whole(&self, ledger: &Ledger, id: &str) -> Result<(String, Vec<(Uuid, Sha256)>)> {
        let seen = self
            .get(ledger, "read", format!("/api/dossiers/{id}"))
            .await?;
        let code = seen["code"].as_str().context("no code")?.to_owned();
        ensure!(
            seen["events"]
                .as_array()
                .is_some_and(|events| !events.is_empty()),
            "{code}: nothing happened to it"
        );
        let attachments = seen["attachments"].as_array().context("no attachments")?;
        ensure!(
            attachments.len() == 2,
            "{code}: {} files",
            attachments.len()
        );
        let mut files = Vec::new();
        for attachment in attachments {
            let file: Uuid = serde_json::from_value(attachment["id"].clone())?;
            let wanted: Sha256 = serde_json::from_value(attachment["sha256"].clone())?;
            let at = format!("/api/dossiers/{id}/attachments/{file}");
            let (status, bytes) = self
                .ask(ledger, "read", &at, |http, address| http.get(address))
                .await?;
            ensure!(
                status == 200 && digest(&bytes) == wanted,
                "{code}: {file}: {status}, {} bytes",
                bytes.len()
            );
            files.push((file, wanted));
        }
        Ok((code, files))
    }

    /// Lays what was told beside what is there.
    ///
    /// # Errors
    /// The first thing that is lost, doubled or not whole.
    pub async fn agree(&self, ledger: &Ledger) -> Result<()> {
        let all = ledger.all();
        let list = self.get(ledger, "read", "/api/dossiers".to_owned()).await?;
        let lines = list.as_array().context("no list")?;
        ensure!(
            lines.len() < LISTED,
            "a list shows the newest {LISTED}: more people are needed to tell what is there"
        );
        let there: BTreeSet<&str> = lines
            .iter()
            .filter_map(|line| line["code"].as_str())
            .collect();
        let told: BTreeSet<&str> = all.iter().map(|one| one.code.as_str()).collect();
        ensure!(told.len() == all.len(), "a code was given twice");
        ensure!(
            there.len() == lines.len(),
            "a code stands twice in the list"
        );
        let lost: Vec<_> = told.difference(&there).collect();
        let more: Vec<_> = there.difference(&told).collect();
        ensure!(lost.is_empty(), "lost: {lost:?}");
        ensure!(more.is_empty(), "there without having been told: {more:?}");
        for one in &all {
            let (code, mut files) = self.is_whole(ledger, &one.dossier.to_string()).await?;
            ensure!(code == one.code, "{} became {code}", one.code);
            files.sort();
            let mut wanted = one.files.to_vec();
            wanted.sort();
            ensure!(files == wanted, "{code}: other files");
            let Some(message) = one.message else { continue };
            let at = format!("/api/dossiers/{}/messages", one.dossier);
            let thread = self.get(ledger, "read", at).await?;
            let times = thread["messages"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|known| known["id"] == json!(message))
                .count();
            ensure!(times == 1, "{code}: the message is there {times} times");
        }
        Ok(())
    }
}

/// Makes a folder with [`PROCEDURE`] as it is, but that nothing has to be signed: it is about handing in.
///
/// # Errors
/// When it cannot be written.
pub fn procedures(inside: &Path) -> Result<PathBuf> {
    let folder = inside.join("procedures");
    std::fs::create_dir_all(&folder)?;
    let text = include_str!("../../../data/procedures/1.001193.toml");
    let plain = text.replace("signature_required = true", "signature_required = false");
    std::fs::write(folder.join("1.001193.toml"), plain)?;
    Ok(folder)
}

/// A PDF that nobody else has, of about this size.
fn padded(bytes: usize) -> Vec<u8> {
    let mut file = pdf();
    file.extend(format!("\n%{}", Uuid::new_v4()).bytes());
    file.extend(std::iter::repeat_n(b' ', bytes.saturating_sub(file.len())));
    file
}
