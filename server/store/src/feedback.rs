//! What people tell the province: feedback with its answer, and the survey with its sums.

use crate::database::{Database, StoreError, as_word, one, word};
use contract::feedback::{
    Feedback, FeedbackState, FeedbackText, Question, SendFeedback, SendSurvey, SurveyTotals,
};
use contract::value::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// Most lines of one list.
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

    /// Feedback for officers: what waits for an answer first, the oldest before the newer; then the answered, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all_feedback(&self) -> Result<Vec<Feedback>, StoreError> {
        sqlx::query(
            "SELECT * FROM feedback ORDER BY CASE WHEN answered_at IS NULL THEN 0 ELSE 1 END, \
             CASE WHEN answered_at IS NULL THEN sent_at ELSE -answered_at END, code LIMIT $1",
        )
        .bind(LINES_MAX)
        .fetch_all(&self.pool)
        .await?
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
        .collect()
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
        let done = sqlx::query(
            "UPDATE feedback SET answer = $1, answered_at = $2, answered_by = $3 WHERE code = $4 AND answered_at IS NULL",
        )
        .bind(answer.trim())
        .bind(now.0)
        .bind(officer.to_string())
        .bind(code)
        .execute(&self.pool)
        .await?;
        one(&done, StoreError::Conflict)?;
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
            assert!(matches!(
                database
                    .answer_feedback("Z", "Không", officer, Timestamp(10))
                    .await,
                Err(StoreError::NotFound)
            ));
            let order: Vec<_> = database
                .all_feedback()
                .await
                .expect("list")
                .into_iter()
                .map(|line| line.state.code)
                .collect();
            assert_eq!(order, ["B", "C", "A"]);
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
