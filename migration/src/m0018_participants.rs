//! Tables of published lists of participants, and of imports that wait for a decision.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of published lists of participants and of imports.
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
                plain("participant_editions")
                    .col(column("id").uuid().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(column("number").integer().not_null())
                    .col(words("kind", &["provisional", "final"]))
                    .col(words("visibility", VISIBILITY))
                    .col(audience_id())
                    .col(words("tlp", TLP))
                    .col(column("occasion").json().not_null())
                    .col(column("parties").json().not_null())
                    .col(column("delegations").integer().not_null())
                    .col(column("people").integer().not_null())
                    .col(column("published_on").date().not_null())
                    .col(column("published_at").timestamp_with_time_zone().not_null())
                    .col(column("published_by").text().not_null())
                    .col(column("author_id").uuid().null())
                    .primary_key(Index::create().col("id"))
                    .foreign_key(&mut reference("participant_editions", "event_id", "events"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("participant_entries")
                    .col(column("id").uuid().not_null())
                    .col(column("edition_id").uuid().not_null())
                    .col(column("party").integer().not_null())
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
                    .col(column("person_id").uuid().null())
                    .col(column("name").text().null())
                    .col(column("sort").text().null())
                    .col(column("honorific").text().null())
                    .col(column("position").json().not_null())
                    .primary_key(Index::create().col("id"))
                    .foreign_key(&mut reference("participant_entries", "edition_id", "participant_editions"))
                    .foreign_key(&mut reference("participant_entries", "person_id", "persons"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("imports")
                    .col(column("id").uuid().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(words("kind", &["delegations", "delegates"]))
                    .col(column("grid").json().not_null())
                    .col(column("preview").json().not_null())
                    .col(column("author_id").uuid().null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .col(column("expires_at").timestamp_with_time_zone().not_null())
                    .col(column("committed_at").timestamp_with_time_zone().null())
                    .primary_key(Index::create().col("id"))
                    .foreign_key(&mut reference("imports", "event_id", "events"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE INDEX imports_expiry ON imports (expires_at)",
                "CREATE UNIQUE INDEX participant_editions_number ON participant_editions (event_id, number)",
                "CREATE INDEX participant_entries_edition ON participant_entries (edition_id, party, id)",
                "CREATE INDEX participant_entries_person ON participant_entries (person_id)",
            ],
        )
        .await?;
        let others = "id, event_id, number, kind, visibility, audience_id, tlp, occasion, parties, delegations, people, \
                      published_on, published_at, author_id";
        append_only_but_name(manager, "participant_editions", "published_by", others).await
    }
}
