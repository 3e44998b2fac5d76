//! The documents on the desk, and who answers what.

use crate::protocol::Reply;
use crate::{check, look, sign};
use contract::worker::{Answer, Ask, DocumentId, WorkerProblem};
use document::Document;
use std::collections::BTreeMap;

/// Most documents that are open at once; the one used longest ago is closed first.
const DOCUMENTS_MAX: usize = 6;

/// An open document and its bytes: drawing takes the one, signing the other.
pub(crate) struct Open {
    pub(crate) document: Document,
    pub(crate) bytes: Vec<u8>,
    used: u64,
}

/// All open documents.
#[derive(Default)]
pub(crate) struct Desk {
    open: BTreeMap<DocumentId, Open>,
    clock: u64,
}

impl Desk {
    /// Puts a document on the desk.
    pub(crate) fn put(&mut self, id: DocumentId, document: Document, bytes: Vec<u8>) {
        self.clock += 1;
        self.open.insert(
            id,
            Open {
                document,
                bytes,
                used: self.clock,
            },
        );
        if self.open.len() > DOCUMENTS_MAX {
            let oldest = self
                .open
                .iter()
                .min_by_key(|(_, open)| open.used)
                .map(|(id, _)| *id);
            if let Some(oldest) = oldest {
                self.open.remove(&oldest);
            }
        }
    }

    /// A document on the desk.
    pub(crate) fn get(&mut self, id: DocumentId) -> Result<&Open, WorkerProblem> {
        self.clock += 1;
        let open = self.open.get_mut(&id).ok_or(WorkerProblem::NotOpen)?;
        open.used = self.clock;
        Ok(open)
    }

    /// Answers one ask.
    pub(crate) fn answer(
        &mut self,
        ask: Ask,
        buffers: Vec<Vec<u8>>,
    ) -> Result<Reply, WorkerProblem> {
        let mut buffers = buffers.into_iter();
        let mut bytes = || {
            buffers.next().ok_or_else(|| WorkerProblem::Other {
                detail: "a buffer is missing".into(),
            })
        };
        match ask {
            Ask::Open { document, password } => {
                look::open(self, document, password.as_deref(), bytes()?)
            }
            Ask::Close { document } => {
                self.open.remove(&document);
                Ok(Answer::Closed.into())
            }
            Ask::Render {
                document,
                page,
                scale,
            } => look::render(&self.get(document)?.document, page, scale),
            Ask::Text { document, page } => look::text(&self.get(document)?.document, page),
            Ask::Find { document, query } => Ok(Answer::Found {
                hits: self.get(document)?.document.find(&query),
            }
            .into()),
            Ask::Propose {
                document,
                keyword,
                size,
            } => look::propose(self.get(document)?, &keyword, size),
            Ask::Preview {
                appearance,
                size,
                scale,
            } => sign::preview(&appearance, size, scale, bytes().ok()),
            Ask::Prepare { document, request } => {
                sign::prepare(&self.get(document)?.bytes, &request, bytes().ok())
            }
            Ask::Finish {
                prepared,
                certificate,
                chain,
                value,
                roots,
                now,
            } => {
                let finish = sign::Finish {
                    prepared,
                    certificate,
                    chain,
                    value,
                    roots,
                    now,
                };
                sign::finish(finish, bytes()?)
            }
            Ask::Validate { roots, now } => Ok(check::validate(&bytes()?, roots, now)),
        }
    }
}
