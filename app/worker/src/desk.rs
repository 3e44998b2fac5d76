//! The documents on the desk, and who answers what.

use crate::ahead::{self, Ahead};
use crate::protocol::Reply;
use crate::{archive, check, look, sign};
use contract::geometry::Rect;
use contract::worker::{Answer, Ask, DocumentId, WorkerProblem};
use document::{Document, Resources};
use signature::Digests;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most documents that are open at once; the one used longest ago is closed first. The page opens it again when it is asked for.
const DOCUMENTS_MAX: usize = 6;
/// Most bytes of all open files together, as long as there is more than one: reading a file takes a multiple of its length.
const BYTES_MAX: usize = 96 * 1024 * 1024;

/// An open document and its bytes: drawing takes the one, signing the other.
pub(crate) struct Open {
    pub(crate) document: Document,
    pub(crate) bytes: Arc<Vec<u8>>,
    /// What it was opened with; it stays in this worker.
    pub(crate) password: Option<String>,
    /// Where signatures stand already: page from 0, box in view space.
    pub(crate) signatures: Vec<(u32, Rect)>,
    /// What is hashed of it before it is signed.
    pub(crate) ahead: Ahead,
    used: u64,
}

/// All open documents.
#[derive(Default)]
pub(crate) struct Desk {
    open: BTreeMap<DocumentId, Open>,
    clock: u64,
    /// Fonts and tables that were fetched, for all documents.
    pub(crate) resources: Resources,
}

impl Desk {
    /// Puts a document on the desk.
    pub(crate) fn put(
        &mut self,
        id: DocumentId,
        document: Document,
        bytes: Arc<Vec<u8>>,
        password: Option<String>,
        signatures: Vec<(u32, Rect)>,
    ) {
        self.clock += 1;
        self.open.insert(
            id,
            Open {
                document,
                bytes,
                password,
                signatures,
                ahead: Ahead::default(),
                used: self.clock,
            },
        );
        self.make_room(DOCUMENTS_MAX, BYTES_MAX);
    }

    /// Closes what was used longest ago until both bounds are kept; the document used last stays in any case.
    fn make_room(&mut self, documents: usize, bytes: usize) {
        let held = |desk: &Self| {
            desk.open
                .values()
                .fold(0_usize, |sum, open| sum.saturating_add(open.bytes.len()))
        };
        while self.open.len() > 1 && (self.open.len() > documents || held(self) > bytes) {
            let oldest = self.open.iter().min_by_key(|(_, open)| open.used);
            let Some(oldest) = oldest.map(|(id, _)| *id) else {
                return;
            };
            self.open.remove(&oldest);
        }
    }

    /// Pages of a document, 0 when it is not open.
    pub(crate) fn page_count(&self, id: DocumentId) -> u32 {
        self.open
            .get(&id)
            .map_or(0, |open| open.document.page_count())
    }

    /// A document on the desk.
    pub(crate) fn get(&mut self, id: DocumentId) -> Result<&Open, WorkerProblem> {
        self.get_mut(id).map(|open| &*open)
    }

    fn get_mut(&mut self, id: DocumentId) -> Result<&mut Open, WorkerProblem> {
        self.clock += 1;
        let open = self.open.get_mut(&id).ok_or(WorkerProblem::NotOpen)?;
        open.used = self.clock;
        Ok(open)
    }

    /// Whether a document that will be signed is not hashed yet.
    pub(crate) fn is_behind(&self) -> bool {
        self.open.values().any(|open| open.ahead.is_behind())
    }

    /// Hashes a piece of such a document.
    pub(crate) fn hash_ahead(&mut self) {
        let next = self.open.values_mut().find(|open| open.ahead.is_behind());
        if let Some(open) = next {
            open.ahead.go_on(&open.bytes);
        }
    }

    /// What was hashed of the open document that some bytes begin with.
    fn hashed(&self, bytes: &[u8]) -> Option<Digests> {
        let ahead = self.open.values().find_map(|open| {
            let ahead = open.ahead.done()?;
            ahead::begins_with(bytes, &open.bytes).then_some(ahead)
        })?;
        let mut known = Digests::default();
        known.go_on_from(ahead);
        Some(known)
    }

    /// Answers one ask.
    pub(crate) async fn answer(
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
            Ask::Open { document, password } => look::open(self, document, password, bytes()?),
            Ask::Close { document } => {
                self.open.remove(&document);
                Ok(Answer::Closed.into())
            }
            Ask::Render {
                document,
                page,
                scale,
                clip,
                ..
            } => look::render(&self.get(document)?.document, page, scale, clip),
            Ask::Text { document, page } => look::text(&self.get(document)?.document, page),
            Ask::Find {
                document,
                query,
                first,
                count,
            } => Ok(look::find(
                &self.get(document)?.document,
                &query,
                first,
                count,
            )),
            Ask::Propose {
                document,
                keyword,
                size,
                taken,
            } => {
                let open = self.get_mut(document)?;
                // Who asks where the signature goes is going to sign.
                open.ahead.begin(&open.bytes, open.password.as_deref());
                look::propose(open, &keyword, size, taken)
            }
            Ask::Preview {
                appearance,
                size,
                scale,
            } => sign::preview(&appearance, size, scale, bytes().ok()),
            Ask::Prepare {
                document,
                request,
                field,
            } => sign::prepare(self.get(document)?, &request, field, bytes().ok()).await,
            Ask::Finish {
                prepared,
                certificate,
                chain,
                value,
                evidence,
                roots,
                now,
            } => {
                let finish = sign::Finish {
                    prepared,
                    certificate,
                    chain,
                    value,
                    evidence: evidence.unwrap_or_default(),
                    roots,
                    now,
                };
                let bytes = bytes()?;
                let known = self.hashed(&bytes);
                sign::finish(finish, bytes, known).await
            }
            Ask::Details { document } => Ok(Answer::Details {
                details: self.get(document)?.document.details(),
            }
            .into()),
            Ask::Cautions {
                document,
                first,
                count,
            } => Ok(look::cautions(self.get(document)?, first, count)),
            Ask::Links { document, page } => look::links(&self.get(document)?.document, page),
            Ask::Attachment { document, index } => {
                look::attachment(&self.get(document)?.document, index)
            }
            Ask::TimestampQuery { value, nonce } => Ok(sign::timestamp_query(&value, &nonce)),
            Ask::ReadTimestamp {
                query,
                reply,
                certificate,
                chain,
            } => sign::read_timestamp(&query, &reply, certificate, chain),
            Ask::Bind { turns } => sign::bind(&buffers.collect::<Vec<_>>(), &turns),
            Ask::FillForm {
                form,
                code,
                answers,
            } => sign::fill_form(&form, &code, answers),
            Ask::ArchiveChains => archive::chains(&bytes()?),
            Ask::PrepareArchive { evidence, nonce } => {
                archive::prepare(bytes()?, &evidence, &nonce)
            }
            Ask::FinishArchive {
                prepared,
                query,
                reply,
                roots,
                now,
            } => archive::finish(bytes()?, prepared, (&query, &reply), roots, now),
            Ask::Validate {
                password,
                roots,
                now,
            } => Ok(check::validate(
                bytes()?,
                password.as_deref().unwrap_or_default(),
                roots,
                now,
            )
            .await),
            Ask::Brought { password } => Ok(check::brought(
                &bytes()?,
                password.as_deref().unwrap_or_default(),
            )),
            Ask::Report {
                password,
                format,
                name,
                roots,
                now,
            } => check::report(
                &bytes()?,
                password.as_deref().unwrap_or_default(),
                format,
                name,
                roots,
                now,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Parcel;
    use contract::geometry::Size;
    use contract::text::ProposalReason;
    use contract::validation::Verdict;
    use contract::value::{Base64, Timestamp};
    use contract::worker::Urgency;
    use signature::Parts;
    use signature::key::DigestKind;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    const ID: DocumentId = DocumentId(7);

    /// A page with a line of Helvetica.
    fn pdf() -> Vec<u8> {
        pdf_with("")
    }

    /// The same with a remark in front.
    fn pdf_with(remark: &str) -> Vec<u8> {
        let content = "BT /F1 14 Tf 340 300 Td (NGUOI LAM DON) Tj ET";
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
            format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        ];
        let mut bytes = format!("%PDF-1.7\n%{remark}\n").into_bytes();
        let mut table = String::from("xref\n0 6\n0000000000 65535 f \n");
        for (number, body) in objects.iter().enumerate() {
            table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
            bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", number + 1).bytes());
        }
        let start = bytes.len();
        bytes.extend(
            format!("{table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes(),
        );
        bytes
    }

    async fn opened() -> Desk {
        opened_with(pdf()).await
    }

    async fn opened_with(file: Vec<u8>) -> Desk {
        let mut desk = Desk::default();
        let ask = Ask::Open {
            document: ID,
            password: None,
        };
        let reply = desk.answer(ask, vec![file]).await;
        assert!(
            matches!(reply.map(|reply| reply.answer), Ok(Answer::Opened { facts }) if facts.pages.len() == 1)
        );
        desk
    }

    /// Where does the signature go?
    fn propose() -> Ask {
        Ask::Propose {
            document: ID,
            keyword: "Người làm đơn".into(),
            size: Size {
                width: 170.0,
                height: 60.0,
            },
            taken: Vec::new(),
        }
    }

    #[wasm_bindgen_test]
    async fn a_page_is_drawn_as_a_bitmap_of_the_asked_size() {
        let ask = Ask::Render {
            document: ID,
            page: 0,
            scale: 2.0,
            clip: None,
            urgency: Urgency::Seen,
        };
        let reply = opened()
            .await
            .answer(ask, Vec::new())
            .await
            .unwrap_or_else(|problem| panic!("{problem:?}"));
        assert!(matches!(
            reply.answer,
            Answer::Rendered {
                width: 1190,
                height: 1684
            }
        ));
        let [Parcel::Picture(picture)] = reply.parcels.as_slice() else {
            panic!("no picture");
        };
        let picture = wasm_bindgen_futures::JsFuture::from(picture.clone()).await;
        let picture = picture.map(wasm_bindgen::JsCast::unchecked_into::<web_sys::ImageBitmap>);
        assert!(picture.is_ok_and(|picture| (picture.width(), picture.height()) == (1190, 1684)));
    }

    #[wasm_bindgen_test]
    async fn the_box_lands_on_the_keyword() {
        let reply = opened().await.answer(propose(), Vec::new()).await;
        let Ok(Answer::Proposed { proposal }) = reply.map(|reply| reply.answer) else {
            panic!("no proposal");
        };
        assert_eq!(proposal.reason, ProposalReason::Keyword);
        let place = &proposal.places[0];
        assert!(
            place.rect.y > 842.0 - 300.0 && place.rect.x > 200.0,
            "{place:?}"
        );
    }

    #[wasm_bindgen_test]
    async fn a_large_file_is_hashed_once_somebody_looks_for_a_place() {
        let large = pdf_with(&".".repeat(2 * 1024 * 1024));
        let mut desk = opened_with(large.clone()).await;
        assert!(!desk.is_behind(), "who only looks has nothing to hash");
        assert!(desk.answer(propose(), Vec::new()).await.is_ok());
        let longer = [large.as_slice(), b"revision"].concat();
        let left = |desk: &Desk, bytes: &[u8]| {
            let whole = Parts::whole(bytes.len());
            let known = desk.hashed(bytes);
            known.map(|known| known.left(DigestKind::Sha256, &whole))
        };
        for _ in 0..3 {
            assert!(desk.is_behind());
            assert_eq!(left(&desk, &longer), None);
            desk.hash_ahead();
        }
        assert!(!desk.is_behind());
        assert_eq!(left(&desk, &longer), Some(b"revision".len()));
        let mut other = longer;
        other[1_000_000] = b' ';
        assert_eq!(left(&desk, &other), None);
        assert_eq!(left(&desk, &pdf()), None);
    }

    #[wasm_bindgen_test]
    async fn what_cannot_be_done_is_told() {
        let mut desk = Desk::default();
        let render = Ask::Render {
            document: ID,
            page: 0,
            scale: 1.0,
            clip: None,
            urgency: Urgency::Seen,
        };
        assert!(matches!(
            desk.answer(render, Vec::new()).await,
            Err(WorkerProblem::NotOpen)
        ));
        let open = || Ask::Open {
            document: ID,
            password: None,
        };
        assert!(matches!(
            desk.answer(open(), vec![b"van ban".to_vec()]).await,
            Err(WorkerProblem::NotPdf)
        ));
        assert!(
            desk.answer(open(), Vec::new()).await.is_err(),
            "no file came along"
        );
        let validate = Ask::Validate {
            password: None,
            roots: Vec::new(),
            now: Timestamp(0),
        };
        let reply = desk.answer(validate, vec![pdf()]).await;
        let Ok(Answer::Validated { report }) = reply.map(|reply| reply.answer) else {
            panic!("no report");
        };
        assert_eq!(report.verdict, Verdict::Unsigned);
    }

    #[wasm_bindgen_test]
    async fn a_timestamp_is_asked_about_a_digest_and_noise_is_no_answer() {
        let mut desk = Desk::default();
        let value = Base64(vec![7; 256]);
        let ask = Ask::TimestampQuery {
            value: value.clone(),
            nonce: Base64(vec![1; 8]),
        };
        let reply = desk.answer(ask, Vec::new()).await;
        let Ok(Answer::TimestampQuery { query }) = reply.map(|reply| reply.answer) else {
            panic!("no query");
        };
        assert!(
            query.0.len() < 80,
            "a digest, and nothing of what was signed"
        );
        let ask = Ask::ReadTimestamp {
            query,
            reply: Base64(b"<html>".to_vec()),
            certificate: value,
            chain: Vec::new(),
        };
        assert!(matches!(
            desk.answer(ask, Vec::new()).await,
            Err(WorkerProblem::TimestampRefused)
        ));
    }

    /// A desk with so many documents, numbered from 0.
    async fn desk_of(count: u32) -> Desk {
        let mut desk = Desk::default();
        for number in 0..count {
            let ask = Ask::Open {
                document: DocumentId(number),
                password: None,
            };
            assert!(desk.answer(ask, vec![pdf()]).await.is_ok());
        }
        desk
    }

    #[wasm_bindgen_test]
    async fn only_the_documents_used_last_stay_open() {
        let mut desk = desk_of(8).await;
        assert!(desk.get(DocumentId(0)).is_err());
        assert!(desk.get(DocumentId(7)).is_ok());
    }

    #[wasm_bindgen_test]
    async fn large_files_are_closed_earlier_but_never_the_one_in_use() {
        let mut desk = desk_of(4).await;
        assert!(desk.get(DocumentId(1)).is_ok());
        desk.make_room(DOCUMENTS_MAX, 2 * pdf().len());
        let open: Vec<_> = desk.open.keys().map(|id| id.0).collect();
        assert_eq!(open, [1, 3], "1 was used after 2");
        desk.make_room(DOCUMENTS_MAX, 1);
        assert_eq!(desk.page_count(DocumentId(1)), 1);
        assert_eq!(desk.page_count(DocumentId(3)), 0);
    }
}
