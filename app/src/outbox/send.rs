//! One parcel on its way: announced, its files in pieces, submitted. Every step may be repeated by any window at any time; the
//! portal makes one dossier, or one answer, of it.

use super::{Step, parcel};
use crate::api::{self, ApiError, upload};
use crate::draft::outbox::{self as store, Parcel, Posted, Standing};
use crate::draft::{self, DraftError};
use contract::dossier::AttachmentManifest;
use contract::problem::ProblemCode;
use contract::supplement::SupplementState;
use contract::upload::{PIECE_BYTES_MAX, PIECE_BYTES_MIN};
use contract::value::Sha256;
use uuid::Uuid;

/// A piece that took longer than this is followed by a smaller one, in milliseconds.
const SLOW_MS: f64 = 6_000.0;
/// One that was quicker by a larger one.
const QUICK_MS: f64 = 1_500.0;
/// A piece is sent so often before the line counts as broken.
const TRIES: u32 = 4;

/// How a sending ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It is done, refused, stopped or changed: noted on the device.
    Over,
    /// The portal cannot be reached.
    Network,
    /// The person has to sign in again.
    SignIn,
    /// The portal asks to come again later.
    Busy,
}

/// Why a sending stopped.
enum Stop {
    Api(ApiError),
    Device(DraftError),
    /// The person paused it or took it out.
    Stopped,
    /// The draft is not what was handed in.
    Changed,
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<DraftError> for Stop {
    fn from(error: DraftError) -> Self {
        Self::Device(error)
    }
}

/// Sends a parcel and notes on the device how it ended.
pub async fn send(posted: &Posted, told: &impl Fn(Step)) -> Ended {
    let standing = match on_its_way(posted, told).await {
        Ok(standing) => standing,
        Err(Stop::Stopped) => return Ended::Over,
        Err(Stop::Changed) => Standing::Changed,
        Err(Stop::Device(DraftError::Locked)) => return Ended::SignIn,
        Err(Stop::Device(_)) => Standing::Changed,
        Err(Stop::Api(error)) => match error.code {
            ProblemCode::Offline => return Ended::Network,
            ProblemCode::SignInRequired => return Ended::SignIn,
            ProblemCode::Internal | ProblemCode::StorageUnavailable | ProblemCode::TooMany => {
                return Ended::Busy;
            }
            code => Standing::Refused {
                code,
                fields: error.fields,
            },
        },
    };
    let done = standing.is_over();
    let noted = store::note(posted.draft, standing).await;
    if done {
        // The portal has everything, and gives the same answer again: the draft has done its work.
        let _ = draft::delete(posted.account, posted.draft).await;
    }
    match noted {
        Ok(()) | Err(DraftError::Missing) => Ended::Over,
        // No room to note it: it still waits, and would be sent again at once for ever.
        Err(_) => Ended::Busy,
    }
}

/// Whether the person still wants exactly this to be sent.
async fn wanted(posted: &Posted) -> Result<(), Stop> {
    let now = store::find(posted.draft).await?;
    if now.is_none_or(|now| now.standing != Standing::Queued || now.parcel != posted.parcel) {
        return Err(Stop::Stopped);
    }
    match draft::load(posted.account, posted.draft).await {
        Ok(draft) if parcel(&draft) == posted.parcel => Ok(()),
        Ok(_) => Err(Stop::Changed),
        // Submitted, and this window was closed before it could note it: the portal knows.
        Err(DraftError::Missing) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn on_its_way(posted: &Posted, told: &impl Fn(Step)) -> Result<Standing, Stop> {
    wanted(posted).await?;
    told(Step::Announcing);
    match &posted.parcel {
        Parcel::Dossier(manifest) => {
            let missing = match api::announce(posted.draft, manifest).await {
                Ok(accepted) => accepted.missing,
                // It has a code already: the answer to the submission was lost. Asking again gives the same receipt.
                Err(error) if error.code == ProblemCode::Conflict => Vec::new(),
                Err(error) => return Err(error.into()),
            };
            send_files(posted, posted.draft, &missing, told).await?;
            let receipt = Box::new(api::submit(posted.draft).await?);
            Ok(Standing::Done { receipt })
        }
        Parcel::Supplement { to, answer } => {
            let sent = async {
                let missing = api::after::announce_supplement(*to, answer).await?.missing;
                send_files(posted, *to, &missing, told).await?;
                api::after::submit_supplement(*to).await?;
                Ok(Standing::Supplied)
            };
            match sent.await {
                // Answered already, and that answer was lost; or the agency took the request back.
                Err(Stop::Api(error))
                    if matches!(
                        error.code,
                        ProblemCode::Conflict | ProblemCode::DossierChanged
                    ) && is_answered(*to, answer.request).await? =>
                {
                    Ok(Standing::Supplied)
                }
                ended => ended,
            }
        }
    }
}

/// Whether the portal has the answer to a request.
async fn is_answered(dossier: Uuid, request: Uuid) -> Result<bool, Stop> {
    let dossier = api::dossier(dossier).await?;
    Ok(dossier
        .after
        .supplements
        .iter()
        .any(|one| one.id == request && one.state == SupplementState::Answered))
}

/// Sends the files that the portal does not have, to the dossier they belong to.
async fn send_files(
    posted: &Posted,
    dossier: Uuid,
    missing: &[Uuid],
    told: &impl Fn(Step),
) -> Result<(), Stop> {
    let files: Vec<&AttachmentManifest> = posted
        .parcel
        .files()
        .iter()
        .filter(|file| missing.contains(&file.id))
        .collect();
    let total = files.iter().map(|file| file.size).sum();
    let mut before = 0;
    let mut pace = Pace::default();
    for (position, file) in files.iter().enumerate() {
        let told = |sent: u64| {
            told(Step::Files {
                number: position + 1,
                of: files.len(),
                sent: before + sent,
                total,
            });
        };
        told(0);
        send_file(posted, dossier, file, &mut pace, &told).await?;
        before += file.size;
    }
    wanted(posted).await?;
    told(Step::Submitting);
    Ok(())
}

/// Sends what the portal does not have of a file, and makes it an attachment.
async fn send_file(
    posted: &Posted,
    dossier: Uuid,
    file: &AttachmentManifest,
    pace: &mut Pace,
    told: &impl Fn(u64),
) -> Result<(), Stop> {
    let reading = draft::read_in_parts(file.id).await?;
    if reading.size() != file.size {
        return Err(Stop::Changed);
    }
    let read = async |from, length| {
        // Before each piece: whether the person still wants it.
        wanted(posted).await?;
        Ok::<_, Stop>(reading.range(from, length).await?)
    };
    send_bytes(file.sha256, file.size, pace, told, read).await?;
    Ok(upload::attach(dossier, file.id).await?)
}

/// Sends a file that is in memory; what an earlier try got through is not sent again. `told` hears how many bytes are there.
pub async fn send_whole(sha256: Sha256, bytes: &[u8], told: &impl Fn(u64)) -> Result<(), ApiError> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let read = async |from: u64, length: u64| {
        let at = |place: u64| {
            usize::try_from(place)
                .unwrap_or(usize::MAX)
                .min(bytes.len())
        };
        let piece = bytes.get(at(from)..at(from.saturating_add(length)));
        Ok::<_, ApiError>(piece.unwrap_or_default().to_vec())
    };
    send_bytes(sha256, size, &mut Pace::default(), told, read).await
}

/// Sends what the portal does not have of a file's bytes, as `read` gives them from a place on.
async fn send_bytes<E: From<ApiError>>(
    sha256: Sha256,
    size: u64,
    pace: &mut Pace,
    told: &impl Fn(u64),
    read: impl AsyncFn(u64, u64) -> Result<Vec<u8>, E>,
) -> Result<(), E> {
    let mut state = upload::begin(sha256, size).await?;
    let mut tries = 0;
    while !state.whole {
        told(state.received);
        let bytes = read(state.received, pace.piece).await?;
        let began = js_sys::Date::now();
        match upload::piece(sha256, state.received, &bytes).await {
            Ok(newest) => {
                pace.took(js_sys::Date::now() - began);
                tries = 0;
                state = newest;
            }
            // Lost on the way, or sent by two: the portal says where it is.
            Err(error) if tries < TRIES && is_passing(error.code) => {
                tries += 1;
                pace.broke();
                if error.code == ProblemCode::Offline {
                    crate::signing::pause(500).await;
                }
                state = upload::begin(sha256, size).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    told(size);
    Ok(())
}

/// Lost on the way, or another piece is awaited.
const fn is_passing(code: ProblemCode) -> bool {
    matches!(code, ProblemCode::Offline | ProblemCode::Conflict)
}

/// How large a piece is worth sending on this line.
struct Pace {
    piece: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            piece: 2 * PIECE_BYTES_MIN,
        }
    }
}

impl Pace {
    fn took(&mut self, milliseconds: f64) {
        if milliseconds < QUICK_MS {
            self.piece = (self.piece * 2).min(PIECE_BYTES_MAX);
        } else if milliseconds > SLOW_MS {
            self.broke();
        }
    }

    fn broke(&mut self) {
        self.piece = (self.piece / 2).max(PIECE_BYTES_MIN);
    }
}

/// What arrived of a dossier that was taken out is not needed any more.
pub async fn forget(posted: &Posted) {
    for file in posted.parcel.files() {
        if upload::cancel(file.sha256).await.is_err() {
            // Swept away after a day.
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn pieces_grow_on_a_quick_line_and_shrink_on_a_slow_one_within_bounds() {
        let mut pace = Pace::default();
        for _ in 0..9 {
            pace.took(100.0);
        }
        assert_eq!(pace.piece, PIECE_BYTES_MAX);
        pace.took(3_000.0);
        assert_eq!(pace.piece, PIECE_BYTES_MAX, "neither quick nor slow");
        for _ in 0..9 {
            pace.took(20_000.0);
        }
        assert_eq!(pace.piece, PIECE_BYTES_MIN);
    }
}
