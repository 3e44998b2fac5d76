//! The providers it plays: one row each, with what is particular about it.

/// One provider.
#[derive(Debug, Clone, Copy)]
pub struct Provider {
    /// Code in addresses.
    pub code: &'static str,
    /// How its app is called.
    pub app: &'static str,
    /// Its name at the national gateway; none where the gateway does not know it.
    pub ca_name: Option<&'static str>,
    /// How the gateway speaks for it.
    pub(crate) manner: Manner,
}

/// What differs between the gateway's answers for one CA and for another. The gateway's specification is not public; these are
/// the variants that public clients have met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// VNPT's form; known by the caller's number and by the gateway's own.
    Usual,
    /// Only the gateway's own number finds a transaction again.
    OwnNumberOnly,
    /// The annex of Decision 769: nested `file_options`, `data` and `chain_data` as lists, codes as text.
    Annex,
}

const fn row(
    code: &'static str,
    app: &'static str,
    ca_name: Option<&'static str>,
    manner: Manner,
) -> Provider {
    Provider {
        code,
        app,
        ca_name,
        manner,
    }
}

/// All of them. The last two speak the API of the Cloud Signature Consortium.
pub const PROVIDERS: [Provider; 9] = [
    row("vnpt-ca", "VNPT SmartCA", Some("VNPT-CA"), Manner::Usual),
    row("viettel-ca", "MySign", Some("Viettel-CA"), Manner::Usual),
    row("misa-ca", "MISA eSign", Some("MISA-CA"), Manner::Usual),
    row("ca2", "CA2 Remote Signing", Some("CA2"), Manner::Usual),
    row(
        "bkavca",
        "Bkav Remote Signing",
        Some("BkavCA"),
        Manner::OwnNumberOnly,
    ),
    row("fpt-ca", "FPT.eSign", Some("FPT-CA"), Manner::Usual),
    row("newtel-ca", "NewCA", Some("Newtel-CA"), Manner::Annex),
    row("csc-v1", "CSC 1.0.4 (thử)", None, Manner::Usual),
    row("csc-v2", "CSC 2 (thử)", None, Manner::Usual),
];

/// The row of a code.
pub(crate) fn provider(code: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.code == code)
}
