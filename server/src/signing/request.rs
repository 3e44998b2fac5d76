//! What is said to a provider about a transaction.

use contract::signing::StartSigning;
use contract::value::{Timestamp, VietnamTime};
use provider::{Handles, Item, Request};

/// Names of the items at the provider: shown on the phone, unique within the transaction.
pub fn doc_ids(request: &StartSigning) -> Vec<String> {
    let name = |(position, item): (usize, &contract::signing::SigningItem)| {
        format!("{}. {}", position + 1, item.file_name.as_str())
    };
    request.items.iter().enumerate().map(name).collect()
}

/// `YYYYMMDDHHmmSSZ` in UTC.
fn time_stamp(moment: Timestamp) -> String {
    let utc = VietnamTime::from(Timestamp(moment.0 - 7 * 3_600_000));
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second
    )
}

/// The request to sign.
pub fn request(start: &StartSigning, comparison_code: &str, now: Timestamp) -> Request {
    Request {
        transaction: start.id,
        account: start.citizen_id.clone(),
        serial: start.serial.clone(),
        description: format!(
            "Ma doi chieu {comparison_code} - {} tep - Ho so ky so",
            start.items.len()
        ),
        time_stamp: time_stamp(now),
        items: doc_ids(start)
            .into_iter()
            .zip(&start.items)
            .map(|(doc_id, item)| Item {
                doc_id,
                digest: item.digest,
            })
            .collect(),
    }
}

/// What asking about it later needs.
pub fn handles(start: &StartSigning, provider_code: Option<&str>) -> Handles {
    Handles {
        transaction: start.id,
        account: start.citizen_id.clone(),
        serial: start.serial.clone(),
        provider_code: provider_code.map(str::to_owned),
        doc_ids: doc_ids(start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stamps_are_utc() {
        assert_eq!(time_stamp(Timestamp(1_683_359_592_000)), "20230506075312Z");
    }
}
