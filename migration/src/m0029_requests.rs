//! Tables of what groups ask for.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of requests.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let stages = &["draft", "submitted", "approved", "declined", "withdrawn", "not_meeting"];
        manager
            .create_table(
                root("session_requests")
                    .col(column("event_id").uuid().not_null())
                    .col(column("group_id").uuid().not_null())
                    .col(words("stage", stages))
                    .col(column("since_at").timestamp_with_time_zone().not_null())
                    .col(column("note").text().null())
                    .col(column("session_id").uuid().null())
                    .col(column("details").json().not_null())
                    .foreign_key(&mut reference("session_requests", "event_id", "events"))
                    .foreign_key(&mut reference("session_requests", "group_id", "groups"))
                    .foreign_key(&mut reference("session_requests", "session_id", "sessions"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("session_request_groups")
                    .col(column("request_id").uuid().not_null())
                    .col(column("group_id").uuid().not_null())
                    .primary_key(Index::create().col("request_id").col("group_id"))
                    .foreign_key(&mut reference("session_request_groups", "request_id", "session_requests"))
                    .foreign_key(&mut reference("session_request_groups", "group_id", "groups"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("session_request_persons")
                    .col(column("request_id").uuid().not_null())
                    .col(column("person_id").uuid().not_null())
                    .primary_key(Index::create().col("request_id").col("person_id"))
                    .foreign_key(&mut reference("session_request_persons", "request_id", "session_requests"))
                    .foreign_key(&mut reference("session_request_persons", "person_id", "persons"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("session_request_steps")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("request_id").uuid().not_null())
                    .col(column("number").integer().not_null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .col(words("stage", stages))
                    .col(column("note").text().null())
                    .col(column("session_id").uuid().null())
                    .col(column("author").text().not_null())
                    .col(column("author_id").uuid().null())
                    .foreign_key(&mut reference("session_request_steps", "request_id", "session_requests"))
                    .foreign_key(&mut reference("session_request_steps", "session_id", "sessions"))
                    .to_owned(),
            )
            .await?;
        let others = "id, request_id, number, created_at, stage, note, session_id, author_id";
        append_only_but_name(manager, "session_request_steps", "author", others).await?;
        statements(
            manager,
            &[
                "CREATE INDEX session_requests_event ON session_requests (event_id, id)",
                "CREATE UNIQUE INDEX session_requests_session ON session_requests (session_id)",
                "CREATE INDEX session_request_groups_group ON session_request_groups (group_id)",
                "CREATE INDEX session_request_persons_person ON session_request_persons (person_id)",
                "CREATE UNIQUE INDEX session_request_steps_number ON session_request_steps (request_id, number)",
            ],
        )
        .await
    }
}
