//! OCSP, revocation lists and timestamps as openssl reads them; says so where openssl is absent.

use crate::stage::{EVERY_KIND, Stage, keys, stage};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What openssl says, both streams; none where it is absent.
fn openssl(arguments: &[&str]) -> Option<String> {
    match Command::new("openssl").args(arguments).output() {
        Ok(output) => Some(format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )),
        Err(error) => {
            eprintln!("skipped, openssl does not run: {error}");
            None
        }
    }
}

fn key_file(name: &str) -> String {
    keys().join(name).display().to_string()
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn ask(stage: &Stage, certificate: &str, more: &[&str]) -> Option<String> {
    let url = stage.url("/ocsp");
    let (issuer, root) = (key_file("issuing.pem"), key_file("root.pem"));
    let certificate = key_file(certificate);
    let mut arguments = vec!["ocsp", "-issuer", &issuer, "-url", &url, "-CAfile", &root];
    // The digest has to stand before the certificate it is for.
    arguments.extend(more);
    arguments.extend(["-cert", &certificate]);
    openssl(&arguments)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ocsp_says_good_revoked_suspended_and_unknown_and_openssl_believes_it() {
    let stage = stage().await;
    let file = |letter: &str| format!("{EVERY_KIND}-p-256-{letter}.pem");
    let Some(good) = ask(&stage, &file("d"), &[]) else {
        return;
    };
    assert!(
        good.contains("Response verify OK") && good.contains(": good"),
        "{good}"
    );
    // openssl compares the nonce by itself, and says when it is missing.
    assert!(!good.contains("nonce"), "{good}");
    let revoked = ask(&stage, &file("b"), &["-sha256"]).expect("openssl");
    assert!(
        revoked.contains(": revoked") && revoked.contains("keyCompromise"),
        "{revoked}"
    );
    let suspended = ask(&stage, &file("c"), &[]).expect("openssl");
    assert!(suspended.contains("certificateHold"), "{suspended}");
    let unknown = ask(&stage, &file("d"), &["-serial", "0x1234"]).expect("openssl");
    assert!(unknown.contains("0x1234: unknown"), "{unknown}");

    let list = stage.certificates("vnpt-ca", EVERY_KIND).await;
    let serial = &list[3]["serial_number"];
    stage
        .admin(
            "/admin/certificates",
            json!({ "serial": serial, "standing": "revoked" }),
        )
        .await;
    let since = ask(&stage, &file("d"), &[]).expect("openssl");
    assert!(since.contains(": revoked"), "{since}");

    stage.fault(json!({ "fault": "wrong-signature", "provider": "pki", "call": "revocation", "times": 1 })).await;
    let spoiled = ask(&stage, &file("b"), &[]).expect("openssl");
    assert!(spoiled.contains("Response Verify Failure"), "{spoiled}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ocsp_is_asked_by_get_too_and_says_what_it_cannot_read() {
    use base64::Engine as _;
    let stage = stage().await;
    let folder = tempfile::tempdir().expect("folder");
    let (request, answer) = (folder.path().join("request"), folder.path().join("answer"));
    let certificate = key_file(&format!("{EVERY_KIND}-p-256-d.pem"));
    let (issuer, root) = (key_file("issuing.pem"), key_file("root.pem"));
    let base = [
        "ocsp",
        "-issuer",
        &issuer,
        "-cert",
        &certificate,
        "-no_nonce",
    ];
    let (request_text, answer_text) = (text(&request), text(&answer));
    if openssl(&[&base[..], &["-reqout", &request_text]].concat()).is_none() {
        return;
    }
    let bytes = std::fs::read(&request).expect("request");
    let encoded = base64::engine::general_purpose::STANDARD
        .encode(&bytes)
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let sent = stage
        .http
        .get(stage.url(&format!("/ocsp/{encoded}")))
        .send()
        .await
        .expect("answer");
    std::fs::write(&answer, sent.bytes().await.expect("bytes")).expect("written");
    let said = openssl(&[&base[..], &["-respin", &answer_text, "-CAfile", &root]].concat())
        .expect("openssl");
    assert!(
        said.contains("Response verify OK") && said.contains(": good"),
        "{said}"
    );

    // malformedRequest for every beginning of a request.
    for length in 0..bytes.len() {
        let sent = stage
            .http
            .post(stage.url("/ocsp"))
            .header("content-type", "application/ocsp-request")
            .body(bytes[..length].to_vec())
            .send()
            .await
            .expect("answer");
        assert_eq!(
            sent.bytes().await.expect("bytes")[..],
            [0x30, 3, 0x0a, 1, 1],
            "{length}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn revocation_lists_verify_and_name_what_is_revoked() {
    let stage = stage().await;
    let folder = tempfile::tempdir().expect("folder");
    for (name, revoked) in [("issuing", true), ("root", false)] {
        let bytes = stage
            .http
            .get(stage.url(&format!("/crl/{name}.crl")))
            .send()
            .await
            .expect("answer");
        assert_eq!(bytes.headers()["content-type"], "application/pkix-crl");
        let file = folder.path().join(format!("{name}.crl"));
        std::fs::write(&file, bytes.bytes().await.expect("bytes")).expect("written");
        let Some(said) = openssl(&[
            "crl",
            "-inform",
            "DER",
            "-noout",
            "-text",
            "-in",
            &text(&file),
            "-CAfile",
            &key_file(&format!("{name}.pem")),
        ]) else {
            return;
        };
        assert!(said.contains("verify OK"), "{said}");
        assert_eq!(said.contains("Key Compromise"), revoked, "{said}");
        // openssl takes a list only when its key identifier is the issuer's.
        let identifier = openssl(&[
            "x509",
            "-noout",
            "-ext",
            "subjectKeyIdentifier",
            "-in",
            &key_file(&format!("{name}.pem")),
        ])
        .expect("openssl");
        let identifier = identifier
            .lines()
            .nth(1)
            .expect("identifier")
            .trim()
            .to_owned();
        assert!(said.contains(&identifier), "{said}");
    }
    let issuer = stage
        .http
        .get(stage.url("/certificates/issuing.cer"))
        .send()
        .await
        .expect("answer");
    assert_eq!(issuer.bytes().await.expect("bytes").first(), Some(&0x30));
}

/// A query file and the authority's answer.
async fn stamped(
    stage: &Stage,
    folder: &Path,
    hash: &str,
    more: &[&str],
) -> Option<(PathBuf, PathBuf)> {
    let data = folder.join("data");
    std::fs::write(&data, b"to be stamped").expect("written");
    let (query, reply) = (
        folder.join(format!("{hash}.tsq")),
        folder.join(format!("{hash}.tsr")),
    );
    let (data, query_text) = (text(&data), text(&query));
    let hash = format!("-{hash}");
    let mut arguments = vec!["ts", "-query", "-data", &data, &hash, "-out", &query_text];
    arguments.extend(more);
    openssl(&arguments)?;
    let sent = stage
        .http
        .post(stage.url("/tsa"))
        .header("content-type", "application/timestamp-query")
        .body(std::fs::read(&query).expect("query"))
        .send()
        .await
        .expect("answer");
    assert_eq!(
        sent.headers()["content-type"],
        "application/timestamp-reply"
    );
    std::fs::write(&reply, sent.bytes().await.expect("bytes")).expect("written");
    Some((query, reply))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn timestamps_verify_and_what_is_not_offered_is_refused_with_its_reason() {
    let stage = stage().await;
    let folder = tempfile::tempdir().expect("folder");
    let verify = |query: &Path, reply: &Path| {
        openssl(&[
            "ts",
            "-verify",
            "-queryfile",
            &text(query),
            "-in",
            &text(reply),
            "-CAfile",
            &key_file("root.pem"),
            "-untrusted",
            &key_file("issuing.pem"),
        ])
        .expect("openssl")
    };
    for hash in ["sha256", "sha384", "sha512"] {
        let Some((query, reply)) = stamped(&stage, folder.path(), hash, &["-cert"]).await else {
            return;
        };
        let said = verify(&query, &reply);
        assert!(said.contains("Verification: OK"), "{hash}: {said}");
    }
    for (hash, more, reason) in [
        ("sha1", &["-cert"][..], "algorithm identifier"),
        ("sha256", &["-tspolicy", "1.2.3.4.9"][..], "policy"),
    ] {
        let (_, reply) = stamped(&stage, folder.path(), hash, more)
            .await
            .expect("openssl");
        let said = openssl(&["ts", "-reply", "-text", "-in", &text(&reply)]).expect("openssl");
        assert!(said.contains("Rejected") && said.contains(reason), "{said}");
    }
    stage
        .fault(json!({ "fault": "clock-skew", "provider": "pki", "seconds": -7200 }))
        .await;
    let (query, reply) = stamped(&stage, folder.path(), "sha256", &["-cert"])
        .await
        .expect("openssl");
    let earlier = openssl(&["ts", "-reply", "-text", "-in", &text(&reply)]).expect("openssl");
    stage.calm().await;
    let (_, reply) = stamped(&stage, folder.path(), "sha384", &["-cert"])
        .await
        .expect("openssl");
    let now = openssl(&["ts", "-reply", "-text", "-in", &text(&reply)]).expect("openssl");
    let moment = |said: &str| {
        said.lines()
            .find(|line| line.starts_with("Time stamp:"))
            .map(str::to_owned)
    };
    assert!(moment(&earlier).is_some());
    assert_ne!(moment(&earlier), moment(&now));
    stage
        .fault(json!({ "fault": "wrong-signature", "provider": "pki", "call": "timestamp" }))
        .await;
    let (_, _) = (query, reply);
    let (query, reply) = stamped(&stage, folder.path(), "sha256", &["-cert"])
        .await
        .expect("openssl");
    assert!(verify(&query, &reply).contains("FAILED"));
}
