//! A server that speaks S3 and checks every request's signature, over a folder, on a real socket. It can be stopped and started again.
#![allow(dead_code)] // Two crates' tests use it, each its own part.

use hyper_util::rt::{TokioExecutor, TokioIo};
use s3s::access::{S3Access, S3AccessContext};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Name of the bucket.
pub const BUCKET: &str = "hoso";
/// Identifier of the key that may.
pub const KEY_ID: &str = "khoa-thu";
/// The key.
pub const KEY: &str = "chi-dung-de-thu";

/// Lets requests pass until one is refused: how many are left before it, negative when it was.
#[derive(Clone)]
struct Refusing(Arc<AtomicI64>);

#[async_trait::async_trait]
impl S3Access for Refusing {
    async fn check(&self, request: &mut S3AccessContext<'_>) -> s3s::S3Result<()> {
        if request.credentials().is_none() || self.0.fetch_sub(1, Ordering::SeqCst) == 0 {
            return Err(s3s::s3_error!(AccessDenied, "Access Denied"));
        }
        Ok(())
    }
}

/// The server with one bucket.
pub struct S3 {
    /// Where it listens.
    pub address: SocketAddr,
    refusing: Refusing,
    folder: PathBuf,
    running: Option<tokio::task::JoinHandle<()>>,
}

impl S3 {
    /// Starts one whose objects are files below `folder`.
    pub async fn start(folder: &Path) -> Self {
        // The client makes its TLS settings also for addresses without TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        std::fs::create_dir_all(folder.join(BUCKET)).expect("a folder");
        let mut server = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            refusing: Refusing(Arc::new(AtomicI64::new(-1))),
            folder: folder.to_owned(),
            running: None,
        };
        server.again().await;
        server
    }

    /// Its address as a setting.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the bucket's objects lie as files.
    pub fn objects(&self) -> PathBuf {
        self.folder.join(BUCKET)
    }

    /// Refuses one request, after so many that are served.
    pub fn refuse_after(&self, served: i64) {
        self.refusing.0.store(served, Ordering::SeqCst);
    }

    /// Whether it refused the one.
    pub fn refused(&self) -> bool {
        self.refusing.0.load(Ordering::SeqCst) < 0
    }

    /// Gone: connections break, new ones are refused.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
            let _ = running.await;
        }
    }

    /// Back at the same address with the same objects.
    pub async fn again(&mut self) {
        let files = s3s_fs::FileSystem::new(&self.folder).expect("a folder");
        let mut builder = s3s::service::S3ServiceBuilder::new(files);
        builder.set_auth(s3s::auth::SimpleAuth::from_single(KEY_ID, KEY));
        builder.set_access(self.refusing.clone());
        let service = builder.build();
        let listener = bound(self.address).await;
        self.address = listener.local_addr().expect("an address");
        self.running = Some(tokio::spawn(async move {
            // Dropped with this task: no connection outlives the server.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let service = service.clone();
                connections.spawn(async move {
                    let _ = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new())
                        .serve_connection(TokioIo::new(socket), service)
                        .await;
                });
                while connections.try_join_next().is_some() {}
            }
        }));
    }
}

async fn bound(address: SocketAddr) -> tokio::net::TcpListener {
    for _ in 0..100 {
        if let Ok(listener) = tokio::net::TcpListener::bind(address).await {
            return listener;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{address} cannot be had");
}

impl Drop for S3 {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
        }
    }
}
