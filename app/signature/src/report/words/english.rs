//! The same in English, for the command line (`server verify --lang en`). Papers stay Vietnamese.

use contract::validation::{Coverage, Headline, Integrity, Level, TrustStatus};

/// The sentence read first.
#[must_use]
pub const fn headline(headline: Headline) -> &'static str {
    match headline {
        Headline::Valid => "The signature is valid",
        Headline::ValidChanged => "The signature is valid, with changes made after signing",
        Headline::Invalid => "The signature is not valid",
        Headline::Undecided => "It cannot be decided whether the signature is valid",
        Headline::Unsigned => "The document is not signed",
    }
}

/// Integrity.
#[must_use]
pub const fn integrity(integrity: Integrity) -> &'static str {
    match integrity {
        Integrity::Intact => "what was signed is unchanged",
        Integrity::Broken => "what was signed, or the signature, was changed",
        Integrity::Unverifiable => "whether anything was changed cannot be checked",
    }
}

/// Coverage.
#[must_use]
pub const fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::WholeFile => "it covers the whole file",
        Coverage::WholeRevision => "it covers the whole file as it was when signed",
        Coverage::Partial => "it covers only a part of the file",
        Coverage::None => "what it covers cannot be told",
    }
}

/// Trust.
#[must_use]
pub const fn trust(trust: TrustStatus) -> &'static str {
    match trust {
        TrustStatus::Trusted => "leads to a trusted root",
        TrustStatus::Untrusted => "leads to no trusted root",
        TrustStatus::Revoked => "a certificate of its path was revoked",
        TrustStatus::Expired => "outside its validity at the time that counts",
        TrustStatus::Unknown => "not established",
    }
}

/// The level.
#[must_use]
pub const fn level(level: Level) -> &'static str {
    match level {
        Level::None => "an older form, none of the PAdES levels",
        Level::BB => "PAdES B-B: a basic signature without a timestamp",
        Level::BT => "PAdES B-T: with a timestamp",
        Level::BLt => "PAdES B-LT: with a timestamp and the data to check it later",
        Level::BLta => "PAdES B-LTA: with an archive timestamp, can be checked for long",
    }
}
