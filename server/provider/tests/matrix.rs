//! One row for each entry of the guidance and each edition of the CSC API: the client of the entry against the sandbox, which
//! speaks that entry's protocol with its quirks, over real HTTP. The entries are those of `entries.toml`, filled in as an operator
//! would.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]

use contract::value::{CitizenId, Sha256};
use provider::{
    Client, Handles, Item, Protocol, ProviderCertificate, ProviderEntry, ProviderError,
    RemoteSigner, Request, Started, Status, Withdrawal,
};
use sandbox::{Running, Settings};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// RSA, with a certificate everywhere.
const MAU: &str = "062099000011";
/// P-256.
const THU: &str = "062199000022";
const NOBODY: &str = "099999999999";
/// Certificates that ran out, were revoked, are suspended and are good, in this order.
const EVERY_KIND: &str = "062099000099";

const CSC: &str = "
[[provider]]
code = 'csc-v1'
name = 'CSC 1.0.4'
app_name = 'CSC'
protocol = 'csc-v1'
[[provider]]
code = 'csc-v2'
name = 'CSC 2'
app_name = 'CSC'
protocol = 'csc-v2'
";

/// The rows: the seven and both editions.
fn rows() -> Vec<ProviderEntry> {
    let mut rows = provider::default_entries().expect("embedded");
    rows.extend(provider::read_entries(CSC).expect("valid"));
    rows
}

/// Fills an entry in.
fn filled(mut entry: ProviderEntry, sandbox: &Running, secret: &str) -> ProviderEntry {
    let code = entry.code.as_str();
    entry.base_url = Some(format!("http://{}/{code}", sandbox.address));
    entry.credentials = provider::Credentials {
        id: "portal-demo".into(),
        secret: Some(secret.to_owned().into()),
    };
    entry
}

struct Row {
    entry: ProviderEntry,
    signer: Arc<dyn RemoteSigner>,
    address: String,
    http: reqwest::Client,
}

async fn sandbox(data: &Path, lifetime_seconds: u64) -> Running {
    let _ = rustls::crypto::ring::default_provider().install_default();
    sandbox::start(Settings {
        listen: "127.0.0.1:0".parse().expect("address"),
        data: data.to_owned(),
        lifetime_seconds,
        i_know_this_signs_with_test_keys: false,
    })
    .await
    .expect("starts")
}

fn row(entry: ProviderEntry, sandbox: &Running, client: &Client) -> Row {
    let entry = filled(entry, sandbox, "sandbox-only");
    Row {
        signer: provider::signer(&entry, client).expect("available"),
        entry,
        address: sandbox.address.to_string(),
        http: reqwest::Client::new(),
    }
}

/// What a request led to: with a start that waits, its end is told by the start, else by the status.
#[derive(Debug)]
struct Begun {
    request: Request,
    handles: Handles,
    certificate: ProviderCertificate,
    start: tokio::task::JoinHandle<Result<Started, ProviderError>>,
}

impl Row {
    fn code(&self) -> &str {
        self.entry.code.as_str()
    }

    async fn certificate(&self, account: &str) -> ProviderCertificate {
        let account: CitizenId = account.parse().expect("valid");
        self.signer
            .certificates(&account)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", self.code()))
            .remove(0)
    }

    fn request(&self, account: &str, certificate: &ProviderCertificate, items: u8) -> Request {
        Request {
            transaction: Uuid::new_v4(),
            account: account.parse().expect("valid"),
            serial: certificate.serial.clone(),
            description: format!("Ma doi chieu 4821 - {items} tep"),
            time_stamp: "20261125000000Z".into(),
            items: (0..items)
                .map(|number| Item {
                    doc_id: format!("{}. Tờ khai số {number}.pdf", number + 1),
                    digest: Sha256([number + 1; 32]),
                })
                .collect(),
        }
    }

    /// Sends a request and waits until the phone shows it.
    async fn begin(&self, account: &str, items: u8) -> Begun {
        let certificate = self.certificate(account).await;
        let request = self.request(account, &certificate, items);
        let (signer, sent) = (Arc::clone(&self.signer), request.clone());
        let start = tokio::spawn(async move { signer.start(&sent).await });
        let mut begun = Begun {
            handles: Handles {
                transaction: request.transaction,
                account: request.account.clone(),
                serial: request.serial.clone(),
                provider_code: None,
                doc_ids: request
                    .items
                    .iter()
                    .map(|item| item.doc_id.clone())
                    .collect(),
            },
            request,
            certificate,
            start,
        };
        if !self.signer.abilities().start_waits {
            let started = (&mut begun.start).await.expect("ended").expect("taken");
            assert_eq!(
                (&started.signed, &started.ended),
                (&None, &None),
                "{}",
                self.code()
            );
            begun.handles.provider_code = started.provider_code;
            begun.start = tokio::spawn(async { Ok(Started::default()) });
        }
        begun
    }

    /// The one request of an account that waits on the phone.
    async fn waiting(&self, account: &str) -> Option<String> {
        let address = format!("http://{}/admin/requests", self.address);
        let list: Value = self
            .http
            .get(address)
            .send()
            .await
            .ok()?
            .json()
            .await
            .ok()?;
        let list = list
            .as_array()
            .or_else(|| list.get("requests")?.as_array())?
            .clone();
        list.iter()
            .find(|request| {
                request["provider"] == self.code()
                    && request["account"] == account
                    && request["state"] == "waiting"
            })
            .and_then(|request| request["code"].as_str())
            .map(str::to_owned)
    }

    /// Presses on the phone, as its page does.
    async fn press(&self, account: &str, decision: &str) {
        let mut code = None;
        for _ in 0..500 {
            code = self.waiting(account).await;
            if code.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let code = code.unwrap_or_else(|| panic!("{}: nothing waits", self.code()));
        let form = format!("account={account}&code={code}&pin=123456&decision={decision}");
        let answer = self
            .http
            .post(format!(
                "http://{}/phone/{}/decision",
                self.address,
                self.code()
            ))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .expect("an answer");
        assert!(answer.status().is_success(), "{}", self.code());
    }

    /// How it ended, once it ended.
    async fn end(&self, begun: Begun) -> Status {
        let started = begun.start.await.expect("ended").unwrap_or_else(|error| {
            panic!("{}: {error}", self.code());
        });
        if let Some(values) = started.signed {
            return Status::Signed(values);
        }
        if let Some(status) = started.ended {
            return status;
        }
        for _ in 0..500 {
            match self.signer.status(&begun.handles).await {
                Ok(Status::Pending) => tokio::time::sleep(Duration::from_millis(10)).await,
                Ok(status) => return status,
                Err(error) => panic!("{}: {error}", self.code()),
            }
        }
        panic!("{}: it never ended", self.code());
    }

    async fn sign(&self, account: &str, items: u8) {
        let begun = self.begin(account, items).await;
        if self.signer.abilities().asks_status {
            assert_eq!(
                self.signer.status(&begun.handles).await,
                Ok(Status::Pending),
                "{}",
                self.code()
            );
        }
        self.press(account, "confirm").await;
        let (request, certificate) = (begun.request.clone(), begun.certificate.clone());
        let Status::Signed(values) = self.end(begun).await else {
            panic!("{}: not signed", self.code());
        };
        assert_eq!(values.len(), request.items.len(), "{}", self.code());
        for item in &request.items {
            let value = values
                .iter()
                .find(|value| value.doc_id == item.doc_id)
                .unwrap_or_else(|| panic!("{}: no value for {}", self.code(), item.doc_id));
            signature::verify_value(&certificate.der, &item.digest, &value.value)
                .unwrap_or_else(|error| panic!("{}: {error}", self.code()));
        }
    }
}

async fn change(sandbox: &Running, settings: Value) {
    let answer = reqwest::Client::new()
        .post(format!("http://{}/admin/settings", sandbox.address))
        .json(&settings)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 204);
}

#[tokio::test]
async fn every_entry_signs_refuses_expires_and_tells_errors_apart() {
    let data = tempfile::tempdir().expect("folder");
    let sandbox = sandbox(data.path(), 60).await;
    let client = provider::http_client().expect("client");
    let rows: Vec<Row> = rows()
        .into_iter()
        .map(|entry| row(entry, &sandbox, &client))
        .collect();
    assert_eq!(rows.len(), 9);
    for row in &rows {
        // One file by RSA and five by P-256, each with one confirmation.
        row.sign(MAU, 1).await;
        row.sign(THU, 5).await;

        // Refused on the phone.
        let begun = row.begin(THU, 2).await;
        row.press(THU, "reject").await;
        assert_eq!(row.end(begun).await, Status::Rejected, "{}", row.code());

        // None of the protocols takes a request back.
        let begun = row.begin(THU, 1).await;
        let withdrawn = row.signer.cancel(&begun.handles).await;
        assert_eq!(withdrawn, Ok(Withdrawal::NotOffered), "{}", row.code());
        row.press(THU, "reject").await;
        assert_eq!(row.end(begun).await, Status::Rejected, "{}", row.code());

        // An account that nobody has.
        let nobody: CitizenId = NOBODY.parse().expect("valid");
        let unknown = row.signer.certificates(&nobody).await;
        assert_eq!(unknown, Err(ProviderError::NoCertificate), "{}", row.code());

        // Wrong credentials of ours.
        let wrong = filled(row.entry.clone(), &sandbox, "guessed");
        let wrong = provider::signer(&wrong, &client).expect("available");
        let refused = wrong.certificates(&THU.parse().expect("valid")).await;
        assert_eq!(refused, Err(ProviderError::Credentials), "{}", row.code());

        // Each certificate with what the provider says of it.
        let every_kind: CitizenId = EVERY_KIND.parse().expect("valid");
        let found = row
            .signer
            .certificates(&every_kind)
            .await
            .expect("certificates");
        assert_eq!(found.len(), 5, "{}", row.code());
        // The annex knows no status: there the certificate's own dates and the revocation lists have to tell.
        if row.code() != "newtel-ca" {
            let active: Vec<bool> = found.iter().map(|one| one.active).collect();
            assert_eq!(
                active.iter().filter(|active| **active).count(),
                2,
                "{}",
                row.code()
            );
        }
        for one in &found {
            assert!(one.chain.len() == 2, "{}", row.code());
        }

        // Down: told as such, and nothing is believed to have been sent.
        change(&sandbox, json!({ "fault": "down" })).await;
        let down = row.signer.certificates(&every_kind).await;
        assert!(
            matches!(
                down,
                Err(ProviderError::Down(_) | ProviderError::Unreachable)
            ),
            "{}: {down:?}",
            row.code()
        );
        change(&sandbox, json!({ "fault": "none" })).await;
    }
    // Nobody decides: with the shortest life a request is over at once.
    change(&sandbox, json!({ "lifetime_seconds": 0 })).await;
    for row in &rows {
        let begun = row.begin(THU, 1).await;
        assert_eq!(row.end(begun).await, Status::Expired, "{}", row.code());
    }
}

#[tokio::test]
async fn a_gateway_that_answers_only_after_the_decision_is_one_entry_key_away() {
    let data = tempfile::tempdir().expect("folder");
    let sandbox = sandbox(data.path(), 60).await;
    change(&sandbox, json!({ "synchronous": { "misa-ca": true } })).await;
    let mut entry = rows().remove(2);
    let Protocol::Neac769(settings) = &mut entry.protocol else {
        panic!("the gateway speaks Decision 769");
    };
    settings.start_waits = true;
    settings.paths.status = None;
    entry.timeouts.start = Duration::from_secs(60);
    let row = row(entry, &sandbox, &provider::http_client().expect("client"));
    row.sign(THU, 2).await;
    let begun = row.begin(THU, 1).await;
    row.press(THU, "reject").await;
    assert_eq!(row.end(begun).await, Status::Rejected);
}

#[tokio::test]
async fn a_csc_service_tells_its_name_and_stamps_time() {
    let data = tempfile::tempdir().expect("folder");
    let sandbox = sandbox(data.path(), 60).await;
    let client = provider::http_client().expect("client");
    for entry in rows().into_iter().skip(7) {
        let entry = filled(entry, &sandbox, "sandbox-only");
        let csc = provider::Csc::new(&entry, &client).expect("a client");
        let info = csc.info().await.expect("info");
        assert!(
            info["methods"]
                .as_array()
                .is_some_and(|methods| !methods.is_empty())
        );
        let token = csc
            .timestamp(&Sha256([5; 32]), Some("4821"))
            .await
            .expect("a token");
        assert_eq!(token.first(), Some(&0x30), "DER");
    }
}

/// What an operator may have to set, each against the same sandbox.
#[tokio::test]
async fn other_encodings_nestings_and_account_forms_are_settings() {
    let data = tempfile::tempdir().expect("folder");
    let sandbox = sandbox(data.path(), 60).await;
    let client = provider::http_client().expect("client");
    let gateway = "paths={certificates='/sign_v2/get_certificate',sign='/sign_v2/sign',status='/sign_v2/sign/{transaction}/status'}";
    for more in [
        format!("code='fpt-ca'\nca_name='FPT-CA'\nhash_encoding='base64'\n{gateway}"),
        format!("code='newtel-ca'\nca_name='Newtel-CA'\nitem_form='file-options'\n{gateway}"),
        "code='vnpt-ca'\nserial_case='upper'\nitem_form='file-options'\nwebhook_url='http://127.0.0.1:9/hook'".into(),
        "code='viettel-ca'\nprotocol='mysign'\naccount_form='CMT_{account}'".into(),
    ] {
        let text = format!("[[provider]]\nname='X'\napp_name='X'\n{more}\n");
        let entry = provider::read_entries(&text).expect("valid").remove(0);
        row(entry, &sandbox, &client).sign(THU, 2).await;
    }
}
