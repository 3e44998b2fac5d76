//! The report.

use crate::bench::machine;
use anyhow::Result;
use serde_json::Value;

/// What is wanted at least, and of the start at most.
const FILES: f64 = 0.8;
const DOSSIERS: f64 = 0.3;
const START_MS: f64 = 300.0;

/// Puts together what was found.
pub fn written(all: &Value) -> Result<String> {
    let mut out = format!(
        "# The server, measured\n\nMade by `cargo xtask bench server`. {}.\nRelease builds of server and sandbox; the server, its peer, the database \
         and the people who are played share the processors of the machine. Each part says when it was measured and under which load (processes \
         that want a processor, average of a minute, before and after: what is measured is part of it). Peers take turns with the portal within a \
         part; a ratio is that of two turns side by side, and the median of all is told. The demo's limits by address and person are lifted by a \
         settings file.\n\n## Wanted\n\n| what | measured | wanted |\n|---|---|---|\n",
        machine()?,
    );
    for file in list(&all["files"]["found"]["files"]) {
        let name = short(file);
        if name.ends_with(".wasm") {
            let ratio = number(file, "ratio");
            let told = format!("{ratio:.2} of nginx");
            row(
                &mut out,
                &format!("requests a second for `{name}`"),
                &told,
                (ratio >= FILES, "0.8"),
            );
        }
    }
    for (part, peer) in [("postgres", "pgbench"), ("sqlite", "a loop of inserts")] {
        let found = &all[part]["found"];
        if found.is_null() {
            continue;
        }
        for (what, name) in [
            ("dossiers submitted a second", "alone"),
            (
                "dossiers announced once more and submitted a second",
                "whole",
            ),
        ] {
            let ratio = number(&found[name], "ratio");
            row(
                &mut out,
                &format!("{what}, {}", title(part)),
                &format!("{ratio:.2} of {peer}"),
                (ratio >= DOSSIERS, "0.3"),
            );
        }
        let worst = number(&found["starts"], "worst");
        let told = format!(
            "{:.0} ms, at worst {worst:.0} ms",
            number(&found["starts"], "median")
        );
        row(
            &mut out,
            &format!("start on a database with data, {}", title(part)),
            &told,
            (worst < START_MS, "below 300 ms"),
        );
    }
    files(&mut out, &all["files"]);
    for part in ["postgres", "sqlite"] {
        dossiers(&mut out, part, &all[part]);
    }
    uploads(&mut out, &all["uploads"]);
    streams(&mut out, &all["streams"]);
    Ok(out)
}

fn row(out: &mut String, what: &str, told: &str, (reached, wanted): (bool, &str)) {
    let verdict = if reached { "reached" } else { "**missed**" };
    let least = if wanted.starts_with("below") {
        ""
    } else {
        "≥ "
    };
    out.push_str(&format!(
        "| {what} | {told} | {verdict} ({least}{wanted}) |\n"
    ));
}

fn head(out: &mut String, title: &str, part: &Value) {
    out.push_str(&format!(
        "\n## {title}\n\n{} UTC, commit {}, load {} before and {} after.\n\n",
        text(part, "at"),
        text(part, "commit"),
        part["load"][0].as_str().unwrap_or_default(),
        part["load"][1].as_str().unwrap_or_default(),
    ));
}

fn files(out: &mut String, part: &Value) {
    if part.is_null() {
        return;
    }
    head(out, "Files of the site", part);
    let found = &part["found"];
    out.push_str(&format!(
        "wrk with one thread and {} connections, `Accept-Encoding: br`. nginx serves the packed file under its own name, so that both send the same \
         bytes: as many processes as cores, `sendfile`, open files remembered, no log. The portal adds its headers, a number and a place in its own \
         numbers to each answer. It held {} MB afterwards.\n\n\
         | file | bytes | portal, requests a second | nginx | ratio | of each turn | p99 | nginx's p99 | cores it used |\n\
         |---|---|---|---|---|---|---|---|---|\n",
        found["at_once"], found["megabytes"],
    ));
    for file in list(&found["files"]) {
        out.push_str(&format!(
            "| `{}` | {} | {:.0} | {:.0} | **{:.2}** | {} | {:.1} ms | {:.1} ms | {:.2} |\n",
            short(file),
            file["bytes"],
            number(file, "rate"),
            number(file, "nginx"),
            number(file, "ratio"),
            each(&file["ratios"]),
            number(file, "p99"),
            number(file, "nginx_p99"),
            number(file, "cores"),
        ));
    }
}

fn dossiers(out: &mut String, part: &str, found: &Value) {
    if found.is_null() {
        return;
    }
    head(out, &format!("Dossiers, {}", title(part)), found);
    let found = &found["found"];
    let peer = if part == "postgres" {
        "`pgbench --skip-some-updates` (its built-in `simple-update`: one row read, one changed, one added) on the same cluster, `fsync` and \
         `synchronous_commit` on, as many callers. Both databases were vacuumed and analysed before the turns"
    } else {
        "Python's `sqlite3` in a loop that adds one row a transaction, WAL and `synchronous = FULL` as the portal sets them, same file system; SQLite has \
         one writer"
    };
    out.push_str(&format!(
        "The submission is `POST /api/dossiers/ID/submission`: it gives the code, with its line in the officers' inbox and the words it is found by, \
         event, message, notice, bill and journal. The page sends `PUT /api/dossiers/ID` before it with all that the form says, checked and written; \
         that is in the second line. Its signed form is there already; files are measured below, signing in `signing.md`. The receipt is made behind \
         it.\n{} dossiers a turn by {} people at the same time. The peer: {peer}.\n\n\
         | what | portal, dossiers a second | peer, transactions a second | ratio | of each turn | p50 | p99 | server's processor time each |\n\
         |---|---|---|---|---|---|---|---|\n",
        found["dossiers"], found["at_once"],
    ));
    for (what, name) in [("submission", "alone"), ("both requests", "whole")] {
        let line = &found[name];
        out.push_str(&format!(
            "| {what} | {:.0} | {:.0} | **{:.2}** | {} | {:.1} ms | {:.1} ms | {:.2} ms |\n",
            number(line, "rate"),
            number(line, "peer"),
            number(line, "ratio"),
            each(&line["ratios"]),
            number(&line["turn"], "p50"),
            number(&line["turn"], "p99"),
            number(line, "server_ms_each"),
        ));
    }
    let kept = &found["kept"];
    out.push_str(&format!(
        "\nAfter all of it and the last `kill -9`: all {} codes that were told are in the database; `server audit verify`: {}.\n",
        kept["codes"],
        text(kept, "journal"),
    ));
    out.push_str("\n| read | requests a second | p50 | p99 | requests |\n|---|---|---|---|---|\n");
    for line in list(&found["reads"]) {
        out.push_str(&format!(
            "| {} | {:.0} | {:.1} ms | {:.1} ms | {} |\n",
            text(line, "what"),
            number(line, "rate"),
            number(line, "p50"),
            number(line, "p99"),
            line["requests"],
        ));
    }
    let mixed = &found["mixed"];
    out.push_str(&format!(
        "\nPeople who look at their list, one in ten handing in, {} connections: at most {:.0} a second. Asked {:.0} times a second, seven tenths of \
         that, counted from when somebody wanted to ask:\n\n| what | p50 | p99 | number |\n|---|---|---|---|\n",
        mixed["at_once"],
        number(mixed, "most"),
        number(mixed, "asked"),
    ));
    for (what, name) in [
        ("handing in, both requests", "handed"),
        ("looking", "looked"),
    ] {
        let line = &mixed[name];
        out.push_str(&format!(
            "| {what} | {:.1} ms | {:.1} ms | {} |\n",
            number(line, "p50"),
            number(line, "p99"),
            line["requests"]
        ));
    }
    let (idle, starts) = (&found["idle"], &found["starts"]);
    out.push_str(&format!(
        "\nA connection that was used once and is silent: {:.1} KB of the server's memory, {} of them held, {:.1} % of one core meanwhile.\n\
         From the start of the program to the first 200 of `/api/health` on this database, {} times after a `kill -9`: median {:.0} ms, at worst {:.0} ms.\n",
        number(idle, "bytes_each") / 1000.0,
        idle["connections"],
        number(idle, "busy_percent"),
        starts["times"],
        number(starts, "median"),
        number(starts, "worst"),
    ));
}

fn uploads(out: &mut String, part: &Value) {
    if part.is_null() {
        return;
    }
    head(out, "Files that arrive", part);
    let found = &part["found"];
    out.push_str(&format!(
        "{} MiB in pieces of 4 MiB one after the other, as the page sends them, until the portal says that the whole is there with its digest: every \
         piece is on the disk before it is acknowledged. Beside `dd bs=4M conv=fsync` of the same bytes to the same disk; {} turns.\n\n\
         | portal | dd | ratio | of each turn | median piece | server's processor time |\n|---|---|---|---|---|---|\n\
         | {:.0} MB a second | {:.0} MB a second | **{:.2}** | {} | {:.0} ms | {:.1} ms a MiB |\n",
        found["mebibytes"],
        found["rounds"],
        number(found, "rate"),
        number(found, "dd"),
        number(found, "ratio"),
        each(&found["ratios"]),
        number(found, "piece_ms"),
        number(found, "server_ms_a_megabyte"),
    ));
}

fn streams(out: &mut String, part: &Value) {
    if part.is_null() {
        return;
    }
    head(out, "Open event streams", part);
    let one = &part["found"];
    out.push_str(&format!(
        "Each browser with a transaction of its own that waits at the provider; {} confirm on their phones, one every 20 ms, and the time is counted \
         from the phone's answer to the event in the browser. A stream that was closed would have failed the run.\n\n\
         | streams | server's memory | each | processor while all wait | p50 | p99 |\n|---|---|---|---|---|---|\n\
         | {} | {} MB ({} MB alone) | {:.1} KB | {:.1} % of one core | {} ms | {} ms |\n",
        one["confirmed"],
        one["browsers"],
        one["megabytes"],
        one["megabytes_empty"],
        number(one, "bytes_each") / 1000.0,
        number(one, "busy_percent"),
        one["p50_ms"],
        one["p99_ms"],
    ));
}

fn title(part: &str) -> &'static str {
    if part == "postgres" {
        "PostgreSQL"
    } else {
        "SQLite"
    }
}

fn short(file: &Value) -> &str {
    let name = file["file"].as_str().unwrap_or_default();
    name.rsplit('/').next().unwrap_or_default()
}

fn each(ratios: &Value) -> String {
    let all: Vec<String> = list(ratios)
        .filter_map(Value::as_f64)
        .map(|ratio| format!("{ratio:.2}"))
        .collect();
    all.join(", ")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_default()
}
