//! Preparing the files and sending them as one request: every file is prepared before anything is sent, and one that fails is told by name.

use super::desk::Desk;
use super::files::{Place, SigningFile};
use crate::engine;
use crate::part::placement::{Placed, Placement};
use crate::signing::pending::{PendingFile, PendingSigning};
use crate::signing::{Signings, Trouble};
use contract::appearance::{Appearance, AppearanceMode};
use contract::geometry::Rect;
use contract::profile::ProviderAccount;
use contract::provider::{CertificateInfo, ProviderInfo};
use contract::signing::{SigningItem, StartSigning};
use contract::worker::{Answer, Ask, PrepareRequest, PreparedSignature, WorkerProblem};
use leptos::prelude::*;
use uuid::Uuid;

/// What one PIN is asked for.
#[derive(Clone)]
pub struct Order {
    /// Who signs.
    pub owner: Uuid,
    /// Of which draft.
    pub draft: Uuid,
    /// The dossier whose paper it is, for officers.
    pub desk: Option<Uuid>,
    /// The profile.
    pub profile: Uuid,
    /// Its account.
    pub account: ProviderAccount,
    /// The account's certificate.
    pub certificate: CertificateInfo,
    /// The provider, as the portal describes it.
    pub provider: Option<ProviderInfo>,
    /// What the signatures show.
    pub appearance: Appearance,
    /// The profile's image.
    pub image: Option<Vec<u8>>,
    /// Whether room is left for a timestamp.
    pub timestamped: bool,
    /// The attempt this one follows.
    pub follows: Option<Uuid>,
}

/// A file and its place in the list, and where its boxes stand.
#[derive(Clone)]
pub struct Wanted {
    /// Its place in the list.
    pub index: usize,
    /// The file.
    pub file: SigningFile,
    /// Its boxes.
    pub place: Place,
}

/// A file that is ready to be sent.
pub struct Prepared {
    wanted: Wanted,
    prepared: PreparedSignature,
    bytes: Vec<u8>,
}

/// What came of preparing: what is ready, and what failed by name.
#[derive(Default)]
pub struct Outcome {
    /// Ready.
    pub ready: Vec<Prepared>,
    /// Failed.
    pub failed: Vec<Failure>,
}

/// A file that could not be prepared.
pub struct Failure {
    /// Its place in the list.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Why.
    pub why: Trouble,
}

const NOWHERE: Placed = Placed {
    page: 0,
    rect: Rect {
        x: 0.0,
        y: 0.0,
        width: 0.0,
        height: 0.0,
    },
};

/// The files that are signed as things stand, with their boxes; an invisible signature needs none.
pub fn wanted(desk: &Desk, invisible: bool) -> Vec<Wanted> {
    let place = |placement: Placement, hides: bool| {
        if invisible || hides {
            return Some(Place {
                placed: NOWHERE,
                copies: Vec::new(),
            });
        }
        Some(Place {
            placed: placement.placed_now()?,
            copies: placement.copies(),
        })
    };
    desk.files
        .list()
        .into_iter()
        .enumerate()
        .filter(|(_, file)| !file.skipped.get())
        .filter_map(|(index, file)| {
            let place = place(file.placement()?, file.hides())?;
            Some(Wanted { index, file, place })
        })
        .collect()
}

/// Prepares one file after the other; `told` hears how many are done.
pub async fn prepare(
    desk: &Desk,
    order: &Order,
    wanted: Vec<Wanted>,
    told: impl Fn(usize),
) -> Outcome {
    let mut outcome = Outcome::default();
    for (done, wanted) in wanted.into_iter().enumerate() {
        told(done);
        match one(desk, order, &wanted).await {
            Ok((prepared, bytes)) => outcome.ready.push(Prepared {
                wanted,
                prepared,
                bytes,
            }),
            Err(why) => outcome.failed.push(Failure {
                index: wanted.index,
                name: wanted.file.attachment.file_name.to_string(),
                why,
            }),
        }
    }
    outcome
}

async fn one(
    desk: &Desk,
    order: &Order,
    wanted: &Wanted,
) -> Result<(PreparedSignature, Vec<u8>), Trouble> {
    desk.open(wanted.index).await?;
    let file = &wanted.file;
    let (hides, waiting, field, reason) = untrack(|| {
        (
            file.hides(),
            file.waiting(),
            file.field.get(),
            file.reason.get(),
        )
    });
    let mut appearance = order.appearance.clone();
    if hides {
        appearance.mode = AppearanceMode::Invisible;
    }
    if let Some(waiting) = waiting {
        if waiting.asks.no_reason {
            appearance.reason = None;
        } else if let Some(reason) = reason {
            appearance.reason = Some(reason);
        }
    }
    let request = PrepareRequest {
        page: wanted.place.placed.page,
        rect: wanted.place.placed.rect,
        copies: wanted.place.copies.clone(),
        appearance,
        certificate: order.certificate.der.clone(),
        chain: order.certificate.chain.clone(),
        timestamped: order.timestamped,
    };
    let ask = Ask::Prepare {
        document: wanted.file.document,
        request,
        field,
    };
    let (answer, mut parcels) = engine::ask(ask, order.image.iter().cloned().collect()).await?;
    match (answer, parcels.files.pop()) {
        (Answer::Prepared { prepared }, Some(bytes)) => Ok((prepared, bytes)),
        _ => Err(WorkerProblem::SelfCheckFailed.into()),
    }
}

/// Sends what is ready as one request, and remembers the places for the next files of these forms.
pub async fn send(
    desk: &Desk,
    order: Order,
    ready: Vec<Prepared>,
    signings: Signings,
) -> Result<(), Trouble> {
    let chosen = order.appearance.mode;
    let (mut items, mut files, mut bytes, mut places) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for one in ready {
        let (file, place) = (one.wanted.file, one.wanted.place);
        let (hides, own) = untrack(|| (file.hides(), file.field.get().is_some()));
        let mode = if hides {
            AppearanceMode::Invisible
        } else {
            chosen
        };
        items.push(SigningItem {
            attachment: file.attachment.id,
            file_name: file.attachment.file_name.clone(),
            digest: one.prepared.digest,
            document_sha256: one.prepared.document_sha256,
        });
        // Where a field stood says nothing about the next file.
        if mode != AppearanceMode::Invisible && !own {
            places.push((
                file.attachment.component.clone(),
                place.placed,
                file.pages_now(),
            ));
        }
        files.push(PendingFile {
            attachment: file.attachment.id,
            page: place.placed.page,
            rect: place.placed.rect,
            copies: place.copies,
            mode,
            prepared: one.prepared,
        });
        bytes.push(one.bytes);
    }
    let told =
        |read: fn(&ProviderInfo) -> String| order.provider.as_ref().map(read).unwrap_or_default();
    let pending = PendingSigning {
        account: order.owner,
        draft: order.draft,
        desk: order.desk,
        start: StartSigning {
            id: Uuid::new_v4(),
            profile: order.profile,
            provider: order.account.provider.clone(),
            citizen_id: order.account.citizen_id.clone(),
            serial: order.certificate.serial.clone(),
            items,
            follows: order.follows,
        },
        files,
        certificate: order.certificate.der.clone(),
        chain: order.certificate.chain.clone(),
        timestamped: order.timestamped,
        provider_name: told(|provider| provider.name.clone()),
        app_name: told(|provider| provider.app_name.clone()),
        phone_page: order
            .provider
            .as_ref()
            .and_then(|provider| provider.phone_page.clone()),
    };
    signings.send(pending, bytes).await?;
    for (component, placed, pages) in places {
        desk.remember(&component, &placed, pages).await;
    }
    Ok(())
}
