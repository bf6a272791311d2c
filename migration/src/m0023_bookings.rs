//! Tables of bookings of rooms.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of bookings of rooms.
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
                root("room_bookings")
                    .col(column("room_id").uuid().not_null())
                    .col(column("event_id").uuid().null())
                    .col(column("session_id").uuid().null())
                    .col(words("kind", &["hold", "prebooking", "blocking", "maintenance"]))
                    .col(words("state", &["requested", "approved", "refused"]))
                    .col(column("starts_local").date_time().not_null())
                    .col(column("ends_local").date_time().not_null())
                    .col(column("starts_at").timestamp_with_time_zone().not_null())
                    .col(column("ends_at").timestamp_with_time_zone().not_null())
                    .col(column("time_zone").text().not_null())
                    .col(column("expires_at").timestamp_with_time_zone().null())
                    .col(column("booked_for").text().null())
                    .col(column("reason").text().null())
                    .col(column("note").text().null())
                    .col(column("sort_key").text().not_null())
                    .foreign_key(&mut reference("room_bookings", "room_id", "rooms"))
                    .foreign_key(&mut reference("room_bookings", "event_id", "events"))
                    .foreign_key(&mut reference("room_bookings", "session_id", "sessions"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE INDEX room_bookings_order ON room_bookings (room_id, sort_key, id)",
                "CREATE INDEX room_bookings_room ON room_bookings (room_id, starts_at)",
            ],
        )
        .await
    }
}
