//! `cargo xtask watch`: rebuilds when a source file changes; open pages reload by themselves.

use crate::process::root;
use crate::run::{Options, Portal, greet};
use crate::{setup, site};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// Quick to build, for whoever edits.
const QUICK: site::Options = site::Options {
    dev: true,
    linted: false,
};

/// What the site is made from, and what the server is made from.
const PAGE: [&str; 7] = [
    "app/src",
    "app/contract/src",
    "app/document/src",
    "app/signature/src",
    "app/worker/src",
    "style",
    "public",
];
const SERVER: [&str; 7] = [
    "server/src",
    "server/store",
    "server/provider",
    "server/sandbox",
    "server/data",
    "app/contract/src",
    "app/signature/src",
];

/// Serves, rebuilds, restarts.
pub fn watch(options: &Options) -> Result<()> {
    let options = Options {
        dev: true,
        ..options.clone()
    };
    setup::for_site()?;
    site::build(&QUICK)?;
    let mut portal = Some(Portal::start(&options)?);
    greet(&options);
    let (mut page, mut server) = (state(&PAGE), state(&SERVER));
    loop {
        std::thread::sleep(Duration::from_millis(400));
        let now = state(&PAGE);
        if now != page {
            page = now;
            if let Err(error) = site::build(&QUICK) {
                eprintln!("{error:#}");
            }
        }
        let now = state(&SERVER);
        if now != server {
            server = now;
            drop(portal.take());
            match Portal::start(&options) {
                Ok(started) => portal = Some(started),
                Err(error) => eprintln!("{error:#}"),
            }
        }
    }
}

/// Time of the last change of every file below the folders.
fn state(folders: &[&str]) -> BTreeMap<PathBuf, SystemTime> {
    folders
        .iter()
        .filter_map(|folder| site::files(&root().join(folder)).ok())
        .flat_map(BTreeMap::into_values)
        .filter_map(|file| Some((file.clone(), file.metadata().ok()?.modified().ok()?)))
        .collect()
}
