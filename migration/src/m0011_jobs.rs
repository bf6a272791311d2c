//! Tables of jobs.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of jobs.
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
                plain("outbox_messages")
                    .col(column("id").uuid().not_null())
                    .col(column("topic").text().not_null())
                    .col(column("payload").json().not_null())
                    .col(column("state").text().not_null())
                    .col(column("attempts").integer().not_null())
                    .col(column("next_at").timestamp_with_time_zone().not_null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX outbox_messages_due ON outbox_messages (state, next_at)"]).await?;
        manager
            .create_table(
                plain("jobs")
                    .col(column("id").uuid().not_null())
                    .col(column("kind").text().not_null())
                    .col(column("payload").json().not_null())
                    .col(words("state", &["queued", "running", "failed"]))
                    .col(column("run_at").timestamp_with_time_zone().not_null())
                    .col(column("attempts").integer().not_null())
                    .col(column("lease_until").timestamp_with_time_zone().null())
                    .col(column("fence").big_integer().not_null())
                    .col(column("last_error").text().null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX jobs_due ON jobs (state, run_at)"]).await?;
        Ok(())
    }
}
