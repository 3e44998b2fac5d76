//! Slips by the standard forms: which ones a dossier has come to, what each says, made once and sealed, kept by their digest.

mod words;

use crate::hands::{SealPlace, sealed};
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use contract::dossier::DossierStatus;
use contract::paper::{Hands, Slip, SlipForm};
use contract::problem::ProblemCode;
use contract::supplement::Supplement;
use contract::validation::Verdict;
use contract::value::Timestamp;
use contract::work::{WorkAct, WorkDone, WorkEntry};
use signature::report::slip::{SlipPaper, pdf};
use std::sync::Arc;
use store::{StoredDossier, StoredSlip};
use uuid::Uuid;

/// What a slip is about.
#[derive(Debug, Clone)]
pub enum About<'a> {
    /// It was received: when, by whom, and when the result is promised.
    Received(Timestamp, &'a str, Timestamp),
    /// A supplement was asked for.
    Asked(&'a Supplement),
    /// It was refused: when, by whom, why.
    Refused(Timestamp, &'a str, &'a str),
    /// An apology: its line, the date that was promised before, and the new one.
    Late(&'a WorkEntry, Option<Timestamp>, Timestamp),
}

impl About<'_> {
    const fn form(&self) -> SlipForm {
        match self {
            Self::Received(..) => SlipForm::Reception,
            Self::Asked(_) => SlipForm::Supplement,
            Self::Refused(..) => SlipForm::Refusal,
            Self::Late(..) => SlipForm::Apology,
        }
    }

    const fn at(&self) -> Timestamp {
        match self {
            Self::Received(at, ..) | Self::Refused(at, ..) => *at,
            Self::Asked(request) => request.asked_at,
            Self::Late(line, ..) => line.at,
        }
    }

    const fn promises(&self) -> Option<Timestamp> {
        match self {
            Self::Received(.., due) | Self::Late(.., due) => Some(*due),
            Self::Asked(_) | Self::Refused(..) => None,
        }
    }
}

/// The slips a dossier has come to, each with its number among those of its form.
fn due<'a>(
    portal: &Portal,
    dossier: &'a StoredDossier,
    work: &'a [WorkEntry],
) -> Vec<(u32, About<'a>)> {
    let mut found = Vec::new();
    let first = |status| dossier.events.iter().find(|event| event.status == status);
    let mut promised = None;
    if let Some(event) = first(DossierStatus::Received) {
        let days = dossier.definition.deadline.working_days;
        let due = portal.office.calendar.due(event.at, days);
        promised = Some(due);
        found.push((1, About::Received(event.at, &event.actor, due)));
    }
    for (number, request) in (1..).zip(&dossier.after.supplements) {
        found.push((number, About::Asked(request)));
    }
    if let Some(event) = first(DossierStatus::Refused) {
        found.push((1, About::Refused(event.at, &event.actor, &event.note)));
    }
    let late = |line: &&WorkEntry| line.act == WorkDone::Work(WorkAct::Apologise);
    for (number, line) in (1..).zip(work.iter().filter(late)) {
        if let Some(due) = line.due_at {
            found.push((number, About::Late(line, promised, due)));
            promised = Some(due);
        }
    }
    found
}

/// The slips of a dossier; those that were not made yet are made now.
///
/// # Errors
/// When one cannot be made.
pub async fn all(portal: &Portal, dossier: &StoredDossier) -> Answer<Vec<StoredSlip>> {
    if dossier.summary.is_none() {
        return Err(ProblemCode::NotFound.into());
    }
    let kept = portal.database.slips(dossier.id).await?;
    let work = portal.database.work_entries(dossier.id).await?;
    let missing: Vec<_> = due(portal, dossier, &work)
        .into_iter()
        .filter(|(number, about)| {
            let is_it =
                |slip: &StoredSlip| slip.slip.form == about.form() && slip.slip.number == *number;
            !kept.iter().any(is_it)
        })
        .collect();
    if missing.is_empty() {
        return Ok(kept);
    }
    for (number, about) in missing {
        issue(portal, dossier, number, &about).await?;
    }
    Ok(portal.database.slips(dossier.id).await?)
}

/// Makes what an act brought, without keeping its answer waiting: the seal's timestamp may take seconds.
pub fn after_act(portal: &Portal, dossier: Uuid) {
    let portal = portal.clone();
    tokio::spawn(async move {
        let made = match portal.database.dossier(None, dossier).await {
            Ok(stored) => all(&portal, &stored).await.map(|_| ()),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = made {
            tracing::warn!(code = ?error.code, "a slip is made when it is asked for");
        }
    });
}

async fn issue(
    portal: &Portal,
    dossier: &StoredDossier,
    number: u32,
    about: &About<'_>,
) -> Answer<()> {
    let agency = &dossier.definition.summary.agency;
    let mut paper = words::paper(portal, dossier, number, about);
    paper.seal = words::seal(portal.config.seals.of(agency).map(|(_, own)| own));
    let (plain, page, rect) = drawn(paper.clone()).await?;
    let place = SealPlace::Box(page, rect);
    let plain = Arc::new(plain);
    let (bytes, unsealed, hands) =
        match sealed(portal, agency, (plain.clone(), Verdict::Unsigned), place).await {
            Ok(Some((bytes, seal, _))) => {
                let hands = Hands {
                    seal,
                    ..Hands::default()
                };
                (bytes, plain.len(), hands)
            }
            other => {
                if let Err(error) = other {
                    tracing::error!(code = ?error.code, "a slip is not sealed");
                }
                // It must not say that it carries a seal.
                paper.seal = words::seal(None);
                let (plain, ..) = drawn(paper).await?;
                let size = plain.len();
                (plain, size, Hands::default())
            }
        };
    let length = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
    let slip = Slip {
        id: Uuid::now_v7(),
        form: about.form(),
        number,
        at: about.at(),
        size: length(bytes.len()),
        hands,
    };
    let sha256 = portal.files.put(bytes, &portal.database, now()).await?;
    let made = StoredSlip {
        slip,
        sha256,
        unsealed: length(unsealed),
        due_at: about.promises(),
        place: (page, rect),
    };
    Ok(portal.database.issue_slip(dossier.id, &made, now()).await?)
}

/// Form 05 as things stand: never kept, for the work goes on.
///
/// # Errors
/// When it cannot be drawn.
pub async fn control(portal: &Portal, dossier: &StoredDossier) -> Answer<Vec<u8>> {
    let work = portal.database.work_entries(dossier.id).await?;
    let paper = words::control(portal, dossier, &work, now()).ok_or(ProblemCode::NotFound)?;
    Ok(drawn(paper).await?.0)
}

/// What an act would issue; nothing is kept, and it says so itself.
///
/// # Errors
/// When it cannot be drawn.
pub async fn preview(
    portal: &Portal,
    dossier: &StoredDossier,
    about: &About<'_>,
) -> Answer<Vec<u8>> {
    let before = |slip: &StoredSlip| slip.slip.form == about.form();
    let kept = portal.database.slips(dossier.id).await?;
    let number = u32::try_from(kept.iter().filter(|slip| before(slip)).count()).unwrap_or(0) + 1;
    let mut paper = words::paper(portal, dossier, number, about);
    paper.preview = true;
    Ok(drawn(paper).await?.0)
}

/// Drawn off the async threads: fonts are cut to what a slip says.
async fn drawn(paper: SlipPaper) -> Answer<(Vec<u8>, u32, contract::geometry::Rect)> {
    tokio::task::spawn_blocking(move || pdf(&paper))
        .await
        .map_err(|error| Failure::internal(&error))?
        .map_err(|error| Failure::internal(&error))
}
