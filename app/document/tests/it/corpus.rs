//! Every file of the shared corpus opens or says why not; its pages are drawn; nothing panics, nothing hangs.

use crate::support::published;
use document::{Document, OpenError};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Longest step that is not called a hang.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pages of a file that are drawn.
const PAGES: u32 = 20;

/// Opens a file and looks at everything; tells every step it is done with.
fn look(file: &Path, done: &Sender<String>) -> Result<(), OpenError> {
    let step = |what: String| drop(done.send(what));
    let document = Document::open(std::fs::read(file).unwrap_or_default(), None)?;
    step("open".into());
    let _ = document.details();
    step("details".into());
    for page in 0..document.page_count().min(PAGES) {
        let drawn = document.render(page, 1.0);
        step(match drawn {
            Ok(_) => format!("page {}", page + 1),
            Err(error) => format!("page {}: {error}", page + 1),
        });
        let _ = document.links(page);
        let _ = document.text(page);
        step(format!("text {}", page + 1));
    }
    Ok(())
}

/// What became of a file.
enum End {
    Looked,
    Refused(OpenError),
    Panicked(String),
    Hung(String),
}

fn watch(steps: &Receiver<String>, name: &str) -> Result<String, String> {
    let mut last = String::from("nothing");
    loop {
        let begun = Instant::now();
        match steps.recv_timeout(PATIENCE) {
            Ok(step) => {
                let took = begun.elapsed();
                if took > Duration::from_secs(1) || step.contains(": ") {
                    println!("{name}: {step}, {} ms", took.as_millis());
                }
                last = step;
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(last),
            Err(RecvTimeoutError::Timeout) => return Err(last),
        }
    }
}

fn one(file: &Path, name: &str) -> End {
    let (done, steps) = channel();
    let path = file.to_owned();
    let child = std::thread::spawn(move || look(&path, &done));
    match watch(&steps, name) {
        // A thread cannot be stopped: it is left behind.
        Err(last) => End::Hung(last),
        Ok(last) => match child.join() {
            Ok(Ok(())) => End::Looked,
            Ok(Err(error)) => End::Refused(error),
            Err(_) => End::Panicked(last),
        },
    }
}

#[test]
fn every_file_opens_or_says_why_not_and_is_drawn_without_panic_or_hang() {
    let Some(found) = published() else { return };
    let (mut looked, mut bad) = (0, Vec::new());
    for file in &found {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        match one(file, &name) {
            End::Looked => looked += 1,
            End::Refused(error) => println!("{name}: {error}"),
            End::Panicked(last) => bad.push(format!("{name}: panicked after {last}")),
            End::Hung(last) => bad.push(format!("{name}: hung after {last}")),
        }
    }
    println!("{looked} of {} files looked at", found.len());
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(
        looked * 100 >= found.len() * 95,
        "{looked} of {}",
        found.len()
    );
}
