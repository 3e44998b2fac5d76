//! One small authority with everybody that a signature at every level needs. Nobody here exists.

use super::authority::{Party, Says, is_ca, purposes, usage};
use super::pki::{Key, Signer};
use contract::provider::Trust;
use contract::value::Base64;
use std::sync::LazyLock;

/// `id-kp-timeStamping`.
pub const STAMPING: &str = "1.3.6.1.5.5.7.3.8";
/// `id-kp-OCSPSigning`.
pub const ANSWERING: &str = "1.3.6.1.5.5.7.3.9";

/// Serials of those below the root.
pub const SIGNER: u8 = 2;
pub const FORMER: u8 = 3;
pub const STAMPER: u8 = 4;
pub const JACK: u8 = 5;
pub const RESPONDER: u8 = 6;

pub struct People {
    pub root: Party,
    pub signer: Party,
    /// Valid for the year 2025 alone.
    pub former: Party,
    /// Gives timestamps.
    pub stamper: Party,
    /// Timestamping is one of its purposes, not the only one.
    pub jack: Party,
    /// Answers for the root.
    pub responder: Party,
}

pub static PEOPLE: LazyLock<People> = LazyLock::new(|| People::under("Goc thu", 1));

fn below(root: Party) -> People {
    let signs = || vec![usage(0xc0)];
    let stamps = |purposes| vec![usage(0x80), purposes];
    People {
        signer: root.issue(&Says::new("Nguoi ky", SIGNER, signs())),
        former: root.issue(&Says {
            from: "20250101000000Z",
            to: "20251231000000Z",
            ..Says::new("Nguoi ky cu", FORMER, signs())
        }),
        stamper: root.issue(&Says::new(
            "Dau thoi gian",
            STAMPER,
            stamps(purposes(true, &[STAMPING])),
        )),
        jack: root.issue(&Says::new(
            "Moi viec",
            JACK,
            stamps(purposes(true, &[STAMPING, ANSWERING])),
        )),
        responder: root.issue(&Says::new(
            "Tra loi",
            RESPONDER,
            stamps(purposes(false, &[ANSWERING])),
        )),
        root,
    }
}

impl People {
    fn under(root: &str, serial: u8) -> Self {
        below(Party::root(&Says::new(
            root,
            serial,
            vec![is_ca(), usage(0x06)],
        )))
    }

    /// Others, under another root.
    pub fn strangers() -> Self {
        Self::under("Goc la", 99)
    }

    /// Others, under a root of the same name with another key.
    pub fn namesakes() -> Self {
        Self::under("Goc thu", 98)
    }

    /// Trust in the root.
    pub fn trust(&self) -> Trust {
        Trust {
            roots: vec![Base64(self.root.certificate.clone())],
        }
    }

    /// Somebody as who signs a document.
    pub fn signing(&self, party: &Party) -> Signer {
        Signer {
            key: Key::P256(party.key.clone()),
            certificate: party.certificate.clone(),
            chain: vec![self.root.certificate.clone()],
        }
    }
}
