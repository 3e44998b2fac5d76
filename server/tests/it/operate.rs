//! What operators see: numbers, readiness, the doctor, traces.

use crate::support::Stage;
use serde_json::Value;
use server::config::Settings;
use server::operate::doctor::{Finding, State, examine};
use std::net::SocketAddr;
use std::time::Duration;
use uuid::Uuid;

async fn text(stage: &Stage, address: String) -> (u16, String) {
    let answer = stage.http.get(address).send().await.expect("answer");
    let status = answer.status().as_u16();
    (status, answer.text().await.expect("text"))
}

#[tokio::test]
async fn numbers_tell_routes_and_outcomes_and_no_person() {
    let stage = Stage::new().await;
    let portal = server::Portal::open(stage.settings())
        .await
        .expect("another instance");
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let (numbers, _) = server::operate::serve(vec![portal.clone()], any)
        .await
        .expect("listens");
    let listener = tokio::net::TcpListener::bind(any).await.expect("listens");
    let address = listener.local_addr().expect("address");
    let service =
        server::router(portal.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let serving = tokio::spawn(async move { axum_serve(listener, service).await });
    let dossier = Uuid::new_v4();
    for _ in 0..2 {
        let asked = format!("http://{address}/api/dossiers/{dossier}");
        assert_eq!(text(&stage, asked).await.0, 401);
    }
    let answer = stage
        .http
        .get(format!("http://{address}/api/nowhere/{dossier}"))
        .send()
        .await
        .expect("answer");
    let id = answer.headers()["x-request-id"]
        .to_str()
        .expect("text")
        .to_owned();
    let problem: Value = answer.json().await.expect("problem");
    let told = problem["request_id"].as_str().expect("an id");
    assert!(id.starts_with(told), "{id} and {told} are one request");

    let (status, all) = text(&stage, format!("http://{numbers}/metrics")).await;
    assert_eq!(status, 200);
    for line in [
        "portal_requests_total{method=\"GET\",route=\"/api/dossiers/{id}\",status=\"401\"} 2",
        "portal_signings_overdue 0",
        "portal_sessions 0",
        "process_resident_memory_bytes ",
    ] {
        assert!(all.contains(line), "{line} in\n{all}");
    }
    assert!(all.ends_with("# EOF\n"));
    assert!(!all.contains(&dossier.to_string()), "{all}");

    for path in [
        format!("http://{numbers}/ready"),
        format!("http://{address}/api/health/ready"),
    ] {
        assert_eq!(text(&stage, path).await, (200, "ready".to_owned()));
    }
    portal.draining.begin();
    let (status, why) = text(&stage, format!("http://{numbers}/ready")).await;
    assert_eq!((status, why.as_str()), (503, "ending"));
    let (status, why) = text(&stage, format!("http://{address}/api/health/ready")).await;
    assert!(
        status == 503 && why.contains("\"status\":503"),
        "{status} {why}"
    );
    assert_eq!(text(&stage, format!("http://{numbers}/live")).await.0, 200);
    serving.abort();
}

async fn axum_serve(
    listener: tokio::net::TcpListener,
    service: axum::extract::connect_info::IntoMakeServiceWithConnectInfo<axum::Router, SocketAddr>,
) {
    axum::serve(listener, service).await.expect("serves");
}

fn settings(stage: &Stage) -> Settings {
    let folder = stage.data.path();
    Settings {
        demo: true,
        data: Some(folder.join("server")),
        site: Some(folder.join("site")),
        sandbox_url: Some(format!("http://{}", stage.sandbox.address)),
        sandbox_root: Some(folder.join("sandbox/root.pem")),
        ..Settings::default()
    }
}

fn of<'a>(found: &'a [Finding], part: &str) -> &'a Finding {
    found
        .iter()
        .find(|finding| finding.part == part)
        .unwrap_or_else(|| panic!("{part} in {found:#?}"))
}

#[tokio::test]
async fn the_doctor_tries_everything_and_says_what_does_not_work() {
    let stage = Stage::new().await;
    let found = examine(settings(&stage)).await;
    for part in [
        "settings",
        "site",
        "root",
        "seal",
        "database",
        "files",
        "provider vnpt-ca",
        "timestamps",
    ] {
        assert_eq!(
            of(&found, part).state,
            State::Good,
            "{:?}",
            of(&found, part)
        );
    }
    assert_eq!(of(&found, "mail").state, State::Doubtful);
    assert!(found.iter().all(|finding| finding.state != State::Bad));

    // A provider, an authority and a database that are not there, and no page.
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
    let found = examine(Settings {
        sandbox_url: Some(format!("http://{nowhere}")),
        site: Some(stage.data.path().join("none")),
        database_url: Some(format!("postgres://somebody:secret-word@{nowhere}/portal")),
        mail: Some(
            toml::from_str(&format!(
                "server = '127.0.0.1'\nport = {}\ntls = 'none'\nfrom = 'a@example.vn'",
                nowhere.port()
            ))
            .expect("settings"),
        ),
        ..settings(&stage)
    })
    .await;
    for part in ["site", "database", "provider vnpt-ca", "timestamps", "mail"] {
        assert_eq!(of(&found, part).state, State::Bad, "{:?}", of(&found, part));
    }
    let told = format!("{found:?}");
    assert!(!told.contains("secret-word"), "{told}");

    let found = examine(Settings {
        unit: Some("not a unit".into()),
        ..settings(&stage)
    })
    .await;
    assert_eq!(
        found.len(),
        1,
        "without settings nothing is tried: {found:?}"
    );
    assert_eq!(found[0].state, State::Bad);
}

#[tokio::test]
async fn a_collector_gets_the_spans_of_requests() {
    let stage = Stage::new().await;
    let (send, mut came) = tokio::sync::mpsc::unbounded_channel::<Vec<u8>>();
    let collector = axum::Router::new().route(
        "/v1/traces",
        axum::routing::post(move |body: axum::body::Bytes| {
            let _ = send.send(body.to_vec());
            async {}
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("listens");
    let collecting = listener.local_addr().expect("address");
    tokio::spawn(async move { axum::serve(listener, collector).await });
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("address");
    drop(free);
    let folder = stage.data.path();
    let mut server = std::process::Command::new(env!("CARGO_BIN_EXE_server"))
        .args(["serve", "--demo", "--listen", &address.to_string()])
        .arg("--data")
        .arg(folder.join("traced"))
        .arg("--site")
        .arg(folder.join("site"))
        .args([
            "--sandbox-url",
            &format!("http://{}", stage.sandbox.address),
        ])
        .arg("--sandbox-root")
        .arg(folder.join("sandbox/root.pem"))
        .env(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            format!("http://{collecting}"),
        )
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("starts");
    let health = format!("http://{address}/api/health");
    for _ in 0..600 {
        if stage.http.get(&health).send().await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    stage
        .http
        .get(format!(
            "http://{address}/api/tracking/000.00.00.H34-260101-0001"
        ))
        .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"))
        .send()
        .await
        .expect("answer");
    // What was not sent yet is sent at the end.
    let ended = std::process::Command::new("kill")
        .args(["-TERM", &server.id().to_string()])
        .status();
    assert!(ended.expect("kill").success());
    let mut all = Vec::new();
    let wanted: Vec<u8> = (0..16)
        .map(|at| u8::from_str_radix(&trace[2 * at..2 * at + 2], 16).expect("hex"))
        .collect();
    let has = |all: &[u8], what: &[u8]| all.windows(what.len()).any(|part| part == what);
    while !has(&all, &wanted) {
        let next = tokio::time::timeout(Duration::from_secs(30), came.recv()).await;
        all.extend(
            next.expect("spans come in time")
                .expect("the collector lives"),
        );
    }
    assert!(has(&all, b"/api/tracking/{code}"), "the route's pattern");
    assert!(has(&all, b"ho-so-ky-so"));
    assert!(
        !has(&all, b"H34-260101-0001"),
        "and not whose dossier it is"
    );
    assert!(server.wait().expect("ends").success());
}

#[tokio::test]
async fn who_asks_too_often_is_told_to_wait_and_nobody_else_is() {
    let stage = Stage::with(|settings| {
        settings.pace = Some(server::pace::Pace {
            requests_per_address: 1000,
            requests_per_person: 1,
            ..crate::support::quick()
        });
    })
    .await;
    let (busy, other) = (
        stage.sign_in(crate::support::MAU).await,
        stage.sign_in(crate::support::THU).await,
    );
    let mut refused = None;
    for _ in 0..30 {
        let (status, problem) = busy.get(stage.at("/api/notices/unread")).await;
        if status != 200 {
            refused = Some((status, problem["code"].clone()));
            break;
        }
    }
    assert_eq!(refused, Some((429, "too-many".into())));
    assert_eq!(other.get(stage.at("/api/notices/unread")).await.0, 200);
}
