//! Tables of events.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of events.
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
                root("events")
                    .col(column("code").text().not_null())
                    .col(column("code_key").text().not_null())
                    .col(words(
                        "kind",
                        &["assembly", "group_meeting", "workshop", "training", "visit", "ceremony", "conference"],
                    ))
                    .col(column("title").json().not_null())
                    .col(column("description").json().not_null())
                    .col(column("group_id").uuid().null())
                    .col(column("ordinal").integer().null())
                    .col(column("host_id").uuid().null())
                    .col(column("city").json().not_null())
                    .col(column("country_id").uuid().null())
                    .col(column("time_zone").text().not_null())
                    .col(column("starts_on").date().not_null())
                    .col(column("ends_on").date().not_null())
                    .col(column("languages").json().not_null())
                    .col(column("tracks").json().not_null())
                    .col(words("state", &["idea", "tentative", "announced", "running", "closed", "cancelled"]))
                    .col(words("visibility", VISIBILITY))
                    .col(column("audience").json().not_null())
                    .col(audience_id())
                    .col(words("tlp", TLP))
                    .col(column("sequence").integer().not_null())
                    .col(column("vevent").text().null())
                    .col(column("search_key").text().not_null())
                    .col(column("sort_key").text().not_null())
                    .foreign_key(&mut reference("events", "group_id", "groups"))
                    .foreign_key(&mut reference("events", "host_id", "organisations"))
                    .foreign_key(&mut reference("events", "country_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX events_code ON events (code_key) WHERE deleted_at IS NULL",
                "CREATE INDEX events_order ON events (sort_key, id)",
                "CREATE INDEX events_group ON events (group_id)",
            ],
        )
        .await?;
        manager
            .create_table(
                root("rooms")
                    .col(column("code").text().not_null())
                    .col(column("code_key").text().not_null())
                    .col(column("name").json().not_null())
                    .col(column("venue").json().not_null())
                    .col(column("public_label").json().not_null())
                    .col(column("capacity").integer().null())
                    .col(column("layouts").json().not_null())
                    .col(column("zone").text().null())
                    .col(column("floor").integer().null())
                    .col(column("position").text().null())
                    .col(column("time_zone").text().null())
                    .col(column("opening_hours").json().not_null())
                    .col(column("needs_approval").boolean().not_null())
                    .col(column("shared").boolean().not_null())
                    .col(column("owner_group_id").uuid().null())
                    .col(column("features").json().not_null())
                    .col(column("search_key").text().not_null())
                    .col(column("sort_key").text().not_null())
                    .foreign_key(&mut reference("rooms", "owner_group_id", "groups"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX rooms_code ON rooms (code_key) WHERE deleted_at IS NULL",
                "CREATE INDEX rooms_order ON rooms (sort_key, id)",
            ],
        )
        .await?;
        Ok(())
    }
}
