//! Slips by the standard forms of TT 01/2018/TT-VPCP, and who signed a paper of an agency: a slip or a file of a result.

use crate::life::Act;
use crate::supplement::SupplementItem;
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A standard form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SlipForm {
    /// 01, `Giấy tiếp nhận hồ sơ và hẹn trả kết quả`.
    Reception,
    /// 02, `Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ`.
    Supplement,
    /// 03, `Phiếu từ chối tiếp nhận giải quyết hồ sơ`.
    Refusal,
    /// 04, `Phiếu xin lỗi và hẹn lại ngày trả kết quả`.
    Apology,
    /// 05, `Phiếu kiểm soát quá trình giải quyết hồ sơ`: the agency's own, made anew whenever it is asked for.
    Control,
}

impl SlipForm {
    /// Number of the form.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::Reception => "01",
            Self::Supplement => "02",
            Self::Refusal => "03",
            Self::Apology => "04",
            Self::Control => "05",
        }
    }

    /// The form that an act fills in, if there is one.
    #[must_use]
    pub const fn of(act: Act) -> Option<Self> {
        match act {
            Act::Receive => Some(Self::Reception),
            Act::AskSupplement => Some(Self::Supplement),
            Act::Refuse => Some(Self::Refusal),
            _ => None,
        }
    }
}

/// Who signed a paper, as the server found it when it arrived; everybody checks the file itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Hands {
    /// Names of the persons, in the order they signed on this portal.
    pub signers: Vec<String>,
    /// Their transactions, in the same order.
    pub signings: Vec<Uuid>,
    /// Whose seal was put on it after them; empty for none. The certificate's own name.
    pub seal: String,
}

impl Hands {
    /// Whether nobody did.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.signers.is_empty() && self.seal.is_empty()
    }
}

/// A slip that was issued. Its bytes are at `…/slips/{id}` below the dossier's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Slip {
    /// Identifier.
    pub id: Uuid,
    /// Form.
    pub form: SlipForm,
    /// The how manieth of this form for this dossier, from 1.
    pub number: u32,
    /// When what it says was done.
    pub at: Timestamp,
    /// Length in bytes.
    pub size: u64,
    /// Who signed it.
    #[serde(default)]
    pub hands: Hands,
}

/// `POST /api/officer/dossiers/{id}/slips/preview`: the slip that an act would make. Nothing is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreviewSlip {
    /// The form: 01, 02 or 03.
    pub form: SlipForm,
    /// Note or reason as typed so far.
    #[serde(default)]
    pub note: String,
    /// Form 02: what is asked for.
    #[serde(default)]
    pub items: Vec<SupplementItem>,
    /// Form 02: working days for the answer.
    #[serde(default)]
    pub working_days: u16,
}
