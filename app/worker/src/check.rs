//! Validating a file, and reports that can be kept.

use crate::protocol::{Parcel, Reply};
use crate::{arithmetic, digest};
use contract::provider::Trust;
use contract::report::ReportFormat;
use contract::value::{Base64, Timestamp};
use contract::worker::{Answer, WorkerProblem};
use serde::Serialize as _;
use signature::{Values, report};
use std::rc::Rc;

/// The verdict on a file.
pub(crate) async fn validate(
    mut bytes: Vec<u8>,
    password: &str,
    roots: Vec<Base64>,
    now: Timestamp,
) -> Reply {
    let known = digest::of_file(&mut bytes, password, None).await;
    let trust = Trust { roots };
    let run = |values: &Rc<Values>| {
        signature::validate_asking(&bytes, password, &trust, now, &known, values)
    };
    let report = arithmetic::validated(&Rc::default(), run).await;
    Answer::Validated { report }.into()
}

/// What came with the signature that closes the file's newest revision.
pub(crate) fn brought(bytes: &[u8], password: &str) -> Reply {
    Answer::Brought {
        brought: signature::brought(bytes, password),
    }
    .into()
}

/// The report on a file, as of the time at which it was checked.
pub(crate) fn report(
    bytes: &[u8],
    password: &str,
    format: ReportFormat,
    name: String,
    roots: Vec<Base64>,
    now: Timestamp,
) -> Result<Reply, WorkerProblem> {
    let trust = Trust { roots };
    let told = report::of_with(bytes, password, name, &trust, now);
    let other = |detail: String| WorkerProblem::Other { detail };
    let made = match format {
        ReportFormat::Json => {
            let value = told
                .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
                .map_err(|error| other(error.to_string()))?;
            js_sys::JSON::stringify_with_replacer_and_space(
                &value,
                &wasm_bindgen::JsValue::NULL,
                &2.into(),
            )
            .map(|text| String::from(text).into_bytes())
            .map_err(|_| other("the report is no JSON".into()))?
        }
        ReportFormat::Xml => report::xml_with(&told, bytes, password, &trust).into_bytes(),
        ReportFormat::Pdf => report::pdf(&told).map_err(|error| other(error.to_string()))?,
    };
    Ok(Reply {
        answer: Answer::Reported,
        parcels: vec![Parcel::Bytes(made)],
    })
}
