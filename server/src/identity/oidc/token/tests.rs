use super::super::jws::ALGORITHMS;
use super::*;
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::Signer as _;
use rsa::pkcs8::EncodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::json;
use std::sync::OnceLock;

const ISSUER: &str = "https://id.test/realm";
const CLIENT: &str = "portal";
const NOW: f64 = 1_800_000_000.0;
const ACCESS: &str = "access-token";

/// A provider's keys: an RSA one takes the better part of a second to make.
struct Pair {
    rsa: rsa::PrivateKey,
    other: rsa::PrivateKey,
    p256: p256::ecdsa::SigningKey,
}

fn pair() -> &'static Pair {
    static PAIR: OnceLock<Pair> = OnceLock::new();
    PAIR.get_or_init(|| {
        let mut random = rand::rng();
        Pair {
            rsa: rsa::PrivateKey::new(&mut random, 2048).expect("a key"),
            other: rsa::PrivateKey::new(&mut random, 2048).expect("a key"),
            p256: p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key"),
        }
    })
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn rsa_jwk(key: &rsa::PrivateKey, kid: &str) -> Value {
    let public = key.to_public_key();
    json!({
        "kty": "RSA", "use": "sig", "kid": kid,
        "n": encode(public.n_bytes()), "e": encode(public.e_bytes()),
    })
}

fn p256_jwk(kid: &str) -> Value {
    let point = pair().p256.verifying_key().to_sec1_point(false);
    let bytes = point.as_bytes();
    json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid,
        "x": encode(&bytes[1..33]), "y": encode(&bytes[33..65]),
    })
}

fn keys() -> Keys {
    Keys::read(&json!({ "keys": [rsa_jwk(&pair().rsa, "r1"), p256_jwk("e1")] }))
}

fn sign(header: &Value, claims: &Value) -> String {
    let signed = format!(
        "{}.{}",
        encode(header.to_string()),
        encode(claims.to_string())
    );
    let (rsa, algorithm) = (&pair().rsa, header["alg"].as_str().unwrap_or_default());
    let random = &mut rand::rng();
    let value = match algorithm {
        "RS256" => rsa
            .sign(rsa::Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&signed))
            .expect("signed"),
        "RS512" => rsa
            .sign(rsa::Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(&signed))
            .expect("signed"),
        "PS256" => rsa
            .sign_with_rng(random, rsa::Pss::<Sha256>::new(), &Sha256::digest(&signed))
            .expect("signed"),
        "ES256" => {
            let value: p256::ecdsa::Signature = pair().p256.sign(signed.as_bytes());
            value.to_bytes().to_vec()
        }
        _ => Vec::new(),
    };
    format!("{signed}.{}", encode(value))
}

fn rs256() -> Value {
    json!({ "alg": "RS256", "kid": "r1", "typ": "JWT" })
}

fn person() -> Value {
    json!({
        "iss": ISSUER, "sub": "somebody", "aud": CLIENT, "exp": NOW + 300.0, "iat": NOW, "nonce": "n-1",
        "sid": "s-1", "acr": "LoA2", "at_hash": half_hash("RS256", ACCESS),
    })
}

/// Claims with others in their place; null takes one away.
fn with(mut claims: Value, other: Value) -> Value {
    for (key, value) in other.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(key);
        } else {
            claims[key] = value.clone();
        }
    }
    claims
}

fn accepted() -> Vec<String> {
    ["RS256", "PS256", "ES256"].map(str::to_owned).to_vec()
}

fn look(token: &str, keys: &Keys) -> Result<IdToken, Fault> {
    let (algorithms, acr) = (accepted(), ["LoA2".to_owned(), "LoA3".to_owned()]);
    let expected = Expected {
        issuer: ISSUER,
        client_id: CLIENT,
        algorithms: &algorithms,
        now: NOW,
    };
    let answers = Answers {
        nonce: "n-1",
        access_token: ACCESS,
        acr: &acr,
    };
    expected.id_token(token, keys, &answers)
}

fn hear(token: &str) -> Result<LogoutToken, Fault> {
    let algorithms = accepted();
    let expected = Expected {
        issuer: ISSUER,
        client_id: CLIENT,
        algorithms: &algorithms,
        now: NOW,
    };
    expected.logout_token(token, &keys())
}

#[test]
fn a_token_is_believed_by_every_accepted_algorithm() {
    for (alg, kid) in [("RS256", "r1"), ("PS256", "r1"), ("ES256", "e1")] {
        let token = sign(&json!({ "alg": alg, "kid": kid }), &person());
        let seen = look(&token, &keys()).expect(alg);
        assert_eq!(
            (seen.subject.as_str(), seen.sid.as_deref()),
            ("somebody", Some("s-1"))
        );
    }
    // Without a key's name all that fit are tried.
    let token = sign(&json!({ "alg": "RS256" }), &person());
    assert!(look(&token, &keys()).is_ok());
}

#[test]
fn the_example_of_the_standard_verifies() {
    // RFC 7515, A.3: ES256.
    let set = json!({ "keys": [{
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }] });
    let token = "eyJhbGciOiJFUzI1NiJ9\
        .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
        .DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let claims = Jws::read(token)
        .and_then(|jws| jws.believed(&Keys::read(&set), &accepted()))
        .expect("the example");
    assert_eq!(claims["iss"], "joe");
}

#[test]
fn nobody_signs_it_with_nothing_or_with_what_everybody_knows() {
    let none = sign(&json!({ "alg": "none" }), &person());
    assert_eq!(look(&none, &keys()), Err(Fault::Algorithm));
    // The public key as a shared secret, in every form somebody might have taken it from.
    let public = pair().rsa.to_public_key();
    let jwk = rsa_jwk(&pair().rsa, "r1").to_string();
    let der = public.to_public_key_der().expect("DER");
    for secret in [jwk.as_bytes(), der.as_bytes()] {
        let header = json!({ "alg": "HS256", "kid": "r1" });
        let signed = format!(
            "{}.{}",
            encode(header.to_string()),
            encode(person().to_string())
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any length");
        mac.update(signed.as_bytes());
        let token = format!("{signed}.{}", encode(mac.finalize().into_bytes()));
        assert_eq!(look(&token, &keys()), Err(Fault::Algorithm));
    }
    // Even where an operator let it in by mistake (which the settings refuse).
    let jws = Jws::read(&none).expect("apart");
    assert_eq!(
        jws.believed(&keys(), &["none".to_owned()]),
        Err(Fault::Algorithm)
    );
    let stronger = sign(&json!({ "alg": "RS512", "kid": "r1" }), &person());
    assert_eq!(
        look(&stronger, &keys()),
        Err(Fault::Algorithm),
        "not accepted here"
    );
    assert!(
        Jws::read(&stronger)
            .expect("apart")
            .believed(&keys(), &ALGORITHMS.map(str::to_owned))
            .is_ok()
    );
}

#[test]
fn another_key_another_signature_and_another_text_are_refused() {
    let token = sign(&rs256(), &person());
    let others = Keys::read(&json!({ "keys": [rsa_jwk(&pair().other, "r1")] }));
    assert_eq!(look(&token, &others), Err(Fault::Signature));
    let (signed, _) = token.rsplit_once('.').expect("parts");
    for value in ["", "AAAA"] {
        assert_eq!(
            look(&format!("{signed}.{value}"), &keys()),
            Err(Fault::Signature)
        );
    }
    let (header, rest) = token.split_once('.').expect("parts");
    let (_, value) = rest.split_once('.').expect("parts");
    let changed = encode(with(person(), json!({ "sub": "another" })).to_string());
    let changed = format!("{header}.{changed}.{value}");
    assert_eq!(look(&changed, &keys()), Err(Fault::Signature));
    // A key is used for its own algorithm only.
    let confused = sign(&json!({ "alg": "RS256", "kid": "e1" }), &person());
    assert_eq!(look(&confused, &keys()), Err(Fault::UnknownKey));
    let mut bound = rsa_jwk(&pair().rsa, "r1");
    bound["alg"] = json!("PS256");
    let bound = Keys::read(&json!({ "keys": [bound] }));
    assert_eq!(look(&token, &bound), Err(Fault::UnknownKey));
    for text in [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "e30.e30.",
        &"a.".repeat(50_000),
    ] {
        assert!(look(text, &keys()).is_err(), "{text:.20}");
    }
}

#[test]
fn an_unknown_key_is_told_apart_so_that_new_ones_can_be_fetched() {
    let token = sign(&json!({ "alg": "RS256", "kid": "r2" }), &person());
    assert_eq!(look(&token, &keys()), Err(Fault::UnknownKey));
    let rotated = Keys::read(&json!({ "keys": [
        rsa_jwk(&pair().other, "r1"), rsa_jwk(&pair().rsa, "r2"),
    ] }));
    assert!(look(&token, &rotated).is_ok());
}

#[test]
fn unusable_keys_are_left_out() {
    let mut for_encryption = rsa_jwk(&pair().rsa, "enc");
    for_encryption["use"] = json!("enc");
    // 1024 bits.
    let mut small = rsa_jwk(&pair().rsa, "small");
    let mut modulus = vec![0xff; 128];
    modulus[0] = 0xc1;
    small["n"] = json!(encode(modulus));
    let mut off_curve = p256_jwk("off");
    off_curve["y"] = json!(encode([1; 32]));
    let shared = json!({ "kty": "oct", "k": "AAAA", "kid": "oct" });
    let nothing = json!({});
    let set = json!({ "keys": [for_encryption, small, off_curve, shared, nothing, 7] });
    assert!(Keys::read(&set).is_empty());
    assert!(Keys::read(&json!({ "keys": "none" })).is_empty());
}

#[test]
fn a_token_for_somebody_else_of_somebody_else_or_of_another_time_is_refused() {
    for (other, fault) in [
        (json!({ "iss": "https://id.test/other" }), Fault::Issuer),
        (json!({ "iss": null }), Fault::Issuer),
        (json!({ "iss": format!("{ISSUER}/") }), Fault::Issuer),
        (json!({ "aud": "another" }), Fault::Audience),
        (json!({ "aud": [] }), Fault::Audience),
        (json!({ "aud": null }), Fault::Audience),
        (json!({ "aud": [CLIENT, "another"] }), Fault::Audience),
        (
            json!({ "aud": [CLIENT, "another"], "azp": "another" }),
            Fault::Audience,
        ),
        (json!({ "azp": "another" }), Fault::Audience),
        (json!({ "exp": NOW - 61.0 }), Fault::Time),
        (json!({ "exp": null }), Fault::Time),
        (json!({ "exp": "never" }), Fault::Time),
        (json!({ "iat": NOW + 61.0 }), Fault::Time),
        (json!({ "iat": null }), Fault::Time),
        (json!({ "nbf": NOW + 61.0 }), Fault::Time),
        (json!({ "nonce": "n-2" }), Fault::Nonce),
        (json!({ "nonce": null }), Fault::Nonce),
        (
            json!({ "at_hash": half_hash("RS256", "another") }),
            Fault::AccessToken,
        ),
        (json!({ "at_hash": 7 }), Fault::AccessToken),
        (json!({ "acr": "LoA1" }), Fault::Level),
        (json!({ "acr": null }), Fault::Level),
        (json!({ "sub": null }), Fault::Subject),
        (json!({ "sub": "" }), Fault::Subject),
        (json!({ "sub": "a".repeat(256) }), Fault::Subject),
    ] {
        let token = sign(&rs256(), &with(person(), other.clone()));
        assert_eq!(look(&token, &keys()), Err(fault), "{other}");
    }
    for other in [
        json!({ "aud": [CLIENT] }),
        json!({ "aud": [CLIENT, "another"], "azp": CLIENT }),
        json!({ "exp": NOW - 59.0 }),
        json!({ "iat": NOW + 59.0 }),
        json!({ "at_hash": null }),
        json!({ "sid": null }),
        json!({ "acr": "LoA3" }),
    ] {
        let token = sign(&rs256(), &with(person(), other.clone()));
        assert!(look(&token, &keys()).is_ok(), "{other}");
    }
}

#[test]
fn a_header_that_must_be_understood_or_names_another_kind_is_refused() {
    let critical = sign(
        &json!({ "alg": "RS256", "kid": "r1", "crit": ["b64"], "b64": false }),
        &person(),
    );
    assert_eq!(look(&critical, &keys()), Err(Fault::Critical));
    let logout = sign(
        &json!({ "alg": "RS256", "kid": "r1", "typ": "logout+jwt" }),
        &person(),
    );
    assert_eq!(look(&logout, &keys()), Err(Fault::Kind));
}

fn ended() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "iat": NOW, "exp": NOW + 120.0, "jti": "j-1", "sub": "somebody", "sid": "s-1",
        "events": { LOGOUT: {} },
    })
}

#[test]
fn a_logout_token_is_a_logout_token() {
    let header = json!({ "alg": "RS256", "kid": "r1", "typ": "logout+jwt" });
    let heard = hear(&sign(&header, &ended())).expect("believed");
    assert_eq!(
        (heard.subject.as_deref(), heard.sid.as_deref()),
        (Some("somebody"), Some("s-1"))
    );
    assert_eq!(heard.jti, "j-1");
    assert!(
        heard.until >= NOW + 120.0 + SKEW,
        "as long as it is believed"
    );
    for other in [
        json!({ "sid": null }),
        json!({ "sub": null }),
        json!({ "exp": null }),
        json!({ "iat": NOW - 500.0, "exp": null }),
    ] {
        assert!(
            hear(&sign(&header, &with(ended(), other.clone()))).is_ok(),
            "{other}"
        );
    }
    for (other, fault) in [
        (json!({ "iss": "https://id.test" }), Fault::Issuer),
        (json!({ "aud": "another" }), Fault::Audience),
        (json!({ "iat": NOW - 700.0 }), Fault::Time),
        (json!({ "iat": NOW + 61.0 }), Fault::Time),
        (json!({ "iat": null }), Fault::Time),
        (json!({ "exp": NOW - 61.0 }), Fault::Time),
        (json!({ "nonce": "n-1" }), Fault::Kind),
        (json!({ "nonce": "" }), Fault::Kind),
        (json!({ "events": null }), Fault::Kind),
        (json!({ "events": {} }), Fault::Kind),
        (json!({ "events": [LOGOUT] }), Fault::Kind),
        (json!({ "events": { LOGOUT: true } }), Fault::Kind),
        (json!({ "sub": null, "sid": null }), Fault::Subject),
        (json!({ "sid": "" }), Fault::Subject),
        (json!({ "jti": null }), Fault::Malformed),
    ] {
        let token = sign(&header, &with(ended(), other.clone()));
        assert_eq!(hear(&token), Err(fault), "{other}");
    }
    // One kind of token is never taken for the other.
    assert_eq!(hear(&sign(&rs256(), &person())), Err(Fault::Kind));
    assert_eq!(look(&sign(&rs256(), &ended()), &keys()), Err(Fault::Nonce));
    let access = sign(
        &json!({ "alg": "RS256", "kid": "r1", "typ": "at+jwt" }),
        &ended(),
    );
    assert_eq!(hear(&access), Err(Fault::Kind));
    assert_eq!(
        hear(&sign(&json!({ "alg": "none" }), &ended())),
        Err(Fault::Algorithm)
    );
}

#[test]
fn the_hash_of_an_access_token_is_that_of_the_standard() {
    // OpenID Connect Core 1.0, A.3.
    let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(half_hash("RS256", token), "77QmUPtjPfzWtF2AnpK9RQ");
}

#[test]
fn what_a_person_is_makes_a_token_personal() {
    let Value::Object(plain) = person() else {
        panic!("no object");
    };
    assert!(is_impersonal(&plain));
    let Value::Object(named) = with(person(), json!({ "HoVaTen": "Đỗ Thị Giả Định" }))
    else {
        panic!("no object");
    };
    assert!(!is_impersonal(&named));
}
