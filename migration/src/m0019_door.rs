//! Tables of the door: badges, what is checked, and every scan.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of the door.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What is said at a door.
const RESULT: &[&str] = &[
    "ok",
    "unknown",
    "other_event",
    "revoked",
    "lost",
    "not_approved",
    "category",
    "wrong_zone",
    "wrong_day",
    "outside_window",
    "already_in",
    "not_in",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        badges(manager).await?;
        check_types(manager).await?;
        checks(manager).await
    }
}

async fn badges(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            plain("door_keys")
                .col(column("event_id").uuid().not_null())
                .col(column("public_key").text().not_null())
                .col(column("created_at").timestamp_with_time_zone().not_null())
                .primary_key(Index::create().col("event_id").col("public_key"))
                .foreign_key(&mut reference("door_keys", "event_id", "events"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            plain("badge_collections")
                .col(column("id").uuid().not_null().primary_key())
                .col(column("event_id").uuid().not_null())
                .col(column("delegation_id").uuid().not_null())
                .col(column("collected_by").uuid().not_null())
                .col(column("collected_at").timestamp_with_time_zone().not_null())
                .foreign_key(&mut reference("badge_collections", "event_id", "events"))
                .foreign_key(&mut reference("badge_collections", "delegation_id", "delegations"))
                .foreign_key(&mut reference("badge_collections", "collected_by", "delegates"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            root("badges")
                .col(column("event_id").uuid().not_null())
                .col(column("delegate_id").uuid().not_null())
                .col(column("serial").integer().not_null())
                .col(column("printing").integer().not_null())
                .col(column("token_hash").text().null())
                .col(column("zones").json().not_null())
                .col(words("state", &["valid", "revoked", "lost"]))
                .col(column("collection_id").uuid().null())
                .foreign_key(&mut reference("badges", "collection_id", "badge_collections"))
                .foreign_key(&mut reference("badges", "event_id", "events"))
                .foreign_key(&mut reference("badges", "delegate_id", "delegates"))
                .to_owned(),
        )
        .await?;
    statements(
        manager,
        &[
            "CREATE UNIQUE INDEX badges_number ON badges (event_id, serial, printing)",
            "CREATE UNIQUE INDEX badges_token ON badges (token_hash)",
            "CREATE UNIQUE INDEX badges_valid ON badges (delegate_id) WHERE state = 'valid'",
            "CREATE INDEX badges_delegate ON badges (delegate_id, id)",
            "CREATE INDEX badges_event ON badges (event_id, id)",
            "CREATE INDEX badges_collection ON badges (collection_id)",
            "CREATE INDEX badge_collections_delegation ON badge_collections (delegation_id, id)",
        ],
    )
    .await
}

async fn check_types(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            root("check_types")
                .col(column("event_id").uuid().not_null())
                .col(column("name").json().not_null())
                .col(words("rule", &["once", "daily", "multiple", "in_and_out"]))
                .col(column("zone").text().null())
                .col(column("session_id").uuid().null())
                .col(column("categories").json().not_null())
                .col(column("opens_local").date_time().null())
                .col(column("closes_local").date_time().null())
                .foreign_key(&mut reference("check_types", "event_id", "events"))
                .foreign_key(&mut reference("check_types", "session_id", "sessions"))
                .to_owned(),
        )
        .await?;
    statements(manager, &["CREATE INDEX check_types_event ON check_types (event_id, id)"]).await
}

async fn checks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let told = column("told").text().null().check(Expr::col("told").is_in(RESULT.iter().copied())).to_owned();
    manager
        .create_table(
            plain("checks")
                .col(column("id").uuid().not_null().primary_key())
                .col(column("event_id").uuid().not_null())
                .col(column("check_type_id").uuid().not_null())
                .col(column("badge_id").uuid().null())
                .col(column("delegate_id").uuid().null())
                .col(column("number").integer().not_null())
                .col(words("direction", &["in", "out"]))
                .col(words("result", RESULT))
                .col(told)
                .col(column("passed").boolean().not_null())
                .col(column("forced").boolean().not_null())
                .col(column("conflict").boolean().not_null())
                .col(column("device_id").uuid().not_null())
                .col(column("device").text().not_null())
                .col(column("nonce").text().not_null())
                .col(column("scanned_at").timestamp_with_time_zone().not_null())
                .col(column("happened_at").timestamp_with_time_zone().not_null())
                .col(column("received_at").timestamp_with_time_zone().not_null())
                .foreign_key(&mut reference("checks", "event_id", "events"))
                .foreign_key(&mut reference("checks", "check_type_id", "check_types"))
                .foreign_key(&mut reference("checks", "badge_id", "badges"))
                .foreign_key(&mut reference("checks", "delegate_id", "delegates"))
                .to_owned(),
        )
        .await?;
    statements(
        manager,
        &[
            "CREATE UNIQUE INDEX checks_nonce ON checks (device_id, device, nonce)",
            // The second line behind the lock on the delegate: of two decisions on the same past one is refused.
            "CREATE UNIQUE INDEX checks_number ON checks (delegate_id, check_type_id, number)",
            "CREATE INDEX checks_event ON checks (event_id, id)",
            "CREATE INDEX checks_passed ON checks (check_type_id, delegate_id, happened_at, number) WHERE passed",
        ],
    )
    .await?;
    let others = "id, event_id, check_type_id, number, direction, result, told, passed, forced, conflict, device_id, \
                  device, nonce, scanned_at, happened_at, received_at";
    append_only_but_person(manager, "checks", &["badge_id", "delegate_id"], others).await
}
