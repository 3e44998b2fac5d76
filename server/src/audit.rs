//! `server audit verify`: follows the journal's chain and tells the first link that does not hold.

use anyhow::{Context as _, Result};
use std::process::ExitCode;
use store::{Broken, Database};

/// The number at which a chain breaks.
#[must_use]
pub const fn place(broken: Broken) -> i64 {
    match broken {
        Broken::Missing(number)
        | Broken::Changed(number)
        | Broken::End(number)
        | Broken::Kept(number) => number,
    }
}

fn words(broken: Broken) -> String {
    match broken {
        Broken::Missing(number) => format!("record {number} is missing"),
        Broken::Changed(number) => format!("record {number} is not the one that was written"),
        Broken::End(number) => format!(
            "the chain should not end with record {number}: records were taken away or put behind it"
        ),
        Broken::Kept(number) => {
            format!("record {number} does not have the hash that was kept: the chain was made anew")
        }
    }
}

/// Follows the chain of a database. `kept` is `NUMBER:HASH` as an earlier run printed it. The exit status is 0 when all holds, else 1.
///
/// # Errors
/// When the database cannot be read, or `kept` is malformed.
pub async fn verify(database_url: &str, kept: Option<&str>) -> Result<ExitCode> {
    let kept = kept
        .map(|text| {
            let (number, hash) = text.split_once(':').context("--kept is NUMBER:HASH")?;
            Ok::<_, anyhow::Error>((
                number.parse::<i64>().context("--kept is NUMBER:HASH")?,
                hash,
            ))
        })
        .transpose()?;
    let database = Database::open(database_url).await?;
    let chain = database.verify_audit(kept).await?;
    match chain.broken {
        None => {
            println!("ok: {} records hold", chain.records);
            println!("keep elsewhere: {}:{}", chain.records, chain.hash);
            Ok(ExitCode::SUCCESS)
        }
        Some(broken) => {
            println!("broken: {}", words(broken));
            println!("records that hold: {}", chain.records);
            Ok(ExitCode::FAILURE)
        }
    }
}
