//! What a file carries that a kept report has to show beside the verdict: certificates, revocation data, timestamps, signature values.

use crate::key::{DigestKind, Scheme};
use crate::pdf::file::File;
use crate::validate::cms::SignedData;
use crate::validate::fields::{self, Field};
use crate::validate::material::Material;
use crate::validate::range;
use contract::history::FileEvidence;
use contract::provider::Trust;
use contract::validation::ValidationReport;
use contract::value::{Base64, Sha256, Timestamp};
use sha2::Digest as _;

/// Objects of one kind, each once, named by their SHA-256.
#[derive(Debug, Default)]
pub(super) struct Store(pub(super) Vec<(Sha256, Vec<u8>)>);

impl Store {
    fn put(&mut self, object: &[u8]) -> Sha256 {
        let name = Sha256(sha2::Sha256::digest(object).into());
        if !self.has(&name) {
            self.0.push((name, object.to_vec()));
        }
        name
    }

    /// Whether it is there.
    pub(super) fn has(&self, name: &Sha256) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

/// A timestamp token and when it says it was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) name: Sha256,
    pub(super) at: Timestamp,
}

/// What the CMS of one signature field holds.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) field: String,
    pub(super) byte_range: Option<[u64; 4]>,
    /// The raw signature value.
    pub(super) value: Vec<u8>,
    /// Algorithm and value of the message digest.
    pub(super) digest: Option<(DigestKind, Vec<u8>)>,
    pub(super) scheme: Option<Scheme>,
    /// The signer's certificate.
    pub(super) signer: Option<Sha256>,
    /// Whether the signed attributes name it.
    pub(super) binds: bool,
    /// Timestamps inside it.
    pub(super) tokens: Vec<Token>,
    /// The token that a document timestamp is.
    pub(super) own: Option<Token>,
}

/// Everything of a file, and the roots it was checked against.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) certificates: Store,
    pub(super) answers: Store,
    pub(super) lists: Store,
    pub(super) tokens: Store,
    pub(super) signed: Vec<Signed>,
}

impl Evidence {
    /// Reads it; a file that cannot be read has none.
    pub(super) fn read(bytes: &[u8], password: &str, trust: &Trust) -> Self {
        let mut found = Self::default();
        let Ok(file) = File::open_with(bytes, password) else {
            return found;
        };
        let material = Material::read(&file);
        for certificate in &material.certificates {
            found.certificates.put(certificate);
        }
        for answer in &material.answers {
            found.answers.put(answer);
        }
        for list in &material.lists {
            found.lists.put(list);
        }
        for field in fields::signed(&file) {
            found.take(&file, &field);
        }
        for root in &trust.roots {
            found.certificates.put(&root.0);
        }
        found
    }

    fn take(&mut self, file: &File<'_>, field: &Field) {
        let Ok(covered) = range::read(file, field) else {
            return;
        };
        let Some((value, _)) = crate::ber::definite(&covered.contents) else {
            return;
        };
        let Some(signed) = SignedData::of_field(&value, field) else {
            return;
        };
        self.carry(&signed);
        let own = signed.stamp().map(|stamp| Token {
            name: self.tokens.put(&value),
            at: stamp.at,
        });
        let mut tokens = Vec::new();
        for token in &signed.timestamps {
            let Some(inside) = SignedData::read(token) else {
                continue;
            };
            self.carry(&inside);
            if let Some(stamp) = inside.stamp() {
                tokens.push(Token {
                    name: self.tokens.put(token),
                    at: stamp.at,
                });
            }
        }
        self.signed.push(Signed {
            field: field.name.clone(),
            byte_range: field.ranges(),
            value: signed.value().to_vec(),
            digest: signed
                .digest()
                .zip(signed.message_digest().map(<[u8]>::to_vec)),
            scheme: signed.scheme(),
            signer: signed.signer.map(|der| self.certificates.put(der)),
            binds: signed.binds_any(),
            tokens,
            own,
        });
    }

    /// What a CMS brings along.
    fn carry(&mut self, signed: &SignedData<'_>) {
        for certificate in &signed.certificates {
            self.certificates.put(certificate);
        }
        for answer in &signed.answers {
            self.answers.put(answer);
        }
        for list in &signed.lists {
            self.lists.put(list);
        }
    }

    /// All of it as a kept document has it.
    pub(super) fn kept(self, report: &ValidationReport) -> FileEvidence {
        let values = report
            .signatures
            .iter()
            .map(|signature| {
                let signed = self.of(&signature.field, signature.byte_range);
                Base64(signed.map_or_else(Vec::new, |signed| signed.value.clone()))
            })
            .collect();
        let all = |store: Store| store.0.into_iter().map(|(_, der)| Base64(der)).collect();
        FileEvidence {
            values,
            certificates: all(self.certificates),
            ocsp: all(self.answers),
            crls: all(self.lists),
            timestamps: all(self.tokens),
        }
    }

    /// What belongs to a field of the report.
    pub(super) fn of(&self, field: &str, byte_range: Option<[u64; 4]>) -> Option<&Signed> {
        self.signed
            .iter()
            .find(|signed| signed.field == field && signed.byte_range == byte_range)
    }
}
