//! `UTCTime` and `GeneralizedTime` (X.680, 46 and 47) as RFC 5280 and RFC 3161 write them: in UTC, fractions of a second cut off.

use crate::tlv::Tlv;
use contract::value::Timestamp;

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// A time value; `None` when it is none, or not in UTC.
pub(crate) fn read(value: &Tlv<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(value.content).ok()?.strip_suffix('Z')?;
    let text = text.split('.').next()?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let full = match value.tag {
        // Years of two digits are 1950 to 2049 (RFC 5280, 4.1.2.5.1).
        UTC_TIME if text.len() == 12 || text.len() == 10 => {
            let century = if text.get(..2)?.parse::<u32>().ok()? < 50 {
                "20"
            } else {
                "19"
            };
            format!("{century}{text}")
        }
        GENERALIZED_TIME if text.len() == 14 || text.len() == 12 => text.to_owned(),
        _ => return None,
    };
    super::fields::date(full.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(tag: u8, text: &str) -> Option<i64> {
        let value = Tlv {
            tag,
            content: text.as_bytes(),
            whole: &[],
        };
        read(&value).map(|at| at.0)
    }

    #[test]
    fn both_kinds_of_time_are_read_in_utc_only() {
        assert_eq!(at(0x17, "700101000001Z"), Some(1000));
        assert_eq!(at(0x18, "19700101000001.5Z"), Some(1000));
        assert_eq!(at(0x17, "490101000000Z"), at(0x18, "20490101000000Z"));
        assert_eq!(at(0x17, "500101000000Z"), at(0x18, "19500101000000Z"));
        assert_eq!(at(0x18, "19700101000001+0700"), None);
        assert_eq!(at(0x18, "gestern"), None);
    }
}
