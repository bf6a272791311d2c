//! Table of duties in sessions.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the table of duties in sessions.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let duties = [
            "chair",
            "co_chair",
            "rapporteur",
            "speaker",
            "panellist",
            "interpreter",
            "note_taker",
            "required",
            "invited",
            "optional",
        ];
        manager
            .create_table(
                root("session_duties")
                    .col(column("event_id").uuid().not_null())
                    .col(column("session_id").uuid().not_null())
                    .col(column("person_id").uuid().null())
                    .col(column("delegation_id").uuid().null())
                    .col(words("duty", &duties))
                    .col(column("sitting_only").boolean().not_null())
                    .col(words("answer", &["invited", "accepted", "tentative", "declined"]))
                    .col(column("told_in").uuid().null())
                    .foreign_key(&mut reference("session_duties", "event_id", "events"))
                    .foreign_key(&mut reference("session_duties", "session_id", "sessions"))
                    .foreign_key(&mut reference("session_duties", "person_id", "persons"))
                    .foreign_key(&mut reference("session_duties", "delegation_id", "delegations"))
                    .foreign_key(&mut reference("session_duties", "told_in", "releases"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE INDEX session_duties_event ON session_duties (event_id)",
                "CREATE INDEX session_duties_person ON session_duties (person_id)",
                "CREATE UNIQUE INDEX session_duties_of_person ON session_duties (session_id, person_id, duty) \
                 WHERE deleted_at IS NULL AND person_id IS NOT NULL",
                "CREATE UNIQUE INDEX session_duties_of_delegation ON session_duties (session_id, delegation_id) \
                 WHERE deleted_at IS NULL AND delegation_id IS NOT NULL",
            ],
        )
        .await
    }
}
