//! `server webhooks list|retry`.

use crate::state::now;
use contract::value::VietnamTime;
use std::process::ExitCode;
use store::Database;

/// Most messages that are listed.
const LISTED: i64 = 1000;

/// Prints what did not arrive. The exit status is 1 when something was given up.
///
/// # Errors
/// When the database fails.
pub async fn list(database_url: &str) -> anyhow::Result<ExitCode> {
    let database = Database::open(database_url).await?;
    let open = database.hooks_open(LISTED).await?;
    for line in &open {
        let at = VietnamTime::from(line.begun_at);
        println!(
            "{} {:04}-{:02}-{:02} {:02}:{:02} {} {} tries={} {} {}",
            line.id,
            at.year,
            at.month,
            at.day,
            at.hour,
            at.minute,
            line.hook,
            line.event,
            line.tries,
            if line.failed { "given-up" } else { "waits" },
            line.problem,
        );
    }
    let failed = open.iter().filter(|line| line.failed).count();
    println!("{} wait, {failed} were given up", open.len() - failed);
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// Tries again what was given up, for one system or all.
///
/// # Errors
/// When the database fails.
pub async fn retry(database_url: &str, hook: Option<&str>) -> anyhow::Result<ExitCode> {
    let database = Database::open(database_url).await?;
    let begun = database.retry_hooks(hook, now()).await?;
    println!("{begun} are tried again");
    Ok(ExitCode::SUCCESS)
}
