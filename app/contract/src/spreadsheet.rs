//! Tables as an Office Open XML workbook (`.xlsx`, ECMA-376), so that numbers stay numbers and Vietnamese letters stay themselves. Only
//! what plain tables need: sheets, bold headings, text and numbers; stored and not packed, so that no library is needed.

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, never calculated.
    Text(String),
    /// A whole number.
    Number(u64),
    /// A share in tenths of a percent, shown as a percentage.
    Share(u64),
    /// Nothing.
    Empty,
}

/// One sheet: its name, and its rows; the first row is the heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name; what spreadsheets do not take is left out, and what is longer than 31 letters.
    pub name: String,
    /// Rows of cells.
    pub rows: Vec<Vec<Cell>>,
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const KINDS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// The file. The same sheets give the same bytes.
#[must_use]
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut kinds = format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{KINDS}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{KINDS}.styles+xml\"/>"
    );
    let mut book = format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>");
    let mut links = format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    let mut parts = Vec::new();
    for (number, sheet) in (1..).zip(sheets) {
        kinds.push_str(&format!(
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{KINDS}.worksheet+xml\"/>"
        ));
        book.push_str(&format!(
            "<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>",
            escaped(&named(&sheet.name, number))
        ));
        links.push_str(&format!(
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        ));
        parts.push((format!("xl/worksheets/sheet{number}.xml"), table(sheet)));
    }
    kinds.push_str("</Types>");
    book.push_str("</sheets></workbook>");
    links.push_str(&format!(
        "<Relationship Id=\"rId0\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
    ));
    let root = format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    // Style 1 is a heading, style 2 a percentage with one decimal.
    let styles = format!(
        "{HEAD}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"0.0%\"/></numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"1\"><fill><patternFill patternType=\"none\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"3\"><xf/><xf fontId=\"1\" applyFont=\"1\"/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
    );
    let mut all = vec![
        ("[Content_Types].xml".to_owned(), kinds),
        ("_rels/.rels".to_owned(), root),
        ("xl/workbook.xml".to_owned(), book),
        ("xl/_rels/workbook.xml.rels".to_owned(), links),
        ("xl/styles.xml".to_owned(), styles),
    ];
    all.extend(parts);
    stored(&all)
}

/// A name as spreadsheets take it: not empty, at most 31 letters, none of `[]:*?/\`.
fn named(name: &str, number: u32) -> String {
    let kept: String = name
        .chars()
        .filter(|letter| !"[]:*?/\\'".contains(*letter) && !letter.is_control())
        .take(31)
        .collect();
    if kept.trim().is_empty() {
        format!("Sheet{number}")
    } else {
        kept
    }
}

fn table(sheet: &Sheet) -> String {
    let mut text = format!(
        "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" state=\"frozen\"/></sheetView></sheetViews><cols><col min=\"1\" max=\"1\" width=\"44\" customWidth=\"1\"/><col min=\"2\" max=\"40\" width=\"16\" customWidth=\"1\"/></cols><sheetData>"
    );
    for (index, row) in sheet.rows.iter().enumerate() {
        text.push_str("<row>");
        let style = if index == 0 { " s=\"1\"" } else { "" };
        for cell in row {
            match cell {
                Cell::Text(value) => text.push_str(&format!(
                    "<c t=\"inlineStr\"{style}><is><t xml:space=\"preserve\">{}</t></is></c>",
                    escaped(value)
                )),
                Cell::Number(value) => text.push_str(&format!("<c{style}><v>{value}</v></c>")),
                // Tenths of a percent are thousandths.
                Cell::Share(tenths) => text.push_str(&format!(
                    "<c s=\"2\"><v>{}.{:03}</v></c>",
                    tenths / 1000,
                    tenths % 1000
                )),
                Cell::Empty => text.push_str("<c/>"),
            }
        }
        text.push_str("</row>");
    }
    text.push_str("</sheetData></worksheet>");
    text
}

/// As XML takes it; what XML 1.0 has no letter for is left out.
fn escaped(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => kept.push_str("&amp;"),
            '<' => kept.push_str("&lt;"),
            '>' => kept.push_str("&gt;"),
            '"' => kept.push_str("&quot;"),
            '\t' | '\n' | '\r' => kept.push(letter),
            _ if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            _ => kept.push(letter),
        }
    }
    kept
}

/// A ZIP file whose members are not packed (APPNOTE 4.3). Its moment is the format's first, 1 January 1980.
fn stored(members: &[(String, String)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let (name, content) = (name.as_bytes(), content.as_bytes());
        let at = short(file.len());
        let mut facts = Vec::new();
        // Version 2.0, names in UTF-8, stored, time, date.
        for word in [20_u16, 0x0800, 0, 0, 0x21] {
            facts.extend(word.to_le_bytes());
        }
        facts.extend(crc32(content).to_le_bytes());
        facts.extend(short(content.len()).to_le_bytes());
        facts.extend(short(content.len()).to_le_bytes());
        facts.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        facts.extend(0_u16.to_le_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&facts);
        file.extend(name);
        file.extend(content);
        directory.extend(b"PK\x01\x02");
        directory.extend(20_u16.to_le_bytes());
        directory.extend(&facts);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name);
    }
    let at = short(file.len());
    let count = u16::try_from(members.len()).unwrap_or(u16::MAX);
    let size = short(directory.len());
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(size.to_le_bytes());
    file.extend(at.to_le_bytes());
    file.extend([0; 2]);
    file
}

/// Tables of this portal are far below the 4 GB at which the format ends.
fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// CRC-32 as ZIP has it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut value = u32::MAX;
    for byte in bytes {
        value ^= u32::from(*byte);
        for _ in 0..8 {
            value = (value >> 1) ^ (0xedb8_8320 * (value & 1));
        }
    }
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_zip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn text_is_never_a_formula_nor_markup_and_shares_are_fractions() {
        let sheet = Sheet {
            name: "a/b:c".into(),
            rows: vec![
                vec![Cell::Text("Cơ quan".into()), Cell::Text("Nhận".into())],
                vec![
                    Cell::Text("=1+1 & <b>\u{1}".into()),
                    Cell::Number(7),
                    Cell::Share(1000),
                    Cell::Share(67),
                    Cell::Empty,
                ],
            ],
        };
        let told = table(&sheet);
        assert!(
            told.contains("preserve\">=1+1 &amp; &lt;b&gt;</t>"),
            "{told}"
        );
        assert!(told.contains("<v>1.000</v>") && told.contains("<v>0.067</v>"));
        assert_eq!(named(&sheet.name, 1), "abc");
        assert_eq!(named("*?", 3), "Sheet3");
        assert_eq!(named(&"à".repeat(40), 1).chars().count(), 31);
    }

    #[test]
    fn every_member_stands_in_the_directory_at_its_place() {
        let file = stored(&[("a".into(), "một".into()), ("b".into(), String::new())]);
        let end = file.len() - 22;
        assert_eq!(file.get(end..end + 4), Some(&b"PK\x05\x06"[..]));
        let number = |at: usize| {
            let bytes = file.get(at..at + 4).expect("inside");
            usize::try_from(u32::from_le_bytes(bytes.try_into().expect("four"))).expect("fits")
        };
        let (size, at) = (number(end + 12), number(end + 16));
        assert_eq!(at + size, end);
        assert_eq!(file.get(at..at + 4), Some(&b"PK\x01\x02"[..]));
        // The second member begins where its line in the directory says: a line has 46 bytes and a name of one letter.
        let second = number(at + 47 + 42);
        assert_eq!(file.get(second..second + 4), Some(&b"PK\x03\x04"[..]));
        assert_eq!(workbook(&[]), workbook(&[]));
    }
}
