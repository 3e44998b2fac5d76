//! The document as a page: HTML that needs no program to be read, and nothing from elsewhere.

use serde_json::Value;
use std::fmt::Write as _;

/// Where schemas stand.
const SCHEMAS: &str = "#/components/schemas/";

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    crate::page::escape(&mut out, text);
    out
}

/// Words with paragraphs and `code`.
fn prose(text: &str) -> String {
    text.split("\n\n")
        .filter(|part| !part.trim().is_empty())
        .map(|part| {
            let mut inside = String::new();
            for (at, piece) in part.split('`').enumerate() {
                let piece = escaped(piece.trim_matches('\n'));
                if at % 2 == 1 {
                    inside.push_str(&format!("<code>{piece}</code>"));
                } else {
                    inside.push_str(&piece);
                }
            }
            format!("<p>{inside}</p>")
        })
        .collect()
}

/// A schema in a word or two, with a link to where it is told.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|to| to.strip_prefix(SCHEMAS))
    {
        let name = escaped(name);
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    let either = schema["anyOf"]
        .as_array()
        .or_else(|| schema["oneOf"].as_array());
    if let Some(either) = either {
        return either.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if schema["type"] == "array" {
        return match schema.get("items") {
            Some(items) => format!("list of {}", kind(items)),
            None => "list".to_owned(),
        };
    }
    let named = match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" or "),
        _ => return "bytes".to_owned(),
    };
    match schema["format"].as_str() {
        Some(format) => format!("{named} ({})", escaped(format)),
        None => escaped(&named),
    }
}

fn contents(content: &Value) -> String {
    let Some(content) = content.as_object() else {
        return String::new();
    };
    content
        .iter()
        .map(|(of, what)| format!("<code>{}</code>: {}", escaped(of), kind(&what["schema"])))
        .collect::<Vec<_>>()
        .join("<br>")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn operation(out: &mut String, method: &str, path: &str, told: &Value) -> std::fmt::Result {
    let id = escaped(text(told, "operationId"));
    write!(
        out,
        "<details class=\"operation\" id=\"{id}\"><summary><span class=\"method {method}\">{}</span> <code>{}</code> <span>{}</span></summary>",
        method.to_uppercase(),
        escaped(path),
        prose(text(told, "summary"))
            .trim_start_matches("<p>")
            .trim_end_matches("</p>"),
    )?;
    out.push_str(&prose(text(told, "description")));
    let needs = told["security"]
        .as_array()
        .is_some_and(|all| !all.is_empty());
    let optional = needs
        && told["security"][0]
            .as_object()
            .is_some_and(serde_json::Map::is_empty);
    out.push_str(match (needs, optional) {
        (false, _) => "<p>Nobody needs to be signed in.</p>",
        (true, true) => "<p>Whoever is signed in is told more.</p>",
        (true, false) => "<p>Needs a session.</p>",
    });
    if let Some(parameters) = told["parameters"].as_array().filter(|all| !all.is_empty()) {
        out.push_str("<h4>Parameters</h4><dl>");
        for parameter in parameters {
            write!(
                out,
                "<dt><code>{}</code> <small>{}{}</small></dt><dd>{} {}</dd>",
                escaped(text(parameter, "name")),
                escaped(text(parameter, "in")),
                if parameter["required"] == true {
                    ""
                } else {
                    ", optional"
                },
                kind(&parameter["schema"]),
                escaped(text(parameter, "description")),
            )?;
        }
        out.push_str("</dl>");
    }
    if let Some(body) = told.get("requestBody") {
        write!(
            out,
            "<h4>Body</h4><p>{} {}</p>",
            contents(&body["content"]),
            escaped(text(body, "description"))
        )?;
    }
    out.push_str("<h4>Answers</h4><dl>");
    for (status, answer) in told["responses"].as_object().into_iter().flatten() {
        let what = if answer.get("$ref").is_some() {
            "<a href=\"#schema-Problem\">Problem</a>".to_owned()
        } else {
            let content = contents(&answer["content"]);
            let gap = if content.is_empty() { "" } else { "<br>" };
            format!("{}{gap}{content}", escaped(text(answer, "description")))
        };
        write!(
            out,
            "<dt><code>{}</code></dt><dd>{what}</dd>",
            escaped(status)
        )?;
    }
    out.push_str("</dl></details>");
    Ok(())
}

fn written(out: &mut String, document: &Value) -> std::fmt::Result {
    let info = &document["info"];
    let title = escaped(text(info, "title"));
    write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>API · {title}</title><link rel=\"stylesheet\" href=\"docs.css\"><script src=\"docs.js\" defer></script></head><body>\
         <header><p lang=\"vi\"><a href=\"/\">{title}</a></p><h1>API, version {}</h1>{}\
         <p>Addresses begin with <code>/api/v1</code>. The same as data: <a href=\"openapi.json\">OpenAPI 3.1</a>.</p>\
         <form role=\"search\"><label for=\"search\">Search</label> <input id=\"search\" type=\"search\" autocomplete=\"off\"> \
         <output id=\"told\" for=\"search\"></output></form></header><main>",
        escaped(text(info, "version")),
        prose(text(info, "description")),
    )?;
    out.push_str("<nav aria-label=\"Resources\"><ul>");
    let tags = document["tags"].as_array().cloned().unwrap_or_default();
    for tag in &tags {
        let name = escaped(text(tag, "name"));
        write!(out, "<li><a href=\"#resource-{name}\">{name}</a></li>")?;
    }
    out.push_str("<li><a href=\"#schemas\">Schemas</a></li></ul></nav>");
    for tag in &tags {
        let name = text(tag, "name");
        write!(
            out,
            "<section class=\"resource\" aria-labelledby=\"resource-{0}\"><h2 id=\"resource-{0}\">{0}</h2>{1}",
            escaped(name),
            prose(text(tag, "description")),
        )?;
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (method, told) in methods.as_object().into_iter().flatten() {
                if told["tags"][0] == name {
                    operation(out, method, path, told)?;
                }
            }
        }
        out.push_str("</section>");
    }
    out.push_str("<section aria-labelledby=\"schemas\"><h2 id=\"schemas\">Schemas</h2>");
    let schemas = document["components"]["schemas"].as_object();
    for (name, schema) in schemas.into_iter().flatten() {
        let mut rest = schema.clone();
        if let Some(rest) = rest.as_object_mut() {
            rest.remove("description");
        }
        let shown = escaped(&format!("{rest:#}"));
        // Names within become links.
        let mut linked = String::with_capacity(shown.len());
        let mark = "#/components/schemas/";
        let mut parts = shown.split(mark);
        linked.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (name, after) = part.split_once("&quot;").unwrap_or((part, ""));
            write!(linked, "<a href=\"#schema-{name}\">{name}</a>&quot;{after}")?;
        }
        write!(
            out,
            "<details id=\"schema-{0}\"><summary><code>{0}</code></summary>{1}<pre tabindex=\"0\">{linked}</pre></details>",
            escaped(name),
            prose(text(schema, "description")),
        )?;
    }
    out.push_str("</section></main></body></html>");
    Ok(())
}

/// The page.
#[must_use]
pub fn page(document: &Value) -> String {
    let mut out = String::with_capacity(512 * 1024);
    // Writing into a string does not fail.
    let _ = written(&mut out, document);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_and_schema_stands_on_the_page_and_every_link_leads_somewhere() {
        let document = super::super::document(&crate::operations(), "session");
        let page = page(&document);
        for known in crate::operations() {
            let id = format!("id=\"{}\"", known.handler.replace("::", "."));
            assert_eq!(page.matches(&id).count(), 1, "{}", known.handler);
        }
        for link in page.split("href=\"#").skip(1) {
            let name = link.split('"').next().expect("a name");
            assert!(page.contains(&format!("id=\"{name}\"")), "{name}");
        }
        // The portal's policy forbids both.
        assert!(!page.contains("style=") && !page.contains("<script>"));
    }

    #[test]
    fn what_is_told_cannot_become_markup() {
        let prose = prose("a <b> & `c <d>`");
        assert_eq!(prose, "<p>a &lt;b&gt; &amp; <code>c &lt;d&gt;</code></p>");
    }
}
