//! `/api/feedback` and `/api/surveys`.

use super::{Answer, Body, get, put, send};
use contract::feedback::{
    AnswerFeedback, FeedbackPage, FeedbackPlace, FeedbackState, SendFeedback, SendSurvey,
    SurveyTotals,
};
use contract::problem::ProblemCode;
use contract::value::Timestamp;
use gloo_net::http::Method;

/// Sends a feedback.
pub async fn send_in(sent: &SendFeedback) -> Answer<FeedbackState> {
    put(Method::POST, "/feedback", sent).await
}

/// What became of a feedback.
pub async fn show(code: &str) -> Answer<FeedbackState> {
    get(&format!("/feedback/{}", js_sys::encode_uri_component(code))).await
}

/// A page of feedback, for officers: the first, or what follows a place of the list.
pub async fn list(after: Option<FeedbackPlace>) -> Answer<FeedbackPage> {
    let Some(place) = after else {
        return get("/officer/feedback").await;
    };
    let code = js_sys::encode_uri_component(&place.code);
    let (answered, at) = (place.answered, place.at.0);
    get(&format!(
        "/officer/feedback?answered={answered}&at={at}&code={code}"
    ))
    .await
}

/// Answers one.
pub async fn answer(code: &str, answer: &AnswerFeedback) -> Answer<FeedbackState> {
    let path = format!(
        "/officer/feedback/{}/answer",
        js_sys::encode_uri_component(code)
    );
    put(Method::POST, &path, answer).await
}

/// Sends the survey.
pub async fn send_survey(sent: &SendSurvey) -> Answer<()> {
    let body = serde_json::to_string(sent).map_err(|_| ProblemCode::Internal)?;
    send(Method::POST, "/surveys", Body::Json(body))
        .await
        .map(|_| ())
}

/// The survey's sums.
pub async fn survey_totals() -> Answer<SurveyTotals> {
    get("/surveys").await
}

/// The survey's comments, for officers.
pub async fn survey_comments() -> Answer<Vec<(Timestamp, String)>> {
    get("/officer/surveys").await
}
