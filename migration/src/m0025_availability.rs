//! Table of availability.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the table of availability.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let one_owner = Expr::col("delegate_id").is_null().ne(Expr::col("delegation_id").is_null());
        manager
            .create_table(
                plain("availabilities")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("event_id").uuid().not_null())
                    .col(column("delegate_id").uuid().null().unique_key())
                    .col(column("delegation_id").uuid().null().unique_key().check(one_owner))
                    .col(column("windows").json().null())
                    .foreign_key(&mut reference("availabilities", "event_id", "events"))
                    .foreign_key(&mut reference("availabilities", "delegate_id", "delegates"))
                    .foreign_key(&mut reference("availabilities", "delegation_id", "delegations"))
                    .to_owned(),
            )
            .await
    }
}
