//! Tables of audit.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of audit.
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
                plain("audit_entries")
                    .col(column("seq").big_integer().not_null())
                    .col(column("id").uuid().not_null())
                    .col(column("position").uuid().not_null())
                    .col(column("at").timestamp_with_time_zone().not_null())
                    .col(column("actor_kind").text().not_null())
                    .col(column("actor_id").uuid().null())
                    .col(column("actor_name").text().null())
                    .col(column("on_behalf_of").uuid().null())
                    .col(column("via").text().not_null())
                    .col(column("instance").text().not_null())
                    .col(column("action").text().not_null())
                    .col(column("object_kind").text().not_null())
                    .col(column("object_id").uuid().not_null())
                    .col(column("event_id").uuid().null())
                    .col(column("group_id").uuid().null())
                    .col(column("organisation_id").uuid().null())
                    .col(column("visibility").text().not_null())
                    .col(column("audience_id").uuid().null())
                    .col(column("event_audience_id").uuid().null())
                    .col(column("tlp").text().not_null())
                    .col(column("diff").json().not_null())
                    .col(column("personal").json().not_null())
                    .col(column("request_id").text().null())
                    .primary_key(Index::create().col("seq"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX audit_entries_object ON audit_entries (object_id, seq)"]).await?;
        manager
            .create_table(
                plain("audit_values")
                    .col(column("entry_seq").big_integer().not_null())
                    .col(column("field").text().not_null())
                    .col(column("subject").uuid().not_null())
                    .col(column("salt").text().not_null())
                    .col(column("value").json().not_null())
                    .primary_key(Index::create().col("entry_seq").col("field"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE INDEX audit_values_subject ON audit_values (subject)"]).await?;
        manager
            .create_table(
                plain("audit_seals")
                    .col(column("seq").big_integer().not_null())
                    .col(column("mac").text().not_null())
                    .primary_key(Index::create().col("seq"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("changes")
                    .col(column("seq").big_integer().not_null())
                    .col(column("id").uuid().not_null())
                    .col(column("at").timestamp_with_time_zone().not_null())
                    .col(column("kind").text().not_null())
                    .col(column("object_kind").text().not_null())
                    .col(column("object_id").uuid().not_null())
                    .col(column("object_version").integer().not_null())
                    .col(column("event_id").uuid().null())
                    .col(column("group_id").uuid().null())
                    .col(column("organisation_id").uuid().null())
                    .col(words("visibility", VISIBILITY))
                    .col(column("audience_id").uuid().null())
                    .col(column("event_audience_id").uuid().null())
                    .col(words("tlp", TLP))
                    .col(column("deleted").boolean().not_null())
                    .primary_key(Index::create().col("seq"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX changes_id ON changes (id)",
                "CREATE INDEX changes_event ON changes (event_id, seq)",
            ],
        )
        .await?;
        manager
            .create_table(
                plain("counters")
                    .col(column("name").text().not_null())
                    .col(column("value").big_integer().not_null())
                    .primary_key(Index::create().col("name"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "INSERT INTO counters (name, value) VALUES ('changes', 0)",
                "INSERT INTO counters (name, value) VALUES ('seals', 0)",
            ],
        )
        .await?;
        append_only(manager, "audit_entries").await?;
        append_only(manager, "audit_seals").await?;
        refuse(manager, "audit_values", &["UPDATE"]).await?;
        Ok(())
    }
}
