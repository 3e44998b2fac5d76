//! A server that is killed without warning (SIGKILL to a real process), at the worst moments: no signature is lost or asked for twice.

use crate::support::process::Process;
use crate::support::s3::S3;
use crate::support::{MAU, Stage, digest, until};
use contract::signing::{SigningFailure, SigningState};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::process::Command;

#[tokio::test]
async fn killed_while_it_sent_while_it_waited_and_when_the_values_were_stored() {
    let mut portal = Process::start().await;
    let citizen = portal.stage.sign_in(MAU).await;

    // In the middle of the call: the request arrived, its answer reaches nobody.
    let lost = json!({ "fault": "lost-answer", "call": "sign", "times": 1 });
    portal.stage.fault(lost).await;
    let batch = portal.begin(&citizen).await;
    let id = batch.start.id;
    portal.arrived(id).await;
    portal.kill().await;
    portal.again().await;
    until(&portal.stage, &citizen, id, SigningState::Waiting).await;

    // While it waits: the person decides while nobody is there.
    portal.kill().await;
    portal.stage.phone(MAU, "confirm").await;
    portal.again().await;
    let view = until(&portal.stage, &citizen, id, SigningState::Confirmed).await;

    // When the values were stored: they are there again, and the files are finished.
    portal.kill().await;
    portal.again().await;
    let after = until(&portal.stage, &citizen, id, SigningState::Confirmed).await;
    assert_eq!(after.items, view.items);
    let signed: Vec<_> = (0..2)
        .map(|position| digest(&batch.signed(position, &after).expect("a value")))
        .collect();
    let completion = portal.stage.at(&format!("/api/signings/{id}/completion"));
    let (status, done) = citizen.post(completion, &json!({ "signed": signed })).await;
    assert_eq!((status, &done["state"]), (200, &json!("done")));
    let known = portal.stage.at_provider(id).await;
    assert_eq!(known.len(), 1, "one request");
    assert_eq!(known[0]["signed"], 1, "one signing: {known:?}");
    // The same request once more, by a tab that knows nothing: the answer is how it stands.
    let (status, same) = citizen
        .post(portal.stage.at("/api/signings"), &batch.body())
        .await;
    assert_eq!((status, &same["state"]), (200, &json!("done")));

    // Before anything was sent: nothing can come, and the person is told.
    let never = json!({ "fault": "never-answers", "call": "sign", "times": 1 });
    portal.stage.fault(never).await;
    let batch = portal.begin(&citizen).await;
    portal.kill().await;
    portal.again().await;
    let view = until(
        &portal.stage,
        &citizen,
        batch.start.id,
        SigningState::Failed,
    )
    .await;
    assert_eq!(view.failure, Some(SigningFailure::ProviderDown));
    assert!(portal.stage.at_provider(batch.start.id).await.is_empty());
    assert_eq!(
        crate::support::history(&portal.database(), id).await,
        ["requested", "sent", "confirmed", "completed"]
    );
}

#[tokio::test]
async fn a_server_that_is_asked_to_end_hears_the_answer_to_what_it_sent() {
    let mut portal = Process::start().await;
    let citizen = portal.stage.sign_in(MAU).await;
    let slow = json!({ "fault": "slow", "call": "sign", "times": 1, "ms": 1000 });
    portal.stage.fault(slow).await;
    let batch = portal.begin(&citizen).await;
    // A browser listens; that must not keep the server from ending.
    let events = portal.stage.at("/api/signings/events");
    let listening = portal
        .stage
        .http
        .get(events)
        .header("cookie", citizen.cookie())
        .send()
        .await
        .expect("open");
    let process = portal.child.id().expect("it runs").to_string();
    let asked = Command::new("kill").arg("-TERM").arg(&process).status();
    assert!(asked.await.expect("asked").success());
    let ended = tokio::time::timeout(Duration::from_secs(10), portal.child.wait()).await;
    assert!(ended.expect("it ends by itself").expect("status").success());
    drop(listening);
    assert_eq!(
        crate::support::history(&portal.database(), batch.start.id).await,
        ["requested", "sent"],
        "it waited for the answer"
    );
    portal.again().await;
    portal.stage.phone(MAU, "confirm").await;
    until(
        &portal.stage,
        &citizen,
        batch.start.id,
        SigningState::Confirmed,
    )
    .await;
    let nothing = portal.stage.at("/api/signings");
    assert_ne!(citizen.get(nothing).await.1, Value::Null);
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was_when_the_server_died() {
    goes_on(Process::start().await).await;
}

#[tokio::test]
async fn an_upload_into_a_bucket_goes_on_where_it_was_when_the_server_died() {
    let folder = tempfile::tempdir().expect("folder");
    let bucket = S3::start(folder.path()).await;
    goes_on(Process::with(Some(bucket)).await).await;
}

async fn goes_on(mut portal: Process) {
    let citizen = portal.stage.sign_in(MAU).await;
    let file: Vec<u8> = (0..900_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let name = crate::support::digest(&file);
    let size = json!({ "size": file.len() });
    let begin = |stage: &Stage| stage.at(&format!("/api/uploads/{name}"));
    citizen.put(begin(&portal.stage), &size).await;
    // Killed again and again while pieces are on their way.
    let mut kills = 0;
    let mut state = json!({ "received": 0 });
    while state["whole"] != true {
        let at = usize::try_from(state["received"].as_u64().expect("a number")).expect("small");
        let end = file.len().min(at + 256 * 1024);
        let request = portal
            .stage
            .http
            .patch(begin(&portal.stage))
            .header("upload-offset", at)
            .header("cookie", citizen.cookie())
            .body(file[at..end].to_vec());
        let sent = tokio::spawn(request.send());
        if kills < 3 {
            kills += 1;
            // Before, in, or after it was written down: nobody knows.
            tokio::time::sleep(Duration::from_millis(3 * kills)).await;
            portal.kill().await;
            let _ = sent.await;
            portal.again().await;
        } else {
            sent.await.expect("it runs").expect("an answer");
        }
        let (status, answer) = citizen.put(begin(&portal.stage), &size).await;
        assert_eq!(status, 200, "{answer}");
        assert!(answer["received"].as_u64() >= state["received"].as_u64());
        state = answer;
    }
    let whole = portal.objects().join("upload");
    let account = std::fs::read_dir(whole).expect("a folder").next();
    let folder = account
        .expect("one")
        .expect("one")
        .path()
        .join(name.to_string());
    assert_eq!(std::fs::read(folder.join("whole")).expect("there"), file);
}
