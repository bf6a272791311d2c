//! Table of what calendars held when clients synchronised.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the table of what calendars held when clients synchronised.
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
                plain("calendar_states")
                    .col(column("feed_id").uuid().not_null())
                    .col(column("tag").text().not_null())
                    .col(column("kept_at").timestamp_with_time_zone().not_null())
                    .col(column("entries").json().not_null())
                    .primary_key(Index::create().col("feed_id").col("tag"))
                    .foreign_key(&mut reference("calendar_states", "feed_id", "feeds"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX calendar_states_kept ON calendar_states (feed_id, kept_at)"]).await
    }
}
