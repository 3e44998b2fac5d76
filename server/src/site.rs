//! Files of the site that are asked for often stay in memory, as the answer that [`ServeDir`] gave: a file of a release is some hundred
//! kilobytes, which would be read from the disk's cache in blocks, by another thread each, for everybody who comes.
//!
//! Only whole answers to plain requests are kept, and only as long as the file is the one it was; parts of files and questions whether
//! something changed go past here.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// All kept bodies together are no larger, in bytes: a release and the one before it fit, with every part.
const ROOM: usize = 64 * 1024 * 1024;
/// A larger file is read each time.
const LARGEST: u64 = 8 * 1024 * 1024;
/// Headers of a request for which the kept answer may not be the right one.
const OTHERWISE: [header::HeaderName; 6] = [
    header::RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::IF_RANGE,
];

/// What a file was when it was read: when it changed, and its length.
type Stamp = (SystemTime, u64);

/// An answer, and what it was made from.
#[derive(Debug, Clone)]
struct Kept {
    file: PathBuf,
    stamp: Stamp,
    headers: HeaderMap,
    body: Bytes,
}

/// Answers by path, and whether the browser takes brotli.
#[derive(Debug, Default)]
struct Shelf {
    answers: BTreeMap<(String, bool), Arc<Kept>>,
    bytes: usize,
}

/// The files of a site; cheap to clone.
#[derive(Debug, Clone)]
pub struct Site {
    folder: PathBuf,
    shelf: Arc<Mutex<Shelf>>,
}

impl Site {
    /// None is kept yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            shelf: Arc::default(),
        }
    }

    fn find(&self, key: &(String, bool)) -> Option<Arc<Kept>> {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.answers.get(key).cloned()
    }

    /// Keeps an answer; when there is no room, all that was kept goes: an older release, most likely.
    fn keep(&self, key: (String, bool), kept: Kept) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.bytes + kept.body.len() > ROOM {
            *shelf = Shelf::default();
        }
        shelf.bytes += kept.body.len();
        if let Some(before) = shelf.answers.insert(key, Arc::new(kept)) {
            shelf.bytes = shelf.bytes.saturating_sub(before.body.len());
        }
    }

    /// The file behind a path, where the path is plain: neither escaped nor leading elsewhere.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let plain = |part: &str| {
            let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_fine)
        };
        let parts = path.strip_prefix('/')?;
        parts.split('/').all(plain).then(|| self.folder.join(parts))
    }
}

fn stamp(file: &Path) -> Option<Stamp> {
    let known = std::fs::metadata(file).ok()?;
    Some((known.modified().ok()?, known.len()))
}

/// Whether only the whole file can be the answer.
fn is_plain(request: &Request) -> bool {
    request.method() == Method::GET
        && OTHERWISE
            .iter()
            .all(|name| !request.headers().contains_key(name))
}

/// Answers from memory, or lets the files answer and keeps what they said.
pub async fn serve(State(site): State<Site>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let Some(file) = is_plain(&request).then(|| site.file(path)).flatten() else {
        return next.run(request).await;
    };
    let key = (
        path.to_owned(),
        crate::tagged::takes_brotli(request.headers()),
    );
    if let Some(kept) = site.find(&key)
        && stamp(&kept.file) == Some(kept.stamp)
    {
        return answer(&kept);
    }
    // Known before it is read: one that changes meanwhile is read again by the next who asks.
    let packed = PathBuf::from(format!("{}.br", file.display()));
    let (plain_stamp, packed_stamp) = (stamp(&file), stamp(&packed));
    let response = next.run(request).await;
    let is_packed = response.headers().contains_key(header::CONTENT_ENCODING);
    let (file, stamp) = if is_packed {
        (packed, packed_stamp)
    } else {
        (file, plain_stamp)
    };
    let size = length(response.headers());
    let Some(stamp) = stamp.filter(|(_, length)| {
        response.status() == StatusCode::OK && size == Some(*length) && *length <= LARGEST
    }) else {
        return response;
    };
    let (parts, body) = response.into_parts();
    let limit = usize::try_from(stamp.1).unwrap_or(usize::MAX);
    let Ok(body) = axum::body::to_bytes(body, limit).await else {
        // It became shorter while it was read, or the disk failed.
        return Response::builder()
            .status(StatusCode::INTERNAL_SERVER_ERROR)
            .body(Body::empty())
            .unwrap_or_default();
    };
    let kept = Kept {
        file,
        stamp,
        headers: parts.headers,
        body,
    };
    let response = answer(&kept);
    site.keep(key, kept);
    response
}

/// What an answer says of its length: the body of a file that is read does not know it.
fn length(headers: &HeaderMap) -> Option<u64> {
    let told = headers.get(header::CONTENT_LENGTH)?;
    told.to_str().ok()?.parse().ok()
}

fn answer(kept: &Kept) -> Response {
    let mut response = Response::new(Body::from(kept.body.clone()));
    *response.headers_mut() = kept.headers.clone();
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use tower::ServiceExt as _;
    use tower_http::services::ServeDir;

    fn service(folder: &Path) -> (Router, Site) {
        let files = ServeDir::new(folder).precompressed_br();
        let site = Site::new(folder);
        let service = Router::new()
            .fallback_service(files)
            .layer(axum::middleware::from_fn_with_state(site.clone(), serve));
        (service, site)
    }

    fn kept(site: &Site) -> usize {
        site.shelf.lock().expect("a shelf").answers.len()
    }

    async fn get(service: &Router, path: &str, more: &[(header::HeaderName, &str)]) -> Response {
        let mut request = Request::builder().uri(path);
        for (name, value) in more {
            request = request.header(name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        service.clone().oneshot(request).await.expect("an answer")
    }

    async fn body(response: Response) -> Bytes {
        let read = axum::body::to_bytes(response.into_body(), 1_000_000).await;
        read.expect("a body")
    }

    fn write(file: &Path, text: &str, second: u64) {
        std::fs::write(file, text).expect("written");
        let when = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(second);
        let opened = std::fs::File::options().write(true).open(file);
        opened.expect("file").set_modified(when).expect("set");
    }

    #[tokio::test]
    async fn what_is_kept_is_what_the_files_say_until_they_change() {
        let folder = tempfile::tempdir().expect("folder");
        let (plain, packed) = (
            folder.path().join("a.wasm"),
            folder.path().join("a.wasm.br"),
        );
        write(&plain, "plain", 1_000_000);
        write(&packed, "packed", 1_000_000);
        let (service, site) = service(folder.path());
        let brotli = [(header::ACCEPT_ENCODING, "gzip, br")];
        for _ in 0..2 {
            let response = get(&service, "/a.wasm", &brotli).await;
            assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/wasm");
            assert!(response.headers().contains_key(header::LAST_MODIFIED));
            assert_eq!(body(response).await, "packed");
            let response = get(&service, "/a.wasm", &[]).await;
            assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
            assert_eq!(body(response).await, "plain");
            assert_eq!(kept(&site), 2);
        }
        write(&packed, "other!", 1_000_001);
        let response = get(&service, "/a.wasm", &brotli).await;
        assert_eq!(body(response).await, "other!");
        std::fs::remove_file(&packed).expect("gone");
        let response = get(&service, "/a.wasm", &brotli).await;
        assert_eq!(body(response).await, "plain");
        std::fs::remove_file(&plain).expect("gone");
        let response = get(&service, "/a.wasm", &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn parts_and_questions_whether_it_changed_are_answered_by_the_files() {
        let folder = tempfile::tempdir().expect("folder");
        write(&folder.path().join("a.wasm"), "plain", 1_000_000);
        let (service, site) = service(folder.path());
        let first = get(&service, "/a.wasm", &[]).await;
        let when = first.headers()[header::LAST_MODIFIED].clone();
        let asked = [(header::IF_MODIFIED_SINCE, when.to_str().expect("text"))];
        let again = get(&service, "/a.wasm", &asked).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let part = get(&service, "/a.wasm", &[(header::RANGE, "bytes=1-2")]).await;
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(body(part).await, "la");
        assert_eq!(kept(&site), 1, "the whole of it alone");
        for path in ["/../a.wasm", "/.hidden", "/%61.wasm", "//a.wasm"] {
            assert_eq!(site.file(path), None, "{path}");
        }
    }

    #[test]
    fn there_is_so_much_room_and_no_more() {
        let site = Site::new(Path::new("/"));
        for number in 0..20 {
            let kept = Kept {
                file: PathBuf::new(),
                stamp: (SystemTime::UNIX_EPOCH, 0),
                headers: HeaderMap::new(),
                body: vec![0; 7 * 1024 * 1024].into(),
            };
            site.keep((format!("{}", number % 15), false), kept);
            let shelf = site.shelf.lock().expect("a shelf");
            let all: usize = shelf.answers.values().map(|kept| kept.body.len()).sum();
            assert_eq!(shelf.bytes, all);
            assert!(all <= ROOM);
        }
    }
}
