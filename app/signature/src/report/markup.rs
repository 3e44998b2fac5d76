//! XML by plain strings: elements are opened and closed in order, text and attributes are escaped.

/// A document while it is written.
pub(super) struct Markup {
    out: String,
    open: Vec<&'static str>,
}

impl Markup {
    /// The declaration.
    pub(super) fn new() -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".into(),
            open: Vec::new(),
        }
    }

    /// Opens an element.
    #[inline(never)]
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    /// Closes the one opened last.
    #[inline(never)]
    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push_str(">\n");
        }
    }

    /// An element with text.
    #[inline(never)]
    pub(super) fn leaf(&mut self, name: &'static str, text: &str) {
        self.tag(name, &[]);
        self.out.push('>');
        escape(&mut self.out, text);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// An element with nothing inside.
    #[inline(never)]
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str("/>\n");
    }

    /// The finished document: whatever is open is closed.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            escape(&mut self.out, value);
            self.out.push('"');
        }
    }

    fn indent(&mut self) {
        self.out.push_str(&"  ".repeat(self.open.len()));
    }
}

/// Text as XML 1.0 (2.2 and 2.4) lets it stand: what is no character there becomes U+FFFD.
fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_cannot_become_markup() {
        let mut xml = Markup::new();
        xml.open("a", &[("b", "\"><c>&")]);
        xml.leaf("d", "</d><e/>\u{0}\u{b}ễ\n");
        let text = xml.finish();
        assert!(
            text.contains("<a b=\"&quot;&gt;&lt;c&gt;&amp;\">"),
            "{text}"
        );
        assert!(
            text.contains("<d>&lt;/d&gt;&lt;e/&gt;\u{fffd}\u{fffd}ễ </d>"),
            "{text}"
        );
        assert!(text.ends_with("</a>\n"));
    }
}
