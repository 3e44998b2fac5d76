//! Vietnamese for what is wrong with a document, by pattern: the checks of the data folder speak English to operators.

/// English with gaps, and the same in Vietnamese. Gaps come in the same order.
const WORDS: &[(&str, &str)] = &[
    (
        "code {} is no code such as 1.001193",
        "Mã {} không đúng dạng, ví dụ 1.001193.",
    ),
    (
        "the code is {}, not {}",
        "Mã trong văn bản là {}, không phải {}.",
    ),
    ("{} is no known entry", "“{}” không phải mục được biết."),
    (
        "it is for nobody",
        "Chưa chọn đối tượng: công dân hoặc doanh nghiệp.",
    ),
    ("it belongs to no event", "Thủ tục chưa thuộc sự kiện nào."),
    (
        "{} is no event of events.toml",
        "“{}” không có trong danh sách sự kiện.",
    ),
    (
        "there is no component",
        "Thủ tục chưa có thành phần hồ sơ nào.",
    ),
    (
        "two components have the code {}",
        "Hai thành phần có cùng mã {}.",
    ),
    (
        "field {} has a key of the applicant's",
        "Trường {} trùng tên với thông tin người nộp.",
    ),
    (
        "{} is no file name such as to-khai.pdf",
        "{} không phải tên tệp hợp lệ, ví dụ to-khai.pdf.",
    ),
    (
        "two forms have the name {}",
        "Hai mẫu đơn có cùng tên tệp {}.",
    ),
    (
        "form {} is for {}, which is no component",
        "Mẫu đơn {} thuộc thành phần {}, thành phần này không có.",
    ),
    (
        "form {} asks for {}, which is no field",
        "Mẫu đơn {} dùng trường {}, trường này không có.",
    ),
    ("a brace has no partner", "dấu ngoặc nhọn chưa có cặp."),
    (
        "{} is no number of lines from 1 to 30",
        "{} không phải số dòng từ 1 đến 30.",
    ),
    ("the line is empty", "dòng này trống."),
    ("the code stands twice", "mã bị trùng."),
    ("an amount is negative", "số tiền không được âm."),
    (
        "further.from is at least 2",
        "mức giá tiếp theo phải bắt đầu từ đơn vị thứ 2 trở đi.",
    ),
    (
        "there is no field {} to count by",
        "không có trường {} để tính số lượng.",
    ),
    (
        "a count that is asked for needs a label",
        "số lượng do người nộp nhập cần có nhãn.",
    ),
    (
        "a count runs from 1 to 10000",
        "số lượng phải từ 1 đến 10000, số nhỏ nhất không quá số lớn nhất.",
    ),
    (
        "an exemption takes off 1 to 100 percent",
        "mức miễn, giảm phải từ 1 đến 100 %.",
    ),
    (
        "a key is made of ASCII letters, digits, _ and -",
        "khóa chỉ gồm chữ không dấu, chữ số, _ và -.",
    ),
    ("the key stands twice", "khóa bị trùng."),
    ("there is no label", "chưa có nhãn."),
    (
        "a repeated group holds no group itself",
        "nhóm lặp lại không được chứa nhóm khác.",
    ),
    (
        "no text is long and short enough",
        "độ dài nhỏ nhất lớn hơn độ dài lớn nhất.",
    ),
    (
        "a line holds at most 2000 characters",
        "một dòng có nhiều nhất 2000 ký tự.",
    ),
    (
        "a long text holds 1 to 10000 characters",
        "đoạn văn có từ 1 đến 10000 ký tự.",
    ),
    (
        "min is more than max",
        "giá trị nhỏ nhất lớn hơn giá trị lớn nhất.",
    ),
    ("at most 6 decimals", "nhiều nhất 6 chữ số thập phân."),
    (
        "no day is late and early enough",
        "ngày sớm nhất sau ngày muộn nhất.",
    ),
    (
        "age_min is more than age_max",
        "tuổi nhỏ nhất lớn hơn tuổi lớn nhất.",
    ),
    (
        "no number of choices is right",
        "số lựa chọn yêu cầu không thể đạt được.",
    ),
    (
        "item says what one row is called",
        "cần ghi tên gọi của một dòng (item).",
    ),
    (
        "a repeated group has at least one field",
        "nhóm lặp lại cần ít nhất một trường.",
    ),
    (
        "a repeated group has 1 to 30 rows at most, and min no more than max",
        "nhóm lặp lại có từ 1 đến 30 dòng, số nhỏ nhất không quá số lớn nhất.",
    ),
    ("there is nothing to choose", "chưa có lựa chọn nào."),
    (
        "an option is one line without spaces around it",
        "mỗi lựa chọn là một dòng, không có dấu cách ở hai đầu.",
    ),
    ("an option stands twice", "một lựa chọn bị trùng."),
    (
        "its condition names {}, which does not stand before it",
        "điều kiện nhắc đến {}, trường này không đứng trước nó.",
    ),
    (
        "its condition can never hold: `is` is empty",
        "điều kiện không bao giờ đúng vì danh sách `is` trống.",
    ),
    (
        "its condition asks for “{}”, which is no answer of {}",
        "điều kiện cần “{}”, không phải câu trả lời của {}.",
    ),
    ("more than {} steps of work", "Có nhiều hơn {} bước xử lý."),
    (
        "step {}: its duty does not work on dossiers",
        "Bước “{}” giao cho nhiệm vụ không xử lý hồ sơ.",
    ),
    (
        "a step of work has no name, or one that is too long",
        "Một bước xử lý chưa có tên hoặc tên quá dài.",
    ),
    (
        "the last step of work must be a leader's: the result is approved in it",
        "Bước cuối phải của lãnh đạo, vì kết quả được phê duyệt ở bước đó.",
    ),
    ("there is no step of work", "Chưa có bước xử lý nào."),
    ("an event has no name", "Một sự kiện chưa có tên."),
    ("event {} stands twice", "Sự kiện {} bị trùng."),
    (
        "{} is no date (YYYY-MM-DD)",
        "{} không phải ngày (NĂM-THÁNG-NGÀY).",
    ),
    (
        "{} is off and on",
        "Ngày {} vừa là ngày nghỉ vừa là ngày làm bù.",
    ),
    (
        "there must be one to three levels, each with a name",
        "Phải có từ một đến ba cấp, mỗi cấp có tên.",
    ),
    ("code {} stands twice", "Mã {} bị trùng."),
    (
        "unit {} has no name or no code",
        "Đơn vị {} chưa có tên hoặc chưa có mã.",
    ),
    (
        "unit {} lies in {}, which is not there",
        "Đơn vị {} thuộc {}, đơn vị này không có.",
    ),
    (
        "unit {} lies deeper than there are levels, or in itself",
        "Đơn vị {} nằm sâu hơn số cấp, hoặc thuộc chính nó.",
    ),
    (
        "home {} is no unit of the first level",
        "Đơn vị của cổng ({}) không phải đơn vị cấp thứ nhất.",
    ),
    ("the text is empty", "Văn bản trống."),
    ("the text is no UTF-8", "Tệp không phải văn bản UTF-8."),
    (
        "the text is longer than {} bytes",
        "Tệp dài hơn {} byte, mức lớn nhất của một văn bản.",
    ),
    ("missing field `{}`", "Thiếu mục “{}”."),
    (
        "unknown field `{}`, expected {}",
        "“{}” không phải mục được biết; có thể dùng: {}.",
    ),
    (
        "unknown variant `{}`, expected {}",
        "Giá trị “{}” không được dùng; có thể dùng: {}.",
    ),
    (
        "invalid type: {}, expected {}",
        "Kiểu dữ liệu không đúng: đang là {}, cần {}.",
    ),
    (
        "invalid value: {}, expected {}",
        "Giá trị không đúng: đang là {}, cần {}.",
    ),
    ("duplicate key", "Mục này đã được ghi ở trên."),
];

/// A known sentence.
fn known(what: &str) -> Option<String> {
    contract::pattern::translated(what, WORDS.iter().copied())
}

/// What is wrong, in Vietnamese.
#[must_use]
pub fn vietnamese(what: &str) -> String {
    if let Some(told) = known(what) {
        return told;
    }
    for (begins, word) in [("field ", "Trường "), ("fee ", "Khoản phí ")] {
        if let Some((of, rest)) = what
            .strip_prefix(begins)
            .and_then(|rest| rest.split_once(": "))
            && let Some(told) = known(rest)
        {
            return format!("{word}{of}: {told}");
        }
    }
    // A line of a form in quotes, and what is wrong with it.
    if let Some((line, rest)) = what.rsplit_once("\": ")
        && let Some(told) = known(rest)
    {
        return format!("Dòng {line}\": {told}");
    }
    format!("Không đọc được văn bản ở dòng này ({what}).")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_has_as_many_gaps_in_both_languages() {
        for (english, vietnamese) in WORDS {
            assert_eq!(
                english.matches("{}").count(),
                vietnamese.matches("{}").count(),
                "{english}"
            );
            let filled = english.replace("{}", "ví dụ");
            assert!(known(&filled).is_some(), "{filled}");
        }
    }

    #[test]
    fn what_the_checks_say_is_said_in_vietnamese() {
        for (what, told) in [
            (
                "fee le-phi: an amount is negative",
                "Khoản phí le-phi: số tiền không được âm.",
            ),
            (
                "field ho_ten: its condition asks for “Có”, which is no answer of ban_sao",
                "Trường ho_ten: điều kiện cần “Có”, không phải câu trả lời của ban_sao.",
            ),
            (
                "\"Họ tên: {ten\": a brace has no partner",
                "Dòng \"Họ tên: {ten\": dấu ngoặc nhọn chưa có cặp.",
            ),
            ("missing field `name`", "Thiếu mục “name”."),
            (
                "some new fault",
                "Không đọc được văn bản ở dòng này (some new fault).",
            ),
        ] {
            assert_eq!(vietnamese(what), told);
        }
    }

    #[test]
    fn every_fault_that_the_checks_have_words_for_is_known() {
        // The words between quotes in the sources of the checks, where they are told.
        let sources: [(&str, &[&str]); 2] = [
            (
                include_str!("../../../app/contract/src/form/faults.rs"),
                &["note(\"", "push(\""],
            ),
            (
                include_str!("../../../app/contract/src/payment/bill.rs"),
                &["say(&fee.code, \""],
            ),
        ];
        let mut seen = 0;
        for (source, begins) in sources {
            for (at, _) in begins.iter().flat_map(|begin| source.match_indices(begin)) {
                let what = source[at..].split('"').nth(1).expect("words");
                assert!(known(what).is_some(), "{what}");
                seen += 1;
            }
        }
        assert!(seen > 15, "{seen}");
    }
}
