//! `/api/feedback` (`Phản ánh kiến nghị`) and `/api/surveys` (`Khảo sát đánh giá`), and what officers read of them.

use crate::api::{Created, Noted};
use crate::identity::Officer;
use crate::limit::{Address, Bound};
use crate::problem::{Answer, Failure};
use crate::rights;
use crate::state::{Portal, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use contract::audit::AuditAction;
use contract::feedback::{
    AnswerFeedback, FEEDBACK_PAGE_MAX, FeedbackPage, FeedbackPlace, FeedbackState, SendFeedback,
    SendSurvey, SurveyTotals,
};
use contract::problem::{FieldProblem, ProblemCode};
use contract::right::Action;
use contract::value::Timestamp;
use rand::RngExt as _;
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// What one address may send: a handful at once, then one every two minutes.
const SENDING: Bound = Bound {
    name: "feedback",
    burst: 5,
    pause: Duration::from_secs(120),
    all: 200,
};
/// What one address may look up by code.
const LOOKING: Bound = Bound {
    name: "feedback-code",
    burst: 20,
    pause: Duration::from_secs(10),
    all: 200,
};
/// Letters of a code: none that is mistaken for another.
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKLMNPQRSTVWXY";
/// Letters in a code: 30^12 possibilities cannot be tried out.
const CODE_LENGTH: usize = 12;

fn new_code() -> String {
    let mut random = rand::rng();
    let letters: String = (0..CODE_LENGTH)
        .map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())]))
        .collect();
    format!("PA-{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..])
}

fn right(wrong: Vec<FieldProblem>) -> Answer<()> {
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure::invalid(wrong))
    }
}

/// Sends a feedback.
pub async fn send(
    State(portal): State<Portal>,
    address: Address,
    body: Result<Json<SendFeedback>, JsonRejection>,
) -> Answer<Created<FeedbackState>> {
    let Json(sent) = body?;
    right(sent.check())?;
    portal.limits.take(&SENDING, address, Instant::now())?;
    let kept = portal
        .database
        .add_feedback(&new_code(), &sent, now())
        .await?;
    Ok(Created(kept))
}

/// What became of a feedback.
pub async fn show(
    State(portal): State<Portal>,
    address: Address,
    code: Result<Path<String>, PathRejection>,
) -> Answer<Json<FeedbackState>> {
    let Path(code) = code?;
    portal.limits.take(&LOOKING, address, Instant::now())?;
    let code = code.trim().to_uppercase();
    if code.len() > 40 {
        return Err(ProblemCode::NotFound.into());
    }
    Ok(Json(portal.database.feedback(&code).await?))
}

/// The place of a line, as a page after it is asked for: all of it, or nothing for the first page.
#[derive(Deserialize, JsonSchema)]
pub struct After {
    /// In the half of the answered ones.
    answered: Option<bool>,
    /// When it was answered, or sent when it was not.
    at: Option<Timestamp>,
    /// Its code.
    code: Option<String>,
}

/// A page of feedback, for officers; after a place of the list when one is named.
pub async fn list(
    State(portal): State<Portal>,
    Officer(account): Officer,
    after: Result<Query<After>, QueryRejection>,
) -> Answer<Json<FeedbackPage>> {
    rights::desk(&account, Action::Feedback)?;
    rights::looked(&portal, &account, AuditAction::FeedbackViewed, None, None).await?;
    let Query(after) = after?;
    let after = match (after.answered, after.at, after.code) {
        (None, None, None) => None,
        (Some(answered), Some(at), Some(code)) => Some(FeedbackPlace { answered, at, code }),
        _ => return Err(ProblemCode::Invalid.into()),
    };
    let page = portal
        .database
        .feedback_page(after.as_ref(), FEEDBACK_PAGE_MAX);
    Ok(Json(page.await?))
}

/// An officer's answer.
pub async fn answer(
    State(portal): State<Portal>,
    Officer(officer): Officer,
    code: Result<Path<String>, PathRejection>,
    body: Result<Json<AnswerFeedback>, JsonRejection>,
) -> Answer<Json<FeedbackState>> {
    rights::desk(&officer, Action::Feedback)?;
    let (Path(code), Json(answer)) = (code?, body?);
    right(answer.check())?;
    let answered = portal
        .database
        .answer_feedback(&code, &answer.answer, officer.id, now())
        .await?;
    Ok(Json(answered))
}

/// Sends the survey.
pub async fn send_survey(
    State(portal): State<Portal>,
    address: Address,
    body: Result<Json<SendSurvey>, JsonRejection>,
) -> Answer<Noted> {
    let Json(sent) = body?;
    right(sent.check())?;
    portal.limits.take(&SENDING, address, Instant::now())?;
    portal.database.add_survey(&sent, now()).await?;
    Ok(Noted)
}

/// The survey's sums, for everybody.
pub async fn survey_totals(State(portal): State<Portal>) -> Answer<Json<SurveyTotals>> {
    Ok(Json(portal.database.survey_totals().await?))
}

/// The survey's comments, for officers.
pub async fn survey_comments(
    State(portal): State<Portal>,
    Officer(account): Officer,
) -> Answer<Json<Vec<(Timestamp, String)>>> {
    rights::desk(&account, Action::Feedback)?;
    rights::looked(&portal, &account, AuditAction::FeedbackViewed, None, None).await?;
    Ok(Json(portal.database.survey_comments().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_long_and_no_two_are_the_same() {
        let codes: std::collections::BTreeSet<_> = (0..1000).map(|_| new_code()).collect();
        assert_eq!(codes.len(), 1000);
        assert!(codes.iter().all(|code| code.len() == 17));
    }
}
