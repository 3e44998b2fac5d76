//! The document of an address: the words that a person sees before the program has come, as `cargo xtask build` laid them out
//! (`public/page`). A procedure's page says its name and what it is; nothing else is filled in here.

use crate::state::Portal;
use crate::tagged::Tagged;
use anyhow::{Context as _, Result};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use contract::procedure::{Procedure, Service};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::time::SystemTime;

/// The cookie that tells which language was chosen on the device; it says nothing of the person.
const LANGUAGE: &str = "language";

/// What a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Language {
    Vietnamese,
    English,
}

impl Language {
    const fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    fn of(headers: &HeaderMap) -> Self {
        let english = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(name, value)| name == LANGUAGE && value == Self::English.tag());
        if english {
            Self::English
        } else {
            Self::Vietnamese
        }
    }
}

/// Pages that were put together, by file and the procedure's code.
#[derive(Debug, Default)]
pub struct Pages(Mutex<BTreeMap<(String, String), Made>>);

/// A page, and what it was made from: the file as it was at a time, and the procedure as it was in force.
#[derive(Debug, Clone)]
struct Made {
    changed: SystemTime,
    procedure: Option<Procedure>,
    page: Tagged,
}

impl Pages {
    /// The page of a file, filled in with a procedure, as long as neither has changed since it was put together.
    fn get(&self, site: &Path, name: &str, procedure: Option<&Procedure>) -> Result<Tagged> {
        let file = site.join(name);
        let changed = std::fs::metadata(&file)
            .and_then(|known| known.modified())
            .with_context(|| format!("{}", file.display()))?;
        let code = procedure.map_or("", |procedure| procedure.summary.code.as_str());
        let key = (name.to_owned(), code.to_owned());
        let kept = self
            .0
            .lock()
            .ok()
            .and_then(|pages| pages.get(&key).cloned())
            .filter(|made| made.changed == changed && made.procedure.as_ref() == procedure);
        if let Some(made) = kept {
            return Ok(made.page);
        }
        let template = std::fs::read_to_string(&file)?;
        let whole = match procedure {
            Some(procedure) => filled(&template, procedure),
            None => template,
        };
        let page = Tagged::packed("text/html; charset=utf-8", whole.into_bytes());
        if let Ok(mut pages) = self.0.lock() {
            let made = Made {
                changed,
                procedure: procedure.cloned(),
                page: page.clone(),
            };
            pages.insert(key, made);
        }
        Ok(page)
    }
}

/// The page for its own addresses. What names a file and is none stays missing: a script must never get HTML.
pub async fn show(State(portal): State<Portal>, request: Request) -> Response {
    let path = request.uri().path();
    let code = path
        .strip_prefix("/thu-tuc/")
        .map(|code| code.trim_end_matches('/'));
    let names_a_file = path
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'));
    if names_a_file && code.is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let current = portal.current();
    let procedure = code.and_then(|code| current.catalogue.find(code));
    let (stem, status) = match (path, code, procedure) {
        ("/", ..) => ("home", StatusCode::OK),
        ("/thu-tuc", ..) => ("procedures", StatusCode::OK),
        ("/dang-nhap", ..) => ("sign_in", StatusCode::OK),
        ("/kiem-tra", ..) => ("check", StatusCode::OK),
        (_, _, Some(_)) => ("procedure", StatusCode::OK),
        // The program says so in words; whoever indexes pages hears it from the status.
        (_, Some(_), None) => ("index", StatusCode::NOT_FOUND),
        _ => ("index", StatusCode::OK),
    };
    let language = Language::of(request.headers());
    let suffix = match language {
        Language::Vietnamese => "",
        Language::English => ".en",
    };
    let site = &portal.config.site;
    // A site that was built before there were several pages has one.
    let page = portal
        .pages
        .get(site, &format!("{stem}{suffix}.html"), procedure)
        .or_else(|_| portal.pages.get(site, "index.html", None));
    let page = match page {
        Ok(page) => page,
        Err(error) => {
            tracing::error!("no page to show: {error:#}");
            return StatusCode::NOT_FOUND.into_response();
        }
    };
    let mut response = page.answer(request.headers());
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(language.tag()),
    );
    headers.append(header::VARY, HeaderValue::from_static("cookie"));
    response
}

/// A procedure's words in the places that the template leaves: `[[name]]`. What stands between `[[?online]]` and `[[/]]` is
/// there for procedures that can be handed in here. A value is never looked at for places again.
fn filled(template: &str, procedure: &Procedure) -> String {
    let summary = &procedure.summary;
    let online = summary.service != Service::Information;
    let mut page = String::with_capacity(template.len() + 2048);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("[[") {
        page.push_str(before);
        let Some((place, after)) = after.split_once("]]") else {
            rest = after;
            break;
        };
        rest = after;
        match place {
            "name" => escape(&mut page, &summary.name),
            "description" => escape(&mut page, &procedure.description),
            "code" => address(&mut page, &summary.code),
            "field" => escape(&mut page, &summary.field),
            "field-address" => address(&mut page, &summary.field),
            "deadline" => escape(&mut page, &procedure.deadline.text),
            "agency" => escape(&mut page, &summary.agency),
            "?online" if !online => {
                rest = rest.split_once("[[/]]").map_or("", |(_, after)| after);
            }
            _ => {}
        }
    }
    page.push_str(rest);
    page
}

/// Text in HTML, also between double quotes.
fn escape(page: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            other => page.push(other),
        }
    }
}

/// A part of an address, as `encodeURIComponent` writes it but for a few signs that may stand as they are.
fn address(page: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            page.push(char::from(byte));
        } else {
            let _ = write!(page, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn birth() -> Procedure {
        let catalogue = crate::catalogue::Catalogue::open(None).expect("sound");
        catalogue.find("1.001193").expect("there").clone()
    }

    #[test]
    fn a_name_is_text_whatever_it_says() {
        let mut procedure = birth();
        procedure.summary.name = "</title><script>\"&'[[code]]".to_owned();
        procedure.summary.field = "Hộ tịch & \"x\"".to_owned();
        let page = filled(
            "<title>[[name]]</title><a title=\"[[field]]\" href=\"?linh-vuc=[[field-address]]\">",
            &procedure,
        );
        assert_eq!(
            page,
            "<title>&lt;/title&gt;&lt;script&gt;&quot;&amp;&#39;[[code]]</title>\
             <a title=\"Hộ tịch &amp; &quot;x&quot;\" href=\"?linh-vuc=H%E1%BB%99%20t%E1%BB%8Bch%20%26%20%22x%22\">"
        );
    }

    #[test]
    fn the_way_into_a_dossier_stands_only_where_there_is_one() {
        let mut procedure = birth();
        let template = "a[[?online]]<button>[[/]]b";
        assert_eq!(filled(template, &procedure), "a<button>b");
        procedure.summary.service = Service::Information;
        assert_eq!(filled(template, &procedure), "ab");
        assert_eq!(filled("broken [[name", &procedure), "broken name");
    }

    #[test]
    fn a_page_is_put_together_again_when_its_file_changed() {
        let site = tempfile::tempdir().expect("folder");
        let file = site.path().join("index.html");
        let pages = Pages::default();
        assert!(pages.get(site.path(), "index.html", None).is_err());
        let tag = |text: &str, second: u64| {
            std::fs::write(&file, text).expect("written");
            let when = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second);
            let opened = std::fs::File::options().write(true).open(&file);
            opened.expect("file").set_modified(when).expect("set");
            let page = pages.get(site.path(), "index.html", None).expect("page");
            page.answer(&HeaderMap::new()).headers()[header::ETAG].clone()
        };
        let first = tag("eins", 1);
        assert_ne!(first, tag("zwei", 2));
        assert_eq!(first, tag("eins", 3));
    }
}
