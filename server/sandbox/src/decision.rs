//! Deciding a request, by the phone page or by itself, and handing out what came of it.

use crate::Sandbox;
use crate::desk::{Asked, NumberUsed, PIN, PinResult, Request, State, Value};
use crate::fault::{Call, Fault, Rule};
use crate::key::Key;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// What somebody presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Decision {
    Confirm,
    Reject,
    Ignore,
}

/// What pressing led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pressed {
    Signed,
    Rejected,
    Gone,
    WrongPin,
    Locked,
}

/// A phone that presses by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Auto {
    pub(crate) decision: Decision,
    pub(crate) delay_ms: u64,
}

const SHAPES: [Fault; 4] = [
    Fault::WrongSignature,
    Fault::WrongCertificate,
    Fault::Partial,
    Fault::Reordered,
];

impl Sandbox {
    /// Takes a request; a phone that presses by itself hears of it.
    pub(crate) fn open(self: &Arc<Self>, asked: Asked) -> Result<Request, NumberUsed> {
        let request = self.desk().add(asked)?;
        self.call_back_when_over(&request);
        if let Some(auto) = self.auto_of(request.asked.provider, &request.asked.account)
            && auto.decision != Decision::Ignore
        {
            let (sandbox, code) = (Arc::clone(self), request.code.clone());
            let (provider, account) = (request.asked.provider, request.asked.account.clone());
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(auto.delay_ms)).await;
                sandbox
                    .press(provider, &account, &code, auto.decision, PIN)
                    .await;
            });
        }
        Ok(request)
    }

    /// What somebody presses on the phone.
    pub(crate) async fn press(
        self: &Arc<Self>,
        provider: &'static str,
        account: &str,
        code: &str,
        decision: Decision,
        pin: &str,
    ) -> Pressed {
        let claimed = {
            let mut desk = self.desk();
            let is_theirs = desk.find(provider, code).is_some_and(|request| {
                request.asked.account == account && request.state == State::Waiting
            });
            if !is_theirs {
                return Pressed::Gone;
            }
            match decision {
                Decision::Ignore => return Pressed::Gone,
                Decision::Reject => desk
                    .claim(provider, code, &State::Waiting, State::Rejected)
                    .map(|request| (request, Pressed::Rejected)),
                Decision::Confirm => match desk.enter_pin(provider, account, pin) {
                    PinResult::Locked => return Pressed::Locked,
                    PinResult::Wrong { .. } => return Pressed::WrongPin,
                    PinResult::Right => {
                        let to = match desk.find(provider, code) {
                            Some(request) if request.asked.permission_only => State::Permitted,
                            _ => State::Signing,
                        };
                        desk.claim(provider, code, &State::Waiting, to)
                            .map(|request| (request, Pressed::Signed))
                    }
                },
            }
        };
        let Some((request, pressed)) = claimed else {
            return Pressed::Gone;
        };
        if request.state == State::Signing {
            self.make_values(&request).await;
        }
        self.call_back(provider, code);
        pressed
    }

    /// Uses the key, once, for a request that was claimed as [`State::Signing`].
    pub(crate) async fn make_values(self: &Arc<Self>, request: &Request) {
        let provider = request.asked.provider;
        let rules = self.faults().strike(provider, Call::Sign, &SHAPES);
        let state = match self.values(request, &rules).await {
            Some(values) => State::Signed(values),
            None => State::Failed,
        };
        let mut desk = self.desk();
        desk.count(provider, &request.code, |count| count.signed += 1);
        desk.set(provider, &request.code, state);
    }

    async fn values(self: &Arc<Self>, request: &Request, rules: &[Rule]) -> Option<Vec<Value>> {
        let asked = &request.asked;
        let known = self
            .subscribers
            .credentials(asked.provider, &asked.account)
            .await
            .ok()?;
        let credential = known
            .into_iter()
            .find(|credential| credential.serial == asked.serial)?;
        let (items, hash) = (asked.items.clone(), asked.hash);
        let struck = |fault: Fault| rules.iter().any(|rule| rule.fault == fault);
        let (wrong, stray) = (
            struck(Fault::WrongSignature),
            struck(Fault::WrongCertificate).then(Key::stray),
        );
        // RSA takes milliseconds: not on the threads that answer.
        let made = tokio::task::spawn_blocking(move || {
            items
                .into_iter()
                .map(|item| {
                    let mut digest = item.digest;
                    if wrong && let Some(first) = digest.first_mut() {
                        *first ^= 1;
                    }
                    let value = match &stray {
                        Some(key) => key.sign(hash, &digest),
                        None => credential.sign(hash, &digest),
                    };
                    Some(Value {
                        doc_id: item.doc_id,
                        value: value.ok()?,
                    })
                })
                .collect::<Option<Vec<Value>>>()
        });
        made.await
            .ok()
            .flatten()
            .map(|values| shaped(values, rules))
    }

    /// How a request stands, for its status call; none when no such number is known.
    pub(crate) fn standing_of(&self, provider: &'static str, number: &str) -> Option<Request> {
        if !self
            .faults()
            .strike(provider, Call::Status, &[Fault::LostStatus])
            .is_empty()
        {
            self.desk().forget(provider, number);
        }
        let mut desk = self.desk();
        let request = desk.find(provider, number)?;
        request.count.asked += 1;
        if matches!(request.state, State::Signed(_)) {
            request.count.handed_out += 1;
        }
        let mut request = request.clone();
        drop(desk);
        if let State::Signed(values) = request.state {
            let rules = self.faults().strike_named(provider, Call::Status, &SHAPES);
            let mut values = shaped(values, &rules);
            let spoiled =
                |rule: &Rule| matches!(rule.fault, Fault::WrongSignature | Fault::WrongCertificate);
            if rules.iter().any(spoiled) {
                for value in &mut values {
                    if let Some(last) = value.value.last_mut() {
                        *last ^= 1;
                    }
                }
            }
            request.state = State::Signed(values);
        }
        Some(request)
    }

    /// Waits inside a call until somebody decided or the request expired.
    pub(crate) async fn decided(&self, provider: &'static str, code: &str) -> Option<Request> {
        loop {
            let (request, changed) = {
                let mut desk = self.desk();
                let request = desk.find(provider, code)?.clone();
                let changed = Arc::clone(&request.changed);
                (request, changed)
            };
            let mut heard = std::pin::pin!(changed.notified());
            heard.as_mut().enable();
            // Between the look and the ear something may have happened: look again.
            let state = self.desk().find(provider, code)?.state.clone();
            if !matches!(state, State::Waiting | State::Signing) {
                let mut desk = self.desk();
                let request = desk.find(provider, code)?;
                if matches!(request.state, State::Signed(_)) {
                    request.count.handed_out += 1;
                }
                return Some(request.clone());
            }
            let left = request.expires_at.saturating_sub(crate::desk::now());
            let patience = Duration::from_secs(left).max(Duration::from_millis(200));
            let _ = tokio::time::timeout(patience, heard).await;
        }
    }
}

/// Partial and reordered results.
fn shaped(mut values: Vec<Value>, rules: &[Rule]) -> Vec<Value> {
    for rule in rules {
        match rule.fault {
            Fault::Partial => {
                values.pop();
            }
            Fault::Reordered => values.reverse(),
            _ => {}
        }
    }
    values
}
