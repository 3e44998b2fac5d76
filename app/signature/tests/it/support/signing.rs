//! Signing as the worker does it.

use super::pki::Signer;
use contract::appearance::{Appearance, AppearanceMode};
use contract::geometry::Rect;
use contract::value::{Base64, Timestamp};
use contract::worker::{PrepareRequest, PreparedSignature};
use signature::{finish, prepare};

/// A box with text on a page.
pub fn request(signer: &Signer, page: u32, rect: Rect) -> PrepareRequest {
    PrepareRequest {
        copies: Vec::new(),
        page,
        rect,
        timestamped: false,
        appearance: Appearance {
            mode: AppearanceMode::TextOnly,
            signer: "Nguyễn Văn Mẫu".into(),
            signed_at: Timestamp(1_795_000_000_000),
            shows_time: true,
            issuer: Some("CA thử nghiệm".into()),
            masked_id: Some("0620•••011".into()),
            serial: None,
            reason: Some("Đồng ý".into()),
            location: None,
        },
        certificate: Base64(signer.certificate.clone()),
        chain: signer.chain.iter().cloned().map(Base64).collect(),
    }
}

/// A box that every test page has room for.
pub const BOX: Rect = Rect {
    x: 30.0,
    y: 40.0,
    width: 200.0,
    height: 80.0,
};

/// Prepares, signs and finishes.
pub fn sign(base: &[u8], signer: &Signer, rect: Rect) -> (PreparedSignature, Vec<u8>) {
    let (prepared, bytes) = prepare(base, &request(signer, 0, rect), None).unwrap();
    let value = signer.sign(&prepared.digest);
    let signed = finish(
        bytes,
        &prepared,
        &signer.certificate,
        &signer.issuers(),
        &value,
    )
    .unwrap();
    (prepared, signed)
}
