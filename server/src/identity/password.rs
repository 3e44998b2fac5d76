//! Passwords: argon2id with its defaults, off the async threads.

use anyhow::{Result, anyhow};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};

/// A hash of nobody's password, to spend the same time on unknown names.
static NOBODY: std::sync::OnceLock<String> = std::sync::OnceLock::new();

fn hash_now(password: &str) -> Result<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| anyhow!("argon2: {error}"))
}

fn verify_now(password: &str, stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else {
        // An account without a password: none is right, and finding that out takes as long.
        waste_now(password);
        return false;
    };
    Argon2::default()
        .verify_password(password.as_bytes(), &hash)
        .is_ok()
}

fn waste_now(password: &str) {
    let stored = NOBODY.get_or_init(|| hash_now("nobody").unwrap_or_default());
    if let Ok(hash) = PasswordHash::new(stored) {
        let _ = Argon2::default().verify_password(password.as_bytes(), &hash);
    }
}

/// A PHC string.
pub async fn hash(password: String) -> Result<String> {
    tokio::task::spawn_blocking(move || hash_now(&password)).await?
}

/// Whether a password belongs to a hash.
pub async fn verify(password: String, stored: String) -> bool {
    tokio::task::spawn_blocking(move || verify_now(&password, &stored))
        .await
        .unwrap_or(false)
}

/// As long as [`verify`], for nothing.
pub async fn waste(password: String) {
    let _ = tokio::task::spawn_blocking(move || waste_now(&password)).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_belongs_to_an_account_without_one() {
        for password in ["", "nobody", "Demo@2026"] {
            assert!(!verify_now(password, ""), "{password}");
        }
        let stored = hash_now("đúng").expect("hashed");
        assert!(verify_now("đúng", &stored) && !verify_now("", &stored));
    }
}
