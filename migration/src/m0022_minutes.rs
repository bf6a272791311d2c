//! Tables of minutes.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of minutes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const PARTS: &[&str] = &["opening", "attendance", "agenda", "discussion", "decisions"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                root("minutes")
                    .col(column("session_id").uuid().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(words("state", &["draft", "circulated", "adopted"]))
                    .col(column("language").text().not_null())
                    .col(column("revision").integer().not_null())
                    .col(column("circulated_at").timestamp_with_time_zone().null())
                    .col(column("corrections_until").timestamp_with_time_zone().null())
                    .col(column("adopted_in").uuid().null())
                    .foreign_key(&mut reference("minutes", "session_id", "sessions"))
                    .foreign_key(&mut reference("minutes", "event_id", "events"))
                    .foreign_key(&mut reference("minutes", "adopted_in", "sessions"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("minutes_revisions")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("minutes_id").uuid().not_null())
                    .col(column("number").integer().not_null())
                    .col(column("content").json().not_null())
                    .col(column("created_by").text().not_null())
                    .col(column("author_id").uuid().null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .foreign_key(&mut reference("minutes_revisions", "minutes_id", "minutes"))
                    .to_owned(),
            )
            .await?;
        let others = "id, minutes_id, number, content, author_id, created_at";
        append_only_but_name(manager, "minutes_revisions", "created_by", others).await?;
        manager
            .create_table(
                root("corrections")
                    .col(column("minutes_id").uuid().not_null())
                    .col(column("session_id").uuid().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(column("delegation_id").uuid().not_null())
                    .col(words("part", PARTS))
                    .col(column("text").text().not_null())
                    .col(words("state", &["proposed", "accepted", "declined"]))
                    .col(column("answer").text().null())
                    .foreign_key(&mut reference("corrections", "minutes_id", "minutes"))
                    .foreign_key(&mut reference("corrections", "session_id", "sessions"))
                    .foreign_key(&mut reference("corrections", "event_id", "events"))
                    .foreign_key(&mut reference("corrections", "delegation_id", "delegations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX minutes_session ON minutes (session_id) WHERE deleted_at IS NULL",
                "CREATE UNIQUE INDEX minutes_revisions_number ON minutes_revisions (minutes_id, number)",
                "CREATE INDEX corrections_minutes ON corrections (minutes_id, id)",
            ],
        )
        .await
    }
}
