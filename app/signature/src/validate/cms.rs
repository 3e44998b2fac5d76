//! The CMS of a signature (RFC 5652), read by its bytes: what was hashed is hashed again as it was transmitted.

use super::fields::Field;
use super::moment;
use super::range::{Covered, Message};
use crate::certificate::Parts;
use crate::key::{DigestKind, KeyKind, PublicKey, Scheme};
use crate::known::Known;
use crate::tlv::{self, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, Tlv};
use const_oid::ObjectIdentifier;
use contract::validation::Integrity;
use contract::value::Timestamp;
use der::Decode as _;
use spki::AlgorithmIdentifierOwned;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// `adbe-revocationInfoArchival` (ISO 32000-2, 12.8.3.3.2).
const ADOBE_REVOCATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");
/// `id-ct-TSTInfo` (RFC 3161, 2.4.2).
const TIMESTAMP_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// `id-data` (RFC 5652, 4).
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// `cmsAlgorithmProtection` (RFC 6211).
const ALGORITHM_PROTECTION: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
const TIMESTAMP_TOKEN: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// Signed attributes.
#[derive(Debug, Clone)]
pub(crate) struct Attributes<'a> {
    /// The transmitted bytes with the tag of a `SET OF`: what was signed (RFC 5652, 5.4).
    pub(crate) as_set: Vec<u8>,
    list: Vec<(ObjectIdentifier, Vec<Tlv<'a>>)>,
}

impl<'a> Attributes<'a> {
    fn read(content: &'a [u8]) -> Option<Self> {
        Some(Self {
            as_set: tlv::write(SET, &[content]),
            list: list(content)?,
        })
    }

    /// The one value of an attribute that occurs once.
    fn only(&self, oid: ObjectIdentifier) -> Option<Tlv<'a>> {
        let mut found = self.list.iter().filter(|(name, _)| *name == oid);
        match (found.next(), found.next()) {
            (Some((_, values)), None) => match values.as_slice() {
                [value] => Some(*value),
                _ => None,
            },
            _ => None,
        }
    }

    fn has(&self, oid: ObjectIdentifier) -> bool {
        self.list.iter().any(|(name, _)| *name == oid)
    }

    /// Whether a kind stands twice (RFC 5652, 5.3 permits one).
    fn repeats(&self) -> bool {
        let mut seen = std::collections::HashSet::new();
        self.list.iter().any(|(name, _)| !seen.insert(*name))
    }
}

fn list(mut rest: &[u8]) -> Option<Vec<(ObjectIdentifier, Vec<Tlv<'_>>)>> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (attribute, after) = tlv::expect(rest, SEQUENCE)?;
        rest = after;
        let (name, after) = tlv::expect(attribute.content, OBJECT_IDENTIFIER)?;
        let (values, _) = tlv::expect(after, SET)?;
        found.push((
            ObjectIdentifier::from_der(name.whole).ok()?,
            members(values.content)?,
        ));
    }
    Some(found)
}

fn members(mut rest: &[u8]) -> Option<Vec<Tlv<'_>>> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (value, after) = tlv::read(rest)?;
        found.push(value);
        rest = after;
    }
    Some(found)
}

/// `SignedData` with its one `SignerInfo`.
#[derive(Debug)]
pub(crate) struct SignedData<'a> {
    /// Certificates, DER.
    pub(crate) certificates: Vec<&'a [u8]>,
    /// The signer's certificate, DER.
    pub(crate) signer: Option<&'a [u8]>,
    /// Signed attributes.
    pub(crate) attributes: Option<Attributes<'a>>,
    /// Signature timestamps among the unsigned attributes, each a token.
    pub(crate) timestamps: Vec<&'a [u8]>,
    /// Revocation lists and OCSP answers that the CMS carries.
    pub(crate) lists: Vec<&'a [u8]>,
    pub(crate) answers: Vec<&'a [u8]>,
    /// Kind of the content.
    kind: ObjectIdentifier,
    /// Encapsulated content (`TSTInfo` of a timestamp).
    content: Option<&'a [u8]>,
    digest: Option<DigestKind>,
    scheme: Option<Scheme>,
    /// `digestAlgorithm` and `signatureAlgorithm`, content of each.
    algorithms: [&'a [u8]; 2],
    value: &'a [u8],
}

impl<'a> SignedData<'a> {
    /// Reads a `ContentInfo` with definite lengths (see [`crate::ber`]).
    pub(crate) fn read(value: &'a [u8]) -> Option<Self> {
        let (info, _) = tlv::expect(value, SEQUENCE)?;
        let (kind, rest) = tlv::expect(info.content, OBJECT_IDENTIFIER)?;
        let kind: ObjectIdentifier = ObjectIdentifier::from_der(kind.whole).ok()?;
        if kind != SIGNED_DATA {
            return None;
        }
        let (explicit, _) = tlv::expect(rest, 0xa0)?;
        let (data, _) = tlv::expect(explicit.content, SEQUENCE)?;
        let (_version, rest) = tlv::expect(data.content, INTEGER)?;
        let (_digests, rest) = tlv::expect(rest, SET)?;
        let (encapsulated, mut rest) = tlv::expect(rest, SEQUENCE)?;
        let (kind, after_kind) = tlv::expect(encapsulated.content, OBJECT_IDENTIFIER)?;
        let kind = ObjectIdentifier::from_der(kind.whole).ok()?;
        let content = match tlv::read(after_kind) {
            Some((wrapped, _)) if wrapped.tag == 0xa0 => {
                Some(tlv::expect(wrapped.content, OCTET_STRING)?.0.content)
            }
            _ => None,
        };
        let mut certificates = Vec::new();
        let mut lists = Vec::new();
        loop {
            let (next, after) = tlv::read(rest)?;
            match next.tag {
                0xa0 => {
                    let found = members(next.content)?;
                    certificates.extend(
                        found
                            .iter()
                            .filter(|member| member.tag == SEQUENCE)
                            .map(|member| member.whole),
                    );
                }
                0xa1 => lists.extend(
                    members(next.content)?
                        .iter()
                        .filter(|member| member.tag == SEQUENCE)
                        .map(|member| member.whole),
                ),
                SET => {
                    let [signer] = members(next.content)?.try_into().ok()?;
                    let mut signed =
                        Self::signer_info(certificates, kind, content, signer.content)?;
                    signed.lists.extend(lists);
                    return Some(signed);
                }
                _ => return None,
            }
            rest = after;
        }
    }

    /// What a field's `/Contents` (with definite lengths) and its other entries say, by the format they are in.
    pub(crate) fn of_field(value: &'a [u8], field: &'a Field) -> Option<Self> {
        if field.sub_filter == b"adbe.x509.rsa_sha1" {
            return Self::plain(value, &field.certificates);
        }
        Self::read(value)
    }

    /// The oldest form (ISO 32000-1, 12.8.3.2): an RSA value over SHA-1 of the file, and the certificates beside it.
    fn plain(value: &'a [u8], certificates: &'a [Vec<u8>]) -> Option<Self> {
        let (value, _) = tlv::expect(value, OCTET_STRING)?;
        let certificates: Vec<&[u8]> = certificates.iter().map(Vec::as_slice).collect();
        Some(Self {
            signer: certificates.first().copied(),
            certificates,
            attributes: None,
            timestamps: Vec::new(),
            lists: Vec::new(),
            answers: Vec::new(),
            kind: DATA,
            content: None,
            digest: Some(DigestKind::Sha1),
            scheme: Some(Scheme::Pkcs1(DigestKind::Sha1)),
            algorithms: [&[], &[]],
            value: value.content,
        })
    }

    fn signer_info(
        certificates: Vec<&'a [u8]>,
        kind: ObjectIdentifier,
        content: Option<&'a [u8]>,
        info: &'a [u8],
    ) -> Option<Self> {
        let (_version, rest) = tlv::expect(info, INTEGER)?;
        let (identifier, rest) = tlv::read(rest)?;
        let (digest, rest) = tlv::expect(rest, SEQUENCE)?;
        let (next, after) = tlv::read(rest)?;
        let (attributes, rest) = if next.tag == 0xa0 {
            (Some(Attributes::read(next.content)?), after)
        } else {
            (None, rest)
        };
        let (algorithm, rest) = tlv::expect(rest, SEQUENCE)?;
        let (value, rest) = tlv::expect(rest, OCTET_STRING)?;
        let timestamps = match tlv::read(rest) {
            Some((unsigned, _)) if unsigned.tag == 0xa1 => list(unsigned.content)?
                .iter()
                .filter(|(name, _)| *name == TIMESTAMP_TOKEN)
                .flat_map(|(_, values)| values.iter().map(|value| value.whole))
                .collect(),
            _ => Vec::new(),
        };
        let (lists, answers) = attributes
            .as_ref()
            .and_then(|attributes| attributes.only(ADOBE_REVOCATION))
            .and_then(archived)
            .unwrap_or_default();
        let algorithms = [digest.content, algorithm.content];
        let digest = AlgorithmIdentifierOwned::from_der(digest.whole)
            .ok()
            .and_then(|algorithm| DigestKind::from_oid(algorithm.oid));
        let scheme = AlgorithmIdentifierOwned::from_der(algorithm.whole)
            .ok()
            .and_then(|algorithm| Scheme::from_identifier(&algorithm, digest));
        let signer = certificates
            .iter()
            .copied()
            .find(|der| identifies(&identifier, der));
        Some(Self {
            certificates,
            signer,
            attributes,
            timestamps,
            lists,
            answers,
            kind,
            content,
            digest,
            scheme,
            algorithms,
            value: value.content,
        })
    }

    /// Value over the signed attributes, and their digest over `message`.
    fn holds(&self, known: &Known, message: &(impl Message + ?Sized)) -> Integrity {
        let (Some(digest), Some(scheme), Some(signer)) = (self.digest, self.scheme, self.signer)
        else {
            return Integrity::Unverifiable;
        };
        if known.read(signer).key().is_none() {
            return Integrity::Unverifiable;
        }
        let holds = match &self.attributes {
            Some(attributes) => {
                let told = attributes
                    .only(MESSAGE_DIGEST)
                    .filter(|value| value.tag == OCTET_STRING)
                    .is_some_and(|value| value.content == message.digest(digest));
                told && attributes.only(CONTENT_TYPE).is_some()
                    && known.verifies(signer, scheme, &attributes.as_set, self.value)
            }
            None => match scheme.digest() {
                Some(kind) => {
                    known.verifies_digest(signer, scheme, message.digest(kind), self.value)
                }
                None => known.verifies(signer, scheme, &message.bytes(), self.value),
            },
        };
        if holds {
            Integrity::Intact
        } else {
            Integrity::Broken
        }
    }

    /// The oldest form. Its name says SHA-1, later editions let it take others (PDF Reference 1.7, 8.7.2): such a value is not read here,
    /// and not broken.
    fn oldest(&self, known: &Known, covered: &Covered<'_>) -> Integrity {
        let found = self.holds(known, covered);
        let by = |kind: DigestKind| {
            self.signer.is_some_and(|signer| {
                let digest = covered.digest(kind);
                known.verifies_digest(signer, Scheme::Pkcs1(kind), digest, self.value)
            })
        };
        let newer = [DigestKind::Sha256, DigestKind::Sha384, DigestKind::Sha512];
        if found == Integrity::Broken && newer.into_iter().any(by) {
            Integrity::Unverifiable
        } else {
            found
        }
    }

    /// Integrity of a person's signature over the covered bytes.
    pub(crate) fn integrity(
        &self,
        known: &Known,
        covered: &Covered<'_>,
        sub_filter: &[u8],
    ) -> Integrity {
        match self.content {
            None if sub_filter == b"adbe.x509.rsa_sha1" => self.oldest(known, covered),
            None => self.holds(known, covered),
            // The old form wraps the file's SHA-1 (ISO 32000-1, 12.8.3.3.1); nothing else may be wrapped.
            Some(content) if sub_filter == b"adbe.pkcs7.sha1" => {
                if content == covered.digest(DigestKind::Sha1) {
                    self.holds(known, content)
                } else {
                    Integrity::Broken
                }
            }
            Some(_) => Integrity::Unverifiable,
        }
    }

    /// The digest of the covered bytes that [`Self::integrity`] or [`Self::timestamp_integrity`] takes first; none where all bytes are needed.
    pub(crate) fn asks(&self, field: &Field) -> Option<DigestKind> {
        if field.is_timestamp() {
            return self.stamp().map(|stamp| stamp.kind);
        }
        match (self.content, &self.attributes) {
            (None, Some(_)) => self.digest,
            (None, None) => self.scheme?.digest(),
            (Some(_), _) => self
                .wraps_sha1(&field.sub_filter)
                .then_some(DigestKind::Sha1),
        }
    }

    /// Whether SHA-1 of the file is what was signed.
    pub(crate) fn wraps_sha1(&self, sub_filter: &[u8]) -> bool {
        self.content.is_some() && sub_filter == b"adbe.pkcs7.sha1"
    }

    /// Whether a timestamp token holds and is over this message (RFC 3161, 2.4.2).
    pub(crate) fn timestamp_integrity(
        &self,
        known: &Known,
        message: &(impl Message + ?Sized),
    ) -> Integrity {
        match (self.content, self.stamp()) {
            (Some(info), Some(stamp)) if message.digest(stamp.kind) == stamp.hashed => {
                self.holds(known, info)
            }
            (Some(_), Some(_)) => Integrity::Broken,
            _ => Integrity::Unverifiable,
        }
    }

    /// Whether the signature over the enclosed content holds.
    pub(crate) fn content_integrity(&self, known: &Known) -> Integrity {
        self.content.map_or(Integrity::Unverifiable, |content| {
            self.holds(known, content)
        })
    }

    /// What a timestamp token says; `None` when the content is none.
    pub(crate) fn stamp(&self) -> Option<Stamp<'a>> {
        if self.kind != TIMESTAMP_INFO {
            return None;
        }
        let (outer, _) = tlv::expect(self.content?, SEQUENCE)?;
        let (_version, rest) = tlv::expect(outer.content, INTEGER)?;
        let (_policy, rest) = tlv::expect(rest, OBJECT_IDENTIFIER)?;
        let (imprint, rest) = tlv::expect(rest, SEQUENCE)?;
        let (_serial, rest) = tlv::expect(rest, INTEGER)?;
        let (at, mut rest) = tlv::read(rest)?;
        let mut nonce = None;
        while let Some((next, after)) = tlv::read(rest) {
            rest = after;
            if next.tag == INTEGER {
                nonce = Some(next.content);
            }
        }
        let (algorithm, rest) = tlv::expect(imprint.content, SEQUENCE)?;
        let kind = DigestKind::from_oid(
            AlgorithmIdentifierOwned::from_der(algorithm.whole)
                .ok()?
                .oid,
        )?;
        let (hashed, _) = tlv::expect(rest, OCTET_STRING)?;
        Some(Stamp {
            kind,
            hashed: hashed.content,
            nonce,
            at: moment::read(&at)?,
        })
    }

    /// The signature value: what a signature timestamp is over.
    pub(crate) const fn value(&self) -> &'a [u8] {
        self.value
    }

    /// The digest that the signed attributes state of the content.
    pub(crate) fn message_digest(&self) -> Option<&'a [u8]> {
        let value = self.attributes.as_ref()?.only(MESSAGE_DIGEST)?;
        (value.tag == OCTET_STRING).then_some(value.content)
    }

    /// Digest algorithm of the content.
    pub(crate) const fn digest(&self) -> Option<DigestKind> {
        self.digest
    }

    /// Signature algorithm.
    pub(crate) const fn scheme(&self) -> Option<Scheme> {
        self.scheme
    }

    /// The signing time the CMS claims (legacy signatures).
    pub(crate) fn signing_time(&self) -> Option<Timestamp> {
        moment::read(&self.attributes.as_ref()?.only(SIGNING_TIME)?)
    }

    /// The signer's key.
    pub(crate) fn key(&self, known: &Known) -> Option<KeyKind> {
        known.read(self.signer?).key().map(PublicKey::kind)
    }

    /// In words, e.g. `RSA-2048 PKCS#1 v1.5 SHA-256`.
    pub(crate) fn algorithm(&self, known: &Known) -> String {
        let key = self.key(known).map(|kind| match kind {
            KeyKind::Rsa(bits) | KeyKind::RsaPss(bits) => format!("RSA-{bits}"),
            KeyKind::P256 => "ECDSA P-256".into(),
            KeyKind::P384 => "ECDSA P-384".into(),
            KeyKind::Ed25519 => "Ed25519".into(),
        });
        let padding = match self.scheme {
            Some(Scheme::Pkcs1(_)) => " PKCS#1 v1.5",
            Some(Scheme::Pss(..)) => " PSS",
            _ => "",
        };
        let digest = match self.digest {
            Some(DigestKind::Sha1) => " SHA-1",
            Some(DigestKind::Sha256) => " SHA-256",
            Some(DigestKind::Sha384) => " SHA-384",
            Some(DigestKind::Sha512) => " SHA-512",
            None => "",
        };
        format!("{}{padding}{digest}", key.unwrap_or_default())
    }

    /// Whether SHA-1 is used for the content or for the signature.
    pub(crate) fn uses_sha1(&self) -> bool {
        self.digest == Some(DigestKind::Sha1)
            || self.scheme.and_then(Scheme::digest) == Some(DigestKind::Sha1)
    }

    /// What is wrong with how the parts of the CMS fit together although the value holds: code and sentence. `named`: the format asks
    /// that the signed attributes name the certificate (EN 319 142-1, 6.3; RFC 3161, 2.4.2). `stamps`: a timestamp is meant.
    pub(crate) fn faults(&self, named: bool, stamps: bool) -> Vec<(&'static str, &'static str)> {
        let mut found = Vec::new();
        let meant = self.kind == if stamps { TIMESTAMP_INFO } else { DATA };
        let Some(attributes) = &self.attributes else {
            if named || !meant {
                found.push((
                    "signed-attributes-missing",
                    "Chữ ký không có thuộc tính được ký, trái với chuẩn của dạng chữ ký này.",
                ));
            }
            return found;
        };
        let states = attributes
            .only(CONTENT_TYPE)
            .and_then(|value| ObjectIdentifier::from_der(value.whole).ok());
        if states != Some(self.kind) || !meant {
            found.push((
                "content-type-differs",
                "Chữ ký được tạo cho một loại dữ liệu khác, không phải cho tài liệu.",
            ));
        }
        if attributes.repeats() {
            found.push((
                "attribute-repeated",
                "Một thuộc tính được ký xuất hiện hai lần: mỗi chương trình có thể hiểu một kiểu.",
            ));
        }
        let agrees = self
            .scheme
            .and_then(Scheme::digest)
            .is_none_or(|digest| Some(digest) == self.digest);
        let protected = !attributes.has(ALGORITHM_PROTECTION)
            || attributes
                .only(ALGORITHM_PROTECTION)
                .is_some_and(|value| self.is_protected(&value));
        if !agrees || !protected {
            found.push((
                "algorithms-disagree",
                "Các thuật toán ghi trong chữ ký không thống nhất với nhau.",
            ));
        }
        if named && !self.binds_any() {
            found.push((
                "certificate-not-named",
                "Chữ ký không ghi chứng thư số nào đã ký, trái với chuẩn PAdES.",
            ));
        }
        found
    }

    /// Whether `CMSAlgorithmProtection` states the algorithms that stand beside it (RFC 6211, 2).
    fn is_protected(&self, value: &Tlv<'_>) -> bool {
        // An absent parameter and NULL mean the same to everybody.
        let plain = |content: &'_ [u8]| content.strip_suffix(&[5, 0]).unwrap_or(content).to_vec();
        let [digest, algorithm] = self.algorithms;
        tlv::expect(value.content, SEQUENCE).is_some_and(|(stated, rest)| {
            plain(stated.content) == plain(digest)
                && tlv::expect(rest, 0xa1)
                    .is_some_and(|(stated, _)| plain(stated.content) == plain(algorithm))
        })
    }

    /// Whether the signed attributes name a certificate at all.
    pub(crate) fn binds_any(&self) -> bool {
        self.attributes.as_ref().is_some_and(|attributes| {
            attributes.has(SIGNING_CERTIFICATE_V2) || attributes.has(SIGNING_CERTIFICATE)
        })
    }

    /// What PAdES baseline asks of the CMS.
    pub(crate) fn is_baseline(&self) -> bool {
        self.attributes.as_ref().is_some_and(|attributes| {
            attributes.has(SIGNING_CERTIFICATE_V2)
                && !attributes.has(SIGNING_TIME)
                && self.content.is_none()
        })
    }

    /// Whether the signed attributes bind this certificate; true when they bind none (legacy signatures).
    pub(crate) fn binds(&self, certificate: &[u8]) -> bool {
        let Some(attributes) = &self.attributes else {
            return true;
        };
        let older = !attributes.has(SIGNING_CERTIFICATE)
            || attributes
                .only(SIGNING_CERTIFICATE)
                .and_then(|value| first_identifier(value, DigestKind::Sha1))
                .is_some_and(|(_, hash)| DigestKind::Sha1.digest(certificate) == hash);
        if attributes.has(SIGNING_CERTIFICATE_V2) {
            return older
                && attributes
                    .only(SIGNING_CERTIFICATE_V2)
                    .and_then(|value| first_identifier(value, DigestKind::Sha256))
                    .is_some_and(|(kind, hash)| kind.digest(certificate) == hash);
        }
        older
    }
}

/// What a timestamp token says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp<'a> {
    /// How the message was hashed.
    pub(crate) kind: DigestKind,
    /// The message's digest.
    pub(crate) hashed: &'a [u8],
    /// Content of the `INTEGER` that was sent along, if any.
    pub(crate) nonce: Option<&'a [u8]>,
    /// When.
    pub(crate) at: Timestamp,
}

/// Values, each whole.
type Values<'a> = Vec<&'a [u8]>;

/// Lists and answers of `RevocationInfoArchival`: `[0]` and `[1]`, each a sequence.
fn archived(attribute: Tlv<'_>) -> Option<(Values<'_>, Values<'_>)> {
    let mut found = (Vec::new(), Vec::new());
    for part in members(attribute.content)? {
        let target = match part.tag {
            0xa0 => &mut found.0,
            0xa1 => &mut found.1,
            _ => continue,
        };
        let (sequence, _) = tlv::expect(part.content, SEQUENCE)?;
        target.extend(members(sequence.content)?.iter().map(|member| member.whole));
    }
    Some(found)
}

/// The first `ESSCertID(v2)` of a signing-certificate attribute (RFC 5035, 3): digest kind and hash.
fn first_identifier(attribute: Tlv<'_>, default: DigestKind) -> Option<(DigestKind, &[u8])> {
    let (identifiers, _) = tlv::expect(attribute.content, SEQUENCE)?;
    let (first, _) = tlv::expect(identifiers.content, SEQUENCE)?;
    let (next, after) = tlv::read(first.content)?;
    if next.tag == SEQUENCE {
        let kind = DigestKind::from_oid(AlgorithmIdentifierOwned::from_der(next.whole).ok()?.oid)?;
        return Some((kind, tlv::expect(after, OCTET_STRING)?.0.content));
    }
    (next.tag == OCTET_STRING).then_some((default, next.content))
}

/// Whether a `SignerIdentifier` names a certificate: issuer and serial by their bytes, or the subject key identifier.
fn identifies(identifier: &Tlv<'_>, certificate: &[u8]) -> bool {
    let Some(parts) = Parts::cut(certificate) else {
        return false;
    };
    if identifier.tag == SEQUENCE {
        let Some((issuer, rest)) = tlv::expect(identifier.content, SEQUENCE) else {
            return false;
        };
        let Some((serial, _)) = tlv::expect(rest, INTEGER) else {
            return false;
        };
        return issuer.whole == parts.issuer && serial.whole == parts.serial;
    }
    // [0] SubjectKeyIdentifier: the value stands in the certificate as an octet string.
    identifier.tag == 0x80 && {
        let wanted = tlv::write(OCTET_STRING, &[identifier.content]);
        certificate
            .windows(wanted.len())
            .any(|window| window == wanted)
    }
}
