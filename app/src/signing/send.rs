//! The beginning and the end of a signing: sent once, cancelled, put away.

use super::pending::{Kept, PendingSigning, Progress};
use super::{Signings, Trouble, tabs};
use crate::api;
use crate::draft;
use crate::part::confirm::confirmed;
use contract::problem::ProblemCode;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

impl Signings {
    /// Sends a prepared signing (`prepared`: the bytes of each file, in the order of `pending.files`) and watches it. What is kept
    /// first cannot be lost by what comes after. The files are marked as waiting; when nothing was sent, they are free again.
    ///
    /// # Errors
    /// [`Trouble`]: nothing was sent.
    pub async fn send(
        self,
        pending: PendingSigning,
        prepared: Vec<Vec<u8>>,
    ) -> Result<(), Trouble> {
        let progress = Progress {
            roots: api::trust()
                .await
                .map(|trust| trust.roots)
                .unwrap_or_default(),
            sent_at: Some(self.session.now()),
            ..Progress::default()
        };
        let kept = Kept { pending, progress };
        let id = kept.pending.start.id;
        draft::begin_signing(&kept, &prepared, self.session.now()).await?;
        let start = kept.pending.start.clone();
        match confirmed(self.session, || api::start_signing(&start)).await {
            Ok(view) => {
                self.watch(kept);
                self.take(id, view);
            }
            // It may have arrived, or arrive with another try under the same id: the watcher finds out.
            Err(error) if matches!(error.code, ProblemCode::Offline | ProblemCode::Internal) => {
                self.watch(kept);
            }
            Err(error) => {
                draft::end_signing(&kept.pending, None, self.session.now()).await?;
                return Err(error.into());
            }
        }
        tabs::tell(id);
        Ok(())
    }

    /// `Hủy`.
    pub async fn cancel(self, id: Uuid) {
        match api::cancel_signing(id).await {
            Ok(view) => self.take(id, view),
            Err(error) => self.change(id, |watched| watched.trouble = Some(error.into())),
        }
    }

    /// Puts a signing away that was looked at to its end. One the server has not been told of yet goes as soon as it was.
    pub fn dismiss(self, id: Uuid) {
        let Some(watched) = self.get(id) else { return };
        let keep = watched.finished && !watched.told;
        self.all.update(|all| {
            if let Some(watched) = all.get_mut(&id).filter(|_| keep) {
                watched.seen = true;
            } else {
                all.remove(&id);
            }
        });
        let now = self.session.now();
        spawn_local(async move {
            let _ = if keep {
                draft::note_progress(id, |progress| progress.seen = true).await
            } else {
                draft::end_signing(&watched.pending, None, now).await
            };
            tabs::tell(id);
        });
    }
}
