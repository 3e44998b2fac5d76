//! An officer at a full desk: how long the inbox takes over HTTP, page after page, while others write. The database was filled before
//! (`server/store/examples/seed`).

use crate::number::percentile;
use crate::people::session;
use crate::stage::{Place, Stage};
use anyhow::{Context as _, Result, ensure};
use contract::dossier::DossierStatus;
use contract::inbox::{ActOnMany, AskInbox, InboxFilter, InboxPage, Shelf};
use contract::life::Act;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::Database;

/// How much.
#[derive(clap::Args, Debug, Clone)]
pub struct Options {
    /// What to search for, as the seed printed it. Without it the portal is only started once, for its tables and officers.
    #[arg(long)]
    samples: Option<PathBuf>,
    /// Requests of each kind.
    #[arg(long, default_value_t = 100)]
    rounds: usize,
    /// Officers who receive dossiers meanwhile, about five a second each.
    #[arg(long, default_value_t = 2)]
    writers: usize,
}

/// A signed-in officer over HTTP.
#[derive(Clone)]
struct Officer {
    client: reqwest::Client,
    portal: String,
    cookie: String,
}

impl Officer {
    async fn new(stage: &Stage, database: &Database, name: &str) -> Result<Self> {
        Ok(Self {
            client: reqwest::Client::new(),
            portal: stage.portal(),
            cookie: session(database, name).await?,
        })
    }

    async fn post(&self, path: &str, body: &Value) -> Result<String> {
        let request = self
            .client
            .post(format!("{}{path}", self.portal))
            .json(body);
        Self::text(request.header("cookie", &self.cookie), path).await
    }

    async fn get(&self, path: &str) -> Result<String> {
        let request = self.client.get(format!("{}{path}", self.portal));
        Self::text(request.header("cookie", &self.cookie), path).await
    }

    async fn text(request: reqwest::RequestBuilder, path: &str) -> Result<String> {
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path}: {status}: {text}");
        Ok(text)
    }

    async fn page(&self, filter: &InboxFilter, after: Option<String>) -> Result<InboxPage> {
        let asked = AskInbox {
            filter: filter.clone(),
            after,
        };
        let text = self
            .post("/api/officer/inbox", &serde_json::to_value(asked)?)
            .await?;
        Ok(serde_json::from_str(&text)?)
    }
}

/// What was measured of one kind of request.
struct Figure {
    what: String,
    times: Vec<Duration>,
    /// Dossiers on the pages.
    lines: usize,
    /// Pages that were short and not the last.
    short: usize,
}

impl Figure {
    fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            times: Vec::new(),
            lines: 0,
            short: 0,
        }
    }

    async fn page(
        &mut self,
        officer: &Officer,
        filter: &InboxFilter,
        after: Option<String>,
    ) -> Result<InboxPage> {
        let since = Instant::now();
        let page = officer.page(filter, after).await?;
        self.times.push(since.elapsed());
        self.lines += page.lines.len();
        self.short += usize::from(page.lines.len() < contract::inbox::PAGE && page.next.is_some());
        Ok(page)
    }

    fn said(mut self) -> Value {
        self.times.sort();
        let at = |percent| percentile(&self.times, percent).as_secs_f64() * 1000.0;
        eprintln!(
            "{:60} p50 {:7.1} p95 {:7.1} p99 {:7.1}",
            self.what,
            at(50),
            at(95),
            at(99)
        );
        json!({
            "what": self.what, "requests": self.times.len(), "p50": at(50), "p95": at(95), "p99": at(99),
            "lines": self.lines, "short": self.short,
        })
    }
}

/// Filters by what an officer would call them.
fn filters(sample: &Value) -> Result<Vec<(&'static str, InboxFilter)>> {
    let made = |change: Value| -> Result<InboxFilter> { Ok(serde_json::from_value(change)?) };
    let all = json!({ "kind": "all" });
    Ok(vec![
        ("everything open, by deadline", made(json!({}))?),
        (
            "everything open, newest",
            made(json!({ "sort": "newest" }))?,
        ),
        ("everything open, by name", made(json!({ "sort": "name" }))?),
        (
            "all, newest",
            made(json!({ "shelf": all, "sort": "newest" }))?,
        ),
        (
            "all, oldest",
            made(json!({ "shelf": all, "sort": "oldest" }))?,
        ),
        (
            "all, by name",
            made(json!({ "shelf": all, "sort": "name" }))?,
        ),
        (
            "new ones",
            made(json!({ "shelf": { "kind": "only", "status": "new" } }))?,
        ),
        (
            "returned ones",
            made(json!({ "shelf": { "kind": "only", "status": "returned" } }))?,
        ),
        ("late", made(json!({ "deadline": "late" }))?),
        (
            "due today, newest",
            made(json!({ "deadline": "today", "sort": "newest" }))?,
        ),
        (
            "one procedure, open",
            made(json!({ "procedure": sample["procedure"] }))?,
        ),
        (
            "one procedure, all",
            made(json!({ "procedure": sample["procedure"], "shelf": all }))?,
        ),
        (
            "one procedure, returned, unsigned, by post",
            made(json!({
                "procedure": sample["procedure"], "shelf": { "kind": "only", "status": "returned" }, "signed": false, "channel": "post",
            }))?,
        ),
        (
            "one agency, open",
            made(json!({ "agency": sample["agency"] }))?,
        ),
        (
            "one agency, all, by name",
            made(json!({ "agency": sample["agency"], "shelf": all, "sort": "name" }))?,
        ),
        (
            "submitted in one week, all",
            made(json!({ "shelf": all, "from": "2024-03-04", "to": "2024-03-10" }))?,
        ),
        (
            "submitted in one week, refused, by name",
            made(json!({
                "shelf": { "kind": "only", "status": "refused" }, "from": "2024-03-04", "to": "2024-03-10", "sort": "name",
            }))?,
        ),
        ("mine", made(json!({ "holder": "mine" }))?),
        (
            "open, signed, by post, nobody's",
            made(json!({ "signed": true, "channel": "post", "holder": "nobody" }))?,
        ),
    ])
}

/// Searches by what is typed; over everything, open or not.
const SEARCHES: [(&str, &str); 8] = [
    ("a whole code", "code"),
    ("a whole name", "name"),
    ("an identity number", "number"),
    ("a telephone", "phone"),
    ("the content's first words", "content"),
    ("the end of a code", "code-end"),
    ("a given name and a word of the procedure", "mixed"),
    ("a family name", "family"),
];

fn typed(kind: &str, sample: &Value) -> String {
    let text = |name: &str| sample[name].as_str().unwrap_or_default().to_owned();
    match kind {
        "code-end" => text("code")
            .rsplit('-')
            .next()
            .unwrap_or_default()
            .to_owned(),
        "mixed" => {
            let name = text("name");
            format!("{} khai sinh", name.rsplit(' ').next().unwrap_or_default())
        }
        "family" => text("name")
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_owned(),
        "content" => {
            let content = text("content");
            content.split(' ').take(3).collect::<Vec<_>>().join(" ")
        }
        other => text(other),
    }
}

/// Receives one dossier after the other until it is told to stop.
async fn write(
    officer: Officer,
    turn: usize,
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
) -> Result<()> {
    let filter = InboxFilter {
        shelf: Shelf::Only(if turn == 0 {
            DossierStatus::New
        } else {
            DossierStatus::Received
        }),
        ..InboxFilter::default()
    };
    let act = if turn == 0 {
        Act::Receive
    } else {
        Act::Process
    };
    while !stop.load(Ordering::Relaxed) {
        let page = officer.page(&filter, None).await?;
        for line in page.lines {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let body = ActOnMany {
                act,
                note: String::new(),
                dossiers: vec![(line.summary.id, line.version)],
            };
            officer
                .post("/api/officer/inbox/acts", &serde_json::to_value(body)?)
                .await?;
            done.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(180)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Measures and prints the figures as one line.
pub async fn run(place: &Place, options: &Options) -> Result<()> {
    let mut stage = Stage::new(place).await?;
    stage.start_server().await?;
    let Some(samples) = &options.samples else {
        return stage.kill_server().await;
    };
    let samples: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(samples)?)?;
    let database = Database::open(&stage.database_url).await?;
    let officer = Officer::new(&stage, &database, "canbo.kiem").await?;
    let commune = Officer::new(&stage, &database, "tiepnhan.an").await?;
    let stop = Arc::new(AtomicBool::new(false));
    let written = Arc::new(AtomicUsize::new(0));
    let mut writers = Vec::new();
    for turn in 0..options.writers {
        let writer = Officer::new(&stage, &database, "canbo.kiem").await?;
        writers.push(tokio::spawn(write(
            writer,
            turn % 2,
            stop.clone(),
            written.clone(),
        )));
    }
    let mut figures = Vec::new();
    let since = Instant::now();
    let kinds = filters(samples.first().context("no samples")?)?.len();
    for kind in 0..kinds {
        let mut figure: Option<Figure> = None;
        for round in 0..options.rounds {
            let sample = samples.get(round % samples.len()).context("a sample")?;
            let (what, filter) = filters(sample)?.swap_remove(kind);
            let figure = figure.get_or_insert_with(|| Figure::new(format!("first page: {what}")));
            figure.page(&officer, &filter, None).await?;
        }
        figures.extend(figure.map(Figure::said));
    }
    for (what, officer) in [
        ("two agencies' officer: open", &commune),
        ("two agencies' officer: all", &commune),
    ] {
        let mut figure = Figure::new(format!("first page: {what}"));
        let filter = InboxFilter {
            shelf: if what.ends_with("all") {
                Shelf::All
            } else {
                Shelf::Open
            },
            ..InboxFilter::default()
        };
        for _ in 0..options.rounds {
            figure.page(officer, &filter, None).await?;
        }
        figures.push(figure.said());
    }
    for (what, shelf) in [("open", Shelf::Open), ("all", Shelf::All)] {
        let mut figure = Figure::new(format!("next page, {} deep: {what}", options.rounds * 3));
        let filter = InboxFilter {
            shelf,
            ..InboxFilter::default()
        };
        let mut after = None;
        for _ in 0..options.rounds * 3 {
            after = figure.page(&officer, &filter, after).await?.next;
            if after.is_none() {
                break;
            }
        }
        figures.push(figure.said());
    }
    for (what, kind) in SEARCHES {
        let mut figure = Figure::new(format!("search: {what}"));
        for round in 0..options.rounds {
            let sample = samples.get(round % samples.len()).context("a sample")?;
            let filter = InboxFilter {
                shelf: Shelf::All,
                search: typed(kind, sample),
                ..InboxFilter::default()
            };
            figure.page(&officer, &filter, None).await?;
        }
        figures.push(figure.said());
    }
    for (what, officer) in [("everything", &officer), ("two agencies", &commune)] {
        let mut figure = Figure::new(format!("numbers beside the filters: {what}"));
        for _ in 0..options.rounds {
            let since = Instant::now();
            officer.get("/api/officer/inbox/counts").await?;
            figure.times.push(since.elapsed());
        }
        figures.push(figure.said());
    }
    let mut figure = Figure::new("opening a dossier");
    for round in 0..options.rounds {
        let sample = samples.get(round % samples.len()).context("a sample")?;
        let id = sample["id"].as_str().unwrap_or_default();
        let since = Instant::now();
        officer.get(&format!("/api/officer/dossiers/{id}")).await?;
        figure.times.push(since.elapsed());
    }
    figures.push(figure.said());
    // Counted at most once in five minutes, for everybody: the first one to ask waits for it.
    let mut figure = Figure::new("statistics of twelve months, counted anew (once)");
    let since_asked = Instant::now();
    officer.get("/api/statistics").await?;
    figure.times.push(since_asked.elapsed());
    let counted = figure.said();
    let mut figure = Figure::new("limit: 50 rows by primary key, the database alone");
    let step = i64::try_from(samples.len()).unwrap_or(1);
    for round in 0..options.rounds {
        let from = i64::try_from(round).unwrap_or(0) * step * 7;
        let since = Instant::now();
        let rows = database.plain_page(from, 50).await?;
        figure.times.push(since.elapsed());
        figure.lines += rows.len();
    }
    figures.push(figure.said());
    let mut figure = Figure::new("limit: a request that asks the database nothing");
    for _ in 0..options.rounds {
        let since = Instant::now();
        officer.get("/api/units").await?;
        figure.times.push(since.elapsed());
    }
    figures.push(figure.said());
    let seconds = since.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await??;
    }
    println!(
        "{}",
        json!({
            "figures": figures, "statistics": counted["p50"], "written": written.load(Ordering::Relaxed), "seconds": seconds,
            "megabytes": stage.server_memory()? / 1_000_000,
        })
    );
    Ok(())
}
