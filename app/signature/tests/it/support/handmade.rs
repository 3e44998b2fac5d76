//! Signed files written by hand: certified ones, locked fields, timestamps, validation material.

use super::people::{PEOPLE, SIGNER};

/// A file whose objects and revisions are written one after the other.
#[derive(Clone)]
pub struct Paper {
    pub bytes: Vec<u8>,
    previous: Option<usize>,
}

impl Paper {
    /// One page with a line of text, a text field `Ten`, and whatever else.
    pub fn new(more: &[(u32, String)]) -> Self {
        let text = "BT /F1 24 Tf 60 700 Td (So tien 1000) Tj ET";
        let mut objects = vec![
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>".to_owned()),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned()),
            (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[7 0 R]>>".to_owned()),
            (4, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned()),
            (5, stream("", text)),
            (6, "<</Fields[7 0 R]/DA(/Helv 0 Tf 0 g)>>".to_owned()),
            (7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 500 260 520]/P 3 0 R/F 4>>".to_owned()),
        ];
        for (number, body) in more {
            objects.retain(|(known, _)| known != number);
            objects.push((*number, body.clone()));
        }
        let mut paper = Self {
            bytes: b"%PDF-1.7\n".to_vec(),
            previous: None,
        };
        paper.revise(&objects);
        paper
    }

    /// Appends a revision.
    pub fn revise(&mut self, objects: &[(u32, String)]) {
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, body) in objects {
            table.push_str(&format!("{number} 1\n{:010} 00000 n \n", self.bytes.len()));
            self.bytes
                .extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        }
        let start = self.bytes.len();
        let previous = self
            .previous
            .map(|at| format!("/Prev {at}"))
            .unwrap_or_default();
        self.bytes.extend_from_slice(
            format!(
                "{table}trailer\n<</Size 200/Root 1 0 R{previous}>>\nstartxref\n{start}\n%%EOF\n"
            )
            .as_bytes(),
        );
        self.previous = Some(start);
    }

    /// The same with one more revision.
    #[must_use]
    pub fn then(mut self, objects: &[(u32, &str)]) -> Self {
        let objects: Vec<_> = objects
            .iter()
            .map(|(number, body)| (*number, (*body).to_owned()))
            .collect();
        self.revise(&objects);
        self
    }

    /// Appends a revision with a signature dictionary as object `number`, signed over everything else.
    pub fn sign(
        &mut self,
        number: u32,
        entries: &str,
        objects: &[(u32, String)],
        cms: &dyn Fn(&[u8]) -> Vec<u8>,
    ) {
        const RESERVED: usize = 8000;
        const RANGE: &str = "[0 0000000000 0000000000 0000000000]";
        let before = self.bytes.len();
        let mut all = objects.to_vec();
        all.push((
            number,
            format!(
                "<</Filter/Adobe.PPKLite{entries}/ByteRange{RANGE}/Contents<{}>>>",
                "0".repeat(RESERVED)
            ),
        ));
        self.revise(&all);
        let find = |pattern: &[u8]| {
            self.bytes
                .windows(pattern.len())
                .skip(before)
                .position(|window| window == pattern)
                .unwrap()
                + before
        };
        let open = find(b"/Contents<") + 9;
        let close = open + RESERVED + 2;
        let range = format!(
            "[0 {open:010} {close:010} {:010}]",
            self.bytes.len() - close
        );
        let at = find(RANGE.as_bytes());
        self.bytes[at..at + range.len()].copy_from_slice(range.as_bytes());
        let message = [&self.bytes[..open], &self.bytes[close..]].concat();
        let value = hex::encode(cms(&message));
        assert!(value.len() <= RESERVED, "{}", value.len());
        self.bytes[open + 1..open + 1 + value.len()].copy_from_slice(value.as_bytes());
    }
}

/// A stream with more entries.
pub fn stream(entries: &str, content: &str) -> String {
    format!(
        "<</Length {}{entries}>>stream\n{content}\nendstream",
        content.len()
    )
}

/// The CMS of the people's signer.
pub fn cms(message: &[u8]) -> Vec<u8> {
    let nothing = |_: &[u8]| Vec::new();
    PEOPLE
        .signer
        .cms(message, None, &PEOPLE.root, SIGNER, &[], &nothing)
}

/// A signature of PAdES B-B.
pub const TYPE: &str = "/Type/Sig/SubFilter/ETSI.CAdES.detached/M(D:20261101000000Z)";

/// The signature field as object 20, on the page and in the form, beside the text field.
pub fn with_signature(field: &str) -> Vec<(u32, String)> {
    vec![
        (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[7 0 R 20 0 R]>>".into()),
        (6, "<</Fields[7 0 R 20 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)>>".into()),
        (20, format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Chu ky)/Rect[60 300 260 360]/P 3 0 R/F 132/V 21 0 R{field}>>")),
    ]
}

/// Signed, with the text field left to fill.
pub fn signed() -> Paper {
    let mut paper = Paper::new(&[]);
    paper.sign(21, TYPE, &with_signature(""), &cms);
    paper
}

/// Certified with such a `/P`.
pub fn certified(level: i64) -> Paper {
    let mut paper = Paper::new(&[]);
    let mut objects = with_signature("");
    objects.push((
        1,
        "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms<</DocMDP 21 0 R>>>>".into(),
    ));
    paper.sign(
        21,
        &format!("{TYPE}/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P {level}/V/1.2>>>>]"),
        &objects,
        &cms,
    );
    paper
}

/// Appends a revision that writes some objects anew.
pub fn revise(base: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let text = String::from_utf8_lossy(base);
    let previous = text.rsplit("startxref").next().unwrap();
    let previous = previous.split_whitespace().next().unwrap();
    let size = objects
        .iter()
        .map(|(number, _)| number + 1)
        .max()
        .unwrap()
        .max(200);
    let mut bytes = base.to_vec();
    let mut table = String::from("xref\n");
    for (number, body) in objects {
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", bytes.len()));
        bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let start = bytes.len();
    bytes.extend_from_slice(
        format!("{table}trailer\n<</Size {size}/Root 1 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n")
            .as_bytes(),
    );
    bytes
}
