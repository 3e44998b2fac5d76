//! A file of the site, as a browser gets it first: from the portal, and from nginx.

use super::crowd::median;
use crate::stage::{Place, Stage};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use tokio::process::{Child, Command};

/// How.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Files below the site's folder; each lies there in brotli too, with `.br` behind its name.
    #[arg(long)]
    file: Vec<String>,
    /// The program.
    #[arg(long, default_value = "/usr/sbin/nginx")]
    nginx: PathBuf,
    /// Connections that ask all the time.
    #[arg(long, default_value_t = 16)]
    at_once: usize,
    /// Seconds of each turn.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Turns of each.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// What `wrk` found in one turn.
struct Found {
    rate: f64,
    p99: f64,
}

/// Measures.
pub async fn run(place: &Place, options: &Options) -> Result<Value> {
    let mut stage = Stage::new(place).await?;
    stage.start_server().await?;
    let (mut master, other) = nginx(&stage, options).await?;
    let found = compared(&stage, options, &other).await;
    // A master that is killed leaves its workers behind.
    let mut stop = configured(&stage, options);
    stop.args(["-s", "stop"]).status().await?;
    master.wait().await?;
    found
}

async fn compared(stage: &Stage, options: &Options, other: &str) -> Result<Value> {
    let mut figures = Vec::new();
    for file in &options.file {
        let ours = format!("{}/{file}", stage.portal());
        // It cannot choose by what a browser takes: it is asked for the packed file by name, so that both send the same bytes.
        let theirs = format!("{other}/{file}.br");
        same_bytes(&ours, &theirs).await?;
        let (mut mine, mut peers) = (Vec::new(), Vec::new());
        let mut seconds = 0.0;
        for _ in 0..options.rounds {
            let before = stage.server_seconds()?;
            mine.push(wrk(&ours, options).await?);
            seconds += stage.server_seconds()? - before;
            peers.push(wrk(&theirs, options).await?);
        }
        let rates = |found: &[Found]| median(found.iter().map(|found| found.rate).collect());
        let late = |found: &[Found]| median(found.iter().map(|found| found.p99).collect());
        let each: Vec<f64> = mine
            .iter()
            .zip(&peers)
            .map(|(one, other)| one.rate / other.rate)
            .collect();
        let size = std::fs::metadata(stage.site.join(format!("{file}.br")))?.len();
        let busy = seconds / (f64::from(u32::try_from(options.rounds)?) * options.seconds as f64);
        figures.push(json!({
            "file": file, "bytes": size, "rate": rates(&mine), "nginx": rates(&peers), "p99": late(&mine), "nginx_p99": late(&peers),
            "ratio": median(each.clone()), "ratios": each, "cores": busy,
        }));
        eprintln!("{}", figures.last().unwrap_or(&Value::Null));
    }
    Ok(
        json!({ "files": figures, "at_once": options.at_once, "megabytes": stage.server_memory()? / 1_000_000 }),
    )
}

/// nginx as somebody would set it up for files alone: as many processes as there are cores, `sendfile`, open files remembered, no log.
async fn nginx(stage: &Stage, options: &Options) -> Result<(Child, String)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let folder = stage.data.join("nginx");
    std::fs::create_dir_all(&folder)?;
    let cores = std::thread::available_parallelism()?;
    let at = folder.display();
    let settings = format!(
        "daemon off;\nuser root;\nworker_processes {cores};\npid {at}/pid;\nerror_log {at}/error.log crit;\nevents {{ worker_connections 4096; }}\n\
         http {{\naccess_log off;\nsendfile on;\ntcp_nopush on;\ntcp_nodelay on;\nkeepalive_requests 100000000;\nopen_file_cache max=100;\n\
         default_type application/wasm;\nclient_body_temp_path {at}/a;\nproxy_temp_path {at}/b;\nfastcgi_temp_path {at}/c;\nuwsgi_temp_path {at}/d;\n\
         scgi_temp_path {at}/e;\nserver {{ listen 127.0.0.1:{port} reuseport; root {}; }}\n}}\n",
        stage.site.display(),
    );
    std::fs::write(folder.join("nginx.conf"), settings)?;
    let child = configured(stage, options)
        .kill_on_drop(true)
        .spawn()
        .context("nginx does not start")?;
    Ok((child, format!("http://127.0.0.1:{port}")))
}

/// What it has to say is in its log: whoever reads our output would wait for the end of all that hold it.
fn configured(stage: &Stage, options: &Options) -> Command {
    let folder = stage.data.join("nginx");
    let mut command = Command::new(&options.nginx);
    command
        .arg("-c")
        .arg(folder.join("nginx.conf"))
        .arg("-e")
        .arg(folder.join("error.log"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

async fn same_bytes(ours: &str, theirs: &str) -> Result<()> {
    let client = reqwest::Client::new();
    let ours = client.get(ours).header("accept-encoding", "br").send();
    let ours = ours.await?.error_for_status()?.bytes().await?;
    for _ in 0..100 {
        if let Ok(answer) = client.get(theirs).send().await {
            let theirs = answer.error_for_status()?.bytes().await?;
            ensure!(ours == theirs, "nginx sends other bytes");
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    anyhow::bail!("nginx does not answer")
}

async fn wrk(address: &str, options: &Options) -> Result<Found> {
    let output = Command::new("wrk")
        .args(["--threads", "1", "--latency"])
        .args(["--connections", &options.at_once.to_string()])
        .args(["--duration", &format!("{}s", options.seconds)])
        .args(["--header", "Accept-Encoding: br"])
        .arg(address)
        .output()
        .await
        .context("wrk does not start")?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success() && !text.contains("Non-2xx"),
        "{text}"
    );
    let behind = |name: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .map(str::trim)
            .with_context(|| format!("{name}: {text}"))
    };
    Ok(Found {
        rate: behind("Requests/sec:")?.parse()?,
        p99: time(behind("99%")?)?,
    })
}

/// A time as wrk writes it, in milliseconds.
fn time(text: &str) -> Result<f64> {
    let (number, times) = match text {
        _ if text.ends_with("us") => (text.trim_end_matches("us"), 0.001),
        _ if text.ends_with("ms") => (text.trim_end_matches("ms"), 1.0),
        _ => (text.trim_end_matches('s'), 1000.0),
    };
    Ok(number.parse::<f64>()? * times)
}
