//! Tables of access.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of access.
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
                root("accounts")
                    .col(column("person_id").uuid().null())
                    .col(column("email").text().not_null())
                    .col(column("email_key").text().not_null())
                    .col(column("display_name").text().not_null())
                    .col(words("role", ROLE))
                    .col(column("organisation_id").uuid().null())
                    .col(column("limits").json().not_null())
                    .col(column("ends_at").timestamp_with_time_zone().null())
                    .col(words("state", &["active", "disabled"]))
                    .col(column("invited").boolean().not_null())
                    .col(column("last_signed_in_at").timestamp_with_time_zone().null())
                    .foreign_key(&mut reference("accounts", "person_id", "persons"))
                    .foreign_key(&mut reference("accounts", "organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE UNIQUE INDEX accounts_email ON accounts (email_key) WHERE deleted_at IS NULL"])
            .await?;
        manager
            .create_table(
                plain("audience_members")
                    .col(column("audience_id").uuid().not_null())
                    .col(column("member_id").uuid().not_null())
                    .primary_key(Index::create().col("audience_id").col("member_id"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX audience_members_member ON audience_members (member_id)"]).await?;
        manager
            .create_table(
                root("api_keys")
                    .col(column("name").text().not_null())
                    .col(column("prefix").text().not_null())
                    .col(column("secret_hash").text().not_null())
                    .col(words("role", ROLE))
                    .col(column("scopes").json().not_null())
                    .col(words("tlp_ceiling", TLP))
                    .col(column("networks").json().not_null())
                    .col(column("owner_id").uuid().not_null())
                    .col(column("lineage_id").uuid().not_null())
                    .col(column("organisation_id").uuid().null())
                    .col(column("expires_at").timestamp_with_time_zone().not_null())
                    .col(column("last_used_at").timestamp_with_time_zone().null())
                    .foreign_key(&mut reference("api_keys", "owner_id", "accounts"))
                    .foreign_key(&mut reference("api_keys", "organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX api_keys_prefix ON api_keys (prefix)",
                "CREATE INDEX api_keys_lineage ON api_keys (lineage_id)",
            ],
        )
        .await?;
        manager
            .create_table(
                plain("api_key_limits")
                    .col(column("key_id").uuid().not_null())
                    .col(column("kind").text().not_null())
                    .col(column("object_id").uuid().not_null())
                    .primary_key(Index::create().col("key_id").col("kind").col("object_id"))
                    .foreign_key(&mut reference("api_key_limits", "key_id", "api_keys"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("idempotency_records")
                    .col(column("principal").text().not_null())
                    .col(column("key").text().not_null())
                    .col(column("fingerprint").text().not_null())
                    .col(column("status").integer().null())
                    .col(column("headers").json().not_null())
                    .col(column("body").text().null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .col(column("expires_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("principal").col("key"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX idempotency_records_expiry ON idempotency_records (expires_at)"]).await?;
        Ok(())
    }
}
