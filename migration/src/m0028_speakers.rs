//! Tables of speakers' lists.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of speakers' lists.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(lists()).await?;
        manager.create_table(speakers()).await?;
        statements(
            manager,
            &[
                "CREATE INDEX speakers_item ON speakers (agenda_item_id)",
                "CREATE UNIQUE INDEX speakers_floor ON speakers (agenda_item_id) \
                 WHERE state = 'speaking' AND deleted_at IS NULL",
            ],
        )
        .await
    }
}

fn lists() -> TableCreateStatement {
    plain("speakers_lists")
        .col(column("agenda_item_id").uuid().not_null().primary_key())
        .col(column("event_id").uuid().not_null())
        .col(column("version").integer().not_null())
        .col(column("changed_at").timestamp_with_time_zone().not_null())
        .col(column("settings").json().not_null())
        .col(column("extra_seconds").integer().not_null())
        .col(column("draw_seed").text().null())
        .col(column("drawn_at").timestamp_with_time_zone().null())
        .foreign_key(&mut reference("speakers_lists", "agenda_item_id", "agenda_items"))
        .foreign_key(&mut reference("speakers_lists", "event_id", "events"))
        .to_owned()
}

fn speakers() -> TableCreateStatement {
    let levels = [
        "head_of_state",
        "head_of_government",
        "minister",
        "deputy_minister",
        "ambassador",
        "head_of_delegation",
        "other",
    ];
    root("speakers")
        .col(column("agenda_item_id").uuid().not_null())
        .col(column("event_id").uuid().not_null())
        .col(column("delegation_id").uuid().not_null())
        .col(column("delegate_id").uuid().null())
        .col(words("kind", &["point_of_order", "group_statement", "statement", "right_of_reply"]))
        .col(words("level", &levels))
        .col(column("group_id").uuid().null())
        .col(column("on_behalf_of").text().null())
        .col(words("state", &["waiting", "speaking", "paused", "done", "withdrawn", "absent"]))
        .col(column("rank").integer().not_null())
        .col(column("lot").integer().null())
        .col(column("periods").json().not_null())
        .col(column("interrupted_by").uuid().null())
        .foreign_key(&mut reference("speakers", "agenda_item_id", "agenda_items"))
        .foreign_key(&mut reference("speakers", "event_id", "events"))
        .foreign_key(&mut reference("speakers", "delegation_id", "delegations"))
        .foreign_key(&mut reference("speakers", "delegate_id", "delegates"))
        .foreign_key(&mut reference("speakers", "group_id", "groups"))
        .to_owned()
}
