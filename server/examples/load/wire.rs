//! HTTP/1.1 over a connection that is kept, and nothing else: who is played must cost less than what is measured.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::fmt::Write as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// An answer.
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Vec<u8>,
}

impl Answer {
    /// What was told, where all went well.
    pub fn json(&self) -> Result<Value> {
        let text = String::from_utf8_lossy(&self.body);
        ensure!(self.status < 300, "{}: {text}", self.status);
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// All went well.
    pub fn fine(&self) -> Result<()> {
        let text = String::from_utf8_lossy(&self.body);
        ensure!(self.status < 300, "{}: {text}", self.status);
        Ok(())
    }
}

/// A connection of somebody.
pub struct Wire {
    stream: BufReader<TcpStream>,
    host: String,
    cookie: String,
    head: String,
}

impl Wire {
    /// Connects; `portal` is `http://HOST:PORT`.
    pub async fn open(portal: &str, cookie: &str) -> Result<Self> {
        let host = portal.strip_prefix("http://").context("no address")?;
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::with_capacity(16 * 1024, stream),
            host: host.to_owned(),
            cookie: cookie.to_owned(),
            head: String::new(),
        })
    }

    /// Somebody else goes on over this connection, as behind a proxy.
    pub fn become_other(&mut self, cookie: &str) {
        cookie.clone_into(&mut self.cookie);
    }

    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask("GET", path, "", &[]).await
    }

    pub async fn json(&mut self, method: &str, path: &str, body: &Value) -> Result<Answer> {
        let body = serde_json::to_vec(body)?;
        self.ask(method, path, "content-type: application/json\r\n", &body)
            .await
    }

    /// Asks and reads the whole answer; `more` are further header lines.
    pub async fn ask(
        &mut self,
        method: &str,
        path: &str,
        more: &str,
        body: &[u8],
    ) -> Result<Answer> {
        self.head.clear();
        write!(
            self.head,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-length: {}\r\n{more}\r\n",
            self.host,
            self.cookie,
            body.len()
        )?;
        let mut sent = self.head.clone().into_bytes();
        sent.extend_from_slice(body);
        self.stream.get_mut().write_all(&sent).await?;
        self.answer().await.with_context(|| path.to_owned())
    }

    async fn answer(&mut self) -> Result<Answer> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        let status: u16 = line
            .split(' ')
            .nth(1)
            .context("no status")?
            .trim()
            .parse()?;
        let (mut length, mut etag) = (0, None);
        loop {
            line.clear();
            ensure!(
                self.stream.read_line(&mut line).await? > 0,
                "the answer broke off"
            );
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            match name {
                "content-length" => length = value.parse()?,
                "etag" => etag = Some(value.to_owned()),
                // Nothing that is asked for here is sent so.
                "transfer-encoding" => anyhow::bail!("in chunks"),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(Answer { status, etag, body })
    }
}
