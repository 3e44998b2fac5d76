use super::*;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server that counts what it is asked and answers badly.
async fn server() -> (SocketAddr, Arc<AtomicUsize>) {
    async fn too_much() -> Response {
        " ".repeat(ANSWER_BYTES_MAX + 1).into_response()
    }
    async fn never() -> Response {
        std::future::pending().await
    }
    async fn told(headers: HeaderMap, body: String) -> Response {
        let header = |name: &str| {
            let value = headers
                .get(name)
                .map(|value| value.to_str().expect("text").to_owned());
            value.unwrap_or_default()
        };
        let answer = serde_json::json!({ "kind": header("content-type"), "bearer": header("authorization"), "body": body });
        axum::Json(answer).into_response()
    }
    async fn counted(State(count): State<Arc<AtomicUsize>>) -> &'static str {
        count.fetch_add(1, Ordering::SeqCst);
        "{}"
    }
    let count = Arc::new(AtomicUsize::new(0));
    let router = Router::new()
        .route("/counted", post(counted))
        .route(
            "/elsewhere",
            post(|| async { Redirect::temporary("/counted") }),
        )
        .route("/too-much", post(too_much))
        .route("/never", post(never))
        .route("/told", post(told))
        .route("/html", post(|| async { "<html>" }))
        .route(
            "/refused",
            post(|| async { (StatusCode::UNAUTHORIZED, "<html>") }),
        )
        .route("/many", post(|| async { StatusCode::TOO_MANY_REQUESTS }))
        .route("/down", post(|| async { StatusCode::BAD_GATEWAY }))
        .with_state(Arc::clone(&count));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("bound");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, count)
}

fn line(base: &str, more: &str) -> Line {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let text =
        format!("[[provider]]\ncode='x-1'\nname='X'\napp_name='X'\nbase_url='{base}'\n{more}\n");
    let entry = crate::read_entries(&text).expect("valid").remove(0);
    Line::new(&entry, &http_client().expect("client")).expect("a line")
}

async fn post_to(line: &Line, to: &str) -> Result<Reply, ProviderError> {
    line.post(Call {
        to,
        bearer: None,
        body: Body::json(&serde_json::json!({}))?,
        patience: Some(Duration::from_millis(300)),
    })
    .await
}

#[tokio::test]
async fn answers_are_sorted_by_what_they_mean_for_us() {
    let (address, count) = server().await;
    let line = line(&format!("http://{address}"), "");
    for (path, expected) in [
        (
            "/elsewhere",
            ProviderError::Malformed("a redirect is not followed"),
        ),
        (
            "/too-much",
            ProviderError::Malformed("the answer is too large"),
        ),
        ("/html", ProviderError::Malformed("the answer is not JSON")),
        ("/never", ProviderError::NoAnswer),
        ("/many", ProviderError::Busy),
        ("/down", ProviderError::Down(502)),
    ] {
        assert_eq!(
            post_to(&line, path).await.expect_err("refused"),
            expected,
            "{path}"
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
    let refused = post_to(&line, "/refused").await.expect("an answer");
    assert_eq!((refused.status, refused.body), (401, Value::Null));
}

#[tokio::test]
async fn the_second_address_is_asked_only_when_nothing_was_sent_to_the_first() {
    let (address, count) = server().await;
    // A port nobody listens on any more.
    let closed = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("bound");
        listener.local_addr().expect("address")
    };
    let second = format!("secondary_url='http://{address}'");
    assert!(
        post_to(&line(&format!("http://{closed}"), &second), "/counted")
            .await
            .is_ok()
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let (slow, _) = server().await;
    let line = line(&format!("http://{slow}"), &second);
    assert_eq!(
        post_to(&line, "/never").await.expect_err("lost"),
        ProviderError::NoAnswer
    );
    assert_eq!(
        post_to(&line, "/down").await.expect_err("down"),
        ProviderError::Down(502)
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn no_host_but_the_entrys_is_called() {
    let (address, count) = server().await;
    let line = line("http://ca.example", "");
    for to in [
        format!("http://{address}/counted"),
        "https://ca.example/counted".into(),
        "http://ca.example:8080/counted".into(),
        format!("@{address}/counted"),
        "file:///etc/passwd".into(),
    ] {
        assert_eq!(
            post_to(&line, &to).await.expect_err("refused"),
            ProviderError::Malformed("an address that is not the entry's was not called"),
            "{to}"
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn forms_and_tokens_are_sent_as_such() {
    let (address, _) = server().await;
    let token = "t-1".to_owned().into();
    let reply = line(&format!("http://{address}/"), "")
        .post(Call {
            to: "/told",
            bearer: Some(&token),
            body: Body::form(&[
                ("grant_type", "client_credentials"),
                ("client_secret", "a b&c=ký"),
            ]),
            patience: None,
        })
        .await
        .expect("an answer");
    assert_eq!(reply.body["kind"], "application/x-www-form-urlencoded");
    assert_eq!(reply.body["bearer"], "Bearer t-1");
    assert_eq!(
        reply.body["body"],
        "grant_type=client_credentials&client_secret=a%20b%26c%3Dk%C3%BD"
    );
}

#[test]
fn tokens_are_read_with_their_time_as_text() {
    let token = token(&serde_json::json!({"access_token":"t","expires_in":"3600"})).expect("read");
    assert_eq!(token.lifetime, Duration::from_secs(3600));
    assert!(super::token(&serde_json::json!({"access_token":""})).is_none());
}
