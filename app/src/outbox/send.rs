//! One dossier on its way: announced, its files in pieces, submitted. Every step may be repeated by any window at any time; the
//! portal makes one dossier of it.

use super::{Step, manifest};
use crate::api::{self, ApiError, upload};
use crate::draft::outbox::{self as store, Posted, Standing};
use crate::draft::{self, DraftError, Reading};
use crate::signing::Trouble;
use contract::dossier::AttachmentManifest;
use contract::problem::ProblemCode;
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

/// Sends a dossier and notes on the device how it ended.
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
            ProblemCode::Internal | ProblemCode::TooMany => return Ended::Busy,
            code => Standing::Refused {
                code,
                fields: error.fields,
            },
        },
    };
    let done = matches!(standing, Standing::Done { .. });
    let noted = store::note(posted.dossier, standing).await;
    if done {
        // The portal has everything, and gives the same receipt again: the draft has done its work.
        let _ = draft::delete(posted.account, posted.dossier).await;
    }
    match noted {
        Ok(()) | Err(DraftError::Missing) => Ended::Over,
        // No room to note it: it still waits, and would be sent again at once for ever.
        Err(_) => Ended::Busy,
    }
}

/// Whether the person still wants exactly this to be sent.
async fn wanted(posted: &Posted) -> Result<(), Stop> {
    let now = store::find(posted.dossier).await?;
    if now.is_none_or(|now| now.standing != Standing::Queued || now.manifest != posted.manifest) {
        return Err(Stop::Stopped);
    }
    match draft::load(posted.account, posted.dossier).await {
        Ok(draft) if manifest(&draft) == posted.manifest => Ok(()),
        Ok(_) => Err(Stop::Changed),
        // Submitted, and this window was closed before it could note it: the portal knows.
        Err(DraftError::Missing) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn on_its_way(posted: &Posted, told: &impl Fn(Step)) -> Result<Standing, Stop> {
    wanted(posted).await?;
    told(Step::Announcing);
    let missing = match api::announce(posted.dossier, &posted.manifest).await {
        Ok(accepted) => accepted.missing,
        // It has a code already: the answer to the submission was lost. Asking again gives the same receipt.
        Err(error) if error.code == ProblemCode::Conflict => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let files: Vec<&AttachmentManifest> = posted
        .manifest
        .attachments
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
        send_file(posted, file, &mut pace, &told).await?;
        before += file.size;
    }
    wanted(posted).await?;
    told(Step::Submitting);
    let receipt = Box::new(api::submit(posted.dossier).await?);
    Ok(Standing::Done { receipt })
}

/// Sends what the portal does not have of a file, and makes it an attachment.
async fn send_file(
    posted: &Posted,
    file: &AttachmentManifest,
    pace: &mut Pace,
    told: &impl Fn(u64),
) -> Result<(), Stop> {
    let reading = draft::read_in_parts(file.id).await?;
    if reading.size() != file.size {
        return Err(Stop::Changed);
    }
    let wanted = async || wanted(posted).await;
    send_bytes(file.sha256, &reading, pace, told, wanted).await?;
    Ok(upload::attach(posted.dossier, file.id).await?)
}

/// Sends what the portal does not have of a file's bytes; asked before each piece, `go_on` may stop it.
async fn send_bytes<E: From<ApiError> + From<DraftError>>(
    sha256: Sha256,
    reading: &Reading,
    pace: &mut Pace,
    told: &impl Fn(u64),
    go_on: impl AsyncFn() -> Result<(), E>,
) -> Result<(), E> {
    let size = reading.size();
    let mut state = upload::begin(sha256, size).await?;
    let mut tries = 0;
    while !state.whole {
        told(state.received);
        go_on().await?;
        let bytes = reading.range(state.received, pace.piece).await?;
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
    for file in &posted.manifest.attachments {
        if upload::cancel(file.sha256).await.is_err() {
            // Swept away after a day.
            return;
        }
    }
}

/// Sends a file that lies on this device for a resource of its own, e.g. a supplement: afterwards the portal has it as an upload
/// under its digest. `told` hears how many bytes are there.
pub async fn send_kept(
    attachment: Uuid,
    sha256: Sha256,
    told: &impl Fn(u64),
) -> Result<(), Trouble> {
    let reading = draft::read_in_parts(attachment).await?;
    send_bytes(
        sha256,
        &reading,
        &mut Pace::default(),
        told,
        async || Ok(()),
    )
    .await
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
