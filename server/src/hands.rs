//! What officers sign: the signed form of a paper is believed only when it is that paper with a signature added which this officer's own
//! transaction made; the organisation's seal comes after the person and keeps what is there valid.

use crate::problem::{Answer, Failure};
use crate::receive::{judge, signed_by};
use crate::state::{Portal, now};
use contract::geometry::Rect;
use contract::paper::Hands;
use contract::problem::ProblemCode;
use contract::session::Account;
use contract::validation::{Modifications, TrustStatus, ValidationReport, Verdict};
use contract::value::Sha256;
use sha2::Digest as _;
use std::sync::Arc;
use uuid::Uuid;

/// Size of the seal's box beside a signature, in points.
const BESIDE: (f64, f64) = (150.0, 52.0);
/// Between the seal and the signature, and what is left free at the page's edges, in points.
const GAP: f64 = 4.0;
const EDGE: f64 = 20.0;

/// A paper with the signature of the officer who asks.
pub struct SignedPaper {
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
    /// What they prove.
    pub report: ValidationReport,
    /// Who signed, as the certificate says.
    pub signer: String,
}

/// The paper that was to be signed.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// How many there are.
    pub size: usize,
}

/// Believes the signed form of a paper: it begins with the paper's very bytes, and all that was added is a signature of the officer's own
/// transaction, and what proves it, with a certificate that leads to a trusted root and names the officer's own number where the account
/// has one.
///
/// # Errors
/// [`ProblemCode::SignatureMismatch`] for another paper or another's signature, [`ProblemCode::SignatureInvalid`] for one that does not hold.
pub async fn signed_paper(
    portal: &Portal,
    account: &Account,
    (signing, paper): (Uuid, Uuid),
    before: Before,
    bytes: Vec<u8>,
) -> Answer<SignedPaper> {
    let bytes = Arc::new(bytes);
    let looked = bytes.clone();
    // The first signature of a paper covers all there is, also what came with it: the paper is known here.
    let follows = move || {
        let begins = looked
            .get(..before.size)
            .is_some_and(|head| Sha256(sha2::Sha256::digest(head).into()) == before.sha256);
        begins && signature::added(&looked, before.size) <= Modifications::FormFill
    };
    let follows = tokio::task::spawn_blocking(follows)
        .await
        .map_err(|error| Failure::internal(&error))?;
    if !follows {
        return Err(ProblemCode::SignatureMismatch.into());
    }
    let report = judge(portal, bytes.clone()).await?;
    let named = |attachment| attachment == paper;
    let (found, stored) = signed_by(portal, account.id, signing, named, &report).await?;
    // Somebody else's number in a profile signs in somebody else's name.
    let own = &account.person.citizen_id;
    if own
        .as_ref()
        .is_some_and(|own| *own != stored.request.citizen_id)
    {
        return Err(ProblemCode::SignatureMismatch.into());
    }
    if found.trust != TrustStatus::Trusted || report.verdict == Verdict::Invalid {
        return Err(ProblemCode::SignatureInvalid.into());
    }
    // The new signature is the last word: nothing unsigned was added with it.
    let covered = found.revision_end;
    let all = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let signer = found.signer.clone();
    let only_evidence = report.signatures.iter().all(|signature| {
        signature.revision_end <= covered || signature.timestamp || signature.field == found.field
    });
    if !only_evidence || covered.is_none_or(|end| end > all) {
        return Err(ProblemCode::SignatureMismatch.into());
    }
    Ok(SignedPaper {
        bytes,
        report,
        signer,
    })
}

/// The seal's box beside the last signature that is seen: left of it, as the rules for papers of agencies ask, else above it; none where
/// there is no room, or no signature is seen.
fn beside(boxes: &[(u32, Rect)]) -> Option<(u32, Rect)> {
    let (page, hand) = boxes.last()?;
    let size = |x: f64, y: f64| Rect {
        x,
        y,
        width: BESIDE.0,
        height: BESIDE.1,
    };
    let left = hand.x - GAP - BESIDE.0;
    let above = hand.y - GAP - BESIDE.1;
    let places = [
        (left >= EDGE, size(left, hand.y)),
        (above >= EDGE, size(hand.x, above)),
    ];
    // Over another's box it would cover what that person signed.
    let is_free = |rect: &Rect| {
        boxes
            .iter()
            .all(|(on, other)| on != page || !rect.overlaps(other))
    };
    let (_, rect) = places
        .into_iter()
        .find(|(fits, rect)| *fits && is_free(rect))?;
    Some((*page, rect))
}

/// Where a seal goes.
pub enum SealPlace {
    /// Into this box.
    Box(u32, Rect),
    /// Beside the last signature.
    BesideTheLast,
}

/// A paper with the seal of its agency, or the portal's where it has none; who seals, as the certificate says. None where there is no
/// seal that is trusted here. The signatures that are there are looked at again afterwards: one that the seal would hurt is not sealed.
///
/// # Errors
/// [`ProblemCode::SignatureInvalid`] when a file that held (`before`) does not hold as well with the seal.
pub async fn sealed(
    portal: &Portal,
    agency: &str,
    (bytes, before): (Arc<Vec<u8>>, Verdict),
    place: SealPlace,
) -> Answer<Option<(Vec<u8>, String, ValidationReport)>> {
    let trust = &portal.config.trust;
    let Some((seal, _)) = portal
        .config
        .seals
        .of(agency)
        .filter(|(seal, _)| seal.is_trusted(trust, now()))
    else {
        return Ok(None);
    };
    let place = match place {
        SealPlace::Box(page, rect) => Some((page, rect)),
        SealPlace::BesideTheLast => {
            let looked = bytes.clone();
            let found = tokio::task::spawn_blocking(move || signature::inspect(&looked))
                .await
                .map_err(|error| Failure::internal(&error))?
                .map_err(|error| Failure::internal(&error))?;
            // A certified file takes no new box.
            beside(&found.boxes).filter(|_| !found.certified)
        }
    };
    let mut document = Vec::with_capacity(bytes.len() + signature::ROOM);
    document.extend_from_slice(&bytes);
    drop(bytes);
    let put = seal.put(document, place, &portal.evidence, trust, now());
    let done = put.await.map_err(|error| Failure::internal(&error))?;
    let after = done.report.verdict;
    if after == Verdict::Invalid || before == Verdict::Valid && after != Verdict::Valid {
        return Err(ProblemCode::SignatureInvalid.into());
    }
    Ok(Some((done.bytes, seal.name().to_owned(), done.report)))
}

/// Hands with one more person.
#[must_use]
pub fn with(mut hands: Hands, signer: String, signing: Uuid) -> Hands {
    hands.signers.push(signer);
    hands.signings.push(signing);
    hands
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn hand(x: f64, y: f64) -> (u32, Rect) {
        (
            1,
            Rect {
                x,
                y,
                width: 170.0,
                height: 60.0,
            },
        )
    }

    #[test]
    fn the_seal_stands_left_of_the_person_or_above_or_nowhere() {
        let (page, rect) = beside(&[hand(10.0, 10.0), hand(320.0, 600.0)]).expect("room");
        assert_eq!((page, rect.y), (1, 600.0));
        assert!(rect.x + rect.width <= 320.0 && rect.x > 0.0);
        let (_, rect) = beside(&[hand(60.0, 600.0)]).expect("room above");
        assert!(rect.y + rect.height <= 600.0 && rect.x == 60.0);
        assert_eq!(beside(&[hand(60.0, 30.0)]), None);
        // Two who signed side by side: above the second, not over the first.
        let two = [hand(140.0, 600.0), hand(320.0, 600.0)];
        let (_, rect) = beside(&two).expect("room above");
        assert!(two.iter().all(|(_, other)| !rect.overlaps(other)));
        let stacked = [hand(60.0, 560.0), hand(60.0, 625.0)];
        assert_eq!(beside(&stacked), None, "nowhere without covering somebody");
        assert_eq!(beside(&[]), None);
    }
}
