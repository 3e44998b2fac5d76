//! What goes wrong on purpose: for which provider, in which call, how often.

use serde::{Deserialize, Serialize};

/// Where the calls to OCSP, CRLs and timestamps stand in rules.
pub(crate) const PKI: &str = "pki";

/// A kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Call {
    /// Signing in: OAuth2, MySign's login.
    Token,
    Certificates,
    /// CSC's authorize, which asks the person.
    Authorize,
    Sign,
    Status,
    Timestamp,
    /// OCSP and CRLs.
    Revocation,
    /// Description of the service and the like.
    Other,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fault {
    /// The answer comes `ms` later.
    Slow,
    /// HTTP `status` instead of doing anything.
    HttpError,
    /// The connection is cut before anything is done.
    CutBefore,
    /// Done, then the connection is cut instead of an answer.
    CutAfter,
    /// Done, then cut in the middle of the answer.
    CutWithin,
    /// Done, and the connection stays open without an answer.
    LostAnswer,
    /// Nothing is done, and the connection stays open.
    NeverAnswers,
    /// An error in the provider's own words inside HTTP 200; nothing is done.
    OkAroundError,
    /// Done, and answered with something that is no JSON.
    Garbage,
    /// Values that verify with nothing.
    WrongSignature,
    /// Lists another person's certificate; signs with another key.
    WrongCertificate,
    /// Values for all items but the last.
    Partial,
    /// Values in the opposite order.
    Reordered,
    /// The transaction is forgotten when its status is asked.
    LostStatus,
    /// Results are posted twice.
    DuplicateCallbacks,
    /// Results are posted `ms` later.
    LateCallbacks,
    /// Clocks are `seconds` ahead (or behind): validity, timestamps, OCSP and CRLs.
    ClockSkew,
}

/// A rule: until changed, or for the next `times` calls.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) fault: Fault,
    /// Code of a provider, or `pki`; every provider but `pki` when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<String>,
    /// Every call when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) call: Option<Call>,
    /// How often still; until changed when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u32>,
    /// In how many of a hundred calls.
    #[serde(default = "always")]
    pub(crate) percent: u8,
    /// Milliseconds, for what is slow or late.
    #[serde(default = "two_seconds")]
    pub(crate) ms: u64,
    /// HTTP status of an error.
    #[serde(default = "unavailable")]
    pub(crate) status: u16,
    /// Seconds a clock is ahead.
    #[serde(default)]
    pub(crate) seconds: i64,
    /// How often it struck.
    #[serde(default, skip_deserializing)]
    pub(crate) struck: u64,
}

const fn always() -> u8 {
    100
}

const fn two_seconds() -> u64 {
    2_000
}

const fn unavailable() -> u16 {
    503
}

impl Rule {
    /// A rule for everything until changed.
    pub(crate) const fn everywhere(fault: Fault) -> Self {
        Self {
            fault,
            provider: None,
            call: None,
            times: None,
            percent: 100,
            ms: two_seconds(),
            status: unavailable(),
            seconds: 0,
            struck: 0,
        }
    }

    /// What is wrong with the rule itself.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        if !(400..=599).contains(&self.status) {
            return Some("status: 400 to 599");
        }
        if self.percent == 0 || self.percent > 100 {
            return Some("percent: 1 to 100");
        }
        if self.times == Some(0) {
            return Some("times: at least 1");
        }
        if self.ms > 600_000 {
            return Some("ms: at most 600000");
        }
        let known = |code: &str| code == PKI || crate::providers::provider(code).is_some();
        if self.provider.as_deref().is_some_and(|code| !known(code)) {
            return Some("provider: a code of this sandbox, or pki");
        }
        None
    }

    fn concerns(&self, provider: &str, call: Call) -> bool {
        let place = match &self.provider {
            Some(only) => only == provider,
            None => provider != PKI || self.call.is_some(),
        };
        place && self.call.is_none_or(|only| only == call)
    }
}

/// All rules.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<Rule>,
}

impl Faults {
    pub(crate) fn add(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules among these faults that strike this call; each counts as used.
    pub(crate) fn strike(&mut self, provider: &str, call: Call, among: &[Fault]) -> Vec<Rule> {
        self.strike_if(|rule| among.contains(&rule.fault) && rule.concerns(provider, call))
    }

    /// As [`Faults::strike`], but only rules that name the call.
    pub(crate) fn strike_named(
        &mut self,
        provider: &str,
        call: Call,
        among: &[Fault],
    ) -> Vec<Rule> {
        self.strike_if(|rule| {
            rule.call == Some(call) && among.contains(&rule.fault) && rule.concerns(provider, call)
        })
    }

    fn strike_if(&mut self, wanted: impl Fn(&Rule) -> bool) -> Vec<Rule> {
        let mut struck = Vec::new();
        for rule in &mut self.rules {
            if !wanted(rule) || !by_chance(rule.percent) {
                continue;
            }
            rule.struck += 1;
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            struck.push(rule.clone());
        }
        self.rules.retain(|rule| rule.times != Some(0));
        struck
    }

    /// How far a provider's clock is ahead, in seconds.
    pub(crate) fn skew(&self, provider: &str) -> i64 {
        let concerned = |rule: &&Rule| match &rule.provider {
            Some(only) => only == provider,
            None => true,
        };
        self.rules
            .iter()
            .filter(|rule| rule.fault == Fault::ClockSkew)
            .filter(concerned)
            .map(|rule| rule.seconds)
            .fold(0, i64::saturating_add)
    }
}

fn by_chance(percent: u8) -> bool {
    use rand::RngExt as _;
    percent >= 100 || rand::rng().random_range(0..100u8) < percent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        serde_json::from_str(text).expect("valid")
    }

    #[test]
    fn a_rule_strikes_only_its_provider_and_call_and_only_so_often() {
        let mut faults = Faults::default();
        faults.add(rule(
            r#"{"fault":"http-error","provider":"ca2","call":"sign","times":2}"#,
        ));
        let mut strike = |provider, call| faults.strike(provider, call, &[Fault::HttpError]).len();
        assert_eq!(strike("vnpt-ca", Call::Sign), 0);
        assert_eq!(strike("ca2", Call::Status), 0);
        assert_eq!(strike("ca2", Call::Sign), 1);
        assert_eq!(strike("ca2", Call::Sign), 1);
        assert_eq!(strike("ca2", Call::Sign), 0);
    }

    #[test]
    fn a_rule_for_every_provider_leaves_ocsp_and_timestamps_alone_unless_it_names_them() {
        let mut faults = Faults::default();
        faults.add(rule(r#"{"fault":"slow"}"#));
        assert!(
            faults
                .strike(PKI, Call::Timestamp, &[Fault::Slow])
                .is_empty()
        );
        faults.add(rule(r#"{"fault":"slow","call":"timestamp"}"#));
        assert_eq!(faults.strike(PKI, Call::Timestamp, &[Fault::Slow]).len(), 1);
    }

    #[test]
    fn a_rule_that_cannot_be_meant_is_told() {
        assert!(
            rule(r#"{"fault":"http-error","status":200}"#)
                .mistake()
                .is_some()
        );
        assert!(
            rule(r#"{"fault":"slow","provider":"nobody"}"#)
                .mistake()
                .is_some()
        );
        assert!(rule(r#"{"fault":"slow","times":0}"#).mistake().is_some());
        assert!(
            rule(r#"{"fault":"slow","provider":"pki"}"#)
                .mistake()
                .is_none()
        );
    }
}
