use super::*;
use crate::testing::on_each;
use crate::{NewSession, Proved};
use contract::access::{Device, SignInMethod};

const ISSUER: &str = "https://id.test";
const NUMBER: &str = "062199000044";

fn login(state: &str) -> OidcLogin {
    OidcLogin {
        state_sha256: state.into(),
        browser_sha256: "browser".into(),
        provider: "vneid".into(),
        nonce: "nonce".into(),
        verifier: "verifier".into(),
        next: "/thu-tuc".into(),
        expires_at: Timestamp(1000),
    }
}

fn person(number: Option<&str>) -> Person {
    Person {
        citizen_id: number.and_then(|number| number.parse().ok()),
        born_on: Some("1999-01-31".into()),
        ..Person::default()
    }
}

fn identity(subject: &str, number: Option<&str>) -> ExternalIdentity {
    ExternalIdentity {
        issuer: ISSUER.into(),
        subject: subject.into(),
        user_name: None,
        name: Some("Đỗ Thị Giả Định".into()),
        person: person(number),
    }
}

fn local(user_name: &str, number: Option<&str>) -> NewAccount {
    NewAccount {
        user_name: user_name.into(),
        password: "hash".into(),
        role: Role::Citizen,
        name: "Đỗ Thị Giả Định".into(),
        agency: None,
        person: Person {
            citizen_id: number.and_then(|number| number.parse().ok()),
            ..Person::default()
        },
        grants: Vec::new(),
    }
}

#[tokio::test]
async fn a_sign_in_comes_back_once_in_time_to_its_own_browser() {
    on_each(|database| async move {
        let begun = login("state");
        let now = Timestamp(1);
        database.begin_oidc_login(&begun, now).await.expect("begun");
        let take = |state: &'static str, browser: &'static str, provider: &'static str, at: i64| {
            let database = database.clone();
            async move {
                database
                    .take_oidc_login(state, browser, provider, Timestamp(at))
                    .await
            }
        };
        for (state, browser, provider, at) in [
            ("other", "browser", "vneid", 1),
            ("state", "another", "vneid", 1),
            ("state", "browser", "other", 1),
            ("state", "browser", "vneid", 1000),
        ] {
            let taken = take(state, browser, provider, at).await;
            assert!(
                matches!(taken, Err(StoreError::NotFound)),
                "{state} {browser} {provider} {at}"
            );
        }
        let taken = take("state", "browser", "vneid", 999).await;
        assert_eq!(taken.expect("its own"), begun);
        let again = take("state", "browser", "vneid", 999).await;
        assert!(matches!(again, Err(StoreError::NotFound)), "used once");

        database.begin_oidc_login(&begun, now).await.expect("begun");
        let other = login("later");
        database
            .begin_oidc_login(&other, Timestamp(1000))
            .await
            .expect("begun");
        let swept = take("state", "browser", "vneid", 1).await;
        assert!(
            matches!(swept, Err(StoreError::NotFound)),
            "swept by the next"
        );
    })
    .await;
}

#[tokio::test]
async fn an_identity_makes_an_account_once() {
    on_each(|database| async move {
        let somebody = identity("a", Some(NUMBER));
        let made = database
            .account_of_identity(&somebody, Timestamp(1))
            .await
            .expect("made");
        assert_eq!(made.role, Role::Citizen);
        assert_eq!(made.person, somebody.person);
        let stored = database.account_by_name(NUMBER).await.expect("by number");
        assert_eq!((stored.account.id, stored.password.as_str()), (made.id, ""));
        // Whatever else is said later: the identity is who it is.
        let later = ExternalIdentity {
            name: None,
            ..identity("a", Some("062199000055"))
        };
        let again = database
            .account_of_identity(&later, Timestamp(2))
            .await
            .expect("again");
        assert_eq!(again, made);
        let nameless = ExternalIdentity {
            name: None,
            ..identity("b", None)
        };
        let none = database.account_of_identity(&nameless, Timestamp(2)).await;
        assert!(matches!(none, Err(StoreError::NotFound)));
        let unnumbered = database
            .account_of_identity(&identity("c", None), Timestamp(2))
            .await
            .expect("made");
        assert_ne!(unnumbered.id, made.id);
    })
    .await;
}

#[tokio::test]
async fn an_identity_is_bound_to_the_account_of_its_number_and_fills_in_what_is_missing() {
    on_each(|database| async move {
        // One whose number begins alike, with nine digits and with twelve.
        let short = local("khac", Some("062199000"));
        database.add_account(&short).await.expect("added");
        let own = local("dinh", Some(NUMBER));
        database.add_account(&own).await.expect("added");
        let own = database.account_by_name("dinh").await.expect("there");
        let bound = database
            .account_of_identity(&identity("a", Some(NUMBER)), Timestamp(1))
            .await
            .expect("bound");
        assert_eq!(bound.id, own.account.id);
        assert_eq!(bound.person.born_on.as_deref(), Some("1999-01-31"));
        let stored = database.account_by_name("dinh").await.expect("there");
        assert_eq!(stored.account.person, bound.person);
        assert_eq!(stored.password, "hash", "the password stays");
        let short = database
            .account_of_identity(&identity("b", Some("062199000")), Timestamp(1))
            .await
            .expect("bound");
        assert_eq!(short.name.as_str(), "Đỗ Thị Giả Định");
        assert_ne!(short.id, bound.id);
        // The user name of somebody with another number is nobody else's account.
        let other = local("062199000066", Some("062199000077"));
        database.add_account(&other).await.expect("added");
        let taken = database
            .account_of_identity(&identity("c", Some("062199000066")), Timestamp(1))
            .await;
        assert!(matches!(taken, Err(StoreError::Conflict)));
    })
    .await;
}

#[tokio::test]
async fn a_user_name_leads_to_officers_only() {
    on_each(|database| async move {
        let officer = NewAccount {
            role: Role::Officer,
            ..local("canbo.mot", None)
        };
        database.add_account(&officer).await.expect("added");
        database
            .add_account(&local("dan", None))
            .await
            .expect("added");
        let by_name = |subject: &str, user_name: &str| ExternalIdentity {
            user_name: Some(user_name.into()),
            ..identity(subject, None)
        };
        let bound = database
            .account_of_identity(&by_name("a", "canbo.mot"), Timestamp(1))
            .await
            .expect("bound");
        assert_eq!(bound.role, Role::Officer);
        assert_eq!(
            bound.person,
            Person::default(),
            "an officer's is not filled in"
        );
        let other = database
            .account_of_identity(&by_name("b", "dan"), Timestamp(1))
            .await
            .expect("made");
        let citizen = database.account_by_name("dan").await.expect("there");
        assert_ne!(other.id, citizen.account.id);
    })
    .await;
}

/// A session; its name.
async fn begin(database: &Database, token: &str, account: Uuid) -> Uuid {
    let id = Uuid::new_v4();
    let new = NewSession {
        id,
        token_sha256: token,
        account,
        method: SignInMethod::OpenId,
        authenticated_at: Timestamp(1),
        device: &Device::default(),
        replaces: None,
    };
    let begun = database.begin_session(&new, Timestamp(1)).await;
    assert_eq!(begun.expect("begun"), None);
    id
}

#[tokio::test]
async fn what_ends_there_ends_here_and_is_heard_once() {
    on_each(|database| async move {
        let made = database
            .account_of_identity(&identity("a", Some(NUMBER)), Timestamp(1))
            .await
            .expect("made");
        let mut names = std::collections::BTreeMap::new();
        for (token, sid) in [("one", Some("s1")), ("two", Some("s2")), ("three", None)] {
            names.insert(begin(&database, token, made.id).await, token);
            let session = OidcSession {
                provider: "vneid".into(),
                issuer: ISSUER.into(),
                subject: "a".into(),
                sid: sid.map(str::to_owned),
                id_token: None,
            };
            database
                .note_oidc_session(token, &session)
                .await
                .expect("noted");
            assert_eq!(
                database.oidc_session(token).await.expect("read"),
                Some(session)
            );
        }
        names.insert(begin(&database, "local", made.id).await, "local");
        let end = |issuer: &'static str, subject, sid, jti: Option<&'static str>| {
            let database = database.clone();
            async move {
                let ended = EndedThere {
                    issuer,
                    subject,
                    sid,
                    heard: jti.map(|jti| (jti, Timestamp(100))),
                };
                database.end_oidc_sessions(ended, Timestamp(2)).await
            }
        };
        let nobody = end("https://other.test", Some("a"), Some("s1"), Some("j0")).await;
        assert!(nobody.expect("another issuer").is_empty());
        let nobody = end(ISSUER, Some("b"), Some("s1"), Some("j1")).await;
        assert!(nobody.expect("another person").is_empty());
        let one = end(ISSUER, Some("a"), Some("s1"), Some("j2")).await;
        let named = |ended: Vec<Uuid>| {
            let mut tokens: Vec<_> = ended.iter().map(|id| names[id]).collect();
            tokens.sort_unstable();
            tokens
        };
        assert_eq!(named(one.expect("that one")), ["one"]);
        let again = end(ISSUER, Some("a"), None, Some("j2")).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "heard before");
        assert_eq!(database.oidc_session("one").await.expect("read"), None);
        // A session that got another token is still the provider's.
        let before = Proved::Before(Timestamp(1));
        database
            .renew_session(
                "two",
                "two again",
                SignInMethod::OpenId,
                before,
                Timestamp(2),
            )
            .await
            .expect("renewed");
        assert_eq!(database.oidc_session("two").await.expect("read"), None);
        let rest = end(ISSUER, Some("a"), None, Some("j3")).await.expect("all");
        assert_eq!(named(rest), ["three", "two"]);
        let all: Vec<Uuid> = names.keys().copied().collect();
        let live = database
            .live_sessions(&all, Timestamp(0), Timestamp(0))
            .await
            .expect("read");
        assert_eq!(named(live.into_iter().collect()), ["local"]);
        assert!(
            end(ISSUER, None, None, None)
                .await
                .expect("nothing")
                .is_empty()
        );
        let chain = database.verify_audit(None).await.expect("followed");
        assert!(chain.broken.is_none());
    })
    .await;
}
