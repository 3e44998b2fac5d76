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
    PasswordHash::new(stored).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
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
    let _ = tokio::task::spawn_blocking(move || {
        let stored = NOBODY.get_or_init(|| hash_now("nobody").unwrap_or_default());
        verify_now(&password, stored)
    })
    .await;
}
