//! Signing in at identity providers over real HTTP: against a small issuer that can be made to say anything, and against a real OpenID
//! Connect server (npm `oidc-provider`).

mod issuer;
mod real;

use crate::support::{MAU, Stage};
use issuer::Issuer;
use reqwest::{Response, Url};
use serde_json::{Value, json};
use server::config::Settings;
use server::operate::doctor::{State, examine};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use store::{Database, OidcSession};

/// The portal's public address in these tests; nobody listens there.
const PUBLIC: &str = "http://portal.test";
const NUMBER: &str = "062199000044";

/// A browser: cookies by server, and no redirect that a test does not see.
struct Browser {
    http: reqwest::Client,
    jar: BTreeMap<(String, String), String>,
    portal: String,
}

impl Browser {
    fn new(stage: &Stage) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self {
            http,
            jar: BTreeMap::new(),
            portal: format!("http://{}", stage.address),
        }
    }

    /// Addresses of the portal lead to where it listens.
    fn url(&self, address: &str) -> Url {
        let address = match address.strip_prefix(PUBLIC) {
            Some(path) => format!("{}{path}", self.portal),
            None if address.starts_with('/') => format!("{}{address}", self.portal),
            None => address.to_owned(),
        };
        address.parse().expect("an address")
    }

    async fn send(&mut self, request: reqwest::RequestBuilder, url: &Url) -> Response {
        let server = url.authority().to_owned();
        let cookies: Vec<String> = self
            .jar
            .iter()
            .filter(|((of, _), _)| *of == server)
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        let answer = request
            .header("cookie", cookies.join("; "))
            .send()
            .await
            .expect("an answer");
        for cookie in answer.headers().get_all("set-cookie") {
            let text = cookie.to_str().expect("text");
            let (name, rest) = text.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            let key = (server.clone(), name.to_owned());
            if value.is_empty() {
                self.jar.remove(&key);
            } else {
                self.jar.insert(key, value.to_owned());
            }
        }
        answer
    }

    async fn get(&mut self, address: &str) -> Response {
        let url = self.url(address);
        self.send(self.http.get(url.clone()), &url).await
    }

    async fn post(&mut self, address: &str, body: String) -> Response {
        let url = self.url(address);
        let request = self
            .http
            .post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.send(request, &url).await
    }

    /// Who is signed in at the portal; null for nobody.
    async fn account(&mut self) -> Value {
        let answer = self.get("/api/session").await;
        answer.json::<Value>().await.expect("JSON")["account"].clone()
    }

    async fn sign_out(&mut self) -> Response {
        let url = self.url("/api/session");
        self.send(self.http.delete(url.clone()), &url).await
    }

    /// The provider's session behind the portal's, as the database has it.
    async fn there(&self, stage: &Stage) -> Option<OidcSession> {
        let key = (stage.address.to_string(), "session".to_owned());
        let token = self.jar.get(&key)?;
        let database = Database::open(&stage.settings().database_url)
            .await
            .expect("the database");
        let session = hex::encode(Sha256::digest(token));
        database.oidc_session(&session).await.expect("read")
    }
}

fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), 303, "{:?}", answer.url());
    let location = answer.headers()["location"].to_str().expect("text");
    location.to_owned()
}

fn query(address: &str, name: &str) -> String {
    let base = Url::parse(PUBLIC).expect("an address");
    let url = base.join(address).expect("an address");
    let found = url.query_pairs().find(|(key, _)| key == name);
    found
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn oidc(settings: &mut Settings, entries: &str) {
    let read: Settings = toml::from_str(entries).expect("settings");
    settings.oidc = read.oidc;
    settings.public_url = Some(PUBLIC.into());
}

async fn stage(issuer: &Issuer, more: &str) -> Stage {
    let entry = format!(
        "[[oidc]]\ncode='vneid'\nname='Định danh điện tử (VNeID)'\nissuer='{}'\nclient_id='portal'\n\
         client_secret='a secret: of two parts'\n{more}",
        issuer.address
    );
    Stage::with(move |settings| oidc(settings, &entry)).await
}

/// Goes to the provider and back, as far as the portal's answer.
async fn walk(browser: &mut Browser, issuer: &Issuer, next: &str) -> String {
    let begun = browser.get(&format!("/api/oidc/vneid/start{next}")).await;
    let there = location(&begun);
    issuer.asked(&there);
    let state = query(&there, "state");
    let back = format!(
        "/api/oidc/vneid/callback?code=good&state={state}&iss={}",
        issuer.address
    );
    location(&browser.get(&back).await)
}

#[tokio::test]
async fn somebody_new_gets_an_account_and_somebody_known_their_own() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer, "acr=['LoA2']\n").await;
    let list = stage
        .http
        .get(stage.at("/api/oidc"))
        .send()
        .await
        .expect("answer");
    let list: Value = list.json().await.expect("JSON");
    assert_eq!(
        list,
        json!([{ "code": "vneid", "name": "Định danh điện tử (VNeID)" }])
    );

    let mut browser = Browser::new(&stage);
    let begun = browser
        .get("/api/oidc/vneid/start?next=%2Fthu-tuc%3Ftu%3Da%2520b")
        .await;
    let cookie = begun.headers()["set-cookie"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Max-Age=600"),
        "{cookie}"
    );
    let there = location(&begun);
    assert!(
        there.starts_with(&format!("{}/authorize?tenant=1&", issuer.address)),
        "{there}"
    );
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "portal"),
        ("redirect_uri", "http://portal.test/api/oidc/vneid/callback"),
        ("scope", "openid profile"),
        ("code_challenge_method", "S256"),
        ("acr_values", "LoA2"),
    ] {
        assert_eq!(query(&there, name), value, "{name}");
    }
    issuer.asked(&there);
    let state = query(&there, "state");
    let back = format!(
        "/api/oidc/vneid/callback?code=good&state={state}&iss={}",
        issuer.address
    );
    assert_eq!(location(&browser.get(&back).await), "/thu-tuc?tu=a%20b");
    assert_eq!(
        issuer.authorization(),
        "Basic cG9ydGFsOmErc2VjcmV0JTNBK29mK3R3bytwYXJ0cw=="
    );
    let account = browser.account().await;
    assert_eq!(account["name"], "Đỗ Thị Giả Định");
    assert_eq!(account["person"]["citizen_id"], NUMBER);
    assert_eq!(account["person"]["born_on"], "1999-01-31");
    assert_eq!(account["role"], "citizen");

    // The same answer a second time is nobody's.
    let again = location(&browser.get(&back).await);
    assert_eq!(again, "/dang-nhap?loi=het-han");

    // Nobody has a password for it.
    for password in ["", "Demo@2026"] {
        let asked = json!({ "user_name": NUMBER, "password": password });
        let answer = stage
            .http
            .post(stage.at("/api/session"))
            .json(&asked)
            .send();
        assert_eq!(answer.await.expect("answer").status(), 401);
    }

    // The number of a person is not for them to change.
    let mut person = account["person"].clone();
    person["citizen_id"] = json!(MAU);
    let url = browser.url("/api/account");
    let request = browser.http.put(url.clone()).json(&person);
    let saved: Value = browser
        .send(request, &url)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(saved["person"]["citizen_id"], NUMBER);

    // Who has an account of that number keeps it; an officer goes to their own first screen.
    issuer.says(json!({ "sub": "mau", "SoDinhDanh": MAU, "HoVaTen": "Một tên khác" }));
    let mut other = Browser::new(&stage);
    assert_eq!(walk(&mut other, &issuer, "").await, "/");
    assert_eq!(other.account().await["name"], "Nguyễn Văn Mẫu");
}

#[tokio::test]
async fn an_officer_comes_by_user_name_only_where_that_is_mapped_and_believed() {
    let issuer = Issuer::start().await;
    issuer.says(json!({ "sub": "officer", "login": "canbo.kiem", "SoDinhDanh": null, "HoVaTen": "Phạm Thị Kiểm" }));
    let mapped = stage(&issuer, "claims={user_name='login'}\n").await;
    let mut browser = Browser::new(&mapped);
    assert_eq!(walk(&mut browser, &issuer, "").await, "/can-bo");
    assert_eq!(browser.account().await["role"], "officer");

    let plain = stage(&issuer, "").await;
    let mut browser = Browser::new(&plain);
    assert_eq!(
        walk(&mut browser, &issuer, "").await,
        "/dang-nhap?loi=thieu-thong-tin"
    );

    let doubted = stage(&issuer, "trusted=false\nclaims={user_name='login'}\n").await;
    issuer
        .says(json!({ "sub": "x", "login": "canbo.kiem", "SoDinhDanh": MAU, "HoVaTen": "Ai Đó" }));
    let mut browser = Browser::new(&doubted);
    assert_eq!(walk(&mut browser, &issuer, "").await, "/");
    let account = browser.account().await;
    assert_eq!(account["name"], "Ai Đó", "an account of their own");
    assert_eq!(account["person"]["citizen_id"], Value::Null);
}

#[tokio::test]
async fn somebody_who_is_signed_in_proves_anew_who_they_are_there() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer, "").await;
    let mut browser = Browser::new(&stage);
    assert_eq!(
        walk(&mut browser, &issuer, "?next=/chu-ky").await,
        "/chu-ky"
    );
    let first = browser.get("/api/session").await.json::<Value>().await;
    let first = first.expect("JSON");
    assert_eq!(
        (&first["method"], &first["provider"]),
        (&json!("open-id"), &json!("vneid"))
    );
    // An ordinary sign-in leaves it to the provider; this one does not.
    let there = location(&browser.get("/api/oidc/vneid/start").await);
    assert!(
        !there.contains("prompt=") && !there.contains("max_age="),
        "{there}"
    );
    let fresh = "?next=/chu-ky&fresh=1";
    let there = location(&browser.get(&format!("/api/oidc/vneid/start{fresh}")).await);
    assert_eq!(
        (query(&there, "prompt"), query(&there, "max_age")),
        ("login".into(), "0".into())
    );
    assert_eq!(walk(&mut browser, &issuer, fresh).await, "/chu-ky");
    let list = browser.get("/api/sessions").await.json::<Value>().await;
    let list = list.expect("JSON");
    assert_eq!(
        list.as_array().map(Vec::len),
        Some(1),
        "it took the other's place: {list}"
    );
    assert!(
        browser.there(&stage).await.is_some(),
        "and is still the provider's"
    );
}

#[tokio::test]
async fn an_answer_that_is_not_for_this_browser_or_not_from_this_provider_signs_nobody_in() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer, "").await;
    let mut browser = Browser::new(&stage);
    let begun = location(&browser.get("/api/oidc/vneid/start?next=/ho-tro").await);
    issuer.asked(&begun);
    let state = query(&begun, "state");
    let back = |state: &str, more: &str| format!("/api/oidc/vneid/callback?state={state}{more}");
    let good = format!("&code=good&iss={}", issuer.address);

    let mut other = Browser::new(&stage);
    let stolen = location(&other.get(&back(&state, &good)).await);
    assert_eq!(stolen, "/dang-nhap?loi=het-han", "no cookie");
    location(&other.get("/api/oidc/vneid/start").await);
    let stolen = location(&other.get(&back(&state, &good)).await);
    assert_eq!(stolen, "/dang-nhap?loi=het-han", "another browser's cookie");
    for wrong in ["", "guessed"] {
        let answer = location(&browser.get(&back(wrong, &good)).await);
        assert_eq!(answer, "/dang-nhap?loi=het-han");
    }
    let nothing = location(&browser.get("/api/oidc/vneid/callback").await);
    assert_eq!(nothing, "/dang-nhap?loi=het-han");
    // None of it used the sign-in up; an answer of another issuer does.
    let mixed = back(&state, "&code=good&iss=https://evil.test");
    let mixed = location(&browser.get(&mixed).await);
    assert_eq!(mixed, "/dang-nhap?loi=khong-hop-le&tiep=/ho-tro");
    assert_eq!(browser.account().await, Value::Null);

    // What the provider says when there is no code.
    for (error, word) in [
        ("access_denied", "huy"),
        ("unmet_authentication_requirements", "muc-xac-thuc"),
        ("temporarily_unavailable", "khong-ket-noi"),
        ("<script>", "khong-hop-le"),
    ] {
        let begun = location(&browser.get("/api/oidc/vneid/start").await);
        let more = format!("&error={error}&error_description=x&iss={}", issuer.address);
        let told = location(&browser.get(&back(&query(&begun, "state"), &more)).await);
        assert_eq!(told, format!("/dang-nhap?loi={word}"));
    }
    // It says that it names itself: without its name the answer is anybody's.
    let begun = location(&browser.get("/api/oidc/vneid/start").await);
    let unnamed = back(&query(&begun, "state"), "&code=good");
    assert_eq!(
        location(&browser.get(&unnamed).await),
        "/dang-nhap?loi=khong-hop-le"
    );

    for next in [
        "https://evil.test",
        "//evil.test",
        "/%5Cevil.test",
        "/api/session",
        "/%0A/evil.test",
    ] {
        assert_eq!(
            walk(&mut browser, &issuer, &format!("?next={next}")).await,
            "/",
            "{next}"
        );
    }
    let unknown = stage.http.get(stage.at("/api/oidc/nobody/start")).send();
    assert_eq!(unknown.await.expect("answer").status(), 404);
}

#[tokio::test]
async fn tokens_that_are_not_what_was_asked_for_sign_nobody_in() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer, "acr=['LoA2']\n").await;
    let mut browser = Browser::new(&stage);
    for (token, word) in [
        (json!({ "nonce": "another" }), "khong-hop-le"),
        (json!({ "nonce": null }), "khong-hop-le"),
        (json!({ "aud": "another" }), "khong-hop-le"),
        (json!({ "iss": "https://evil.test" }), "khong-hop-le"),
        (json!({ "exp": 1 }), "khong-hop-le"),
        (json!({ "sub": "somebody else" }), "khong-hop-le"),
        (json!({ "acr": "LoA1" }), "muc-xac-thuc"),
    ] {
        issuer.token(token.clone());
        let told = walk(&mut browser, &issuer, "").await;
        assert_eq!(told, format!("/dang-nhap?loi={word}"), "{token}");
    }
    issuer.token(json!({}));
    issuer.algorithm("none");
    assert_eq!(
        walk(&mut browser, &issuer, "").await,
        "/dang-nhap?loi=khong-hop-le"
    );
    issuer.algorithm("ES256");
    // Another verifier than the one that was announced: the issuer refuses, as RFC 7636 has it.
    let begun = location(&browser.get("/api/oidc/vneid/start").await);
    let back = format!(
        "/api/oidc/vneid/callback?code=good&state={}&iss={}",
        query(&begun, "state"),
        issuer.address
    );
    assert_eq!(
        location(&browser.get(&back).await),
        "/dang-nhap?loi=khong-hop-le"
    );
    assert_eq!(browser.account().await, Value::Null);

    // New keys are fetched when a token names them, and then not again so soon.
    assert_eq!(walk(&mut browser, &issuer, "").await, "/");
    let before = issuer.key_fetches();
    issuer.rotate();
    assert_eq!(walk(&mut browser, &issuer, "").await, "/");
    assert_eq!(issuer.key_fetches(), before + 1);
    issuer.rotate();
    assert_eq!(
        walk(&mut browser, &issuer, "").await,
        "/dang-nhap?loi=khong-hop-le"
    );
    assert_eq!(issuer.key_fetches(), before + 1);
}

#[tokio::test]
async fn the_doctor_says_which_provider_is_reached() {
    let (issuer, port) = (Issuer::start().await, real::free_port());
    let entries = format!(
        "[[oidc]]\ncode='good'\nname='A'\nissuer='{}'\nclient_id='p'\n\
         [[oidc]]\ncode='down'\nname='B'\nissuer='http://127.0.0.1:{port}'\nclient_id='p'\n",
        issuer.address
    );
    let stage = Stage::new().await;
    let folder = stage.data.path();
    let mut settings = Settings {
        demo: true,
        data: Some(folder.join("server")),
        site: Some(folder.join("site")),
        sandbox_url: Some(format!("http://{}", stage.sandbox.address)),
        sandbox_root: Some(folder.join("sandbox/root.pem")),
        ..Settings::default()
    };
    oidc(&mut settings, &entries);
    let found = examine(settings).await;
    let state = |part: &str| {
        let named = found.iter().find(|finding| finding.part == part);
        named.map(|finding| finding.state)
    };
    assert_eq!(state("identity provider good"), Some(State::Good));
    assert_eq!(state("identity provider down"), Some(State::Bad));
}

#[tokio::test]
async fn a_provider_that_is_down_keeps_nothing_but_its_own_button_from_working() {
    let port = real::free_port();
    let entry = format!(
        "[[oidc]]\ncode='vneid'\nname='V'\nissuer='http://127.0.0.1:{port}'\nclient_id='portal'\n"
    );
    let stage = Stage::with(move |settings| oidc(settings, &entry)).await;
    let mut browser = Browser::new(&stage);
    let told = location(&browser.get("/api/oidc/vneid/start?next=/ho-tro?a=b").await);
    assert_eq!(told, "/dang-nhap?loi=khong-ket-noi&tiep=/ho-tro%3Fa%3Db");
    stage.sign_in(MAU).await;
}

#[tokio::test]
async fn what_ends_at_the_provider_ends_here_whichever_way_it_is_told() {
    let issuer = Issuer::start().await;
    let stage = stage(&issuer, "").await;
    let mut browser = Browser::new(&stage);
    let logout = |token: String| format!("logout_token={token}");

    assert_eq!(walk(&mut browser, &issuer, "").await, "/");
    let other = issuer.logout(json!({ "sid": "another" }));
    assert_eq!(
        browser
            .post("/api/oidc/vneid/logout", logout(other))
            .await
            .status(),
        200
    );
    assert_ne!(
        browser.account().await,
        Value::Null,
        "another session's end"
    );
    for wrong in [
        json!({ "aud": "another" }),
        json!({ "nonce": "x" }),
        json!({ "events": {} }),
    ] {
        let token = issuer.logout(wrong);
        let answer = browser.post("/api/oidc/vneid/logout", logout(token)).await;
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.headers()["cache-control"], "no-store");
    }
    for body in ["", "logout_token=", "logout_token=a.b.c", "x=y"] {
        let answer = browser.post("/api/oidc/vneid/logout", body.into()).await;
        assert_eq!(answer.status(), 400, "{body}");
    }
    assert_ne!(browser.account().await, Value::Null);
    let token = issuer.logout(json!({}));
    let answer = browser
        .post("/api/oidc/vneid/logout", logout(token.clone()))
        .await;
    assert_eq!(answer.status(), 200);
    assert_eq!(browser.account().await, Value::Null);
    let again = browser.post("/api/oidc/vneid/logout", logout(token)).await;
    assert_eq!(again.status(), 400, "heard before");

    // In a frame of the provider's page.
    assert_eq!(walk(&mut browser, &issuer, "").await, "/");
    for wrong in ["", "?sid=s-1", "?iss=https://evil.test&sid=s-1"] {
        let answer = browser
            .get(&format!("/api/oidc/vneid/front-logout{wrong}"))
            .await;
        assert_eq!(answer.status(), 422, "{wrong}");
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .expect("text");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    }
    assert_ne!(browser.account().await, Value::Null);
    let framed = browser
        .get(&format!(
            "/api/oidc/vneid/front-logout?iss={}&sid=s-1",
            issuer.address
        ))
        .await;
    assert_eq!(framed.status(), 200);
    let policy = framed.headers()["content-security-policy"]
        .to_str()
        .expect("text");
    assert!(
        policy.ends_with(&format!("frame-ancestors {}", issuer.address)),
        "{policy}"
    );
    assert_eq!(browser.account().await, Value::Null);

    // A token in which something personal stands goes into no address.
    issuer.token(json!({ "HoVaTen": "Đỗ Thị Giả Định" }));
    assert_eq!(walk(&mut browser, &issuer, "").await, "/");
    assert_eq!(browser.there(&stage).await.expect("noted").id_token, None);
    let out = browser.sign_out().await;
    assert_eq!(out.status(), 200);
    let there = out.json::<Value>().await.expect("JSON")["continue_at"].clone();
    let there = there.as_str().expect("an address");
    assert!(
        there.starts_with(&format!("{}/end?", issuer.address)),
        "{there}"
    );
    assert_eq!(query(there, "logout_hint"), "s-1");
    assert_eq!(
        query(there, "post_logout_redirect_uri"),
        "http://portal.test/"
    );
    assert_eq!(query(there, "id_token_hint"), "");
    // A local session has nowhere to go.
    let local = stage.sign_in(MAU).await;
    let request = stage
        .http
        .delete(stage.at("/api/session"))
        .header("cookie", local.cookie());
    assert_eq!(request.send().await.expect("answer").status(), 204);
}
