//! Our pictures against poppler's, page by page: `end2end/bench/pages.md`, and the worst pairs side by side in `target/bench/pages`.

use super::picture::{Colored, beside};
use super::similarity::similarity;
use super::{PUBLIC, folder, home};
use crate::process::{cargo, command, root, step, succeed, target};
use crate::{setup, site};
use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How much to compare.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Pages of each file, from the first.
    #[arg(long, default_value_t = 2)]
    first: u32,
    /// Only files whose name contains this.
    #[arg(long)]
    only: Option<String>,
}

/// Side by side are kept so many.
const WORST: usize = 20;
/// Pixels per inch: the example draws 1.5 pixels a point.
const RESOLUTION: &str = "108";
/// How long either may take for a page.
const PATIENCE: Duration = Duration::from_secs(20);

struct Page {
    file: String,
    number: u32,
    outcome: Outcome,
}

enum Outcome {
    /// Both drew it: how alike, and how much the sizes differ in pixels.
    Both(f64, usize),
    OnlyPoppler(String),
    OnlyOurs,
    Neither,
}

/// Compares.
pub fn compare(options: &Options) -> Result<()> {
    setup::for_tests()?;
    let files = files(options)?;
    {
        let _step = step("Compiling the example that draws");
        succeed(cargo().args(["build", "--package", "document", "--example", "render"]))?;
    }
    let drawer = target().join("debug/examples/render");
    let out = home().join("pages");
    let _ = std::fs::remove_dir_all(&out);
    std::fs::create_dir_all(&out)?;
    let _step = step(&format!("Comparing with poppler: {} files", files.len()));
    let mut pages = Vec::new();
    for (name, file) in &files {
        for number in 1..=page_count(file).unwrap_or(1).min(options.first) {
            let (ours, theirs) = (out.join("ours.png"), out.join("theirs.png"));
            let outcome = look(&drawer, file, number, &ours, &theirs)?;
            if let Outcome::Both(alike, _) = outcome {
                keep(&mut pages, name, number, alike, &ours, &theirs, &out)?;
            }
            pages.push(Page {
                file: name.clone(),
                number,
                outcome,
            });
        }
    }
    for name in ["ours.png", "theirs.png"] {
        let _ = std::fs::remove_file(out.join(name));
    }
    tidy(&pages, &out)?;
    let text = report(&pages, files.len())?;
    std::fs::write(folder().join("pages.md"), &text)?;
    println!("{text}");
    Ok(())
}

fn files(options: &Options) -> Result<Vec<(String, PathBuf)>> {
    let public = root().join(PUBLIC);
    let from = if public.is_dir() {
        public
    } else {
        eprintln!("  {PUBLIC} is not here: the fixtures of the tests take its place");
        root().join("end2end/fixture/made")
    };
    let wanted = |name: &str| {
        name.ends_with(".pdf") && options.only.as_ref().is_none_or(|part| name.contains(part))
    };
    let found: Vec<_> = site::files(&from)?
        .into_iter()
        .filter(|(name, _)| wanted(name))
        .collect();
    if found.is_empty() {
        bail!("no PDF in {}", from.display());
    }
    Ok(found)
}

fn page_count(file: &Path) -> Option<u32> {
    let told = command("pdfinfo")
        .arg(file)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    let line = told.lines().find(|line| line.starts_with("Pages:"))?;
    line.split_whitespace().last()?.parse().ok()
}

fn look(drawer: &Path, file: &Path, number: u32, ours: &Path, theirs: &Path) -> Result<Outcome> {
    let _ = std::fs::remove_file(ours);
    let _ = std::fs::remove_file(theirs);
    let why = run(command(drawer)
        .arg(file)
        .arg(number.to_string())
        .arg(ours)
        .stderr(Stdio::piped()))?;
    let page = number.to_string();
    run(command("pdftoppm")
        .args(["-png", "-singlefile", "-cropbox", "-r", RESOLUTION])
        .args(["-f", &page, "-l", &page])
        .arg(file)
        .arg(theirs.with_extension(""))
        .stderr(Stdio::null()))?;
    Ok(match (ours.is_file(), theirs.is_file()) {
        (true, true) => {
            let (a, b) = (Colored::read(ours)?, Colored::read(theirs)?);
            let off = a.width.abs_diff(b.width).max(a.height.abs_diff(b.height));
            Outcome::Both(similarity(&a.gray(), &b.gray()), off)
        }
        (true, false) => Outcome::OnlyOurs,
        (false, true) => Outcome::OnlyPoppler(why),
        (false, false) => Outcome::Neither,
    })
}

/// Runs a program; gives the last line of what it complained of.
fn run(program: &mut Command) -> Result<String> {
    let mut child = program.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let since = Instant::now();
    loop {
        if child.try_wait()?.is_some() {
            break;
        }
        if since.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return Ok(format!("no picture within {} s", PATIENCE.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let mut told = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        let _ = std::io::Read::read_to_string(&mut pipe, &mut told);
    }
    Ok(told.lines().last().unwrap_or_default().to_owned())
}

/// Puts a pair side by side when it is among the worst so far.
fn keep(
    pages: &mut [Page],
    name: &str,
    number: u32,
    alike: f64,
    ours: &Path,
    theirs: &Path,
    out: &Path,
) -> Result<()> {
    let worse = pages
        .iter()
        .filter(|page| matches!(page.outcome, Outcome::Both(other, _) if other < alike))
        .count();
    if worse < WORST {
        beside(
            &Colored::read(ours)?,
            &Colored::read(theirs)?,
            &out.join(picture_name(alike, name, number)),
        )?;
    }
    Ok(())
}

fn picture_name(alike: f64, name: &str, number: u32) -> String {
    format!(
        "{alike:.4}-{}-{number}.png",
        name.trim_end_matches(".pdf").replace('/', "_")
    )
}

/// The worst pages, worst first.
fn worst(pages: &[Page]) -> Vec<(f64, usize, &Page)> {
    let mut list: Vec<_> = pages
        .iter()
        .filter_map(|page| match page.outcome {
            Outcome::Both(alike, off) => Some((alike, off, page)),
            _ => None,
        })
        .collect();
    list.sort_by(|a, b| a.0.total_cmp(&b.0));
    list
}

/// Removes pictures that were among the worst only for a while.
fn tidy(pages: &[Page], out: &Path) -> Result<()> {
    let kept: Vec<String> = worst(pages)
        .iter()
        .take(WORST)
        .map(|(alike, _, page)| picture_name(*alike, &page.file, page.number))
        .collect();
    for entry in std::fs::read_dir(out)? {
        let entry = entry?;
        if !kept.contains(&entry.file_name().to_string_lossy().into_owned()) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn report(pages: &[Page], files: usize) -> Result<String> {
    let list = worst(pages);
    let at = |part: usize| {
        list.get(list.len() * part / 100)
            .map_or(0.0, |(alike, ..)| *alike)
    };
    let below = |limit: f64| list.iter().filter(|(alike, ..)| *alike < limit).count();
    let version = command("pdftoppm").arg("-v").output()?.stderr;
    let version = String::from_utf8_lossy(&version).into_owned();
    let version = version.lines().next().unwrap_or_default().to_owned();
    let commit = command("git")
        .args(["rev-parse", "--short", "HEAD"])
        .output()?;
    let commit = String::from_utf8_lossy(&commit.stdout).trim().to_owned();
    let mut out = format!(
        "# Pages, compared with poppler\n\nMade by `cargo xtask bench pages`, commit {commit}: {} pages of {files} files, 1.5 pixels a point, \
         against {version}.\nStructural similarity of the grays over windows of 8 × 8 pixels in which either shows something; 1 is the same picture.\n\n\
         | | |\n|---|---|\n| drawn by both | {} |\n| median | {:.4} |\n| worst 5 % below | {:.4} |\n| below 0.9 | {} |\n| below 0.7 | {} |\n",
        pages.len(),
        list.len(),
        at(50),
        at(5),
        below(0.9),
        below(0.7),
    );
    let sizes: Vec<String> = list
        .iter()
        .filter(|(_, off, _)| *off > 2)
        .map(|(_, off, page)| format!("{} page {} ({off} px)", page.file, page.number))
        .collect();
    write!(
        out,
        "| sizes differ by more than 2 px | {} |\n\n",
        sizes.len()
    )?;
    writeln!(
        out,
        "## Drawn by one only\n\n| file | page | ours | poppler |\n|---|---|---|---|"
    )?;
    for page in pages {
        let (ours, theirs) = match &page.outcome {
            Outcome::Both(..) => continue,
            Outcome::OnlyPoppler(why) => (why.as_str(), "drawn"),
            Outcome::OnlyOurs => ("drawn", "not drawn"),
            Outcome::Neither => ("not drawn", "not drawn"),
        };
        writeln!(
            out,
            "| {} | {} | {ours} | {theirs} |",
            page.file, page.number
        )?;
    }
    writeln!(
        out,
        "\n## The {WORST} least alike\n\nSide by side, ours at the left, in `target/bench/pages`.\n\n| file | page | similarity |\n|---|---|---|"
    )?;
    for (alike, _, page) in list.iter().take(WORST) {
        writeln!(out, "| {} | {} | {alike:.3} |", page.file, page.number)?;
    }
    if !sizes.is_empty() {
        writeln!(out, "\nSizes differ: {}.", sizes.join(", "))?;
    }
    let remarks = folder().join("pages-remarks.md");
    if remarks.is_file() {
        let remarks = std::fs::read_to_string(&remarks).context("remarks")?;
        write!(out, "\n{remarks}")?;
    }
    Ok(out)
}
