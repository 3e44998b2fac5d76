//! What people tell the province: `Phản ánh kiến nghị` and `Khảo sát đánh giá`.
//!
//! `POST /api/feedback` and `POST /api/surveys` need no sign-in; `GET /api/feedback/{code}` shows the answer to who has the code.

use crate::value::{DossierCode, Timestamp, ValueError};
use serde::{Deserialize, Serialize};

/// Most characters of a feedback's content, an answer, or a survey's comment.
pub const CONTENT_MAX: usize = 2000;
/// Most characters of its other fields.
const LINE_MAX: usize = 200;

/// What a feedback is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// How an officer or agency behaves.
    Conduct,
    /// A rule or a procedure that makes no sense.
    Procedure,
    /// A dossier that is late or stuck.
    Delay,
    /// The portal itself.
    Portal,
    /// Anything else.
    Other,
}

impl Topic {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] = [
        Self::Conduct,
        Self::Procedure,
        Self::Delay,
        Self::Portal,
        Self::Other,
    ];
}

/// `POST /api/feedback`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SendFeedback {
    /// What it is about.
    pub topic: Topic,
    /// What is said.
    pub content: String,
    /// The dossier it is about, when there is one.
    #[serde(default)]
    pub dossier: String,
    /// Who says it; empty for nobody.
    #[serde(default)]
    pub name: String,
    /// Telephone or e-mail for questions; empty for none.
    #[serde(default)]
    pub contact: String,
}

impl SendFeedback {
    /// Every wrong field by its JSON pointer; page and server use the same rule.
    #[must_use]
    pub fn check(&self) -> Vec<crate::problem::FieldProblem> {
        let mut wrong = vec![("/content", text(&self.content, true, CONTENT_MAX))];
        wrong.push(("/name", text(&self.name, false, LINE_MAX)));
        wrong.push(("/contact", text(&self.contact, false, LINE_MAX)));
        let dossier = self.dossier.trim();
        if !dossier.is_empty() {
            wrong.push(("/dossier", dossier.parse::<DossierCode>().map(|_| ())));
        }
        problems(wrong)
    }
}

/// Answer to `POST /api/feedback`, and `GET /api/feedback/{code}`: never what was said or by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeedbackState {
    /// Only who sent it knows this code.
    pub code: String,
    /// What it is about.
    pub topic: Topic,
    /// When it came.
    pub sent_at: Timestamp,
    /// The province's answer.
    #[serde(default)]
    pub answer: Option<String>,
    /// When it was answered.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
}

/// A line of [`FeedbackPage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Feedback {
    /// Its state.
    #[serde(flatten)]
    pub state: FeedbackState,
    /// What was said.
    #[serde(flatten)]
    pub sent: FeedbackText,
}

/// Most lines of a page of `GET /api/officer/feedback`.
pub const FEEDBACK_PAGE_MAX: u32 = 50;

/// `GET /api/officer/feedback`, and with `?answered=…&at=…&code=…` what follows that place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeedbackPage {
    /// Unanswered first, the oldest before the newer; then the answered, newest first.
    pub lines: Vec<Feedback>,
    /// Where the next page begins; none for the last page.
    #[serde(default)]
    pub next: Option<FeedbackPlace>,
}

/// The place of a line in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeedbackPlace {
    /// In the half of the answered ones.
    pub answered: bool,
    /// When it was answered, or sent when it was not.
    pub at: Timestamp,
    /// Its code.
    pub code: String,
}

impl FeedbackPlace {
    /// Where a line stands.
    #[must_use]
    pub fn of(line: &Feedback) -> Self {
        Self {
            answered: line.state.answered_at.is_some(),
            at: line.state.answered_at.unwrap_or(line.state.sent_at),
            code: line.state.code.clone(),
        }
    }
}

/// What only officers read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeedbackText {
    /// What is said.
    pub content: String,
    /// The dossier it is about; empty for none.
    pub dossier: String,
    /// Who says it; empty for nobody.
    pub name: String,
    /// Telephone or e-mail; empty for none.
    pub contact: String,
}

/// `POST /api/officer/feedback/{code}/answer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AnswerFeedback {
    /// What is answered, at most [`CONTENT_MAX`] characters.
    pub answer: String,
}

impl AnswerFeedback {
    /// Every wrong field.
    #[must_use]
    pub fn check(&self) -> Vec<crate::problem::FieldProblem> {
        problems(vec![("/answer", text(&self.answer, true, CONTENT_MAX))])
    }
}

/// A question of the survey; each is answered by one to five stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// How easy it was to find and fill in.
    Ease,
    /// How signing went.
    Signing,
    /// How fast the dossier was handled.
    Speed,
    /// How the officers were.
    Officers,
    /// All in all.
    Overall,
}

impl Question {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] = [
        Self::Ease,
        Self::Signing,
        Self::Speed,
        Self::Officers,
        Self::Overall,
    ];
}

/// `POST /api/surveys`: anonymous. Questions may be left out, but not [`Question::Overall`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SendSurvey {
    /// Stars, one to five, by question.
    pub stars: std::collections::BTreeMap<Question, u8>,
    /// What should be better.
    #[serde(default)]
    pub comment: String,
}

impl SendSurvey {
    /// Every wrong field.
    #[must_use]
    pub fn check(&self) -> Vec<crate::problem::FieldProblem> {
        let mut wrong = vec![("/comment", text(&self.comment, false, CONTENT_MAX))];
        if !self.stars.contains_key(&Question::Overall) {
            wrong.push(("/stars", Err(ValueError::Required)));
        } else if self.stars.values().any(|stars| !(1..=5).contains(stars)) {
            wrong.push(("/stars", Err(ValueError::Malformed)));
        }
        problems(wrong)
    }
}

/// `GET /api/surveys`: what everybody may know of the answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SurveyTotals {
    /// How many people answered.
    pub answers: u64,
    /// By question: how often one, two, … five stars were given.
    pub stars: std::collections::BTreeMap<Question, [u64; 5]>,
}

impl SurveyTotals {
    /// Average of a question in tenths of a star; none when nobody answered it.
    #[must_use]
    pub fn tenths(&self, question: Question) -> Option<u64> {
        let counts = self.stars.get(&question)?;
        let (number, sum) = counts
            .iter()
            .zip(1_u64..)
            .fold((0_u64, 0_u64), |(number, sum), (count, stars)| {
                (number + count, sum + count * stars)
            });
        (number > 0).then(|| (sum * 10 + number / 2) / number)
    }
}

fn text(text: &str, required: bool, most: usize) -> Result<(), ValueError> {
    if required && text.trim().is_empty() {
        Err(ValueError::Required)
    } else if text.chars().count() > most {
        Err(ValueError::TooLong)
    } else if text
        .chars()
        .any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
    {
        Err(ValueError::Malformed)
    } else {
        Ok(())
    }
}

fn problems(found: Vec<(&str, Result<(), ValueError>)>) -> Vec<crate::problem::FieldProblem> {
    found
        .into_iter()
        .filter_map(|(pointer, result)| {
            Some(crate::problem::FieldProblem {
                pointer: pointer.to_owned(),
                error: result.err()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feedback_needs_content_and_a_right_dossier_code_when_there_is_one() {
        let mut sent = SendFeedback {
            topic: Topic::Portal,
            content: "Chữ quá nhỏ.".into(),
            dossier: String::new(),
            name: String::new(),
            contact: String::new(),
        };
        assert!(sent.check().is_empty());
        sent.dossier = "abc".into();
        sent.content = "  ".into();
        let wrong: Vec<_> = sent
            .check()
            .into_iter()
            .map(|field| field.pointer)
            .collect();
        assert_eq!(wrong, ["/content", "/dossier"]);
    }

    #[test]
    fn stars_are_one_to_five_and_the_overall_question_is_asked() {
        let mut survey = SendSurvey {
            stars: [(Question::Ease, 5)].into(),
            comment: String::new(),
        };
        assert_eq!(survey.check().len(), 1);
        survey.stars.insert(Question::Overall, 6);
        assert_eq!(survey.check().len(), 1);
        survey.stars.insert(Question::Overall, 4);
        assert!(survey.check().is_empty());
    }

    #[test]
    fn averages_are_rounded_to_a_tenth() {
        let totals = SurveyTotals {
            answers: 3,
            stars: [(Question::Overall, [0, 0, 0, 1, 2])].into(),
        };
        assert_eq!(totals.tenths(Question::Overall), Some(47));
        assert_eq!(totals.tenths(Question::Speed), None);
    }
}
