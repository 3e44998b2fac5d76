//! The numbers of several tenants as one text: a family's lines have to stand together, and each line says whose it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One family: what is said about it, and its samples.
#[derive(Debug, Default)]
struct Family<'a> {
    about: Vec<&'a str>,
    samples: String,
}

/// All numbers: of one portal as they are, of tenants (name and text) with a label `tenant`, and those of the process once at the end.
///
/// # Errors
/// When text cannot be written.
pub fn text(all: &[(Option<String>, String)]) -> Result<String, std::fmt::Error> {
    let mut order = Vec::new();
    let mut families: BTreeMap<&str, Family<'_>> = BTreeMap::new();
    let mut name = "";
    for (tenant, text) in all {
        for line in text.lines().filter(|line| *line != "# EOF") {
            let about = line
                .strip_prefix("# ")
                .and_then(|line| line.split(' ').nth(1));
            if let Some(about) = about {
                name = about;
                let family = families.entry(name).or_insert_with(|| {
                    order.push(name);
                    Family::default()
                });
                if !family.about.contains(&line) {
                    family.about.push(line);
                }
                continue;
            }
            let Some(family) = families.get_mut(name) else {
                continue;
            };
            sample(&mut family.samples, tenant.as_deref(), line)?;
        }
    }
    let mut whole = String::new();
    for name in order {
        let Some(family) = families.get(name) else {
            continue;
        };
        for line in &family.about {
            writeln!(whole, "{line}")?;
        }
        whole.push_str(&family.samples);
    }
    super::metrics::process(&mut whole)?;
    whole.push_str("# EOF\n");
    Ok(whole)
}

/// A line with whose it is. Names of tenants are letters, digits and hyphens.
fn sample(to: &mut String, tenant: Option<&str>, line: &str) -> std::fmt::Result {
    let end = line.find(['{', ' ']).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    match (tenant, rest.strip_prefix('{')) {
        (None, _) => writeln!(to, "{line}"),
        (Some(tenant), Some(labels)) => writeln!(to, "{name}{{tenant=\"{tenant}\",{labels}"),
        (Some(tenant), None) => writeln!(to, "{name}{{tenant=\"{tenant}\"}}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_stand_together_and_every_line_says_whose_it_is() {
        let of = |sessions: u8, more: &str| {
            format!(
                "# HELP portal_requests Requests.\n# TYPE portal_requests counter\n{more}\
                 # HELP portal_sessions Sessions.\n# TYPE portal_sessions gauge\nportal_sessions {sessions}\n# EOF\n"
            )
        };
        let asked = "portal_requests_total{route=\"/api/{id}\",status=\"200\"} 2\n";
        let told = text(&[
            (Some("a".into()), of(1, asked)),
            (Some("b-c".into()), of(7, "")),
        ])
        .expect("text");
        let wanted = "# HELP portal_requests Requests.\n# TYPE portal_requests counter\n\
             portal_requests_total{tenant=\"a\",route=\"/api/{id}\",status=\"200\"} 2\n\
             # HELP portal_sessions Sessions.\n# TYPE portal_sessions gauge\n\
             portal_sessions{tenant=\"a\"} 1\nportal_sessions{tenant=\"b-c\"} 7\n";
        assert!(told.starts_with(wanted), "{told}");
        assert!(told.ends_with("# EOF\n") && told.matches("# EOF").count() == 1);
        let alone = text(&[(None, of(1, asked))]).expect("text");
        assert!(alone.contains("\nportal_sessions 1\n") && alone.contains(asked));
    }
}
