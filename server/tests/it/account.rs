//! Sessions that are seen and ended, codes of an authenticator app, fresh proofs before signing, and new passwords by e-mail.

use crate::support::{MAU, OFFICER, Person, Stage, THU, prepare, quick};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use server::identity::IdentitySettings;
use sha1::Sha1;
use std::time::Duration;
use uuid::Uuid;

const PASSWORD: &str = "Demo@2026";
const STEP_MS: i64 = 30_000;

fn code(answer: &Value) -> &str {
    answer["code"].as_str().unwrap_or_default()
}

/// An authenticator app of our own (RFC 6238): reads base32, counts steps.
pub struct App(Vec<u8>);

impl App {
    fn new(secret: &str) -> Self {
        const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let bits: Vec<u8> = secret
            .chars()
            .map(|letter| LETTERS.find(letter).expect("base32"))
            .flat_map(|value| {
                (0..5)
                    .rev()
                    .map(move |bit| u8::from((value >> bit) & 1 == 1))
            })
            .collect();
        let bytes = bits.chunks_exact(8);
        Self(
            bytes
                .map(|byte| byte.iter().fold(0, |value, bit| (value << 1) | bit))
                .collect(),
        )
    }

    fn code(&self, step: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("a key");
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let at = usize::from(digest[19] & 15);
        let word = u32::from_be_bytes(digest[at..at + 4].try_into().expect("four"));
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }

    /// A code that fits none of the steps around.
    fn wrong(&self, step: i64) -> String {
        let near: Vec<String> = (step - 2..=step + 2).map(|step| self.code(step)).collect();
        ["000000", "111111", "222222", "333333", "444444", "555555"]
            .into_iter()
            .find(|code| !near.iter().any(|other| other == code))
            .expect("one of six")
            .to_owned()
    }
}

/// The step of now, with at least ten seconds of it left.
pub async fn step() -> i64 {
    loop {
        let now = crate::support::now().0;
        if now.rem_euclid(STEP_MS) < STEP_MS - 10_000 {
            return now.div_euclid(STEP_MS);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// The first step of a sign-in in a browser.
pub async fn password(stage: &Stage, browser: &Person, user_name: &str) -> (u16, Value) {
    let asked = json!({ "user_name": user_name, "password": PASSWORD });
    browser.post(stage.at("/api/session"), &asked).await
}

async fn give(stage: &Stage, browser: &Person, typed: &str) -> (u16, Value) {
    let given = json!({ "code": typed });
    browser.post(stage.at("/api/session/code"), &given).await
}

/// Sets codes up, confirmed with the step before: the app and the recovery codes.
pub async fn set_up(stage: &Stage, person: &Person, step: i64) -> (App, Vec<String>) {
    let address = || stage.at("/api/account/second-factor");
    let (status, offered) = person.post(address(), &Value::Null).await;
    assert_eq!(status, 200, "{offered}");
    let secret = offered["secret"].as_str().expect("a secret");
    let uri = offered["address"].as_str().expect("an address");
    assert!(uri.starts_with("otpauth://totp/") && uri.contains(&format!("secret={secret}&")));
    let app = App::new(secret);
    let given = json!({ "code": app.code(step - 1) });
    let (status, told) = person.put(address(), &given).await;
    assert_eq!(status, 200, "{told}");
    let codes: Vec<String> = serde_json::from_value(told["codes"].clone()).expect("codes");
    assert_eq!(codes.len(), 10);
    (app, codes)
}

#[tokio::test]
async fn codes_are_set_up_asked_for_and_taken_once() {
    let stage = Stage::new().await;
    let here = stage.sign_in(MAU).await;
    let elsewhere = stage.sign_in(MAU).await;
    let address = || stage.at("/api/account/second-factor");
    let (_, state) = here.get(address()).await;
    assert_eq!(
        state,
        json!({ "offered": true, "on": false, "demanded": false, "recovery_left": 0 })
    );
    let step = step().await;
    let before = here.cookie();
    // Whoever gives no code of the secret has set nothing up.
    here.post(address(), &Value::Null).await;
    let (status, wrong) = here.put(address(), &json!({ "code": "12345" })).await;
    assert_eq!((status, code(&wrong)), (401, "wrong-code"));
    assert_eq!(
        password(&stage, &Person::stranger(&stage), MAU).await.0,
        200
    );

    let (app, recovery) = set_up(&stage, &here, step).await;
    assert_ne!(here.cookie(), before, "rights grew: another token");
    let old = stage
        .http
        .get(stage.at("/api/sessions"))
        .header("cookie", &before);
    assert_eq!(
        Person::stranger(&stage).send(old).await.0,
        401,
        "the old one is dead"
    );
    assert_eq!(here.get(stage.at("/api/sessions")).await.0, 200);
    assert_eq!(
        elsewhere.get(stage.at("/api/sessions")).await.0,
        401,
        "signed in without a code"
    );
    let (_, state) = here.get(address()).await;
    assert_eq!(
        (&state["on"], &state["recovery_left"]),
        (&json!(true), &json!(10))
    );
    let (status, again) = here.post(address(), &Value::Null).await;
    assert_eq!(
        (status, code(&again)),
        (409, "conflict"),
        "it is not replaced"
    );

    let browser = Person::stranger(&stage);
    let (status, half) = password(&stage, &browser, MAU).await;
    assert_eq!((status, code(&half)), (401, "code-required"));
    // Another's, one that was used, one that is too old; five in a row would lock.
    for wrong in [app.wrong(step), app.code(step - 1), app.code(step - 3)] {
        let (status, answer) = give(&stage, &browser, &wrong).await;
        assert_eq!((status, code(&answer)), (401, "wrong-code"), "{wrong}");
    }
    let (status, session) = give(&stage, &browser, &app.code(step)).await;
    assert_eq!(
        (status, &session["method"]),
        (200, &json!("password-and-code"))
    );
    assert_eq!(browser.get(stage.at("/api/sessions")).await.0, 200);

    // The code was used: with another half it opens nothing.
    let second = Person::stranger(&stage);
    password(&stage, &second, MAU).await;
    let (status, replayed) = give(&stage, &second, &app.code(step)).await;
    assert_eq!((status, code(&replayed)), (401, "wrong-code"));
    // A recovery code, written in small letters and without hyphens, opens once.
    let written = recovery[0].replace('-', " ").to_lowercase();
    assert_eq!(give(&stage, &second, &written).await.0, 200);
    let third = Person::stranger(&stage);
    password(&stage, &third, MAU).await;
    assert_eq!(
        code(&give(&stage, &third, &recovery[0]).await.1),
        "wrong-code"
    );
    let (_, state) = second.get(address()).await;
    assert_eq!(state["recovery_left"], 9);

    // Taken away, the password is enough again; others are signed out.
    let with_code = second.cookie();
    assert_eq!(second.delete(address()).await.0, 204);
    assert_ne!(second.cookie(), with_code);
    assert_eq!(browser.get(stage.at("/api/sessions")).await.0, 401);
    assert_eq!(
        code(&give(&stage, &third, &recovery[1]).await.1),
        "sign-in-too-slow"
    );
    assert_eq!(password(&stage, &third, MAU).await.0, 200);
    assert_eq!(second.delete(address()).await.0, 404);
}

#[tokio::test]
async fn one_code_in_two_places_at_once_opens_one() {
    let stage = Stage::new().await;
    let here = stage.sign_in(MAU).await;
    let step = step().await;
    let (app, _) = set_up(&stage, &here, step).await;
    let (one, two) = (Person::stranger(&stage), Person::stranger(&stage));
    for browser in [&one, &two] {
        assert_eq!(password(&stage, browser, MAU).await.0, 401);
    }
    let typed = app.code(step);
    let (first, second) = tokio::join!(give(&stage, &one, &typed), give(&stage, &two, &typed));
    let mut statuses = [first.0, second.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn guessing_codes_locks_the_account_however_often_the_password_is_right() {
    let stage = Stage::new().await;
    let here = stage.sign_in(THU).await;
    let step = step().await;
    let (app, recovery) = set_up(&stage, &here, step).await;
    let browser = Person::stranger(&stage);
    for tried in 0..5 {
        // The password is right each time; that forgives nothing.
        assert_eq!(
            code(&password(&stage, &browser, THU).await.1),
            "code-required"
        );
        let answer = give(&stage, &browser, &app.wrong(step)).await;
        assert_eq!(code(&answer.1), "wrong-code", "{tried}");
    }
    let (status, locked) = give(&stage, &browser, &app.code(step)).await;
    assert_eq!((status, code(&locked)), (429, "account-locked"));
    assert_eq!(
        code(&give(&stage, &browser, &recovery[0]).await.1),
        "account-locked"
    );
    assert_eq!(
        code(&password(&stage, &browser, THU).await.1),
        "account-locked"
    );
    // Whoever is signed in already goes on, but confirms nothing.
    assert_eq!(here.get(stage.at("/api/sessions")).await.0, 200);
    let confirm = json!({ "password": PASSWORD, "code": app.code(step) });
    let answer = here
        .post(stage.at("/api/session/confirmation"), &confirm)
        .await;
    assert_eq!(code(&answer.1), "account-locked");
}

#[tokio::test]
async fn many_guesses_at_once_are_no_way_around_the_lock() {
    let stage = Stage::new().await;
    let tries = (0..20).map(|_| {
        let (http, address) = (stage.http.clone(), stage.at("/api/session"));
        tokio::spawn(async move {
            let asked = json!({ "user_name": THU, "password": "đoán" });
            let answer = http
                .post(address)
                .json(&asked)
                .send()
                .await
                .expect("answer");
            let body: Value = answer.json().await.expect("json");
            code(&body).to_owned()
        })
    });
    let tries: Vec<_> = tries.collect();
    let mut told = Vec::new();
    for one in tries {
        told.push(one.await.expect("done"));
    }
    let looked_at = told
        .iter()
        .filter(|code| *code == "wrong-credentials")
        .count();
    assert_eq!(looked_at, 5, "{told:?}");
    assert_eq!(
        told.iter().filter(|code| *code == "account-locked").count(),
        15
    );
}

#[tokio::test]
async fn sessions_are_listed_by_device_and_one_or_all_others_are_ended() {
    let mut stage = Stage::quick().await;
    let second_instance = stage.second().await;
    let agents = [
        "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
        "curl/8",
    ];
    let mut people = Vec::new();
    for agent in agents {
        let person = Person::stranger(&stage);
        let asked = json!({ "user_name": MAU, "password": PASSWORD });
        let request = stage
            .http
            .post(stage.at("/api/session"))
            .header("user-agent", agent);
        assert_eq!(person.send(request.json(&asked)).await.0, 200);
        people.push(person);
    }
    let [here, phone, third] = people.as_slice() else {
        panic!("three")
    };
    let other = stage.sign_in(THU).await;
    let (_, list) = here.get(stage.at("/api/sessions")).await;
    let list = list.as_array().expect("a list").clone();
    assert_eq!(list.len(), 3);
    let text = serde_json::to_string(&list).expect("json");
    for secret in [
        "SM-A155F",
        "131.0",
        "127.0.0.1",
        &here.cookie()["session=".len()..],
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let own: Vec<_> = list.iter().filter(|one| one["here"] == true).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(
        own[0]["device"],
        json!({ "browser": "Firefox", "platform": "Linux" })
    );
    let of_phone = list
        .iter()
        .find(|one| one["device"] == json!({ "browser": "Chrome", "platform": "Android" }))
        .expect("the phone");
    let id = of_phone["id"].as_str().expect("an id");

    // The phone listens at one instance and is ended at another.
    let events = stage.http.get(stage.at("/api/signings/events"));
    let mut stream = events
        .header("cookie", phone.cookie())
        .send()
        .await
        .expect("answer");
    assert_eq!(stream.status(), 200);
    let foreign = other.delete(stage.at(&format!("/api/sessions/{id}"))).await;
    assert_eq!(foreign.0, 404, "it is somebody else's");
    let there = format!("http://{second_instance}/api/sessions/{id}");
    assert_eq!(here.delete(there.clone()).await.0, 204);
    let ended = async { while let Ok(Some(_)) = stream.chunk().await {} };
    tokio::time::timeout(Duration::from_secs(10), ended)
        .await
        .expect("the stream ends with its session");
    assert_eq!(
        phone.get(stage.at("/api/session")).await,
        (200, Value::Null)
    );
    assert_eq!(phone.get(stage.at("/api/sessions")).await.0, 401);
    assert_eq!(here.delete(there).await.0, 404, "it is over");

    assert_eq!(third.get(stage.at("/api/sessions")).await.0, 200);
    assert_eq!(here.delete(stage.at("/api/sessions")).await.0, 204);
    assert_eq!(third.get(stage.at("/api/sessions")).await.0, 401);
    let (_, list) = here.get(stage.at("/api/sessions")).await;
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    assert_eq!(other.get(stage.at("/api/sessions")).await.0, 200);
}

#[tokio::test]
async fn a_token_is_renewed_whenever_somebody_proves_who_they_are() {
    let stage = Stage::new().await;
    let person = stage.sign_in(MAU).await;
    let confirm = json!({ "password": PASSWORD });
    let change = json!({ "current": PASSWORD, "wanted": "mật khẩu mới" });
    let mut dead = Vec::new();
    for turn in 0..3 {
        dead.push(person.cookie());
        let status = match turn {
            0 => password(&stage, &person, MAU).await.0,
            1 => {
                person
                    .post(stage.at("/api/session/confirmation"), &confirm)
                    .await
                    .0
            }
            _ => {
                person
                    .put(stage.at("/api/account/password"), &change)
                    .await
                    .0
            }
        };
        assert!(status < 300, "{turn}: {status}");
        assert!(!dead.contains(&person.cookie()), "{turn}");
        for old in &dead {
            let request = stage
                .http
                .get(stage.at("/api/sessions"))
                .header("cookie", old);
            assert_eq!(Person::stranger(&stage).send(request).await.0, 401);
        }
        let (_, list) = person.get(stage.at("/api/sessions")).await;
        assert_eq!(
            list.as_array().map(Vec::len),
            Some(1),
            "it took the other's place"
        );
    }
    let wrong = person
        .post(stage.at("/api/session/confirmation"), &confirm)
        .await;
    assert_eq!((wrong.0, code(&wrong.1)), (401, "wrong-credentials"));
}

#[tokio::test]
async fn whoever_signs_proved_not_long_ago_who_they_are() {
    const FRESH: Duration = Duration::from_millis(3000);
    let stage = Stage::configured(
        |settings| settings.pace = Some(quick()),
        |config| config.identity.fresh_ms = 3000,
    )
    .await;
    let person = stage.sign_in(MAU).await;
    let attempt = prepare(&stage, &person, MAU, Uuid::new_v4()).await;
    let body = serde_json::to_value(&attempt.start).expect("json");
    tokio::time::sleep(FRESH + Duration::from_millis(100)).await;
    let (status, stale) = person.post(stage.at("/api/signings"), &body).await;
    assert_eq!((status, code(&stale)), (403, "confirmation-required"));
    assert_eq!(
        stage.at_provider(attempt.start.id).await.len(),
        0,
        "nothing was sent"
    );
    let (_, session) = person.get(stage.at("/api/session")).await;
    // Where links for a new password go, and codes, are as well kept.
    let mut data = session["account"]["person"].clone();
    data["email"] = json!("khac@example.vn");
    let (_, refused) = person.put(stage.at("/api/account"), &data).await;
    assert_eq!(code(&refused), "confirmation-required");
    let (_, refused) = person
        .post(stage.at("/api/account/second-factor"), &Value::Null)
        .await;
    assert_eq!(code(&refused), "confirmation-required");
    // Who only found a device open does not put its owner's others out.
    for address in [
        "/api/sessions",
        &format!("/api/sessions/{}", Uuid::new_v4()),
    ] {
        let (_, refused) = person.delete(stage.at(address)).await;
        assert_eq!(code(&refused), "confirmation-required", "{address}");
    }
    let confirmation = stage.at("/api/session/confirmation");
    let (_, wrong) = person
        .post(confirmation.clone(), &json!({ "password": "x" }))
        .await;
    assert_eq!(code(&wrong), "wrong-credentials");

    let (status, fresh) = person
        .post(confirmation, &json!({ "password": PASSWORD }))
        .await;
    assert_eq!(
        (status, &fresh["account"]["id"]),
        (200, &session["account"]["id"])
    );
    let (status, view) = person.post(stage.at("/api/signings"), &body).await;
    assert_eq!(status, 200, "{view}");
    assert_eq!(person.put(stage.at("/api/account"), &data).await.0, 200);
    assert_eq!(person.delete(stage.at("/api/sessions")).await.0, 204);
    tokio::time::sleep(FRESH + Duration::from_millis(100)).await;
    // The same again is how it stands, however old the proof.
    assert_eq!(person.post(stage.at("/api/signings"), &body).await.0, 200);
}

#[tokio::test]
async fn where_codes_are_set_up_a_confirmation_needs_one() {
    let stage = Stage::new().await;
    let person = stage.sign_in(MAU).await;
    let step = step().await;
    let (app, _) = set_up(&stage, &person, step).await;
    let confirm = |typed: String| {
        let body = json!({ "password": PASSWORD, "code": typed });
        let address = stage.at("/api/session/confirmation");
        let person = &person;
        async move { person.post(address, &body).await }
    };
    assert_eq!(code(&confirm(String::new()).await.1), "code-required");
    assert_eq!(code(&confirm(app.wrong(step)).await.1), "wrong-code");
    let (status, session) = confirm(app.code(step)).await;
    assert_eq!(
        (status, &session["method"]),
        (200, &json!("password-and-code"))
    );
    assert_eq!(code(&confirm(app.code(step)).await.1), "wrong-code", "used");
}

#[tokio::test]
async fn an_officer_without_codes_sets_them_up_first_and_an_administrator_helps_who_lost_them() {
    let stage = Stage::with(|settings| {
        settings.identity = Some(IdentitySettings {
            officers_need_second_factor: Some(true),
            ..IdentitySettings::default()
        });
    })
    .await;
    let step = step().await;
    // Nobody else is asked.
    let (_, citizen) = password(&stage, &Person::stranger(&stage), MAU).await;
    assert_eq!(citizen["needs_second_factor"], false);
    let officer = Person::stranger(&stage);
    let (status, session) = password(&stage, &officer, OFFICER).await;
    assert_eq!(
        (status, &session["needs_second_factor"]),
        (200, &json!(true))
    );
    let counts = stage.at("/api/officer/inbox/counts");
    let (status, refused) = officer.get(counts.clone()).await;
    assert_eq!((status, code(&refused)), (403, "second-factor-required"));
    let (app, _) = set_up(&stage, &officer, step).await;
    assert_eq!(officer.get(counts.clone()).await.0, 200);
    let (_, session) = officer.get(stage.at("/api/session")).await;
    assert_eq!(session["needs_second_factor"], false);

    let administrator = Person::stranger(&stage);
    password(&stage, &administrator, "quantri.giang").await;
    set_up(&stage, &administrator, step).await;
    let (_, page) = administrator
        .post(
            stage.at("/api/officer/rights"),
            &json!({ "word": "Phạm Thị Kiểm" }),
        )
        .await;
    let line = &page["officers"][0];
    assert_eq!(line["second_factor"], true, "{page}");
    let of = |id: &Value| {
        let id = id.as_str().expect("an id");
        stage.at(&format!("/api/officer/rights/{id}/second-factor"))
    };
    let own = administrator.get(stage.at("/api/session")).await.1["account"]["id"].clone();
    assert_eq!(administrator.delete(of(&own)).await.0, 409);
    assert_eq!(officer.delete(of(&own)).await.0, 403);
    assert_eq!(administrator.delete(of(&line["id"])).await.0, 204);
    assert_eq!(officer.get(counts).await.0, 401, "signed out");
    assert_eq!(administrator.delete(of(&line["id"])).await.0, 404);
    let (status, session) = password(&stage, &officer, OFFICER).await;
    assert_eq!(
        (status, &session["needs_second_factor"]),
        (200, &json!(true))
    );
    assert_eq!(
        code(&give(&stage, &officer, &app.code(step)).await.1),
        "sign-in-too-slow"
    );
}
