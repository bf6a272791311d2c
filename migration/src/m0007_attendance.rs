//! Tables of attendance.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of attendance.
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
                root("delegations")
                    .col(column("event_id").uuid().not_null())
                    .col(column("organisation_id").uuid().not_null())
                    .col(words(
                        "category",
                        &["member", "observer", "igo", "ngo", "media", "host", "secretariat", "guest"],
                    ))
                    .col(words(
                        "state",
                        &[
                            "invited",
                            "accepted",
                            "composing",
                            "submitted",
                            "confirmed",
                            "declined",
                            "not_attending",
                            "closed",
                        ],
                    ))
                    .col(column("invitation_reference").text().null())
                    .col(column("reply_due").date().null())
                    .foreign_key(&mut reference("delegations", "event_id", "events"))
                    .foreign_key(&mut reference("delegations", "organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &[
            "CREATE UNIQUE INDEX delegations_organisation ON delegations (event_id, organisation_id) WHERE deleted_at IS NULL",
            "CREATE INDEX delegations_mine ON delegations (organisation_id, event_id)",
        ]).await?;
        manager
            .create_table(
                root("delegates")
                    .col(column("delegation_id").uuid().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(column("person_id").uuid().not_null())
                    .col(words(
                        "function",
                        &[
                            "head",
                            "deputy_head",
                            "representative",
                            "alternate",
                            "adviser",
                            "expert",
                            "interpreter",
                            "security",
                            "accompanying",
                        ],
                    ))
                    .col(column("position").json().not_null())
                    .col(words("state", &["nominated", "approved"]))
                    .foreign_key(&mut reference("delegates", "delegation_id", "delegations"))
                    .foreign_key(&mut reference("delegates", "event_id", "events"))
                    .foreign_key(&mut reference("delegates", "person_id", "persons"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &[
            "CREATE UNIQUE INDEX delegates_head ON delegates (delegation_id) WHERE function = 'head' AND deleted_at IS NULL",
            "CREATE UNIQUE INDEX delegates_person ON delegates (delegation_id, person_id) WHERE deleted_at IS NULL",
            "CREATE INDEX delegates_event ON delegates (event_id, id)",
            "CREATE INDEX delegates_in_person ON delegates (person_id)",
        ]).await?;
        manager
            .create_table(
                root("attendances")
                    .col(column("session_id").uuid().not_null())
                    .col(column("delegation_id").uuid().not_null())
                    .col(words("status", &["present", "online", "excused", "absent", "unknown"]))
                    .col(column("represented_by").uuid().null())
                    .col(column("note").text().null())
                    .foreign_key(&mut reference("attendances", "session_id", "sessions"))
                    .foreign_key(&mut reference("attendances", "delegation_id", "delegations"))
                    .foreign_key(&mut reference("attendances", "represented_by", "delegates"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &[
            "CREATE UNIQUE INDEX attendances_delegation ON attendances (session_id, delegation_id) WHERE deleted_at IS NULL",
        ]).await?;
        Ok(())
    }
}
