//! Reading SP769 answers the way they come: string or number codes, lists or objects, Vietnamese messages, errors inside 200.

use crate::{ProviderCertificate, ProviderError, SignedItem, Started, Status};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::value::Serial;
use serde_json::Value;

/// The code of an answer: `status_code` or `code`, number or text.
fn code(answer: &Value) -> Option<i64> {
    ["status_code", "code"]
        .iter()
        .find_map(|key| number(answer.get(key)?))
}

fn number(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// The message, folded, so that `Từ chối` and `tu choi` compare equal.
fn message(answer: &Value) -> String {
    let texts = [
        answer.get("message"),
        answer.pointer("/data/message"),
        answer.pointer("/data/status"),
    ];
    let joined: Vec<&str> = texts
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    contract::fold::fold(&joined.join(" ")).replace('_', " ")
}

fn says(message: &str, words: &[&str]) -> bool {
    words.iter().any(|word| message.contains(word))
}

/// An error unless HTTP status and code both say 200 (a missing code counts as the HTTP status).
pub(super) fn accepted(http: u16, answer: &Value) -> Result<(), ProviderError> {
    let code = code(answer).unwrap_or_else(|| i64::from(http));
    let message = message(answer);
    match code {
        200 | 0 if http < 400 => Ok(()),
        401 => Err(ProviderError::Credentials),
        403 => Err(ProviderError::CertificateUnusable),
        404 => Err(ProviderError::NoCertificate),
        _ if says(
            &message,
            &[
                "khong tim thay chung thu",
                "certificate not found",
                "credential not found",
            ],
        ) =>
        {
            Err(ProviderError::NoCertificate)
        }
        500..=599 => Err(ProviderError::Down(u16::try_from(code).unwrap_or(500))),
        other => Err(ProviderError::Refused(other)),
    }
}

/// Base64 as it comes: line breaks inside, PEM armour around.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let body: String = text
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .flat_map(str::chars)
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let body = body.replace("\\r", "").replace("\\n", "");
    (!body.is_empty())
        .then(|| STANDARD.decode(body).ok())
        .flatten()
}

/// Certificates: `data.user_certificates[]` or `data[]`.
pub(super) fn certificates(answer: &Value) -> Result<Vec<ProviderCertificate>, ProviderError> {
    let data = answer.get("data").unwrap_or(&Value::Null);
    let list = data.get("user_certificates").unwrap_or(data).as_array();
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        return Err(ProviderError::NoCertificate);
    };
    list.iter().map(certificate).collect()
}

fn certificate(entry: &Value) -> Result<ProviderCertificate, ProviderError> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    let der = text("cert_data")
        .and_then(bytes)
        .ok_or(ProviderError::Malformed("cert_data is not base64"))?;
    let serial: Serial = text("serial_number")
        .unwrap_or_default()
        .parse()
        .map_err(|_| ProviderError::Malformed("serial_number is not hexadecimal"))?;
    let chain = match entry.get("chain_data") {
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|item| bytes(item.as_str()?))
            .collect(),
        Some(object @ Value::Object(_)) => ["ca_cert", "root_cert"]
            .iter()
            .filter_map(|key| bytes(object.get(key)?.as_str()?))
            .collect(),
        _ => Vec::new(),
    };
    // Active unless the provider says otherwise: the X.509 dates decide in any case.
    let active = match (text("cert_status_code"), text("cert_status")) {
        (Some(code), _) => matches!(code.to_ascii_uppercase().as_str(), "VALID" | "ACTIVE" | "1"),
        (None, Some(status)) => {
            let status = contract::fold::fold(status);
            status.is_empty()
                || says(&status, &["dang hoat dong", "valid", "active"])
                    && !status.starts_with("in")
        }
        (None, None) => true,
    };
    Ok(ProviderCertificate {
        der,
        chain,
        serial,
        active,
    })
}

/// The answer to a request to sign.
pub(super) fn started(answer: &Value, doc_ids: &[String]) -> Started {
    let data = answer.get("data").unwrap_or(&Value::Null);
    let signed = values(answer, doc_ids);
    Started {
        provider_code: ["tran_code", "transaction_code"]
            .iter()
            .find_map(|key| data.get(key)?.as_str())
            .map(str::to_owned),
        expires_in: ["expired_in", "expires_in"]
            .iter()
            .find_map(|key| number(data.get(key)?))
            .and_then(|seconds| u64::try_from(seconds).ok()),
        signed: (!signed.is_empty()).then_some(signed),
        ended: None,
    }
}

/// Values: `signatures`, `signed_files` or `sign_files` lists, or one `signature_value`.
fn values(answer: &Value, doc_ids: &[String]) -> Vec<SignedItem> {
    let data = answer.get("data").unwrap_or(answer);
    let value_of = |item: &Value| {
        ["signature_value", "signature"]
            .iter()
            .find_map(|key| item.get(key)?.as_str())
            .and_then(bytes)
    };
    for key in ["signatures", "signed_files", "sign_files"] {
        let source = data.get(key).or_else(|| answer.get(key));
        if let Some(list) = source.and_then(Value::as_array) {
            let found: Vec<SignedItem> = list
                .iter()
                .enumerate()
                .filter_map(|(position, item)| {
                    let doc_id = item
                        .get("doc_id")
                        .and_then(Value::as_str)
                        .map(str::to_owned)
                        .or_else(|| doc_ids.get(position).cloned())?;
                    Some(SignedItem {
                        doc_id,
                        value: value_of(item)?,
                    })
                })
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
    }
    match (doc_ids, value_of(data)) {
        ([only], Some(value)) => vec![SignedItem {
            doc_id: only.clone(),
            value,
        }],
        _ => Vec::new(),
    }
}

/// The answer to a status call: a value is the only proof of success, everything that is not clearly over is pending.
pub(super) fn status(
    http: u16,
    answer: &Value,
    doc_ids: &[String],
) -> Result<Status, ProviderError> {
    let found = values(answer, doc_ids);
    if !found.is_empty() {
        return Ok(Status::Signed(found));
    }
    let message = message(answer);
    let code = code(answer).unwrap_or_else(|| i64::from(http));
    let textual = [
        (
            &["pin locked", "locked", "bi khoa", "khoa do"][..],
            Status::PinLocked,
        ),
        (
            &[
                "reject", "deny", "denied", "refuse", "tu choi", "cancel", "huy",
            ][..],
            Status::Rejected,
        ),
        (
            &["expire", "timeout", "time out", "het han"][..],
            Status::Expired,
        ),
    ];
    for (words, status) in textual {
        if says(&message, words) {
            return Ok(status);
        }
    }
    match code {
        200 | 0 | 102 | 1001 | 1002 | 4000 | 6000 => Ok(Status::Pending),
        4001 => Ok(Status::Expired),
        4002 => Ok(Status::Rejected),
        400 | 404 => Ok(Status::Unknown),
        401 => Err(ProviderError::Credentials),
        500..=599 => Err(ProviderError::Down(u16::try_from(code).unwrap_or(500))),
        _ if says(
            &message,
            &["cho ", "pending", "processing", "dang xu ly", "wait"],
        ) =>
        {
            Ok(Status::Pending)
        }
        _ => Ok(Status::Failed),
    }
}

#[cfg(test)]
mod tests {
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
        let first = certificates(&vnpt).expect("readable");
        let second = certificates(&annex).expect("readable");
        assert_eq!(first[0].der, second[0].der);
        assert_eq!(first[0].serial, second[0].serial);
        assert_eq!((first[0].chain.len(), second[0].chain.len()), (1, 2));
        assert!(first[0].active && second[0].active);
    }

    #[test]
    fn a_suspended_certificate_is_not_active() {
        let answer =
            json!({"data":[{"cert_data":"AQID","serial_number":"1","cert_status":"Tạm dừng"}]});
        assert!(!certificates(&answer).expect("readable")[0].active);
        let answer =
            json!({"data":[{"cert_data":"AQID","serial_number":"1","cert_status":"INACTIVE"}]});
        assert!(!certificates(&answer).expect("readable")[0].active);
    }

    #[test]
    fn no_certificates_is_said() {
        assert_eq!(
            certificates(&json!({"data":{"user_certificates":[]}})),
            Err(ProviderError::NoCertificate)
        );
        assert_eq!(certificates(&json!({})), Err(ProviderError::NoCertificate));
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
        let waiting = json!({"status_code":200,"message":"sig_wait_for_user_confirm","data":{"signatures":null}});
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
            let _ = certificates(&answer);
            let _ = accepted(200, &answer);
        }
    }
}
