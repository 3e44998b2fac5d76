//! Signing in at an identity provider (OpenID Connect), such as VNeID.

use serde::{Deserialize, Serialize};

/// One entry of `GET /api/oidc`: a button of the sign-in screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInWay {
    /// Its code in addresses: `/api/oidc/{code}/start?next=/path` begins the sign-in.
    pub code: String,
    /// What the button says, e.g. `Định danh điện tử (VNeID)`.
    pub name: String,
}

/// Answer to `DELETE /api/session` when the session began at a provider that can end its own one too; else there is none (204).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignedOut {
    /// Where the browser goes now; from there it comes back to the portal.
    pub continue_at: String,
}

/// Why a sign-in at a provider came to nothing: a word of the sign-in screen's address, never more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OidcTrouble {
    /// The person did not go through with it.
    Cancelled,
    /// It took too long, or began in another browser.
    Expired,
    /// The provider cannot be reached.
    Unreachable,
    /// What the provider said cannot be believed, or it refused.
    Refused,
    /// The person's identity is not proven well enough there.
    Level,
    /// The provider gave no identity number or no name.
    Incomplete,
    /// The identity number belongs to an account that cannot be used so.
    Taken,
}

impl OidcTrouble {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Cancelled,
        Self::Expired,
        Self::Unreachable,
        Self::Refused,
        Self::Level,
        Self::Incomplete,
        Self::Taken,
    ];

    /// The word in the address (`/dang-nhap?loi=…`).
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cancelled => "huy",
            Self::Expired => "het-han",
            Self::Unreachable => "khong-ket-noi",
            Self::Refused => "khong-hop-le",
            Self::Level => "muc-xac-thuc",
            Self::Incomplete => "thieu-thong-tin",
            Self::Taken => "trung-so",
        }
    }

    /// The trouble of a word; none for any other text.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// Longest path that is gone on to after a sign-in, in bytes.
const NEXT_BYTES_MAX: usize = 500;

/// Whether an address is a path of this portal's own pages: what comes with a request must never lead to somebody else's.
#[must_use]
pub fn is_own_path(path: &str) -> bool {
    path.len() <= NEXT_BYTES_MAX
        && path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/api/")
        // Browsers read a backslash as a slash and leave tabs and line feeds out.
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_leads_back_to_its_trouble() {
        for trouble in OidcTrouble::ALL {
            assert_eq!(OidcTrouble::of(trouble.word()), Some(trouble));
        }
        assert_eq!(OidcTrouble::of("<script>"), None);
    }

    #[test]
    fn only_own_pages_are_gone_on_to() {
        for path in ["/", "/thu-tuc?tu=khai%20sinh", "/quan-ly-ho-so#muc"] {
            assert!(is_own_path(path), "{path}");
        }
        for path in [
            "",
            "thu-tuc",
            "//evil.test",
            "/\\evil.test",
            "/\t/evil.test",
            "\\\\evil.test",
            "https://evil.test/",
            "/\n/evil.test",
            "/api/session",
            "/thủ-tục",
        ] {
            assert!(!is_own_path(path), "{path:?}");
        }
        assert!(!is_own_path(&format!("/{}", "a".repeat(600))));
    }
}
