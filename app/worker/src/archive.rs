//! A timestamp over a whole signed file, so that it can be checked for a long time (PAdES B-LTA).

use crate::protocol::{Parcel, Reply};
use contract::provider::Trust;
use contract::value::{Base64, Sha256, Timestamp};
use contract::worker::{Answer, PreparedArchive, SigningEvidence, WorkerProblem};
use sha2::Digest as _;
use signature::archive::{self, PreparedTimestamp};
use signature::timestamp;

/// Whose revocation data the file needs.
pub(crate) fn chains(bytes: &[u8]) -> Result<Reply, WorkerProblem> {
    let chains = archive::chains(bytes).map_err(|error| error.problem())?;
    Ok(Answer::EvidenceWanted { chains }.into())
}

/// Adds what is missing, and room for the timestamp.
pub(crate) fn prepare(
    bytes: Vec<u8>,
    evidence: &SigningEvidence,
    nonce: &Base64,
) -> Result<Reply, WorkerProblem> {
    let stored = archive::store_evidence(bytes, evidence).map_err(|error| error.problem())?;
    let (prepared, bytes) = archive::prepare_timestamp(&stored).map_err(|error| error.problem())?;
    Ok(Reply {
        answer: Answer::ArchivePrepared {
            query: Base64(timestamp::digest_query(&prepared.digest, &nonce.0)),
            prepared: PreparedArchive {
                field: prepared.field,
                byte_range: prepared.byte_range,
                digest: prepared.digest,
            },
        },
        parcels: vec![Parcel::Bytes(bytes)],
    })
}

/// Puts the timestamp in; what comes out is validated, and thrown away when it does not pass.
pub(crate) fn finish(
    bytes: Vec<u8>,
    prepared: PreparedArchive,
    (query, reply): (&Base64, &Base64),
    roots: Vec<Base64>,
    now: Timestamp,
) -> Result<Reply, WorkerProblem> {
    timestamp::read_timestamp(&query.0, &reply.0, &[])
        .map_err(|_| WorkerProblem::TimestampRefused)?;
    let prepared = PreparedTimestamp {
        field: prepared.field,
        byte_range: prepared.byte_range,
        digest: prepared.digest,
    };
    let done = archive::complete_timestamp(bytes, &prepared, &reply.0, &Trust { roots }, now)
        .map_err(|error| error.problem())?;
    Ok(Reply {
        answer: Answer::Finished {
            sha256: Sha256(sha2::Sha256::digest(&done.bytes).into()),
            report: done.report,
        },
        parcels: vec![Parcel::Bytes(done.bytes)],
    })
}
