//! Tables of invitations and of the mails they were sent with.

use sea_orm_migration::prelude::*;

use crate::schema::*;

/// Creates the tables of invitations.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const METHODS: [&str; 2] = ["request", "cancel"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let answers = ["needs_action", "accepted", "tentative", "declined", "delegated"];
        let optional = |name: &'static str, list: &[&'static str]| {
            column(name).text().null().check(Expr::col(name).is_in(list.iter().copied())).to_owned()
        };
        manager
            .create_table(
                plain("invitations")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("version").integer().not_null())
                    .col(column("created_at").timestamp_with_time_zone().not_null())
                    .col(column("changed_at").timestamp_with_time_zone().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(column("session_id").uuid().not_null())
                    .col(column("person_id").uuid().not_null())
                    .col(column("starts_at").timestamp_with_time_zone().not_null())
                    .col(column("ends_at").timestamp_with_time_zone().not_null())
                    .col(optional("method", &METHODS))
                    .col(column("sequence").integer().not_null())
                    .col(column("title").text().not_null())
                    .col(column("said").text().not_null())
                    .col(column("shown").text().not_null())
                    .col(column("sent_at").timestamp_with_time_zone().null())
                    .col(words("answer", &answers))
                    .col(column("answered_at").timestamp_with_time_zone().null())
                    .col(optional("answered_via", &["link", "mail", "api"]))
                    .col(column("comment").text().null())
                    .col(column("delegated_to").text().null())
                    .col(column("reply_stamp").timestamp_with_time_zone().null())
                    .foreign_key(&mut reference("invitations", "event_id", "events"))
                    .foreign_key(&mut reference("invitations", "session_id", "sessions"))
                    .foreign_key(&mut reference("invitations", "person_id", "persons"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("invitation_mails")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("invitation_id").uuid().not_null())
                    .col(words("method", &METHODS))
                    .col(column("sequence").integer().not_null())
                    .col(column("sent_at").timestamp_with_time_zone().not_null())
                    .col(words("outcome", &["sent", "refused"]))
                    .col(column("again").boolean().not_null())
                    .foreign_key(&mut reference("invitation_mails", "invitation_id", "invitations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX invitations_of_person ON invitations (session_id, person_id)",
                "CREATE INDEX invitations_event ON invitations (event_id)",
                "CREATE INDEX invitations_person ON invitations (person_id)",
                "CREATE INDEX invitations_ahead ON invitations (ends_at)",
                "CREATE INDEX invitation_mails_of ON invitation_mails (invitation_id)",
            ],
        )
        .await
    }
}
