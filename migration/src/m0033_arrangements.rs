//! Table of practical arrangements.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the table of practical arrangements.
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
                plain("practical_arrangements")
                    .col(column("event_id").uuid().not_null().primary_key())
                    .col(column("version").integer().not_null())
                    .col(column("changed_at").timestamp_with_time_zone().not_null())
                    .col(column("arrangements").json().not_null())
                    .foreign_key(&mut reference("practical_arrangements", "event_id", "events"))
                    .to_owned(),
            )
            .await
    }
}
