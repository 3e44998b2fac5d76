//! The predefined CMaps written out as text (ISO 32000-2, 9.7.5.4). hayro has them in a form that only its built-in table explains; as
//! text they can be read without that table.

use hayro_interpret::hayro_cmap::{
    BfString, CMap, CMapName, CidFamily, WritingMode, load_embedded,
};
use std::fmt::Write as _;

/// All of them but the two identities, which need no table.
const NAMES: [&str; 67] = [
    "83pv-RKSJ-H",
    "90ms-RKSJ-H",
    "90ms-RKSJ-V",
    "90msp-RKSJ-H",
    "90msp-RKSJ-V",
    "90pv-RKSJ-H",
    "Add-RKSJ-H",
    "Add-RKSJ-V",
    "Adobe-CNS1-UCS2",
    "Adobe-GB1-UCS2",
    "Adobe-Japan1-UCS2",
    "Adobe-Korea1-UCS2",
    "B5pc-H",
    "B5pc-V",
    "CNS-EUC-H",
    "CNS-EUC-V",
    "ETen-B5-H",
    "ETen-B5-V",
    "ETenms-B5-H",
    "ETenms-B5-V",
    "EUC-H",
    "EUC-V",
    "Ext-RKSJ-H",
    "Ext-RKSJ-V",
    "GB-EUC-H",
    "GB-EUC-V",
    "GBK-EUC-H",
    "GBK-EUC-V",
    "GBK2K-H",
    "GBK2K-V",
    "GBKp-EUC-H",
    "GBKp-EUC-V",
    "GBpc-EUC-H",
    "GBpc-EUC-V",
    "H",
    "HKscs-B5-H",
    "HKscs-B5-V",
    "KSC-EUC-H",
    "KSC-EUC-V",
    "KSCms-UHC-H",
    "KSCms-UHC-HW-H",
    "KSCms-UHC-HW-V",
    "KSCms-UHC-V",
    "KSCpc-EUC-H",
    "UniCNS-UCS2-H",
    "UniCNS-UCS2-V",
    "UniCNS-UTF16-H",
    "UniCNS-UTF16-V",
    "UniGB-UCS2-H",
    "UniGB-UCS2-V",
    "UniGB-UTF16-H",
    "UniGB-UTF16-V",
    "UniJIS-UCS2-H",
    "UniJIS-UCS2-HW-H",
    "UniJIS-UCS2-HW-V",
    "UniJIS-UCS2-V",
    "UniJIS-UTF16-H",
    "UniJIS-UTF16-V",
    "UniKS-UCS2-H",
    "UniKS-UCS2-V",
    "UniKS-UTF16-H",
    "UniKS-UTF16-V",
    "V",
    "Japan1",
    "GB1",
    "CNS1",
    "Korea1",
];

/// Every CMap as a file: `cmap-` and its name, and its text.
pub(crate) fn texts() -> impl Iterator<Item = (String, Vec<u8>)> {
    NAMES
        .into_iter()
        .filter_map(|name| Some((format!("cmap-{name}"), text(name)?.into_bytes())))
}

fn text(name: &str) -> Option<String> {
    let data = load_embedded(CMapName::from_bytes(name.as_bytes()))?;
    let cmap = CMap::parse(data, load_embedded)?;
    let mut text = String::from("/CIDInit /ProcSet findresource begin begincmap\n");
    let facts = cmap.metadata();
    if let Some(collection) = &facts.character_collection {
        let ordering = match &collection.family {
            CidFamily::AdobeJapan1 => "Japan1".into(),
            CidFamily::AdobeGB1 => "GB1".into(),
            CidFamily::AdobeCNS1 => "CNS1".into(),
            CidFamily::AdobeKorea1 => "Korea1".into(),
            CidFamily::AdobeIdentity => "Identity".into(),
            CidFamily::Custom { ordering, .. } => String::from_utf8_lossy(ordering),
        };
        let _ = writeln!(
            text,
            "/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement {} >> def",
            collection.supplement
        );
    }
    let mode = i32::from(facts.writing_mode == Some(WritingMode::Vertical));
    let _ = writeln!(text, "/CMapName /{name} def /WMode {mode} def");
    if name.ends_with("UCS2") {
        letters(&cmap, &mut text);
    } else {
        for length in 1..=4 {
            numbers(&cmap, length, name, &mut text);
        }
    }
    text.push_str("endcmap end\n");
    Some(text)
}

/// From CIDs to Unicode.
fn letters(cmap: &CMap, text: &mut String) {
    let mut lines = String::new();
    let mut count = 0;
    for code in 0..=0xffff {
        let letters = match cmap.lookup_bf_string(code) {
            Some(BfString::Char(letter)) => letter.to_string(),
            Some(BfString::String(letters)) => letters,
            None => continue,
        };
        let _ = write!(lines, "<{code:04x}> <");
        for unit in letters.encode_utf16() {
            let _ = write!(lines, "{unit:04x}");
        }
        lines.push_str(">\n");
        count += 1;
    }
    let _ = write!(text, "{count} beginbfchar\n{lines}endbfchar\n");
}

/// From codes of so many bytes to CIDs.
fn numbers(cmap: &CMap, length: u8, name: &str, text: &mut String) {
    let digits = usize::from(length) * 2;
    let mut lines = String::new();
    let mut count = 0;
    let mut run: Option<(u32, u32, u32)> = None;
    let mut end = |run: Option<(u32, u32, u32)>| {
        if let Some((first, last, cid)) = run {
            let _ = writeln!(lines, "<{first:0digits$x}> <{last:0digits$x}> {cid}");
            count += 1;
        }
    };
    for code in codes(length, name) {
        let Some(cid) = cmap.lookup_cid_code(code, length) else {
            continue;
        };
        run = match run {
            Some((first, last, start)) if code == last + 1 && cid == start + (code - first) => {
                Some((first, code, start))
            }
            before => {
                end(before);
                Some((code, code, cid))
            }
        };
    }
    end(run);
    if count > 0 {
        let _ = write!(text, "{count} begincidrange\n{lines}endcidrange\n");
    }
}

/// The codes of a length that an encoding can have: all short ones, of the long ones those of its scheme.
fn codes(length: u8, name: &str) -> Box<dyn Iterator<Item = u32>> {
    match length {
        1 => Box::new(0..=0xff),
        2 => Box::new(0..=0xffff),
        3 if name.contains("EUC") => Box::new(0x8e_0000..=0x8f_ffff),
        4 if name.contains("CNS-EUC") => Box::new(0x8ea0_0000..=0x8eaf_ffff),
        4 if name.contains("UTF16") => Box::new(
            (0xd800_u32..=0xdbff)
                .flat_map(|high| (0xdc00_u32..=0xdfff).map(move |low| high << 16 | low)),
        ),
        4 if name.contains("GBK2K") => Box::new(
            (0x8130_u32..=0xfe39)
                .filter(|pair| is_half(*pair))
                .flat_map(|high| {
                    (0x8130_u32..=0xfe39)
                        .filter(|pair| is_half(*pair))
                        .map(move |low| high << 16 | low)
                }),
        ),
        _ => Box::new(std::iter::empty()),
    }
}

/// Half a four-byte code of GB 18030.
fn is_half(pair: u32) -> bool {
    (0x30..=0x39).contains(&(pair & 0xff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::unwrap_used)]
    fn the_text_says_what_the_table_says() {
        for name in [
            "UniJIS-UTF16-H",
            "UniJIS-UCS2-V",
            "GBK2K-H",
            "90ms-RKSJ-H",
            "Adobe-Korea1-UCS2",
        ] {
            let table = load_embedded(CMapName::from_bytes(name.as_bytes())).unwrap();
            let table = CMap::parse(table, load_embedded).unwrap();
            let text = CMap::parse(text(name).unwrap().as_bytes(), |_| None).unwrap();
            assert_eq!(
                text.metadata().writing_mode,
                table
                    .metadata()
                    .writing_mode
                    .or(Some(WritingMode::Horizontal)),
                "{name}"
            );
            assert_eq!(
                text.metadata().character_collection,
                table.metadata().character_collection,
                "{name}"
            );
            let mut known = 0;
            for code in 0..=0xffff {
                for length in 1..=2 {
                    assert_eq!(
                        text.lookup_cid_code(code, length),
                        table.lookup_cid_code(code, length),
                        "{name} {code:x}"
                    );
                }
                assert_eq!(
                    text.lookup_bf_string(code),
                    table.lookup_bf_string(code),
                    "{name} {code:x}"
                );
                known += u32::from(
                    table.lookup_cid_code(code, 2).is_some()
                        || table.lookup_bf_string(code).is_some(),
                );
            }
            assert!(known > 5_000, "{name}: {known}");
        }
    }
}
