//! Tables of attendance.

use sea_orm_migration::prelude::*;

use crate::schema::*;

const PARTICIPATION: &[&str] = &["in_person", "online", "overflow"];
pub(crate) const LEVEL: &[&str] = &[
    "head_of_state",
    "head_of_government",
    "minister",
    "deputy_minister",
    "ambassador",
    "senior_official",
    "official",
];

/// Creates the tables of attendance.
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
                root("delegations")
                    .col(column("event_id").uuid().not_null())
                    .col(column("organisation_id").uuid().not_null())
                    .col(words(
                        "category",
                        &["member", "observer", "igo", "ngo", "media", "host", "secretariat", "guest"],
                    ))
                    .col(words(
                        "state",
                        &[
                            "invited",
                            "accepted",
                            "composing",
                            "submitted",
                            "confirmed",
                            "declined",
                            "not_attending",
                            "closed",
                        ],
                    ))
                    .col(column("invitation_reference").text().null())
                    .col(column("invitation_email").text().null())
                    .col(column("reply_due").date().null())
                    .col(column("quota_in_person").integer().null())
                    .col(column("quota_online").integer().null())
                    .col(column("quota_overflow").integer().null())
                    .col(column("late_reason").text().null())
                    .foreign_key(&mut reference("delegations", "event_id", "events"))
                    .foreign_key(&mut reference("delegations", "organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &[
            "CREATE UNIQUE INDEX delegations_organisation ON delegations (event_id, organisation_id) WHERE deleted_at IS NULL",
            "CREATE INDEX delegations_mine ON delegations (organisation_id, event_id)",
        ]).await?;
        manager
            .create_table(
                root("delegates")
                    .col(column("delegation_id").uuid().not_null())
                    .col(column("event_id").uuid().not_null())
                    .col(column("person_id").uuid().not_null())
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
                    .col(column("position").json().not_null())
                    .col(words(
                        "state",
                        &[
                            "nominated",
                            "submitted",
                            "under_review",
                            "approved",
                            "on_hold",
                            "rejected",
                            "withdrawn",
                            "substituted",
                        ],
                    ))
                    .col(column("state_reason").text().null())
                    .col(column("substituted_by").uuid().null())
                    .col(column("level").text().null().check(Expr::col("level").is_in(LEVEL.iter().copied())))
                    .col(words("participation", PARTICIPATION))
                    .col(column("usual_capacities").boolean().not_null())
                    .col(column("may_speak").boolean().not_null())
                    .col(column("may_vote").boolean().not_null())
                    .col(column("may_submit_text").boolean().not_null())
                    .col(column("may_request_bilaterals").boolean().not_null())
                    .col(column("may_see_restricted").boolean().not_null())
                    .col(column("name_on_id").text().null())
                    .col(column("diet").text().null())
                    .col(column("access_needs").text().null())
                    .col(column("arrives_on").date().null())
                    .col(column("departs_on").date().null())
                    .col(column("not_listed").boolean().not_null())
                    .col(column("late_reason").text().null())
                    .foreign_key(&mut reference("delegates", "delegation_id", "delegations"))
                    .foreign_key(&mut reference("delegates", "event_id", "events"))
                    .foreign_key(&mut reference("delegates", "person_id", "persons"))
                    .foreign_key(&mut reference("delegates", "substituted_by", "delegates"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &[
            "CREATE UNIQUE INDEX delegates_person ON delegates (delegation_id, person_id) WHERE deleted_at IS NULL AND state NOT IN ('withdrawn', 'substituted')",
            "CREATE INDEX delegates_event ON delegates (event_id, id)",
            "CREATE INDEX delegates_in_person ON delegates (person_id)",
        ]).await?;
        manager
            .create_table(
                plain("delegation_heads")
                    .col(column("delegation_id").uuid().not_null())
                    .col(column("valid_from").timestamp_with_time_zone().not_null())
                    .col(column("delegate_id").uuid().not_null())
                    .primary_key(Index::create().col("delegation_id").col("valid_from"))
                    .foreign_key(&mut reference("delegation_heads", "delegation_id", "delegations"))
                    .foreign_key(&mut reference("delegation_heads", "delegate_id", "delegates"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                root("registrations")
                    .col(column("event_id").uuid().not_null().unique_key())
                    .col(column("nominate_by").date().null())
                    .col(column("confirm_by").date().null())
                    .col(column("quota_in_person").integer().null())
                    .col(column("quota_online").integer().null())
                    .col(column("quota_overflow").integer().null())
                    .col(column("offer_hours").integer().not_null())
                    .col(column("remind_days_before").json().not_null())
                    .foreign_key(&mut reference("registrations", "event_id", "events"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("waiting_delegates")
                    .col(column("delegate_id").uuid().not_null().primary_key())
                    .col(column("delegation_id").uuid().not_null())
                    .col(words("participation", PARTICIPATION))
                    .col(column("rank").integer().not_null())
                    .col(column("offered_until").timestamp_with_time_zone().null())
                    .foreign_key(&mut reference("waiting_delegates", "delegate_id", "delegates"))
                    .foreign_key(&mut reference("waiting_delegates", "delegation_id", "delegations"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                plain("delegation_reminders")
                    .col(column("id").uuid().not_null().primary_key())
                    .col(column("delegation_id").uuid().not_null())
                    .col(words("about", &["reply", "nomination"]))
                    .col(column("deadline").date().not_null())
                    .col(column("days_before").integer().not_null())
                    .col(column("sent_at").timestamp_with_time_zone().not_null())
                    .col(column("recipients").integer().not_null())
                    .foreign_key(&mut reference("delegation_reminders", "delegation_id", "delegations"))
                    .to_owned(),
            )
            .await?;
        statements(
            manager,
            &[
                "CREATE UNIQUE INDEX waiting_delegates_rank ON waiting_delegates (delegation_id, participation, rank)",
                "CREATE UNIQUE INDEX delegation_reminders_once \
                 ON delegation_reminders (delegation_id, about, deadline, days_before)",
            ],
        )
        .await?;
        manager
            .create_table(
                root("attendances")
                    .col(column("session_id").uuid().not_null())
                    .col(column("delegation_id").uuid().not_null())
                    .col(words("status", &["present", "online", "excused", "absent", "unknown"]))
                    .col(column("represented_by").uuid().null())
                    .col(column("level").text().null().check(Expr::col("level").is_in(LEVEL.iter().copied())))
                    .col(column("note").text().null())
                    .foreign_key(&mut reference("attendances", "session_id", "sessions"))
                    .foreign_key(&mut reference("attendances", "delegation_id", "delegations"))
                    .foreign_key(&mut reference("attendances", "represented_by", "delegates"))
                    .to_owned(),
            )
            .await?;
        statements(manager, &[
            "CREATE UNIQUE INDEX attendances_delegation ON attendances (session_id, delegation_id) WHERE deleted_at IS NULL",
        ]).await?;
        Ok(())
    }
}
