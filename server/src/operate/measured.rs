//! A provider whose calls are counted.

use super::Metrics;
use contract::provider::ProviderCode;
use contract::value::CitizenId;
use provider::{
    Abilities, Answer, Callback, GuardState, Handles, ProviderCertificate, ProviderError,
    RemoteSigner, Request, Started, Status, Withdrawal,
};
use std::sync::Arc;
use std::time::Instant;

/// Counts what becomes of each call, in front of the guard: what it refused without asking is an outcome too.
pub struct Measured {
    inner: Arc<dyn RemoteSigner>,
    code: ProviderCode,
    metrics: Metrics,
}

impl Measured {
    /// Counts the calls of `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn RemoteSigner>, code: ProviderCode, metrics: Metrics) -> Self {
        Self {
            inner,
            code,
            metrics,
        }
    }

    fn counted<'a, T: Send + 'a>(
        &'a self,
        call: &'static str,
        answer: Answer<'a, T>,
    ) -> Answer<'a, T> {
        Box::pin(async move {
            let began = Instant::now();
            let answer = answer.await;
            let outcome = answer.as_ref().err().map_or("ok", outcome);
            self.metrics
                .call(self.code.as_str(), call, outcome, began.elapsed());
            answer
        })
    }
}

/// A word for a failure.
const fn outcome(error: &ProviderError) -> &'static str {
    match error {
        ProviderError::Unreachable => "unreachable",
        ProviderError::NoAnswer => "no-answer",
        ProviderError::Down(_) => "down",
        ProviderError::Credentials => "credentials",
        ProviderError::NoCertificate => "no-certificate",
        ProviderError::CertificateUnusable => "certificate-unusable",
        ProviderError::QuotaUsedUp => "quota-used-up",
        ProviderError::Busy => "busy",
        ProviderError::ModeUnsupported => "mode-unsupported",
        ProviderError::Refused(_) => "refused",
        ProviderError::Malformed(_) => "malformed",
    }
}

impl RemoteSigner for Measured {
    fn certificates<'a>(&'a self, account: &'a CitizenId) -> Answer<'a, Vec<ProviderCertificate>> {
        self.counted("certificates", self.inner.certificates(account))
    }
    fn start<'a>(&'a self, request: &'a Request) -> Answer<'a, Started> {
        self.counted("start", self.inner.start(request))
    }
    fn status<'a>(&'a self, handles: &'a Handles) -> Answer<'a, Status> {
        self.counted("status", self.inner.status(handles))
    }
    fn cancel<'a>(&'a self, handles: &'a Handles) -> Answer<'a, Withdrawal> {
        self.counted("cancel", self.inner.cancel(handles))
    }
    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }
    fn guard(&self) -> Option<GuardState> {
        self.inner.guard()
    }
    fn callback(&self, body: &serde_json::Value) -> Option<Callback> {
        self.inner.callback(body)
    }
}
