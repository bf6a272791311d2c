//! Table of answers to invitations that the secretariat has to look at.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the table of answers to look at.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let reasons = [
            "unknown_attendee",
            "other_sender",
            "other_meeting",
            "delegated",
            "countered",
            "outdated",
            "without_answer",
        ];
        let answers = ["needs_action", "accepted", "tentative", "declined", "delegated"];
        let answer = column("answer").text().null().check(Expr::col("answer").is_in(answers)).to_owned();
        manager
            .create_table(
                plain("invitation_replies")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("version").integer().not_null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .col(column("changed_at").timestamp_with_time_zone().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(column("invitation_id").uuid().not_null())
                    .col(words("reason", &reasons))
                    .col(column("sender").text().null())
                    .col(column("attendee").text().null())
                    .col(answer)
                    .col(column("delegated_to").text().null())
                    .col(column("comment").text().null())
                    .col(words("state", &["open", "applied", "dismissed"]))
                    .foreign_key(&mut reference("invitation_replies", "event_id", "events"))
                    .foreign_key(&mut reference("invitation_replies", "invitation_id", "invitations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE INDEX invitation_replies_event ON invitation_replies (event_id)",
                "CREATE INDEX invitation_replies_of ON invitation_replies (invitation_id)",
            ],
        )
        .await
    }
}
