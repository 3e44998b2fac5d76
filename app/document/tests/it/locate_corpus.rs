//! Every file of the shared corpus gives its text, is searched and gets a place for a box: without panic, and within ten seconds.

use crate::support::published;
use contract::fold::fold;
use contract::geometry::Size;
use document::Document;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Longest step that is not called a hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// Looks at everything of a file, telling every step it is done with; gives back how many searches were made.
fn look(file: &Path, done: &Sender<()>) -> usize {
    // Nobody listens any more when a step took too long.
    let step = || done.send(()).unwrap_or_default();
    let Ok(document) = Document::open(std::fs::read(file).unwrap_or_default(), None) else {
        return 0;
    };
    let size = Size {
        width: 170.0,
        height: 60.0,
    };
    let mut searches = 0;
    let mut keyword = String::from("người làm đơn");
    for page in 0..document.page_count() {
        let Ok(text) = document.text(page) else {
            continue;
        };
        for line in &text.lines {
            assert_eq!(line.text.chars().count(), line.advances.len());
            assert!(
                line.quad
                    .iter()
                    .all(|corner| corner.x.is_finite() && corner.y.is_finite())
            );
        }
        // The longest line of a page is found on it.
        let longest = text.lines.iter().max_by_key(|line| fold(&line.text).len());
        if let Some(line) = longest
            && fold(&line.text).chars().any(char::is_alphanumeric)
            && page < 20
        {
            let hits = document.find_in_pages(&line.text, page, 1).hits;
            assert!(!hits.is_empty(), "{:?} on page {}", line.text, page + 1);
            keyword.clone_from(&line.text);
            searches += 1;
        }
        step();
    }
    let _ = document.find("e");
    step();
    for keyword in [keyword.as_str(), "không có đâu"] {
        let proposal = document.propose(keyword, size, &[]);
        for place in proposal.places {
            assert!(place.rect.width > 0.0 && place.rect.x.is_finite());
        }
        step();
    }
    searches
}

#[test]
fn every_file_is_read_searched_and_given_a_place() {
    let Some(found) = published() else { return };
    let (mut searches, mut bad) = (0, Vec::new());
    for file in &found {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let (done, waits) = channel();
        let path = file.clone();
        let child = std::thread::spawn(move || look(&path, &done));
        // A thread cannot be stopped: one that hangs is left behind.
        let begun = Instant::now();
        let end = loop {
            match waits.recv_timeout(PATIENCE) {
                Ok(()) => {}
                Err(end) => break end,
            }
        };
        if begun.elapsed() > Duration::from_secs(1) {
            println!("{name}: {:?}", begun.elapsed());
        }
        match end {
            RecvTimeoutError::Timeout => bad.push(format!("{name}: hung")),
            RecvTimeoutError::Disconnected => match child.join() {
                Ok(count) => searches += count,
                Err(cause) => bad.push(format!("{name}: {:?}", cause.downcast_ref::<String>())),
            },
        }
    }
    println!("{} files, {searches} lines searched for", found.len());
    assert!(bad.is_empty(), "{bad:#?}");
}
