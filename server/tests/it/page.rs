//! Documents over real HTTP: which one an address gets, in which language, and that a browser that has it is told so.

use crate::support::Stage;
use reqwest::Response;

async fn ask(stage: &Stage, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = stage.http.get(stage.at(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

fn header(response: &Response, name: &str) -> String {
    let values = response.headers().get_all(name).iter();
    let texts: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    texts.join(", ")
}

#[tokio::test]
async fn an_address_gets_its_document_and_a_browser_that_has_it_nothing() {
    let stage = Stage::new().await;
    let site = stage.settings().site;
    for (name, text) in [
        ("index.html", "calm"),
        ("index.en.html", "calm in English"),
        ("home.html", "home"),
        ("procedure.html", "<title>[[name]]</title><b>[[code]]</b>"),
        ("procedure.en.html", "<title>[[name]]</title>English"),
    ] {
        std::fs::write(site.join(name), text).expect("written");
    }
    for (path, status, told) in [
        ("/", 200, "home"),
        ("/dang-nhap", 200, "calm"),
        ("/thu-tuc", 200, "calm"),
        ("/thu-tuc/9.999999", 404, "calm"),
        ("/thu-tuc/%3Cscript%3E", 404, "calm"),
    ] {
        let answer = ask(&stage, path, &[]).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.text().await.expect("text"), told, "{path}");
    }
    assert_eq!(ask(&stage, "/quen.js", &[]).await.status(), 404);

    let first = ask(&stage, "/thu-tuc/1.001193", &[]).await;
    assert_eq!(first.status(), 200);
    assert_eq!(header(&first, "cache-control"), "no-cache");
    assert_eq!(header(&first, "content-language"), "vi");
    assert!(header(&first, "vary").contains("cookie"));
    assert!(header(&first, "content-security-policy").contains("script-src 'self'"));
    let tag = header(&first, "etag");
    let text = first.text().await.expect("text");
    assert!(text.contains("khai sinh</title><b>1.001193</b>"), "{text}");

    let again = ask(&stage, "/thu-tuc/1.001193", &[("if-none-match", &tag)]).await;
    assert_eq!(again.status(), 304);

    let english = [("cookie", "a=b; language=en"), ("if-none-match", &tag)];
    let english = ask(&stage, "/thu-tuc/1.001193", &english).await;
    assert_eq!(english.status(), 200);
    assert_eq!(header(&english, "content-language"), "en");
    assert!(english.text().await.expect("text").ends_with("English"));
}

#[tokio::test]
async fn the_sign_in_screen_has_a_button_for_every_provider_before_the_program_comes() {
    let template = "<main>[[?ways]]<div>[[*]]<b data-way='[[code]]'>[[name]]</b>[[/*]]<p>or</p></div>[[/ways]]</main>";
    for (entries, told) in [
        ("", "<main></main>"),
        (
            "[[oidc]]\ncode='vneid'\nname='A & <B>'\nissuer='http://localhost:1'\nclient_id='p'\n\
             [[oidc]]\ncode='other'\nname='[[name]]'\nissuer='http://localhost:2'\nclient_id='p'\n",
            "<main><div><b data-way='vneid'>A &amp; &lt;B&gt;</b><b data-way='other'>[[name]]</b><p>or</p></div></main>",
        ),
    ] {
        let stage = Stage::with(move |settings| {
            let read: server::config::Settings = toml::from_str(entries).expect("settings");
            settings.oidc = read.oidc;
        })
        .await;
        std::fs::write(stage.settings().site.join("sign_in.html"), template).expect("written");
        let answer = ask(&stage, "/dang-nhap", &[]).await;
        assert_eq!(answer.text().await.expect("text"), told);
    }
}
