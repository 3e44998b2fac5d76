//! A chosen file is read and told apart by its content: taken as it is, bound with other photos, converted, or refused with what to do.

use crate::text::{fill, t};
use contract::content::FileKind;
use contract::dossier::ATTACHMENT_BYTES_MAX;
use contract::value::FileName;
use leptos::prelude::*;
use web_sys::{Blob, File};

/// Bytes that are read at a time, so that a large file shows how far it is.
const PIECE: f64 = 4.0 * 1024.0 * 1024.0;

/// How far the reading is.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Which file.
    pub name: String,
    /// Share that is read, 0 to 1.
    pub share: f64,
}

/// What a chosen file is.
pub enum Chosen {
    /// A PDF.
    Pdf(FileName, Vec<u8>),
    /// A photo that becomes a page.
    Photo(File, FileKind),
    /// A Word file.
    Word(FileName, Vec<u8>),
}

/// Reads a file and says what it is, or why it cannot be taken and what to do.
pub async fn read(file: File, progress: RwSignal<Option<Reading>>) -> Result<Chosen, String> {
    let name = file.name();
    if file.size() < 1.0 {
        return Err(fill(
            "“{}” là tệp rỗng (0 byte). Vui lòng kiểm tra tệp trên thiết bị rồi chọn lại.",
            &[&name],
        ));
    }
    #[allow(clippy::cast_precision_loss)] // 50 MB
    if file.size() > ATTACHMENT_BYTES_MAX as f64 {
        return Err(fill(
            "“{}” lớn hơn 50 MB. Vui lòng giảm dung lượng tệp (quét ở 150–200 dpi, đen trắng) hoặc tách thành nhiều tệp rồi chọn lại.",
            &[&name],
        ));
    }
    let bytes = bytes(&file, &name, progress)
        .await
        .ok_or_else(|| fill("Không đọc được “{}”. Vui lòng chọn lại.", &[&name]))?;
    let file_name: FileName = name.parse().map_err(|_| {
        fill(
            "Tên tệp “{}” không dùng được. Vui lòng đổi tên tệp rồi chọn lại.",
            &[&name],
        )
    })?;
    match FileKind::of(&bytes) {
        FileKind::Pdf => Ok(Chosen::Pdf(file_name, bytes)),
        FileKind::Doc | FileKind::Docx => Ok(Chosen::Word(file_name, bytes)),
        kind if kind.is_photo() => Ok(Chosen::Photo(file, kind)),
        kind => Err(refusal(kind, &name)),
    }
}

/// Why a kind of file is not taken.
fn refusal(kind: FileKind, name: &str) -> String {
    let sentence = match kind {
        FileKind::LockedOffice => {
            t("“{}” là tệp Word có mật khẩu. Vui lòng mở tệp, bỏ mật khẩu rồi lưu và chọn lại.")
        }
        FileKind::OtherOffice => t(
            "“{}” là bảng tính, trình chiếu hoặc tệp văn phòng khác. Vui lòng mở tệp, lưu sang PDF rồi chọn lại.",
        ),
        FileKind::SuspiciousZip => t(
            "“{}” bị hỏng hoặc không phải là tệp Word thông thường. Vui lòng mở tệp trong Word, lưu sang PDF rồi chọn lại.",
        ),
        _ => t(
            "“{}” không phải là PDF, Word hoặc ảnh JPEG, PNG. Vui lòng lưu sang PDF rồi chọn lại.",
        ),
    };
    sentence.replacen("{}", name, 1)
}

/// Reads piece by piece.
async fn bytes(file: &Blob, name: &str, progress: RwSignal<Option<Reading>>) -> Option<Vec<u8>> {
    let size = file.size();
    let mut read = Vec::new();
    let mut from = 0.0;
    while from < size {
        let to = (from + PIECE).min(size);
        let piece = file.slice_with_f64_and_f64(from, to).ok()?;
        read.extend(crate::screen::check::bytes_of(&piece).await?);
        let _ = progress.try_set(Some(Reading {
            name: name.to_owned(),
            share: to / size,
        }));
        from = to;
    }
    Some(read)
}

/// The name of the PDF made of a file.
pub fn as_pdf(name: &str) -> Option<FileName> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{}.pdf", stem.trim()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn the_pdf_is_called_like_the_file_it_was_made_of() {
        let named = |name: &str| as_pdf(name).map(|name| name.to_string());
        assert_eq!(named("Đơn v2.docx").as_deref(), Some("Đơn v2.pdf"));
        assert_eq!(named("đơn").as_deref(), Some("đơn.pdf"));
        assert_eq!(named(".docx"), None);
    }
}
