//! Table of the addresses of calendars.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the table of the addresses of calendars.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let results = [
            "read",
            "not_found",
            "refused",
            "redirected",
            "failed",
            "too_large",
            "not_a_calendar",
            "too_many",
            "timed_out",
            "unreachable",
            "address_refused",
            "key_changed",
        ];
        let result = column("result").text().null().check(Expr::col("result").is_in(results)).to_owned();
        manager
            .create_table(
                plain("busy_addresses")
                    .col(column("availability_id").uuid().not_null().primary_key())
                    .col(column("event_id").uuid().not_null())
                    .col(column("version").integer().not_null())
                    .col(column("changed_at").timestamp_with_time_zone().not_null())
                    .col(column("address").text().null())
                    .col(column("host").text().null())
                    .col(column("turn").uuid().not_null())
                    .col(column("read_at").timestamp_with_time_zone().null())
                    .col(result)
                    .col(column("not_read").json().not_null())
                    .col(column("failures").integer().not_null())
                    .foreign_key(&mut reference("busy_addresses", "availability_id", "availabilities"))
                    .foreign_key(&mut reference("busy_addresses", "event_id", "events"))
                    .to_owned(),
            )
            .await
    }
}
