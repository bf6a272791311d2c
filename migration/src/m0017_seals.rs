//! Tables of sealed groups.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of sealed groups.
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
                plain("group_seals")
                    .col(column("group_id").uuid().not_null())
                    .col(column("sealed_by").uuid().not_null())
                    .col(column("sealed_at").timestamp_with_time_zone().not_null())
                    .col(column("asked_by").uuid().null())
                    .col(column("asked_at").timestamp_with_time_zone().null())
                    .col(column("reason").text().null())
                    .primary_key(Index::create().col("group_id"))
                    .foreign_key(&mut reference("group_seals", "group_id", "groups"))
                    .foreign_key(&mut reference("group_seals", "sealed_by", "accounts"))
                    .foreign_key(&mut reference("group_seals", "asked_by", "accounts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("group_seal_admissions")
                    .col(column("group_id").uuid().not_null())
                    .col(column("account_id").uuid().not_null())
                    .col(column("admitted_by").uuid().not_null())
                    .col(column("admitted_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("group_id").col("account_id"))
                    .foreign_key(&mut reference("group_seal_admissions", "group_id", "groups"))
                    .foreign_key(&mut reference("group_seal_admissions", "account_id", "accounts"))
                    .foreign_key(&mut reference("group_seal_admissions", "admitted_by", "accounts"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX group_seal_admissions_account ON group_seal_admissions (account_id)"]).await
    }
}
