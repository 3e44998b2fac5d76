//! The report as ETSI TS 119 102-2 V1.4.1 wants it (namespace `http://uri.etsi.org/19102/v1.4.1#`), in the order of its schema.
//! Document timestamps are validation objects with a verdict of their own, as are the timestamps inside signatures.

use super::evidence::{Evidence, Signed, Store, Token};
use super::markup::Markup;
use crate::key::{DigestKind, Scheme};
use contract::circular::{Criterion, Outcome};
use contract::report::FileReport;
use contract::validation::{
    Finding, Indication, Level, RevocationWord, Severity, SignatureReport, SubIndication,
    TimestampStatus, TrustStatus,
};
use contract::value::{Base64, Sha256, Timestamp, VietnamTime};

const NAMESPACE: &str = "http://uri.etsi.org/19102/v1.4.1#";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const SHA_256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
/// What is ours and not the standard's.
const OWN: &str = "urn:ho-so-ky-so:";

/// The whole document.
pub(super) fn document(told: &FileReport, evidence: &Evidence) -> String {
    let mut report = Report {
        xml: Markup::new(),
        told,
        evidence,
    };
    report.whole();
    report.xml.finish()
}

struct Report<'r> {
    xml: Markup,
    told: &'r FileReport,
    evidence: &'r Evidence,
}

impl Report<'_> {
    fn whole(&mut self) {
        self.xml.open(
            "ValidationReport",
            &[("xmlns", NAMESPACE), ("xmlns:ds", DSIG)],
        );
        let told = self.told;
        let people = || {
            told.report
                .signatures
                .iter()
                .enumerate()
                .filter(|(_, signature)| !signature.timestamp)
        };
        for (index, signature) in people() {
            let criteria = told.circular.get(index).map_or(&[][..], Vec::as_slice);
            self.signature(index, signature, criteria);
        }
        // The schema asks for at least one: a file without a person's signature has a report that says just that.
        if people().next().is_none() {
            self.xml.open("SignatureValidationReport", &[]);
            self.time(None, None);
            self.xml.open("SignatureValidationStatus", &[]);
            self.urn(
                "MainIndication",
                &[OWN, "mainindication:no-signature-found"],
            );
            self.findings(&[], &told.report.findings, None);
            self.xml.close();
            self.xml.close();
        }
        self.objects();
        self.xml.close();
    }

    fn signature(&mut self, index: usize, signature: &SignatureReport, criteria: &[Criterion]) {
        let signed = self.evidence.of(&signature.field, signature.byte_range);
        let id = format!("S-{}", index + 1);
        self.xml.open("SignatureValidationReport", &[]);
        self.xml.open("SignatureIdentifier", &[("id", &id)]);
        if let Some(digest) = signature.signed_attributes_sha256 {
            self.digest(SHA_256, &digest.0);
        }
        if let Some(signed) = signed {
            self.xml.leaf("ds:SignatureValue", &base64(&signed.value));
        }
        self.xml.leaf("HashOnly", "false");
        self.xml.leaf("DocHashOnly", "false");
        self.xml.leaf("DAIdentifier", &signature.field);
        self.xml.close();
        self.constraints(criteria);
        self.time(signature.proven_at, self.proof(signature, signed));
        self.document(signed);
        self.attributes(signature, signed);
        if let Some(signer) = signed.and_then(|signed| signed.signer) {
            self.xml.open("SignerInformation", &[]);
            self.reference("SignerCertificate", &[name('C', &signer)]);
            self.xml.leaf("Signer", &signature.signer);
            self.xml.close();
        }
        self.xml.open("SignatureValidationProcess", &[]);
        let process = match signature.level {
            Level::BLta => "LTA",
            Level::BLt | Level::BT => "LTVM",
            Level::BB | Level::None => "Basic",
        };
        let process = ["urn:etsi:019102:validationprocess:", process];
        self.urn("SignatureValidationProcessID", &process);
        self.xml.close();
        self.status(&id, signature, signed);
        self.xml.close();
    }

    /// The ten checks of the circular are the constraints that were applied.
    fn constraints(&mut self, criteria: &[Criterion]) {
        if criteria.is_empty() {
            return;
        }
        self.xml.open("ValidationConstraintsEvaluationReport", &[]);
        for criterion in criteria {
            let number = criterion.item.number();
            self.xml.open("ValidationConstraint", &[]);
            let identifier = [OWN, "tt-15-2025-bkhcn:ii:", number];
            self.urn("ValidationConstraintIdentifier", &identifier);
            self.xml.open("ConstraintStatus", &[]);
            self.xml
                .leaf("Status", "urn:etsi:019102:constraintStatus:applied");
            self.xml.close();
            self.xml.open("ValidationStatus", &[]);
            let indication = match criterion.outcome {
                Outcome::Pass => "passed",
                Outcome::Fail => "failed",
                Outcome::NotChecked => "indeterminate",
            };
            self.main(indication);
            self.xml.close();
            self.xml.close();
        }
        self.xml.close();
    }

    fn main(&mut self, indication: &str) {
        let indication = ["urn:etsi:019102:mainindication:", indication];
        self.urn("MainIndication", &indication);
    }

    /// An identifier of several parts. Reports are made seldom: small code counts for more here than speed.
    #[inline(never)]
    fn urn(&mut self, element: &'static str, parts: &[&str]) {
        self.xml.leaf(element, &parts.concat());
    }

    fn time(&mut self, proven: Option<Timestamp>, by: Option<Token>) {
        let now = self.told.checked_at;
        self.xml.open("ValidationTimeInfo", &[]);
        self.xml.leaf("ValidationTime", &moment(now));
        self.xml.open("BestSignatureTime", &[]);
        self.existence(proven.unwrap_or(now), by);
        self.xml.close();
        self.xml.close();
    }

    fn existence(&mut self, at: Timestamp, by: Option<Token>) {
        self.xml.leaf("POETime", &moment(at));
        self.xml
            .leaf("TypeOfProof", "urn:etsi:019102:poetype:validation");
        if let Some(token) = by {
            self.reference("POEObject", &[name('T', &token.name)]);
        }
    }

    /// The timestamp whose time is the proven one.
    fn proof(&self, signature: &SignatureReport, signed: Option<&Signed>) -> Option<Token> {
        let at = signature.proven_at?;
        let own = signed.into_iter().flat_map(|signed| &signed.tokens);
        let later = self
            .evidence
            .signed
            .iter()
            .filter_map(|signed| signed.own.as_ref());
        own.chain(later).find(|token| token.at == at).copied()
    }

    fn document(&mut self, signed: Option<&Signed>) {
        let Some((kind, digest)) = signed.and_then(|signed| signed.digest.as_ref()) else {
            return;
        };
        self.xml.open("SignersDocument", &[]);
        self.digest(digest_method(*kind), digest);
        let file = name('D', &self.told.file.sha256);
        self.reference("SignersDocumentRef", &[file]);
        self.xml.close();
    }

    fn attributes(&mut self, signature: &SignatureReport, signed: Option<&Signed>) {
        let signer = signed
            .filter(|signed| signed.binds)
            .and_then(|signed| signed.signer);
        let digest = signed.and_then(|signed| signed.digest.as_ref());
        if signature.sub_filter.is_empty() && signature.byte_range.is_none() && digest.is_none() {
            return;
        }
        self.xml.open("SignatureAttributes", &[]);
        if let Some(at) = signature.signed_at {
            self.xml.open("SigningTime", &[("Signed", "true")]);
            self.xml.leaf("Time", &moment(at));
            self.xml.close();
        }
        if let Some(signer) = signer {
            self.xml.open("SigningCertificate", &[("Signed", "true")]);
            self.reference("AttributeObject", &[name('C', &signer)]);
            self.xml.close();
        }
        for token in signed.into_iter().flat_map(|signed| &signed.tokens) {
            self.stamp("SignatureTimeStamp", *token);
        }
        if let Some((_, digest)) = digest {
            self.xml.open("MessageDigest", &[("Signed", "true")]);
            self.xml.leaf("Digest", &base64(digest));
            self.xml.close();
        }
        let evidence = self.evidence;
        let end = |range: Option<[u64; 4]>| range.map(|[_, _, start, length]| start + length);
        for later in &evidence.signed {
            if let Some(token) = later.own
                && end(later.byte_range) > end(signature.byte_range)
            {
                self.stamp("DocTimeStamp", token);
            }
        }
        if !signature.sub_filter.is_empty() {
            self.xml.open("SubFilter", &[]);
            self.xml.leaf("SubFilterElement", &signature.sub_filter);
            self.xml.close();
        }
        if let Some(range) = signature.byte_range {
            let numbers = range.map(|number| number.to_string()).join(" ");
            self.xml.leaf("ByteRange", &numbers);
        }
        self.xml.close();
    }

    #[inline(never)]
    fn stamp(&mut self, kind: &'static str, token: Token) {
        self.xml.open(kind, &[]);
        self.reference("AttributeObject", &[name('T', &token.name)]);
        self.xml.leaf("TimeStampValue", &moment(token.at));
        self.xml.close();
    }

    fn status(&mut self, id: &str, signature: &SignatureReport, signed: Option<&Signed>) {
        self.xml.open("SignatureValidationStatus", &[]);
        self.main(match signature.indication {
            Indication::TotalPassed => "total-passed",
            Indication::TotalFailed => "total-failed",
            Indication::Indeterminate => "indeterminate",
        });
        if let Some(sub) = signature.sub_indication {
            self.sub(sub);
        }
        let scheme = signed
            .and_then(|signed| signed.scheme)
            .map(|scheme| (id, algorithm(scheme), !is_weak(signature)));
        self.findings(
            &self.chain(signature),
            &signature.findings,
            Some((signature, scheme)),
        );
        self.xml.close();
    }

    fn sub(&mut self, sub: SubIndication) {
        let sub = match sub {
            SubIndication::FormatFailure => "FORMAT_FAILURE",
            SubIndication::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            SubIndication::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            SubIndication::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            SubIndication::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            SubIndication::Revoked => "REVOKED",
            SubIndication::RevokedNoPoe => "REVOKED_NO_POE",
            SubIndication::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            SubIndication::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            SubIndication::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            SubIndication::Generic => "GENERIC",
        };
        self.urn("SubIndication", &["urn:etsi:019102:subindication:", sub]);
    }

    /// Certificates of the path that the report carries.
    fn chain(&self, signature: &SignatureReport) -> Vec<Sha256> {
        let carried = |link: &&Sha256| self.evidence.certificates.has(link);
        let chain = signature.chain_sha256.iter().take_while(carried);
        chain.copied().collect()
    }

    #[allow(clippy::type_complexity)] // one place of use
    fn findings(
        &mut self,
        chain: &[Sha256],
        findings: &[Finding],
        about: Option<(&SignatureReport, Option<(&str, &str, bool)>)>,
    ) {
        let word = about.and_then(|(signature, _)| signature.revocation_word);
        let crypto = about.and_then(|(_, crypto)| crypto);
        if chain.is_empty() && findings.is_empty() && crypto.is_none() {
            return;
        }
        self.xml.open("AssociatedValidationReportData", &[]);
        let trusted = about.is_some_and(|(signature, _)| {
            matches!(
                signature.trust,
                TrustStatus::Trusted | TrustStatus::Expired | TrustStatus::Revoked
            )
        });
        self.path(chain, trusted);
        if let (
            [signer, ..],
            Some(RevocationWord {
                revoked_since: Some(since),
                ..
            }),
        ) = (chain, word)
        {
            self.xml.open("RevocationStatusInformation", &[]);
            self.reference("ValidationObjectId", &[name('C', signer)]);
            self.xml.leaf("RevocationTime", &moment(since));
            self.xml.close();
        }
        if let Some((id, algorithm, secure)) = crypto {
            self.xml.open("CryptoInformation", &[]);
            self.reference("ValidationObjectId", &[id.to_owned()]);
            self.xml.leaf("Algorithm", algorithm);
            self.xml
                .leaf("SecureAlgorithm", if secure { "true" } else { "false" });
            self.xml.close();
        }
        if !findings.is_empty() {
            self.xml.open("AdditionalValidationReportData", &[]);
            for found in findings {
                let severity = match found.severity {
                    Severity::Info => "info",
                    Severity::Warning => "warning",
                    Severity::Error => "error",
                };
                self.xml.open("ReportData", &[]);
                self.urn("Type", &[OWN, "finding:", severity, ":", &found.code]);
                self.xml.leaf("Value", &found.message);
                self.xml.close();
            }
            self.xml.close();
        }
        self.xml.close();
    }

    fn path(&mut self, chain: &[Sha256], trusted: bool) {
        let Some((signer, above)) = chain.split_first() else {
            return;
        };
        let (anchor, between) = match above.split_last() {
            Some((anchor, between)) if trusted => (Some(anchor), between),
            _ => (None, above),
        };
        if let Some(anchor) = anchor {
            self.reference("TrustAnchor", &[name('C', anchor)]);
        }
        self.xml.open("CertificateChain", &[]);
        self.reference("SigningCertificate", &[name('C', signer)]);
        for link in between {
            self.reference("IntermediateCertificate", &[name('C', link)]);
        }
        if let Some(anchor) = anchor {
            self.reference("TrustAnchor", &[name('C', anchor)]);
        }
        self.xml.close();
    }

    fn objects(&mut self) {
        self.xml.open("SignatureValidationObjects", &[]);
        let file = self.told.file.sha256;
        self.object(&name('D', &file), "signedData");
        self.xml.open("ValidationObjectRepresentation", &[]);
        self.digest(SHA_256, &file.0);
        self.xml.close();
        self.xml.close();
        let evidence = self.evidence;
        self.stored('C', "certificate", &evidence.certificates);
        self.stored('R', "CRL", &evidence.lists);
        self.stored('O', "OCSPResponse", &evidence.answers);
        for (token, bytes) in &evidence.tokens.0 {
            self.object(&name('T', token), "timestamp");
            self.bytes(bytes);
            if let Some((indication, sub)) = self.verdict_of(token) {
                self.xml.open("ValidationReport", &[]);
                self.xml.open("SignatureValidationStatus", &[]);
                self.main(indication);
                if let Some(sub) = sub {
                    self.sub(sub);
                }
                self.xml.close();
                self.xml.close();
            }
            self.xml.close();
        }
        self.xml.close();
    }

    /// How a timestamp was judged: a document timestamp as a signature of the report, others with the signature that holds them.
    fn verdict_of(&self, token: &Sha256) -> Option<(&'static str, Option<SubIndication>)> {
        for signature in &self.told.report.signatures {
            let Some(signed) = self.evidence.of(&signature.field, signature.byte_range) else {
                continue;
            };
            if signed.own.is_some_and(|own| own.name == *token) {
                let indication = match signature.indication {
                    Indication::TotalPassed => "passed",
                    Indication::TotalFailed => "failed",
                    Indication::Indeterminate => "indeterminate",
                };
                return Some((indication, signature.sub_indication));
            }
            let at = signed.tokens.iter().position(|own| own.name == *token);
            if let Some(told) = at.and_then(|at| signature.timestamps.get(at)) {
                return Some(match told.status {
                    TimestampStatus::Trusted => ("passed", None),
                    TimestampStatus::Untrusted => (
                        "indeterminate",
                        Some(SubIndication::NoCertificateChainFound),
                    ),
                    TimestampStatus::Broken => ("failed", Some(SubIndication::SigCryptoFailure)),
                    TimestampStatus::Unsupported => ("indeterminate", Some(SubIndication::Generic)),
                });
            }
        }
        None
    }

    fn stored(&mut self, letter: char, kind: &str, store: &Store) {
        for (object, bytes) in &store.0 {
            self.object(&name(letter, object), kind);
            self.bytes(bytes);
            self.xml.close();
        }
    }

    /// Opens a validation object.
    fn object(&mut self, id: &str, kind: &str) {
        self.xml.open("ValidationObject", &[("id", id)]);
        self.urn("ObjectType", &["urn:etsi:019102:validationObject:", kind]);
    }

    #[inline(never)]
    fn bytes(&mut self, bytes: &[u8]) {
        self.xml.open("ValidationObjectRepresentation", &[]);
        self.xml.leaf("base64", &base64(bytes));
        self.xml.close();
    }

    #[inline(never)]
    fn digest(&mut self, method: &str, value: &[u8]) {
        self.xml.open("DigestAlgAndValue", &[]);
        self.xml.empty("ds:DigestMethod", &[("Algorithm", method)]);
        self.xml.leaf("ds:DigestValue", &base64(value));
        self.xml.close();
    }

    #[inline(never)]
    fn reference(&mut self, element: &'static str, ids: &[String]) {
        self.xml.empty(element, &[("VOReference", &ids.join(" "))]);
    }
}

fn is_weak(signature: &SignatureReport) -> bool {
    signature.has("weak-digest") || signature.has("weak-key")
}

/// An `xs:ID`: it must not begin with a digit.
fn name(letter: char, object: &Sha256) -> String {
    format!("{letter}-{object}")
}

fn base64(bytes: &[u8]) -> String {
    Base64(bytes.to_vec()).into()
}

/// `xs:dateTime` in UTC, to the second.
fn moment(at: Timestamp) -> String {
    // The one civil calendar at hand is Vietnam's, seven hours ahead all year.
    let at = VietnamTime::from(Timestamp(at.0.saturating_sub(7 * 3600 * 1000)));
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year, at.month, at.day, at.hour, at.minute, at.second
    )
}

/// Identifiers of RFC 9231, which take over those of XML Encryption and XML Signature.
const fn digest_method(kind: DigestKind) -> &'static str {
    match kind {
        DigestKind::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
        DigestKind::Sha256 => SHA_256,
        DigestKind::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
        DigestKind::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
    }
}

const fn algorithm(scheme: Scheme) -> &'static str {
    use DigestKind::{Sha1, Sha256, Sha384, Sha512};
    match scheme {
        Scheme::Pkcs1(Sha1) => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        Scheme::Pkcs1(Sha256) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        Scheme::Pkcs1(Sha384) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        Scheme::Pkcs1(Sha512) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        Scheme::Pss(Sha1, _) => "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1",
        Scheme::Pss(Sha256, _) => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        Scheme::Pss(Sha384, _) => "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
        Scheme::Pss(Sha512, _) => "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
        Scheme::Ecdsa(Sha1) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
        Scheme::Ecdsa(Sha256) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        Scheme::Ecdsa(Sha384) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        Scheme::Ecdsa(Sha512) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
        Scheme::Ed25519 => "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(moment(Timestamp(1_683_359_592_999)), "2023-05-06T07:53:12Z");
        assert_eq!(moment(Timestamp(0)), "1970-01-01T00:00:00Z");
    }
}
