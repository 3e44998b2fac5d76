//! Signature profiles, and the certificates providers showed for their accounts.

use crate::database::{Database, StoreError, one, uuid};
use crate::signing::StoredCertificate;
use contract::profile::{SaveProfile, SignatureProfile};
use contract::provider::{CertificateInfo, ProviderCode};
use contract::value::{CitizenId, Serial, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

fn profile(row: &AnyRow) -> Result<SignatureProfile, StoreError> {
    Ok(SignatureProfile {
        id: uuid(&row.try_get::<String, _>("id")?)?,
        content: serde_json::from_str(&row.try_get::<String, _>("content")?)?,
        is_default: row.try_get::<i64, _>("is_default")? == 1,
        updated_at: Timestamp(row.try_get("updated_at")?),
        version: row.try_get("version")?,
    })
}

impl Database {
    /// All profiles of an account, the default first, then the newest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn profiles(&self, account: Uuid) -> Result<Vec<SignatureProfile>, StoreError> {
        sqlx::query("SELECT * FROM profile WHERE account_id = $1 ORDER BY is_default DESC, updated_at DESC, id")
            .bind(account.to_string())
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(profile)
            .collect()
    }

    /// Makes a profile (no `id`) or replaces one; exactly one profile of the account is the default afterwards.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or [`StoreError::Conflict`] when the version is not the stored one.
    pub async fn save_profile(
        &self,
        account: Uuid,
        id: Option<Uuid>,
        save: &SaveProfile,
        now: Timestamp,
    ) -> Result<SignatureProfile, StoreError> {
        let content = serde_json::to_string(&save.content)?;
        let mut write = self.write().await?;
        let id = if let Some(id) = id {
            let stored =
                sqlx::query("SELECT version FROM profile WHERE id = $1 AND account_id = $2")
                    .bind(id.to_string())
                    .bind(account.to_string())
                    .fetch_optional(&mut *write)
                    .await?
                    .ok_or(StoreError::NotFound)?;
            if save
                .version
                .is_some_and(|version| Ok(version) != stored.try_get("version").map_err(|_| ()))
            {
                return Err(StoreError::Conflict);
            }
            sqlx::query("UPDATE profile SET content = $1, updated_at = $2, version = version + 1 WHERE id = $3")
                .bind(content)
                .bind(now.0)
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
            id
        } else {
            let id = Uuid::now_v7();
            sqlx::query(
                "INSERT INTO profile (id, account_id, content, is_default, updated_at, version) VALUES ($1, $2, $3, 0, $4, 1)",
            )
            .bind(id.to_string())
            .bind(account.to_string())
            .bind(content)
            .bind(now.0)
            .execute(&mut *write)
            .await?;
            id
        };
        if save.is_default {
            sqlx::query("UPDATE profile SET is_default = CASE WHEN id = $1 THEN 1 ELSE 0 END WHERE account_id = $2")
                .bind(id.to_string())
                .bind(account.to_string())
                .execute(&mut *write)
                .await?;
        }
        ensure_default(&mut write, account).await?;
        let row = sqlx::query("SELECT * FROM profile WHERE id = $1")
            .bind(id.to_string())
            .fetch_one(&mut *write)
            .await?;
        let saved = profile(&row)?;
        write.commit().await?;
        Ok(saved)
    }

    /// Deletes a profile.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_profile(&self, account: Uuid, id: Uuid) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query("DELETE FROM profile WHERE id = $1 AND account_id = $2")
            .bind(id.to_string())
            .bind(account.to_string())
            .execute(&mut *write)
            .await?;
        one(&done, StoreError::NotFound)?;
        ensure_default(&mut write, account).await?;
        Ok(write.commit().await?)
    }

    /// Remembers the certificates a provider showed for an account in one answer. What the answer does not name any more (withdrawn,
    /// replaced) is forgotten, so that no signing can be bound to it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remember_certificates(
        &self,
        account: Uuid,
        provider: &ProviderCode,
        citizen_id: &CitizenId,
        certificates: &[CertificateInfo],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let answer = Uuid::now_v7().to_string();
        let mut write = self.write().await?;
        for certificate in certificates {
            sqlx::query(
                "INSERT INTO certificate (account_id, provider, citizen_id, serial, content, answer, seen_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (account_id, provider, citizen_id, serial)
                 DO UPDATE SET content = excluded.content, answer = excluded.answer, seen_at = excluded.seen_at",
            )
            .bind(account.to_string())
            .bind(provider.as_str())
            .bind(citizen_id.as_str())
            .bind(certificate.serial.as_str())
            .bind(serde_json::to_string(certificate)?)
            .bind(&answer)
            .bind(now.0)
            .execute(&mut *write)
            .await?;
        }
        sqlx::query(
            "DELETE FROM certificate WHERE account_id = $1 AND provider = $2 AND citizen_id = $3 AND answer <> $4",
        )
        .bind(account.to_string())
        .bind(provider.as_str())
        .bind(citizen_id.as_str())
        .bind(&answer)
        .execute(&mut *write)
        .await?;
        Ok(write.commit().await?)
    }

    /// A certificate that was shown to this account before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn certificate(
        &self,
        account: Uuid,
        provider: &ProviderCode,
        citizen_id: &CitizenId,
        serial: &Serial,
    ) -> Result<StoredCertificate, StoreError> {
        let row = sqlx::query(
            "SELECT content FROM certificate WHERE account_id = $1 AND provider = $2 AND citizen_id = $3 AND serial = $4",
        )
        .bind(account.to_string())
        .bind(provider.as_str())
        .bind(citizen_id.as_str())
        .bind(serial.as_str())
        .fetch_optional(&self.pool)
        .await?
        .ok_or(StoreError::NotFound)?;
        Ok(serde_json::from_str(&row.try_get::<String, _>("content")?)?)
    }
}

/// The newest profile becomes the default when none is.
async fn ensure_default(
    write: &mut sqlx::Transaction<'static, sqlx::Any>,
    account: Uuid,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE profile SET is_default = 1 WHERE account_id = $1
         AND NOT EXISTS (SELECT 1 FROM profile WHERE account_id = $1 AND is_default = 1)
         AND id = (SELECT id FROM profile WHERE account_id = $1 ORDER BY updated_at DESC, id DESC LIMIT 1)",
    )
    .bind(account.to_string())
    .execute(&mut **write)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_each};
    use contract::profile::ProfileContent;

    fn content(name: &str) -> SaveProfile {
        SaveProfile {
            content: ProfileContent {
                name: name.parse().expect("valid"),
                phone: "0900000011".parse().expect("valid"),
                keyword: "NGƯỜI LÀM ĐƠN".parse().expect("valid"),
                image: None,
                accounts: vec![],
            },
            is_default: false,
            version: None,
        }
    }

    fn shown(serial: &str) -> CertificateInfo {
        CertificateInfo {
            serial: serial.parse().expect("valid"),
            owner: String::new(),
            issuer: String::new(),
            citizen_id: None,
            valid_from: Timestamp(0),
            valid_to: Timestamp(0),
            usability: contract::provider::Usability::Usable,
            der: contract::value::Base64(Vec::new()),
            chain: Vec::new(),
        }
    }

    #[tokio::test]
    async fn a_certificate_the_provider_does_not_name_any_more_is_forgotten() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let provider: ProviderCode = "vnpt-ca".to_owned().try_into().expect("valid");
            let other: ProviderCode = "ca2".to_owned().try_into().expect("valid");
            let number: CitizenId = "062099000011".parse().expect("valid");
            let remember = async |provider: &ProviderCode, list: &[CertificateInfo]| {
                let now = Timestamp(1);
                let done = database.remember_certificates(owner, provider, &number, list, now);
                done.await.expect("remembered");
            };
            let find = async |provider: &ProviderCode, text: &str| {
                let serial = text.parse::<Serial>().expect("valid");
                let found = database.certificate(owner, provider, &number, &serial);
                found.await.is_ok()
            };
            remember(&provider, &[shown("5401"), shown("5402")]).await;
            remember(&other, &[shown("5401")]).await;
            remember(&provider, &[shown("5402")]).await;
            assert!(!find(&provider, "5401").await);
            assert!(find(&provider, "5402").await && find(&other, "5401").await);
        })
        .await;
    }

    #[tokio::test]
    async fn one_profile_is_the_default_whatever_happens() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let save = |name: &str, is_default: bool, at: i64| {
                let (database, save) = (
                    database.clone(),
                    SaveProfile {
                        is_default,
                        ..content(name)
                    },
                );
                async move {
                    database
                        .save_profile(owner, None, &save, Timestamp(at))
                        .await
                        .expect("saved")
                }
            };
            assert!(save("Một", false, 1).await.is_default, "the first one is");
            assert!(!save("Hai", false, 2).await.is_default);
            let third = save("Ba", true, 3).await;
            let names =
                |list: Vec<SignatureProfile>| list.into_iter().filter(|p| p.is_default).count();
            assert_eq!(names(database.profiles(owner).await.expect("list")), 1);
            database
                .delete_profile(owner, third.id)
                .await
                .expect("deleted");
            assert_eq!(names(database.profiles(owner).await.expect("list")), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn an_old_version_does_not_overwrite_and_others_have_no_access() {
        on_each(|database| async move {
            let (owner, other) = (account(&database).await, account(&database).await);
            let first = database
                .save_profile(owner, None, &content("Một"), Timestamp(1))
                .await
                .expect("saved");
            let edit = SaveProfile {
                version: Some(first.version),
                ..content("Hai")
            };
            database
                .save_profile(owner, Some(first.id), &edit, Timestamp(2))
                .await
                .expect("saved");
            let late = database
                .save_profile(owner, Some(first.id), &edit, Timestamp(3))
                .await;
            assert!(matches!(late, Err(StoreError::Conflict)));
            let foreign = database
                .save_profile(other, Some(first.id), &content("Ba"), Timestamp(4))
                .await;
            assert!(matches!(foreign, Err(StoreError::NotFound)));
            assert!(matches!(
                database.delete_profile(other, first.id).await,
                Err(StoreError::NotFound)
            ));
        })
        .await;
    }
}
