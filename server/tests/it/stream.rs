//! What browsers are told: server-sent events with resume, one connection for many transactions, and their end with the session.

use crate::support::{MAU, Person, Stage, THU, prepare_many};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// A stream as a browser reads it.
struct Listener {
    answer: reqwest::Response,
    text: String,
}

/// What comes next on a stream.
#[derive(Debug)]
enum Next {
    Event(String, Value),
    Comment,
    Retry,
    End,
}

impl Listener {
    async fn open(
        stage: &Stage,
        person: &Person,
        address: String,
        last: Option<&str>,
    ) -> Result<Self, u16> {
        let mut request = stage.http.get(address).header("cookie", person.cookie());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.expect("answer");
        if answer.status() == 200 {
            assert_eq!(answer.headers()["content-type"], "text/event-stream");
            Ok(Self {
                answer,
                text: String::new(),
            })
        } else {
            Err(answer.status().as_u16())
        }
    }

    async fn any(&mut self) -> Next {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let line = |name: &str| {
                    block
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(str::trim)
                };
                if let Some(data) = line("data:") {
                    let id = line("id:").expect("every event can be resumed from");
                    return Next::Event(id.to_owned(), serde_json::from_str(data).expect("json"));
                }
                return match line("retry:") {
                    Some(pause) => {
                        pause.parse::<u32>().expect("milliseconds");
                        Next::Retry
                    }
                    None => Next::Comment,
                };
            }
            let read = tokio::time::timeout(Duration::from_secs(10), self.answer.chunk());
            match read.await.expect("a heartbeat at least") {
                Ok(Some(bytes)) => self.text.push_str(&String::from_utf8_lossy(&bytes)),
                _ => return Next::End,
            }
        }
    }

    /// The next event, or none at the end.
    async fn event(&mut self) -> Option<(String, Value)> {
        loop {
            match self.any().await {
                Next::Event(id, view) => return Some((id, view)),
                Next::End => return None,
                Next::Comment | Next::Retry => {}
            }
        }
    }

    async fn until(&mut self, id: Uuid, state: &str) -> String {
        loop {
            let (number, view) = self.event().await.expect("it goes on");
            if view["id"] == id.to_string() && view["state"] == state {
                return number;
            }
        }
    }
}

async fn start(stage: &Stage, person: &Person, account: &str) -> Uuid {
    let batch = prepare_many(stage, person, account, &[Uuid::new_v4()]).await;
    let (status, answer) = person.post(stage.at("/api/signings"), &batch.body()).await;
    assert_eq!(status, 200, "{answer}");
    batch.start.id
}

#[tokio::test]
async fn a_stream_tells_every_change_once_and_ends_with_the_transaction() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    let id = start(&stage, &citizen, MAU).await;
    let address = stage.at(&format!("/api/signings/{id}/events"));
    let mut listener = Listener::open(&stage, &citizen, address.clone(), None)
        .await
        .expect("open");
    assert!(matches!(listener.any().await, Next::Retry));
    let waiting = listener.until(id, "waiting").await;
    assert!(
        matches!(listener.any().await, Next::Comment),
        "a heartbeat while nothing happens"
    );
    // The network is lost; on the way back the browser says what it saw.
    drop(listener);
    let mut listener = Listener::open(&stage, &citizen, address.clone(), Some(&waiting))
        .await
        .expect("open");
    stage.phone(MAU, "reject").await;
    let (last, view) = listener.event().await.expect("news only");
    assert_eq!(view["state"], "rejected");
    assert!(listener.event().await.is_none(), "nothing more can come");
    let again = Listener::open(&stage, &citizen, address.clone(), Some(&last)).await;
    assert_eq!(again.err(), Some(204), "browsers do not connect again");
    let mut late = Listener::open(&stage, &citizen, address.clone(), Some(&waiting))
        .await
        .expect("open");
    let (_, view) = late.event().await.expect("what it missed");
    assert_eq!(view["state"], "rejected");
    let neighbour = stage.sign_in(THU).await;
    let foreign = Listener::open(&stage, &neighbour, address, None).await;
    assert_eq!(foreign.err(), Some(404));
}

#[tokio::test]
async fn one_connection_tells_of_all_and_of_what_ended_while_it_was_cut() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    let neighbour = stage.sign_in(THU).await;
    let first = start(&stage, &citizen, MAU).await;
    let address = stage.at("/api/signings/events");
    let mut listener = Listener::open(&stage, &citizen, address.clone(), None)
        .await
        .expect("open");
    listener.until(first, "waiting").await;
    start(&stage, &neighbour, THU).await;
    let second = start(&stage, &citizen, MAU).await;
    // Only the person's own: the next that is told is the second.
    let (_, view) = listener.event().await.expect("told");
    assert_eq!(
        (&view["id"], &view["state"]),
        (&json!(second), &json!("sending"))
    );
    let seen = listener.until(second, "waiting").await;
    drop(listener);
    stage.phone(MAU, "reject").await;
    stage.phone(MAU, "reject").await;
    crate::support::until(
        &stage,
        &citizen,
        first,
        contract::signing::SigningState::Rejected,
    )
    .await;
    crate::support::until(
        &stage,
        &citizen,
        second,
        contract::signing::SigningState::Rejected,
    )
    .await;
    let mut listener = Listener::open(&stage, &citizen, address, Some(&seen))
        .await
        .expect("open");
    let mut ended = Vec::new();
    while ended.len() < 2 {
        let (_, view) = listener.event().await.expect("told");
        assert_eq!(view["state"], "rejected");
        ended.push(view["id"].as_str().expect("id").to_owned());
    }
    assert!(ended.contains(&first.to_string()) && ended.contains(&second.to_string()));
}

#[tokio::test]
async fn another_instance_tells_too_and_a_session_that_ends_ends_its_streams() {
    let mut stage = Stage::quick().await;
    let other = stage.second().await;
    let citizen = stage.sign_in(MAU).await;
    let id = start(&stage, &citizen, MAU).await;
    let here = stage.at("/api/signings/events");
    let there = format!("http://{other}/api/signings/events");
    let mut listeners = Vec::new();
    for address in [here, there] {
        let opened = Listener::open(&stage, &citizen, address, None).await;
        listeners.push(opened.expect("open"));
    }
    stage.phone(MAU, "confirm").await;
    for listener in &mut listeners {
        listener.until(id, "confirmed").await;
    }
    // A second session of the same person goes on.
    let elsewhere = stage.sign_in(MAU).await;
    let mut kept = Listener::open(&stage, &elsewhere, stage.at("/api/signings/events"), None)
        .await
        .expect("open");
    let delete = stage.http.delete(stage.at("/api/session"));
    assert!(citizen.send(delete).await.0 < 300);
    for listener in &mut listeners {
        assert!(listener.event().await.is_none(), "both instances end it");
    }
    kept.until(id, "confirmed").await;
    let next = start(&stage, &elsewhere, MAU).await;
    kept.until(next, "waiting").await;
    let after = Listener::open(&stage, &citizen, stage.at("/api/signings/events"), None).await;
    assert_eq!(after.err(), Some(401));
}
