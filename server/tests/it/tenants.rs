//! Two provinces in one process, over real HTTP: what is one's is nothing to the other.

use crate::after::Submitted;
use crate::support::{MAU, OFFICER, Person, Stage, quick};
use serde_json::{Value, json};
use server::Portal;
use server::config::{Config, Environment, Settings};
use server::operate::doctor::{State, examine};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use store::testing::Postgres;

const KEY: &str = "0123456789abcdef";

/// A stage whose address is a process with two tenants: `127.0.0.1` leads to a, `localhost` and `b.test` to b.
struct Two {
    stage: Stage,
    portals: Vec<Portal>,
    running: Vec<tokio::task::JoinHandle<()>>,
}

impl Drop for Two {
    fn drop(&mut self) {
        self.running.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// A file of the page's own.
fn public(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../public")
        .join(name)
}

/// Writes the settings of both; the main file.
fn settings(stage: &Stage, address: SocketAddr) -> PathBuf {
    let root = stage.data.path();
    let both = format!(
        "demo = true\nsandbox_url = 'http://{}'\nsandbox_root = '{}'\n",
        stage.sandbox.address,
        root.join("sandbox/root.pem").display()
    );
    let at = |name: &str| root.join(name).display().to_string();
    let main = format!(
        "listen = '{address}'\nsite = '{}'\n[pace]\ndrain = 0\n\
         [[tenant]]\nname = 'a'\nhosts = ['127.0.0.1']\nsettings = 'tenants/a.toml'\n\
         [[tenant]]\nname = 'b'\nhosts = ['localhost', 'b.test']\nsettings = 'tenants/b.toml'\n",
        at("site")
    );
    let a = format!(
        "{both}public_url = 'http://{address}'\ndata = '{}'\nunit = '000.00.00.H01'\n\
         [province]\nname = 'Cổng tỉnh A & <b>'\nname_en = 'Portal of A'\nshort_name = 'Tỉnh A'\nlogo = '{}'\n",
        at("a"),
        public("icon-192.png").display()
    );
    let b = format!(
        "{both}public_url = 'http://localhost:{}'\ndata = '{}'\nunit = '000.00.00.H02'\n\
         providers = '{}'\nroots = '{}'\nunits = '{}'\n",
        address.port(),
        at("b"),
        at("tenants/b-providers.toml"),
        at("tenants/b-roots"),
        at("tenants/b-units.toml"),
    );
    let units = include_str!("../../data/units.toml").replace("Tỉnh Thử Nghiệm", "Tỉnh B");
    let stranger = include_bytes!("data/stranger.der");
    for (name, bytes) in [
        ("main.toml", main.as_bytes()),
        ("tenants/a.toml", a.as_bytes()),
        ("tenants/b.toml", b.as_bytes()),
        ("tenants/b-units.toml", units.as_bytes()),
        (
            "tenants/b-providers.toml",
            b"[[provider]]\ncode='ca2'\nname='CA2'\napp_name='CA2'\n",
        ),
        ("tenants/b-roots/stranger.der", stranger),
        (
            "site/index.html",
            "<head>\n</head><small>Cổng dịch vụ công tỉnh Thử Nghiệm</small>".as_bytes(),
        ),
        (
            "site/index.en.html",
            "<head>\n</head><small>Public services of Thử Nghiệm province</small>".as_bytes(),
        ),
        ("site/sw.js", b"const CACHE = 1;"),
        ("site/icon.svg", b"<svg>built</svg>"),
    ] {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    }
    let manifest = root.join("site/manifest.webmanifest");
    std::fs::copy(public("manifest.webmanifest"), manifest).expect("copied");
    root.join("main.toml")
}

impl Two {
    /// Databases by variables of the environment, each behind its tenant's prefix.
    async fn with(databases: [Option<&str>; 2]) -> Self {
        let mut stage = Stage::new().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("socket");
        stage.address = listener.local_addr().expect("address");
        let settings = Settings {
            config: Some(settings(&stage, stage.address)),
            ..Settings::default()
        };
        let databases = databases.map(|url| url.map(str::to_owned));
        let environment = Environment::of(move |name| match name {
            "A_PORTAL_DATABASE_URL" => databases[0].clone(),
            "B_PORTAL_DATABASE_URL" => databases[1].clone(),
            "B_PORTAL_KEK" => Some(format!("k1:{}", KEY.repeat(4))),
            _ => None,
        });
        let configs: Vec<Config> = settings.resolve_in(&environment).expect("settings");
        let configs = configs.into_iter().map(|mut config| {
            config.pace = quick();
            config
        });
        let portals = Portal::open_all(configs.collect()).await.expect("portals");
        let mut running: Vec<_> = portals.iter().map(Portal::start_poller).collect();
        let service = server::service(&portals);
        running.push(tokio::spawn(async move {
            let service = service.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, service).await.expect("serves");
        }));
        Self {
            stage,
            portals,
            running,
        }
    }

    /// A request to this process for a host.
    fn of(&self, host: &str, path: &str) -> reqwest::RequestBuilder {
        self.stage
            .http
            .get(self.stage.at(path))
            .header("host", host)
    }

    async fn text(&self, host: &str, path: &str) -> (u16, String) {
        let answer = self.of(host, path).send().await.expect("answer");
        let status = answer.status().as_u16();
        (status, answer.text().await.expect("text"))
    }

    async fn json(&self, host: &str, path: &str) -> Value {
        let (status, text) = self.text(host, path).await;
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Somebody who signs in at b with the same name and password as at a.
    async fn at_b(&self, user_name: &str) -> Person {
        let address = format!("http://localhost:{}/api/session", self.stage.address.port());
        let body = json!({ "user_name": user_name, "password": "Demo@2026" });
        let sent = self.stage.http.post(address).json(&body).send();
        let answer = sent.await.expect("answer");
        assert_eq!(answer.status(), 200);
        let person = Person::stranger(&self.stage);
        person.keep_cookies(&answer);
        person
    }
}

/// A dossier of a, and what b knows of it and of who handed it in.
async fn keeps_apart(two: &Two) {
    let stage = &two.stage;
    let person = stage.sign_in(MAU).await;
    let dossier = Submitted::new(stage, &person).await;
    assert!(
        dossier.code.starts_with("000.00.00.H01-"),
        "{}",
        dossier.code
    );
    let (own, tracking) = (
        format!("/api/dossiers/{}", dossier.id),
        format!("/api/tracking/{}", dossier.code),
    );
    assert_eq!(person.get(stage.at(&own)).await.0, 200);
    assert_eq!(two.text("127.0.0.1", &tracking).await.0, 200);

    // The session is none at b, and the same person there has nothing of it.
    for path in ["/api/notices/unread", own.as_str()] {
        assert_eq!(person.send(two.of("b.test", path)).await.0, 401, "{path}");
    }
    let there = two.at_b(MAU).await;
    assert_eq!(
        there
            .send(two.of("B.Test:81", "/api/notices/unread"))
            .await
            .0,
        200
    );
    assert_eq!(there.get(stage.at("/api/notices/unread")).await.0, 401);
    assert_eq!(there.send(two.of("b.test", &own)).await.0, 404);
    let (status, list) = there.send(two.of("b.test", "/api/dossiers")).await;
    assert_eq!(status, 200);
    assert!(!list.to_string().contains(&dossier.code), "{list}");
    assert_eq!(two.text("b.test", &tracking).await.0, 404);
    let inbox = |host: &str| {
        let inbox = stage.http.post(stage.at("/api/officer/inbox"));
        inbox.header("host", host).json(&json!({ "filter": {} }))
    };
    let (here, there) = (stage.sign_in(OFFICER).await, two.at_b(OFFICER).await);
    let lines = |(status, page): (u16, Value)| {
        assert_eq!(status, 200, "{page}");
        page["lines"].as_array().map(Vec::len)
    };
    assert_eq!(lines(here.send(inbox("127.0.0.1")).await), Some(1));
    assert_eq!(lines(there.send(inbox("b.test")).await), Some(0));

    // What b keeps is sealed with its own key, what a keeps is not; neither sees the other's files.
    let (a, b) = (&two.portals[0], &two.portals[1]);
    assert!(a.vault.is_none() && b.vault.is_some());
    let files = |portal: &Portal| portal.config.files.to_string();
    assert_ne!(files(a), files(b));

    // A password that is changed at a stays as it was at b.
    let change = json!({ "current": "Demo@2026", "wanted": "mot cau dai chi minh toi biet 42" });
    let (status, answer) = person.put(stage.at("/api/account/password"), &change).await;
    assert!(status < 300, "{status} {answer}");
    two.at_b(MAU).await;
}

#[tokio::test]
async fn what_is_one_provinces_is_nothing_to_the_other() {
    keeps_apart(&Two::with([None, None]).await).await;
}

#[tokio::test]
async fn nor_is_it_on_postgresql() {
    let (Some(a), Some(b)) = (Postgres::fresh().await, Postgres::fresh().await) else {
        return;
    };
    let two = Two::with([Some(&a.url), Some(&b.url)]).await;
    for (portal, fresh) in two.portals.iter().zip([&a, &b]) {
        assert_eq!(portal.config.database_url, fresh.url);
    }
    keeps_apart(&two).await;
    drop(two);
    a.drop().await;
    b.drop().await;
}

#[tokio::test]
async fn each_host_shows_its_own_province_and_no_other_host_any() {
    let two = Two::with([None, None]).await;
    let (status, page) = two.text("127.0.0.1", "/").await;
    assert_eq!(status, 200);
    let name = "Cổng tỉnh A &amp; &lt;b&gt;";
    assert!(page.contains(&format!("<small>{name}</small>")), "{page}");
    let meta = format!("<meta name=\"portal-name\" content=\"{name}\" data-en=\"Portal of A\">");
    assert!(page.contains(&meta), "{page}");
    let english = two
        .of("127.0.0.1", "/ho-tro")
        .header("cookie", "language=en");
    let english = english
        .send()
        .await
        .expect("answer")
        .text()
        .await
        .expect("text");
    assert!(english.contains("<small>Portal of A</small>") && english.contains(&meta));
    // What a service worker keeps says the same; and is another where the name or the logo is.
    assert_eq!(two.text("127.0.0.1", "/index.html").await.1, page);
    let (_, worker) = two.text("127.0.0.1", "/sw.js").await;
    assert!(worker.starts_with("// ") && worker.ends_with("\nconst CACHE = 1;"));
    let app = two.json("127.0.0.1", "/manifest.webmanifest").await;
    assert_eq!(
        (&app["name"], &app["short_name"]),
        (&json!("Cổng tỉnh A & <b>"), &json!("Tỉnh A"))
    );
    assert_eq!(app["icons"][1]["sizes"], "192x192");
    let icon = two
        .of("127.0.0.1", "/icon.svg")
        .send()
        .await
        .expect("answer");
    for (name, value) in [
        ("content-type", "image/svg+xml"),
        ("cache-control", "no-cache"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(icon.headers()[name], value);
    }
    let tag = icon.headers()["etag"].clone();
    assert!(
        icon.text()
            .await
            .expect("text")
            .contains("data:image/png;base64,")
    );
    let again = two
        .of("127.0.0.1", "/icon.svg")
        .header("if-none-match", tag);
    assert_eq!(again.send().await.expect("answer").status(), 304);
    let pixels = two
        .of("127.0.0.1", "/icon-512.png")
        .send()
        .await
        .expect("answer");
    let built = std::fs::read(public("icon-192.png")).expect("read");
    assert_eq!(pixels.bytes().await.expect("bytes"), built);

    let (_, page) = two.text("localhost:80", "/").await;
    assert!(page.contains("tỉnh Thử Nghiệm</small>") && !page.contains("portal-name"));
    assert_eq!(two.text("b.test", "/icon.svg").await.1, "<svg>built</svg>");
    assert_eq!(two.text("b.test", "/sw.js").await.1, "const CACHE = 1;");

    let count = |list: &Value| list.as_array().map(Vec::len);
    let (a, b) = ("127.0.0.1", "b.test");
    let providers = "/api/providers";
    assert_eq!(count(&two.json(a, providers).await), Some(7));
    let told = two.json(b, providers).await;
    assert_eq!((count(&told), &told[0]["code"]), (Some(1), &json!("ca2")));
    let trust = "/api/trust";
    assert_eq!(count(&two.json(a, trust).await["roots"]), Some(1));
    assert_eq!(count(&two.json(b, trust).await["roots"]), Some(2));
    let (of_a, of_b) = (
        two.text(a, "/api/units").await.1,
        two.text(b, "/api/units").await.1,
    );
    assert!(of_a.contains("Tỉnh Thử Nghiệm") && !of_a.contains("Tỉnh B\""));
    assert!(of_b.contains("Tỉnh B\"") && !of_b.contains("Tỉnh Thử Nghiệm"));

    for (host, path) in [
        ("c.test", "/"),
        ("c.test", "/api/trust"),
        ("", "/"),
        ("b.test.", "/x"),
    ] {
        let answer = two.of(host, path).send().await.expect("answer");
        if host == "b.test." {
            assert_eq!(answer.status(), 200, "the same name, written out");
            continue;
        }
        assert_eq!(answer.status(), 421, "{host}{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        assert_eq!(answer.headers()["content-language"], "vi");
        let problem: Value = answer.json().await.expect("a problem");
        assert_eq!(problem["status"], 421);
        let told = problem.to_string();
        assert!(told.contains("Vui lòng kiểm tra lại tên miền"), "{told}");
        assert!(!told.contains("b.test"), "{told}");
    }
}

#[tokio::test]
async fn operators_see_whose_numbers_they_are_and_which_is_not_ready() {
    let two = Two::with([None, None]).await;
    two.stage.sign_in(MAU).await;
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let serving = server::operate::serve(two.portals.clone(), any).await;
    let (numbers, task) = serving.expect("listens");
    let ask = async |path: &str| {
        let asked = two.stage.http.get(format!("http://{numbers}{path}")).send();
        let answer = asked.await.expect("answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let (status, all) = ask("/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "\nportal_sessions{tenant=\"a\"} 1\nportal_sessions{tenant=\"b\"} 0\n",
        "\nportal_requests_total{tenant=\"a\",method=\"POST\",route=\"/api/session\",status=\"200\"} 1\n",
        "\nportal_event_streams{tenant=\"b\"} 0\n",
    ] {
        assert!(all.contains(line), "{line} in\n{all}");
    }
    for once in [
        "# TYPE portal_requests counter",
        "# TYPE portal_sessions gauge",
        "\nprocess_resident_memory_bytes ",
        "# EOF",
    ] {
        assert_eq!(all.matches(once).count(), 1, "{once} in\n{all}");
    }
    assert!(all.ends_with("# EOF\n"));
    assert_eq!(ask("/ready").await, (200, "ready".to_owned()));
    two.portals[1].draining.begin();
    assert_eq!(ask("/ready").await, (503, "b: ending".to_owned()));
    assert_eq!(two.text("127.0.0.1", "/api/health/ready").await.0, 200);
    assert_eq!(two.text("b.test", "/api/health/ready").await.0, 503);
    task.abort();
}

#[tokio::test]
async fn the_doctor_looks_at_each_and_the_command_line_tells_everything_that_is_wrong() {
    let stage = Stage::new().await;
    let main = settings(&stage, stage.address);
    let found = examine(Settings {
        config: Some(main.clone()),
        ..Settings::default()
    })
    .await;
    for tenant in ["a", "b"] {
        let of = |part: &str| {
            let mut found = found.iter();
            found.find(|one| one.tenant.as_deref() == Some(tenant) && one.part == part)
        };
        for part in ["settings", "site", "files"] {
            assert!(
                of(part).is_some_and(|one| one.state == State::Good),
                "{tenant} {part}: {found:?}"
            );
        }
    }
    let root = stage.data.path();
    let logo = root.join("logo.svg");
    std::fs::write(
        &logo,
        "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    )
    .expect("written");
    let b = format!(
        "demo = true\nsandbox_root = 'nowhere.pem'\ndata = '{}'\n[province]\nlogo = '{}'\n",
        root.join("a").display(),
        logo.display()
    );
    std::fs::write(root.join("tenants/b.toml"), b).expect("written");
    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_server"));
    serve.env_clear().args(["serve", "--config"]).arg(&main);
    let refused = serve.output().expect("runs");
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    for words in [
        "configuration: b: province.logo: ",
        "has <script>, which is not taken",
        "configuration: b: sandbox root: ",
        "configuration: b: data folder ",
        "configuration: b: the place of files ",
    ] {
        assert!(told.contains(words), "{words} in\n{told}");
    }
    assert!(!told.contains("configuration: a: "), "{told}");

    // Commands about stored data want to know whose.
    let keys = |tenant: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_server"));
        command.env_clear().args(["keys", "--config"]).arg(&main);
        let done = command.args(tenant).arg("show").output().expect("runs");
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        (done.status.code(), told)
    };
    for tenant in [&[] as &[&str], &["--tenant", "c"]] {
        let (status, told) = keys(tenant);
        assert_eq!(status, Some(1), "{told}");
        assert!(told.contains("name one by --tenant (a, b)"), "{told}");
    }
    let (status, told) = keys(&["--tenant", "a"]);
    assert_eq!(status, Some(0), "{told}");
}
