//! Signings a second: from the start over the phone to the browser's "done", and beside it what the sandbox does when it is asked
//! directly, so that it is seen which of the two is measured.

use crate::browser::{Browser, Started, signing};
use crate::number::{milliseconds, percentile};
use crate::people::{self, ACCOUNT, Means};
use crate::phone::Phone;
use crate::stage::{Place, Stage};
use anyhow::{Context as _, Result, bail, ensure};
use contract::signing::{SigningState, SigningView};
use reqwest::Client;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Seconds that are measured.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Browsers at the same time, each signing one file after the other.
    #[arg(long, default_value_t = 100)]
    browsers: usize,
    /// Citizens: each may start a few signings in a minute only.
    #[arg(long, default_value_t = 5000)]
    people: usize,
    /// The provider posts results by itself; otherwise the portal has to ask.
    #[arg(long)]
    calls_back: bool,
}

const PROVIDER: &str = "vnpt-ca";

/// Runs it.
pub async fn run(place: &Place, options: &Options) -> Result<()> {
    let mut stage = Stage::new(place).await?;
    let people = Arc::new(people::make(&stage, options.people).await?);
    stage.start_server().await?;
    let means = people::equip(&stage, &people, &[PROVIDER]).await?;
    let means = Arc::new(means.into_iter().next().context("no means")?);
    let phone = Phone::new(&stage.sandbox);
    phone.confirm_by_itself(PROVIDER, 0).await?;
    let window = Duration::from_secs(options.seconds);

    let sandbox = Arc::new(stage.sandbox.clone());
    let serial = means.certificate.serial.as_str().to_owned();
    let client = Client::new();
    let took = workers(options.browsers, window, move |_| {
        let (client, sandbox, serial) = (client.clone(), sandbox.clone(), serial.clone());
        async move { directly(&client, &sandbox, &serial).await }
    })
    .await?;
    let alone = tell("the sandbox alone", &took, window);

    if options.calls_back {
        let address = stage.at(&format!("/api/webhooks/{PROVIDER}"));
        phone.call_back(PROVIDER, &address).await?;
    }
    let before = stage.server_seconds()?;
    let (client, portal) = (Client::new(), Arc::new(stage.portal()));
    let next = Arc::new(AtomicUsize::new(0));
    let took = workers(options.browsers, window, move |_| {
        let person = next.fetch_add(1, Ordering::Relaxed) % people.len();
        let citizen = people.get(person).cloned();
        let (client, portal, means) = (client.clone(), portal.clone(), means.clone());
        async move {
            let citizen = citizen.context("nobody")?;
            let browser = Browser::new(&client, portal.as_ref().clone(), &citizen);
            through(&client, &portal, &citizen.cookie, &browser, &means).await
        }
    })
    .await?;
    let used = stage.server_seconds()? - before;
    let through = tell("through the portal", &took, window);
    let each = used * 1000.0 / f64::from(u32::try_from(took.len().max(1))?);
    eprintln!("  the server used {each:.1} ms of a core for each");
    let figures = json!({
        "browsers": options.browsers, "calls_back": options.calls_back, "seconds": options.seconds,
        "sandbox_alone": alone, "through_the_portal": through, "server_ms_each": each,
        "p50_ms": percentile(&took, 50).as_millis(), "p99_ms": percentile(&took, 99).as_millis(),
    });
    println!("{figures}");
    Ok(())
}

/// Repeats a job with so many workers for so long; how long each took.
async fn workers<F, J>(count: usize, window: Duration, job: F) -> Result<Vec<Duration>>
where
    F: Fn(usize) -> J + Send + Sync + 'static,
    J: Future<Output = Result<()>> + Send,
{
    let (job, end) = (Arc::new(job), Instant::now() + window);
    let mut running = tokio::task::JoinSet::new();
    for number in 0..count {
        let job = job.clone();
        running.spawn(async move {
            let mut took = Vec::new();
            while Instant::now() < end {
                let since = Instant::now();
                job(number).await?;
                took.push(since.elapsed());
            }
            anyhow::Ok(took)
        });
    }
    let mut all = Vec::new();
    while let Some(result) = running.join_next().await {
        all.extend(result??);
    }
    all.sort_unstable();
    Ok(all)
}

/// Says it; how many a second.
fn tell(what: &str, took: &[Duration], window: Duration) -> f64 {
    let count = u32::try_from(took.len()).unwrap_or(u32::MAX);
    let each = f64::from(count) / window.as_secs_f64();
    eprintln!(
        "{what}: {:.0} signings a second; p50 {}, p99 {}",
        each,
        milliseconds(percentile(took, 50)),
        milliseconds(percentile(took, 99)),
    );
    each
}

/// The provider's protocol without the portal: the request, and its status until the value is there.
async fn directly(client: &Client, sandbox: &str, serial: &str) -> Result<()> {
    let transaction = Uuid::new_v4();
    let base = format!("{sandbox}/{PROVIDER}/v1/signatures/sign");
    let access = json!({ "sp_id": "portal-demo", "sp_password": "sandbox-only" });
    let mut body = access.clone();
    let digest = hex::encode(rand::random::<[u8; 32]>());
    for (key, value) in [
        ("user_id", json!(ACCOUNT)),
        ("transaction_id", json!(transaction)),
        ("transaction_desc", json!("bench")),
        ("serial_number", json!(serial)),
        ("time_stamp", json!("20260509080000Z")),
        (
            "sign_files",
            json!([{ "file_type": "pdf", "sign_type": "hash", "doc_id": "a", "data_to_be_signed": digest }]),
        ),
    ] {
        body[key] = value;
    }
    let post = async |address: String, body: &Value| {
        let answer: Value = client.post(address).json(body).send().await?.json().await?;
        ensure!(answer["status_code"] == 200, "{answer}");
        anyhow::Ok(answer)
    };
    post(base.clone(), &body).await?;
    loop {
        let answer = post(format!("{base}/{transaction}/status"), &access).await?;
        let value = &answer["data"]["signatures"][0]["signature_value"];
        if value.is_string() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The whole way, listening as a browser does.
async fn through(
    client: &Client,
    portal: &str,
    cookie: &str,
    browser: &Browser,
    means: &Means,
) -> Result<()> {
    let request = signing(means, 0, 1);
    match browser.start(&request).await? {
        Started::Taken(_) => {}
        Started::Refused(code) => bail!("a start was refused: {code:?}"),
    }
    let mut events = client
        .get(format!("{portal}/api/signings/{}/events", request.id))
        .header("cookie", cookie)
        .send()
        .await?;
    let mut text = String::new();
    let view: SigningView = 'heard: loop {
        let chunk = events.chunk().await?.context("the stream ended")?;
        text.push_str(&String::from_utf8_lossy(&chunk));
        while let Some((line, rest)) = text.split_once('\n') {
            let view = line
                .trim_end()
                .strip_prefix("data:")
                .map(|json| serde_json::from_str::<SigningView>(json.trim()));
            text = rest.to_owned();
            if let Some(view) = view {
                let view = view?;
                if view.state == SigningState::Confirmed {
                    break 'heard view;
                }
                ensure!(!view.state.is_final(), "it ended as {:?}", view.state);
            }
        }
    };
    drop(events);
    let done = browser.complete(means, &view).await?;
    ensure!(done.state == SigningState::Done, "{:?}", done.state);
    Ok(())
}
