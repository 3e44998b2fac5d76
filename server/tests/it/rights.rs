//! Every route of the router × everybody who may knock: what comes of it stands in one table, and a route without a line fails.

use crate::after::Submitted;
use crate::support::{MAU, OFFICER, Person, Stage, THU};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Method, address below `/api` and handler of everything the router serves.
fn routes() -> Vec<(String, String, String)> {
    server::operations()
        .into_iter()
        .map(|known| {
            (
                known.method.to_string(),
                known.path.to_owned(),
                known.handler.to_owned(),
            )
        })
        .collect()
}

/// The routes of the API are recorded where they are routed: a route that goes past this record would be in no table.
#[test]
fn no_route_goes_past_the_record() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/router");
    for file in std::fs::read_dir(folder).expect("folder") {
        let file = file.expect("entry").path();
        let source = std::fs::read_to_string(&file).expect("source");
        assert!(!source.contains("axum::"), "{}", file.display());
        assert!(source.contains("use crate::api::{"), "{}", file.display());
    }
    let outside = include_str!("../../src/router.rs");
    assert_eq!(
        outside.matches(".route(").count(),
        2,
        "the start page, and one in words"
    );
}

/// Who knocks.
const PEOPLE: [(&str, &str); 8] = [
    ("neighbour", THU),
    ("elsewhere", "soyte.dung"),
    ("administrator", "quantri.giang"),
    ("auditor", "giamsat.hai"),
    ("leader", "lanhdao.chi"),
    ("processing", "xuly.binh"),
    ("reception", "tiepnhan.an"),
    ("owner", MAU),
];

/// Who is let in, and what the others are told.
#[derive(Clone, Copy)]
enum Access {
    /// Everybody, signed in or not.
    Everybody,
    /// Whoever is signed in.
    SignedIn,
    /// Citizens, for what is their own; officers are refused.
    Citizens,
    /// Citizens, and officers who work on dossiers; each for what is their own.
    Signers,
    /// The dossier's citizen; to other citizens it does not exist.
    Owner,
    /// Officers; each sees what is theirs.
    Officers,
    /// These officers, about no dossier.
    Desk(&'static [&'static str]),
    /// These officers of the dossier's agency; to those of others it does not exist.
    Dossier(&'static [&'static str]),
    /// Machines with a secret of their own: nobody here has it.
    Machines,
}

use Access::{Citizens, Desk, Dossier, Everybody, Machines, Officers, Owner, SignedIn, Signers};

const ALL: &[&str] = &["reception", "processing", "leader"];

/// Every route: method, address, who, and a body that is understood but changes nothing (another version is named than there is).
fn table() -> Vec<(&'static str, &'static str, Access, Value)> {
    let none = Value::Null;
    let empty = || json!({});
    let stale = |decision: &str| json!({ "decision": decision, "version": 999 });
    vec![
        ("GET", "/session", Everybody, none.clone()),
        ("POST", "/session", Everybody, empty()),
        ("DELETE", "/session", Everybody, none.clone()),
        ("GET", "/demo", Everybody, none.clone()),
        ("PUT", "/account", SignedIn, json!({ "phone": 7 })),
        (
            "PUT",
            "/account/password",
            SignedIn,
            json!({ "current": "a", "wanted": "b" }),
        ),
        ("POST", "/session/code", Everybody, json!({ "code": "" })),
        (
            "POST",
            "/session/confirmation",
            SignedIn,
            json!({ "password": 7 }),
        ),
        ("GET", "/sessions", SignedIn, none.clone()),
        ("DELETE", "/sessions", SignedIn, none.clone()),
        ("DELETE", "/sessions/{id}", SignedIn, none.clone()),
        ("GET", "/account/second-factor", SignedIn, none.clone()),
        ("POST", "/account/second-factor", SignedIn, none.clone()),
        (
            "PUT",
            "/account/second-factor",
            SignedIn,
            json!({ "code": 7 }),
        ),
        ("DELETE", "/account/second-factor", SignedIn, none.clone()),
        (
            "DELETE",
            "/officer/rights/{account}/second-factor",
            Desk(&["administrator"]),
            none.clone(),
        ),
        ("GET", "/password-reset", Everybody, none.clone()),
        ("POST", "/password-reset", Everybody, empty()),
        ("PUT", "/password-reset", Everybody, empty()),
        ("GET", "/profiles", Signers, none.clone()),
        ("POST", "/profiles", Signers, empty()),
        ("PUT", "/profiles/{id}", Signers, empty()),
        ("DELETE", "/profiles/{id}", Signers, none.clone()),
        ("GET", "/providers", Everybody, none.clone()),
        ("POST", "/providers/{code}/certificates", Signers, empty()),
        ("GET", "/trust", Everybody, none.clone()),
        ("GET", "/evidence", Everybody, none.clone()),
        ("POST", "/evidence", SignedIn, empty()),
        ("POST", "/timestamps", SignedIn, empty()),
        ("GET", "/procedures", Everybody, none.clone()),
        ("GET", "/procedures/{code}", Everybody, none.clone()),
        (
            "GET",
            "/procedures/{code}/forms/{name}",
            Everybody,
            none.clone(),
        ),
        ("GET", "/units", Everybody, none.clone()),
        ("GET", "/events", Everybody, none.clone()),
        ("GET", "/signings", Signers, none.clone()),
        ("POST", "/signings", Signers, empty()),
        ("GET", "/signings/{id}", Signers, none.clone()),
        ("POST", "/signings/{id}/cancellation", Signers, none.clone()),
        ("POST", "/signings/{id}/completion", Signers, empty()),
        ("GET", "/signings/events", Signers, none.clone()),
        ("GET", "/signings/{id}/events", Signers, none.clone()),
        ("GET", "/dossiers", Citizens, none.clone()),
        ("GET", "/dossiers/{id}", Owner, none.clone()),
        ("PUT", "/dossiers/{id}", Citizens, empty()),
        ("POST", "/dossiers/{id}/submission", Owner, none.clone()),
        (
            "GET",
            "/dossiers/{id}/attachments/{attachment}",
            Owner,
            none.clone(),
        ),
        (
            "POST",
            "/dossiers/{id}/attachments/{attachment}",
            Owner,
            none.clone(),
        ),
        (
            "PUT",
            "/dossiers/{id}/attachments/{attachment}",
            Owner,
            empty(),
        ),
        ("PUT", "/uploads/{sha256}", Citizens, empty()),
        ("PATCH", "/uploads/{sha256}", Citizens, empty()),
        ("DELETE", "/uploads/{sha256}", Citizens, none.clone()),
        ("GET", "/device-key", SignedIn, none.clone()),
        (
            "POST",
            "/dossiers/{id}/withdrawal",
            Owner,
            json!({ "version": 999 }),
        ),
        (
            "PUT",
            "/dossiers/{id}/supplement",
            Owner,
            json!({ "request": Uuid::nil(), "attachments": [], "fields": {} }),
        ),
        (
            "POST",
            "/dossiers/{id}/supplement/submission",
            Owner,
            none.clone(),
        ),
        (
            "GET",
            "/dossiers/{id}/results/{result}",
            Owner,
            none.clone(),
        ),
        ("GET", "/dossiers/{id}/slips", Owner, none.clone()),
        ("GET", "/dossiers/{id}/slips/{slip}", Owner, none.clone()),
        ("GET", "/dossiers/{id}/messages", Owner, none.clone()),
        (
            "POST",
            "/dossiers/{id}/messages",
            Owner,
            json!({ "id": Uuid::nil(), "body": "" }),
        ),
        ("POST", "/dossiers/{id}/messages/read", Owner, none.clone()),
        ("GET", "/dossiers/{id}/payment", Owner, none.clone()),
        (
            "POST",
            "/dossiers/{id}/payment",
            Owner,
            json!({ "act": "choose", "method": "none" }),
        ),
        ("POST", "/dossiers/{id}/payment/online", Owner, none.clone()),
        ("GET", "/dossiers/{id}/receipt", Owner, none.clone()),
        ("GET", "/notices", SignedIn, none.clone()),
        ("GET", "/notices/unread", SignedIn, none.clone()),
        ("POST", "/notices/read", SignedIn, empty()),
        ("GET", "/mail-choices", SignedIn, none.clone()),
        ("PUT", "/mail-choices", SignedIn, empty()),
        ("GET", "/reminders", Citizens, none.clone()),
        ("POST", "/reminders", Citizens, empty()),
        ("DELETE", "/reminders/{id}", Citizens, none.clone()),
        ("GET", "/news", Everybody, none.clone()),
        ("GET", "/news/{slug}", Everybody, none.clone()),
        ("POST", "/feedback", Everybody, empty()),
        ("GET", "/feedback/{code}", Everybody, none.clone()),
        ("GET", "/surveys", Everybody, none.clone()),
        ("POST", "/surveys", Everybody, empty()),
        ("GET", "/conversions", Everybody, none.clone()),
        ("POST", "/conversions", Citizens, empty()),
        ("GET", "/kept", Citizens, none.clone()),
        ("PUT", "/kept/{sha256}", Citizens, empty()),
        ("DELETE", "/kept/{sha256}", Citizens, none.clone()),
        ("GET", "/kept/{sha256}/content", Citizens, none.clone()),
        ("POST", "/kept/{sha256}/content", Citizens, none.clone()),
        ("PUT", "/kept/{sha256}/content", Citizens, empty()),
        ("GET", "/statistics", Everybody, none.clone()),
        (
            "GET",
            "/officer/statistics",
            Desk(&["leader", "elsewhere", "administrator", "auditor"]),
            none.clone(),
        ),
        ("GET", "/payment-means", Everybody, none.clone()),
        ("GET", "/payments", Citizens, none.clone()),
        ("GET", "/payment-status/{code}", Everybody, none.clone()),
        ("GET", "/tracking/{code}", Everybody, none.clone()),
        ("GET", "/health", Everybody, none.clone()),
        ("GET", "/health/ready", Everybody, none.clone()),
        ("GET", "/oidc", Everybody, none.clone()),
        ("GET", "/oidc/{code}/start", Everybody, none.clone()),
        ("GET", "/oidc/{code}/callback", Everybody, none.clone()),
        ("POST", "/oidc/{code}/logout", Machines, empty()),
        ("GET", "/oidc/{code}/front-logout", Everybody, none.clone()),
        ("GET", "/openapi.json", Everybody, none.clone()),
        ("GET", "/docs", Everybody, none.clone()),
        ("GET", "/docs.css", Everybody, none.clone()),
        ("GET", "/docs.js", Everybody, none.clone()),
        ("POST", "/webhooks/{provider}", Machines, empty()),
        ("POST", "/webhooks/{provider}/token", Machines, empty()),
        ("POST", "/payments/callback", Machines, empty()),
        ("POST", "/officer/inbox", Officers, empty()),
        ("GET", "/officer/inbox/counts", Officers, none.clone()),
        ("POST", "/officer/inbox/acts", Officers, empty()),
        ("POST", "/officer/inbox/handover", Officers, empty()),
        (
            "GET",
            "/officer/colleagues",
            Desk(&["reception", "processing", "leader", "elsewhere"]),
            none.clone(),
        ),
        ("GET", "/officer/inbox/filters", Officers, none.clone()),
        ("POST", "/officer/inbox/filters", Officers, empty()),
        (
            "DELETE",
            "/officer/inbox/filters/{id}",
            Officers,
            none.clone(),
        ),
        (
            "GET",
            "/officer/feedback",
            Desk(&["reception", "elsewhere"]),
            none.clone(),
        ),
        (
            "POST",
            "/officer/feedback/{code}/answer",
            Desk(&["reception", "elsewhere"]),
            empty(),
        ),
        (
            "GET",
            "/officer/surveys",
            Desk(&["reception", "elsewhere"]),
            none.clone(),
        ),
        ("POST", "/officer/audit/search", Desk(&["auditor"]), empty()),
        ("POST", "/officer/audit/export", Desk(&["auditor"]), empty()),
        (
            "GET",
            "/officer/audit/state",
            Desk(&["auditor"]),
            none.clone(),
        ),
        ("POST", "/officer/rights", Desk(&["administrator"]), empty()),
        (
            "GET",
            "/admin/documents",
            Desk(&["administrator"]),
            none.clone(),
        ),
        (
            "GET",
            "/admin/documents/{kind}/{code}",
            Desk(&["administrator"]),
            none.clone(),
        ),
        (
            "POST",
            "/admin/documents/{kind}/{code}/check",
            Desk(&["administrator"]),
            json!({ "text": "" }),
        ),
        (
            "PUT",
            "/admin/documents/{kind}/{code}/draft",
            Desk(&["administrator"]),
            json!({ "source": { "text": "" }, "version": 999 }),
        ),
        (
            "GET",
            "/admin/documents/{kind}/{code}/editions/{number}",
            Desk(&["administrator"]),
            none.clone(),
        ),
        (
            "POST",
            "/admin/documents/{kind}/{code}/editions/{number}/withdrawal",
            Desk(&["administrator"]),
            json!({ "version": 999 }),
        ),
        (
            "POST",
            "/admin/publications",
            Desk(&["administrator"]),
            json!({ "drafts": [], "effective_from": "2026-01-01" }),
        ),
        (
            "POST",
            "/admin/import",
            Desk(&["administrator"]),
            none.clone(),
        ),
        (
            "GET",
            "/admin/export",
            Desk(&["administrator"]),
            none.clone(),
        ),
        (
            "GET",
            "/admin/export/{kind}/{code}",
            Desk(&["administrator"]),
            none.clone(),
        ),
        (
            "PUT",
            "/officer/rights/{account}",
            Desk(&["administrator"]),
            json!({ "grants": [] }),
        ),
        ("GET", "/officer/dossiers/{id}", Dossier(ALL), none.clone()),
        (
            "GET",
            "/officer/dossiers/{id}/work",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "POST",
            "/officer/dossiers/{id}/work",
            Dossier(&["processing"]),
            json!({ "act": "take", "version": 999 }),
        ),
        (
            "POST",
            "/officer/dossiers/{id}/presence",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "DELETE",
            "/officer/dossiers/{id}/presence",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "POST",
            "/officer/dossiers/{id}/decision",
            Dossier(&["reception"]),
            stale("receive"),
        ),
        (
            "POST",
            "/officer/dossiers/{id}/supplement",
            Dossier(&["reception"]),
            json!({ "items": [], "working_days": 5, "version": 999 }),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/results/{result}",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "PUT",
            "/officer/dossiers/{id}/results/{result}",
            Dossier(&["processing", "leader"]),
            empty(),
        ),
        (
            "DELETE",
            "/officer/dossiers/{id}/results/{result}",
            Dossier(&["processing", "leader"]),
            none.clone(),
        ),
        (
            "PUT",
            "/officer/dossiers/{id}/results/{result}/signed",
            Dossier(&["leader"]),
            empty(),
        ),
        (
            "POST",
            "/officer/dossiers/{id}/results/{result}/seal",
            Dossier(&["reception", "leader"]),
            none.clone(),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/slips",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "POST",
            "/officer/dossiers/{id}/slips/preview",
            Dossier(ALL),
            json!({ "form": "reception" }),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/slips/control",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/slips/{slip}",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/slips/{slip}/unsealed",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "PUT",
            "/officer/dossiers/{id}/slips/{slip}/signed",
            Dossier(ALL),
            empty(),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/messages",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "POST",
            "/officer/dossiers/{id}/messages",
            Dossier(ALL),
            json!({ "id": Uuid::nil(), "body": "" }),
        ),
        (
            "POST",
            "/officer/dossiers/{id}/messages/read",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/attachments/{attachment}",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/signings",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/signings/protocol",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/signings/evidence",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "GET",
            "/officer/dossiers/{id}/payment",
            Dossier(ALL),
            none.clone(),
        ),
        (
            "POST",
            "/officer/dossiers/{id}/payment",
            Dossier(&["reception"]),
            json!({ "act": "cash-received", "reference": "", "note": "", "version": 999 }),
        ),
    ]
}

#[test]
fn every_route_stands_in_the_table_and_nothing_else_does() {
    let table = table();
    let stands = |method: &str, path: &str| {
        table
            .iter()
            .filter(|(of, at, ..)| *of == method && *at == path)
            .count()
    };
    let routes = routes();
    for (method, path, _) in &routes {
        assert_eq!(
            stands(method, path),
            1,
            "{method} {path}: who may knock there?"
        );
    }
    assert_eq!(
        table.len(),
        routes.len(),
        "a line of the table is about no route"
    );
}

/// What somebody should be told: `None` is let in.
fn expected(who: &str, access: Access) -> Option<u16> {
    let citizen = matches!(who, "owner" | "neighbour");
    match access {
        Everybody | Machines => None,
        _ if who == "nobody" => Some(401),
        SignedIn => None,
        Citizens => (!citizen).then_some(403),
        Signers => matches!(who, "administrator" | "auditor").then_some(403),
        Owner if who == "neighbour" => Some(404),
        Owner => (!citizen).then_some(403),
        Officers => citizen.then_some(403),
        Desk(allowed) => (!allowed.contains(&who)).then_some(403),
        Dossier(_) if citizen => Some(403),
        Dossier(_) if who == "elsewhere" => Some(404),
        Dossier(allowed) => (!allowed.contains(&who)).then_some(403),
    }
}

/// The answer's status and, when it is a problem, its code. What streams is not waited for.
async fn knock(
    stage: &Stage,
    cookie: &str,
    method: &str,
    address: String,
    body: &Value,
) -> (u16, String) {
    let mut request = stage
        .http
        .request(method.parse().expect("a method"), address)
        .header("cookie", cookie)
        .header("x-file-name", "a.pdf");
    if !body.is_null() {
        request = request.json(body);
    }
    let answer = request.send().await.expect("answer");
    let status = answer.status().as_u16();
    let problem = answer
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem"));
    if !problem {
        return (status, String::new());
    }
    let body: Value = answer.json().await.expect("json");
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

/// An address with something in its gaps.
fn filled(path: &str, id: &str, attachment: &str) -> String {
    let (nobodys, digest) = (Uuid::new_v4().to_string(), "ab".repeat(32));
    [
        ("{id}", id),
        ("{attachment}", attachment),
        ("{result}", &nobodys),
        ("{slip}", &nobodys),
        ("{account}", &nobodys),
        ("{code}", "khong-co"),
        ("{name}", "khong-co.pdf"),
        ("{kind}", "procedure"),
        ("{number}", "1"),
        ("{slug}", "khong-co"),
        ("{provider}", "khong-co"),
        ("{sha256}", &digest),
    ]
    .into_iter()
    .fold(format!("/api{path}"), |path, (name, value)| {
        path.replace(name, value)
    })
}

#[tokio::test]
async fn everybody_is_told_what_the_table_says_at_every_route() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let mut cookies = BTreeMap::new();
    for (who, user_name) in PEOPLE {
        cookies.insert(who, stage.sign_in(user_name).await.cookie());
    }
    let stranger = Person::stranger(&stage).cookie();
    let (id, attachment) = (dossier.id.to_string(), dossier.files[1].to_string());
    let mut wrong = Vec::new();
    for (method, path, access, body) in table() {
        let address = filled(path, &id, &attachment);
        let everybody = std::iter::once(("nobody", stranger.as_str()))
            .chain(PEOPLE.iter().map(|(who, _)| (*who, cookies[who].as_str())));
        for (who, cookie) in everybody {
            // Signing out ends the session the rest needs.
            if (method, path) == ("DELETE", "/session") && who != "nobody" {
                continue;
            }
            let (status, code) = knock(&stage, cookie, method, stage.at(&address), &body).await;
            let right = match expected(who, access) {
                Some(expected) => status == expected && code != "wrong-credentials",
                None if matches!(access, Machines) => status >= 400,
                None => {
                    status < 500
                        && status != 403
                        && code != "sign-in-required"
                        // A body that says too little, a state that does not allow it: but not "no such dossier".
                        && (status != 404 || !matches!(access, Owner | Dossier(_)) || path.contains("{result}") || path.contains("{slip}"))
                }
            };
            if !right {
                wrong.push(format!("{who}: {method} {path}: {status} {code}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Nobody changed anything.
    let officer = stage.sign_in(OFFICER).await;
    let (_, seen) = officer.get(dossier.at(&stage, "/officer", "")).await;
    assert_eq!(seen["status"], "new", "{seen}");
}

/// What an officer may do who still has to set codes up.
const BEFORE_CODES: [(&str, &str); 4] = [
    ("POST", "/session/confirmation"),
    ("GET", "/account/second-factor"),
    ("POST", "/account/second-factor"),
    ("PUT", "/account/second-factor"),
];

#[tokio::test]
async fn an_officer_who_has_to_set_codes_up_can_do_nothing_else() {
    let stage = Stage::with(|settings| {
        settings.identity = Some(server::identity::IdentitySettings {
            officers_need_second_factor: Some(true),
            ..server::identity::IdentitySettings::default()
        });
    })
    .await;
    let cookie = stage.sign_in("tiepnhan.an").await.cookie();
    let id = Uuid::new_v4().to_string();
    let mut wrong = Vec::new();
    for (method, path, access, body) in table() {
        if matches!(access, Everybody | Machines) {
            continue;
        }
        let address = stage.at(&filled(path, &id, &id));
        let (status, code) = knock(&stage, &cookie, method, address, &body).await;
        let refused = (status, code.as_str()) == (403, "second-factor-required");
        if refused == BEFORE_CODES.contains(&(method, path)) {
            wrong.push(format!("{method} {path}: {status} {code}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn half_a_sign_in_opens_nothing_but_its_code() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    crate::account::set_up(&stage, &citizen, crate::account::step().await).await;
    let browser = Person::stranger(&stage);
    assert_eq!(crate::account::password(&stage, &browser, MAU).await.0, 401);
    let half = browser.cookie();
    let token = half.strip_prefix("half=").expect("half a sign-in");
    assert_eq!(token.len(), 64);
    let id = Uuid::new_v4().to_string();
    let mut wrong = Vec::new();
    // As what it is, and given out for a session.
    for cookie in [
        half.clone(),
        format!("session={token}"),
        format!("{half}; session={token}"),
    ] {
        let session = browser.send(stage.http.get(stage.at("/api/session"))).await;
        assert_eq!(session, (200, Value::Null));
        for (method, path, access, body) in table() {
            if matches!(access, Everybody | Machines) {
                continue;
            }
            let address = stage.at(&filled(path, &id, &id));
            let (status, code) = knock(&stage, &cookie, method, address, &body).await;
            if (status, code.as_str()) != (401, "sign-in-required") {
                wrong.push(format!("{cookie}: {method} {path}: {status} {code}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
