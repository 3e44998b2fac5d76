//! A portal and a sandbox provider on real sockets, and people who use them over HTTP as the page does.
#![allow(dead_code)] // Every test file uses its own part.

pub mod authority;
pub mod form;
pub mod ledger;
pub mod process;
pub mod s3;

pub use form::{digest, form, now, pdf};

use contract::appearance::{Appearance, AppearanceMode};
use contract::geometry::Rect;
use contract::provider::CertificateInfo;
use contract::signing::{SigningState, SigningView, StartSigning};
use contract::worker::{PrepareRequest, PreparedSignature};
use serde_json::{Value, json};
use server::Portal;
use server::config::{Config, Settings};
use server::pace::Pace;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;
use uuid::Uuid;

/// The demo people.
pub const MAU: &str = "062099000011";
pub const THU: &str = "062199000022";
pub const OFFICER: &str = "canbo.kiem";
pub const BIRTH: &str = "1.001193";

/// Everything that runs.
pub struct Stage {
    pub sandbox: sandbox::Running,
    pub address: SocketAddr,
    pub http: reqwest::Client,
    pub data: tempfile::TempDir,
    adjust: Box<dyn Fn(&mut Settings) + Send + Sync>,
    configure: Box<dyn Fn(&mut Config) + Send + Sync>,
    /// The provider people sign with.
    pub provider_code: &'static str,
    running: Vec<tokio::task::JoinHandle<()>>,
}

/// A pace at which no test has to wait.
pub fn quick() -> Pace {
    let ms = Duration::from_millis;
    Pace {
        tick: ms(20),
        looks: vec![ms(100)],
        looks_beside_callbacks: vec![ms(100)],
        look: ms(1500),
        lease: ms(2000),
        send: ms(1000),
        lost: ms(1500),
        unknown: ms(400),
        partial: ms(400),
        grace: ms(300),
        look_backs: vec![ms(300), ms(1500)],
        hub: ms(100),
        heartbeat: ms(200),
        session: ms(100),
        starts_per_minute: 1000,
        requests_per_address: 100_000,
        requests_per_person: 100_000,
        gateway: ms(50),
        hook: ms(500),
        hook_pauses: vec![ms(200)],
        ..Pace::default()
    }
}

/// Keys and certificates of the sandbox, made once for a test program: each key takes the better part of a second.
static KEYS: tokio::sync::OnceCell<Vec<(std::ffi::OsString, Vec<u8>)>> =
    tokio::sync::OnceCell::const_new();

async fn make_keys() -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let folder = tempfile::tempdir().expect("folder");
    let sandbox = start_sandbox(folder.path()).await;
    let address = format!(
        "http://{}/vnpt-ca/v1/credentials/get_certificate",
        sandbox.address
    );
    for account in [MAU, THU] {
        let body = json!({
            "sp_id": sandbox::CREDENTIALS.0, "sp_password": sandbox::CREDENTIALS.1,
            "user_id": account, "transaction_id": account, "serial_number": "",
        });
        let answer = reqwest::Client::new().post(&address).json(&body).send();
        assert_eq!(answer.await.expect("answer").status(), 200);
    }
    let files = std::fs::read_dir(folder.path()).expect("folder");
    files
        .map(|entry| entry.expect("entry"))
        .map(|entry| {
            let bytes = std::fs::read(entry.path()).expect("read");
            (entry.file_name(), bytes)
        })
        .collect()
}

async fn start_sandbox(folder: &std::path::Path) -> sandbox::Running {
    sandbox::start(sandbox::Settings {
        listen: "127.0.0.1:0".parse().expect("address"),
        data: folder.to_owned(),
        lifetime_seconds: 120,
        i_know_this_signs_with_test_keys: false,
    })
    .await
    .expect("sandbox")
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same at [`quick`] pace.
    pub async fn quick() -> Self {
        Self::with(|settings| settings.pace = Some(quick())).await
    }

    /// A stage whose portal has other settings.
    pub async fn with(adjust: impl Fn(&mut Settings) + Send + Sync + 'static) -> Self {
        Self::configured(adjust, |_| {}).await
    }

    /// The same, and what settings cannot say.
    pub async fn configured(
        adjust: impl Fn(&mut Settings) + Send + Sync + 'static,
        configure: impl Fn(&mut Config) + Send + Sync + 'static,
    ) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let data = tempfile::tempdir().expect("folder");
        let folder = data.path().join("sandbox");
        std::fs::create_dir_all(&folder).expect("folder");
        for (name, bytes) in KEYS.get_or_init(make_keys).await {
            std::fs::write(folder.join(name), bytes).expect("written");
        }
        let sandbox = start_sandbox(&folder).await;
        let site = data.path().join("site");
        std::fs::create_dir_all(&site).expect("folder");
        std::fs::write(
            site.join("index.html"),
            "<!doctype html><title>Trang</title>",
        )
        .expect("written");
        let mut stage = Self {
            sandbox,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            http: reqwest::Client::new(),
            data,
            adjust: Box::new(adjust),
            configure: Box::new(configure),
            provider_code: "vnpt-ca",
            running: Vec::new(),
        };
        stage.start().await;
        stage
    }

    /// A stage whose files lie in a bucket.
    pub async fn on(bucket: &s3::S3) -> Self {
        let place = bucket_place(bucket);
        Self::configured(|_| {}, move |config| config.files = place.clone()).await
    }

    async fn start(&mut self) {
        let (address, running) = self.instance().await;
        self.address = address;
        self.running = running;
    }

    /// From now on nothing happens by itself.
    pub async fn stop_poller(&mut self) {
        let poller = self.running.remove(0);
        poller.abort();
        let _ = poller.await;
    }

    /// Another instance on the same database; it ends with the first one.
    pub async fn second(&mut self) -> SocketAddr {
        let (address, running) = self.instance().await;
        self.running.extend(running);
        address
    }

    /// An instance that can die in the middle of everything: with its runtime all of its tasks are gone.
    pub async fn mortal(&self) -> (SocketAddr, tokio::runtime::Runtime) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("runtime");
        let config = self.config();
        let (tell, told) = tokio::sync::oneshot::channel();
        runtime.spawn(async move {
            let (address, running) = serve(config).await;
            let _ = tell.send(address);
            for task in running {
                let _ = task.await;
            }
        });
        (told.await.expect("it serves"), runtime)
    }

    async fn instance(&self) -> (SocketAddr, Vec<tokio::task::JoinHandle<()>>) {
        serve(self.config()).await
    }

    /// The settings an instance of this stage has.
    pub fn settings(&self) -> Config {
        self.config()
    }

    fn config(&self) -> Config {
        let folder = self.data.path();
        let mut settings = Settings {
            demo: true,
            data: Some(folder.join("server")),
            site: Some(folder.join("site")),
            sandbox_url: Some(format!("http://{}", self.sandbox.address)),
            sandbox_root: Some(folder.join("sandbox/root.pem")),
            ..Settings::default()
        };
        (self.adjust)(&mut settings);
        let mut config = settings.resolve().expect("configuration");
        (self.configure)(&mut config);
        config
    }

    /// The history of a transaction, through the store: only officers see it, once its file was submitted.
    pub async fn history(&self, id: Uuid) -> Vec<String> {
        history(&self.config().database_url, id).await
    }

    /// Asks or tells the sandbox's administration.
    pub async fn admin(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request.send().await.expect("answer");
        let status = answer.status();
        let text = answer.text().await.expect("text");
        assert!(status.is_success(), "{status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Makes something go wrong at the provider.
    pub async fn fault(&self, rule: Value) {
        let address = format!("http://{}/admin/faults", self.sandbox.address);
        self.admin(self.http.post(address).json(&rule)).await;
    }

    /// Nothing goes wrong any more.
    pub async fn no_faults(&self) {
        let address = format!("http://{}/admin/faults", self.sandbox.address);
        self.admin(self.http.delete(address)).await;
    }

    /// A phone that presses by itself from now on.
    pub async fn auto(&self, decision: &str, delay_ms: u64) {
        let address = format!("http://{}/admin/auto", self.sandbox.address);
        let body = json!({ "decision": decision, "delay_ms": delay_ms });
        self.admin(self.http.post(address).json(&body)).await;
    }

    /// What the provider knows of a transaction: one entry for each request that arrived.
    pub async fn at_provider(&self, id: Uuid) -> Vec<Value> {
        let address = format!("http://{}/admin/requests", self.sandbox.address);
        let all = self.admin(self.http.get(address)).await;
        let all = all.as_array().cloned().unwrap_or_default();
        all.into_iter()
            .filter(|request| request["transaction"] == json!(id))
            .collect()
    }

    /// As after `kill -9`: nothing is finished, everything begins again from the database.
    pub async fn restart(&mut self) {
        for task in self.running.drain(..) {
            task.abort();
            let _ = task.await;
        }
        self.start().await;
    }

    pub async fn sign_in(&self, user_name: &str) -> Person {
        let answer = self
            .http
            .post(format!("http://{}/api/session", self.address))
            .json(&json!({ "user_name": user_name, "password": "Demo@2026" }))
            .send()
            .await
            .expect("answer");
        assert_eq!(answer.status(), 200);
        let person = Person::stranger(self);
        person.keep_cookies(&answer);
        person
    }

    pub async fn provider(&self, change: Value) {
        let answer = self
            .http
            .post(format!("http://{}/admin/settings", self.sandbox.address))
            .json(&change)
            .send()
            .await
            .expect("answer");
        assert_eq!(answer.status(), 204);
    }

    /// The phone: what stands on it, and the answer to the first request.
    pub async fn phone(&self, account: &str, decision: &str) -> String {
        let page = format!(
            "http://{}/phone/{}",
            self.sandbox.address, self.provider_code
        );
        for _ in 0..100 {
            let shown = self
                .http
                .get(format!("{page}?account={account}"))
                .send()
                .await
                .expect("answer")
                .text()
                .await
                .expect("text");
            let code = shown
                .split("name=code value=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .map(str::to_owned);
            if let Some(code) = code {
                let form = format!("account={account}&code={code}&pin=123456&decision={decision}");
                self.http
                    .post(format!("{page}/decision"))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(form)
                    .send()
                    .await
                    .expect("answer");
                return shown;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no request reached the phone of {account}");
    }

    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// The bucket of a server as a setting.
pub fn bucket_place(bucket: &s3::S3) -> store::Place {
    let Ok(store::Place::S3(place)) = store::Place::parse(&format!("s3://{}/tinh", s3::BUCKET))
    else {
        panic!("a bucket");
    };
    store::Place::S3(store::S3Place {
        endpoint: Some(bucket.endpoint()),
        key_id: s3::KEY_ID.to_owned().into(),
        key: s3::KEY.to_owned().into(),
        ..place
    })
}

async fn serve(config: Config) -> (SocketAddr, Vec<tokio::task::JoinHandle<()>>) {
    let portal = Portal::open(config).await.expect("portal");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("socket");
    let address = listener.local_addr().expect("address");
    let service =
        server::router(portal.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let running = vec![
        portal.start_poller(),
        tokio::spawn(async move {
            axum::serve(listener, service).await.expect("serves");
        }),
    ];
    (address, running)
}

/// What the history in a database says of a transaction.
pub async fn history(url: &str, id: Uuid) -> Vec<String> {
    let database = store::Database::open(url).await.expect("database");
    let events = database.recorded_events(id).await.expect("history");
    events
        .iter()
        .map(|event| serde_json::to_value(event.what).expect("word"))
        .map(|word| word.as_str().expect("text").to_owned())
        .collect()
}

/// Somebody with a browser that keeps cookies.
pub struct Person {
    http: reqwest::Client,
    jar: Mutex<BTreeMap<String, String>>,
}

impl Person {
    /// Somebody who is not signed in.
    pub fn stranger(stage: &Stage) -> Self {
        Self {
            http: stage.http.clone(),
            jar: Mutex::default(),
        }
    }

    /// What the browser sends.
    pub fn cookie(&self) -> String {
        let jar = self.jar.lock().expect("jar");
        let pairs: Vec<String> = jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// As a browser keeps what it is told to.
    pub fn keep_cookies(&self, answer: &reqwest::Response) {
        let mut jar = self.jar.lock().expect("jar");
        for cookie in answer.headers().get_all("set-cookie") {
            let text = cookie.to_str().expect("text");
            let pair = text.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a pair");
            if value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let answer = request
            .header("cookie", self.cookie())
            .send()
            .await
            .expect("answer");
        self.keep_cookies(&answer);
        let status = answer.status().as_u16();
        let body = answer.bytes().await.expect("body");
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    pub async fn get(&self, address: String) -> (u16, Value) {
        self.send(self.http.get(address)).await
    }

    pub async fn post(&self, address: String, body: &Value) -> (u16, Value) {
        self.send(self.http.post(address).json(body)).await
    }

    pub async fn put(&self, address: String, body: &Value) -> (u16, Value) {
        self.send(self.http.put(address).json(body)).await
    }

    pub async fn delete(&self, address: String) -> (u16, Value) {
        self.send(self.http.delete(address)).await
    }

    pub async fn upload(&self, address: String, bytes: &[u8]) -> (u16, Value) {
        self.send(self.http.put(address).body(bytes.to_vec())).await
    }
}

/// A signature on its way: what the browser would keep.
pub struct Attempt {
    pub start: StartSigning,
    pub prepared: PreparedSignature,
    pub bytes: Vec<u8>,
    pub certificate: CertificateInfo,
}

/// Asks for certificates and prepares a document, as the worker does.
pub async fn prepare(stage: &Stage, person: &Person, account: &str, attachment: Uuid) -> Attempt {
    prepare_many(stage, person, account, &[attachment])
        .await
        .into()
}

/// The same with a document of one's own.
pub async fn prepare_of(
    stage: &Stage,
    person: &Person,
    account: &str,
    attachment: Uuid,
    document: &[u8],
) -> Attempt {
    let mut batch = prepare_many(stage, person, account, &[attachment]).await;
    let request = prepare_request(&batch.certificate, 0);
    let (prepared, bytes) = signature::prepare(document, &request, None).expect("prepared");
    batch.start.items[0].digest = prepared.digest;
    batch.start.items[0].document_sha256 = prepared.document_sha256;
    batch.files = vec![(prepared, bytes)];
    batch.into()
}

/// Many files for one PIN.
pub struct Batch {
    pub start: StartSigning,
    pub files: Vec<(PreparedSignature, Vec<u8>)>,
    pub certificate: CertificateInfo,
}

impl Batch {
    /// The transaction as it is sent.
    pub fn body(&self) -> Value {
        serde_json::to_value(&self.start).expect("json")
    }

    /// The signed file at a position, with the value of a view.
    pub fn signed(&self, position: usize, view: &SigningView) -> Option<Vec<u8>> {
        let value = view.items[position].signature.clone()?;
        let (prepared, bytes) = &self.files[position];
        let chain = &self.certificate.chain;
        let chain: Vec<&[u8]> = chain.iter().map(|der| der.0.as_slice()).collect();
        let der = &self.certificate.der.0;
        Some(signature::finish(bytes.clone(), prepared, der, &chain, &value.0).expect("finished"))
    }
}

impl From<Batch> for Attempt {
    fn from(mut batch: Batch) -> Self {
        let (prepared, bytes) = batch.files.remove(0);
        Self {
            start: batch.start,
            prepared,
            bytes,
            certificate: batch.certificate,
        }
    }
}

/// The profile and the certificates of an account.
pub async fn certificates(
    stage: &Stage,
    person: &Person,
    account: &str,
) -> (Uuid, Vec<CertificateInfo>) {
    let (status, profile) = person
        .post(
            stage.at("/api/profiles"),
            &json!({
                "name": "Chữ ký cá nhân", "phone": "0900000011", "keyword": "NGƯỜI LÀM ĐƠN",
                "accounts": [{ "citizen_id": account, "provider": stage.provider_code }],
            }),
        )
        .await;
    assert!(status < 300, "{profile}");
    let (status, found) = person
        .post(
            stage.at(&format!(
                "/api/providers/{}/certificates",
                stage.provider_code
            )),
            &json!({ "citizen_id": account }),
        )
        .await;
    assert_eq!(status, 200, "{found}");
    (
        serde_json::from_value(profile["id"].clone()).expect("an id"),
        serde_json::from_value(found).expect("certificates"),
    )
}

/// The same for many files.
pub async fn prepare_many(
    stage: &Stage,
    person: &Person,
    account: &str,
    attachments: &[Uuid],
) -> Batch {
    let (profile, list) = certificates(stage, person, account).await;
    let certificate = list.into_iter().next().expect("one");
    let mut files = Vec::new();
    let mut items = Vec::new();
    for (position, attachment) in attachments.iter().enumerate() {
        let request = prepare_request(&certificate, position);
        let (prepared, bytes) = signature::prepare(&pdf(), &request, None).expect("prepared");
        items.push(contract::signing::SigningItem {
            attachment: *attachment,
            file_name: "to-khai.pdf".parse().expect("name"),
            digest: prepared.digest,
            document_sha256: prepared.document_sha256,
        });
        files.push((prepared, bytes));
    }
    Batch {
        start: StartSigning {
            follows: None,
            id: Uuid::new_v4(),
            profile,
            provider: stage.provider_code.to_owned().try_into().expect("code"),
            citizen_id: account.parse().expect("number"),
            serial: certificate.serial.clone(),
            items,
        },
        files,
        certificate,
    }
}

fn prepare_request(certificate: &CertificateInfo, position: usize) -> PrepareRequest {
    // Another place in every file, so that no two have the same digest.
    let place = f64::from(u16::try_from(position).expect("few"));
    PrepareRequest {
        copies: Vec::new(),
        page: 0,
        rect: Rect {
            x: 50.0 + place,
            y: 50.0,
            width: 170.0,
            height: 60.0,
        },
        timestamped: false,
        appearance: Appearance {
            mode: AppearanceMode::TextOnly,
            signer: certificate.owner.clone(),
            signed_at: now(),
            shows_time: true,
            issuer: Some(certificate.issuer.clone()),
            masked_id: None,
            serial: None,
            reason: None,
            location: None,
        },
        certificate: certificate.der.clone(),
        chain: certificate.chain.clone(),
    }
}

/// Waits until a signing is in a state.
pub async fn until(stage: &Stage, person: &Person, id: Uuid, wanted: SigningState) -> SigningView {
    let mut last = None;
    for _ in 0..150 {
        let (status, view) = person.get(stage.at(&format!("/api/signings/{id}"))).await;
        assert_eq!(status, 200, "{view}");
        let view: SigningView = serde_json::from_value(view).expect("a view");
        if view.state == wanted {
            return view;
        }
        last = Some(view.state);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never {wanted:?}, but {last:?}");
}

/// Starts, confirms on the phone and embeds: the signed file.
pub async fn signed(stage: &Stage, person: &Person, account: &str, attempt: &Attempt) -> Vec<u8> {
    let body = serde_json::to_value(&attempt.start).expect("json");
    let (status, view) = person.post(stage.at("/api/signings"), &body).await;
    assert_eq!(status, 200, "{view}");
    stage.phone(account, "confirm").await;
    let view = until(stage, person, attempt.start.id, SigningState::Confirmed).await;
    embed(attempt, &view)
}

/// Puts the value of a confirmed signing into its document.
pub fn embed(attempt: &Attempt, view: &SigningView) -> Vec<u8> {
    let value = view.items[0].signature.clone().expect("a value");
    let chain: Vec<&[u8]> = attempt
        .certificate
        .chain
        .iter()
        .map(|der| der.0.as_slice())
        .collect();
    signature::finish(
        attempt.bytes.clone(),
        &attempt.prepared,
        &attempt.certificate.der.0,
        &chain,
        &value.0,
    )
    .expect("finished")
}
