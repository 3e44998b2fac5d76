//! The document of an address: the words that a person sees before the program has come, as `cargo xtask build` laid them out
//! (`public/page`). A procedure's page says its name and what it is, and every page what the province calls its portal; nothing else is
//! filled in here.

use crate::catalogue::Catalogue;
use crate::config::Province;
use crate::edition::Edition;
use crate::identity::oidc::OidcSettings;
use crate::state::Portal;
use crate::tagged::Tagged;
use anyhow::{Context as _, Result};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use contract::procedure::{Procedure, ProcedureSummary, Service};
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

/// Pages that were put together.
#[derive(Debug, Default)]
pub struct Pages {
    /// What the portal is called.
    province: Province,
    /// By file and the procedure's code.
    made: Mutex<BTreeMap<(String, String), Made>>,
}

/// What of the catalogue a page tells.
#[derive(Debug, Clone, Copy)]
enum Subject<'a> {
    Nothing,
    Procedure(&'a Procedure),
    /// The lines of the list that stand first.
    List(&'a Catalogue),
    /// Where people sign in besides with a password.
    SignIn(&'a [OidcSettings]),
}

/// A page, and what it was made from: the file as it was at a time, and the catalogue that was in force.
#[derive(Debug, Clone)]
struct Made {
    changed: SystemTime,
    edition: Edition,
    page: Tagged,
}

impl Pages {
    /// None yet, of a portal with this name.
    pub fn new(province: Province) -> Self {
        Self {
            province,
            made: Mutex::default(),
        }
    }

    /// The page of a file, filled in with what it tells, as long as neither has changed since it was put together.
    fn get(
        &self,
        site: &Path,
        name: &str,
        edition: Edition,
        subject: Subject<'_>,
    ) -> Result<Tagged> {
        let file = site.join(name);
        let changed = std::fs::metadata(&file)
            .and_then(|known| known.modified())
            .with_context(|| format!("{}", file.display()))?;
        let code = match subject {
            Subject::Procedure(procedure) => procedure.summary.code.as_str(),
            Subject::List(_) => "list",
            Subject::Nothing | Subject::SignIn(_) => "",
        };
        let key = (name.to_owned(), code.to_owned());
        let kept = self
            .made
            .lock()
            .ok()
            .and_then(|pages| pages.get(&key).cloned())
            .filter(|made| made.changed == changed && made.edition == edition);
        if let Some(made) = kept {
            return Ok(made.page);
        }
        let template = named(std::fs::read_to_string(&file)?, &self.province);
        let whole = match subject {
            Subject::Procedure(procedure) => filled(&template, procedure),
            Subject::List(catalogue) => listed(&template, catalogue.first()),
            Subject::SignIn(providers) => sign_in(&template, providers),
            Subject::Nothing => listed(&template, std::iter::empty()),
        };
        let page = Tagged::packed("text/html; charset=utf-8", whole.into_bytes());
        if let Ok(mut pages) = self.made.lock() {
            let made = Made {
                changed,
                edition,
                page: page.clone(),
            };
            pages.insert(key, made);
        }
        Ok(page)
    }
}

/// A page by its file's name, as a service worker keeps it for when there is no network.
pub fn kept(portal: &Portal, name: &str) -> Result<Tagged> {
    let edition = portal.current().edition();
    let site = &portal.config.site;
    portal.pages.get(site, name, edition, Subject::Nothing)
}

/// The province's name in place of the built-in one: for who reads the page before the program has come, and in both languages for the
/// program, which looks for it in the head. A page that says nothing of it speaks the built-in words.
fn named(page: String, province: &Province) -> String {
    if !province.is_named() {
        return page;
    }
    let (mut name, mut name_en) = (String::new(), String::new());
    escape(&mut name, &province.name);
    escape(&mut name_en, &province.name_en);
    // Nothing in it is a place to fill in.
    let (name, name_en) = (name.replace('[', "&#91;"), name_en.replace('[', "&#91;"));
    let usual = Province::default();
    let told =
        format!("<meta name=\"portal-name\" content=\"{name}\" data-en=\"{name_en}\">\n  </head>");
    page.replacen("</head>", &told, 1)
        .replacen(
            &format!("<small>{}</small>", usual.name),
            &format!("<small>{name}</small>"),
            1,
        )
        .replacen(
            &format!("<small>{}</small>", usual.name_en),
            &format!("<small>{name_en}</small>"),
            1,
        )
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
    let (stem, subject, status) = match (path, code, procedure) {
        ("/", ..) => ("home", Subject::Nothing, StatusCode::OK),
        // What somebody searches for is found by the program: its page says nothing that would go away again.
        ("/thu-tuc", ..) if request.uri().query().is_some() => {
            ("procedures", Subject::Nothing, StatusCode::OK)
        }
        ("/thu-tuc", ..) => (
            "procedures",
            Subject::List(&current.catalogue),
            StatusCode::OK,
        ),
        ("/dang-nhap", ..) => (
            "sign_in",
            Subject::SignIn(&portal.config.oidc),
            StatusCode::OK,
        ),
        ("/kiem-tra", ..) => ("check", Subject::Nothing, StatusCode::OK),
        (_, _, Some(procedure)) => ("procedure", Subject::Procedure(procedure), StatusCode::OK),
        // The program says so in words; whoever indexes pages hears it from the status.
        (_, Some(_), None) => ("index", Subject::Nothing, StatusCode::NOT_FOUND),
        _ => ("index", Subject::Nothing, StatusCode::OK),
    };
    let language = Language::of(request.headers());
    let suffix = match language {
        Language::Vietnamese => "",
        Language::English => ".en",
    };
    let site = &portal.config.site;
    // A site that was built before there were several pages has one.
    let made = |name: &str, subject| portal.pages.get(site, name, current.edition(), subject);
    let page = made(&format!("{stem}{suffix}.html"), subject)
        .or_else(|_| made("index.html", Subject::Nothing));
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

/// The sign-in screen: what stands between `[[?ways]]` and `[[/ways]]` is there where people may sign in at a provider, and in it what
/// stands between `[[*]]` and `[[/*]]` once for each.
fn sign_in(template: &str, providers: &[OidcSettings]) -> String {
    let parts = template
        .split_once("[[?ways]]")
        .and_then(|(before, rest)| Some((before, rest.split_once("[[/ways]]")?)));
    let Some((before, (ways, after))) = parts else {
        return template.to_owned();
    };
    let mut page = before.to_owned();
    let line = ways
        .split_once("[[*]]")
        .and_then(|(first, rest)| Some((first, rest.split_once("[[/*]]")?)));
    if let (Some((first, (line, last))), false) = (line, providers.is_empty()) {
        page.push_str(first);
        for provider in providers {
            let mut rest = line;
            while let Some((words, after)) = rest.split_once("[[") {
                page.push_str(words);
                let (place, after) = after.split_once("]]").unwrap_or(("", after));
                match place {
                    "name" => escape(&mut page, &provider.name),
                    "code" => address(&mut page, provider.code.as_str()),
                    _ => {}
                }
                rest = after;
            }
            page.push_str(rest);
        }
        page.push_str(last);
    }
    page.push_str(after);
    page
}

/// The list's first lines: what stands between `[[*]]` and `[[/*]]` is there once for each.
fn listed<'a>(template: &str, lines: impl Iterator<Item = &'a ProcedureSummary>) -> String {
    let parts = template
        .split_once("[[*]]")
        .and_then(|(before, rest)| Some((before, rest.split_once("[[/*]]")?)));
    let Some((before, (line, after))) = parts else {
        return template.to_owned();
    };
    let mut page = String::with_capacity(2 * template.len());
    page.push_str(before);
    for summary in lines {
        fill(&mut page, line, summary, None);
    }
    page.push_str(after);
    page
}

/// A procedure's words in the places that the template leaves.
fn filled(template: &str, procedure: &Procedure) -> String {
    let mut page = String::with_capacity(template.len() + 2048);
    fill(&mut page, template, &procedure.summary, Some(procedure));
    page
}

/// Puts words into the places that a template leaves: `[[name]]`. What stands between `[[?online]]` and `[[/]]` is there for
/// procedures that can be handed in here, between `[[?commune]]` or `[[?full]]` and `[[/]]` for those of that level or service. A value
/// is never looked at for places again.
fn fill(
    page: &mut String,
    template: &str,
    summary: &ProcedureSummary,
    procedure: Option<&Procedure>,
) {
    let online = summary.service != Service::Information;
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("[[") {
        page.push_str(before);
        let Some((place, after)) = after.split_once("]]") else {
            rest = after;
            break;
        };
        rest = after;
        match (place, procedure) {
            ("name", _) => escape(page, &summary.name),
            ("code", _) => address(page, &summary.code),
            ("field", _) => escape(page, &summary.field),
            ("field-address", _) => address(page, &summary.field),
            ("agency", _) => escape(page, &summary.agency),
            ("description", Some(procedure)) => escape(page, &procedure.description),
            ("deadline", Some(procedure)) => escape(page, &procedure.deadline.text),
            _ => {
                let asked = place.strip_prefix('?');
                let there = asked.is_none_or(|asked| {
                    asked == summary.level.tag()
                        || asked == summary.service.tag()
                        || (asked == "online" && online)
                });
                if !there {
                    rest = rest.split_once("[[/]]").map_or("", |(_, after)| after);
                }
            }
        }
    }
    page.push_str(rest);
}

/// Text in HTML, also between double quotes.
pub fn escape(page: &mut String, text: &str) {
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
    use contract::date::Date;

    fn today() -> Edition {
        (0, Date::new(2026, 11, 26).expect("a day"))
    }

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
    fn a_page_says_the_provinces_name_in_its_language_and_both_to_the_program() {
        let page = |words: &str| {
            format!("<head>\n  </head><a class=\"brand\"><small>{words}</small></a>[[name]]")
        };
        let usual = Province::default();
        let (vietnamese, english) = (page(&usual.name), page(&usual.name_en));
        assert_eq!(named(vietnamese.clone(), &usual), vietnamese);
        let province = Province {
            name: "Cổng <A> & \"B\" [[name]]".into(),
            name_en: "Portal 'A'".into(),
            ..usual
        };
        let told = named(vietnamese, &province);
        let escaped = "Cổng &lt;A&gt; &amp; &quot;B&quot; &#91;&#91;name]]";
        let meta = format!(
            "<meta name=\"portal-name\" content=\"{escaped}\" data-en=\"Portal &#39;A&#39;\">\n  </head>"
        );
        assert!(told.contains(&meta), "{told}");
        assert!(
            told.contains(&format!("<small>{escaped}</small>")),
            "{told}"
        );
        let whole = filled(&told, &birth());
        assert_eq!(whole.matches("khai sinh").count(), 1, "its own place alone");
        let told = named(english, &province);
        assert!(told.contains(&meta) && told.contains("<small>Portal &#39;A&#39;</small>"));
        assert_eq!(named("calm".into(), &province), "calm");
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
    fn the_list_has_its_lines_and_each_its_own_words() {
        let mut lines = [birth().summary, birth().summary];
        lines[0].name = "<b>".to_owned();
        lines[0].service = Service::Information;
        lines[1].name = "Hai".to_owned();
        let template = "<ul>[[*]]<li>[[name]][[?information]] i[[/]][[?full]] f[[/]][[?commune]] c[[/]]</li>[[/*]]</ul>";
        assert_eq!(
            listed(template, lines.iter()),
            "<ul><li>&lt;b&gt; i c</li><li>Hai f c</li></ul>"
        );
        assert_eq!(listed(template, [].iter()), "<ul></ul>");
        assert_eq!(listed("no place", lines.iter()), "no place");
    }

    #[test]
    fn a_page_is_put_together_again_when_its_file_changed() {
        let site = tempfile::tempdir().expect("folder");
        let file = site.path().join("index.html");
        let pages = Pages::default();
        assert!(
            pages
                .get(site.path(), "index.html", today(), Subject::Nothing)
                .is_err()
        );
        let tag = |text: &str, second: u64, edition| {
            std::fs::write(&file, text).expect("written");
            let when = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second);
            let opened = std::fs::File::options().write(true).open(&file);
            opened.expect("file").set_modified(when).expect("set");
            let page = pages
                .get(site.path(), "index.html", edition, Subject::Nothing)
                .expect("page");
            page.answer(&HeaderMap::new()).headers()[header::ETAG].clone()
        };
        let first = tag("eins", 1, today());
        assert_ne!(first, tag("zwei", 2, today()));
        assert_eq!(first, tag("eins", 3, today()));
        // The same file with the same time of change: only another catalogue in force makes it be read again.
        assert_eq!(first, tag("drei", 3, today()));
        assert_ne!(first, tag("drei", 3, (1, today().1)));
    }
}
