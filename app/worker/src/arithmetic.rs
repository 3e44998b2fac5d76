//! Signature values by the browser: its arithmetic has the processor's wide multiplication, wasm has not. What it calls true is taken;
//! what it cannot read or calls false is computed here. Where the browser offers none (a page that did not come over HTTPS), all is.

use crate::digest;
use contract::validation::ValidationReport;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use signature::key::{KeyKind, Scheme};
use signature::{Claim, Values};
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{CryptoKey, SubtleCrypto};

/// Validates with the browser's arithmetic. `run` is asked twice where something that it believed does not hold.
pub(crate) async fn validated(
    values: &Rc<Values>,
    run: impl Fn(&Rc<Values>) -> ValidationReport,
) -> ValidationReport {
    let Some(subtle) = digest::subtle() else {
        return run(values);
    };
    values.believe();
    let told = run(values);
    let claims = values.believed();
    // All are begun before the first answer is waited for.
    let answers: Vec<Promise> = claims.iter().map(|claim| ask(&subtle, claim)).collect();
    let mut all = true;
    for (claim, answer) in claims.iter().zip(answers) {
        let holds = is_true(answer).await || claim.holds();
        values.know(claim, holds);
        all &= holds;
    }
    if all { told } else { run(values) }
}

/// Looks for the first of some claims that the browser calls true, and tells `values`.
pub(crate) async fn know_first(values: &Values, claims: &[Claim]) {
    let Some(subtle) = digest::subtle() else {
        return;
    };
    for claim in claims {
        if is_true(ask(&subtle, claim)).await {
            return values.know(claim, true);
        }
    }
}

async fn is_true(answer: Promise) -> bool {
    JsFuture::from(answer)
        .await
        .is_ok_and(|answer| answer.is_truthy())
}

/// Whether the browser calls a claim true; rejected where it cannot tell.
fn ask(subtle: &SubtleCrypto, claim: &Claim) -> Promise {
    let (Some(algorithm), Some(value)) = (algorithm(claim), claim.plain_value()) else {
        return Promise::resolve(&JsValue::FALSE);
    };
    let subtle = subtle.clone();
    let key = Uint8Array::from(claim.key.as_slice());
    let message = claim.message.clone();
    future_to_promise(async move {
        let usages: JsValue = Array::of1(&"verify".into()).into();
        let key = subtle.import_key_with_object("spki", &key, &algorithm, false, &usages)?;
        let key: CryptoKey = JsFuture::from(key).await?.unchecked_into();
        let answer = subtle
            .verify_with_object_and_u8_array_and_u8_array(&algorithm, &key, &value, &message)?;
        JsFuture::from(answer).await
    })
}

/// One description for importing the key and for verifying: each reads the members that it knows (Web Cryptography API, 20 to 23).
fn algorithm(claim: &Claim) -> Option<Object> {
    let (name, kind, more) = match (claim.scheme, claim.kind) {
        (Scheme::Pkcs1(kind), _) => ("RSASSA-PKCS1-v1_5", kind, None),
        (Scheme::Pss(kind, salt), _) => {
            let salt = u32::try_from(salt).ok()?;
            ("RSA-PSS", kind, Some(("saltLength", salt.into())))
        }
        (Scheme::Ecdsa(kind), KeyKind::P256) => {
            ("ECDSA", kind, Some(("namedCurve", "P-256".into())))
        }
        (Scheme::Ecdsa(kind), KeyKind::P384) => {
            ("ECDSA", kind, Some(("namedCurve", "P-384".into())))
        }
        (Scheme::Ecdsa(_) | Scheme::Ed25519, _) => return None,
    };
    let members = [("name", name.into()), ("hash", digest::name(kind).into())];
    Some(object(members.into_iter().chain(more)))
}

fn object<'m>(members: impl IntoIterator<Item = (&'m str, JsValue)>) -> Object {
    let made = Object::new();
    for (name, value) in members {
        let _: Result<bool, JsValue> = Reflect::set(&made, &name.into(), &value);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use signature::key::DigestKind;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    async fn bytes(promise: Promise) -> Vec<u8> {
        Uint8Array::new(&JsFuture::from(promise).await.unwrap()).to_vec()
    }

    /// `ECDSA-Sig-Value` of two numbers side by side (RFC 3279, 2.2.3).
    fn der(plain: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        for number in plain.chunks(plain.len() / 2) {
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            let mut number = number[zeros..].to_vec();
            if number[0] >= 0x80 {
                number.insert(0, 0);
            }
            content.extend([2, u8::try_from(number.len()).unwrap()]);
            content.extend(number);
        }
        let mut told = vec![0x30, u8::try_from(content.len()).unwrap()];
        told.extend(content);
        told
    }

    /// What the browser signs with a new key.
    async fn signed(scheme: Scheme, kind: KeyKind) -> Claim {
        let subtle = digest::subtle().expect("a secure place");
        let mut claim = Claim {
            key: Vec::new(),
            kind,
            scheme,
            message: b"what was signed".to_vec(),
            value: Vec::new(),
        };
        let algorithm = algorithm(&claim).unwrap();
        let exponent = Uint8Array::from([1_u8, 0, 1].as_slice());
        let more = object([
            ("modulusLength", 2048.into()),
            ("publicExponent", exponent.into()),
        ]);
        let how = Object::assign(&more, &algorithm);
        let usages: JsValue = Array::of2(&"sign".into(), &"verify".into()).into();
        let pair = subtle.generate_key_with_object(&how, true, &usages);
        let pair = JsFuture::from(pair.unwrap()).await.unwrap();
        let of = |name: &str| -> CryptoKey {
            Reflect::get(&pair, &name.into()).unwrap().unchecked_into()
        };
        claim.key = bytes(subtle.export_key("spki", &of("publicKey")).unwrap()).await;
        let value =
            subtle.sign_with_object_and_u8_array(&algorithm, &of("privateKey"), &claim.message);
        let value = bytes(value.unwrap()).await;
        claim.value = match scheme {
            Scheme::Ecdsa(_) => der(&value),
            _ => value,
        };
        claim
    }

    #[wasm_bindgen_test]
    async fn the_browser_and_the_crate_call_the_same_true() {
        let subtle = digest::subtle().expect("a secure place");
        let (rsa, sha256) = (KeyKind::Rsa(2048), DigestKind::Sha256);
        for (scheme, kind) in [
            (Scheme::Pkcs1(sha256), rsa),
            (Scheme::Pkcs1(DigestKind::Sha1), rsa),
            (Scheme::Pss(sha256, 32), rsa),
            (Scheme::Pss(DigestKind::Sha512, 20), rsa),
            (Scheme::Ecdsa(sha256), KeyKind::P256),
            (Scheme::Ecdsa(DigestKind::Sha384), KeyKind::P384),
            (Scheme::Ecdsa(DigestKind::Sha512), KeyKind::P256),
        ] {
            let claim = signed(scheme, kind).await;
            assert!(claim.holds(), "{scheme:?}");
            assert!(is_true(ask(&subtle, &claim)).await, "{scheme:?}");
            let mut other = claim.clone();
            other.message.push(b'.');
            let mut longer = claim.clone();
            longer.value.push(0);
            let mut nobody = claim;
            nobody.key.truncate(40);
            for wrong in [other, longer, nobody] {
                assert!(!wrong.holds(), "{scheme:?}");
                assert!(!is_true(ask(&subtle, &wrong)).await, "{scheme:?}");
            }
        }
    }

    #[wasm_bindgen_test]
    async fn the_first_claim_that_holds_is_known() {
        let pss = signed(Scheme::Pss(DigestKind::Sha256, 32), KeyKind::Rsa(2048)).await;
        let mut other = pss.clone();
        other.scheme = Scheme::Pkcs1(DigestKind::Sha256);
        let values = Values::default();
        know_first(&values, &[other.clone(), pss.clone()]).await;
        assert_eq!(
            values.known(&other),
            None,
            "what is called false is computed"
        );
        assert_eq!(values.known(&pss), Some(true));
    }
}
