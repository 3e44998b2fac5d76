//! Whether text is an SVG that shows a picture and does nothing else: known elements, no script, no handler, nothing that is fetched.
//!
//! Browsers show it as an image, where scripts do not run anyway, and the portal's policy forbids them where it is opened by itself.
//! What an operator was given by somebody is looked at all the same. It is strict: what it does not know it refuses, and says what.

/// The namespace of SVG.
const NAMESPACE: &str = "http://www.w3.org/2000/svg";
/// Elements that draw, and those that hold, colour and clip what is drawn.
const ELEMENTS: [&str; 33] = [
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "symbol",
    "use",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "image",
    "linearGradient",
    "radialGradient",
    "stop",
    "pattern",
    "clipPath",
    "mask",
    "marker",
    "filter",
    "feGaussianBlur",
    "feOffset",
    "feBlend",
    "feFlood",
    "feComposite",
    "feMerge",
    "feMergeNode",
];
/// How deep elements may stand in each other.
const DEPTH_MAX: usize = 64;

/// What is wrong with it.
pub(super) fn check(text: &str) -> Result<(), String> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    if let Some(after) = rest.strip_prefix("<?xml") {
        let (declared, after) = after.split_once("?>").ok_or("is no SVG")?;
        if let Some((_, encoding)) = declared.split_once("encoding=")
            && !encoding.to_ascii_lowercase().contains("utf-8")
        {
            return Err("is not encoded in UTF-8".into());
        }
        rest = after;
    }
    let mut open: Vec<&str> = Vec::new();
    let mut began = false;
    while let Some((words, after)) = rest.split_once('<') {
        content(words, &open)?;
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment
                .split_once("-->")
                .ok_or("has a comment without end")?
                .1;
            continue;
        }
        if after.starts_with(['!', '?']) {
            return Err("has a document type, an entity or an instruction; none is taken".into());
        }
        let (tag, after) = tag(after)?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name.trim_end()) {
                return Err(format!("</{}> closes nothing", name.trim_end()));
            }
            continue;
        }
        if began && open.is_empty() {
            return Err("has more than one root".into());
        }
        let (tag, is_empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let (name, attributes) = tag.split_at(tag.find(char::is_whitespace).unwrap_or(tag.len()));
        if !began && name != "svg" {
            return Err("is no SVG".into());
        }
        if !ELEMENTS.contains(&name) {
            return Err(format!("has <{name}>, which is not taken"));
        }
        let is_ours = check_attributes(attributes)?;
        if !began && !is_ours {
            return Err(format!("its root is not in the namespace {NAMESPACE}"));
        }
        began = true;
        if !is_empty {
            open.push(name);
        }
        if open.len() > DEPTH_MAX {
            return Err("is nested too deep".into());
        }
    }
    content(rest, &open)?;
    if began && open.is_empty() {
        Ok(())
    } else if began {
        Err("is not closed".into())
    } else {
        Err("is no SVG".into())
    }
}

/// Text between tags: styles may fetch.
fn content(words: &str, open: &[&str]) -> Result<(), String> {
    match open.last() {
        Some(&"style") => style(words),
        None if !words.trim().is_empty() => Err("is no SVG".into()),
        _ => Ok(()),
    }
}

/// What stands up to the `>` that ends a tag (one in quotes does not), and the rest.
fn tag(text: &str) -> Result<(&str, &str), String> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(begun), _) if begun == letter => quote = None,
            (None, '<') => break,
            (None, '>') => {
                let (tag, rest) = text.split_at(at);
                return Ok((tag, rest.get(1..).unwrap_or_default()));
            }
            _ => {}
        }
    }
    Err("has a tag without end".into())
}

/// Looks at each `name="value"`; whether one of them says that this is SVG.
fn check_attributes(text: &str) -> Result<bool, String> {
    let (mut rest, mut is_ours) = (text.trim(), false);
    while !rest.is_empty() {
        let broken = "has an attribute that cannot be read";
        let (name, after) = rest.split_once('=').ok_or(broken)?;
        let (name, after) = (name.trim_end(), after.trim_start());
        let quote = after.chars().next().filter(|it| matches!(it, '"' | '\''));
        let quote = quote.ok_or(broken)?;
        let inner = after.get(1..).unwrap_or_default();
        let (value, after) = inner.split_once(quote).ok_or(broken)?;
        if name.is_empty() || name.contains(|it: char| it.is_whitespace() || "\"'</>&".contains(it))
        {
            return Err(broken.into());
        }
        rest = after.trim_start();
        if name == "xmlns" {
            if value != NAMESPACE {
                return Err(format!("has another language in it: {value}"));
            }
            is_ours = true;
        } else {
            attribute(name, value)?;
        }
    }
    Ok(is_ours)
}

fn attribute(name: &str, value: &str) -> Result<(), String> {
    // A prefix can be any: what counts is the name behind it.
    let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    let refused = |why: &str| Err(format!("{name}=\"…\" {why}"));
    if local.starts_with("on") {
        return refused("runs a script");
    }
    if name.starts_with("xmlns:") {
        return Ok(());
    }
    if matches!(local.as_str(), "href" | "src") {
        let inside = value.starts_with('#') || is_picture(value);
        return if inside {
            Ok(())
        } else {
            refused("fetches something")
        };
    }
    // Letters written as numbers would hide what is looked for.
    if value.contains("&#") {
        return refused("has letters written as numbers");
    }
    style(value).or_else(|_| refused("fetches something"))
}

/// PNG or JPEG in base64, inside the file.
fn is_picture(value: &str) -> bool {
    ["data:image/png;base64,", "data:image/jpeg;base64,"]
        .iter()
        .filter_map(|begins| value.strip_prefix(begins))
        .any(|data| {
            data.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/= \n\r\t".contains(&byte))
        })
}

/// Styles may name what stands in the file itself, `url(#name)`, and nothing else. A backslash hides letters, `@` begins rules that fetch.
fn style(text: &str) -> Result<(), String> {
    let lower = text.to_ascii_lowercase();
    let fetches = lower.split("url(").skip(1).any(|inside| {
        !inside
            .trim_start()
            .trim_start_matches(['"', '\''])
            .starts_with('#')
    });
    if fetches
        || lower.contains(['\\', '@'])
        || lower.contains("image-set(")
        || lower.contains("&#")
    {
        return Err("<style> fetches something".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(text: &str) -> Result<(), String> {
        check(&format!("<svg xmlns=\"{NAMESPACE}\">{text}</svg>"))
    }

    #[test]
    fn pictures_are_taken() {
        for text in [
            include_str!("../../../../public/icon.svg"),
            include_str!("../../../../public/hero.svg"),
        ] {
            assert_eq!(check(text), Ok(()));
        }
        for text in [
            "",
            "<!-- <script> --><g fill='url(#a)'><path d='M0 0'/></g>",
            "<style>.a { fill: url( '#b' ) } .a > .b { stroke: red }</style>",
            "<title>Tỉnh A &amp; B</title><use xlink:href=\"#a\" xmlns:xlink='http://www.w3.org/1999/xlink'/>",
            "<image href=\"data:image/png;base64,iVBORw0KGgo=\"/>",
            "<text y='1' style=\"font-size: 3px\">a > b</text>",
        ] {
            assert_eq!(inside(text), Ok(()), "{text}");
        }
        let declared = format!(
            "\u{feff}<?xml version='1.0' encoding='UTF-8'?>\n<svg\n  xmlns = '{NAMESPACE}'\n/>\n"
        );
        assert_eq!(check(&declared), Ok(()));
    }

    #[test]
    fn what_runs_or_fetches_or_is_unknown_is_refused() {
        for text in [
            "<script>alert(1)</script>",
            "<s:script xmlns:s='http://www.w3.org/2000/svg'/>",
            "<SCRIPT/>",
            "<foreignObject/>",
            "<a href='#'/>",
            "<animate attributeName='href'/>",
            "<set/>",
            "<g onload='alert(1)'/>",
            "<g x:OnLoad='alert(1)'/>",
            "<image href='https://a.vn/a.png'/>",
            "<image x:href='//a.vn/a.png'/>",
            "<image href='data:image/svg+xml;base64,AAAA'/>",
            "<image href='data:image/png;base64,AAAA&quot;'/>",
            "<use href='&#104;ttps://a.vn#a'/>",
            "<use href='javascript:alert(1)'/>",
            "<g style='fill: url(https://a.vn/)'/>",
            "<g fill='URL( \"https://a.vn/\")'/>",
            "<g fill='&#117;rl(https://a.vn/)'/>",
            "<style>@import 'https://a.vn/';</style>",
            "<style>a { background: u\\72l(https://a.vn/) }</style>",
            "<style>a { background: image-set('https://a.vn/a.png' 1x) }</style>",
            "<![CDATA[<script>]]>",
            "<?xml-stylesheet href='https://a.vn/'?>",
            "<g xmlns='http://www.w3.org/1999/xhtml'/>",
            "<g>",
            "</g>",
            "<g></p>",
            "<g fill=red/>",
            "<g fill/>",
            "<g fill='red/>",
            "<!-- a",
            "</svg><svg>",
        ] {
            assert!(inside(text).is_err(), "{text}");
        }
        let doctype = format!("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='{NAMESPACE}'/>");
        let latin =
            format!("<?xml version='1.0' encoding='ISO-8859-1'?><svg xmlns='{NAMESPACE}'/>");
        let deep = format!(
            "<svg xmlns='{NAMESPACE}'>{}{}</svg>",
            "<g>".repeat(70),
            "</g>".repeat(70)
        );
        for text in [
            doctype.as_str(),
            &latin,
            &deep,
            "<svg/>",
            "<html/>",
            "text",
            "",
            "text<svg/>",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_it_is_given_it_comes_back(text in ".*", tags in "(<|>|/|svg|g|='|'|\"|!--|-->| |&#|url\\()*") {
            let _ = check(&text);
            let _ = inside(&tags);
        }
    }
}
