//! What a document holds that its signer may not see: a sentence each.

use super::{fill, t};
use contract::caution::{Caution, CautionKind};

/// Names and pages that are listed.
const LISTED: usize = 4;

/// The sentence.
pub const fn sentence(kind: CautionKind) -> &'static str {
    match kind {
        CautionKind::HiddenText => {
            "Có chữ trên trang mà mắt thường không thấy (bị che hoặc trùng màu nền). Người sửa tệp có thể làm chữ đó hiện ra sau khi bạn ký."
        }
        CautionKind::ValueDiffers => {
            "Có trường biểu mẫu hiện chữ khác với giá trị bên trong. Chương trình khác có thể hiện giá trị kia."
        }
        CautionKind::SpareContent => {
            "Tệp chứa trang không hiện ở đâu. Người sửa tệp có thể thay trang bạn đang xem bằng trang đó."
        }
        CautionKind::DoubledObject => {
            "Tệp chứa hai bản khác nhau của cùng một nội dung, một bản bị giấu. Người sửa tệp có thể đổi sang bản kia."
        }
        CautionKind::HiddenLayer => {
            "Tệp có lớp nội dung đang ẩn. Chương trình khác có thể hiện lớp đó."
        }
        CautionKind::PrintsOtherwise => {
            "Bản in ra có thể khác với những gì bạn thấy trên màn hình."
        }
        CautionKind::CoveringAnnotation => {
            "Có chú thích che chữ trên trang. Chú thích có thể bị gỡ đi sau khi bạn ký."
        }
        CautionKind::Script => {
            "Tệp có chương trình chạy bên trong (JavaScript), có thể làm đổi những gì hiển thị."
        }
        CautionKind::Action => {
            "Tệp có lệnh tự chạy: mở chương trình, gửi dữ liệu hoặc ẩn hiện nội dung."
        }
        CautionKind::OutsideContent => {
            "Một phần nội dung lấy từ tệp hoặc địa chỉ bên ngoài; phần đó không được ký và có thể thay đổi."
        }
        CautionKind::Attachment => "Tệp có tệp khác đính kèm bên trong; bạn ký cả những tệp đó.",
        CautionKind::LaterChanges => {
            "Sau chữ ký trước đã có thay đổi mà người ký đó cho phép nhưng chưa xem. Bạn ký tài liệu như hiện tại."
        }
    }
}

/// The sentence with where and what.
pub fn told(caution: &Caution) -> String {
    let sentence = t(sentence(caution.kind));
    let mut more = Vec::new();
    if !caution.names.is_empty() {
        more.push(listed(caution.names.iter().map(String::as_str)));
    }
    if !caution.pages.is_empty() {
        let pages: Vec<String> = caution
            .pages
            .iter()
            .map(|page| (page + 1).to_string())
            .collect();
        let pages = listed(pages.iter().map(String::as_str));
        more.push(fill("trang: {}", &[&pages]));
    }
    if more.is_empty() {
        sentence.to_owned()
    } else {
        format!("{sentence} ({})", more.join("; "))
    }
}

fn listed<'n>(all: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = if all.len() > LISTED { ", …" } else { "" };
    all.take(LISTED).collect::<Vec<_>>().join(", ") + more
}
