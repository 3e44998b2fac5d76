//! What providers post to the portal by themselves: the bodies of Decision 769, of MySign and of MISA, read by one reader,
//! since gateways pass on the body of the CA behind them.
//!
//! None of them is authenticated by the protocols: a body is a reason to look, and its values are believed when they verify.

use crate::{Callback, SignedItem, lenient};
use serde_json::Value;
use uuid::Uuid;

/// Most values that are read of one body.
const ITEMS_MAX: usize = 100;

/// Reads a body; none when it names no transaction.
pub(crate) fn read(body: &Value) -> Option<Callback> {
    let data = body.get("data").unwrap_or(&Value::Null);
    let meta = body.get("meta_data").unwrap_or(&Value::Null);
    let mut names: Vec<String> = [meta, body, data]
        .iter()
        .find_map(|place| {
            lenient::text(
                place,
                &["transaction_id", "transactionId", "tran_code", "tranId"],
            )
        })
        .map(str::to_owned)
        .into_iter()
        .collect();
    let lists = [
        "signed_files",
        "signatures",
        "sign_files",
        "signedFiles",
        "results",
    ];
    let signed = [body, data]
        .iter()
        .flat_map(|place| lists.iter().filter_map(|key| place.get(*key)?.as_array()))
        .map(|list| list.iter().take(ITEMS_MAX).filter_map(item).collect())
        .find(|found: &Vec<SignedItem>| !found.is_empty())
        .unwrap_or_default();
    // A provider whose number got lost with its answer still repeats what we called the documents.
    let ours = signed.iter().find_map(|item| named_by(&item.doc_id));
    names.extend(ours.map(|number| number.to_string()));
    (!names.is_empty()).then_some(Callback { names, signed })
}

/// What MySign knows a document by in webhook mode: the transaction's number, so that a result can be placed without the answer
/// to the request, and which file of it.
pub(crate) fn document_id(transaction: Uuid, position: usize) -> String {
    format!("{transaction}-{}", position + 1)
}

/// The transaction that a [`document_id`] names.
fn named_by(document_id: &str) -> Option<Uuid> {
    document_id.rsplit_once('-')?.0.parse().ok()
}

fn item(item: &Value) -> Option<SignedItem> {
    let value = item
        .as_str()
        .or_else(|| lenient::text(item, &["signature_value", "signature", "signatureValue"]))
        .and_then(lenient::bytes)?;
    let doc_id = lenient::text(item, &["doc_id", "document_id", "documentId", "docId"]);
    Some(SignedItem {
        doc_id: doc_id.unwrap_or_default().to_owned(),
        value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(doc_id: &str) -> Vec<SignedItem> {
        vec![SignedItem {
            doc_id: doc_id.into(),
            value: vec![1, 2, 3],
        }]
    }

    #[test]
    fn the_bodies_of_the_decision_of_mysign_and_of_misa_are_read() {
        let decision = json!({"sp_id":"DVC","status_code":200,"message":"SUCCESS","transaction_id":"t-1",
            "signed_files":[{"doc_id":"d1","signature_value":"AQ\r\nID","timestamp_signature":null}]});
        let nested = json!({"status_code":"200","data":{"transaction_id":"t-1","signatures":[{"doc_id":"d1","signature_value":"AQID"}]}});
        let mysign = json!({"meta_data":{"request_id":"r","transaction_id":"t-1","description":"x","status":"1"},
            "data":{"action_timestamp":"1","signature_timestamp":"2","results":[{"document_id":"d1","signature":"AQID"}]}});
        let misa = json!({"messageId":"m","clientId":"c","extraData":null,"status":"SUCCESS","errorCode":null,
            "transactionId":"t-1","signatures":[{"documentId":"d1","signature":"AQID"}]});
        for body in [decision, nested, mysign, misa] {
            let callback = read(&body).expect("read");
            assert_eq!(callback.names, ["t-1"], "{body}");
            assert_eq!(callback.signed, one("d1"), "{body}");
        }
    }

    #[test]
    fn values_without_names_and_bodies_without_values_are_read_too() {
        let bare = json!({"transactionId":"t-1","signatures":["AQID"]});
        assert_eq!(read(&bare).expect("read").signed, one(""));
        let refused = json!({"transaction_id":"t-1","status_code":400,"message":"REJECTED","signed_files":null});
        assert_eq!(read(&refused).expect("read").signed, []);
    }

    #[test]
    fn a_document_of_ours_names_its_transaction() {
        let ours = Uuid::from_u128(7);
        let body = json!({"meta_data":{"transaction_id":"v-1"},
            "data":{"results":[{"document_id":document_id(ours, 0),"signature":"AQID"}]}});
        assert_eq!(
            read(&body).expect("read").names,
            ["v-1".to_owned(), ours.to_string()]
        );
        assert_eq!(named_by("3"), None);
        assert_eq!(named_by(&ours.to_string()), None);
    }

    #[test]
    fn a_body_that_names_no_transaction_is_none_of_ours() {
        for body in [
            json!(null),
            json!([]),
            json!({"transaction_id":""}),
            json!({"transaction_id":7}),
        ] {
            assert_eq!(read(&body), None, "{body}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_read_without_panic(text in "\\PC{0,200}") {
            let _ = read(&serde_json::from_str(&text).unwrap_or(Value::String(text)));
        }
    }
}
