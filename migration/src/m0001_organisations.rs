//! Tables of organisations.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of organisations.
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
                root("organisations")
                    .col(column("code").text().not_null())
                    .col(column("code_key").text().not_null())
                    .col(words(
                        "kind",
                        &[
                            "state",
                            "ministry",
                            "agency",
                            "police_service",
                            "igo",
                            "regional_organisation",
                            "ngo",
                            "company",
                            "university",
                            "research_institute",
                            "media",
                            "other",
                        ],
                    ))
                    .col(column("alpha2").text().null())
                    .col(column("alpha3").text().null())
                    .col(column("numeric_code").text().null())
                    .col(column("region").text().null())
                    .col(column("subregion").text().null())
                    .col(column("regional_group").text().null())
                    .col(column("un_status").text().null())
                    .col(column("parent_id").uuid().null())
                    .col(column("names").json().not_null())
                    .col(column("former_names").json().not_null())
                    .col(column("website").text().null())
                    .col(column("time_zone").text().null())
                    .col(column("search_key").text().not_null())
                    .col(column("sort_key").text().not_null())
                    .foreign_key(&mut reference("organisations", "parent_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX organisations_code ON organisations (code_key) WHERE deleted_at IS NULL",
                "CREATE INDEX organisations_order ON organisations (sort_key, id)",
            ],
        )
        .await?;
        manager
            .create_table(
                plain("external_ids")
                    .col(column("kind").text().not_null())
                    .col(column("system").text().not_null())
                    .col(column("value").text().not_null())
                    .col(column("object_id").uuid().not_null())
                    .primary_key(Index::create().col("kind").col("system").col("value"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &["CREATE UNIQUE INDEX external_ids_object ON external_ids (kind, object_id, system)"])
            .await?;
        Ok(())
    }
}
