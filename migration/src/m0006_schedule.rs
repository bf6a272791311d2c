//! Tables of schedule.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of schedule.
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
                root("sessions")
                    .col(column("event_id").uuid().not_null())
                    .col(column("number").integer().not_null())
                    .col(words(
                        "kind",
                        &[
                            "plenary",
                            "committee",
                            "group_meeting",
                            "subgroup",
                            "bureau",
                            "informal_consultation",
                            "bilateral",
                            "side_event",
                            "training",
                            "workshop",
                            "ceremony",
                            "press",
                            "social",
                            "technical",
                            "break",
                        ],
                    ))
                    .col(column("title").json().not_null())
                    .col(column("description").json().not_null())
                    .col(column("track").text().null())
                    .col(column("group_id").uuid().null())
                    .col(column("joint_groups").json().not_null())
                    .col(column("joint_groups_id").uuid().null())
                    .col(column("sitting_of").uuid().null())
                    .col(column("room_id").uuid().null())
                    .col(column("starts_local").date_time().null())
                    .col(column("ends_local").date_time().null())
                    .col(column("starts_at").timestamp_with_time_zone().null())
                    .col(column("ends_at").timestamp_with_time_zone().null())
                    .col(column("languages").json().not_null())
                    .col(column("requirements").json().not_null())
                    .col(words("state", &["draft", "scheduled", "held", "cancelled"]))
                    .col(column("announced").boolean().not_null())
                    .col(column("cancel_reason").text().null())
                    .col(words("visibility", VISIBILITY))
                    .col(words("shown_to", VISIBILITY))
                    .col(column("audience").json().not_null())
                    .col(audience_id())
                    .col(words("tlp", TLP))
                    .col(column("sequence").integer().not_null())
                    .col(column("vevent").text().null())
                    .col(column("restricted_vevent").text().null())
                    .col(column("search_key").text().not_null())
                    .col(column("sort_key").text().not_null())
                    .foreign_key(&mut reference("sessions", "event_id", "events"))
                    .foreign_key(&mut reference("sessions", "group_id", "groups"))
                    .foreign_key(&mut reference("sessions", "sitting_of", "sessions"))
                    .foreign_key(&mut reference("sessions", "room_id", "rooms"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX sessions_number ON sessions (event_id, number)",
                "CREATE INDEX sessions_order ON sessions (sort_key, id)",
                "CREATE INDEX sessions_event ON sessions (event_id, sort_key, id)",
                "CREATE INDEX sessions_group ON sessions (group_id, sort_key, id)",
                "CREATE INDEX sessions_sitting_of ON sessions (sitting_of)",
                "CREATE INDEX sessions_joint_groups ON sessions (joint_groups_id)",
                "CREATE INDEX sessions_room ON sessions (room_id, starts_at)",
            ],
        )
        .await?;
        Ok(())
    }
}
