//! Wrong requests get the provider's own error, and the log says why.

use crate::stage::{EVERY_KIND, MAU, Stage, THU, credentials, stage, with};
use serde_json::{Value, json};

/// What the log says about the last call.
async fn mistake(stage: &Stage) -> String {
    let log = stage.log().await;
    let last = log.last().expect("a line");
    last["mistake"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn requests_of_decision_769_are_read_strictly() {
    let stage = stage().await;
    let serial = stage.serial(MAU).await;
    let good = || Stage::order(MAU, &serial, "t", &[[1; 32]]);
    let item = |change: Value| {
        let base = json!({ "file_type": "pdf", "sign_type": "hash", "doc_id": "d", "data_to_be_signed": "ab".repeat(32) });
        json!({ "sign_files": [with(base, change)] })
    };
    let cases = [
        (
            json!({ "sp_password": "wrong" }),
            401,
            "sp_password is wrong",
        ),
        (json!({ "sp_id": null }), 401, "sp_id is no text"),
        (json!({ "user_id": "06209900001a" }), 400, "not all digits"),
        (json!({ "user_id": "099999999999" }), 401, "unknown"),
        (
            json!({ "transaction_id": "" }),
            400,
            "transaction_id is empty",
        ),
        (json!({ "serial_number": "1234" }), 403, "no certificate"),
        (json!({ "serial_number": "" }), 400, "several certificates"),
        (json!({ "time_stamp": "25/11/2026" }), 400, "time_stamp"),
        (json!({ "sign_files": [] }), 400, "empty list"),
        (
            json!({ "urlWebhook": "https://example.vn/" }),
            400,
            "without TLS",
        ),
        (item(json!({ "sign_type": "file" })), 400, "only digests"),
        (
            item(json!({ "data_to_be_signed": "AB".repeat(32) })),
            400,
            "lower-case",
        ),
        (item(json!({ "doc_id": 7 })), 400, "doc_id is no text"),
    ];
    for (change, status, why) in cases {
        let answer = stage
            .post("/vnpt-ca/v1/signatures/sign", &with(good(), change.clone()))
            .await;
        assert_eq!(answer.status, status, "{change}");
        assert_eq!(answer.body["status_code"], status, "{change}");
        let said = mistake(&stage).await;
        assert!(said.contains(why), "{change}: {said}");
    }
    assert!(stage.requests().await.is_empty());
    assert_eq!(
        stage
            .post("/vnpt-ca/v1/signatures/sign", &good())
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_gateway_wants_a_ca_name_that_fits_its_address() {
    let stage = stage().await;
    let path = "/misa-ca/sign_v2/get_certificate";
    for (change, why) in [
        (json!({}), "ca_name is missing"),
        (
            json!({ "ca_name": "Nobody-CA" }),
            "not on the gateway's list",
        ),
        (json!({ "ca_name": "CA2" }), "does not belong"),
    ] {
        let answer = stage.post(path, &with(credentials(THU), change)).await;
        assert_eq!(answer.status, 400);
        assert!(mistake(&stage).await.contains(why), "{why}");
    }
    let body = with(credentials(THU), json!({ "ca_name": "MISA-CA" }));
    assert_eq!(stage.post(path, &body).await.status, 200);
    // One address for all.
    let all = stage.post("/gateway/sign_v2/get_certificate", &body).await;
    assert_eq!(all.status, 200);
}

#[tokio::test]
async fn the_gateway_takes_hex_and_base64_and_numbers_transactions_itself() {
    use base64::Engine as _;
    let stage = stage().await;
    let certificates = stage.certificates("bkavca", THU).await;
    let written = [
        "ab".repeat(32),
        base64::engine::general_purpose::STANDARD.encode([0xab; 32]),
    ];
    for (position, digest) in written.iter().enumerate() {
        let ours = format!("our-number-{position}");
        let body = with(
            credentials(THU),
            json!({ "ca_name": "BkavCA", "transaction_id": ours, "serial_number": certificates[0]["serial_number"],
                    "sign_files": [{ "file_type": "pdf", "sign_type": "hash", "doc_id": "d", "data_to_be_signed": digest }] }),
        );
        let answer = stage.post("/bkavca/sign_v2/sign", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let theirs = answer.body["data"]["transaction_id"]
            .as_str()
            .expect("number");
        assert_ne!(theirs, ours);
        let asked = with(credentials(THU), json!({ "ca_name": "BkavCA" }));
        let status = |number: &str| format!("/bkavca/sign_v2/sign/{number}/status");
        assert_eq!(stage.post(&status(theirs), &asked).await.status, 200);
        assert_eq!(stage.post(&status(&ours), &asked).await.status, 404);
    }
}

#[tokio::test]
async fn a_gateway_that_is_told_so_answers_when_the_person_has_decided() {
    let stage = stage().await;
    stage
        .admin(
            "/admin/settings",
            json!({ "synchronous": { "fpt-ca": true } }),
        )
        .await;
    stage
        .admin(
            "/admin/auto",
            json!({ "decision": "confirm", "delay_ms": 50 }),
        )
        .await;
    let serial = stage.serial(THU).await;
    let order = with(
        Stage::order(THU, &serial, "t", &[[1; 32]]),
        json!({ "ca_name": "FPT-CA" }),
    );
    let answer = stage.post("/fpt-ca/sign_v2/sign", &order).await;
    assert_eq!(answer.body["message"], "SUCCESS");
    assert!(answer.body["data"]["signed_files"][0]["signature_value"].is_string());
}

#[tokio::test]
async fn the_annex_has_lists_and_codes_as_text() {
    let stage = stage().await;
    let body = with(credentials(THU), json!({ "ca_name": "Newtel-CA" }));
    let answer = stage
        .post("/newtel-ca/sign_v2/get_certificate", &body)
        .await;
    assert_eq!(answer.body["code"], "200");
    assert!(answer.body["data"][0]["chain_data"].is_array());
}

#[tokio::test]
async fn ca2_refuses_inside_http_200_and_in_vietnamese() {
    let stage = stage().await;
    let body = with(credentials(MAU), json!({ "serial_number": "" }));
    let answer = stage.post("/ca2/rssp/v2/neac/get_certificate", &body).await;
    assert_eq!(
        (answer.status, &answer.body["status_code"]),
        (200, &json!(400))
    );
    assert_eq!(answer.body["message"], "Dữ liệu không hợp lệ");
    assert!(mistake(&stage).await.contains("transaction_id is missing"));
}

#[tokio::test]
async fn mysign_wants_a_token_of_the_same_person_and_plain_descriptions() {
    use base64::Engine as _;
    let encoded = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let stage = stage().await;
    let client = json!({ "client_id": "portal-demo", "client_secret": "sandbox-only", "profile_id": "adss:ras:profile:001" });
    let login = "/viettel-ca/vtss/service/ras/v1/login";
    let wrong = with(
        client.clone(),
        json!({ "user_id": MAU, "client_secret": "x" }),
    );
    let refused = stage.post(login, &wrong).await;
    assert_eq!(
        (refused.status, &refused.body["error"]),
        (401, &json!("86024"))
    );
    let entered = stage
        .post(
            login,
            &with(client.clone(), json!({ "user_id": format!("CMT_{THU}") })),
        )
        .await;
    assert_eq!(entered.body["expires_in"], "3600");
    let token = entered.body["access_token"].as_str().expect("token");

    let info =
        json!({ "user_id": MAU, "certificates": "chain", "certInfo": true, "authInfo": true });
    let path = "/viettel-ca/vtss/service/certificates/info";
    let other = stage
        .post_as(token, path, &with(client.clone(), info.clone()))
        .await;
    assert_eq!(
        (other.status, &other.body["error"]),
        (401, &json!("invalid_token"))
    );
    let own = with(info, json!({ "user_id": THU }));
    let listed = stage.post_as(token, path, &with(client.clone(), own)).await;
    assert_eq!(listed.body[0]["key"]["len"], "256");

    let order = with(
        client,
        json!({ "credentialID": listed.body[0]["credential_id"], "numSignatures": 1, "description": encoded("Ma 4821"),
                "documents": [{ "document_id": "d", "document_name": encoded("To khai") }], "hash": [encoded(&"a".repeat(32))],
                "hashAlgo": "2.16.840.1.101.3.4.2.1", "signAlgo": "1.2.840.10045.2.1", "async": 1 }),
    );
    let path = "/viettel-ca/vtss/service/signHash";
    for (change, why) in [
        (
            json!({ "description": encoded("Mã đối chiếu") }),
            "other letters",
        ),
        (json!({ "numSignatures": 2 }), "equally many"),
        (json!({ "async": 9 }), "async"),
        (json!({ "async": 3 }), "no webhook"),
        (
            json!({ "signAlgo": "1.2.840.113549.1.1.1" }),
            "does not fit",
        ),
    ] {
        let answer = stage
            .post_as(token, path, &with(order.clone(), change))
            .await;
        assert_eq!(answer.status, 400);
        assert!(mistake(&stage).await.contains(why), "{why}");
    }
    let taken = stage.post_as(token, path, &order).await;
    assert!(taken.body["transactionId"].is_string(), "{}", taken.body);
}

/// The service's token.
async fn token(stage: &Stage, base: &str) -> String {
    let sent = stage
        .http
        .post(stage.url(&format!("/{base}/oauth2/token")))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials&client_id=portal-demo&client_secret=sandbox-only")
        .send()
        .await
        .expect("answer");
    let body: Value = sent.json().await.expect("JSON");
    body["access_token"].as_str().expect("token").to_owned()
}

#[tokio::test]
async fn csc_lists_by_pages_and_a_permission_is_for_its_digests_and_spent_once() {
    use base64::Engine as _;
    let encoded = |byte: u8| base64::engine::general_purpose::STANDARD.encode([byte; 32]);
    let stage = stage().await;
    stage.auto("confirm").await;
    for (base, api, hash, algorithm) in [
        ("csc-v1", "/csc-v1/csc/v1", "hash", "hashAlgo"),
        ("csc-v2", "/csc-v2/csc/v2", "hashes", "hashAlgorithmOID"),
    ] {
        let refused = stage
            .post(&format!("{api}/credentials/list"), &json!({}))
            .await;
        assert_eq!(
            (refused.status, &refused.body["error"]),
            (401, &json!("invalid_token"))
        );
        let token = token(&stage, base).await;
        let call = async |method: &str, body: Value| {
            stage
                .post_as(&token, &format!("{api}/{method}"), &body)
                .await
        };
        let first = call(
            "credentials/list",
            json!({ "userID": EVERY_KIND, "maxResults": 3 }),
        )
        .await;
        assert_eq!(
            first.body["credentialIDs"].as_array().map(Vec::len),
            Some(3)
        );
        let next = first.body["nextPageToken"].clone();
        let rest = call(
            "credentials/list",
            json!({ "userID": EVERY_KIND, "maxResults": 3, "pageToken": next }),
        )
        .await;
        assert_eq!(rest.body["credentialIDs"].as_array().map(Vec::len), Some(2));
        assert!(rest.body["nextPageToken"].is_null());
        let (revoked, good) = (
            &first.body["credentialIDs"][1],
            &rest.body["credentialIDs"][0],
        );

        let told = call(
            "credentials/info",
            json!({ "credentialID": revoked, "certificates": "chain" }),
        )
        .await;
        assert_eq!(told.body["cert"]["status"], "revoked");
        assert_eq!(
            told.body["cert"]["certificates"].as_array().map(Vec::len),
            Some(3)
        );

        let ask = |id: &Value, byte: u8| json!({ "credentialID": id, "numSignatures": 1, hash: [encoded(byte)] });
        let disabled = call("credentials/authorize", ask(revoked, 1)).await;
        assert_eq!(disabled.status, 400);
        let permitted = call("credentials/authorize", ask(good, 1)).await;
        let sad = permitted.body["SAD"].clone();
        assert!(sad.is_string(), "{}", permitted.body);
        let order = |byte: u8| {
            json!({ "credentialID": good, "SAD": sad, hash: [encoded(byte)], algorithm: "2.16.840.1.101.3.4.2.1",
                    "signAlgo": "1.2.840.10045.4.3.2" })
        };
        let other = call("signatures/signHash", order(2)).await;
        assert_eq!(
            other.body["error_description"],
            "Hash is not authorized by the SAD"
        );
        let signed = call("signatures/signHash", order(1)).await;
        assert!(signed.body["signatures"][0].is_string(), "{}", signed.body);
        let again = call("signatures/signHash", order(1)).await;
        assert_eq!(again.status, 400);
    }
    let counts: Vec<Value> = stage
        .requests()
        .await
        .iter()
        .map(|request| request["signed"].clone())
        .collect();
    assert_eq!(counts, [1, 1]);
}

#[tokio::test]
async fn the_log_has_no_secrets() {
    let stage = stage().await;
    stage.certificates("vnpt-ca", MAU).await;
    token(&stage, "csc-v1").await;
    let text = stage.get("/admin/log").await;
    assert!(text.contains("portal-demo"));
    assert!(!text.contains("sandbox-only"), "{text}");
}
