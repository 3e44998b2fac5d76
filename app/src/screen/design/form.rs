//! Fields, steps and tables in their states.

use crate::part::field::{ChoiceField, DateField, ErrorSummary, LongField, TextField};
use crate::part::stepper::Stepper;
use crate::part::table::{Cell, Table, words};
use crate::text::{n, t};
use leptos::prelude::*;
use uuid::Uuid;

/// Rows of the table; invented.
const ROWS: [(&str, &str, &str, &str); 3] = [
    (
        "G22.99.05-261125-0001",
        n("Đăng ký khai sinh"),
        n("Đang xử lý"),
        "chip",
    ),
    (
        "G22.99.05-261124-0007",
        n("Đăng ký tạm trú"),
        n("Cần bổ sung"),
        "chip attention",
    ),
    (
        "G22.99.05-261120-0003",
        n("Đăng ký kết hôn"),
        n("Đã có kết quả"),
        "chip good",
    ),
];

/// The part.
#[component]
pub fn Forms() -> impl IntoView {
    let value = |text: &str| RwSignal::new(text.to_owned());
    let (name, day, choice, long) = (value(t("Nguyễn Văn Mẫu")), value(""), value(""), value(""));
    let wrong = value("06209");
    let options = Signal::derive(|| {
        vec![
            ("1".to_owned(), t("Bản chính").to_owned()),
            ("2".to_owned(), t("Bản sao").to_owned()),
        ]
    });
    let errors = Signal::derive(|| {
        vec![(
            "design-wrong".to_owned(),
            t("Số CCCD gồm 12 chữ số.").to_owned(),
        )]
    });
    let rows = ROWS
        .into_iter()
        .map(|(code, procedure, status, class)| {
            vec![
                Cell::of(view! { <span class="code">{code}</span> }),
                Cell::of(t(procedure)),
                Cell::of(view! { <span class=class>{t(status)}</span> }),
            ]
        })
        .collect();
    view! {
        <section>
            <h2>{t("Trường nhập")}</h2>
            <ErrorSummary errors/>
            <div class="grid two">
                <TextField id="design-name" label=t("Họ và tên") required=true value=name on_input=move |text| name.set(text)/>
                <TextField id="design-wrong" label=t("Số CCCD") hint=t("12 chữ số in trên thẻ.") error=t("Số CCCD gồm 12 chữ số.") value=wrong on_input=move |text| wrong.set(text)/>
                <DateField id="design-day" label=t("Ngày sinh") value=day on_input=move |text| day.set(text)/>
                <ChoiceField id="design-choice" label=t("Loại bản") options value=choice on_input=move |text| choice.set(text)/>
                <div class="field"><label for="design-off">{t("Trường đang khóa")}</label><input id="design-off" disabled=true value=t("Lấy từ tài khoản")/></div>
                <div class="pick"><label class="button" for="design-file">{t("Chọn tệp tin")}</label><input id="design-file" type="file" class="visually-hidden"/></div>
            </div>
            <LongField id="design-long" label=t("Ghi chú") value=long on_input=move |text| long.set(text)/>
            <fieldset>
                <legend>{t("Cách nhận kết quả")}</legend>
                <label class="choice"><input type="radio" name="design-radio" checked=true/>{t("Trên mạng")}</label>
                <label class="choice"><input type="radio" name="design-radio"/>{t("Tại bộ phận một cửa")}</label>
                <label class="choice"><input type="checkbox" checked=true/>{t("Tôi cam đoan nội dung là đúng")}</label>
            </fieldset>
        </section>
        <section>
            <h2>{t("Các bước")}</h2>
            <Stepper draft=Uuid::nil() current=1/>
            <progress class="progress" max="100" value="62" aria-label=t("Tiến độ gửi tệp")></progress>
        </section>
        <section>
            <h2>{t("Bảng thành thẻ trên điện thoại")}</h2>
            <Table caption=t("Hồ sơ của tôi") columns=words([t("Mã hồ sơ"), t("Thủ tục"), t("Trạng thái")]) rows/>
        </section>
    }
}
