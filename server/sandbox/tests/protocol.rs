//! The provider client against the sandbox over real HTTP, and the phone page as a person uses it.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]

use contract::value::{CitizenId, Sha256};
use provider::{Handles, Item, ProviderEntry, ProviderError, RemoteSigner, Request, Status};
use sandbox::{Running, Settings};
use std::sync::Arc;
use uuid::Uuid;

struct Stage {
    sandbox: Running,
    signer: Arc<dyn RemoteSigner>,
    http: reqwest::Client,
}

/// All sandboxes here read the same keys, which are kept between runs; the first one makes them alone.
static KEYS: tokio::sync::OnceCell<()> = tokio::sync::OnceCell::const_new();

async fn started() -> Running {
    let data = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox-protocol-keys");
    sandbox::start(Settings {
        listen: "127.0.0.1:0".parse().expect("address"),
        data,
        lifetime_seconds: 60,
        i_know_this_signs_with_test_keys: false,
    })
    .await
    .expect("starts")
}

fn signer(sandbox: &Running) -> Arc<dyn RemoteSigner> {
    let entries = format!(
        "[[provider]]\ncode='vnpt-ca'\nname='VNPT-CA'\napp_name='VNPT SmartCA'\nbase_url='http://{}/vnpt-ca'\nsp_id='portal-demo'\nsp_password='sandbox-only'\nsandbox=true\n",
        sandbox.address
    );
    let entry: ProviderEntry = provider::read_entries(&entries).expect("valid").remove(0);
    provider::signer(&entry, &provider::http_client().expect("client")).expect("available")
}

async fn stage() -> Stage {
    let _ = rustls::crypto::ring::default_provider().install_default();
    KEYS.get_or_init(|| async {
        let sandbox = started().await;
        for account in [MAU, "062099000033"] {
            let account: CitizenId = account.parse().expect("valid");
            let made = signer(&sandbox).certificates(&account).await;
            made.expect("certificates");
        }
    })
    .await;
    let sandbox = started().await;
    Stage {
        signer: signer(&sandbox),
        sandbox,
        http: reqwest::Client::new(),
    }
}

impl Stage {
    async fn start(&self, account: &str, key: usize, items: usize) -> (Request, Handles, Vec<u8>) {
        let account: CitizenId = account.parse().expect("valid");
        let certificates = self
            .signer
            .certificates(&account)
            .await
            .expect("certificates");
        let request = Request {
            transaction: Uuid::new_v4(),
            account,
            serial: certificates[key].serial.clone(),
            description: "Ma doi chieu 4821 - 1 tep".into(),
            time_stamp: "20261123000000Z".into(),
            items: (0..items)
                .map(|number| Item {
                    doc_id: format!("tep-{number}"),
                    digest: Sha256([u8::try_from(number).expect("small"); 32]),
                })
                .collect(),
        };
        let started = self.signer.start(&request).await.expect("started");
        assert_eq!(started.expires_in, Some(60));
        let handles = Handles {
            account: "062099000011".parse().expect("valid"),
            serial: "01".parse().expect("valid"),
            transaction: request.transaction,
            provider_code: started.provider_code,
            doc_ids: request
                .items
                .iter()
                .map(|item| item.doc_id.clone())
                .collect(),
        };
        (request, handles, certificates[key].der.clone())
    }

    async fn decide(&self, handles: &Handles, account: &str, decision: &str, pin: &str) {
        let code = handles.provider_code.clone().expect("code");
        let form = format!("account={account}&code={code}&pin={pin}&decision={decision}");
        let answer = self
            .http
            .post(format!(
                "http://{}/phone/vnpt-ca/decision",
                self.sandbox.address
            ))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .expect("answer");
        assert!(answer.status().is_success());
    }

    async fn change(&self, settings: serde_json::Value) {
        let answer = self
            .http
            .post(format!("http://{}/admin/settings", self.sandbox.address))
            .json(&settings)
            .send()
            .await
            .expect("answer");
        assert_eq!(answer.status(), 204);
    }
}

const MAU: &str = "062099000011";

#[tokio::test]
async fn three_files_are_signed_with_one_pin_by_rsa_and_by_p256() {
    let stage = stage().await;
    for key in 0..2 {
        let (request, handles, certificate) = stage.start(MAU, key, 3).await;
        assert_eq!(stage.signer.status(&handles).await, Ok(Status::Pending));
        stage.decide(&handles, MAU, "confirm", "123456").await;
        let Ok(Status::Signed(values)) = stage.signer.status(&handles).await else {
            panic!("not signed");
        };
        assert_eq!(values.len(), 3);
        for (item, signed) in request.items.iter().zip(&values) {
            assert_eq!(item.doc_id, signed.doc_id);
            signature::verify_value(&certificate, &item.digest, &signed.value).expect("verifies");
        }
    }
}

#[tokio::test]
async fn a_refusal_on_the_phone_ends_the_request() {
    let stage = stage().await;
    let (_, handles, _) = stage.start(MAU, 0, 1).await;
    stage.decide(&handles, MAU, "reject", "").await;
    assert_eq!(stage.signer.status(&handles).await, Ok(Status::Rejected));
}

#[tokio::test]
async fn a_wrong_pin_keeps_the_request_and_the_fifth_locks_the_account() {
    let stage = stage().await;
    let (_, handles, _) = stage.start(MAU, 0, 1).await;
    for _ in 0..4 {
        stage.decide(&handles, MAU, "confirm", "000000").await;
        assert_eq!(stage.signer.status(&handles).await, Ok(Status::Pending));
    }
    stage.decide(&handles, MAU, "confirm", "000000").await;
    assert_eq!(stage.signer.status(&handles).await, Ok(Status::PinLocked));
}

#[tokio::test]
async fn a_request_expires() {
    let stage = stage().await;
    stage
        .change(serde_json::json!({ "lifetime_seconds": 0 }))
        .await;
    let account: CitizenId = MAU.parse().expect("valid");
    let certificates = stage
        .signer
        .certificates(&account)
        .await
        .expect("certificates");
    let request = Request {
        transaction: Uuid::new_v4(),
        account,
        serial: certificates[0].serial.clone(),
        description: String::new(),
        time_stamp: String::new(),
        items: vec![Item {
            doc_id: "d".into(),
            digest: Sha256([0; 32]),
        }],
    };
    let started = stage.signer.start(&request).await.expect("started");
    let handles = Handles {
        account: "062099000011".parse().expect("valid"),
        serial: "01".parse().expect("valid"),
        transaction: request.transaction,
        provider_code: started.provider_code,
        doc_ids: vec!["d".into()],
    };
    assert_eq!(stage.signer.status(&handles).await, Ok(Status::Expired));
}

#[tokio::test]
async fn the_same_transaction_number_is_taken_once() {
    let stage = stage().await;
    let (request, _, _) = stage.start(MAU, 0, 1).await;
    assert_eq!(
        stage.signer.start(&request).await,
        Err(ProviderError::Refused(400))
    );
}

#[tokio::test]
async fn unknown_accounts_expired_certificates_and_a_provider_that_is_down_are_told_apart() {
    let stage = stage().await;
    let nobody: CitizenId = "099999999999".parse().expect("valid");
    assert_eq!(
        stage.signer.certificates(&nobody).await,
        Err(ProviderError::NoCertificate)
    );
    let expired: CitizenId = "062099000033".parse().expect("valid");
    let certificates = stage.signer.certificates(&expired).await.expect("listed");
    assert!(!certificates[0].active);
    stage.change(serde_json::json!({ "fault": "down" })).await;
    assert_eq!(
        stage.signer.certificates(&nobody).await,
        Err(ProviderError::Down(503))
    );
}

#[tokio::test]
async fn a_transaction_that_never_arrived_is_unknown() {
    let stage = stage().await;
    let handles = Handles {
        account: "062099000011".parse().expect("valid"),
        serial: "01".parse().expect("valid"),
        transaction: Uuid::new_v4(),
        provider_code: None,
        doc_ids: vec![],
    };
    assert_eq!(stage.signer.status(&handles).await, Ok(Status::Unknown));
}

#[tokio::test]
async fn it_refuses_to_listen_where_others_reach_it() {
    let data = tempfile::tempdir().expect("folder");
    let started = sandbox::start(Settings {
        listen: "0.0.0.0:0".parse().expect("address"),
        data: data.path().to_owned(),
        lifetime_seconds: 60,
        i_know_this_signs_with_test_keys: false,
    })
    .await;
    assert!(started.is_err());
}
