//! Tables of groups.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of groups.
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
                root("groups")
                    .col(column("code").text().not_null())
                    .col(column("code_key").text().not_null())
                    .col(words(
                        "kind",
                        &[
                            "assembly",
                            "committee",
                            "working_group",
                            "subgroup",
                            "task_force",
                            "contact_group",
                            "bureau",
                            "steering_committee",
                            "project_team",
                        ],
                    ))
                    .col(column("name").json().not_null())
                    .col(column("name_forms").json().not_null())
                    .col(column("mandate").json().not_null())
                    .col(column("parent_id").uuid().null())
                    .col(words("state", &["proposed", "active", "dormant", "concluded"]))
                    .col(words("visibility", VISIBILITY))
                    .col(column("audience").json().not_null())
                    .col(audience_id())
                    .col(words("tlp", TLP))
                    .col(column("amber_in_calendars").boolean().not_null())
                    .col(column("languages").json().not_null())
                    .col(column("founded_on").date().null())
                    .col(column("search_key").text().not_null())
                    .col(column("sort_key").text().not_null())
                    .foreign_key(&mut reference("groups", "parent_id", "groups"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX groups_code ON groups (code_key) WHERE deleted_at IS NULL",
                "CREATE INDEX groups_order ON groups (sort_key, id)",
                "CREATE INDEX groups_parent ON groups (parent_id)",
            ],
        )
        .await?;
        manager
            .create_table(
                root("memberships")
                    .col(column("group_id").uuid().not_null())
                    .col(column("organisation_id").uuid().not_null())
                    .col(words(
                        "category",
                        &["co_chair", "member", "associate", "observer", "partner", "invited", "host"],
                    ))
                    .col(column("voting_right").boolean().not_null())
                    .col(column("valid_from").timestamp_with_time_zone().not_null())
                    .col(column("valid_to").timestamp_with_time_zone().null())
                    .col(column("basis").text().null())
                    .col(column("sort_key").text().not_null())
                    .foreign_key(&mut reference("memberships", "group_id", "groups"))
                    .foreign_key(&mut reference("memberships", "organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE INDEX memberships_group ON memberships (group_id, sort_key, id)",
                "CREATE INDEX memberships_organisation ON memberships (organisation_id)",
            ],
        )
        .await?;
        manager
            .create_table(
                root("roles")
                    .col(column("group_id").uuid().not_null())
                    .col(column("person_id").uuid().not_null())
                    .col(column("organisation_id").uuid().null())
                    .col(words(
                        "function",
                        &[
                            "chair",
                            "co_chair",
                            "vice_chair",
                            "rapporteur",
                            "secretary",
                            "point_of_contact",
                            "expert",
                            "note_taker",
                        ],
                    ))
                    .col(column("acting").boolean().not_null())
                    .col(column("in_subgroups").boolean().not_null())
                    .col(column("valid_from").timestamp_with_time_zone().not_null())
                    .col(column("valid_to").timestamp_with_time_zone().null())
                    .col(column("sort_key").text().not_null())
                    .foreign_key(&mut reference("roles", "group_id", "groups"))
                    .foreign_key(&mut reference("roles", "person_id", "persons"))
                    .foreign_key(&mut reference("roles", "organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE INDEX roles_group ON roles (group_id, sort_key, id)",
                "CREATE INDEX roles_person ON roles (person_id)",
            ],
        )
        .await?;
        Ok(())
    }
}
