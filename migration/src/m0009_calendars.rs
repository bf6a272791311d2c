//! Tables of calendars.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of calendars.
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
                root("feeds")
                    .col(words("kind", &["event", "group", "room", "person", "organisation", "delegation", "dates"]))
                    .col(column("object_id").uuid().not_null())
                    .col(column("name").text().not_null())
                    .col(words("detail", &["full", "title_only", "busy_only"]))
                    .col(column("language").text().null())
                    .col(words("access", &["public", "token"]))
                    .col(column("alarm_minutes").integer().null())
                    .col(column("without_cancelled").boolean().not_null())
                    .col(column("without_duties").boolean().not_null())
                    .col(column("without_followed").boolean().not_null())
                    .col(column("token_id").text().null())
                    .col(column("token_hash").text().null())
                    .col(column("former_token_id").text().null())
                    .col(column("former_token_hash").text().null())
                    .col(column("former_ends_at").timestamp_with_time_zone().null())
                    .col(column("owner_key_id").uuid().null())
                    .col(column("owner_account_id").uuid().null())
                    .col(column("last_fetched_at").timestamp_with_time_zone().null())
                    .col(column("last_agent").text().null())
                    .col(column("revoked_at").timestamp_with_time_zone().null())
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX feeds_token ON feeds (token_id)",
                "CREATE UNIQUE INDEX feeds_former_token ON feeds (former_token_id)",
                "CREATE INDEX feeds_object ON feeds (kind, object_id)",
                "CREATE INDEX feeds_owner ON feeds (owner_key_id, id)",
                "CREATE INDEX feeds_account ON feeds (owner_account_id, id)",
            ],
        )
        .await?;
        manager
            .create_table(
                plain("revisions")
                    .col(column("scope").text().not_null())
                    .col(column("value").big_integer().not_null())
                    .col(column("changed_at").timestamp_with_time_zone().not_null())
                    .primary_key(Index::create().col("scope"))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
