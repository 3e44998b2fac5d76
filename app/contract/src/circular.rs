//! The ten checks of Thông tư 15/2025/TT-BKHCN, annex II, drawn from what the validator found: 1.1 to 1.6 about the certificate,
//! 2.1 to 2.4 about the signature. One place, so that screen, JSON, XML and PDF say the same.

use crate::validation::{
    Coverage, Integrity, Modifications, Revocation, SignatureReport, TrustStatus,
};
use serde::{Deserialize, Serialize};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// What lies at hand does not tell.
    NotChecked,
}

/// One of the ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Item {
    /// Signed while the certificate was valid.
    #[serde(rename = "1.1")]
    Validity,
    /// Neither suspended nor revoked then.
    #[serde(rename = "1.2")]
    Revocation,
    /// Algorithms conform.
    #[serde(rename = "1.3")]
    Algorithm,
    /// Scope of use.
    #[serde(rename = "1.4")]
    Scope,
    /// Key usage and extended key usage (optional).
    #[serde(rename = "1.5")]
    Usage,
    /// Statements of the issuer (optional).
    #[serde(rename = "1.6")]
    Statement,
    /// Who signed.
    #[serde(rename = "2.1")]
    Signer,
    /// Made with the certificate's key.
    #[serde(rename = "2.2")]
    Key,
    /// The certificate that came along was in force when signing.
    #[serde(rename = "2.3")]
    InForce,
    /// The digests agree.
    #[serde(rename = "2.4")]
    Digest,
}

impl Item {
    /// All, in the circular's order.
    pub const ALL: [Self; 10] = [
        Self::Validity,
        Self::Revocation,
        Self::Algorithm,
        Self::Scope,
        Self::Usage,
        Self::Statement,
        Self::Signer,
        Self::Key,
        Self::InForce,
        Self::Digest,
    ];

    /// Its number in annex II.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::Validity => "1.1",
            Self::Revocation => "1.2",
            Self::Algorithm => "1.3",
            Self::Scope => "1.4",
            Self::Usage => "1.5",
            Self::Statement => "1.6",
            Self::Signer => "2.1",
            Self::Key => "2.2",
            Self::InForce => "2.3",
            Self::Digest => "2.4",
        }
    }

    /// Its words in annex II, shortened.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Validity => "Thời điểm ký nằm trong thời gian có hiệu lực của chứng thư",
            Self::Revocation => "Chứng thư không bị tạm dừng hoặc thu hồi tại thời điểm ký",
            Self::Algorithm => "Thuật toán mật mã theo quy chuẩn, tiêu chuẩn",
            Self::Scope => "Phạm vi sử dụng của chứng thư",
            Self::Usage => "Mục đích sử dụng (Key Usage) – tùy chọn",
            Self::Statement => "Tuyên bố khác của tổ chức cấp – tùy chọn",
            Self::Signer => "Thông tin về chủ thể ký",
            Self::Key => "Chữ ký tạo bởi khóa bí mật tương ứng với chứng thư",
            Self::InForce => "Chứng thư kèm theo có hiệu lực tại thời điểm ký",
            Self::Digest => "Tính toàn vẹn: mã băm trùng nhau",
        }
    }
}

/// A check and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Criterion {
    /// Which.
    pub item: Item,
    /// How it ended.
    pub outcome: Outcome,
}

/// The ten checks of a signature; none for a document timestamp, of which the circular does not speak.
#[must_use]
pub fn criteria(signature: &SignatureReport) -> Vec<Criterion> {
    if signature.timestamp {
        return Vec::new();
    }
    Item::ALL
        .iter()
        .map(|item| Criterion {
            item: *item,
            outcome: outcome(signature, *item),
        })
        .collect()
}

fn outcome(signature: &SignatureReport, item: Item) -> Outcome {
    use Outcome::{Fail, NotChecked, Pass};
    let holds = |good: bool| if good { Pass } else { Fail };
    let known = signature.certificate_from.is_some() && signature.certificate_to.is_some();
    let bound = !signature.has("certificate-not-bound");
    match item {
        Item::Validity => validity(signature),
        // A check that is not possible is a warning and no failure: the circular asks the software to show it.
        Item::Revocation => match signature.revocation {
            Revocation::Good => Pass,
            Revocation::Revoked => Fail,
            Revocation::Unknown | Revocation::NotChecked => NotChecked,
        },
        Item::Algorithm if signature.algorithm.is_empty() || signature.has("unsupported") => {
            NotChecked
        }
        Item::Algorithm => holds(!signature.has("weak-digest") && !signature.has("weak-key")),
        Item::Scope | Item::Usage if !known => NotChecked,
        Item::Scope | Item::Usage => holds(!signature.has("wrong-key-usage")),
        Item::Statement => NotChecked,
        Item::Signer if signature.signer.is_empty() => NotChecked,
        // A name is worth what its issuer is worth.
        Item::Signer => match signature.trust {
            _ if !bound => Fail,
            TrustStatus::Trusted | TrustStatus::Expired | TrustStatus::Revoked => Pass,
            TrustStatus::Untrusted | TrustStatus::Unknown => NotChecked,
        },
        Item::Key => match signature.integrity {
            Integrity::Intact => holds(bound),
            Integrity::Broken => Fail,
            Integrity::Unverifiable => NotChecked,
        },
        Item::InForce => match (validity(signature), signature.trust) {
            (Fail, _) | (_, TrustStatus::Revoked) => Fail,
            (Pass, TrustStatus::Trusted) => Pass,
            _ => NotChecked,
        },
        Item::Digest => match signature.integrity {
            _ if matches!(signature.coverage, Coverage::Partial | Coverage::None) => Fail,
            _ if signature.modifications == Modifications::Other => Fail,
            Integrity::Intact => Pass,
            Integrity::Broken => Fail,
            Integrity::Unverifiable => NotChecked,
        },
    }
}

/// Whether it was signed while the certificate was valid: by the proven time, else by the time that the file claims.
fn validity(signature: &SignatureReport) -> Outcome {
    let (Some(from), Some(to)) = (signature.certificate_from, signature.certificate_to) else {
        return Outcome::NotChecked;
    };
    let within = |at| from <= at && at <= to;
    match (signature.signed_at, signature.proven_at) {
        // It existed before the certificate began: nobody could sign with it then.
        (_, Some(proven)) if proven < from => Outcome::Fail,
        (Some(claimed), _) if !within(claimed) => Outcome::Fail,
        (Some(_), _) => Outcome::Pass,
        (None, Some(proven)) if within(proven) => Outcome::Pass,
        _ => Outcome::NotChecked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::{Finding, Severity};
    use crate::value::Timestamp;

    fn good() -> SignatureReport {
        let text = r#"{"field":"KySo_1","signer":"Nguyễn Văn Mẫu","serial":"1a","level":"B-T","integrity":"intact","coverage":"whole-file",
            "modifications":"none","trust":"trusted","findings":[],"certificate_from":10,"certificate_to":100,"signed_at":50,
            "revocation":"good","algorithm":"RSA-2048 PSS SHA-256"}"#;
        serde_json::from_str(text).expect("fields added later have defaults")
    }

    fn of(signature: &SignatureReport) -> Vec<Outcome> {
        criteria(signature)
            .iter()
            .map(|criterion| criterion.outcome)
            .collect()
    }

    #[test]
    fn a_good_signature_passes_all_but_the_issuers_statement() {
        use Outcome::{NotChecked, Pass};
        let wanted = [
            Pass, Pass, Pass, Pass, Pass, NotChecked, Pass, Pass, Pass, Pass,
        ];
        assert_eq!(of(&good()), wanted);
    }

    /// What one change does to the checks: numbers that do not pass any more.
    fn failing(change: impl Fn(&mut SignatureReport)) -> Vec<(&'static str, Outcome)> {
        let mut signature = good();
        change(&mut signature);
        criteria(&signature)
            .into_iter()
            .filter(|criterion| {
                criterion.outcome != Outcome::Pass && criterion.item != Item::Statement
            })
            .map(|criterion| (criterion.item.number(), criterion.outcome))
            .collect()
    }

    fn found(code: &str) -> Finding {
        Finding {
            code: code.into(),
            message: String::new(),
            severity: Severity::Warning,
        }
    }

    #[test]
    fn every_check_can_fail() {
        use Outcome::{Fail, NotChecked};
        let out_of = [("1.1", Fail), ("2.3", Fail)];
        assert_eq!(failing(|it| it.signed_at = Some(Timestamp(101))), out_of);
        assert_eq!(failing(|it| it.proven_at = Some(Timestamp(9))), out_of);
        let revoked = failing(|it| {
            it.revocation = Revocation::Revoked;
            it.trust = TrustStatus::Revoked;
        });
        assert_eq!(revoked, [("1.2", Fail), ("2.3", Fail)]);
        let unchecked = failing(|it| it.revocation = Revocation::NotChecked);
        assert_eq!(unchecked, [("1.2", NotChecked)]);
        assert_eq!(
            failing(|it| it.findings.push(found("weak-digest"))),
            [("1.3", Fail)]
        );
        assert_eq!(
            failing(|it| it.findings.push(found("wrong-key-usage"))),
            [("1.4", Fail), ("1.5", Fail)]
        );
        assert_eq!(
            failing(|it| it.trust = TrustStatus::Untrusted),
            [("2.1", NotChecked), ("2.3", NotChecked)]
        );
        assert_eq!(
            failing(|it| it.integrity = Integrity::Broken),
            [("2.2", Fail), ("2.4", Fail)]
        );
        assert_eq!(
            failing(|it| it.modifications = Modifications::Other),
            [("2.4", Fail)]
        );
        assert!(
            of(&SignatureReport {
                timestamp: true,
                ..good()
            })
            .is_empty()
        );
    }
}
