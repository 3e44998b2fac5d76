//! One function a part.

use super::Finding;
use crate::config::Config;
use crate::evidence::Evidence;
use crate::notify::Post;
use crate::state::now;
use contract::value::{CitizenId, Sha256, Timestamp};
use provider::ProviderError;
use sha2::Digest as _;
use std::time::{Duration, Instant};
use store::{Database, Files};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// Certificates that end within so many days are told.
const SOON_DAYS: i64 = 60;
const DAY_MS: i64 = 86_400_000;
/// A clock that is further off than this makes timestamps and tokens that others refuse.
const CLOCK_MS: i64 = 5_000;
/// Less space than this for files is told, in bytes.
const SPACE_MIN: u64 = 5 * 1024 * 1024 * 1024;
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Nobody's identity number: asking a provider about it shows whether it knows us.
const NOBODY: &str = "000000000000";

/// What the settings allow and a public portal should not have.
pub fn settings(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    if config.demo {
        found.push(Finding::doubtful(
            "settings",
            "demo mode: invented people with a known password; never with real data",
        ));
    }
    if !config.https && !config.demo {
        found.push(Finding::bad(
            "settings",
            format!(
                "public_url is {}: browsers keep drafts and cookies only for https",
                config.public_url
            ),
        ));
    }
    if config.https && !config.behind_proxy && config.listen.ip().is_loopback() {
        found.push(Finding::doubtful(
            "settings",
            "it listens on a loopback address for an https address, so a proxy stands before it: start with behind_proxy, or all visitors count as one",
        ));
    }
    if config.metrics_listen.is_none() {
        found.push(Finding::doubtful(
            "metrics",
            "metrics_listen is not set: nobody sees the numbers",
        ));
    }
    found
}

/// What the portal is called.
pub fn province(config: &Config) -> Vec<Finding> {
    let province = &config.province;
    if province.is_named() {
        vec![Finding::good("province", province.name.clone())]
    } else if config.demo {
        Vec::new()
    } else {
        vec![Finding::doubtful(
            "province",
            "no [province]: the portal bears the name of an invented one",
        )]
    }
}

/// The built page.
pub fn site(config: &Config) -> Vec<Finding> {
    let page = config.site.join("index.html");
    vec![if page.is_file() {
        Finding::good("site", config.site.display().to_string())
    } else {
        Finding::bad(
            "site",
            format!(
                "{} is not there: build it by `cargo xtask build`, or set `site`",
                page.display()
            ),
        )
    }]
}

/// When a certificate begins and ends.
fn term(der: &[u8]) -> Option<(Timestamp, Timestamp)> {
    let certificate = Certificate::from_der(der).ok()?;
    let validity = certificate.tbs_certificate().validity();
    let moment = |time: x509_cert::time::Time| {
        i64::try_from(time.to_unix_duration().as_millis())
            .ok()
            .map(Timestamp)
    };
    Some((moment(validity.not_before)?, moment(validity.not_after)?))
}

fn subject(der: &[u8]) -> String {
    Certificate::from_der(der).map_or_else(
        |_| "a certificate that cannot be read".into(),
        |certificate| certificate.tbs_certificate().subject().to_string(),
    )
}

/// How a certificate's term stands.
fn in_term(part: &str, der: &[u8], at: Timestamp) -> Finding {
    let name = subject(der);
    let Some((begins, ends)) = term(der) else {
        return Finding::bad(part, format!("{name}: its dates cannot be read"));
    };
    let days = (ends.0 - at.0) / DAY_MS;
    if begins > at {
        Finding::bad(
            part,
            format!("{name} is not valid yet: is the clock right?"),
        )
    } else if ends <= at {
        Finding::bad(part, format!("{name} ended {} days ago", -days))
    } else if days < SOON_DAYS {
        Finding::doubtful(part, format!("{name} ends in {days} days"))
    } else {
        Finding::good(part, format!("{name}, {days} days left"))
    }
}

/// Trusted roots.
pub fn roots(config: &Config) -> Vec<Finding> {
    if config.trust.roots.is_empty() {
        return vec![Finding::bad(
            "roots",
            "no trusted root: no signature can be found valid; set `roots`",
        )];
    }
    let at = now();
    let roots = config.trust.roots.iter();
    roots.map(|root| in_term("root", &root.0, at)).collect()
}

/// The portal's seal and those of agencies.
pub fn seals(config: &Config) -> Vec<Finding> {
    let at = now();
    let mut found = Vec::new();
    if config.seal.is_none() {
        found.push(Finding::doubtful(
            "seal",
            "no [seal]: receipts and slips are unsigned and say so",
        ));
    }
    let own = config.seal.iter().map(|seal| ("seal".to_owned(), seal));
    let agencies = config.seals.agencies();
    for (part, seal) in own.chain(agencies.map(|(name, seal)| (format!("seal of {name}"), seal))) {
        found.push(in_term(&part, seal.certificate(), at));
        if !seal.is_trusted(&config.trust, at) {
            found.push(Finding::bad(
                part,
                "does not lead to a trusted root, so it is put on nothing: add its issuer to `roots`, or the chain to its certificates",
            ));
        }
    }
    found
}

/// The calendar of working days.
pub fn holidays(config: &Config) -> Vec<Finding> {
    match crate::workflow::Office::open(config.holidays.as_deref()) {
        Err(error) => vec![Finding::bad("holidays", format!("{error:#}"))],
        Ok(office) => {
            let missing = office.calendar.missing(now());
            if missing.is_empty() {
                vec![Finding::good(
                    "holidays",
                    "this year and the next are complete",
                )]
            } else {
                let years: Vec<String> = missing.iter().map(ToString::to_string).collect();
                vec![Finding::doubtful(
                    "holidays",
                    format!(
                        "Tết of {} is missing: deadlines around it come too early; put it in once it is decreed",
                        years.join(" and ")
                    ),
                )]
            }
        }
    }
}

/// Word files to PDF.
pub fn conversion(config: &Config) -> Vec<Finding> {
    if !config.conversion.enabled {
        return vec![Finding::good("conversion", "switched off")];
    }
    let offer = crate::conversion::Conversion::new(&config.conversion).offer();
    vec![if offer.offered {
        Finding::good("conversion", "LibreOffice is there")
    } else {
        Finding::doubtful(
            "conversion",
            "LibreOffice is not there: Word files are not taken; install libreoffice-writer-nogui, or set enabled = false in [conversion]",
        )
    }]
}

/// The database: reached, its schema, its clock.
pub async fn database(config: &Config) -> Vec<Finding> {
    let part = "database";
    let began = Instant::now();
    let probe = match tokio::time::timeout(PATIENCE, Database::probe(&config.database_url)).await {
        Err(_) => return vec![Finding::bad(part, "does not answer")],
        // The error may quote the address, and that its password.
        Ok(Err(store::StoreError::Database(error))) => {
            return vec![Finding::bad(
                part,
                format!("cannot be reached: {}", without_address(&error.to_string())),
            )];
        }
        Ok(Err(error)) => return vec![Finding::bad(part, error.to_string())],
        Ok(Ok(probe)) => probe,
    };
    let mut found = vec![if probe.unknown > 0 {
        Finding::bad(
            part,
            format!(
                "{} changes of its schema come from a newer version: run that one",
                probe.unknown
            ),
        )
    } else if probe.made == 0 {
        Finding::good(
            part,
            "reached and empty: its tables are made at the next start",
        )
    } else if probe.pending > 0 {
        Finding::doubtful(
            part,
            format!(
                "{} changes of its schema are made at the next start: take a backup before",
                probe.pending
            ),
        )
    } else {
        Finding::good(
            part,
            format!("answers in {} ms", began.elapsed().as_millis()),
        )
    }];
    if let Some(clock) = probe.clock {
        found.extend(clock_of(part, clock));
    }
    found
}

/// The part of an error behind which no address stands.
fn without_address(error: &str) -> &str {
    error.split("://").next().unwrap_or_default()
}

/// How far another clock is from ours.
fn clock_of(part: &str, theirs: Timestamp) -> Option<Finding> {
    let off = theirs.0 - now().0;
    (off.abs() > CLOCK_MS).then(|| {
        Finding::bad(
            "clock",
            format!(
                "{part} is {} s {} this machine: set both by NTP",
                off.abs() / 1000,
                if off > 0 { "ahead of" } else { "behind" }
            ),
        )
    })
}

/// The store of files: something is written, read and taken away, and there is space.
pub async fn files(config: &Config) -> Vec<Finding> {
    let part = "files";
    let files = match Files::at(&config.files) {
        Ok(files) => files,
        Err(error) => return vec![Finding::bad(part, error.to_string())],
    };
    let mut found = Vec::new();
    match tokio::time::timeout(PATIENCE, files.trial()).await {
        Err(_) => found.push(Finding::bad(part, "does not answer")),
        Ok(Err(error)) => found.push(Finding::bad(part, format!("cannot be written: {error}"))),
        Ok(Ok(())) => found.push(Finding::good(part, "written, read and removed")),
    }
    if let store::Place::Folder(folder) = &config.files
        && let Ok(space) = rustix::fs::statvfs(folder)
    {
        let free = space.f_bavail.saturating_mul(space.f_frsize);
        let gigabytes = free / (1024 * 1024 * 1024);
        if free < SPACE_MIN {
            found.push(Finding::bad(
                part,
                format!("{gigabytes} GB of space are left"),
            ));
        } else {
            found.push(Finding::good(
                part,
                format!("{gigabytes} GB of space are left"),
            ));
        }
    }
    found
}

/// Providers: reached, and whether they know the portal.
pub async fn providers(config: &Config) -> Vec<Finding> {
    let Ok(client) = provider::http_client() else {
        return vec![Finding::bad("providers", "TLS cannot be set up")];
    };
    let Ok(nobody) = NOBODY.parse::<CitizenId>() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut available = 0;
    for entry in &config.providers {
        let part = format!("provider {}", entry.code.as_str());
        let Some(signer) = provider::signer(entry, &client) else {
            found.push(Finding::doubtful(part, "not filled in: not offered"));
            continue;
        };
        available += 1;
        let began = Instant::now();
        let answer = tokio::time::timeout(PATIENCE, signer.certificates(&nobody)).await;
        let took = began.elapsed().as_millis();
        found.push(match answer {
            Err(_) | Ok(Err(ProviderError::Unreachable | ProviderError::NoAnswer)) => Finding::bad(
                part,
                "cannot be reached: look at its address, the firewall and its certificate",
            ),
            Ok(Err(ProviderError::Down(status))) => {
                Finding::bad(part, format!("fails with status {status}"))
            }
            Ok(Ok(_) | Err(ProviderError::NoCertificate)) => {
                Finding::good(part, format!("answers in {took} ms and knows the portal"))
            }
            Ok(Err(ProviderError::Credentials)) => Finding::doubtful(
                part,
                "answers, and refuses either the portal's name and secret or the number nobody has: try with a person who has a certificate",
            ),
            Ok(Err(error)) => Finding::doubtful(part, format!("answers: {error}")),
        });
    }
    if available == 0 {
        found.push(Finding::bad(
            "providers",
            "none is filled in: nobody can sign",
        ));
    }
    found
}

/// Identity providers: whether they describe themselves and have keys.
pub async fn identity_providers(config: &Config) -> Vec<Finding> {
    let looked = crate::identity::oidc::examine(&config.oidc).await;
    looked
        .into_iter()
        .map(|(code, answer)| {
            let part = format!("identity provider {code}");
            match answer {
                Ok(()) => Finding::good(part, "describes itself and has keys"),
                Err(error) => Finding::bad(
                    part,
                    format!("{error}: nobody signs in there; look at `issuer`, the firewall and its certificate"),
                ),
            }
        })
        .collect()
}

/// Timestamp authorities.
pub async fn timestamps(config: &Config) -> Vec<Finding> {
    let part = "timestamps";
    if config.evidence.timestamp.is_empty() {
        return vec![Finding::doubtful(
            part,
            "no authority: signatures are B-B and cannot be proven once a certificate has ended",
        )];
    }
    let evidence = match Evidence::new(&config.evidence) {
        Ok(evidence) => evidence,
        Err(error) => return vec![Finding::bad(part, error.to_string())],
    };
    let digest = Sha256(sha2::Sha256::digest(b"server doctor").into());
    let query = signature::timestamp::digest_query(&digest, &rand::random::<[u8; 8]>());
    let began = Instant::now();
    vec![
        match tokio::time::timeout(PATIENCE, evidence.timestamp(query)).await {
            Ok(Some(_)) => Finding::good(
                part,
                format!("stamped in {} ms", began.elapsed().as_millis()),
            ),
            _ => Finding::bad(
                part,
                "no authority stamped: look at their addresses and passwords; signatures are made without until then",
            ),
        },
    ]
}

/// The mail server: greeted, signed in, nothing sent.
pub async fn mail(config: &Config) -> Vec<Finding> {
    let part = "mail";
    let Some(settings) = &config.mail else {
        return vec![Finding::doubtful(
            part,
            "no [mail]: people are not told by e-mail and cannot set a forgotten password anew",
        )];
    };
    let post = match Post::new(settings) {
        Ok(post) => post,
        Err(error) => return vec![Finding::bad(part, format!("{error:#}"))],
    };
    vec![match tokio::time::timeout(PATIENCE, post.greet()).await {
        Ok(Ok(())) => Finding::good(part, "greets and takes the sign-in"),
        Ok(Err(error)) => Finding::bad(part, format!("refuses: {error}")),
        Err(_) => Finding::bad(part, "does not answer"),
    }]
}

/// The scanner for malware.
pub async fn scanner(config: &Config) -> Vec<Finding> {
    let part = "scanner";
    let scanner = crate::scan::Scanner::new(config.scan.clone());
    if !scanner.is_there() {
        return vec![Finding::doubtful(
            part,
            "no [scan]: files are not scanned for malware before officers open them",
        )];
    }
    vec![match scanner.scan(b"server doctor").await {
        Ok(()) => Finding::good(part, "scans"),
        Err(error) => Finding::bad(part, format!("{error}: no file is taken until it answers")),
    }]
}
