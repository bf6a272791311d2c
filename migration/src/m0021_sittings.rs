//! Tables of what was said of attendance, and of quorums that were counted.

use sea_orm_migration::prelude::*;

use crate::{m0007_attendance::LEVEL, schema::*};

/// Creates the tables of sittings.
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
                plain("attendance_marks")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("session_id").uuid().not_null())
                    .col(column("number").integer().not_null())
                    .col(column("delegation_id").uuid().not_null())
                    .col(column("delegate_id").uuid().null())
                    .col(words("status", &["present", "online", "excused", "absent", "unknown"]))
                    .col(words("source", &["self", "platform_log", "scan", "staff"]))
                    .col(column("at").timestamp_with_time_zone().not_null())
                    .col(column("represented_by").uuid().null())
                    .col(column("level").text().null().check(Expr::col("level").is_in(LEVEL.iter().copied())))
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .foreign_key(&mut reference("attendance_marks", "session_id", "sessions"))
                    .foreign_key(&mut reference("attendance_marks", "delegation_id", "delegations"))
                    .foreign_key(&mut reference("attendance_marks", "delegate_id", "delegates"))
                    .foreign_key(&mut reference("attendance_marks", "represented_by", "delegates"))
                    .to_owned(),
            )
            .await?;
        append_only(manager, "attendance_marks").await?;
        manager
            .create_table(
                plain("attendance_codes")
                    .col(column("session_id").uuid().not_null().primary_key())
                    .col(column("code").text().not_null())
                    .col(column("opens_at").timestamp_with_time_zone().not_null())
                    .col(column("closes_at").timestamp_with_time_zone().not_null())
                    .foreign_key(&mut reference("attendance_codes", "session_id", "sessions"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("quorum_snapshots")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("session_id").uuid().not_null())
                    .col(column("number").integer().not_null())
                    .col(column("at").timestamp_with_time_zone().not_null())
                    .col(column("rule").json().not_null())
                    .col(column("entitled").integer().not_null())
                    .col(column("present").integer().not_null())
                    .col(column("required").integer().not_null())
                    .col(column("reached").boolean().not_null())
                    .col(column("reason").text().null())
                    .col(column("taken_by").text().not_null())
                    .col(column("author_id").uuid().null())
                    .foreign_key(&mut reference("quorum_snapshots", "session_id", "sessions"))
                    .to_owned(),
            )
            .await?;
        let others = "id, session_id, number, at, rule, entitled, present, required, reached, reason, author_id";
        append_only_but_name(manager, "quorum_snapshots", "taken_by", others).await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX attendance_marks_number ON attendance_marks (session_id, number)",
                "CREATE INDEX attendance_marks_delegation ON attendance_marks (session_id, delegation_id)",
                "CREATE INDEX attendance_marks_delegate ON attendance_marks (delegate_id)",
                "CREATE UNIQUE INDEX quorum_snapshots_number ON quorum_snapshots (session_id, number)",
            ],
        )
        .await
    }
}
