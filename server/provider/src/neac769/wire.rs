//! Reading SP769 answers the way they come: string or number codes, lists or objects, Vietnamese messages, errors inside 200.

use crate::client::Reply;
use crate::lenient::{self, bytes, number};
use crate::{ProviderCertificate, ProviderError, SignedItem, Started, Status};
use serde_json::Value;

/// The code of an answer: `status_code` or `code`, number or text.
fn code(http: u16, answer: &Value) -> i64 {
    ["status_code", "code"]
        .iter()
        .find_map(|key| number(answer.get(key)?))
        .unwrap_or_else(|| i64::from(http))
}

/// The message as words of plain lower-case letters, so that `Từ chối` and `TU_CHOI` compare equal.
struct Message(String);

impl Message {
    fn of(answer: &Value) -> Self {
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
        let folded = contract::fold::fold(&joined.join(" "));
        let words: Vec<&str> = folded
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        // A blank on both sides, so that a word is found by its ends.
        Self(format!(" {} ", words.join(" ")))
    }

    /// Whether one of the phrases stands in it. `expire*` is the beginning of a word: it finds `expired` too.
    fn says(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| match phrase.strip_suffix('*') {
            Some(start) => self.0.contains(&format!(" {start}")),
            None => self.0.contains(&format!(" {phrase} ")),
        })
    }

    /// How a transaction ended, in words. Clients have met these; no document lists them.
    fn ending(&self) -> Option<Status> {
        let endings = [
            (
                &[
                    "pin lock*",
                    "locked",
                    "bi khoa",
                    "tam khoa",
                    "khoa tai khoan",
                ][..],
                Status::PinLocked,
            ),
            (
                &[
                    "reject*", "deny", "denied", "refuse*", "declin*", "tu choi", "cancel*", "huy",
                    "da huy",
                ],
                Status::Rejected,
            ),
            (
                &[
                    "expire*",
                    "timeout",
                    "timedout",
                    "timed out",
                    "time out",
                    "het han",
                    "qua han",
                ],
                Status::Expired,
            ),
        ];
        endings
            .into_iter()
            .find(|(phrases, _)| self.says(phrases))
            .map(|(_, status)| status)
    }

    fn quota_is_used_up(&self) -> bool {
        self.says(&[
            "out of quota",
            "quota exceed*",
            "het luot",
            "het so luot",
            "het han muc",
            "khong du luot",
            "khong du so du",
        ])
    }

    /// Not to be taken for a transaction that ran out.
    fn certificate_ended(&self) -> bool {
        self.says(&[
            "chung thu het han",
            "chung thu so het han",
            "chung thu da het han",
            "chung thu so da het han",
            "certificate expire*",
            "certificate has expired",
            "certificate is expired",
        ])
    }

    fn certificate_is_missing(&self) -> bool {
        self.says(&[
            "khong tim thay chung thu",
            "khong ton tai chung thu",
            "certificate not found",
            "credential not found",
        ])
    }
}

/// An error unless HTTP status and code both say 200 (a missing code counts as the HTTP status).
pub(super) fn accepted(http: u16, answer: &Value) -> Result<(), ProviderError> {
    let code = code(http, answer);
    let message = Message::of(answer);
    match code {
        200 | 0 if http < 400 => Ok(()),
        _ if message.quota_is_used_up() => Err(ProviderError::QuotaUsedUp),
        401 => Err(ProviderError::Credentials),
        403 => Err(ProviderError::CertificateUnusable),
        404 => Err(ProviderError::NoCertificate),
        _ if message.certificate_ended() => Err(ProviderError::CertificateUnusable),
        _ if message.certificate_is_missing() => Err(ProviderError::NoCertificate),
        429 => Err(ProviderError::Busy),
        4005 => Err(ProviderError::QuotaUsedUp),
        500..=599 => Err(ProviderError::Down(u16::try_from(code).unwrap_or(500))),
        other => Err(ProviderError::Refused(other)),
    }
}

/// Certificates: `data.user_certificates[]` or `data[]`; of the service types asked for, where any are.
pub(super) fn certificates(
    answer: &Value,
    service_types: &[String],
) -> Result<Vec<ProviderCertificate>, ProviderError> {
    let data = answer.get("data").unwrap_or(&Value::Null);
    let list = data.get("user_certificates").unwrap_or(data).as_array();
    let wanted: Vec<&Value> = list
        .into_iter()
        .flatten()
        .filter(|entry| {
            // A certificate that does not tell its type is not left out.
            service_types.is_empty()
                || lenient::text(entry, &["service_type"])
                    .is_none_or(|kind| service_types.iter().any(|wanted| wanted == kind))
        })
        .collect();
    if wanted.is_empty() {
        return Err(ProviderError::NoCertificate);
    }
    wanted.into_iter().map(certificate).collect()
}

fn certificate(entry: &Value) -> Result<ProviderCertificate, ProviderError> {
    let der = lenient::text(entry, &["cert_data"])
        .and_then(bytes)
        .ok_or(ProviderError::Malformed("cert_data is not base64"))?;
    let serial = match lenient::text(entry, &["serial_number"]) {
        Some(text) => text.parse().ok(),
        None => lenient::serial(&der),
    }
    .ok_or(ProviderError::Malformed("serial_number is not hexadecimal"))?;
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
    Ok(ProviderCertificate {
        der,
        chain,
        serial,
        active: is_active(entry),
    })
}

/// Active unless the provider says otherwise: the X.509 dates decide in any case.
fn is_active(entry: &Value) -> bool {
    let written = |key: &str| {
        let value = entry.get(key)?;
        number(value)
            .map(|number| number.to_string())
            .or_else(|| value.as_str().map(contract::fold::fold))
            .filter(|text| !text.is_empty())
    };
    match (written("cert_status_code"), written("cert_status")) {
        (Some(code), _) => matches!(code.as_str(), "valid" | "active" | "1"),
        (None, Some(status)) => matches!(
            status.as_str(),
            "dang hoat dong" | "hoat dong" | "hieu luc" | "con hieu luc" | "valid" | "active" | "1"
        ),
        (None, None) => true,
    }
}

/// The answer to a request to sign; where the call waits for the person, also how it ended.
pub(super) fn started(
    reply: &Reply,
    ours: &str,
    doc_ids: &[String],
    waits: bool,
) -> Result<Started, ProviderError> {
    let answer = &reply.body;
    let data = answer.get("data").unwrap_or(&Value::Null);
    let signed = values(answer, doc_ids);
    let code = code(reply.status, answer);
    let ended = if waits && signed.is_empty() {
        Message::of(answer).ending().or(match code {
            4001 => Some(Status::Expired),
            4002 => Some(Status::Rejected),
            _ => None,
        })
    } else {
        None
    };
    if ended.is_none() {
        accepted(reply.status, answer)?;
    }
    Ok(Started {
        // A `transaction_id` other than ours was made by the gateway.
        provider_code: lenient::text(data, &["tran_code", "transaction_code"])
            .or_else(|| lenient::text(data, &["transaction_id"]))
            .filter(|code| !code.eq_ignore_ascii_case(ours))
            .map(str::to_owned),
        expires_in: ["expired_in", "expires_in"]
            .iter()
            .find_map(|key| lenient::seconds(data.get(key)?)),
        signed: (!signed.is_empty()).then_some(signed),
        ended,
    })
}

/// Values: `signatures`, `signed_files` or `sign_files` lists, or one `signature_value`. An item that has none is left out.
fn values(answer: &Value, doc_ids: &[String]) -> Vec<SignedItem> {
    let data = answer.get("data").unwrap_or(answer);
    let value_of = |item: &Value| {
        item.as_str()
            .or_else(|| lenient::text(item, &["signature_value", "signature"]))
            .and_then(bytes)
    };
    for key in ["signatures", "signed_files", "sign_files"] {
        let source = data.get(key).or_else(|| answer.get(key));
        if let Some(list) = source.and_then(Value::as_array) {
            let found: Vec<SignedItem> = list
                .iter()
                .enumerate()
                .filter_map(|(position, item)| {
                    Some(SignedItem {
                        doc_id: doc_id(item, position, list.len(), doc_ids)?,
                        value: value_of(item)?,
                    })
                })
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
    }
    match (doc_ids, data.is_object().then(|| value_of(data)).flatten()) {
        ([only], Some(value)) => vec![SignedItem {
            doc_id: only.clone(),
            value,
        }],
        _ => Vec::new(),
    }
}

/// Our name of an item: the one it bears, in whatever spelling; else by its place, when as many came back as were sent (or it
/// bears none). A wrong guess is found out when the value is verified.
fn doc_id(item: &Value, position: usize, of: usize, ours: &[String]) -> Option<String> {
    let by_place = || ours.get(position).cloned();
    let Some(theirs) = lenient::text(item, &["doc_id", "document_id", "documentId"]) else {
        return by_place();
    };
    if ours.iter().any(|doc_id| doc_id == theirs) {
        return Some(theirs.to_owned());
    }
    let folded = contract::fold::fold(theirs);
    let mut spelt_alike = ours
        .iter()
        .filter(|doc_id| contract::fold::fold(doc_id) == folded);
    match (spelt_alike.next(), spelt_alike.next()) {
        (Some(only), None) => Some(only.clone()),
        _ if of == ours.len() => by_place(),
        _ => Some(theirs.to_owned()),
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
    let message = Message::of(answer);
    if message.says(&[
        "transaction not found",
        "khong tim thay giao dich",
        "giao dich khong ton tai",
        "khong ton tai giao dich",
    ]) {
        return Ok(Status::Unknown);
    }
    if message.quota_is_used_up() {
        return Err(ProviderError::QuotaUsedUp);
    }
    if message.certificate_ended() {
        return Err(ProviderError::CertificateUnusable);
    }
    if let Some(status) = message.ending() {
        return Ok(status);
    }
    let code = code(http, answer);
    match code {
        200 | 0 | 102 | 1001 | 1002 | 4000 | 6000 => Ok(Status::Pending),
        4001 => Ok(Status::Expired),
        4002 => Ok(Status::Rejected),
        4005 => Err(ProviderError::QuotaUsedUp),
        401 => Err(ProviderError::Credentials),
        429 => Err(ProviderError::Busy),
        500..=599 => Err(ProviderError::Down(u16::try_from(code).unwrap_or(500))),
        _ if message.says(&[
            "dang cho",
            "cho xac nhan",
            "cho xac thuc",
            "cho ky",
            "pending",
            "processing",
            "dang xu ly",
            "wait*",
        ]) =>
        {
            Ok(Status::Pending)
        }
        400 | 404 => Ok(Status::Unknown),
        403 => Err(ProviderError::CertificateUnusable),
        _ => Ok(Status::Failed),
    }
}

#[cfg(test)]
mod tests;
