//! Tables of drafts and releases of programmes.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of releases.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        draft(manager).await?;
        releases(manager).await?;
        released_sessions(manager).await
    }
}

async fn draft(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            plain("session_plans")
                .col(column("session_id").uuid().not_null().primary_key())
                .col(column("event_id").uuid().not_null())
                .col(column("version").integer().not_null())
                .col(column("changed_at").timestamp_with_time_zone().not_null())
                .col(column("planned").json().null())
                .col(words("shown_to", VISIBILITY))
                .col(column("audience_id").uuid().null())
                .col(words("tlp", TLP))
                .foreign_key(&mut reference("session_plans", "session_id", "sessions"))
                .foreign_key(&mut reference("session_plans", "event_id", "events"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            plain("draft_changes")
                .col(column("event_id").uuid().not_null())
                .col(column("number").integer().not_null())
                .col(column("steps").json().not_null())
                .primary_key(Index::create().col("event_id").col("number"))
                .foreign_key(&mut reference("draft_changes", "event_id", "events"))
                .to_owned(),
        )
        .await?;
    statements(manager, &["CREATE INDEX session_plans_event ON session_plans (event_id)"]).await
}

async fn releases(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            plain("releases")
                .col(column("id").uuid().not_null().primary_key())
                .col(column("event_id").uuid().not_null())
                .col(column("number").integer().not_null())
                .col(column("name").text().not_null())
                .col(column("name_key").text().not_null())
                .col(column("comment").json().not_null())
                .col(column("created_at").timestamp_with_time_zone().not_null())
                .foreign_key(&mut reference("releases", "event_id", "events"))
                .to_owned(),
        )
        .await?;
    statements(
        manager,
        &[
            "CREATE UNIQUE INDEX releases_number ON releases (event_id, number)",
            "CREATE UNIQUE INDEX releases_name ON releases (event_id, name_key)",
        ],
    )
    .await?;
    append_only(manager, "releases").await
}

/// A row stands for a session in every release from `from_release` up to the one before `to_release`.
async fn released_sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            plain("released_sessions")
                .col(column("id").uuid().not_null().primary_key())
                .col(column("event_id").uuid().not_null())
                .col(column("session_id").uuid().not_null())
                .col(column("from_release").integer().not_null())
                .col(column("to_release").integer().null())
                .col(words("novelty", &["new", "moved", "changed", "cancelled", "postponed"]))
                .col(column("number").integer().not_null())
                .col(column("details").json().not_null())
                .col(words("state", &["draft", "scheduled", "held", "cancelled"]))
                .col(column("cancel_reason").text().null())
                .col(column("sequence").integer().not_null())
                .col(column("starts_local").date_time().null())
                .col(column("ends_local").date_time().null())
                .col(column("starts_at").timestamp_with_time_zone().null())
                .col(column("ends_at").timestamp_with_time_zone().null())
                .col(column("time_zone").text().not_null())
                .col(column("location").text().null())
                .col(words("shown_to", VISIBILITY))
                .col(column("audience_id").uuid().null())
                .col(words("tlp", TLP))
                .col(column("sort_key").text().not_null())
                .foreign_key(&mut reference("released_sessions", "event_id", "events"))
                .foreign_key(&mut reference("released_sessions", "session_id", "sessions"))
                .to_owned(),
        )
        .await?;
    statements(
        manager,
        &[
            "CREATE UNIQUE INDEX released_sessions_last ON released_sessions (session_id) WHERE to_release IS NULL",
            "CREATE INDEX released_sessions_event ON released_sessions (event_id, sort_key, id)",
        ],
    )
    .await
}
