//! DOC and DOCX to PDF by LibreOffice: few at a time, the rest waits shortly, nothing of it is kept.
//!
//! The office program reads hostile files. It runs in a folder of its own that is deleted after, with a fresh profile that runs no
//! macros and follows no links, without network where the system lets us take it away, with bounded memory, time and output, and is
//! killed with everything it started ([`office`]).

mod office;
mod settings;

use crate::evidence::allowance::Allowance;
use contract::content::FileKind;
use contract::conversion::ConversionOffer;
use contract::problem::ProblemCode;
use office::Office;
pub use settings::ConversionSettings;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Why a file was not converted.
#[derive(Debug, thiserror::Error)]
pub enum ConversionError {
    /// It is no DOC or DOCX, it has a password, or the program gave nothing for it.
    #[error("not convertible: {0}")]
    NotConvertible(&'static str),
    /// It is larger than allowed.
    #[error("larger than allowed")]
    TooLarge,
    /// No program, or switched off.
    #[error("no office program")]
    Unavailable,
    /// Too many wait.
    #[error("too many wait")]
    Busy,
    /// The person asked too often in a minute.
    #[error("asked too often")]
    TooMany,
    /// The folder could not be made, or the program not started.
    #[error("conversion: {0}")]
    Io(#[from] std::io::Error),
}

impl ConversionError {
    /// What the page is told.
    #[must_use]
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::NotConvertible(_) => ProblemCode::NotConvertible,
            Self::TooLarge => ProblemCode::TooLarge,
            Self::Unavailable => ProblemCode::ConversionUnavailable,
            Self::Busy => ProblemCode::ConversionBusy,
            Self::TooMany => ProblemCode::TooMany,
            Self::Io(_) => ProblemCode::Internal,
        }
    }
}

/// The desk where files wait for their turn.
pub struct Conversion {
    office: Option<Office>,
    settings: ConversionSettings,
    turns: Semaphore,
    waiting: AtomicUsize,
    allowance: Allowance,
}

/// Counts one who waits as long as it lives.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Conversion {
    /// Looks for the program; nothing is started yet.
    #[must_use]
    pub fn new(settings: &ConversionSettings) -> Self {
        let office = settings.enabled.then(|| Office::find(settings)).flatten();
        if settings.enabled && office.is_none() {
            tracing::warn!("no LibreOffice found: DOC and DOCX are not converted");
        }
        Self {
            office,
            turns: Semaphore::new(settings.at_once.max(1)),
            waiting: AtomicUsize::new(0),
            allowance: Allowance::new(settings.per_minute),
            settings: settings.clone(),
        }
    }

    /// What the page may offer.
    #[must_use]
    pub const fn offer(&self) -> ConversionOffer {
        ConversionOffer {
            offered: self.office.is_some(),
            bytes_max: self.settings.bytes_max,
        }
    }

    /// The PDF of a Word file.
    ///
    /// # Errors
    /// [`ConversionError`].
    pub async fn convert(&self, account: Uuid, bytes: &[u8]) -> Result<Vec<u8>, ConversionError> {
        let office = self.office.as_ref().ok_or(ConversionError::Unavailable)?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > self.settings.bytes_max {
            return Err(ConversionError::TooLarge);
        }
        let ending = match FileKind::of(bytes) {
            FileKind::Doc => "doc",
            FileKind::Docx => "docx",
            FileKind::LockedOffice => return Err(ConversionError::NotConvertible("password")),
            FileKind::SuspiciousZip => return Err(ConversionError::NotConvertible("zip")),
            _ => return Err(ConversionError::NotConvertible("content")),
        };
        if !self.allowance.take(account) {
            return Err(ConversionError::TooMany);
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= self.settings.at_once.max(1) + self.settings.queue {
            return Err(ConversionError::Busy);
        }
        let patience = Duration::from_secs(self.settings.seconds);
        let _turn = tokio::time::timeout(patience, self.turns.acquire())
            .await
            .map_err(|_| ConversionError::Busy)?
            .map_err(|_| ConversionError::Unavailable)?;
        office.convert(ending, bytes).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(settings: ConversionSettings) -> Option<Conversion> {
        let desk = Conversion::new(&settings);
        if desk.office.is_none() {
            eprintln!("skipped: LibreOffice is not installed");
            return None;
        }
        Some(desk)
    }

    /// A DOCX with this body, as Word and every writer lays it out: `make.py` makes the fixture in the same way.
    fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
        const MAIN: &str =
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
        let types = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"{MAIN}\"/></Types>"
        );
        let relations = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
        let document = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
        );
        let mut files = vec![
            ("[Content_Types].xml", types.as_str()),
            ("_rels/.rels", relations),
            ("word/document.xml", document.as_str()),
        ];
        files.extend_from_slice(more);
        stored(&files)
    }

    /// A ZIP whose files are stored as they are (APPNOTE 4.3).
    fn stored(files: &[(&str, &str)]) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        for (name, text) in files {
            let offset = u32::try_from(bytes.len()).expect("near");
            let mut facts = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
            facts.extend(crc32(text.as_bytes()).to_le_bytes());
            let length = u32::try_from(text.len()).expect("short").to_le_bytes();
            facts.extend([length, length].concat());
            facts.extend(u16::try_from(name.len()).expect("short").to_le_bytes());
            facts.extend([0, 0]);
            bytes.extend(b"PK\x03\x04");
            bytes.extend(&facts);
            bytes.extend(name.as_bytes());
            bytes.extend(text.as_bytes());
            directory.extend(b"PK\x01\x02\x14\0");
            directory.extend(&facts);
            directory.extend([0; 10]);
            directory.extend(offset.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let start = u32::try_from(bytes.len()).expect("near").to_le_bytes();
        let length = u32::try_from(directory.len()).expect("near").to_le_bytes();
        let count = u16::try_from(files.len()).expect("few").to_le_bytes();
        bytes.extend(directory);
        bytes.extend(b"PK\x05\x06\0\0\0\0");
        bytes.extend([count, count].concat());
        bytes.extend([length, start].concat());
        bytes.extend([0, 0]);
        bytes
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let step = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1));
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), step)
        })
    }

    const LINKED_PICTURE: &str = r#"<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:extent cx="3000000" cy="2000000"/><wp:docPr id="1" name="p"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="rId9"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="3000000" cy="2000000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"#;

    fn paragraph(text: &str) -> String {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    fn text_of(pdf: &[u8], folder: &std::path::Path) -> String {
        let file = folder.join("judged.pdf");
        std::fs::write(&file, pdf).expect("written");
        let text = std::process::Command::new("pdftotext")
            .args([file.as_os_str(), "-".as_ref()])
            .output()
            .expect("poppler");
        assert!(text.status.success());
        String::from_utf8(text.stdout).expect("text")
    }

    #[tokio::test]
    async fn word_files_of_both_kinds_become_pdf_and_a_linked_file_of_the_server_does_not_come_along()
     {
        let Some(desk) = desk(ConversionSettings::default()) else {
            return;
        };
        let folder = tempfile::tempdir().expect("folder");
        // Without the settings of our profile LibreOffice draws this picture of the server's own disk.
        let picture = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../app/signature/tests/it/data/left-red-right-blue.jpg"
        );
        assert!(std::path::Path::new(picture).is_file());
        let relations = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId9\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"file://{picture}\" TargetMode=\"External\"/></Relationships>"
        );
        let word = docx(
            &(paragraph("ĐƠN ĐỀ NGHỊ CẤP BẢN SAO") + LINKED_PICTURE),
            &[("word/_rels/document.xml.rels", &relations)],
        );
        let me = Uuid::new_v4();
        let pdf = desk.convert(me, &word).await.expect("converted");
        let text = text_of(&pdf, folder.path());
        assert!(text.contains("ĐƠN ĐỀ NGHỊ CẤP BẢN SAO"), "{text}");
        let listed = std::process::Command::new("pdfimages")
            .arg("-list")
            .arg(folder.path().join("judged.pdf"))
            .output()
            .expect("poppler");
        let listed = String::from_utf8(listed.stdout).expect("text");
        assert_eq!(listed.lines().count(), 2, "a head and no picture: {listed}");

        // The same as Word 97 wrote it, made by the program itself.
        let file = folder.path().join("cu.docx");
        std::fs::write(&file, &word).expect("written");
        let profile = format!(
            "-env:UserInstallation=file://{}/profile",
            folder.path().display()
        );
        let made = std::process::Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", "doc", "--outdir"])
            .arg(folder.path())
            .arg(&file)
            .output();
        assert!(made.expect("soffice").status.success());
        let doc = std::fs::read(folder.path().join("cu.doc")).expect("made");
        assert_eq!(FileKind::of(&doc), FileKind::Doc);
        let pdf = desk.convert(me, &doc).await.expect("converted");
        assert!(text_of(&pdf, folder.path()).contains("ĐƠN ĐỀ NGHỊ"));
    }

    #[tokio::test]
    async fn what_is_no_word_file_or_too_much_never_reaches_the_program() {
        let Some(desk) = desk(ConversionSettings {
            bytes_max: 4000,
            per_minute: 1,
            seconds: 1,
            ..ConversionSettings::default()
        }) else {
            return;
        };
        let me = Uuid::new_v4();
        let code = |outcome: Result<Vec<u8>, ConversionError>| outcome.map_err(|e| e.code());
        for bytes in [b"%PDF-1.7".to_vec(), Vec::new(), b"PK\x03\x04cut".to_vec()] {
            assert_eq!(
                code(desk.convert(me, &bytes).await),
                Err(ProblemCode::NotConvertible)
            );
        }
        let large = docx(&paragraph(&"x".repeat(5000)), &[]);
        assert_eq!(
            code(desk.convert(me, &large).await),
            Err(ProblemCode::TooLarge)
        );
        // One second is too short for the program to start and convert: it is ended, and says so.
        let _ = desk.convert(me, &docx(&paragraph("a"), &[])).await;
        assert_eq!(
            code(desk.convert(me, &docx(&paragraph("a"), &[])).await),
            Err(ProblemCode::TooMany)
        );
    }

    #[test]
    fn a_portal_without_the_program_offers_nothing() {
        let desk = Conversion::new(&ConversionSettings {
            program: Some("/nonexistent/soffice".into()),
            ..ConversionSettings::default()
        });
        assert!(!desk.offer().offered);
    }
}
