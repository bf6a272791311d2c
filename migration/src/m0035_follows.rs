//! Tables of what people follow, and of which mails they want.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of what people follow and which mails they want.
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
                root("follows")
                    .col(column("person_id").uuid().not_null())
                    .col(words("kind", &["session", "group", "event"]))
                    .col(column("object_id").uuid().not_null())
                    .col(column("scope").text().not_null())
                    .foreign_key(&mut reference("follows", "person_id", "persons"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("mail_settings")
                    .col(column("person_id").uuid().not_null().primary_key())
                    .col(column("version").integer().not_null())
                    .col(column("changed_at").timestamp_with_time_zone().not_null())
                    .col(column("invitations").boolean().not_null())
                    .col(column("followed").boolean().not_null())
                    .foreign_key(&mut reference("mail_settings", "person_id", "persons"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX follows_once ON follows (person_id, kind, object_id)",
                "CREATE INDEX follows_object ON follows (object_id, kind)",
            ],
        )
        .await
    }
}
