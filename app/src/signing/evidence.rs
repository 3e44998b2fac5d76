//! What makes a signature provable later: a timestamp over its value, and what says that the certificates were not revoked.
//! It is worth some seconds, never the signature.

use super::pending::PendingSigning;
use super::pulse;
use crate::api;
use crate::engine;
use contract::evidence::{AskEvidence, Evidence};
use contract::value::Base64;
use contract::worker::{Answer, Ask, SigningEvidence};

/// How long all of it may take for one file, milliseconds.
const PATIENCE: i32 = 15_000;
/// Random bytes of a query.
const NONCE: usize = 16;

/// Fetches evidence for the files of one signing.
pub(super) struct Prover {
    wanted: bool,
    /// Certificates are the same for every file: asked once.
    known: Option<(AskEvidence, Evidence)>,
}

impl Prover {
    pub(super) const fn new(pending: &PendingSigning) -> Self {
        Self {
            wanted: pending.timestamped,
            known: None,
        }
    }

    /// Whether it still tries.
    pub(super) const fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Evidence for a value. After a failure the next files are not held up by the same trouble.
    pub(super) async fn prove(
        &mut self,
        pending: &PendingSigning,
        value: &Base64,
    ) -> Option<SigningEvidence> {
        if !self.wanted {
            return None;
        }
        let timestamp = pulse::within(PATIENCE, stamp(pending, value))
            .await
            .flatten();
        let Some((reply, chains)) = timestamp else {
            self.wanted = false;
            return None;
        };
        let asked = AskEvidence { chains };
        let found = match &self.known {
            Some((known, found)) if *known == asked => Some(found.clone()),
            _ => pulse::within(PATIENCE, api::evidence(&asked))
                .await
                .and_then(Result::ok),
        };
        if let Some(found) = &found {
            self.known = Some((asked.clone(), found.clone()));
        }
        // A timestamp alone is something too.
        let found = found.unwrap_or_default();
        let complete =
            found.missing.is_empty() && !(found.ocsp.is_empty() && found.crls.is_empty());
        let certificates = if complete {
            asked.chains.into_iter().flatten().collect()
        } else {
            Vec::new()
        };
        Some(SigningEvidence {
            timestamp: Some(reply),
            certificates,
            ocsp: if complete { found.ocsp } else { Vec::new() },
            crls: if complete { found.crls } else { Vec::new() },
        })
    }
}

/// A checked timestamp, and the certificates whose status has to be asked.
async fn stamp(pending: &PendingSigning, value: &Base64) -> Option<(Base64, Vec<Vec<Base64>>)> {
    let mut nonce = [0; NONCE];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut nonce).ok()?;
    let ask = Ask::TimestampQuery {
        value: value.clone(),
        nonce: Base64(nonce.to_vec()),
    };
    let (Answer::TimestampQuery { query }, _) = engine::ask(ask, Vec::new()).await.ok()? else {
        return None;
    };
    let reply = Base64(api::timestamp(&query.0).await.ok()?);
    let ask = Ask::ReadTimestamp {
        query,
        reply: reply.clone(),
        certificate: pending.certificate.clone(),
        chain: pending.chain.clone(),
    };
    match engine::ask(ask, Vec::new()).await.ok()? {
        (Answer::EvidenceWanted { chains }, _) => Some((reply, chains)),
        _ => None,
    }
}
