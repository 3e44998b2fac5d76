use super::*;
use serde_json::json;

fn ids() -> Vec<String> {
    vec!["d1".into(), "d2".into()]
}

#[test]
fn certificates_come_in_two_shapes_with_line_breaks() {
    let vnpt = json!({"status_code":200,"data":{"user_certificates":[{"cert_data":"AQ\r\nID","serial_number":"540101","cert_status":"Đang hoạt động",
        "chain_data":{"ca_cert":"BAU=","root_cert":null}}]}});
    let annex = json!({"status_code":"200","data":[{"cert_data":"AQID","serial_number":"00540101","chain_data":["BAU=","Bg=="]}]});
    let first = certificates(&vnpt, &[]).expect("readable");
    let second = certificates(&annex, &[]).expect("readable");
    assert_eq!(first[0].der, second[0].der);
    assert_eq!(first[0].serial, second[0].serial);
    assert_eq!((first[0].chain.len(), second[0].chain.len()), (1, 2));
    assert!(first[0].active && second[0].active);
}

#[test]
fn a_suspended_certificate_is_not_active() {
    let answer =
        json!({"data":[{"cert_data":"AQID","serial_number":"1","cert_status":"Tạm dừng"}]});
    assert!(!certificates(&answer, &[]).expect("readable")[0].active);
    let answer =
        json!({"data":[{"cert_data":"AQID","serial_number":"1","cert_status":"INACTIVE"}]});
    assert!(!certificates(&answer, &[]).expect("readable")[0].active);
}

#[test]
fn no_certificates_is_said() {
    assert_eq!(
        certificates(&json!({"data":{"user_certificates":[]}}), &[]),
        Err(ProviderError::NoCertificate)
    );
    assert_eq!(
        certificates(&json!({}), &[]),
        Err(ProviderError::NoCertificate)
    );
}

#[test]
fn an_error_inside_200_is_an_error() {
    assert_eq!(
        accepted(
            200,
            &json!({"status_code":"401","message":"SP_CREDENTIAL_INVALID"})
        ),
        Err(ProviderError::Credentials)
    );
    assert_eq!(
        accepted(200, &json!({"code":403})),
        Err(ProviderError::CertificateUnusable)
    );
    assert_eq!(accepted(200, &json!({"status_code":200})), Ok(()));
    assert_eq!(
        accepted(400, &json!({"message":"Không tìm thấy chứng thư"})),
        Err(ProviderError::NoCertificate)
    );
}

#[test]
fn a_value_is_the_only_success() {
    let waiting =
        json!({"status_code":200,"message":"sig_wait_for_user_confirm","data":{"signatures":null}});
    assert_eq!(status(200, &waiting, &ids()), Ok(Status::Pending));
    for key in ["signatures", "signed_files", "sign_files"] {
        let done = json!({"status_code":200,"data":{key:[{"doc_id":"d1","signature_value":"AQID"},{"signature":"BAUG"}]}});
        let Ok(Status::Signed(found)) = status(200, &done, &ids()) else {
            panic!("{key}")
        };
        assert_eq!(
            found[1],
            SignedItem {
                doc_id: "d2".into(),
                value: vec![4, 5, 6]
            }
        );
    }
    let single = json!({"status_code":"200","data":{"signature_value":"AQID"}});
    assert!(matches!(
        status(200, &single, &ids()[..1]),
        Ok(Status::Signed(_))
    ));
}

#[test]
fn endings_are_read_in_words_and_numbers() {
    for (answer, expected) in [
        (
            json!({"status_code":200,"message":"REJECTED"}),
            Status::Rejected,
        ),
        (
            json!({"status_code":400,"message":"Người dùng từ chối"}),
            Status::Rejected,
        ),
        (
            json!({"status_code":200,"message":"EXPIRED"}),
            Status::Expired,
        ),
        (json!({"code":"4001"}), Status::Expired),
        (json!({"code":4002}), Status::Rejected),
        (
            json!({"status_code":"1001","message":"Đang xử lý"}),
            Status::Pending,
        ),
        (
            json!({"status_code":404,"message":"transaction not found"}),
            Status::Unknown,
        ),
        (
            json!({"status_code":403,"message":"PIN locked"}),
            Status::PinLocked,
        ),
    ] {
        assert_eq!(status(200, &answer, &ids()), Ok(expected), "{answer}");
    }
}

proptest::proptest! {
    #[test]
    fn any_json_is_read_without_panic(text in "\\PC{0,200}") {
        let answer = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let _ = status(200, &answer, &ids());
        let _ = certificates(&answer, &[]);
        let _ = accepted(200, &answer);
        let _ = started(&reply(200, answer), "ours", &ids(), true);
    }
}

fn reply(status: u16, body: Value) -> Reply {
    Reply { status, body }
}

#[test]
fn a_serial_that_is_not_told_is_read_from_the_certificate() {
    let answer = json!({"data":[{"cert_data":"MAYwBAICGrw="}]});
    let found = certificates(&answer, &[]).expect("readable");
    assert_eq!(found[0].serial.as_str(), "1ABC");
}

#[test]
fn certificates_of_other_service_types_are_left_out() {
    let answer = json!({"data":{"user_certificates":[
        {"cert_data":"AQID","serial_number":"1","service_type":"SMARTCA"},
        {"cert_data":"AQID","serial_number":"2","service_type":"ESEAL"},
        {"cert_data":"AQID","serial_number":"3"}]}});
    let serials = |types: &[String]| -> Vec<String> {
        let found = certificates(&answer, types).expect("readable");
        found.into_iter().map(|one| one.serial.into()).collect()
    };
    assert_eq!(serials(&[]), ["1", "2", "3"]);
    assert_eq!(serials(&["SMARTCA".into()]), ["1", "3"]);
}

#[test]
fn a_status_is_told_by_a_word_a_number_or_not_at_all() {
    for (entry, active) in [
        (json!({"cert_status_code":"VALID"}), true),
        (
            json!({"cert_status_code":"REVOKED","cert_status":"Đang hoạt động"}),
            false,
        ),
        (json!({"cert_status_code":1}), true),
        (json!({"cert_status":0}), false),
        (json!({"cert_status":""}), true),
        (json!({"cert_status":"Đang hoạt động"}), true),
        (json!({"cert_status":"Ngừng hoạt động"}), false),
        (json!({"cert_status":"INVALID"}), false),
    ] {
        assert_eq!(is_active(&entry), active, "{entry}");
    }
}

#[test]
fn the_number_to_ask_with_is_the_providers_where_it_has_one() {
    for (data, expected) in [
        (
            json!({"transaction_id":"ours","tran_code":"theirs","expired_in":"299"}),
            Some("theirs"),
        ),
        (json!({"transaction_id":"gateway-7"}), Some("gateway-7")),
        (json!({"transaction_id":"OURS"}), None),
        (json!({"tran_code":""}), None),
        (Value::Null, None),
    ] {
        let answer = json!({"status_code":200,"message":"sig_wait_for_user_confirm","data":data});
        let started = started(&reply(200, answer), "ours", &ids(), false).expect("taken");
        assert_eq!(started.provider_code.as_deref(), expected);
        assert_eq!((started.signed, started.ended), (None, None));
    }
    let told = json!({"status_code":200,"data":{"expired_in":"299"}});
    assert_eq!(
        started(&reply(200, told), "o", &ids(), false)
            .expect("taken")
            .expires_in,
        Some(299)
    );
}

#[test]
fn a_synchronous_answer_brings_the_values_or_how_it_ended() {
    let done = json!({"status_code":200,"data":{"transaction_id":"ours","signed_files":[
        {"doc_id":"d1","signature_value":"AQID","timestamp_signature":null}]}});
    let taken = started(&reply(200, done), "ours", &ids(), true).expect("taken");
    assert_eq!(taken.signed.map(|signed| signed.len()), Some(1));
    for (http, answer, expected) in [
        (
            200,
            json!({"status_code":200,"message":"REJECTED"}),
            Status::Rejected,
        ),
        (
            400,
            json!({"status_code":400,"message":"Người dùng từ chối ký"}),
            Status::Rejected,
        ),
        (200, json!({"code":"4001"}), Status::Expired),
        (200, json!({"code":4002}), Status::Rejected),
        (200, json!({"message":"PIN_LOCKED"}), Status::PinLocked),
    ] {
        let ended = started(&reply(http, answer.clone()), "ours", &ids(), true).expect("ended");
        assert_eq!(ended.ended, Some(expected), "{answer}");
    }
    let refused = json!({"status_code":401,"message":"SP_CREDENTIAL_INVALID"});
    assert_eq!(
        started(&reply(200, refused), "ours", &ids(), true),
        Err(ProviderError::Credentials)
    );
}

#[test]
fn values_are_named_in_any_spelling_or_by_their_place() {
    let ours = vec!["1. Tờ khai.pdf".to_owned(), "2. Đơn.pdf".to_owned()];
    let names = |list: Value| -> Vec<String> {
        let answer = json!({"data":{"signatures":list}});
        values(&answer, &ours)
            .into_iter()
            .map(|one| one.doc_id)
            .collect()
    };
    let value = |doc_id: &str| json!({"doc_id":doc_id,"signature_value":"AQID"});
    assert_eq!(
        names(json!([value("2. Đơn.pdf"), value("1. Tờ khai.pdf")])),
        [ours[1].clone(), ours[0].clone()]
    );
    assert_eq!(names(json!([value("2. DON.PDF")])), [ours[1].clone()]);
    assert_eq!(names(json!(["AQID", "BAUG"])), ours);
    assert_eq!(names(json!([value("x"), value("y")])), ours);
    assert_eq!(names(json!([value("x")])), ["x"]);
    assert_eq!(
        names(json!([{"doc_id":"1. Tờ khai.pdf","signature_value":null}, value("2. Đơn.pdf")])),
        [ours[1].clone()]
    );
}

#[test]
fn words_are_read_whole() {
    // `chuyển` contains `huy`, `hợp lệ cho` contains `cho`: neither is a refusal or a wait.
    for (answer, expected) in [
        (
            json!({"status_code":200,"message":"Đang chuyển yêu cầu"}),
            Status::Pending,
        ),
        (
            json!({"status_code":200,"message":"sig_wait_for_user_confirm"}),
            Status::Pending,
        ),
        (
            json!({"status_code":102,"message":"Giao dịch đang xử lý"}),
            Status::Pending,
        ),
        (json!({"status_code":1002}), Status::Pending),
        (
            json!({"status_code":9999,"message":"Đang chờ xác thực PIN"}),
            Status::Pending,
        ),
        (
            json!({"status_code":400,"message":"Không hợp lệ cho giao dịch"}),
            Status::Unknown,
        ),
        (
            json!({"status_code":200,"message":"USER_CANCELLED"}),
            Status::Rejected,
        ),
        (
            json!({"status_code":400,"message":"Tài khoản bị khóa do nhập sai mã PIN"}),
            Status::PinLocked,
        ),
        (
            json!({"status_code":400,"message":"Giao dịch đã hết hạn"}),
            Status::Expired,
        ),
        (
            json!({"status_code":400,"message":"Không tìm thấy giao dịch"}),
            Status::Unknown,
        ),
        (
            json!({"status_code":7,"message":"Ký số thất bại"}),
            Status::Failed,
        ),
    ] {
        assert_eq!(status(200, &answer, &ids()), Ok(expected), "{answer}");
    }
}

#[test]
fn a_certificate_that_ran_out_is_no_transaction_that_ran_out() {
    let answer = json!({"status_code":403,"message":"Chứng thư số đã hết hạn"});
    assert_eq!(
        status(200, &answer, &ids()),
        Err(ProviderError::CertificateUnusable)
    );
    assert_eq!(
        accepted(403, &answer),
        Err(ProviderError::CertificateUnusable)
    );
}

#[test]
fn signatures_that_are_used_up_are_told() {
    let answer = json!({"status_code":400,"message":"Tài khoản đã hết lượt ký"});
    assert_eq!(accepted(400, &answer), Err(ProviderError::QuotaUsedUp));
    assert_eq!(
        status(200, &json!({"code":"4005"}), &ids()),
        Err(ProviderError::QuotaUsedUp)
    );
}
