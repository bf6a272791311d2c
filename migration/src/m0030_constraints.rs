//! Table of what groups say of one another for all occasions.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the table of the conflicts of groups.
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
                plain("group_conflicts")
                    .col(column("group_id").uuid().not_null().primary_key())
                    .col(column("version").integer().not_null())
                    .col(column("changed_at").timestamp_with_time_zone().not_null())
                    .col(column("conflicts").json().not_null())
                    .foreign_key(&mut reference("group_conflicts", "group_id", "groups"))
                    .to_owned(),
            )
            .await
    }
}
