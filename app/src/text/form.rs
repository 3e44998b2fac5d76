//! What is wrong with an answer, in a sentence that says what to write instead.

use super::{fill, t};
use contract::form::{Fault, Format};

/// A wrong answer.
pub fn fault(fault: Fault) -> String {
    let plain = |sentence: &'static str| t(sentence).to_owned();
    match fault {
        Fault::Required => plain("Vui lòng nhập mục này."),
        Fault::NotChosen => plain("Vui lòng chọn một mục."),
        Fault::TooShort(least) => fill("Nhập ít nhất {} ký tự.", &[&least]),
        Fault::TooLong(most) => fill("Nội dung quá dài, nhập nhiều nhất {} ký tự.", &[&most]),
        Fault::Unreadable => plain("Có ký tự không hiển thị được. Vui lòng xóa và nhập lại."),
        Fault::Format(format) => t(looks(format)).to_owned(),
        Fault::NotANumber(0) => plain("Nhập số nguyên, ví dụ 3 hoặc 1.250."),
        Fault::NotANumber(places) => fill(
            "Nhập số, dùng dấu phẩy cho phần lẻ (nhiều nhất {} chữ số), ví dụ 12,5.",
            &[&places],
        ),
        Fault::OutOfRange(min, max) => fill("Nhập số từ {} đến {}.", &[&whole(min), &whole(max)]),
        Fault::NotADate => plain("Nhập ngày có thật theo thứ tự ngày/tháng/năm, ví dụ 05/03/2020."),
        Fault::Before(day) => fill("Ngày không được trước {}.", &[&day.shown()]),
        Fault::BeforeToday => plain("Ngày không được trước hôm nay."),
        Fault::After(day) => fill("Ngày không được sau {}.", &[&day.shown()]),
        Fault::AfterToday => plain("Ngày không được sau hôm nay."),
        Fault::TooYoung(years) => fill("Phải từ đủ {} tuổi trở lên.", &[&years]),
        Fault::TooOld(years) => fill(
            "Nhiều nhất {} tuổi. Vui lòng kiểm tra lại năm sinh.",
            &[&years],
        ),
        Fault::NotAnOption => plain("Vui lòng chọn trong danh sách."),
        Fault::TooFew(least) => fill("Chọn ít nhất {} mục.", &[&least]),
        Fault::TooMany(most) => fill("Chọn nhiều nhất {} mục.", &[&most]),
    }
}

const fn looks(format: Format) -> &'static str {
    match format {
        Format::Digits => "Chỉ nhập chữ số.",
        Format::CitizenId => "Nhập 12 chữ số của CCCD hoặc 9 chữ số của CMND.",
        Format::Phone => "Nhập 10 chữ số, bắt đầu bằng 0, ví dụ 0912 345 678.",
        Format::Email => "Nhập địa chỉ email, ví dụ ten@example.vn.",
        Format::TaxCode => {
            "Nhập mã số thuế 10 chữ số, 13 chữ số cho chi nhánh (0100000001-001) hoặc 12 chữ số của CCCD."
        }
        Format::LicencePlate => "Nhập biển số xe, ví dụ 82A-123.45.",
    }
}

/// A whole number with points between thousands.
pub fn whole(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut shown = String::new();
    if number < 0 {
        shown.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push('.');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn whole_numbers_are_shown_as_they_are_written_in_vietnam() {
        assert_eq!(whole(9), "9");
        assert_eq!(whole(-1_000), "−1.000");
        assert_eq!(whole(1_250_000), "1.250.000");
    }
}
