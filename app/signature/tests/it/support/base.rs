//! Base documents written by hand: one for every way a file can keep what a signature has to change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A file before it is written: bodies by object number, 1 the catalog, 2 the page tree.
#[derive(Clone)]
pub struct Draft {
    pub objects: BTreeMap<u32, String>,
}

const CONTENT: &str = "BT /F1 24 Tf 60 700 Td (To khai) Tj ET";

impl Draft {
    /// Pages with these extra entries, each with its own content.
    pub fn new(pages: &[&str]) -> Self {
        let mut objects = BTreeMap::new();
        objects.insert(1, "<</Type/Catalog/Pages 2 0 R>>".to_owned());
        let first = 10;
        let kids: String = (0..pages.len()).fold(String::new(), |mut kids, index| {
            let _ = write!(kids, "{} 0 R ", first + index);
            kids
        });
        objects.insert(
            2,
            format!(
                "<</Type/Pages/Kids[{kids}]/Count {}/MediaBox[0 0 595 842]>>",
                pages.len()
            ),
        );
        objects.insert(
            3,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        );
        objects.insert(
            4,
            format!("<</Length {}>>stream\n{CONTENT}\nendstream", CONTENT.len()),
        );
        for (number, extra) in (first..).zip(pages) {
            let number = u32::try_from(number).unwrap();
            objects.insert(
                number,
                format!("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>>>/Contents 4 0 R{extra}>>"),
            );
        }
        Self { objects }
    }

    /// The same with an object set.
    pub fn with(mut self, number: u32, body: &str) -> Self {
        self.objects.insert(number, body.to_owned());
        self
    }

    /// The same with entries added to the catalog.
    pub fn catalog(self, extra: &str) -> Self {
        self.with(1, &format!("<</Type/Catalog/Pages 2 0 R{extra}>>"))
    }

    fn size(&self) -> u32 {
        self.objects.keys().max().unwrap() + 1
    }

    fn body(&self, version: &str, keep: impl Fn(u32) -> bool) -> (Vec<u8>, BTreeMap<u32, usize>) {
        let mut out = format!("%PDF-{version}\n%\u{e2}\u{e3}\n").into_bytes();
        let mut offsets = BTreeMap::new();
        for (number, body) in self.objects.iter().filter(|(number, _)| keep(**number)) {
            offsets.insert(*number, out.len());
            out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        }
        (out, offsets)
    }

    /// With a cross-reference table.
    pub fn table(&self) -> Vec<u8> {
        self.table_with("1.7", "")
    }

    /// With a cross-reference table, a version and extra trailer entries.
    pub fn table_with(&self, version: &str, trailer: &str) -> Vec<u8> {
        let (mut out, offsets) = self.body(version, |_| true);
        let start = out.len();
        let mut table = String::from("xref\n");
        let _ = write!(table, "0 {}\n0000000000 65535 f \n", self.size());
        for number in 1..self.size() {
            let _ = match offsets.get(&number) {
                Some(offset) => writeln!(table, "{offset:010} 00000 n "),
                None => writeln!(table, "0000000000 00000 f "),
            };
        }
        let _ = write!(
            table,
            "trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n",
            self.size()
        );
        out.extend_from_slice(table.as_bytes());
        out
    }

    /// With a cross-reference stream; everything but streams in one object stream.
    pub fn stream(&self) -> Vec<u8> {
        let packed = |body: &str| !body.contains("stream\n");
        let (mut out, mut offsets) = self.body("1.5", |number| !packed(&self.objects[&number]));
        let (container, section) = (self.size(), self.size() + 1);
        let mut places = BTreeMap::new();
        offsets.insert(container, out.len());
        out.extend(self.object_stream(container, &packed, &mut places));
        let start = out.len();
        offsets.insert(section, start);
        let mut rows = Vec::new();
        for number in 0..=section {
            let row = match (places.get(&number), offsets.get(&number)) {
                (Some(place), _) => [2, container, *place],
                (None, Some(offset)) => [1, u32::try_from(*offset).unwrap(), 0],
                (None, None) => [0, 0, 0],
            };
            rows.push(u8::try_from(row[0]).unwrap());
            rows.extend(row[1].to_be_bytes());
            rows.push(u8::try_from(row[2]).unwrap());
        }
        out.extend_from_slice(
            format!(
                "{section} 0 obj\n<</Type/XRef/Size {}/W[1 4 1]/Root 1 0 R/Length {}>>stream\n",
                section + 1,
                rows.len()
            )
            .as_bytes(),
        );
        out.extend(rows);
        out.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF").as_bytes());
        out
    }

    /// A hybrid: page tree, pages and the rest packed and hidden from readers of tables; the table has catalog and streams.
    pub fn hybrid(&self) -> Vec<u8> {
        let packed = |body: &str| !body.contains("stream\n") && !body.contains("/Catalog");
        let (mut out, offsets) = self.body("1.5", |number| !packed(&self.objects[&number]));
        let (container, section) = (self.size(), self.size() + 1);
        let mut places = BTreeMap::new();
        let container_at = out.len();
        out.extend(self.object_stream(container, &packed, &mut places));
        let section_at = out.len();
        let mut rows = Vec::new();
        let mut index = String::new();
        for (number, place) in &places {
            let _ = write!(index, "{number} 1 ");
            rows.push(2);
            rows.extend(container.to_be_bytes());
            rows.push(u8::try_from(*place).unwrap());
        }
        out.extend_from_slice(
            format!(
                "{section} 0 obj\n<</Type/XRef/Size {}/W[1 4 1]/Index[{index}]/Length {}>>stream\n",
                section + 1,
                rows.len()
            )
            .as_bytes(),
        );
        out.extend(rows);
        out.extend_from_slice(b"\nendstream\nendobj\n");
        let start = out.len();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", section + 1);
        for number in 1..=section {
            let offset = match number {
                n if n == container => Some(container_at),
                n if n == section => Some(section_at),
                n => offsets.get(&n).copied(),
            };
            let _ = match offset {
                Some(offset) => writeln!(table, "{offset:010} 00000 n "),
                None => writeln!(table, "0000000000 65535 f "),
            };
        }
        let _ = write!(
            table,
            "trailer\n<</Size {}/Root 1 0 R/XRefStm {section_at}>>\nstartxref\n{start}\n%%EOF\n",
            section + 1
        );
        out.extend_from_slice(table.as_bytes());
        out
    }

    fn object_stream(
        &self,
        number: u32,
        packed: &dyn Fn(&str) -> bool,
        places: &mut BTreeMap<u32, u32>,
    ) -> Vec<u8> {
        let (mut header, mut bodies) = (String::new(), String::new());
        for (inner, body) in self.objects.iter().filter(|(_, body)| packed(body)) {
            places.insert(*inner, u32::try_from(places.len()).unwrap());
            let _ = write!(header, "{inner} {} ", bodies.len());
            bodies.push_str(body);
            bodies.push(' ');
        }
        format!(
            "{number} 0 obj\n<</Type/ObjStm/N {}/First {}/Length {}>>stream\n{header}{bodies}\nendstream\nendobj\n",
            places.len(),
            header.len(),
            header.len() + bodies.len()
        )
        .into_bytes()
    }
}

/// Every kind of base document that can be signed, by name.
pub fn signable() -> Vec<(&'static str, Vec<u8>)> {
    let plain = Draft::new(&["", ""]);
    let text_field = "<</FT/Tx/T(ho_ten)/V(Nguyen Van Mau)/Type/Annot/Subtype/Widget/Rect[50 50 150 70]/P 10 0 R>>";
    let direct_form = Draft::new(&["/Annots[20 0 R]"])
        .with(20, text_field)
        .catalog("/AcroForm<</Fields[20 0 R]/DA(/Helv 0 Tf)>>");
    let indirect_form = Draft::new(&["/Annots 22 0 R"])
        .with(20, text_field)
        .with(21, "<</Fields 23 0 R/SigFlags 1>>")
        .with(22, "[20 0 R]")
        .with(23, "[20 0 R]")
        .catalog("/AcroForm 21 0 R");
    let shared = Draft::new(&["/Annots 22 0 R", "/Annots 22 0 R"]).with(22, "[]");
    let tagged = |tree: &str, kids: &str| {
        Draft::new(&["/StructParents 0", ""])
            .with(
                30,
                &format!("<</Type/StructTreeRoot/K {kids}/ParentTree {tree}>>"),
            )
            .with(31, "<</Type/StructElem/S/Document/P 30 0 R/K 32 0 R>>")
            .with(32, "<</Type/StructElem/S/P/P 31 0 R/Pg 10 0 R/K 0>>")
            .with(33, "<</Kids[34 0 R]>>")
            .with(34, "<</Limits[0 0]/Nums[0[32 0 R]]>>")
            .catalog("/StructTreeRoot 30 0 R/MarkInfo<</Marked true>>/Lang(vi)")
    };
    let mut unfinished = plain.table();
    unfinished.truncate(unfinished.len() - 1);
    vec![
        ("table", plain.table()),
        ("table without a last line end", unfinished),
        (
            "PDF 2.0",
            plain.table_with(
                "2.0",
                "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]",
            ),
        ),
        ("stream", plain.stream()),
        ("hybrid", plain.hybrid()),
        ("form in the catalog", direct_form.table()),
        ("form in an object stream", direct_form.stream()),
        (
            "form of its own, arrays of their own",
            indirect_form.table(),
        ),
        ("the same in an object stream", indirect_form.stream()),
        ("the same in a hybrid", indirect_form.hybrid()),
        ("annotations shared by two pages", shared.table()),
        (
            "annotations that are null",
            Draft::new(&["/Annots null"]).table(),
        ),
        (
            "annotations that do not exist",
            Draft::new(&["/Annots 99 0 R"]).table(),
        ),
        ("tagged", tagged("<</Nums[0[32 0 R]]>>", "31 0 R").table()),
        (
            "tagged with a branching tree",
            tagged("33 0 R", "[31 0 R]").stream(),
        ),
        (
            "tagged without a document element",
            tagged("33 0 R", "[32 0 R 31 0 R]").hybrid(),
        ),
        ("quarter turn", Draft::new(&["/Rotate 90"]).table()),
        ("half turn", Draft::new(&["/Rotate -180"]).table()),
        ("three quarters", Draft::new(&["/Rotate 630"]).table()),
        (
            "cropped",
            Draft::new(&["/MediaBox[-20 -30 700 900]/CropBox[100 200 500 800]"]).table(),
        ),
        (
            "cropped and turned",
            Draft::new(&["/MediaBox[0 0 700 900]/CropBox[700 800 100 50]/Rotate 270"]).table(),
        ),
        (
            "user unit",
            Draft::new(&["/UserUnit 2.5/Rotate 90"]).table(),
        ),
    ]
}
