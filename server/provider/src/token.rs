//! Access tokens, kept until shortly before they end; many callers at once make one request for a new one.

use crate::ProviderError;
use crate::clock::Clock;
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Accounts whose tokens are kept; beyond it those that ended are dropped.
const KEPT_MAX: usize = 4096;
/// A token is not used in its last minute (or half, when it is shorter), so that it holds until the call arrived.
const MARGIN: Duration = Duration::from_secs(60);

/// A token as its issuer gave it.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) secret: SecretString,
    /// How long it holds from now on.
    pub(crate) lifetime: Duration,
}

/// Tokens by account (or by nothing, where one serves all).
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    slots: Mutex<HashMap<String, Arc<Slot>>>,
    clock: Clock,
}

type Slot = tokio::sync::Mutex<Held>;

#[derive(Debug, Default)]
struct Held {
    token: Option<(SecretString, Instant)>,
    /// The last failure: callers that waited for it fail with it instead of asking one after the other.
    failed: Option<(Instant, ProviderError)>,
}

impl Tokens {
    #[cfg(test)]
    pub(crate) fn with_clock(clock: Clock) -> Self {
        Self {
            slots: Mutex::default(),
            clock,
        }
    }

    /// The token of an account; `fetch` runs once for everybody who asks at the same time.
    pub(crate) async fn get<F>(
        &self,
        account: &str,
        fetch: F,
    ) -> Result<SecretString, ProviderError>
    where
        F: Future<Output = Result<Token, ProviderError>>,
    {
        let slot = self.slot(account);
        let asked_at = self.clock.now();
        let mut held = slot.lock().await;
        let now = self.clock.now();
        if let Some((secret, until)) = &held.token
            && *until > now
        {
            return Ok(secret.clone());
        }
        if let Some((at, error)) = &held.failed
            && *at > asked_at
        {
            return Err(error.clone());
        }
        match fetch.await {
            Ok(token) => {
                let margin = MARGIN.min(token.lifetime / 2);
                let until = self.clock.now() + token.lifetime.saturating_sub(margin);
                *held = Held {
                    token: Some((token.secret.clone(), until)),
                    failed: None,
                };
                Ok(token.secret)
            }
            Err(error) => {
                *held = Held {
                    token: None,
                    failed: Some((self.clock.now(), error.clone())),
                };
                Err(error)
            }
        }
    }

    /// The provider refused this token: it is not used again. A newer one stays.
    pub(crate) async fn forget(&self, account: &str, refused: &SecretString) {
        let slot = self.slot(account);
        let mut held = slot.lock().await;
        if held
            .token
            .as_ref()
            .is_some_and(|(secret, _)| secret.expose_secret() == refused.expose_secret())
        {
            held.token = None;
        }
    }

    fn slot(&self, account: &str) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= KEPT_MAX && !slots.contains_key(account) {
            let now = self.clock.now();
            slots.retain(|_, slot| {
                Arc::strong_count(slot) > 1
                    || slot.try_lock().is_ok_and(|held| {
                        held.token.as_ref().is_some_and(|(_, until)| *until > now)
                    })
            });
            if slots.len() >= KEPT_MAX {
                slots.retain(|_, slot| Arc::strong_count(slot) > 1);
            }
        }
        Arc::clone(slots.entry(account.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Hands;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn token(number: u32, seconds: u64) -> Token {
        Token {
            secret: format!("token-{number}").into(),
            lifetime: Duration::from_secs(seconds),
        }
    }

    struct Counted {
        tokens: Tokens,
        fetched: AtomicU32,
    }

    impl Counted {
        async fn ask(&self, account: &str) -> String {
            let fetch = async {
                tokio::task::yield_now().await;
                Ok(token(self.fetched.fetch_add(1, Ordering::SeqCst), 3600))
            };
            let secret = self.tokens.get(account, fetch).await.expect("a token");
            secret.expose_secret().to_owned()
        }
    }

    #[tokio::test]
    async fn many_who_ask_at_once_make_one_request() {
        let counted = Arc::new(Counted {
            tokens: Tokens::default(),
            fetched: AtomicU32::new(0),
        });
        let asks: Vec<_> = (0..20)
            .map(|_| {
                let counted = Arc::clone(&counted);
                tokio::spawn(async move { counted.ask("a").await })
            })
            .collect();
        for ask in asks {
            assert_eq!(ask.await.expect("ended"), "token-0");
        }
        assert_eq!(counted.ask("b").await, "token-1");
    }

    #[tokio::test]
    async fn a_token_is_replaced_a_minute_before_it_ends_or_when_it_was_refused() {
        let (hands, clock) = Hands::new();
        let counted = Counted {
            tokens: Tokens::with_clock(clock),
            fetched: AtomicU32::new(0),
        };
        assert_eq!(counted.ask("a").await, "token-0");
        hands.forward(3539);
        assert_eq!(counted.ask("a").await, "token-0");
        hands.forward(1);
        assert_eq!(counted.ask("a").await, "token-1");
        counted
            .tokens
            .forget("a", &"token-0".to_owned().into())
            .await;
        assert_eq!(counted.ask("a").await, "token-1");
        counted
            .tokens
            .forget("a", &"token-1".to_owned().into())
            .await;
        assert_eq!(counted.ask("a").await, "token-2");
    }

    #[tokio::test]
    async fn a_failure_is_told_and_the_next_ask_tries_again() {
        let tokens = Tokens::default();
        let failed = tokens
            .get("a", async { Err(ProviderError::Down(503)) })
            .await;
        assert_eq!(failed.expect_err("down"), ProviderError::Down(503));
        assert!(tokens.get("a", async { Ok(token(1, 60)) }).await.is_ok());
    }

    #[tokio::test]
    async fn the_number_of_kept_tokens_is_bounded() {
        let tokens = Tokens::default();
        for number in 0..=KEPT_MAX {
            let fetch = async { Ok(token(0, 60)) };
            tokens
                .get(&number.to_string(), fetch)
                .await
                .expect("a token");
        }
        assert!(tokens.slots.lock().expect("unpoisoned").len() <= KEPT_MAX);
    }

    #[test]
    fn a_token_is_not_printed() {
        assert!(!format!("{:?}", token(7, 60)).contains("token-7"));
    }
}
