//! From bytes to objects (ISO 32000-2, 7.2 and 7.3). Depth is bounded; anything malformed is `None`.

use super::object::{Dictionary, Id, Object};

/// Deepest nesting of arrays and dictionaries that is read.
const DEPTH_MAX: u32 = 64;

/// Reads tokens and objects from a position on.
#[derive(Debug, Clone)]
pub(crate) struct Parser<'a> {
    data: &'a [u8],
    at: usize,
    depth: u32,
}

/// A token of a content stream (7.8.2).
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token<'a> {
    /// An operand.
    Object(Object),
    /// An operator.
    Operator(&'a [u8]),
}

/// White space (table 1).
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

/// Delimiters (table 2).
const fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

impl<'a> Parser<'a> {
    /// Begins at a position of the data; a position past the end reads nothing.
    pub(crate) const fn new(data: &'a [u8], at: usize) -> Self {
        Self { data, at, depth: 0 }
    }

    /// Where it stands.
    pub(crate) const fn position(&self) -> usize {
        self.at
    }

    /// The next so many bytes, if there are as many.
    pub(crate) fn ahead(&self, length: usize) -> Option<&'a [u8]> {
        self.rest().get(..length)
    }

    /// Leaves bytes out.
    pub(crate) const fn skip(&mut self, length: usize) {
        self.at = self.at.saturating_add(length);
    }

    fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.data.get(self.at..).unwrap_or_default()
    }

    /// Skips white space and comments.
    pub(crate) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if is_space(byte) {
                self.at += 1;
            } else if byte == b'%' {
                while self
                    .peek()
                    .is_some_and(|byte| byte != b'\n' && byte != b'\r')
                {
                    self.at += 1;
                }
            } else {
                break;
            }
        }
    }

    /// Takes this keyword after white space; it must end at a delimiter, white space or the end of the data.
    pub(crate) fn keyword(&mut self, word: &str) -> Option<()> {
        let before = self.at;
        self.skip_space();
        if self.rest().starts_with(word.as_bytes()) {
            let after = self.at + word.len();
            if self
                .data
                .get(after)
                .is_none_or(|byte| is_space(*byte) || is_delimiter(*byte))
            {
                self.at = after;
                return Some(());
            }
        }
        self.at = before;
        None
    }

    /// Takes an unsigned integer after white space.
    pub(crate) fn unsigned(&mut self) -> Option<u64> {
        let before = self.at;
        self.skip_space();
        let start = self.at;
        let mut value = 0_u64;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            let Some(next) = value
                .checked_mul(10)
                .and_then(|value| value.checked_add(u64::from(byte - b'0')))
            else {
                self.at = before;
                return None;
            };
            value = next;
            self.at += 1;
        }
        let ends = self
            .peek()
            .is_none_or(|byte| is_space(byte) || is_delimiter(byte));
        if self.at == start || !ends {
            self.at = before;
            return None;
        }
        Some(value)
    }

    /// Takes `n g obj`.
    pub(crate) fn object_header(&mut self) -> Option<Id> {
        let number = u32::try_from(self.unsigned()?).ok()?;
        let generation = u16::try_from(self.unsigned()?).ok()?;
        self.skip_space();
        // `obj` may be followed at once by anything, even `1 0 obj12` exists; only the word counts.
        self.rest().starts_with(b"obj").then(|| self.at += 3)?;
        Some(Id { number, generation })
    }

    /// After `stream`, where its bytes begin (7.3.8.1): past one end of line.
    pub(crate) fn stream_start(&mut self) -> Option<usize> {
        self.skip_space();
        let body = self.rest().strip_prefix(b"stream")?;
        self.at += 6;
        if body.starts_with(b"\r\n") {
            self.at += 2;
        } else if body.starts_with(b"\n") || body.starts_with(b"\r") {
            self.at += 1;
        }
        Some(self.at)
    }

    /// Takes one token of a content stream; `None` at its end and where it is malformed.
    pub(crate) fn token(&mut self) -> Option<Token<'a>> {
        self.skip_space();
        let before = self.at;
        if let Some(object) = self.object() {
            return Some(Token::Object(object));
        }
        self.at = before;
        let rest = self.rest();
        let length = rest
            .iter()
            .position(|byte| is_space(*byte) || is_delimiter(*byte))
            .unwrap_or(rest.len());
        self.at += length;
        rest.get(..length)
            .filter(|name| !name.is_empty())
            .map(Token::Operator)
    }

    /// Takes one object.
    pub(crate) fn object(&mut self) -> Option<Object> {
        self.skip_space();
        match self.peek()? {
            b'/' => self.name().map(Object::Name),
            b'(' => self.literal_string().map(Object::String),
            b'<' if self.rest().starts_with(b"<<") => self.nested(Self::dictionary),
            b'<' => self.hex_string().map(Object::String),
            b'[' => self.nested(Self::array),
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number_or_reference(),
            _ => {
                if self.keyword("true").is_some() {
                    Some(Object::Boolean(true))
                } else if self.keyword("false").is_some() {
                    Some(Object::Boolean(false))
                } else {
                    self.keyword("null").map(|()| Object::Null)
                }
            }
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Object>) -> Option<Object> {
        if self.depth >= DEPTH_MAX {
            return None;
        }
        self.depth += 1;
        let object = read(self);
        self.depth -= 1;
        object
    }

    fn dictionary(&mut self) -> Option<Object> {
        self.at += 2;
        let mut dictionary = Dictionary::new();
        loop {
            self.skip_space();
            if self.rest().starts_with(b">>") {
                self.at += 2;
                return Some(Object::Dictionary(dictionary));
            }
            let key = self.name()?;
            let value = self.object()?;
            dictionary.push(key, value);
        }
    }

    fn array(&mut self) -> Option<Object> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.peek()? == b']' {
                self.at += 1;
                return Some(Object::Array(items));
            }
            items.push(self.object()?);
        }
    }

    fn name(&mut self) -> Option<Vec<u8>> {
        if self.peek()? != b'/' {
            return None;
        }
        self.at += 1;
        // Most names are written as they are.
        let rest = self.rest();
        let length = rest
            .iter()
            .position(|byte| is_space(*byte) || is_delimiter(*byte) || *byte == b'#');
        let length = length.unwrap_or(rest.len());
        let mut name = rest.get(..length)?.to_vec();
        self.at += length;
        while let Some(byte) = self
            .peek()
            .filter(|byte| !is_space(*byte) && !is_delimiter(*byte))
        {
            self.at += 1;
            let escaped = (byte == b'#')
                .then(|| self.data.get(self.at..self.at + 2))
                .flatten()
                .and_then(|digits| {
                    Some(hex_digit(*digits.first()?)? << 4 | hex_digit(*digits.last()?)?)
                });
            match escaped {
                Some(decoded) => {
                    self.at += 2;
                    name.push(decoded);
                }
                None => name.push(byte),
            }
        }
        Some(name)
    }

    fn number_or_reference(&mut self) -> Option<Object> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9'))
        {
            self.at += 1;
        }
        let text = std::str::from_utf8(self.data.get(start..self.at)?).ok()?;
        if let Ok(value) = text.parse::<i64>() {
            return Some(
                self.reference(text, value)
                    .unwrap_or(Object::Integer(value)),
            );
        }
        // `--5`, `4.` and `1.2.3` occur; what Rust cannot read as a number is refused.
        text.parse::<f64>()
            .ok()
            .map(|_| Object::Real(text.to_owned()))
    }

    /// The rest of `n g R` after `n`; leaves the position where it was when it is none.
    fn reference(&mut self, text: &str, number: i64) -> Option<Object> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let before = self.at;
        let found = (|| {
            let number = u32::try_from(number).ok()?;
            let generation = u16::try_from(self.unsigned()?).ok()?;
            self.keyword("R")?;
            Some(Object::Reference(Id { number, generation }))
        })();
        if found.is_none() {
            self.at = before;
        }
        found
    }

    fn hex_string(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        // Long ones, signatures above all, are digits without anything between them.
        let length = memchr::memchr(b'>', self.rest())?;
        if let Some(bytes) = self.rest().get(..length).and_then(decode_hex) {
            self.at += length + 1;
            return Some(bytes);
        }
        let mut bytes = Vec::new();
        let mut half = None;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            if byte == b'>' {
                bytes.extend(half.map(|high: u8| high << 4));
                return Some(bytes);
            }
            if is_space(byte) {
                continue;
            }
            let digit = hex_digit(byte)?;
            half = match half {
                None => Some(digit),
                Some(high) => {
                    bytes.push(high << 4 | digit);
                    None
                }
            };
        }
    }

    fn literal_string(&mut self) -> Option<Vec<u8>> {
        self.at += 1;
        let mut bytes = Vec::new();
        let mut open = 1_u32;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'(' => {
                    open += 1;
                    bytes.push(byte);
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Some(bytes);
                    }
                    bytes.push(byte);
                }
                b'\\' => bytes.extend(self.escape()?),
                b'\r' => {
                    // An end of line in a string counts as one line feed (7.3.4.2).
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    bytes.push(b'\n');
                }
                _ => bytes.push(byte),
            }
        }
    }

    /// What follows a backslash (table 3); nothing for an escaped end of line.
    fn escape(&mut self) -> Option<Option<u8>> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                None
            }
            b'\n' => None,
            b'0'..=b'7' => {
                let mut value = u16::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else {
                        break;
                    };
                    self.at += 1;
                    value = value << 3 | u16::from(digit - b'0');
                }
                Some(value.to_le_bytes()[0]) // high-order overflow is ignored (7.3.4.2)
            }
            other => Some(other),
        })
    }
}

/// The bytes of an even number of hexadecimal digits with nothing between them.
fn decode_hex(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    let mut bytes = Vec::with_capacity(pairs.len());
    for [high, low] in pairs {
        bytes.push(hex_digit(*high)? << 4 | hex_digit(*low)?);
    }
    Some(bytes)
}

/// The value of a hexadecimal digit.
pub(crate) const fn hex_digit(byte: u8) -> Option<u8> {
    const NONE: u8 = 0xff;
    /// Of every byte.
    const VALUES: [u8; 256] = {
        let mut values = [NONE; 256];
        let digits = b"0123456789abcdef";
        let mut value = 0_u8;
        while value < 16 {
            let digit = digits[value as usize];
            values[digit as usize] = value;
            values[digit.to_ascii_uppercase() as usize] = value;
            value += 1;
        }
        values
    };
    match VALUES[byte as usize] {
        NONE => None,
        value => Some(value),
    }
}
