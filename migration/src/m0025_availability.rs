//! Tables of availability.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of availability.
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
                plain("delegate_availability")
                    .col(column("delegate_id").uuid().not_null().primary_key())
                    .col(column("event_id").uuid().not_null())
                    .col(column("windows").json().null())
                    .foreign_key(&mut reference("delegate_availability", "delegate_id", "delegates"))
                    .foreign_key(&mut reference("delegate_availability", "event_id", "events"))
                    .to_owned(),
            )
            .await
    }
}
