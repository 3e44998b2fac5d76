//! Fills a database with invented dossiers, the same ones for the same number: `cargo xtask seed` starts it. For measuring and trying, never
//! beside real dossiers. Their files do not exist.

mod invent;
mod load;

use anyhow::{Context as _, Result};
use invent::Inventor;
use load::Loader;
use store::Database;

/// Dossiers of one load.
const AT_ONCE: usize = 20_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let url = words
        .next()
        .context("seed DATABASE-URL DOSSIERS PROCEDURES-FOLDER [NOW]")?;
    let count: usize = words.next().context("how many dossiers")?.parse()?;
    let procedures = words.next().context("the folder of the procedures")?;
    let now: i64 = words
        .next()
        .map_or(Ok(1_795_662_000_000), |now| now.parse())?;
    // Makes the tables and the accounts' room as the portal does.
    drop(Database::open(&url).await?);
    let mut loader = Loader::open(&url).await?;
    let officer = loader.account("canbo.kiem").await?;
    let inventor = Inventor::new(count, now, std::path::Path::new(&procedures), officer)?;
    let first = loader.last_number().await?;
    loader.begin().await?;
    loader.accounts(inventor.accounts()).await?;
    let began = std::time::Instant::now();
    for from in (0..count).step_by(AT_ONCE) {
        let to = count.min(from + AT_ONCE);
        let made = (from..to)
            .map(|at| inventor.dossier(at))
            .collect::<Result<Vec<_>>>()?;
        loader.dossiers(first, from, &made).await?;
        eprintln!("{to} of {count}, {} s", began.elapsed().as_secs());
    }
    loader.finish(first, count, inventor.procedures()).await?;
    eprintln!("{count} dossiers in {} s", began.elapsed().as_secs());
    // Whoever measures asks for these.
    println!("{}", inventor.samples(count)?);
    Ok(())
}
