//! What honest programs write behind a signature, each in its own habit: Acrobat, LibreOffice, PDFBox and DSS, iText, pdf.js. None of it is
//! an attack, and none may be called one.

use crate::support::handmade::{Paper, TYPE, certified, cms, signed, stream, with_signature};
use crate::support::judged::{checked, codes};
use contract::validation::{Modifications, Verdict};

type Objects = Vec<(u32, String)>;

fn page(annotations: &str, more: &str) -> (u32, String) {
    (
        3,
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots {annotations}{more}>>"
        ),
    )
}

fn catalog(form: &str, more: &str) -> (u32, String) {
    (
        1,
        format!("<</Type/Catalog/Pages 2 0 R/AcroForm {form}{more}>>"),
    )
}

fn field(more: &str) -> (u32, String) {
    (
        7,
        format!(
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 500 260 520]/P 3 0 R/F 4{more}>>"
        ),
    )
}

/// What a filled text field shows, with resources of its own.
fn looks(number: u32, text: &str) -> (u32, String) {
    (
        number,
        stream(
            "/Type/XObject/Subtype/Form/FormType 1/Matrix[1 0 0 1 0 0]/BBox[0 0 200 20]/Resources<</Font<</Helv 61 0 R>>/ProcSet[/PDF/Text]>>",
            &format!(
                "/Tx BMC \nq\n1 1 198 18 re\nW\nn\nBT\n/Helv 12 Tf\n0 g\n2 5.4 Td\n({text}) Tj\nET\nQ\nEMC\n"
            ),
        ),
    )
}

fn helvetica() -> (u32, String) {
    (
        61,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Name/Helv/Encoding/WinAnsiEncoding>>".into(),
    )
}

/// Each: its name, what it writes, and the most it counts for.
fn habits() -> Vec<(&'static str, Objects, Modifications)> {
    const FORM: &str = "<</Fields[7 0 R 20 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)>>";
    let metadata = |text: &str| (64, stream("/Type/Metadata/Subtype/XML", text));
    vec![
        (
            "LibreOffice: the form written into the catalog",
            vec![catalog(FORM, "")],
            Modifications::Lta,
        ),
        (
            "PDFBox: the page's annotations as an object of their own",
            vec![page("70 0 R", ""), (70, "[7 0 R 20 0 R]".into())],
            Modifications::None,
        ),
        (
            "PDFBox: the form's fields as an object of their own",
            vec![
                (6, "<</Fields 70 0 R/SigFlags 3/DA(/Helv 0 Tf 0 g)>>".into()),
                (70, "[7 0 R 20 0 R]".into()),
            ],
            Modifications::None,
        ),
        (
            "everything that changed is written anew, changed or not",
            vec![
                catalog("6 0 R", ""),
                (6, FORM.into()),
                page("[7 0 R 20 0 R]", ""),
                field(""),
            ],
            Modifications::None,
        ),
        (
            "Acrobat: a field filled, with its fonts, dates and metadata",
            vec![
                catalog("6 0 R", "/Metadata 64 0 R"),
                (6, "<</Fields[7 0 R 20 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 61 0 R>>/Encoding<</PDFDocEncoding 62 0 R>>>>>>".into()),
                (62, "<</Type/Encoding/Differences[24/breve/caron]>>".into()),
                field("/V(An)/M(D:20261102000000Z)/AP<</N 30 0 R>>"),
                looks(30, "An"),
                helvetica(),
                metadata("<x:xmpmeta/>"),
            ],
            Modifications::FormFill,
        ),
        (
            "pdf.js: a field filled in UTF-16",
            vec![
                field("/V<FEFF0041006E>/M(D:20261102000000Z)/AP<</N 30 0 R>>"),
                looks(30, "An"),
                helvetica(),
            ],
            Modifications::FormFill,
        ),
        (
            "a field left to the reader to draw",
            vec![
                (6, "<</Fields[7 0 R 20 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)/NeedAppearances true>>".into()),
                field("/V(An)"),
            ],
            Modifications::FormFill,
        ),
        (
            "DSS: a store with an entry for each signature",
            vec![
                catalog("6 0 R", "/DSS 60 0 R/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>/ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>"),
                (60, "<</Type/DSS/VRI<</ABCDEF<</Type/VRI/Cert[63 0 R]/TU(D:20261102000000Z)>>>>/Certs[63 0 R]/CRLs[]>>".into()),
                (63, stream("", "x")),
            ],
            Modifications::Lta,
        ),
        (
            "extensions as a list (PDF 2.0)",
            vec![catalog("6 0 R", "/Extensions<</ISO_[<</BaseVersion/2.0/ExtensionLevel 32001>><</BaseVersion/2.0/ExtensionLevel 32002>>]>>")],
            Modifications::Lta,
        ),
        (
            "tab order and dates of a page",
            vec![page("[7 0 R 20 0 R]", "/Tabs/S/LastModified(D:20261102000000Z)")],
            Modifications::FormFill,
        ),
        (
            "metadata twice",
            vec![
                catalog("6 0 R", "/Metadata 64 0 R"),
                metadata("<x/>"),
                (65, "<</Producer(x)/ModDate(D:20261102000000Z)>>".into()),
            ],
            Modifications::Lta,
        ),
    ]
}

#[test]
fn what_honest_programs_write_is_no_attack() {
    let mut wrong = Vec::new();
    for (name, objects, most) in habits() {
        for (base, paper) in [("signed", signed()), ("certified, P=2", certified(2))] {
            // A certified file's catalog has its permissions, which every writer keeps.
            let objects: Objects = objects
                .iter()
                .map(|(number, body)| match number {
                    1 if base != "signed" => {
                        let kept = body.strip_suffix(">>").unwrap();
                        (1, format!("{kept}/Perms<</DocMDP 21 0 R>>>>"))
                    }
                    _ => (*number, body.clone()),
                })
                .collect();
            let mut paper = paper;
            paper.revise(&objects);
            let report = checked(&paper.bytes);
            let found = report.signatures[0].modifications;
            if report.verdict != Verdict::Valid || found > most {
                wrong.push((
                    name,
                    base,
                    report.verdict,
                    found,
                    format!("{:?}", codes(&report)),
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The last section's place.
fn last(paper: &Paper) -> usize {
    let text = String::from_utf8_lossy(&paper.bytes);
    let last = text.rsplit("startxref").next().unwrap();
    last.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn the_same_packed_into_an_object_stream_is_no_attack() {
    // Acrobat packs what it adds, whatever style the file has.
    let paper = signed();
    let (before, at) = (last(&paper), paper.bytes.len());
    let one = field("/V(An)/AP<</N 30 0 R>>").1;
    let two = catalog("6 0 R", "/Metadata 64 0 R").1;
    let head = format!("7 0 1 {} ", one.len() + 1);
    let inner = format!("{head}{one} {two}");
    let packed = format!(
        "80 0 obj\n<</Type/ObjStm/N 2/First {}/Length {}>>stream\n{inner}\nendstream\nendobj\n",
        head.len(),
        inner.len()
    );
    let drawn = format!("30 0 obj\n{}\nendobj\n", looks(30, "An").1);
    let font = format!("61 0 obj\n{}\nendobj\n", helvetica().1);
    let words = format!(
        "64 0 obj\n{}\nendobj\n",
        stream("/Type/Metadata/Subtype/XML", "<x/>")
    );
    let places: Vec<usize> = [&packed, &drawn, &font, &words]
        .iter()
        .scan(at, |place, part| {
            let own = *place;
            *place += part.len();
            Some(own)
        })
        .collect();
    let section = at + packed.len() + drawn.len() + font.len() + words.len();
    let row = |kind: u8, value: usize, third: u8| format!("{kind:02x}{value:08x}{third:02x}");
    let rows = [
        row(2, 80, 1),
        row(2, 80, 0),
        row(1, places[1], 0),
        row(1, places[2], 0),
        row(1, places[3], 0),
        row(1, at, 0),
        row(1, section, 0),
    ]
    .concat();
    let mut bytes = paper.bytes.clone();
    bytes.extend(
        format!(
            "{packed}{drawn}{font}{words}81 0 obj\n<</Type/XRef/W[1 4 1]/Index[1 1 7 1 30 1 61 1 64 1 80 2]/Size 200/Root 1 0 R/Prev {before}/Filter/ASCIIHexDecode/Length {}>>stream\n{rows}\nendstream\nendobj\nstartxref\n{section}\n%%EOF\n",
            rows.len()
        )
        .bytes(),
    );
    let report = checked(&bytes);
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", codes(&report));
    assert_eq!(report.signatures[0].modifications, Modifications::FormFill);
}

#[test]
fn objects_that_were_replaced_may_be_freed() {
    // A field without a value had a picture; it is filled, drawn anew, and the old picture is freed as Acrobat does.
    let mut paper = Paper::new(&[
        field("/AP<</N 30 0 R>>"),
        (
            30,
            stream("/Type/XObject/Subtype/Form/BBox[0 0 200 20]", "/Tx BMC EMC"),
        ),
    ]);
    paper.sign(21, TYPE, &with_signature(""), &cms);
    assert_eq!(checked(&paper.bytes).verdict, Verdict::Valid);
    let (before, at) = (last(&paper), paper.bytes.len());
    let filled = format!("7 0 obj\n{}\nendobj\n", field("/V(An)/AP<</N 31 0 R>>").1);
    let drawn = format!("31 0 obj\n{}\nendobj\n", looks(31, "An").1);
    let font = format!("61 0 obj\n{}\nendobj\n", helvetica().1);
    let second = at + filled.len();
    let third = second + drawn.len();
    let start = third + font.len();
    let mut bytes = paper.bytes;
    bytes.extend(
        format!(
            "{filled}{drawn}{font}xref\n0 1\n0000000030 65535 f \n7 1\n{at:010} 00000 n \n30 2\n0000000000 00001 f \n{second:010} 00000 n \n61 1\n{third:010} 00000 n \ntrailer\n<</Size 200/Root 1 0 R/Prev {before}>>\nstartxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    let report = checked(&bytes);
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", codes(&report));
}

#[test]
fn a_reader_extended_file_is_signed_like_any_other() {
    // Usage rights (12.8.2.3) lie in /Perms and are no field; what they allow is nobody's matter here.
    let mut paper = Paper::new(&[
        catalog("6 0 R", "/Perms<</UR3 50 0 R>>"),
        (50, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/Contents<3000>/ByteRange[0 10 20 30]/Reference[<</Type/SigRef/TransformMethod/UR3/TransformParams<</Type/TransformParams/V/2.2/Annots[/Create]>>>>]>>".into()),
    ]);
    paper.sign(21, TYPE, &with_signature(""), &cms);
    let report = checked(&paper.bytes);
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", codes(&report));
    // Signing removes the rights, as Acrobat itself does: that is a change of what was signed before, and told.
    paper.revise(&[catalog("6 0 R", "")]);
    let report = checked(&paper.bytes);
    assert!(codes(&report).contains(&"permissions-changed"));
}
