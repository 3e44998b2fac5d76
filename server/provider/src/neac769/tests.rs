use super::*;
use crate::http_client;

fn client(more: &str) -> Neac769 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let text = format!(
        "[[provider]]\ncode='x-1'\nname='X'\napp_name='X'\nbase_url='http://127.0.0.1:9'\nsp_id='portal'\nsp_password='tell-nobody'\n{more}\n"
    );
    let entry = crate::read_entries(&text).expect("valid").remove(0);
    Neac769::new(&entry, &http_client().expect("client")).expect("a client")
}

fn request() -> Request {
    Request {
        transaction: uuid::Uuid::nil(),
        account: "062099000011".parse().expect("valid"),
        serial: "0A9BC".parse().expect("valid"),
        description: "Ma doi chieu 4821 - 1 tep".into(),
        time_stamp: "20261125000000Z".into(),
        items: vec![Item {
            doc_id: "d1".into(),
            digest: Sha256([0xab; 32]),
        }],
    }
}

#[test]
fn a_request_is_written_as_vnpts_guide_has_it() {
    assert_eq!(
        Value::Object(client("serial_case='lower'").request(&request())),
        json!({
            "sp_id": "portal", "sp_password": "tell-nobody", "user_id": "062099000011",
            "transaction_id": "00000000-0000-0000-0000-000000000000", "transaction_desc": "Ma doi chieu 4821 - 1 tep",
            "serial_number": "a9bc", "time_stamp": "20261125000000Z",
            "sign_files": [{"file_type": "pdf", "sign_type": "hash", "doc_id": "d1", "data_to_be_signed": "ab".repeat(32)}],
        })
    );
}

#[test]
fn a_request_is_written_as_the_annex_the_gateway_and_ca2_have_it() {
    let written = client("item_form='file-options'\nhash_encoding='base64'\nca_name='CA2'\nwebhook_url='https://portal.example/hook'")
        .request(&request());
    assert_eq!(written["ca_name"], "CA2");
    assert_eq!(written["serial_number"], "A9BC");
    assert_eq!(written["urlWebhook"], "https://portal.example/hook");
    assert_eq!(
        written["sign_files"],
        json!([{"doc_id": "d1", "data_to_be_signed": STANDARD.encode([0xab; 32]),
            "file_options": {"file_type": "pdf", "sign_type": "hash"}}])
    );
}

#[test]
fn a_client_does_not_print_its_password() {
    assert!(!format!("{:?}", client("")).contains("tell-nobody"));
}

#[tokio::test]
async fn without_a_status_path_nothing_is_asked() {
    let client = client("paths={certificates='/get_certificate',sign='/sign'}");
    assert!(!client.abilities().asks_status);
    let handles = Handles {
        transaction: uuid::Uuid::nil(),
        account: "062099000011".parse().expect("valid"),
        serial: "1".parse().expect("valid"),
        provider_code: None,
        doc_ids: vec![],
    };
    // Nobody listens on this port: a call would fail.
    assert_eq!(client.status(&handles).await, Ok(Status::Pending));
    assert_eq!(
        client.cancel(&handles).await,
        Ok(crate::Withdrawal::NotOffered)
    );
}

#[test]
fn a_providers_number_that_would_leave_its_place_in_a_path_is_not_used() {
    for (text, good) in [
        ("acd9be84-1", true),
        ("T_1.2:3", true),
        ("", false),
        ("..", false),
        ("../../admin", false),
        ("a?b", false),
        ("a%2f", false),
    ] {
        assert_eq!(is_number(text), good, "{text}");
    }
}
