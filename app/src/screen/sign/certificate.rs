//! One certificate of an account: whose it is, until when, and whether it can be chosen.

use crate::format::day;
use crate::text::{self, fill};
use contract::provider::{CertificateInfo, Usability};
use leptos::prelude::*;

/// A certificate to choose; one that cannot be chosen says why.
pub fn shown_certificate(
    item: CertificateInfo,
    chosen: RwSignal<Option<CertificateInfo>>,
) -> impl IntoView {
    let usable = item.usability == Usability::Usable;
    let (serial, this) = (item.serial.clone(), item.clone());
    view! {
        <label class="certificate" class:unusable=!usable>
            <input
                type="radio"
                name="certificate"
                disabled=!usable
                prop:checked=move || chosen.get().is_some_and(|chosen| chosen.serial == serial)
                on:change=move |_| chosen.set(Some(this.clone()))
            />
            <span>
                <strong class="code">{item.serial.to_string()}</strong>
                <span>{item.owner}" · "{item.issuer}</span>
                <span>{fill("Hiệu lực {} – {}", &[&day(item.valid_from), &day(item.valid_to)])}</span>
                {(!usable).then(|| view! { <span class="error">{text::usability(item.usability)}</span> })}
            </span>
        </label>
    }
}
