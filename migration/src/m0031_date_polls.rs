//! Tables of date polls.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of date polls.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        polls(manager).await?;
        let parties = plain("date_poll_parties")
            .col(column("poll_id").uuid().not_null())
            .col(column("organisation_id").uuid().not_null())
            .col(column("required").boolean().not_null())
            .primary_key(Index::create().col("poll_id").col("organisation_id"))
            .foreign_key(&mut reference("date_poll_parties", "poll_id", "date_polls"))
            .foreign_key(&mut reference("date_poll_parties", "organisation_id", "organisations"))
            .to_owned();
        manager.create_table(parties).await?;
        // The key says it: an organisation has one set of answers.
        let answers = plain("date_poll_answers")
            .col(column("poll_id").uuid().not_null())
            .col(column("organisation_id").uuid().not_null())
            .col(column("version").integer().not_null())
            .col(column("changed_at").timestamp_with_time_zone().not_null())
            .col(column("answers").json().not_null())
            .col(column("comment").text().null())
            .col(column("late_reason").text().null())
            .col(column("author").text().not_null())
            .col(column("author_id").uuid().null())
            .primary_key(Index::create().col("poll_id").col("organisation_id"))
            .foreign_key(&mut reference("date_poll_answers", "poll_id", "date_polls"))
            .foreign_key(&mut reference("date_poll_answers", "organisation_id", "organisations"))
            .to_owned();
        manager.create_table(answers).await?;
        let indexes = [
            "CREATE INDEX date_polls_event ON date_polls (event_id, id)",
            "CREATE INDEX date_poll_parties_organisation ON date_poll_parties (organisation_id, poll_id)",
        ];
        statements(manager, &indexes).await
    }
}

async fn polls(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let polls = root("date_polls")
        .col(column("event_id").uuid().not_null())
        .col(column("group_id").uuid().null())
        .col(column("title").json().not_null())
        .col(column("description").json().not_null())
        .col(column("time_zone").text().not_null())
        .col(column("options").json().not_null())
        .col(column("quorum").integer().null())
        .col(column("closes_local").date_time().null())
        .col(column("closes_at").timestamp_with_time_zone().null())
        .col(column("answers_hidden").boolean().not_null())
        .col(words("state", &["open", "closed", "decided", "cancelled"]))
        .col(column("cancel_reason").text().null())
        .col(column("chosen_option").uuid().null())
        .col(column("note").text().null())
        .col(column("session_id").uuid().null())
        .foreign_key(&mut reference("date_polls", "event_id", "events"))
        .foreign_key(&mut reference("date_polls", "group_id", "groups"))
        .foreign_key(&mut reference("date_polls", "session_id", "sessions"))
        .to_owned();
    manager.create_table(polls).await
}
