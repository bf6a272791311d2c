//! Tables of agendas.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of agendas, their items and their editions.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(agendas()).await?;
        manager.create_table(items()).await?;
        manager.create_table(editions()).await?;
        statements(
            manager,
            &[
                "CREATE INDEX agenda_items_session ON agenda_items (session_id)",
                "CREATE INDEX agenda_items_event ON agenda_items (event_id)",
                "CREATE UNIQUE INDEX agenda_items_open ON agenda_items (session_id) \
                 WHERE state = 'open' AND deleted_at IS NULL",
                "CREATE UNIQUE INDEX agenda_editions_number ON agenda_editions (session_id, number)",
            ],
        )
        .await?;
        append_only(manager, "agenda_editions").await
    }
}

fn agendas() -> TableCreateStatement {
    plain("agendas")
        .col(column("session_id").uuid().not_null().primary_key())
        .col(column("event_id").uuid().not_null())
        .col(column("version").integer().not_null())
        .col(column("changed_at").timestamp_with_time_zone().not_null())
        .col(words("style", &["arabic", "roman"]))
        .col(column("prefix").text().null())
        .col(column("adopted_at").timestamp_with_time_zone().null())
        .foreign_key(&mut reference("agendas", "session_id", "sessions"))
        .foreign_key(&mut reference("agendas", "event_id", "events"))
        .to_owned()
}

fn items() -> TableCreateStatement {
    let kinds = ["procedural", "information", "discussion", "decision", "election", "adoption", "any_other_business"];
    root("agenda_items")
        .col(column("session_id").uuid().not_null())
        .col(column("event_id").uuid().not_null())
        .col(column("parent_id").uuid().null())
        .col(column("rank").integer().not_null())
        .col(column("number").text().null())
        .col(column("manual_number").text().null())
        .col(column("title").json().not_null())
        .col(words("kind", &kinds))
        .col(words("visibility", &["common", "internal", "hidden"]))
        .col(column("planned_minutes").integer().not_null())
        .col(words("state", &["planned", "open", "suspended", "closed", "deferred", "withdrawn"]))
        .col(column("periods").json().not_null())
        .col(column("documents").json().not_null())
        .col(column("lead_person_id").uuid().null())
        .col(column("lead_organisation_id").uuid().null())
        .col(column("expected_outcome").json().null())
        .col(column("outcome").json().null())
        .foreign_key(&mut reference("agenda_items", "session_id", "sessions"))
        .foreign_key(&mut reference("agenda_items", "event_id", "events"))
        .foreign_key(&mut reference("agenda_items", "parent_id", "agenda_items"))
        .foreign_key(&mut reference("agenda_items", "lead_person_id", "persons"))
        .foreign_key(&mut reference("agenda_items", "lead_organisation_id", "organisations"))
        .to_owned()
}

fn editions() -> TableCreateStatement {
    plain("agenda_editions")
        .col(column("id").uuid().not_null().primary_key())
        .col(column("session_id").uuid().not_null())
        .col(column("event_id").uuid().not_null())
        .col(column("number").integer().not_null())
        .col(words("kind", &["provisional", "adopted"]))
        .col(column("note").text().null())
        .col(column("items").json().not_null())
        .col(column("created_at").timestamp_with_time_zone().not_null())
        .foreign_key(&mut reference("agenda_editions", "session_id", "sessions"))
        .foreign_key(&mut reference("agenda_editions", "event_id", "events"))
        .to_owned()
}
