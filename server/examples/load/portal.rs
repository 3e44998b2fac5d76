//! The portal beside what limits it on the same machine in the same minutes. The peers take turns with it, so that a busy moment of the
//! machine falls on all of them. Each prints its figures as one line of JSON.

mod cold;
mod crowd;
mod files;
mod hand_in;
mod idle;
mod mixed;
mod peer;
mod reads;
mod uploads;

use crate::stage::Place;
use anyhow::Result;

/// What to measure.
#[derive(clap::Subcommand, Debug)]
pub enum What {
    /// A file of the site beside nginx, asked for by wrk.
    Files(files::Options),
    /// Dossiers handed in beside plain transactions of the same database; then reads, both at seven tenths
    /// of the most, silent connections, and the start on that database.
    HandIn(hand_in::Options),
    /// Files that arrive in pieces beside a plain copy to the same disk.
    Uploads(uploads::Options),
}

/// Measures.
pub async fn run(place: &Place, what: &What) -> Result<()> {
    let figures = match what {
        What::Files(options) => files::run(place, options).await?,
        What::HandIn(options) => hand_in::run(place, options).await?,
        What::Uploads(options) => uploads::run(place, options).await?,
    };
    println!("{figures}");
    Ok(())
}
