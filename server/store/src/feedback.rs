//! What people tell the province: feedback with its answer, and the survey with its sums.

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, one, word};
use contract::audit::AuditAction;
use contract::feedback::{
    Feedback, FeedbackPage, FeedbackPlace, FeedbackState, FeedbackText, Question, SendFeedback,
    SendSurvey, SurveyTotals,
};
use contract::value::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// Most comments of the survey that are shown.
const LINES_MAX: i64 = 200;

fn state(row: &AnyRow) -> Result<FeedbackState, StoreError> {
    Ok(FeedbackState {
        code: row.try_get("code")?,
        topic: word(row.try_get("topic")?)?,
        sent_at: Timestamp(row.try_get("sent_at")?),
        answer: row.try_get("answer")?,
        answered_at: row.try_get::<Option<i64>, _>("answered_at")?.map(Timestamp),
    })
}

impl Database {
    /// Keeps a feedback under a code that nobody can guess.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_feedback(
        &self,
        code: &str,
        sent: &SendFeedback,
        now: Timestamp,
    ) -> Result<FeedbackState, StoreError> {
        sqlx::query(
            "INSERT INTO feedback (code, topic, content, dossier, name, contact, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(code)
        .bind(as_word(&sent.topic)?)
        .bind(sent.content.trim())
        .bind(sent.dossier.trim())
        .bind(sent.name.trim())
        .bind(sent.contact.trim())
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        self.feedback(code).await
    }

    /// What its sender may know of a feedback.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn feedback(&self, code: &str) -> Result<FeedbackState, StoreError> {
        let row = sqlx::query("SELECT * FROM feedback WHERE code = $1")
            .bind(code)
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        state(&row)
    }

    /// A page of feedback for officers: what waits for an answer first, the oldest before the newer; then the answered, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn feedback_page(
        &self,
        after: Option<&FeedbackPlace>,
        most: u32,
    ) -> Result<FeedbackPage, StoreError> {
        // One more than is shown tells whether there is a next page.
        let wanted = i64::from(most) + 1;
        let waiting_after = match after {
            None => Some((i64::MIN, "")),
            Some(place) if !place.answered => Some((place.at.0, place.code.as_str())),
            Some(_) => None,
        };
        let mut rows = Vec::new();
        if let Some((at, code)) = waiting_after {
            rows = sqlx::query(
                "SELECT * FROM feedback WHERE answered_at IS NULL AND (sent_at, code) > ($1, $2) ORDER BY sent_at, code LIMIT $3",
            )
            .bind(at)
            .bind(code)
            .bind(wanted)
            .fetch_all(&self.pool)
            .await?;
        }
        let missing = wanted - i64::try_from(rows.len()).unwrap_or(wanted);
        if missing > 0 {
            let (at, code) = after
                .filter(|place| place.answered)
                .map_or((i64::MAX, ""), |place| (place.at.0, place.code.as_str()));
            let answered = sqlx::query(
                "SELECT * FROM feedback WHERE answered_at IS NOT NULL AND (answered_at, code) < ($1, $2)
                 ORDER BY answered_at DESC, code DESC LIMIT $3",
            )
            .bind(at)
            .bind(code)
            .bind(missing)
            .fetch_all(&self.pool)
            .await?;
            rows.extend(answered);
        }
        let mut lines = rows
            .iter()
            .map(|row| {
                Ok(Feedback {
                    state: state(row)?,
                    sent: FeedbackText {
                        content: row.try_get("content")?,
                        dossier: row.try_get("dossier")?,
                        name: row.try_get("name")?,
                        contact: row.try_get("contact")?,
                    },
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let more = lines.len() > most;
        lines.truncate(most);
        let next = lines.last().filter(|_| more).map(FeedbackPlace::of);
        Ok(FeedbackPage { lines, next })
    }

    /// Answers a feedback, once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or [`StoreError::Conflict`] when somebody answered it before.
    pub async fn answer_feedback(
        &self,
        code: &str,
        answer: &str,
        officer: Uuid,
        now: Timestamp,
    ) -> Result<FeedbackState, StoreError> {
        self.feedback(code).await?;
        let mut write = self.write().await?;
        let done = sqlx::query(
            "UPDATE feedback SET answer = $1, answered_at = $2, answered_by = $3 WHERE code = $4 AND answered_at IS NULL",
        )
        .bind(answer.trim())
        .bind(now.0)
        .bind(officer.to_string())
        .bind(code)
        .execute(&mut *write)
        .await?;
        one(&done, StoreError::Conflict)?;
        append(
            &mut write,
            &NewRecord::of(now, officer, AuditAction::FeedbackAnswered),
        )
        .await?;
        write.commit().await?;
        self.feedback(code).await
    }

    /// Keeps the answers of one person to the survey.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_survey(&self, sent: &SendSurvey, now: Timestamp) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("INSERT INTO survey (id, stars, comment, sent_at) VALUES ($1, $2, $3, $4)")
            .bind(Uuid::now_v7().to_string())
            .bind(serde_json::to_string(&sent.stars)?)
            .bind(sent.comment.trim())
            .bind(now.0)
            .execute(&mut *write)
            .await?;
        for (question, stars) in &sent.stars {
            sqlx::query(
                "INSERT INTO survey_total (question, stars, answers) VALUES ($1, $2, 1) \
                 ON CONFLICT (question, stars) DO UPDATE SET answers = survey_total.answers + 1",
            )
            .bind(as_word(question)?)
            .bind(i64::from(*stars))
            .execute(&mut *write)
            .await?;
        }
        Ok(write.commit().await?)
    }

    /// The sums of the survey.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn survey_totals(&self) -> Result<SurveyTotals, StoreError> {
        let mut totals = SurveyTotals::default();
        for row in sqlx::query("SELECT question, stars, answers FROM survey_total")
            .fetch_all(&self.pool)
            .await?
        {
            let question: Question = word(row.try_get("question")?)?;
            let answers = u64::try_from(row.try_get::<i64, _>("answers")?).unwrap_or(0);
            let place = usize::try_from(row.try_get::<i64, _>("stars")? - 1);
            let counts = totals.stars.entry(question).or_default();
            if let Some(count) = place.ok().and_then(|place| counts.get_mut(place)) {
                *count = answers;
            }
        }
        totals.answers = totals
            .stars
            .get(&Question::Overall)
            .map_or(0, |counts| counts.iter().sum());
        Ok(totals)
    }

    /// The newest comments of the survey, for officers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn survey_comments(&self) -> Result<Vec<(Timestamp, String)>, StoreError> {
        sqlx::query(
            "SELECT sent_at, comment FROM survey WHERE comment <> '' ORDER BY sent_at DESC, id LIMIT $1",
        )
        .bind(LINES_MAX)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(|row| {
            Ok((
                Timestamp(row.try_get("sent_at")?),
                row.try_get("comment")?,
            ))
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_each};
    use contract::feedback::Topic;

    fn sent(content: &str) -> SendFeedback {
        SendFeedback {
            topic: Topic::Delay,
            content: content.into(),
            dossier: String::new(),
            name: String::new(),
            contact: "0900000011".into(),
        }
    }

    #[tokio::test]
    async fn a_feedback_waits_until_it_is_answered_once() {
        on_each(|database| async move {
            for (code, at) in [("A", 1), ("B", 2), ("C", 3)] {
                database
                    .add_feedback(code, &sent(code), Timestamp(at))
                    .await
                    .expect("kept");
            }
            let officer = account(&database).await;
            let answered = database
                .answer_feedback("A", "Xin cảm ơn.", officer, Timestamp(9))
                .await
                .expect("answered");
            assert_eq!(answered.answer.as_deref(), Some("Xin cảm ơn."));
            assert!(matches!(
                database
                    .answer_feedback("A", "Nữa", officer, Timestamp(10))
                    .await,
                Err(StoreError::Conflict)
            ));
            // Noted with the answer itself: who came too late is not in the journal.
            let noted = database.audit(&crate::AuditFilter::default(), 9).await;
            assert_eq!(noted.expect("read").len(), 1);
            assert!(matches!(
                database
                    .answer_feedback("Z", "Không", officer, Timestamp(10))
                    .await,
                Err(StoreError::NotFound)
            ));
            assert_eq!(listed(&database, 9).await, ["B", "C", "A"]);
        })
        .await;
    }

    /// The codes of all pages, one after the other.
    async fn listed(database: &Database, most: u32) -> Vec<String> {
        let (mut codes, mut after) = (Vec::new(), None);
        loop {
            let page = database.feedback_page(after.as_ref(), most).await;
            let page = page.expect("page");
            assert!(page.lines.len() <= most as usize);
            codes.extend(page.lines.into_iter().map(|line| line.state.code));
            after = page.next;
            if after.is_none() {
                return codes;
            }
        }
    }

    #[tokio::test]
    async fn pages_follow_each_other_whatever_their_length_and_share_moments() {
        on_each(|database| async move {
            let officer = account(&database).await;
            // Several at the same moment: the code decides.
            for (number, code) in ["A", "B", "C", "D", "E", "F", "G"].iter().enumerate() {
                let at = Timestamp(i64::try_from(number / 3).expect("small"));
                let kept = database.add_feedback(code, &sent(code), at).await;
                kept.expect("kept");
            }
            for (code, at) in [("B", 50), ("F", 50), ("A", 60)] {
                database
                    .answer_feedback(code, "Vâng.", officer, Timestamp(at))
                    .await
                    .expect("answered");
            }
            let all = ["C", "D", "E", "G", "A", "F", "B"];
            for most in 1..=8 {
                assert_eq!(listed(&database, most).await, all, "{most}");
            }
            // One that is answered between two pages is not lost to who reads on, and those that wait are all seen.
            let page = database.feedback_page(None, 2).await.expect("page");
            database
                .answer_feedback("D", "Vâng.", officer, Timestamp(70))
                .await
                .expect("answered");
            let rest = database.feedback_page(page.next.as_ref(), 9).await;
            let rest: Vec<_> = rest
                .expect("page")
                .lines
                .into_iter()
                .map(|line| line.state.code)
                .collect();
            assert_eq!(rest, ["E", "G", "D", "A", "F", "B"]);
        })
        .await;
    }

    #[tokio::test]
    async fn survey_sums_are_those_of_the_answers() {
        on_each(|database| async move {
            assert_eq!(database.survey_totals().await.expect("none").answers, 0);
            for stars in [5, 5, 3] {
                let survey = SendSurvey {
                    stars: [(Question::Overall, stars), (Question::Ease, 1)].into(),
                    comment: if stars == 3 {
                        "Chữ nhỏ".into()
                    } else {
                        String::new()
                    },
                };
                database
                    .add_survey(&survey, Timestamp(1))
                    .await
                    .expect("kept");
            }
            let totals = database.survey_totals().await.expect("sums");
            assert_eq!(totals.answers, 3);
            assert_eq!(totals.stars[&Question::Overall], [0, 0, 1, 0, 2]);
            assert_eq!(totals.stars[&Question::Ease], [3, 0, 0, 0, 0]);
            assert_eq!(database.survey_comments().await.expect("list").len(), 1);
        })
        .await;
    }
}
