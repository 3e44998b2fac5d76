use super::*;
use crate::Item;
use contract::value::Sha256;

fn reply(status: u16, body: Value) -> Reply {
    Reply { status, body }
}

fn ids() -> Vec<String> {
    vec!["1. Tờ khai.pdf".into(), "2. Đơn.pdf".into()]
}

/// As the integration document has it, with invented values.
fn listed() -> Value {
    json!([{"description":"MySign","key":{"status":"enabled","algo":["1.2.840.113549.1.1.1"],"len":"2048"},
        "cert":{"status":"valid","certificates":["MAYwBAICGrw=","BAU=","Bg=="],"issuerDN":"CN=CA","serialNumber":"1abc",
            "subjectDN":"UID=CMND:000000000000,CN=A","validFrom":"20221017043150+0000","validTo":"20271017043150+0000"},
        "authMode":"implicit","multisign":"2147483647","credential_id":"VT-1","scal":"2"}])
}

fn request(names: &[&str]) -> Request {
    Request {
        transaction: uuid::Uuid::nil(),
        account: "062099000011".parse().expect("valid"),
        serial: "1abc".parse().expect("valid"),
        description: "Mã đối chiếu 4821 - 2 tệp".into(),
        time_stamp: "20261125000000Z".into(),
        items: names
            .iter()
            .map(|name| Item {
                doc_id: (*name).to_owned(),
                digest: Sha256([7; 32]),
            })
            .collect(),
    }
}

#[test]
fn credentials_are_read_with_numbers_as_text() {
    let found = credentials(&listed()).expect("read");
    assert_eq!(found.len(), 1);
    let credential = &found[0];
    assert_eq!(credential.id, "VT-1");
    assert_eq!(credential.certificate.serial.as_str(), "1ABC");
    assert_eq!(credential.certificate.chain.len(), 2);
    assert!(credential.certificate.active && credential.is_confirmed_on_the_phone);
    assert_eq!(credential.items_max, 2_147_483_647);
    assert_eq!(credentials(&listed()[0]), Ok(found.clone()));
    assert_eq!(credentials(&json!({ "data": listed() })), Ok(found));
    assert_eq!(credentials(&json!([])), Err(ProviderError::NoCertificate));
}

#[test]
fn a_key_that_is_disabled_a_certificate_that_is_revoked_and_another_mode_are_seen() {
    let with = |path: &str, value: &str| {
        let mut answer = listed();
        *answer.pointer_mut(path).expect("there") = value.into();
        credentials(&answer).expect("read").remove(0)
    };
    assert!(!with("/0/key/status", "disabled").certificate.active);
    assert!(!with("/0/cert/status", "revoked").certificate.active);
    assert!(!with("/0/authMode", "explicit").is_confirmed_on_the_phone);
}

#[test]
fn a_request_is_written_as_the_document_has_it() {
    let credential = credentials(&listed()).expect("read").remove(0);
    let written = sign(
        "portal",
        "secret",
        &credential,
        &request(&["1. Tờ khai.pdf", "2. Đơn.pdf"]),
        false,
    );
    let hash = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    assert_eq!(
        written,
        json!({
            "client_id": "portal", "client_secret": "secret", "credentialID": "VT-1", "numSignatures": 2,
            "description": STANDARD.encode("Ma doi chieu 4821 - 2 tep"),
            "documents": [
                {"document_id": "1", "document_name": STANDARD.encode("1 To khai pdf")},
                {"document_id": "2", "document_name": STANDARD.encode("2 Don pdf")}],
            "hash": [hash, hash],
            "hashAlgo": "2.16.840.1.101.3.4.2.1", "signAlgo": "1.2.840.113549.1.1.1", "async": 1,
        })
    );
}

#[test]
fn in_webhook_mode_the_documents_are_named_after_the_transaction() {
    let credential = credentials(&listed()).expect("read").remove(0);
    let request = request(&["1. Tờ khai.pdf", "2. Đơn.pdf"]);
    let written = sign("portal", "secret", &credential, &request, true);
    assert_eq!(written["async"], 3);
    let name = format!("{}-2", request.transaction);
    assert_eq!(written["documents"][1]["document_id"], name.as_str());
}

#[test]
fn texts_on_the_phone_stay_below_a_hundred_letters_of_base64() {
    let text = shown(&"Giấy khai sinh ".repeat(40));
    assert!(text.len() < 100, "{}", text.len());
}

#[test]
fn the_answer_to_a_request_is_a_number_or_the_values() {
    let number = started(&json!({"transactionId":"t-1"}), &ids()).expect("taken");
    assert_eq!(number.provider_code.as_deref(), Some("t-1"));
    let values = started(&json!({"signatures":["AQID","BAUG"]}), &ids()).expect("taken");
    assert_eq!(values.signed.expect("values")[1].doc_id, ids()[1]);
    assert!(started(&json!({}), &ids()).is_err());
}

#[test]
fn states_are_numbers_as_text_or_not() {
    for (state, expected) in [
        ("1", Ok(Status::Pending)),
        ("4000", Ok(Status::Pending)),
        ("6000", Ok(Status::Pending)),
        ("4001", Ok(Status::Expired)),
        ("4002", Ok(Status::Rejected)),
        ("4003", Ok(Status::PinLocked)),
        ("4004", Ok(Status::Failed)),
        ("4005", Err(ProviderError::QuotaUsedUp)),
        ("13004", Err(ProviderError::CertificateUnusable)),
        ("50000", Err(ProviderError::Down(500))),
    ] {
        let text = reply(200, json!({ "status": state }));
        assert_eq!(status(&text, &ids()), expected, "{state}");
        let number: i64 = state.parse().expect("a number");
        let number = reply(200, json!({ "status": number }));
        assert_eq!(status(&number, &ids()), expected, "{state}");
    }
    let done = reply(200, json!({"status":"1","signatures":["AQID",null]}));
    let Ok(Status::Signed(found)) = status(&done, &ids()) else {
        panic!("not signed");
    };
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].doc_id, ids()[0]);
}

#[test]
fn errors_are_read_by_their_number() {
    for (http, body, expected) in [
        (
            400,
            json!({"error":58007,"error_description":"client id unknown"}),
            ProviderError::Credentials,
        ),
        (
            401,
            json!({"error":"59033","error_description":"user or password invalid"}),
            ProviderError::Credentials,
        ),
        (400, json!({"error":"86024"}), ProviderError::Credentials),
        (
            200,
            json!({"error":"58008","error_description":"user unknown"}),
            ProviderError::NoCertificate,
        ),
        (
            400,
            json!({"error":"58008: user unknown"}),
            ProviderError::NoCertificate,
        ),
        (
            400,
            json!({"error":"13004"}),
            ProviderError::CertificateUnusable,
        ),
        (400, json!({"error":60110}), ProviderError::Refused(60110)),
        (
            401,
            json!({"error":"invalid_token"}),
            ProviderError::Credentials,
        ),
        (400, Value::Null, ProviderError::Refused(400)),
    ] {
        assert_eq!(
            accepted(&reply(http, body.clone())),
            Err(expected),
            "{body}"
        );
    }
    assert_eq!(accepted(&reply(200, json!({"error":null}))), Ok(()));
    assert!(is_about_token(&json!({"error":"invalid_token"})));
    assert!(!is_about_token(&json!({"error":"59033"})));
}

#[test]
fn a_transaction_that_is_not_known_is_unknown() {
    for (http, body) in [
        (404, Value::Null),
        (
            400,
            json!({"error":"invalid_request","error_description":"transactionId is unknown"}),
        ),
    ] {
        assert_eq!(status(&reply(http, body), &ids()), Ok(Status::Unknown));
    }
}

proptest::proptest! {
    #[test]
    fn any_json_is_read_without_panic(text in "\\PC{0,200}", http in 200_u16..500) {
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let _ = credentials(&body);
        let _ = started(&body, &ids());
        let reply = reply(http, body);
        let _ = accepted(&reply);
        let _ = status(&reply, &ids());
    }
}
