//! Tables of credentials, and the rules of procedure they are judged by.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of credentials.
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
                root("credentials")
                    .col(column("delegation_id").uuid().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(words("kind", &["full_credentials", "note_verbale", "nomination_letter", "provisional_copy"]))
                    .col(words("issuer", &["head_of_state", "head_of_government", "foreign_ministry", "other"]))
                    .col(column("issuer_name").text().null())
                    .col(column("reference").text().null())
                    .col(column("issued_on").date().not_null())
                    .col(column("original_seen").boolean().not_null())
                    .col(column("powers").json().not_null())
                    .foreign_key(&mut reference("credentials", "delegation_id", "delegations"))
                    .foreign_key(&mut reference("credentials", "event_id", "events"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("credential_delegates")
                    .col(column("credential_id").uuid().not_null())
                    .col(column("delegate_id").uuid().not_null())
                    .primary_key(Index::create().col("credential_id").col("delegate_id"))
                    .foreign_key(&mut reference("credential_delegates", "credential_id", "credentials"))
                    .foreign_key(&mut reference("credential_delegates", "delegate_id", "delegates"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("credential_findings")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("delegation_id").uuid().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(column("number").integer().not_null())
                    .col(words(
                        "finding",
                        &["none", "provisional", "in_due_form", "challenged", "accepted", "rejected"],
                    ))
                    .col(column("session_id").uuid().null())
                    .col(column("committee").text().null())
                    .col(column("reason").text().null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .foreign_key(&mut reference("credential_findings", "delegation_id", "delegations"))
                    .foreign_key(&mut reference("credential_findings", "event_id", "events"))
                    .foreign_key(&mut reference("credential_findings", "session_id", "sessions"))
                    .to_owned(),
            )
            .await?;
        append_only(manager, "credential_findings").await?;
        manager
            .create_table(
                root("rules_of_procedure")
                    .col(column("event_id").uuid().null())
                    .col(column("group_id").uuid().null())
                    .col(column("content").json().not_null())
                    .foreign_key(&mut reference("rules_of_procedure", "event_id", "events"))
                    .foreign_key(&mut reference("rules_of_procedure", "group_id", "groups"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE INDEX credentials_delegation ON credentials (delegation_id, id)",
                "CREATE INDEX credential_delegates_delegate ON credential_delegates (delegate_id)",
                "CREATE UNIQUE INDEX credential_findings_number ON credential_findings (delegation_id, number)",
                "CREATE INDEX credential_findings_event ON credential_findings (event_id, number)",
                "CREATE UNIQUE INDEX rules_of_procedure_event ON rules_of_procedure (event_id) WHERE deleted_at IS NULL",
                "CREATE UNIQUE INDEX rules_of_procedure_group ON rules_of_procedure (group_id) WHERE deleted_at IS NULL",
            ],
        )
        .await
    }
}
