//! Fees and their payment: one bill for page and server, how it is paid, and what a payment's state allows.
//!
//! The page shows [`bill::bill`]; the server computes it again from the catalogue and what was announced and never takes an amount
//! from the page.

pub mod bill;
pub mod fee;
pub mod state;
pub mod vietqr;

pub use bill::{Bill, BillLine, FeeChoices, bill, check_choices};
pub use fee::{Exemption, FeeCount, Further};
pub use state::{NotAllowed, PaymentAct, PaymentState, Standing};

use crate::dossier::{DossierStatus, FeePayment};
use crate::value::{Dong, DossierCode, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest reference a person gives of a transfer or a receipt book, in characters.
pub const REFERENCE_MAX: usize = 100;
/// Longest note of an officer, in characters.
pub const NOTE_MAX: usize = 500;

/// `GET /api/payment-means`: how this portal can be paid.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentMeans {
    /// Account for transfers; none when the operator named none.
    #[serde(default)]
    pub bank: Option<BankAccount>,
    /// Name of the online gateway; none without one.
    #[serde(default)]
    pub gateway: Option<String>,
}

/// The agency's bank account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BankAccount {
    /// The bank's number at NAPAS, six digits.
    pub bin: String,
    /// The bank's name as people know it.
    pub bank: String,
    /// Account number.
    pub account: String,
    /// Who holds it.
    pub holder: String,
    /// Nobody's account: transfers shown in a demonstration reach no bank.
    #[serde(default)]
    pub invented: bool,
}

/// A payment, as owner and officer see it: `GET /api/dossiers/{id}/payment`, `GET /api/officer/dossiers/{id}/payment`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Payment {
    /// Which dossier.
    pub dossier: Uuid,
    /// Its code.
    pub code: DossierCode,
    /// What it is for.
    pub bill: Bill,
    /// What is owed all in all.
    pub amount: Dong,
    /// What was paid so far and not given back.
    pub paid: Dong,
    /// State.
    pub state: PaymentState,
    /// How it is to be paid, or was.
    pub method: FeePayment,
    /// The exemption the applicant claims.
    #[serde(default)]
    pub exemption: Option<Exemption>,
    /// What an officer decided on the exemption; none while it waits.
    #[serde(default)]
    pub exemption_accepted: Option<bool>,
    /// How a transfer is made, while something is to be paid.
    #[serde(default)]
    pub transfer: Option<TransferDetails>,
    /// Name of the online gateway, while something is to be paid and there is one.
    #[serde(default)]
    pub gateway: Option<String>,
    /// The dossier was refused, withdrawn or stopped: nothing more is asked for.
    #[serde(default)]
    pub closed: bool,
    /// What happened, oldest first.
    pub events: Vec<PaymentEvent>,
    /// Grows with every change.
    pub version: i64,
}

impl Payment {
    /// What is still to be paid.
    #[must_use]
    pub fn due(&self) -> Dong {
        due(self.amount, self.paid)
    }
}

/// Whether nothing more is asked for in a state of the dossier.
#[must_use]
pub const fn is_closed(status: DossierStatus) -> bool {
    matches!(
        status,
        DossierStatus::Refused | DossierStatus::Withdrawn | DossierStatus::Stopped
    )
}

/// What is still to be paid; never negative.
#[must_use]
pub fn due(amount: Dong, paid: Dong) -> Dong {
    Dong(amount.0.saturating_sub(paid.0).max(0))
}

/// What a banking app needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransferDetails {
    /// To whom.
    pub account: BankAccount,
    /// How much.
    pub amount: Dong,
    /// What the transfer must say, so that it is found: ASCII, at most [`vietqr::PURPOSE_MAX`] characters.
    pub purpose: String,
    /// The same as the text of a VietQR code.
    pub qr: String,
}

/// One entry of a payment's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentEvent {
    /// When.
    pub at: Timestamp,
    /// Who, by name.
    pub actor: String,
    /// What.
    pub what: PaymentAct,
    /// State afterwards.
    pub state: PaymentState,
    /// How much it was about; 0 when about no money.
    #[serde(default)]
    pub amount: Dong,
    /// Number of the transfer, of the gateway or of the receipt book.
    #[serde(default)]
    pub reference: String,
    /// What an officer wrote.
    #[serde(default)]
    pub note: String,
}

/// A line of `GET /api/payments`: one's own dossiers that cost something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentLine {
    /// Which dossier.
    pub dossier: Uuid,
    /// Its code.
    pub code: DossierCode,
    /// Procedure's name.
    pub procedure_name: String,
    /// What is owed all in all.
    pub amount: Dong,
    /// What was paid.
    pub paid: Dong,
    /// State.
    pub state: PaymentState,
    /// How.
    pub method: FeePayment,
    /// The dossier was refused, withdrawn or stopped: nothing more is asked for.
    #[serde(default)]
    pub closed: bool,
    /// Last change, else the submission.
    pub at: Timestamp,
}

/// `GET /api/payment-status/{code}`: what anybody may know who has the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentStatus {
    /// Code.
    pub code: DossierCode,
    /// Still to be paid.
    pub due: Dong,
    /// State.
    pub state: PaymentState,
    /// How a transfer is made: anybody may pay for somebody. It names nobody.
    #[serde(default)]
    pub transfer: Option<TransferDetails>,
}

/// `POST /api/dossiers/{id}/payment`: what the applicant may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum PayerAct {
    /// Chooses how to pay.
    Choose {
        /// How.
        method: FeePayment,
    },
    /// `Tôi đã chuyển khoản`.
    Announce {
        /// The bank's number of the transfer, when known.
        #[serde(default)]
        reference: String,
    },
}

/// `POST /api/dossiers/{id}/payment/online`: where the browser goes to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OnlinePayment {
    /// The gateway's page.
    pub address: String,
}

/// `POST /api/officer/dossiers/{id}/payment`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OfficerPayment {
    /// What.
    pub act: PaymentAct,
    /// Number of the transfer or the receipt book.
    #[serde(default)]
    pub reference: String,
    /// Note for the citizen.
    #[serde(default)]
    pub note: String,
    /// The version the officer saw.
    pub version: i64,
}
