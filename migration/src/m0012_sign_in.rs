//! Tables of signing in.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of signing in.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                plain("sign_in_sessions")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("prefix").text().not_null())
                    .col(column("secret_hash").text().not_null())
                    .col(column("account_id").uuid().not_null())
                    .col(words("method", &["mail_link", "openid_connect", "passkey", "emergency", "demo"]))
                    .col(column("agent").text().null())
                    .col(column("signed_in_at").timestamp_with_time_zone().not_null())
                    .col(column("last_used_at").timestamp_with_time_zone().not_null())
                    .col(column("expires_at").timestamp_with_time_zone().not_null())
                    .foreign_key(&mut reference("sign_in_sessions", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("sign_in_links")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("prefix").text().not_null())
                    .col(column("secret_hash").text().not_null())
                    .col(column("account_id").uuid().not_null())
                    .col(words("method", &["mail_link", "openid_connect", "passkey", "emergency", "demo"]))
                    .col(column("browser_hash").text().null())
                    .col(column("return_to").text().not_null())
                    .col(column("expires_at").timestamp_with_time_zone().not_null())
                    .foreign_key(&mut reference("sign_in_links", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("account_passwords")
                    .col(column("account_id").uuid().not_null().primary_key())
                    .col(column("hash").text().not_null())
                    .col(column("changed_at").timestamp_with_time_zone().not_null())
                    .foreign_key(&mut reference("account_passwords", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("throttles")
                    .col(column("key").text().not_null().primary_key())
                    .col(column("count").integer().not_null())
                    .col(column("ends_at").timestamp_with_time_zone().not_null())
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX sign_in_sessions_prefix ON sign_in_sessions (prefix)",
                "CREATE INDEX sign_in_sessions_account ON sign_in_sessions (account_id)",
                "CREATE UNIQUE INDEX sign_in_links_prefix ON sign_in_links (prefix)",
            ],
        )
        .await
    }
}
