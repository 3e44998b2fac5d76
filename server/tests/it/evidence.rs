//! Timestamps and revocation data through the portal: with the real sandbox, and with certificates and hosts that mean harm.

use crate::support::authority::Authority;
use crate::support::{MAU, Person, Stage, now};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use contract::evidence::{AskEvidence, Evidence, MissingReason};
use contract::provider::CertificateInfo;
use contract::value::Base64;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use server::config::Settings;
use server::evidence::{EvidenceSettings, TimestampAuthority};
use signature::status::{read_list, read_ocsp};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How a host behaves that certificates name.
#[derive(Clone)]
struct Host {
    manner: Manner,
    asked: Arc<AtomicUsize>,
}

#[derive(Clone)]
enum Manner {
    Answers(Vec<u8>),
    Redirects(String),
    Never,
    Endless,
    Drips,
}

async fn answer(State(host): State<Host>, _: Request) -> Response {
    host.asked.fetch_add(1, Ordering::SeqCst);
    match host.manner {
        Manner::Answers(bytes) => bytes.into_response(),
        Manner::Redirects(to) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response()
        }
        Manner::Never => std::future::pending().await,
        Manner::Endless => {
            let chunk = vec![0_u8; 1 << 16];
            let stream =
                futures_util::stream::repeat_with(move || Ok::<_, Infallible>(chunk.clone()));
            Body::from_stream(stream).into_response()
        }
        Manner::Drips => {
            let stream = futures_util::stream::repeat(()).then(|()| async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Ok::<_, Infallible>(vec![0x30_u8])
            });
            Body::from_stream(stream).into_response()
        }
    }
}

impl Host {
    async fn start(manner: Manner) -> (SocketAddr, Arc<AtomicUsize>) {
        let host = Self {
            manner,
            asked: Arc::default(),
        };
        let asked = Arc::clone(&host.asked);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("socket");
        let address = listener.local_addr().expect("address");
        let router = axum::Router::new().fallback(answer).with_state(host);
        tokio::spawn(async move { axum::serve(listener, router).await });
        (address, asked)
    }
}

/// Settings with hosts of a test standing in for names, and little patience.
fn evidence(stand_ins: &[(&str, SocketAddr)], hosts: &[&str]) -> EvidenceSettings {
    EvidenceSettings {
        hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        stand_ins: stand_ins
            .iter()
            .map(|(host, address)| ((*host).to_owned(), format!("http://{address}")))
            .collect(),
        patience_ms: 400,
        ..EvidenceSettings::default()
    }
}

/// A stage that also trusts a test's own authority.
async fn stage(evidence: EvidenceSettings) -> (Stage, Authority) {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("root.cer"), &authority.root).expect("written");
    let stage = Stage::with(move |settings: &mut Settings| {
        settings.roots = Some(folder.path().to_owned());
        settings.evidence = Some(evidence.clone());
    })
    .await;
    (stage, authority)
}

async fn ask(stage: &Stage, person: &Person, chains: &[&[&[u8]]]) -> Evidence {
    let chains = chains
        .iter()
        .map(|chain| chain.iter().map(|der| Base64(der.to_vec())).collect())
        .collect();
    let body = serde_json::to_value(AskEvidence { chains }).expect("json");
    let (status, found) = person.post(stage.at("/api/evidence"), &body).await;
    assert_eq!(status, 200, "{found}");
    serde_json::from_value(found).expect("evidence")
}

fn reasons(found: &Evidence) -> Vec<MissingReason> {
    assert!(found.ocsp.is_empty() && found.crls.is_empty());
    found.missing.iter().map(|missing| missing.why).collect()
}

async fn certificate(stage: &Stage, person: &Person) -> CertificateInfo {
    let (status, profile) = person
        .post(
            stage.at("/api/profiles"),
            &json!({
                "name": "Chữ ký cá nhân", "phone": "0900000011", "keyword": "NGƯỜI LÀM ĐƠN",
                "accounts": [{ "citizen_id": MAU, "provider": "vnpt-ca" }],
            }),
        )
        .await;
    assert!(status < 300, "{profile}");
    let (status, found) = person
        .post(
            stage.at("/api/providers/vnpt-ca/certificates"),
            &json!({ "citizen_id": MAU }),
        )
        .await;
    assert_eq!(status, 200, "{found}");
    let list: Vec<CertificateInfo> = serde_json::from_value(found).expect("certificates");
    let usable = |info: &CertificateInfo| info.usability == contract::provider::Usability::Usable;
    list.into_iter().find(usable).expect("one")
}

#[tokio::test]
async fn the_status_of_a_signers_certificate_comes_checked() {
    let stage = Stage::new().await;
    let person = stage.sign_in(MAU).await;
    let info = certificate(&stage, &person).await;
    let (leaf, issuing) = (&info.der.0, &info.chain[0].0);
    // The root is known to the portal: with and without it the same is found.
    let found = ask(&stage, &person, &[&[leaf, issuing]]).await;
    assert_eq!(found.missing, Vec::new());
    let good = |bytes: &Base64| read_ocsp(&bytes.0, leaf, issuing, now());
    let word = found.ocsp.iter().find_map(good).expect("an answer");
    assert_eq!(word.revoked, None);
    let root = &stage.sandbox.root;
    let good = |bytes: &Base64| read_list(&bytes.0, issuing, root, now());
    let word = found.crls.iter().find_map(good).expect("a list");
    assert_eq!(word.revoked, None);
    let again = ask(&stage, &person, &[&[leaf, issuing, root], &[leaf, issuing]]).await;
    assert_eq!(again, found, "kept, and everything once");
}

#[tokio::test]
async fn a_certificate_sends_the_portal_nowhere_it_may_not_go() {
    let (inside, asked) = Host::start(Manner::Answers(b"secret".to_vec())).await;
    let mut settings = evidence(&[], &["ca.test"]);
    settings.ports = vec![inside.port()];
    let (stage, authority) = stage(settings).await;
    let person = stage.sign_in(MAU).await;
    let port = inside.port();
    let places = [
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        format!("http://localhost:{port}/"),
        format!("http://127.0.0.1:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://2130706433:{port}/"),
        "file:///etc/passwd".to_owned(),
        "ldap://ca.test/".to_owned(),
        "http://evil.test/ocsp".to_owned(),
        format!("http://ca.test@127.0.0.1:{port}/"),
    ];
    for (serial, place) in (2..).zip(&places) {
        let certificate = authority.issue(serial, &[place], &[place]);
        let found = ask(&stage, &person, &[&[&certificate, &authority.root]]).await;
        assert_eq!(reasons(&found), [MissingReason::NotAllowed], "{place}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_host_that_means_harm_gets_no_further() {
    let (inside, reached) = Host::start(Manner::Answers(b"secret".to_vec())).await;
    let (redirects, _) = Host::start(Manner::Redirects(format!("http://{inside}/"))).await;
    let (never, _) = Host::start(Manner::Never).await;
    let (endless, _) = Host::start(Manner::Endless).await;
    let (drips, _) = Host::start(Manner::Drips).await;
    let (rubbish, asked) = Host::start(Manner::Answers(b"<html>".to_vec())).await;
    let hosts = [
        ("redirects.test", redirects),
        ("never.test", never),
        ("endless.test", endless),
        ("drips.test", drips),
        ("rubbish.test", rubbish),
    ];
    let (stage, authority) = stage(evidence(&hosts, &["gone.test"])).await;
    let person = stage.sign_in(MAU).await;
    let expected = [
        ("redirects.test", MissingReason::Unusable),
        ("never.test", MissingReason::NoAnswer),
        ("endless.test", MissingReason::Unusable),
        ("drips.test", MissingReason::NoAnswer),
        ("rubbish.test", MissingReason::Unusable),
        ("gone.test", MissingReason::NoAnswer),
    ];
    for (serial, (host, why)) in (2..).zip(expected) {
        let (ocsp, list) = (format!("http://{host}/o"), format!("http://{host}/l"));
        let certificate = authority.issue(serial, &[&ocsp], &[&list]);
        let found = ask(&stage, &person, &[&[&certificate, &authority.root]]).await;
        assert_eq!(reasons(&found), [why], "{host}");
    }
    assert_eq!(
        reached.load(Ordering::SeqCst),
        0,
        "no redirect was followed"
    );
    let before = asked.load(Ordering::SeqCst);
    assert_eq!(before, 2, "the responder, then the list");
    let certificate = authority.issue(6, &["http://rubbish.test/o"], &["http://rubbish.test/l"]);
    ask(&stage, &person, &[&[&certificate, &authority.root]]).await;
    assert_eq!(
        asked.load(Ordering::SeqCst),
        before,
        "nothing is remembered too"
    );
}

#[tokio::test]
async fn answers_about_somebody_else_are_not_passed_on() {
    let stage_one = Stage::new().await;
    let person = stage_one.sign_in(MAU).await;
    let info = certificate(&stage_one, &person).await;
    let chain: &[&[u8]] = &[&info.der.0, &info.chain[0].0];
    let real = ask(&stage_one, &person, &[chain]).await;
    // Another host repeats the sandbox's true answer to everything.
    let (host, asked) = Host::start(Manner::Answers(real.ocsp[0].0.clone())).await;
    let (stage, authority) = stage(evidence(&[("ca.test", host)], &[])).await;
    let person = stage.sign_in(MAU).await;
    let certificate = authority.issue(2, &["http://ca.test/"], &["http://ca.test/"]);
    let found = ask(&stage, &person, &[&[&certificate, &authority.root]]).await;
    assert_eq!(reasons(&found), [MissingReason::Unusable]);
    // Beneath no root of ours: not even asked.
    let other = Authority::of(8);
    let strange = other.issue(2, &["http://ca.test/"], &["http://ca.test/"]);
    let before = asked.load(Ordering::SeqCst);
    let found = ask(&stage, &person, &[&[&strange, &other.root]]).await;
    assert_eq!(reasons(&found), [MissingReason::Unusable; 2]);
    assert_eq!(asked.load(Ordering::SeqCst), before);
    let silent = authority.issue(3, &[], &[]);
    let found = ask(&stage, &person, &[&[&silent]]).await;
    assert_eq!(reasons(&found), [MissingReason::NotNamed]);
}

/// `TimeStampReq` for a digest of 32 times `fill`.
fn query(fill: u8) -> Vec<u8> {
    let mut query =
        hex::decode("303702010130".to_owned() + "2f300b0609608648016503040201").expect("hex");
    query.extend([4, 32]);
    query.extend([fill; 32]);
    query.extend([1, 1, 0xff]);
    let inner = query.len() - 2;
    query[1] = u8::try_from(inner).expect("short");
    query[6] = u8::try_from(inner - 3 - 2 - 3).expect("short");
    query
}

async fn stamp(stage: &Stage, person: &Person, body: Vec<u8>) -> (u16, Vec<u8>) {
    let answer = stage
        .http
        .post(stage.at("/api/timestamps"))
        .header("content-type", "application/timestamp-query")
        .header("cookie", person.cookie())
        .body(body)
        .send()
        .await
        .expect("answer");
    let status = answer.status().as_u16();
    if status == 200 {
        assert_eq!(
            answer.headers()["content-type"],
            "application/timestamp-reply"
        );
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    (status, answer.bytes().await.expect("body").to_vec())
}

#[tokio::test]
async fn a_stamp_comes_from_the_second_authority_when_the_first_fails() {
    let (first, asked) = Host::start(Manner::Answers(vec![0x30, 5, 0x30, 3, 2, 1, 2])).await;
    let stage = Stage::with(move |settings: &mut Settings| {
        let sandbox = settings.sandbox_url.clone().expect("set");
        let authority = |url| TimestampAuthority {
            url,
            user: None,
            password: None,
        };
        settings.evidence = Some(EvidenceSettings {
            timestamp: vec![
                authority(format!("http://{first}/")),
                authority(format!("{sandbox}/tsa")),
            ],
            ..EvidenceSettings::default()
        });
    })
    .await;
    let person = stage.sign_in(MAU).await;
    let (_, offer) = person.get(stage.at("/api/evidence")).await;
    assert_eq!(offer, json!({ "timestamps": true }));
    for fill in [1, 2] {
        let (status, reply) = stamp(&stage, &person, query(fill)).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&reply));
        assert!(reply.windows(32).any(|window| window == [fill; 32]));
    }
    assert_eq!(
        asked.load(Ordering::SeqCst),
        1,
        "who refused is left alone for a while"
    );
    assert_eq!(stamp(&stage, &person, vec![7; 5000]).await.0, 413);
    assert_eq!(
        stamp(&stage, &person, b"%PDF-1.7 a document".to_vec())
            .await
            .0,
        422
    );
}

#[tokio::test]
async fn only_people_ask_and_not_without_end() {
    let (silent, _) = Host::start(Manner::Answers(Vec::new())).await;
    let stage = Stage::with(move |settings: &mut Settings| {
        settings.evidence = Some(EvidenceSettings {
            timestamp: vec![TimestampAuthority {
                url: format!("http://{silent}/"),
                user: None,
                password: None,
            }],
            ..EvidenceSettings::default()
        });
    })
    .await;
    let nobody = Person::stranger(&stage);
    assert_eq!(stamp(&stage, &nobody, query(1)).await.0, 401);
    let none = json!({ "chains": [] });
    let (status, _) = nobody.post(stage.at("/api/evidence"), &none).await;
    assert_eq!(status, 401);
    let person = stage.sign_in(MAU).await;
    assert_eq!(stamp(&stage, &person, query(1)).await.0, 503);
    let many = json!({ "chains": [vec!["AA=="; 13]] });
    let (status, answer) = person.post(stage.at("/api/evidence"), &many).await;
    assert_eq!((status, answer["code"].as_str()), (422, Some("invalid")));
    let mut last = Value::Null;
    for _ in 0..90 {
        let (status, answer) = person.post(stage.at("/api/evidence"), &none).await;
        last = answer;
        if status == 429 {
            break;
        }
    }
    assert_eq!(last["code"], "too-many");
}
