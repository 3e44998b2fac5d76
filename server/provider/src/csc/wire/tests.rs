use super::*;
use crate::Item;

fn reply(status: u16, body: Value) -> Reply {
    Reply { status, body }
}

/// As the specification's example has it, with invented values.
fn described() -> Value {
    json!({"description":"invented","key":{"status":"enabled","algo":["1.2.840.113549.1.1.11","1.2.840.113549.1.1.1"],"len":2048},
        "cert":{"status":"valid","certificates":["MAYwBAICGrw=","BAU="],"issuerDN":"CN=CA","serialNumber":"1ABC","subjectDN":"CN=A",
            "validFrom":"20260101000000Z","validTo":"20280101000000Z"},
        "authMode":"implicit","SCAL":"2","multisign":5})
}

fn request() -> Request {
    Request {
        transaction: uuid::Uuid::nil(),
        account: "062099000011".parse().expect("valid"),
        serial: "1abc".parse().expect("valid"),
        description: "Ma doi chieu 4821 - 2 tep".into(),
        time_stamp: "20261125000000Z".into(),
        items: ["a", "b"]
            .into_iter()
            .map(|name| Item {
                doc_id: name.into(),
                digest: Sha256([7; 32]),
            })
            .collect(),
    }
}

const HASH: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

#[test]
fn a_credential_is_read() {
    let found = credential("c-1", &described()).expect("read");
    assert_eq!(found.certificate.serial.as_str(), "1ABC");
    assert_eq!(found.certificate.chain, [vec![4, 5]]);
    assert_eq!(
        (found.algorithm, found.items_max),
        ("1.2.840.113549.1.1.1", 5)
    );
    assert!(found.certificate.active && found.mode == Mode::Implicit);
}

#[test]
fn keys_released_by_typed_secrets_or_a_redirect_are_other_modes() {
    for (path, mode) in [("/authMode", "explicit"), ("/authMode", "oauth2code")] {
        let mut answer = described();
        *answer.pointer_mut(path).expect("there") = mode.into();
        assert_eq!(credential("c", &answer).expect("read").mode, Mode::Other);
    }
    let mut second = described();
    second.as_object_mut().expect("object").remove("authMode");
    second["auth"] = json!({"mode":"explicit","expression":"PIN","objects":[]});
    assert_eq!(credential("c", &second).expect("read").mode, Mode::Other);
    second["auth"] = json!({"mode":"implicit"});
    assert_eq!(credential("c", &second).expect("read").mode, Mode::Implicit);
}

#[test]
fn a_key_that_signs_in_no_way_we_know_is_left_out() {
    let mut answer = described();
    answer["key"]["algo"] = json!(["1.2.840.113549.1.1.10"]);
    assert_eq!(credential("c", &answer), None);
    answer["key"]["algo"] = json!(["1.2.840.10045.4.3.3", "1.2.840.10045.4.3.2"]);
    assert_eq!(
        credential("c", &answer).expect("read").algorithm,
        "1.2.840.10045.4.3.2"
    );
}

#[test]
fn identifiers_come_plain_and_in_the_second_edition_described() {
    let answer = json!({"credentialIDs":["a","b"],"credentialInfos":[{"credentialID":"b"},{"credentialID":"c"}],"nextPageToken":"p"});
    assert_eq!(credential_ids(&answer), ["a", "b", "c"]);
    assert_eq!(next_page(&answer).as_deref(), Some("p"));
    assert_eq!(next_page(&json!({"nextPageToken":""})), None);
}

#[test]
fn both_editions_are_written_as_specified() {
    let credential = credential("c-1", &described()).expect("read");
    let sad = Sad("sad".into());
    assert_eq!(
        authorize(CscVersion::V1, &credential, &request()),
        json!({"credentialID":"c-1","numSignatures":2,"description":"Ma doi chieu 4821 - 2 tep","hash":[HASH,HASH]})
    );
    assert_eq!(
        authorize(CscVersion::V2, &credential, &request()),
        json!({"credentialID":"c-1","numSignatures":2,"description":"Ma doi chieu 4821 - 2 tep","hashes":[HASH,HASH],
            "hashAlgorithmOID":"2.16.840.1.101.3.4.2.1"})
    );
    assert_eq!(
        sign(CscVersion::V1, &credential, &request(), &sad),
        json!({"credentialID":"c-1","SAD":"sad","hash":[HASH,HASH],"hashAlgo":"2.16.840.1.101.3.4.2.1","signAlgo":"1.2.840.113549.1.1.1"})
    );
    assert_eq!(
        sign(CscVersion::V2, &credential, &request(), &sad),
        json!({"credentialID":"c-1","SAD":"sad","hashes":[HASH,HASH],"hashAlgorithmOID":"2.16.840.1.101.3.4.2.1",
            "signAlgo":"1.2.840.113549.1.1.1","operationMode":"S"})
    );
    assert!(!format!("{sad:?}").contains("sad"));
}

#[test]
fn authorisation_ends_with_a_permission_or_with_a_reason() {
    assert_eq!(
        permission(&reply(200, json!({"SAD":"s","expiresIn":3600}))),
        Ok(Permission::Given(Sad("s".into())))
    );
    for (error, description, expected) in [
        (
            "access_denied",
            "The user refused on the phone",
            Status::Rejected,
        ),
        (
            "access_denied",
            "The user did not answer in time: expired",
            Status::Expired,
        ),
        (
            "invalid_request",
            "The authorization request timed out",
            Status::Expired,
        ),
        ("invalid_pin", "PIN locked", Status::PinLocked),
        ("invalid_request", "OTP locked", Status::PinLocked),
        ("invalid_otp", "The OTP is invalid", Status::Failed),
    ] {
        let answer = reply(400, json!({"error":error,"error_description":description}));
        assert_eq!(
            permission(&answer),
            Ok(Permission::Ended(expected)),
            "{description}"
        );
    }
    for (status, body, expected) in [
        (
            400,
            json!({"error":"invalid_request","error_description":"Numbers of signatures is too high"}),
            ProviderError::Refused(400),
        ),
        (
            400,
            json!({"error":"invalid_request","error_description":"The credential identified by credentialID is disabled"}),
            ProviderError::CertificateUnusable,
        ),
        (
            400,
            json!({"error":"invalid_request","error_description":"Invalid parameter credentialID"}),
            ProviderError::NoCertificate,
        ),
        (
            401,
            json!({"error":"invalid_token","error_description":"The access token is expired"}),
            ProviderError::Credentials,
        ),
        (
            400,
            json!({"error":"unauthorized_client"}),
            ProviderError::Credentials,
        ),
        (
            200,
            json!({"error":"temporarily_unavailable"}),
            ProviderError::Down(503),
        ),
        (
            200,
            json!({}),
            ProviderError::Malformed("authorize gives no SAD"),
        ),
    ] {
        assert_eq!(
            permission(&reply(status, body.clone())),
            Err(expected),
            "{body}"
        );
    }
}

#[test]
fn refusals_of_the_token_are_told_from_others() {
    assert!(is_about_token(&reply(401, Value::Null)));
    assert!(is_about_token(&reply(
        400,
        json!({"error":"expired_token"})
    )));
    assert!(!is_about_token(&reply(
        401,
        json!({"error":"access_denied"})
    )));
    assert!(!is_about_token(&reply(200, json!({}))));
}

#[test]
fn values_come_in_the_order_of_the_request() {
    let found = signatures(&json!({"signatures":["AQID","BA\r\nUG"]}), &request());
    assert_eq!(found[0].doc_id, "a");
    assert_eq!(
        (found[1].doc_id.as_str(), found[1].value.as_slice()),
        ("b", &[4, 5, 6][..])
    );
    assert!(signatures(&json!({"signatures":null}), &request()).is_empty());
}

proptest::proptest! {
    #[test]
    fn any_json_is_read_without_panic(text in "\\PC{0,200}", http in 200_u16..500) {
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let _ = credential("c", &body);
        let _ = credential_ids(&body);
        let _ = signatures(&body, &request());
        let _ = timestamp_token(&body);
        let reply = reply(http, body);
        let _ = permission(&reply);
        let _ = accepted(&reply);
        let _ = is_about_token(&reply);
    }
}
