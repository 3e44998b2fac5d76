//! How many browsers one server holds that wait for a phone, each with a transaction and a stream of its own, what they cost, and how
//! long a browser waits after the person has confirmed.

use crate::browser::{Browser, Started, signing};
use crate::number::{milliseconds, percentile};
use crate::people::{self, Citizen};
use crate::phone::Phone;
use crate::stage::{Place, Stage};
use anyhow::{Context as _, Result, bail, ensure};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, Semaphore};
use uuid::Uuid;

/// How.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Browsers, each with its own transaction.
    #[arg(long, default_value_t = 20_000)]
    browsers: usize,
    /// Phones that confirm while everybody waits.
    #[arg(long, default_value_t = 500)]
    confirm: usize,
    /// The provider posts results by itself; otherwise the portal has to ask.
    #[arg(long)]
    calls_back: bool,
    /// How long everybody waits quietly while the processor's time is counted, in seconds.
    #[arg(long, default_value_t = 30)]
    quiet: u64,
}

const PROVIDER: &str = "vnpt-ca";
/// Starts a person may make in a minute, with room.
const EACH: usize = 8;

/// Somebody who waits, and what came when.
struct Waiting {
    id: Uuid,
    confirmed: Arc<Mutex<Option<Instant>>>,
}

/// Runs it.
pub async fn run(place: &Place, options: &Options) -> Result<()> {
    let mut stage = Stage::new(place).await?;
    let people = people::make(&stage, options.browsers.div_ceil(EACH)).await?;
    stage.start_server().await?;
    let means = people::equip(&stage, &people, &[PROVIDER]).await?;
    let means = Arc::new(means.into_iter().next().context("no means")?);
    let phone = Phone::new(&stage.sandbox);
    if options.calls_back {
        let address = stage.at(&format!("/api/webhooks/{PROVIDER}"));
        phone.call_back(PROVIDER, &address).await?;
    }
    let empty = stage.server_memory()?;
    eprintln!("server alone: {}", megabytes(empty));

    let began = Instant::now();
    let client = reqwest::Client::new();
    let places = Arc::new(Semaphore::new(64));
    let open = Arc::new(AtomicUsize::new(0));
    let mut starting = tokio::task::JoinSet::new();
    for number in 0..options.browsers {
        let citizen: Citizen = people.get(number % people.len()).context("nobody")?.clone();
        let browser = Browser::new(&client, stage.portal(), &citizen);
        let (means, places, open) = (means.clone(), places.clone(), open.clone());
        let portal = stage.portal();
        starting.spawn(async move {
            let _place = places.acquire().await?;
            let request = signing(&means, number, 1);
            match browser.start(&request).await? {
                Started::Taken(_) => {}
                Started::Refused(code) => bail!("start {number} was refused: {code:?}"),
            }
            listen(&portal, &citizen, request.id, open).await
        });
    }
    let mut waiting = Vec::new();
    while let Some(started) = starting.join_next().await {
        waiting.push(started??);
        if waiting.len() % 2000 == 0 {
            eprintln!(
                "{} wait after {:.0} s: {}",
                waiting.len(),
                began.elapsed().as_secs_f64(),
                megabytes(stage.server_memory()?)
            );
        }
    }
    let full = stage.server_memory()?;
    let each = full.saturating_sub(empty) / u64::try_from(waiting.len().max(1))?;
    eprintln!(
        "{} browsers wait: {} in all, {each} bytes each",
        waiting.len(),
        megabytes(full)
    );

    let before = stage.server_seconds()?;
    tokio::time::sleep(Duration::from_secs(options.quiet)).await;
    let used = stage.server_seconds()? - before;
    let busy = used * 100.0 / Duration::from_secs(options.quiet).as_secs_f64();
    eprintln!(
        "while they wait: {:.1} % of one core, {} in all, {} streams open",
        busy,
        megabytes(stage.server_memory()?),
        open.load(Ordering::Relaxed)
    );
    ensure!(
        open.load(Ordering::Relaxed) == waiting.len(),
        "streams were closed"
    );

    let mut asked = phone.waiting().await?;
    ensure!(asked.len() >= waiting.len(), "{} phones ring", asked.len());
    asked.truncate(options.confirm);
    let mut pressed = Vec::new();
    for one in &asked {
        phone.press(one, "confirm").await?;
        pressed.push((one.transaction.clone(), Instant::now()));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut took = Vec::new();
    let since = Instant::now();
    for (transaction, at) in pressed {
        let id: Uuid = transaction.parse()?;
        let one = waiting
            .iter()
            .find(|one| one.id == id)
            .context("an unknown phone rang")?;
        loop {
            if let Some(heard) = *one.confirmed.lock().await {
                took.push(heard.saturating_duration_since(at));
                break;
            }
            ensure!(
                since.elapsed() < Duration::from_secs(180),
                "a confirmation never reached its browser"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    took.sort_unstable();
    eprintln!(
        "from the phone to the browser, {} times: p50 {}, p99 {}, longest {}",
        took.len(),
        milliseconds(percentile(&took, 50)),
        milliseconds(percentile(&took, 99)),
        milliseconds(percentile(&took, 100)),
    );
    let figures = serde_json::json!({
        "browsers": waiting.len(), "calls_back": options.calls_back,
        "megabytes_empty": empty / 1_000_000, "megabytes": full / 1_000_000, "bytes_each": each,
        "busy_percent": busy, "confirmed": took.len(),
        "p50_ms": percentile(&took, 50).as_millis(), "p99_ms": percentile(&took, 99).as_millis(),
    });
    println!("{figures}");
    Ok(())
}

/// Opens a stream as a browser does and waits for its first event.
async fn listen(
    portal: &str,
    citizen: &Citizen,
    id: Uuid,
    open: Arc<AtomicUsize>,
) -> Result<Waiting> {
    let address = portal.strip_prefix("http://").context("no address")?;
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "GET /api/signings/{id}/events HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\nAccept: text/event-stream\r\n\r\n",
        citizen.cookie
    );
    stream.write_all(request.as_bytes()).await?;
    let mut lines = BufReader::with_capacity(1024, stream);
    let mut line = String::new();
    loop {
        line.clear();
        ensure!(
            lines.read_line(&mut line).await? > 0,
            "a stream ended before it began"
        );
        if line.starts_with("data:") {
            break;
        }
        ensure!(
            !line.starts_with("HTTP/1.1") || line.contains(" 200 "),
            "no stream: {line}"
        );
    }
    let confirmed = Arc::new(Mutex::new(None));
    let heard = confirmed.clone();
    open.fetch_add(1, Ordering::Relaxed);
    tokio::spawn(async move {
        loop {
            line.clear();
            match lines.read_line(&mut line).await {
                Ok(0) | Err(_) => break,
                Ok(_) if line.contains("\"state\":\"confirmed\"") => {
                    *heard.lock().await = Some(Instant::now());
                }
                Ok(_) => {}
            }
        }
        open.fetch_sub(1, Ordering::Relaxed);
    });
    Ok(Waiting { id, confirmed })
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}
