//! VietQR: the text of a QR code for a bank transfer (EMVCo QR Code Specification for Payment Systems, merchant-presented mode, 1.1;
//! NAPAS 247 by QR). Every field is a two-digit tag, a two-digit length and a value; field 63 is a checksum over all before it.

use crate::fold::fold;
use crate::value::{Dong, DossierCode};

/// The application identifier of NAPAS.
const NAPAS: &str = "A000000727";
/// Transfer to an account (a card would be `QRIBFTTC`).
const TO_ACCOUNT: &str = "QRIBFTTA";
/// Đồng, ISO 4217.
const CURRENCY: &str = "704";
const COUNTRY: &str = "VN";

/// Longest purpose, in characters: what all banks carry.
pub const PURPOSE_MAX: usize = 25;
/// Longest account number (ISO 13616 allows 30 letters and digits; NAPAS 19).
const ACCOUNT_MAX: usize = 19;
/// Largest amount a code may ask for, in đồng: thirteen digits (EMVCo, field 54).
const AMOUNT_MAX: i64 = 9_999_999_999_999;

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The bank's number, six digits.
    pub bin: String,
    /// Account number, letters and digits.
    pub account: String,
    /// How much; none leaves it to the person (a static code).
    pub amount: Option<Dong>,
    /// A bill's number, at most 25 characters; banks do not show it.
    pub bill: Option<String>,
    /// What the transfer says, at most [`PURPOSE_MAX`] characters of printable ASCII.
    pub purpose: Option<String>,
}

/// Why a text is no code for a transfer, or a transfer cannot be written as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VietQrError {
    /// The bank's number is not six digits.
    #[error("the bank's number is not six digits")]
    Bank,
    /// The account number is empty, too long or has other characters than letters and digits.
    #[error("the account number is malformed")]
    Account,
    /// The amount is not positive or too large.
    #[error("the amount is out of bounds")]
    Amount,
    /// Bill number or purpose is too long or not printable ASCII.
    #[error("the purpose is not short printable ASCII")]
    Purpose,
    /// The text is no sequence of fields.
    #[error("this is not an EMVCo text")]
    Malformed,
    /// The checksum does not fit: a letter was changed or lost.
    #[error("the checksum does not fit")]
    Checksum,
    /// It is a code for something else than a transfer in đồng to an account.
    #[error("this is not a VietQR transfer to an account")]
    Other,
}

/// CRC-16/CCITT-FALSE: polynomial 0x1021, from 0xFFFF, not reflected (EMVCo, 4.7.3).
#[must_use]
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| {
            if sum & 0x8000 == 0 {
                sum << 1
            } else {
                (sum << 1) ^ 0x1021
            }
        })
    })
}

fn printable(text: &str, most: usize) -> bool {
    !text.is_empty() && text.len() <= most && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// One field. What is longer than 99 cannot be said; callers bound it.
fn field(tag: &str, value: &str) -> String {
    format!("{tag}{:02}{value}", value.len().min(99))
}

fn check(transfer: &Transfer) -> Result<(), VietQrError> {
    if transfer.bin.len() != 6 || !transfer.bin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(VietQrError::Bank);
    }
    let account = &transfer.account;
    if account.is_empty()
        || account.len() > ACCOUNT_MAX
        || !account.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return Err(VietQrError::Account);
    }
    if transfer
        .amount
        .is_some_and(|amount| !(1..=AMOUNT_MAX).contains(&amount.0))
    {
        return Err(VietQrError::Amount);
    }
    let texts = [&transfer.bill, &transfer.purpose];
    if !texts
        .into_iter()
        .flatten()
        .all(|text| printable(text, PURPOSE_MAX))
    {
        return Err(VietQrError::Purpose);
    }
    Ok(())
}

/// The text of the code. With an amount it is a code for one payment (`12`), without it one that may be used again (`11`).
///
/// # Errors
/// [`VietQrError`], naming what is unusable.
pub fn text(transfer: &Transfer) -> Result<String, VietQrError> {
    check(transfer)?;
    let beneficiary = field("00", &transfer.bin) + &field("01", &transfer.account);
    let account = field("00", NAPAS) + &field("01", &beneficiary) + &field("02", TO_ACCOUNT);
    let mut text = field("00", "01");
    text += &field(
        "01",
        if transfer.amount.is_some() {
            "12"
        } else {
            "11"
        },
    );
    text += &field("38", &account);
    text += &field("53", CURRENCY);
    if let Some(amount) = transfer.amount {
        text += &field("54", &amount.0.to_string());
    }
    text += &field("58", COUNTRY);
    let mut additional = String::new();
    if let Some(bill) = &transfer.bill {
        additional += &field("01", bill);
    }
    if let Some(purpose) = &transfer.purpose {
        additional += &field("08", purpose);
    }
    if !additional.is_empty() {
        text += &field("62", &additional);
    }
    text += "6304";
    let sum = crc16(text.as_bytes());
    Ok(format!("{text}{sum:04X}"))
}

/// The fields of a text, in order.
fn fields(text: &str) -> Result<Vec<(&str, &str)>, VietQrError> {
    let mut rest = text;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (Some(tag), Some(length)) = (rest.get(..2), rest.get(2..4)) else {
            return Err(VietQrError::Malformed);
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(tag) || !digits(length) {
            return Err(VietQrError::Malformed);
        }
        let length: usize = length.parse().map_err(|_| VietQrError::Malformed)?;
        let value = rest.get(4..4 + length).ok_or(VietQrError::Malformed)?;
        found.push((tag, value));
        rest = rest.get(4 + length..).unwrap_or_default();
    }
    Ok(found)
}

/// The value of the only field with this tag.
fn value<'a>(fields: &[(&'a str, &'a str)], tag: &str) -> Result<Option<&'a str>, VietQrError> {
    let mut found = fields.iter().filter(|(of, _)| *of == tag);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(VietQrError::Malformed),
        (found, None) => Ok(found.map(|(_, value)| *value)),
    }
}

/// Reads a code for a transfer.
///
/// # Errors
/// [`VietQrError`]; a text never panics.
pub fn read(text: &str) -> Result<Transfer, VietQrError> {
    let before = text
        .len()
        .checked_sub(4)
        .and_then(|at| text.get(..at).zip(text.get(at..)));
    let (covered, sum) = before.ok_or(VietQrError::Malformed)?;
    let all = fields(text)?;
    if all.first() != Some(&("00", "01")) || all.last() != Some(&("63", sum)) {
        return Err(VietQrError::Malformed);
    }
    if !sum.eq_ignore_ascii_case(&format!("{:04X}", crc16(covered.as_bytes()))) {
        return Err(VietQrError::Checksum);
    }
    let wanted = |tag: &str| value(&all, tag)?.ok_or(VietQrError::Other);
    if wanted("53")? != CURRENCY || wanted("58")? != COUNTRY {
        return Err(VietQrError::Other);
    }
    let account = fields(wanted("38")?)?;
    if value(&account, "00")? != Some(NAPAS) || value(&account, "02")? != Some(TO_ACCOUNT) {
        return Err(VietQrError::Other);
    }
    let beneficiary = fields(value(&account, "01")?.ok_or(VietQrError::Other)?)?;
    let part = |tag: &str| value(&beneficiary, tag)?.ok_or(VietQrError::Other);
    let additional = value(&all, "62")?.map(fields).transpose()?;
    let said = |tag: &str| match &additional {
        Some(fields) => Ok(value(fields, tag)?.map(str::to_owned)),
        None => Ok(None),
    };
    let amount = value(&all, "54")?
        .map(|text| text.parse().map(Dong).map_err(|_| VietQrError::Amount))
        .transpose()?;
    let transfer = Transfer {
        bin: part("00")?.to_owned(),
        account: part("01")?.to_owned(),
        amount,
        bill: said("01")?,
        purpose: said("08")?,
    };
    check(&transfer)?;
    Ok(transfer)
}

/// Any text as a purpose: without accents, letters, digits and single spaces only, cut to [`PURPOSE_MAX`].
#[must_use]
pub fn purpose(text: &str) -> String {
    let kept: String = fold(text)
        .to_uppercase()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    let mut purpose = String::new();
    for word in kept.split_whitespace() {
        let gap = usize::from(!purpose.is_empty());
        if purpose.len() + gap >= PURPOSE_MAX {
            break;
        }
        if gap == 1 {
            purpose.push(' ');
        }
        purpose.push_str(word.get(..PURPOSE_MAX - purpose.len()).unwrap_or(word));
    }
    purpose
}

/// What a transfer for a dossier says: `HS` and the code's letters and digits; of a long code the end, which is the day and the number.
/// Banks drop dots and hyphens, so that they must not matter.
#[must_use]
pub fn purpose_of(code: &DossierCode) -> String {
    let kept: String = code
        .as_str()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let from = kept.len().saturating_sub(PURPOSE_MAX - 2);
    format!("HS{}", kept.get(from..).unwrap_or(&kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// From the README of napas-qr.
    const VECTOR: &str = "00020101021238530010A0000007270123000697041601092245284790208QRIBFTTA53037045405100005802VN62340107NPS68690819TRANSFER TO SOMEONE6304AC13";

    fn vector() -> Transfer {
        Transfer {
            bin: "970416".into(),
            account: "224528479".into(),
            amount: Some(Dong(10_000)),
            bill: Some("NPS6869".into()),
            purpose: Some("TRANSFER TO SOMEONE".into()),
        }
    }

    #[test]
    fn the_published_example_is_written_and_read_byte_by_byte() {
        assert_eq!(text(&vector()).as_deref(), Ok(VECTOR));
        assert_eq!(read(VECTOR), Ok(vector()));
    }

    #[test]
    fn the_checksum_is_ccitt_false() {
        // Catalogue of parametrised CRC algorithms: check value of CRC-16/IBM-3740.
        assert_eq!(crc16(b"123456789"), 0x29b1);
    }

    #[test]
    fn every_changed_letter_is_noticed() {
        for at in 0..VECTOR.len() {
            let mut changed = VECTOR.as_bytes().to_vec();
            changed[at] = if changed[at] == b'7' { b'8' } else { b'7' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(read(&changed).is_err(), "{changed}");
            assert!(read(&VECTOR[..at]).is_err());
        }
    }

    #[test]
    fn what_banks_would_refuse_is_not_written() {
        let with = |change: fn(&mut Transfer)| {
            let mut transfer = vector();
            change(&mut transfer);
            text(&transfer)
        };
        assert_eq!(with(|t| t.bin = "97041".into()), Err(VietQrError::Bank));
        assert_eq!(
            with(|t| t.account = "1 2".into()),
            Err(VietQrError::Account)
        );
        assert_eq!(with(|t| t.amount = Some(Dong(0))), Err(VietQrError::Amount));
        assert_eq!(
            with(|t| t.purpose = Some("Phí".into())),
            Err(VietQrError::Purpose)
        );
        assert_eq!(
            with(|t| t.purpose = Some("A".repeat(26))),
            Err(VietQrError::Purpose)
        );
    }

    #[test]
    fn purposes_are_plain_and_short() {
        assert_eq!(
            purpose("Nộp phí: trích lục (Đồng)"),
            "NOP PHI TRICH LUC DONG"
        );
        assert_eq!(purpose("Lệ phí đăng ký doanh nghiệp lần đầu").len(), 25);
        let code: DossierCode = "000.00.00.H34-261125-0001".parse().expect("a code");
        assert_eq!(purpose_of(&code), "HS0000000H342611250001");
        let long: DossierCode = "000.00.00.00.00.00.H34.99-261125-000123"
            .parse()
            .expect("a code");
        assert_eq!(purpose_of(&long).len(), 25);
        assert!(purpose_of(&long).ends_with("261125000123"));
    }

    fn transfers() -> impl Strategy<Value = Transfer> {
        (
            "[0-9]{6}",
            "[0-9A-Za-z]{1,19}",
            proptest::option::of((1..=AMOUNT_MAX).prop_map(Dong)),
            proptest::option::of("[ -~]{1,25}"),
            proptest::option::of("[ -~]{1,25}"),
        )
            .prop_map(|(bin, account, amount, bill, purpose)| Transfer {
                bin,
                account,
                amount,
                bill,
                purpose,
            })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(transfer in transfers()) {
            let written = text(&transfer).expect("written");
            prop_assert_eq!(read(&written), Ok(transfer));
        }

        #[test]
        fn any_text_is_read_or_refused_without_a_panic(noise in "\\PC{0,120}", digits in "[0-9A-Z]{0,120}") {
            let _ = read(&noise);
            let _ = read(&digits);
            let sum = crc16(format!("000201{digits}6304").as_bytes());
            let _ = read(&format!("000201{digits}6304{sum:04X}"));
        }

        #[test]
        fn any_text_makes_a_purpose_that_banks_carry(noise in "\\PC{0,80}") {
            let purpose = purpose(&noise);
            prop_assert!(purpose.is_empty() || printable(&purpose, PURPOSE_MAX));
        }

        #[test]
        fn cut_and_changed_codes_are_refused(transfer in transfers(), at in 0usize..200, letter in "[ -~]") {
            let written = text(&transfer).expect("written");
            let at = at % written.len();
            if !written[at..].starts_with(&letter) {
                let changed = format!("{}{letter}{}", &written[..at], &written[at + 1..]);
                // A checksum's own letters may differ in case only.
                if !changed.eq_ignore_ascii_case(&written) {
                    prop_assert!(read(&changed).is_err());
                }
            }
            prop_assert!(read(&written[..at]).is_err());
        }
    }
}
