//! Tables of people.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of people.
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
                root("persons")
                    .col(column("display_name").text().not_null())
                    .col(column("family_name").text().null())
                    .col(column("given_name").text().null())
                    .col(column("honorific").text().null())
                    .col(column("languages").json().not_null())
                    .col(column("email").text().null())
                    .col(column("email_key").text().null())
                    .col(column("organisation_id").uuid().null())
                    .col(column("position").json().not_null())
                    .col(column("former_names").json().not_null())
                    .col(column("protected").boolean().not_null())
                    .col(column("erased_at").timestamp_with_time_zone().null())
                    .col(column("search_key").text().not_null())
                    .col(column("sort_key").text().not_null())
                    .foreign_key(&mut reference("persons", "organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE INDEX persons_order ON persons (sort_key, id)",
                "CREATE INDEX persons_organisation ON persons (organisation_id)",
                "CREATE INDEX persons_email ON persons (email_key)",
            ],
        )
        .await?;
        Ok(())
    }
}
