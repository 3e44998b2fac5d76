//! JSON schemas of the values that are parsed rather than derived: what a client has to send so that they are taken.
//!
//! People's ways of writing them (spaces in a number, `+84`) are read too, and are nobody's contract.

use crate::date::Date;
use crate::form::Limit;
use crate::provider::ProviderCode;
use crate::value::{
    Base64, CitizenId, DossierCode, FILE_NAME_CHARS_MAX, FileName, KEYWORD_CHARS_MAX, Keyword,
    NAME_CHARS_MAX, Name, Phone, Serial, Sha256,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// One line with something to read on it.
const LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$";

/// A day of the calendar but for the length of its month, which `format` says.
const DAY: &str =
    "(18[5-9][0-9]|19[0-9]{2}|[2-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";

macro_rules! schemas {
    ($($name:ident: $schema:expr;)*) => {
        $(
            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }
                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    $schema
                }
            }
        )*
    };
}

fn line(most: usize, what: &str) -> Schema {
    json_schema!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": LINE, "description": what })
}

schemas! {
    CitizenId: json_schema!({
        "type": "string", "pattern": "^[0-9]{9}([0-9]{3})?$",
        "description": "Number of an identity card: 12 digits (CCCD) or 9 digits (CMND).",
    });
    Phone: json_schema!({
        "type": "string", "pattern": "^0[0-9]{9,10}$",
        "description": "A Vietnamese telephone number: 10 or 11 digits from 0.",
    });
    Name: line(NAME_CHARS_MAX, "A person's or an organisation's name, one line.");
    Keyword: line(KEYWORD_CHARS_MAX, "An anchor keyword, one line.");
    FileName: json_schema!({
        "type": "string", "minLength": 1, "maxLength": FILE_NAME_CHARS_MAX,
        "pattern": r"^[^\s.\\/\u0000-\u001f\u007f-\u009f][^\\/\u0000-\u001f\u007f-\u009f\u2028\u2029]*$",
        "description": "The name of a file without any folder.",
    });
    DossierCode: json_schema!({
        "type": "string", "pattern": "^[A-Z0-9.]{1,32}-[0-9]{6}-[0-9]{4,6}$",
        "description": "A dossier's code: the receiving unit's identifier, the day, a number of that day.",
    });
    Serial: json_schema!({
        "type": "string", "pattern": "^(0|[1-9A-F][0-9A-F]{0,63})$",
        "description": "A certificate's serial number in upper-case hexadecimal without leading zeros.",
    });
    Sha256: json_schema!({
        "type": "string", "pattern": "^[0-9a-f]{64}$",
        "description": "A SHA-256 digest in hexadecimal.",
    });
    Base64: json_schema!({
        "type": "string", "contentEncoding": "base64",
        "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$",
        "description": "Bytes (RFC 4648, 4).",
    });
    ProviderCode: json_schema!({
        "type": "string", "pattern": "^[a-z0-9-]{2,32}$",
        "description": "A provider's short name, e.g. `vnpt-ca`.",
    });
    Date: json_schema!({
        "type": "string", "format": "date", "pattern": format!("^{DAY}$"),
        "description": "A day, 1850 to 9999, `YYYY-MM-DD`.",
    });
    Limit: json_schema!({
        "type": "string", "pattern": format!("^(today([+-][0-9]{{1,3}}[dmy])?|{DAY})$"),
        "description": "A day, given or counted from today: `2020-01-01`, `today`, `today-60d`, `today+6m`, `today-18y`.",
    });
}
