//! What people and officers look at, each kind by itself, as fast as answers come.

use super::crowd::{Until, crowd};
use crate::people::{Citizen, session};
use crate::stage::Stage;
use crate::wire::Wire;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::Database;

/// Connections that ask.
const AT_ONCE: usize = 16;
/// All addresses together may track so many at once, and ten a second from then on; no setting lifts that.
const TRACKED: usize = 1000;

/// Measures each kind.
pub async fn run(
    stage: &Stage,
    people: &[Citizen],
    codes: &Mutex<BTreeSet<String>>,
    seconds: u64,
) -> Result<Vec<Value>> {
    let over = Until::Over(Duration::from_secs(seconds));
    let database = Database::open(&stage.database_url).await?;
    let officer = session(&database, "canbo.kiem").await?;
    let mut known = Vec::new();
    for person in people.iter().take(50) {
        for line in database
            .dossiers_of(person.account, None)
            .await?
            .iter()
            .take(5)
        {
            known.push((person.cookie.clone(), line.id));
        }
    }
    let known = Arc::new(known);
    let people = Arc::new(people.to_vec());
    let codes: Arc<Vec<String>> = Arc::new({
        let codes = codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.iter().cloned().collect()
    });
    let mut wires = Vec::new();
    for _ in 0..AT_ONCE {
        wires.push(Wire::open(&stage.portal(), "").await?);
    }
    let mut figures = Vec::new();
    let mut told = |what: &str, took: super::crowd::Took| {
        let mut line = took.figures();
        line["what"] = json!(what);
        eprintln!("{line}");
        figures.push(line);
    };

    let list = crowd(
        &mut wires,
        over,
        Arc::new(move |wire, turn| {
            let people = people.clone();
            Box::pin(async move {
                wire.become_other(&people.get(turn % people.len()).context("nobody")?.cookie);
                wire.get("/api/dossiers").await?.fine()
            })
        }),
    );
    told("a citizen's list", list.await?);
    let one = crowd(
        &mut wires,
        over,
        Arc::new(move |wire, turn| {
            let known = known.clone();
            Box::pin(async move {
                let (cookie, id) = known.get(turn % known.len()).context("none")?;
                wire.become_other(cookie);
                wire.get(&format!("/api/dossiers/{id}")).await?.fine()
            })
        }),
    );
    told("a citizen's dossier", one.await?);
    let tracking = crowd(
        &mut wires,
        Until::Made(TRACKED),
        Arc::new(move |wire, turn| {
            let codes = codes.clone();
            Box::pin(async move {
                let code = codes.get(turn % codes.len()).context("none")?;
                // One proxy, many callers.
                let from = format!(
                    "x-forwarded-for: 10.1.{}.{}\r\n",
                    turn / 250 % 250,
                    turn % 250
                );
                let path = format!("/api/tracking/{code}");
                wire.ask("GET", &path, &from, &[]).await?.fine()
            })
        }),
    );
    told("tracking by code", tracking.await?);
    let inbox = crowd(
        &mut wires,
        over,
        Arc::new(move |wire, _| {
            let officer = officer.clone();
            Box::pin(async move {
                wire.become_other(&officer);
                let asked = json!({ "filter": {} });
                wire.json("POST", "/api/officer/inbox", &asked)
                    .await?
                    .fine()
            })
        }),
    );
    told(
        "an officer's inbox, its line in the journal with it",
        inbox.await?,
    );
    let tag = {
        let wire = wires.first_mut().context("no connection")?;
        let answer = wire.get("/api/procedures").await?;
        answer.etag.context("no tag")?
    };
    let again = crowd(
        &mut wires,
        over,
        Arc::new(move |wire, _| {
            let tag = format!("if-none-match: {tag}\r\n");
            Box::pin(async move {
                let answer = wire.ask("GET", "/api/procedures", &tag, &[]).await?;
                ensure!(answer.status == 304, "{}", answer.status);
                Ok(())
            })
        }),
    );
    told("the catalogue, unchanged (304)", again.await?);
    let health = crowd(
        &mut wires,
        over,
        Arc::new(|wire, _| Box::pin(async move { wire.get("/api/health").await?.fine() })),
    );
    told("limit: a request that asks nothing", health.await?);
    Ok(figures)
}
