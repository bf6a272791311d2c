//! Table of app passwords.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the table of app passwords.
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
                plain("app_passwords")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("account_id").uuid().not_null())
                    .col(column("name").text().not_null())
                    .col(column("prefix").text().not_null())
                    .col(column("secret_hash").text().not_null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .col(column("last_used_at").timestamp_with_time_zone().null())
                    .col(column("last_agent").text().null())
                    .foreign_key(&mut reference("app_passwords", "account_id", "accounts"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX app_passwords_prefix ON app_passwords (prefix)",
                "CREATE INDEX app_passwords_account ON app_passwords (account_id, id)",
            ],
        )
        .await
    }
}
