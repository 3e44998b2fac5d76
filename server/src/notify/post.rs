//! Sending e-mail: what is due is taken under a lease, sent, and noted.

use super::settings::{MailSettings, Tls};
use super::words::{Letter, Sender, letter, reset_letter};
use super::{LEASE, next_try};
use crate::pace::milliseconds;
use contract::access::RESET_MINUTES;
use contract::value::Timestamp;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls as Protection, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use std::time::{Duration, Instant};
use store::{AccountMail, Database, DueMail, MailAbout, StoreError};

/// Most e-mails taken at a time: they are sent one after the other.
const TAKEN: i64 = 20;
/// Longest answer of the mail server.
const PATIENCE: Duration = Duration::from_secs(20);

/// The mail server, set up.
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    portal: Sender,
}

impl Post {
    /// Sets it up; nothing is sent yet.
    ///
    /// # Errors
    /// When the sender or the server's name cannot be used.
    pub fn new(settings: &MailSettings) -> anyhow::Result<Self> {
        let protection = match settings.tls {
            Tls::None => Protection::None,
            Tls::Starttls => Protection::Required(TlsParameters::new(settings.server.clone())?),
            Tls::Tls => Protection::Wrapper(TlsParameters::new(settings.server.clone())?),
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.server.clone())
                .port(settings.port())
                .timeout(Some(PATIENCE))
                .tls(protection);
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            builder = builder.credentials(Credentials::new(
                user.clone(),
                password.expose_secret().to_owned(),
            ));
        }
        Ok(Self {
            transport: builder.build(),
            from: settings.from.parse()?,
            portal: Sender {
                name: settings.portal_name.clone(),
                address: settings.portal.clone(),
            },
        })
    }

    /// Greets the server and signs in, without sending anything.
    ///
    /// # Errors
    /// What the server says, or that it is not there.
    pub async fn greet(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it does not answer NOOP".into()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// What an e-mail says; none when it comes too late to say it. A link's token is made here and leaves with the e-mail: of what every
    /// try makes the last one holds.
    async fn letter(
        &self,
        database: &Database,
        mail: &DueMail,
        now: Timestamp,
    ) -> Result<Option<Letter>, StoreError> {
        match &mail.about {
            MailAbout::Notice(about) => Ok(Some(letter(about, &mail.name, &self.portal))),
            MailAbout::Account(AccountMail::PasswordReset) => {
                let lasts = RESET_MINUTES * 60_000;
                if now.0 - mail.created_at.0 > lasts {
                    return Ok(None);
                }
                let token = hex::encode(rand::random::<[u8; 32]>());
                let hash = hex::encode(Sha256::digest(&token));
                let until = Timestamp(now.0 + lasts);
                database.set_reset_token(mail.account, &hash, until).await?;
                Ok(Some(reset_letter(&mail.name, &self.portal, &token)))
            }
        }
    }

    /// The same number for every try, so that a mailbox that gets it twice sees that it is one; but for a link, of which the last one holds.
    fn message(&self, mail: &DueMail, letter: Letter) -> anyhow::Result<Message> {
        let (subject, plain, html) = letter;
        let number = match &mail.about {
            MailAbout::Notice(_) => mail.id.to_string(),
            MailAbout::Account(AccountMail::PasswordReset) => format!("{}.{}", mail.id, mail.tries),
        };
        let to = Mailbox::new(Some(mail.name.clone()), mail.address.parse()?);
        Ok(Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .message_id(Some(format!("<{number}@{}>", self.from.email.domain())))
            .multipart(MultiPart::alternative_plain_html(plain, html))?)
    }
}

/// Sends what is due; how many were sent.
///
/// # Errors
/// When the database fails.
pub async fn deliver(
    database: &Database,
    post: &Post,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let (mut sent, began) = (0, Instant::now());
    for mail in database.due_mails(now, milliseconds(LEASE), TAKEN).await? {
        // Behind a slow mail server the rest is left to whoever holds it when the lease is over: two would send it else.
        if began.elapsed() + PATIENCE * 2 > LEASE {
            break;
        }
        let Some(letter) = post.letter(database, &mail, now).await? else {
            database.mail_failed(&mail, None, "too late").await?;
            continue;
        };
        let message = match post.message(&mail, letter) {
            Ok(message) => message,
            Err(error) => {
                // It will not get better.
                tracing::warn!(mail = %mail.id, %error, "an e-mail cannot be written");
                database.mail_failed(&mail, None, "unwritable").await?;
                continue;
            }
        };
        // A server that answers each line slowly is given no more than one that does not answer.
        let sending = post.transport.send(message);
        let Ok(sending) = tokio::time::timeout(PATIENCE * 2, sending).await else {
            let next = next_try(mail.created_at, mail.tries, now);
            tracing::warn!(mail = %mail.id, tries = mail.tries, again = next.is_some(), "the mail server is too slow");
            database.mail_failed(&mail, next, "too slow").await?;
            continue;
        };
        match sending {
            Ok(_) => {
                database.mail_sent(mail.id, now).await?;
                sent += 1;
            }
            Err(error) => {
                // A permanent refusal is the mailbox's: trying again would only annoy.
                let next = if error.is_permanent() {
                    None
                } else {
                    next_try(mail.created_at, mail.tries, now)
                };
                let problem = error
                    .status()
                    .map_or_else(|| "no answer".to_owned(), |code| code.to_string());
                tracing::warn!(mail = %mail.id, tries = mail.tries, problem, again = next.is_some(), "an e-mail was not sent");
                database.mail_failed(&mail, next, &problem).await?;
            }
        }
    }
    Ok(sent)
}
