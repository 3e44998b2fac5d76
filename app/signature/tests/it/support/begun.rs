//! A signature on its way: prepared, its value there, its evidence still missing.

use super::authority::Party;
use super::base::Draft;
use super::people::{PEOPLE, SIGNER, STAMPER};
use super::pki::Signer;
use super::signing::request;
use contract::geometry::Rect;
use contract::validation::Level;
use contract::value::{Base64, Timestamp};
use contract::worker::{PrepareRequest, PreparedSignature, SigningEvidence};
use signature::timestamp::timestamp_query;
use signature::{Completed, SignError, Signed, Terms, complete, prepare_on};

/// 2026-11-18.
pub const NOW: Timestamp = Timestamp(1_795_000_000_000);
pub const STAMPED: &str = "20261101000000Z";
pub const NONCE: [u8; 8] = [0xf1, 2, 3, 4, 5, 6, 7, 8];

/// Prepared and signed elsewhere; the evidence is still missing.
pub struct Begun {
    pub prepared: PreparedSignature,
    pub bytes: Vec<u8>,
    pub signer: Signer,
    pub value: Vec<u8>,
}

impl Begun {
    pub fn new(base: &[u8], timestamped: bool, rect: Rect) -> Self {
        Self::by(&PEOPLE.signer, base, rect, |asked| {
            asked.timestamped = timestamped;
        })
        .unwrap()
    }

    /// By somebody, and with something asked for.
    pub fn by(
        party: &Party,
        base: &[u8],
        rect: Rect,
        ask: impl FnOnce(&mut PrepareRequest),
    ) -> Result<Self, SignError> {
        Self::on(party, base, rect, &Terms::default(), ask)
    }

    /// The same on terms.
    pub fn on(
        party: &Party,
        base: &[u8],
        rect: Rect,
        terms: &Terms,
        ask: impl FnOnce(&mut PrepareRequest),
    ) -> Result<Self, SignError> {
        let signer = PEOPLE.signing(party);
        let mut asked = request(&signer, 0, rect);
        ask(&mut asked);
        let (prepared, bytes) = prepare_on(base, &asked, None, terms)?;
        Ok(Self {
            value: signer.sign(&prepared.digest),
            prepared,
            bytes,
            signer,
        })
    }

    pub fn query(&self) -> Vec<u8> {
        timestamp_query(&self.value, &NONCE)
    }

    pub fn stamped(&self) -> Vec<u8> {
        answer(&PEOPLE.stamper, STAMPER, &self.query(), &[])
    }

    pub fn complete(&self, evidence: &SigningEvidence) -> Result<Completed, SignError> {
        let signed = Signed {
            password: "",
            prepared: &self.prepared,
            certificate: &self.signer.certificate,
            chain: &self.signer.issuers(),
            value: &self.value,
        };
        complete(self.bytes.clone(), &signed, evidence, &PEOPLE.trust(), NOW)
    }

    pub fn at_level(&self, level: Level) -> SigningEvidence {
        let mut evidence = SigningEvidence::default();
        if level >= Level::BT {
            evidence.timestamp = Some(Base64(self.stamped()));
        }
        if level >= Level::BLt {
            evidence.crls = vec![Base64(list(&[]))];
            evidence.ocsp = vec![Base64(answered(SIGNER))];
        }
        evidence
    }
}

pub fn answer(party: &Party, serial: u8, query: &[u8], others: &[&[u8]]) -> Vec<u8> {
    party.answer(query, STAMPED, &PEOPLE.root, serial, others)
}

pub fn list(revoked: &[(u8, &str)]) -> Vec<u8> {
    PEOPLE
        .root
        .crl("20261101000100Z", "20270101000000Z", revoked)
}

pub fn answered(serial: u8) -> Vec<u8> {
    let (from, next) = ("20261101000100Z", "20261201000000Z");
    PEOPLE
        .responder
        .ocsp(&PEOPLE.root, serial, None, from, next)
}

pub fn base() -> Vec<u8> {
    Draft::new(&[""]).table()
}
