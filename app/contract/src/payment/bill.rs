//! The bill: a pure function of the procedure, the form and what was chosen in step 3.

use super::fee::{COUNT_MAX, Exemption, FeeCount};
use crate::dossier::DossierForm;
use crate::problem::FieldProblem;
use crate::procedure::{Fee, Procedure};
use crate::value::{Dong, ValueError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most that one line may come to: beyond it the catalogue is wrong, not the money.
pub const LINE_MAX: Dong = Dong(1_000_000_000_000);

/// What the applicant chooses in `Thông tin phí, lệ phí`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeeChoices {
    /// Counts that are asked for, by [`units_key`] and [`copies_key`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, u32>,
    /// Code of the exemption that is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exemption: Option<String>,
}

/// Where the count of a fee's units is kept.
#[must_use]
pub fn units_key(fee: &Fee) -> String {
    fee.code.clone()
}

/// Where the count of copies is kept, each with so many units.
#[must_use]
pub fn copies_key(fee: &Fee) -> String {
    format!("{}.copies", fee.code)
}

/// What is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bill {
    /// One a fee, in the catalogue's order.
    pub lines: Vec<BillLine>,
    /// Sum of what the lines leave to pay.
    pub total: Dong,
}

/// One fee of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillLine {
    /// The fee's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Price of the first unit, as submitted online.
    pub price: Dong,
    /// Price at the counter, when that is another one.
    #[serde(default)]
    pub counter_price: Option<Dong>,
    /// What a unit is.
    pub unit: String,
    /// How many units (of one copy).
    pub units: u32,
    /// How many times.
    pub copies: u32,
    /// Before any exemption.
    pub full: Dong,
    /// What the exemption takes off.
    pub reduced: Dong,
    /// What is left to pay: `full` − `reduced`.
    pub due: Dong,
}

/// A count, within what is allowed; the smallest when nothing usable was given.
fn count(of: &FeeCount, key: &str, form: &DossierForm, choices: &FeeChoices) -> u32 {
    match of {
        FeeCount::Once => 1,
        FeeCount::Field { key } => form
            .detail
            .get(key)
            .and_then(|answer| u32::try_from(crate::form::number(answer, 0)?).ok())
            .unwrap_or(1)
            .clamp(1, COUNT_MAX),
        FeeCount::Asked { min, max, .. } => {
            let max = (*max).min(COUNT_MAX);
            let min = (*min).min(max);
            choices
                .counts
                .get(key)
                .copied()
                .unwrap_or(min)
                .clamp(min, max)
        }
    }
}

/// What so many units of one copy cost.
fn one_copy(fee: &Fee, units: u32) -> i64 {
    let first = fee.online_amount.unwrap_or(fee.amount).0.max(0);
    let plain = |units: u32| first.saturating_mul(i64::from(units));
    let sum = match fee.further {
        Some(further) if units >= further.from.max(2) => {
            let before = further.from.max(2) - 1;
            plain(before).saturating_add(
                further
                    .amount
                    .0
                    .max(0)
                    .saturating_mul(i64::from(units - before)),
            )
        }
        _ => plain(units),
    };
    fee.most.map_or(sum, |most| sum.min(most.0.max(0)))
}

/// The exemption of this code that a fee knows.
#[must_use]
pub fn exemption_of<'a>(fee: &'a Fee, code: Option<&str>) -> Option<&'a Exemption> {
    fee.exemptions
        .iter()
        .find(|exemption| Some(exemption.code.as_str()) == code)
}

/// Everybody who pays less in this procedure, each once.
#[must_use]
pub fn exemptions(procedure: &Procedure) -> Vec<&Exemption> {
    let mut all: Vec<&Exemption> = Vec::new();
    for exemption in procedure.fees.iter().flat_map(|fee| &fee.exemptions) {
        if all.iter().all(|known| known.code != exemption.code) {
            all.push(exemption);
        }
    }
    all
}

/// The bill. What is missing or out of bounds counts as the smallest allowed, so that there is always one;
/// [`check_choices`] says what is wrong.
#[must_use]
pub fn bill(procedure: &Procedure, form: &DossierForm, choices: &FeeChoices) -> Bill {
    let lines: Vec<BillLine> = procedure
        .fees
        .iter()
        .map(|fee| {
            let units = count(&fee.count, &units_key(fee), form, choices);
            let copies = count(&fee.copies, &copies_key(fee), form, choices);
            let full = one_copy(fee, units)
                .saturating_mul(i64::from(copies))
                .min(LINE_MAX.0);
            let percent = exemption_of(fee, choices.exemption.as_deref())
                .map_or(0, |exemption| i64::from(exemption.percent.min(100)));
            let reduced = full * percent / 100;
            BillLine {
                code: fee.code.clone(),
                name: fee.name.clone(),
                price: fee.online_amount.unwrap_or(fee.amount),
                counter_price: fee
                    .online_amount
                    .filter(|online| *online != fee.amount)
                    .map(|_| fee.amount),
                unit: fee.unit.clone(),
                units,
                copies,
                full: Dong(full),
                reduced: Dong(reduced),
                due: Dong(full - reduced),
            }
        })
        .collect();
    let total = lines
        .iter()
        .fold(0_i64, |sum, line| sum.saturating_add(line.due.0));
    Bill {
        lines,
        total: Dong(total),
    }
}

/// What is wrong with the choices; empty when all is right. Page and server use the same rule. Pointers begin with `/fees`.
#[must_use]
pub fn check_choices(procedure: &Procedure, choices: &FeeChoices) -> Vec<FieldProblem> {
    let mut wrong = Vec::new();
    let mut note = |pointer: String, error| wrong.push(FieldProblem { pointer, error });
    let mut asked = Vec::new();
    for fee in &procedure.fees {
        for (of, key) in [(&fee.count, units_key(fee)), (&fee.copies, copies_key(fee))] {
            let FeeCount::Asked { min, max, .. } = of else {
                continue;
            };
            let pointer = format!("/fees/counts/{key}");
            match choices.counts.get(&key) {
                None => note(pointer, ValueError::Required),
                Some(count) if !(*min..=(*max).min(COUNT_MAX)).contains(count) => {
                    note(pointer, ValueError::Malformed);
                }
                Some(_) => {}
            }
            asked.push(key);
        }
    }
    for key in choices.counts.keys().filter(|key| !asked.contains(key)) {
        note(format!("/fees/counts/{key}"), ValueError::Malformed);
    }
    if let Some(code) = &choices.exemption
        && exemptions(procedure)
            .iter()
            .all(|known| known.code != *code)
    {
        note("/fees/exemption".into(), ValueError::Malformed);
    }
    wrong
}

/// The choices as the procedure asks for them now: what it does not know goes, what is missing begins with the smallest count.
#[must_use]
pub fn tidied(procedure: &Procedure, choices: &FeeChoices) -> FeeChoices {
    let asked = procedure
        .fees
        .iter()
        .flat_map(|fee| [(&fee.count, units_key(fee)), (&fee.copies, copies_key(fee))]);
    let counts = asked
        .filter_map(|(of, key)| match of {
            FeeCount::Asked { min, .. } => {
                let count = choices.counts.get(&key).copied().unwrap_or(*min);
                Some((key, count))
            }
            _ => None,
        })
        .collect();
    let known = exemptions(procedure);
    let exemption = choices
        .exemption
        .clone()
        .filter(|code| known.iter().any(|exemption| exemption.code == *code));
    FeeChoices { counts, exemption }
}

/// What is wrong with the fees of a catalogue file, in words for an operator.
#[must_use]
pub fn faults(procedure: &Procedure) -> Vec<String> {
    let mut faults = Vec::new();
    let mut say = |code: &str, what: &str| faults.push(format!("fee {code}: {what}"));
    let mut codes = Vec::new();
    for fee in &procedure.fees {
        if codes.contains(&fee.code) {
            say(&fee.code, "the code stands twice");
        }
        codes.push(fee.code.clone());
        let amounts = [
            Some(fee.amount),
            fee.online_amount,
            fee.most,
            fee.further.map(|further| further.amount),
        ];
        if amounts.iter().flatten().any(|amount| amount.0 < 0) {
            say(&fee.code, "an amount is negative");
        }
        if fee.further.is_some_and(|further| further.from < 2) {
            say(&fee.code, "further.from is at least 2");
        }
        for count in [&fee.count, &fee.copies] {
            match count {
                FeeCount::Once => {}
                FeeCount::Field { key } => {
                    if procedure.fields.iter().all(|field| field.key != *key) {
                        say(&fee.code, &format!("there is no field {key} to count by"));
                    }
                }
                FeeCount::Asked { label, min, max } => {
                    if label.trim().is_empty() {
                        say(&fee.code, "a count that is asked for needs a label");
                    }
                    if *min == 0 || min > max || *max > COUNT_MAX {
                        say(&fee.code, "a count runs from 1 to 10000");
                    }
                }
            }
        }
        for exemption in &fee.exemptions {
            if !(1..=100).contains(&exemption.percent) {
                say(&fee.code, "an exemption takes off 1 to 100 percent");
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests;
