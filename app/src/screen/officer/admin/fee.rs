//! `Phí, lệ phí` in the form of a procedure.

use super::number::NumberField;
use super::part::{Edited, line, number};
use crate::text::{fill, n, t};
use contract::payment::FeeCount;
use contract::procedure::{Fee, Procedure};
use contract::value::Dong;
use leptos::prelude::*;

/// The server tells which amounts there are not, with their lines.
const ANY: (i64, i64) = (i64::MIN, i64::MAX);

fn new_fee(place: usize) -> Fee {
    Fee {
        code: format!("phi-{}", place + 1),
        name: String::new(),
        amount: Dong(0),
        unit: n("hồ sơ").to_owned(),
        note: String::new(),
        online_amount: None,
        count: FeeCount::default(),
        copies: FeeCount::default(),
        further: None,
        most: None,
        exemptions: Vec::new(),
    }
}

fn at<T>(of: &Procedure, place: usize, get: impl FnOnce(&Fee) -> T) -> Option<T> {
    of.fees.get(place).map(get)
}

fn set(of: &mut Procedure, place: usize, change: impl FnOnce(&mut Fee)) {
    if let Some(fee) = of.fees.get_mut(place) {
        change(fee);
    }
}

/// All fees.
#[component]
pub fn Fees(of: Edited) -> impl IntoView {
    let count = Memo::new(move |_| of.with(|of| of.fees.len()));
    view! {
        <fieldset class="card">
            <legend>{t("Phí, lệ phí")}</legend>
            {move || (0..count.get()).map(|place| {
                let online = Signal::derive(move || of.with(|of| at(of, place, |fee| fee.online_amount).flatten().map(|amount| amount.0)));
                let put = move |amount: Option<i64>| of.update(|of| set(of, place, |fee| fee.online_amount = amount.map(Dong)));
                view! {
                    <fieldset class="part">
                        <legend>{fill("Khoản {}", &[&(place + 1)])}</legend>
                        {line(of, format!("f{place}-name"), t("Tên khoản thu"), move |of| at(of, place, |fee| fee.name.clone()).unwrap_or_default(), move |of, text| set(of, place, |fee| fee.name = text))}
                        <div class="pair">
                            {number(of, format!("f{place}-amount"), t("Mức thu (đồng)"), ANY, move |of| at(of, place, |fee| fee.amount.0).unwrap_or_default(), move |of, amount| set(of, place, |fee| fee.amount = Dong(amount)))}
                            <NumberField id=format!("f{place}-online") label=t("Khi nộp trực tuyến (đồng)") value=online between=ANY optional=true put/>
                            {line(of, format!("f{place}-unit"), t("Đơn vị tính"), move |of| at(of, place, |fee| fee.unit.clone()).unwrap_or_default(), move |of, text| set(of, place, |fee| fee.unit = text))}
                            {line(of, format!("f{place}-code"), t("Mã khoản thu"), move |of| at(of, place, |fee| fee.code.clone()).unwrap_or_default(), move |of, text| set(of, place, |fee| fee.code = text))}
                        </div>
                        {line(of, format!("f{place}-note"), t("Miễn, giảm và điều kiện"), move |of| at(of, place, |fee| fee.note.clone()).unwrap_or_default(), move |of, text| set(of, place, |fee| fee.note = text))}
                        {move || of.with(|of| at(of, place, |fee| fee.further.is_some() || !fee.exemptions.is_empty() || fee.count != FeeCount::default())).unwrap_or_default().then(|| view! {
                            <p class="hint">{t("Khoản này còn cách tính riêng (số lượng, miễn giảm); sửa ở phần toàn văn.")}</p>
                        })}
                        <p class="row"><button type="button" class="button small" aria-label=fill("Bỏ khoản {}", &[&(place + 1)])
                            on:click=move |_| of.update(|of| if place < of.fees.len() { of.fees.remove(place); })>{t("Bỏ")}</button></p>
                    </fieldset>
                }
            }).collect_view()}
            <p class="row"><button type="button" class="button" on:click=move |_| of.update(|of| { let new = new_fee(of.fees.len()); of.fees.push(new); })>{t("Thêm khoản thu")}</button></p>
        </fieldset>
    }
}
