//! What the page does with the portal, without documents: starts a signing of digests, watches it, completes it. It comes back after
//! every lost connection, as the page does.

use crate::people::{ACCOUNT, Citizen, Means};
use anyhow::{Context as _, Result, bail, ensure};
use contract::problem::{Problem, ProblemCode};
use contract::signing::{CompleteSigning, SigningItem, SigningState, SigningView, StartSigning};
use contract::value::Sha256;
use reqwest::Client;
use std::time::Duration;
use uuid::Uuid;

/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser of one person.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    portal: String,
    cookie: String,
}

/// What came of starting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    Taken(Box<SigningView>),
    Refused(ProblemCode),
}

/// A signing of `items` digests: random, but for their beginning, which says which signing of this run it is. Not every protocol tells
/// names or our number to the other side, a digest arrives everywhere.
pub fn signing(means: &Means, number: usize, items: usize) -> StartSigning {
    let digest = || {
        let mut digest: [u8; 32] = rand::random();
        digest[..8].copy_from_slice(&marked(number));
        Sha256(digest)
    };
    StartSigning {
        id: Uuid::new_v4(),
        profile: Uuid::nil(),
        provider: means.provider.clone(),
        citizen_id: match ACCOUNT.parse() {
            Ok(id) => id,
            Err(_) => unreachable!("a constant"),
        },
        serial: means.certificate.serial.clone(),
        follows: None,
        items: (1..=items)
            .filter_map(|number| {
                Some(SigningItem {
                    attachment: Uuid::new_v4(),
                    file_name: format!("to-khai-{number}.pdf").parse().ok()?,
                    digest: digest(),
                    document_sha256: digest(),
                })
            })
            .collect(),
    }
}

/// The first bytes of a digest of a signing.
pub fn marked(number: usize) -> [u8; 8] {
    u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes()
}

impl Browser {
    pub fn new(client: &Client, portal: String, citizen: &Citizen) -> Self {
        Self {
            client: client.clone(),
            portal,
            cookie: citizen.cookie.clone(),
        }
    }

    /// Asks until there is an answer of the portal itself.
    async fn ask(
        &self,
        make: impl Fn(&Client) -> reqwest::RequestBuilder,
    ) -> Result<std::result::Result<SigningView, ProblemCode>> {
        // A server that was killed is back within seconds.
        for _ in 0..600 {
            let answer = make(&self.client)
                .header("cookie", &self.cookie)
                .timeout(PATIENCE)
                .send()
                .await;
            let Ok(answer) = answer else {
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            };
            let status = answer.status();
            let Ok(bytes) = answer.bytes().await else {
                continue;
            };
            if status.is_success() {
                return Ok(Ok(serde_json::from_slice(&bytes)?));
            }
            let text = String::from_utf8_lossy(&bytes);
            let problem: Problem =
                serde_json::from_slice(&bytes).with_context(|| format!("{status}: {text}"))?;
            return Ok(Err(problem.code));
        }
        bail!("the portal does not come back")
    }

    pub async fn start(&self, request: &StartSigning) -> Result<Started> {
        let address = format!("{}/api/signings", self.portal);
        Ok(
            match self
                .ask(|client| client.post(&address).json(request))
                .await?
            {
                Ok(view) => Started::Taken(Box::new(view)),
                Err(code) => Started::Refused(code),
            },
        )
    }

    pub async fn view(&self, id: Uuid) -> Result<SigningView> {
        let address = format!("{}/api/signings/{id}", self.portal);
        match self.ask(|client| client.get(&address)).await? {
            Ok(view) => Ok(view),
            Err(code) => bail!("a signing cannot be seen: {code:?}"),
        }
    }

    pub async fn cancel(&self, id: Uuid) -> Result<Option<SigningView>> {
        let address = format!("{}/api/signings/{id}/cancellation", self.portal);
        Ok(self.ask(|client| client.post(&address)).await?.ok())
    }

    /// Verifies the values as the worker does, and says that the files are finished.
    pub async fn complete(&self, means: &Means, view: &SigningView) -> Result<SigningView> {
        let mut signed = Vec::new();
        for item in &view.items {
            if let Some(value) = &item.signature {
                let verified =
                    signature::verify_value(&means.certificate.der.0, &item.item.digest, &value.0);
                ensure!(verified.is_ok(), "a value that verifies with nothing");
                signed.push(item.item.document_sha256);
            }
        }
        let address = format!("{}/api/signings/{}/completion", self.portal, view.id);
        let body = CompleteSigning { signed };
        match self.ask(|client| client.post(&address).json(&body)).await? {
            Ok(view) => Ok(view),
            // Said before, and the answer was lost.
            Err(ProblemCode::Conflict) => {
                let view = self.view(view.id).await?;
                ensure!(view.state.is_final(), "a completion is refused");
                Ok(view)
            }
            Err(code) => bail!("a completion is refused: {code:?}"),
        }
    }

    /// Watches until the values are here or nothing can come any more.
    pub async fn settled(&self, id: Uuid, pause: Duration) -> Result<SigningView> {
        loop {
            let view = self.view(id).await?;
            if view.state.is_final() || view.state == SigningState::Confirmed {
                return Ok(view);
            }
            tokio::time::sleep(pause).await;
        }
    }
}
