//! Tables of what events say about clashes.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of clashes.
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
                plain("clash_settings")
                    .col(column("event_id").uuid().not_null().primary_key())
                    .col(column("version").integer().not_null())
                    .col(column("changed_at").timestamp_with_time_zone().not_null())
                    .col(column("settings").json().not_null())
                    .foreign_key(&mut reference("clash_settings", "event_id", "events"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                root("clash_waivers")
                    .col(column("event_id").uuid().not_null())
                    .col(column("fingerprint").text().not_null())
                    .col(column("reason").text().not_null())
                    .col(column("until_at").timestamp_with_time_zone().null())
                    .col(column("author").text().not_null())
                    .col(column("author_id").uuid().null())
                    .foreign_key(&mut reference("clash_waivers", "event_id", "events"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX clash_waivers_event ON clash_waivers (event_id, id)"]).await
    }
}
