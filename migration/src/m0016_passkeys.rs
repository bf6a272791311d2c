//! Tables of passkeys.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of passkeys.
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
                plain("passkeys")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("account_id").uuid().not_null())
                    .col(column("name").text().not_null())
                    .col(column("credential_id").text().not_null())
                    .col(column("public_key").text().not_null())
                    .col(column("sign_count").big_integer().not_null())
                    .col(column("backup_eligible").boolean().not_null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .col(column("last_used_at").timestamp_with_time_zone().null())
                    .foreign_key(&mut reference("passkeys", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("passkey_challenges")
                    .col(column("challenge_hash").text().not_null())
                    .col(column("browser_hash").text().not_null())
                    .col(column("account_id").uuid().null())
                    .col(column("expires_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("challenge_hash"))
                    .foreign_key(&mut reference("passkey_challenges", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id)",
                "CREATE INDEX passkeys_account ON passkeys (account_id)",
                "CREATE INDEX passkey_challenges_expiry ON passkey_challenges (expires_at)",
            ],
        )
        .await
    }
}
