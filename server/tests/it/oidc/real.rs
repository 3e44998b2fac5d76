//! The same against a real OpenID Connect server: `end2end/support/oidc.mjs`.

use super::{Browser, NUMBER, PUBLIC, location, oidc, query};
use crate::support::Stage;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::{Child, Command};

/// A port that nobody has right now.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end")
}

/// Starts it; it ends with what this gives. None, and it says so, where Node.js or the package is missing.
async fn start(port: u16, back: &str) -> Option<Child> {
    let folder = folder();
    if !folder.join("node_modules/oidc-provider").exists() {
        eprintln!("skipped: `npm ci` in end2end brings the provider");
        return None;
    }
    let started = Command::new("node")
        .arg(folder.join("support/oidc.mjs"))
        .env("OIDC_PORT", port.to_string())
        .env("PORTAL_URL", PUBLIC)
        .env("PORTAL_BACK", back)
        .env("OIDC_SECRET", "only: for tests")
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let Ok(mut child) = started else {
        eprintln!("skipped: there is no Node.js");
        return None;
    };
    let address = format!("http://localhost:{port}/.well-known/openid-configuration");
    for _ in 0..300 {
        if reqwest::get(&address)
            .await
            .is_ok_and(|answer| answer.status() == 200)
        {
            return Some(child);
        }
        assert!(
            child.try_wait().expect("asked").is_none(),
            "the provider ended"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the provider does not answer");
}

struct Provider {
    address: String,
}

impl Provider {
    /// Presses a button of the provider's page and follows it to the next page, or to the portal.
    async fn press(&self, browser: &mut Browser, page: &str, button: &str) -> String {
        let answer = browser.post(page, button.to_owned()).await;
        self.follow(browser, location(&answer)).await
    }

    /// Follows redirects within the provider.
    async fn follow(&self, browser: &mut Browser, mut address: String) -> String {
        loop {
            if address.starts_with('/') {
                address = format!("{}{address}", self.address);
            }
            if !address.starts_with(&self.address) || address.contains("/interaction/") {
                return address;
            }
            address = location(&browser.get(&address).await);
        }
    }

    /// From the portal's button to the page that asks who it is.
    async fn begin(&self, browser: &mut Browser, next: &str) -> String {
        let begun = location(&browser.get(&format!("/api/oidc/vneid/start{next}")).await);
        self.follow(browser, begun).await
    }

    /// Ends the session on the page that asks whether to.
    async fn confirm(&self, browser: &mut Browser, address: &str) -> String {
        let page = browser.get(address).await.text().await.expect("text");
        let secret = page
            .split("name=\"xsrf\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a question");
        let confirm = format!("{}/session/end/confirm", self.address);
        let answer = browser
            .post(&confirm, format!("xsrf={secret}&logout=yes"))
            .await;
        location(&answer)
    }
}

#[tokio::test]
async fn a_real_provider_signs_people_in_and_out_in_both_directions() {
    let port = free_port();
    let entry = format!(
        "[[oidc]]\ncode='vneid'\nname='VNeID'\nissuer='http://localhost:{port}'\nclient_id='portal'\nclient_secret='only: for tests'\n"
    );
    let stage = Stage::with(move |settings| oidc(settings, &entry)).await;
    let mut browser = Browser::new(&stage);
    // The portal was there first; the provider is found when somebody needs it.
    let Some(_running) = start(port, &format!("http://{}", stage.address)).await else {
        return;
    };
    let provider = Provider {
        address: format!("http://localhost:{port}"),
    };

    // In, with consent.
    let who = provider.begin(&mut browser, "?next=/thu-tuc").await;
    let agree = provider.press(&mut browser, &who, "person=gia.dinh").await;
    let back = provider.press(&mut browser, &agree, "agree=yes").await;
    assert!(
        back.starts_with(&format!("{PUBLIC}/api/oidc/vneid/callback?code=")),
        "{back}"
    );
    assert_eq!(location(&browser.get(&back).await), "/thu-tuc");
    let account = browser.account().await;
    assert_eq!(account["name"], "Đỗ Thị Giả Định");
    assert_eq!(account["person"]["citizen_id"], NUMBER);
    assert_eq!(account["person"]["sex"], "Nữ");
    assert_eq!(
        location(&browser.get(&back).await),
        "/dang-nhap?loi=het-han"
    );
    assert_ne!(
        browser.account().await,
        Value::Null,
        "a replay changes nothing"
    );

    // Out here, and out there.
    let there = browser.there(&stage).await.expect("noted");
    assert!(there.sid.is_some() && there.id_token.is_some());
    let out = browser.sign_out().await;
    assert_eq!(out.status(), 200);
    let end = out.json::<Value>().await.expect("JSON")["continue_at"].clone();
    let end = end.as_str().expect("an address").to_owned();
    assert_eq!(query(&end, "id_token_hint"), there.id_token.expect("kept"));
    assert_eq!(browser.account().await, Value::Null);
    assert_eq!(
        provider.confirm(&mut browser, &end).await,
        format!("{PUBLIC}/")
    );

    // It asks again who it is; this time the person does not go on.
    let who = provider.begin(&mut browser, "?next=/ho-tro").await;
    let asks = browser.get(&who).await.text().await.expect("text");
    assert!(asks.contains("Định danh thử nghiệm</h1>"), "{asks}");
    let back = provider.press(&mut browser, &who, "cancel=yes").await;
    assert_eq!(
        location(&browser.get(&back).await),
        "/dang-nhap?loi=huy&tiep=/ho-tro"
    );

    // Who has an account of the number signs in to it; who has no number to none.
    let who = provider.begin(&mut browser, "").await;
    let agree = provider.press(&mut browser, &who, "person=mau").await;
    let back = provider.press(&mut browser, &agree, "agree=yes").await;
    assert_eq!(location(&browser.get(&back).await), "/");
    assert_eq!(browser.account().await["name"], "Nguyễn Văn Mẫu");

    // The provider ends its session by itself, and tells the portal before its page answers.
    let end = format!("{}/session/end", provider.address);
    let secret_page = browser.get(&end).await.text().await.expect("text");
    assert!(secret_page.contains("op.logoutForm"));
    let done = provider.confirm(&mut browser, &end).await;
    assert!(done.contains("/session/end/success"), "{done}");
    assert_eq!(browser.account().await, Value::Null);

    let who = provider.begin(&mut browser, "").await;
    let agree = provider.press(&mut browser, &who, "person=khong.so").await;
    let back = provider.press(&mut browser, &agree, "agree=yes").await;
    assert_eq!(
        location(&browser.get(&back).await),
        "/dang-nhap?loi=thieu-thong-tin"
    );
}
