//! The schema: made from nothing on both databases, and what the entities say it is.

use std::collections::BTreeMap;

use entity::{
    access, attendance, audit, calendars, events, groups, jobs, minutes, organisations, people, schedule, statements,
};
use regex::Regex;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Schema, Statement, sea_query::TableCreateStatement};

use crate::{
    on_both,
    support::{Backend, Server},
};

/// A table's columns: name to type and whether it may be null.
type Columns = BTreeMap<String, (String, bool)>;

fn entity_tables(backend: DbBackend) -> Vec<(String, TableCreateStatement)> {
    fn table<E: EntityTrait>(schema: &Schema, entity: E) -> (String, TableCreateStatement) {
        (entity.table_name().to_owned(), schema.create_table_from_entity(entity))
    }
    let schema = Schema::new(backend);
    macro_rules! tables {
        ($($capability:ident::$module:ident),* $(,)?) => { vec![$(table(&schema, $capability::$module::Entity)),*] };
    }
    tables![
        access::account,
        access::account_password,
        access::audience_member,
        access::api_key,
        access::api_key_limit,
        access::idempotency_record,
        access::sign_in_link,
        access::sign_in_session,
        access::throttle,
        access::identity,
        access::passkey,
        access::app_password,
        access::passkey_challenge,
        access::provider_sign_in,
        access::sign_in_attempt,
        organisations::organisation,
        organisations::external_id,
        people::person,
        groups::group,
        groups::membership,
        groups::role,
        groups::seal,
        groups::seal_admission,
        events::event,
        events::room,
        schedule::agenda,
        schedule::agenda_edition,
        schedule::agenda_item,
        schedule::clash_setting,
        schedule::clash_waiver,
        schedule::date_poll,
        schedule::date_poll_answer,
        schedule::date_poll_party,
        schedule::draft_change,
        schedule::practical_arrangement,
        schedule::release,
        schedule::released_session,
        schedule::session,
        schedule::room_booking,
        schedule::session_plan,
        schedule::request,
        schedule::request_group,
        schedule::request_person,
        schedule::request_step,
        groups::conflict,
        attendance::delegation,
        attendance::delegate,
        attendance::delegation_head,
        attendance::delegation_reminder,
        attendance::registration,
        attendance::waiting_delegate,
        attendance::attendance,
        attendance::badge,
        attendance::badge_collection,
        attendance::check,
        attendance::check_type,
        attendance::availability,
        attendance::busy_address,
        attendance::follow,
        people::mail_setting,
        attendance::session_duty,
        attendance::door_key,
        attendance::credential,
        attendance::credential_delegate,
        attendance::credential_finding,
        events::procedure,
        attendance::import,
        attendance::invitation,
        attendance::invitation_mail,
        attendance::invitation_reply,
        attendance::participant_edition,
        attendance::participant_entry,
        attendance::mark,
        attendance::attendance_code,
        attendance::quorum_snapshot,
        attendance::speaker,
        attendance::speakers_list,
        minutes::minutes,
        minutes::revision,
        minutes::correction,
        statements::statement,
        statements::statement_participant,
        statements::clause,
        statements::clause_revision,
        statements::statement_version,
        calendars::feed,
        calendars::revision,
        calendars::state,
        audit::audit_entry,
        audit::audit_seal,
        audit::audit_value,
        audit::change,
        audit::counter,
        jobs::outbox_message,
        jobs::job,
    ]
}

async fn columns(server: &Server, table: &str) -> Columns {
    let connection = server.app.db.read();
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => format!(
            "SELECT column_name::text AS name, data_type::text AS kind, is_nullable = 'YES' AS nullable \
             FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{table}'"
        ),
        _ => format!(
            "SELECT name, type AS kind, \"notnull\" = 0 AND pk = 0 AS nullable FROM pragma_table_info('{table}')"
        ),
    };
    let rows = connection.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    rows.iter()
        .map(|row| {
            let get = |name: &str| row.try_get::<String>("", name).unwrap();
            (get("name"), (get("kind"), row.try_get("", "nullable").unwrap()))
        })
        .collect()
}

on_both! {
    async fn the_schema_is_what_the_entities_say(server) {
        let connection = server.app.db.read();
        for (name, mut create) in entity_tables(connection.get_database_backend()) {
            let migrated = columns(&server, &name).await;
            connection.execute(create.table("as_the_entity_says")).await.unwrap();
            let said = columns(&server, "as_the_entity_says").await;
            connection.execute_unprepared("DROP TABLE as_the_entity_says").await.unwrap();
            assert_eq!(migrated, said, "table {name}");
        }
    }

    async fn migrating_twice_does_nothing(server) {
        server.app.db.migrate().await.unwrap();
        server.app.db.check_schema().await.unwrap();
    }

    async fn a_schema_of_a_newer_release_is_refused(server) {
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_from_the_future', 0)";
        server.app.db.read().execute_unprepared(newer).await.unwrap();
        assert!(server.app.db.migrate().await.unwrap_err().to_string().contains("m9999_from_the_future"));
        assert!(server.app.db.check_schema().await.is_err());
    }
}

#[tokio::test]
async fn every_table_has_an_entity() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'seaql_migrations' ORDER BY name";
    let rows = server.app.db.read().query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    let migrated: Vec<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    let mut entities: Vec<String> = entity_tables(DbBackend::Sqlite).into_iter().map(|(name, _)| name).collect();
    entities.sort();
    assert_eq!(migrated, entities);
}

/// Table, column and the words of the enumeration that is stored there.
fn word_columns() -> BTreeMap<(&'static str, &'static str), Vec<&'static str>> {
    macro_rules! words {
        ($($table:ident.$column:ident: $kind:ty),* $(,)?) => {
            [$(((stringify!($table), stringify!($column)), <$kind>::ALL.iter().map(|word| word.as_str()).collect())),*]
        };
    }
    let mut words = BTreeMap::from(words![
        organisations.kind: domain::organisations::Kind,
        accounts.role: domain::access::Role,
        accounts.state: domain::access::AccountState,
        api_keys.role: domain::access::Role,
        api_keys.tlp_ceiling: domain::access::Tlp,
        sign_in_sessions.method: domain::access::SignInMethod,
        sign_in_links.method: domain::access::SignInMethod,
        groups.kind: domain::groups::Kind,
        groups.state: domain::groups::State,
        groups.visibility: domain::access::Visibility,
        groups.tlp: domain::access::Tlp,
        memberships.category: domain::groups::Category,
        roles.function: domain::groups::Function,
        events.kind: domain::events::Kind,
        events.state: domain::events::State,
        events.visibility: domain::access::Visibility,
        events.tlp: domain::access::Tlp,
        sessions.kind: domain::schedule::Kind,
        sessions.state: domain::schedule::State,
        date_polls.state: domain::schedule::poll::State,
        agendas.style: domain::schedule::agenda::Style,
        agenda_items.kind: domain::schedule::agenda::Kind,
        agenda_items.visibility: domain::schedule::agenda::Visibility,
        agenda_items.state: domain::schedule::agenda::ItemState,
        agenda_editions.kind: domain::schedule::agenda::EditionKind,
        room_bookings.kind: domain::schedule::BookingKind,
        room_bookings.state: domain::schedule::BookingState,
        session_requests.stage: domain::schedule::RequestStage,
        session_request_steps.stage: domain::schedule::RequestStage,
        sessions.visibility: domain::access::Visibility,
        sessions.shown_to: domain::access::Visibility,
        session_plans.shown_to: domain::access::Visibility,
        session_plans.tlp: domain::access::Tlp,
        released_sessions.novelty: domain::schedule::Novelty,
        released_sessions.state: domain::schedule::State,
        released_sessions.shown_to: domain::access::Visibility,
        released_sessions.tlp: domain::access::Tlp,
        sessions.tlp: domain::access::Tlp,
        delegations.category: domain::attendance::Category,
        delegations.state: domain::attendance::State,
        delegates.function: domain::attendance::Function,
        delegates.state: domain::attendance::DelegateState,
        imports.kind: domain::attendance::import::Kind,
        participant_editions.kind: domain::attendance::participants::EditionKind,
        participant_editions.visibility: domain::access::Visibility,
        participant_editions.tlp: domain::access::Tlp,
        participant_entries.function: domain::attendance::Function,
        delegates.level: domain::attendance::Level,
        delegates.participation: domain::attendance::Participation,
        delegation_reminders.about: domain::attendance::Deadline,
        waiting_delegates.participation: domain::attendance::Participation,
        attendances.status: domain::attendance::Status,
        badges.state: domain::attendance::door::BadgeState,
        check_types.rule: domain::attendance::door::Rule,
        busy_addresses.result: domain::attendance::ReadResult,
        session_duties.duty: domain::attendance::Part,
        session_duties.answer: domain::attendance::Answer,
        follows.kind: domain::attendance::Followed,
        invitations.method: domain::calendars::Method,
        invitations.answer: domain::calendars::Participation,
        invitations.answered_via: domain::attendance::invitation::Channel,
        invitation_mails.method: domain::calendars::Method,
        invitation_replies.reason: domain::attendance::invitation_reply::Reason,
        invitation_replies.answer: domain::calendars::Participation,
        invitation_replies.state: domain::attendance::invitation_reply::State,
        invitation_mails.outcome: domain::attendance::invitation::Outcome,
        checks.direction: domain::attendance::door::Direction,
        checks.result: domain::attendance::door::Verdict,
        checks.told: domain::attendance::door::Verdict,
        minutes.state: domain::minutes::State,
        corrections.part: domain::minutes::Part,
        corrections.state: domain::minutes::CorrectionState,
        speakers.kind: domain::attendance::speakers::Kind,
        speakers.level: domain::attendance::speakers::Level,
        speakers.state: domain::attendance::speakers::SpeakerState,
        attendance_marks.status: domain::attendance::Status,
        attendance_marks.level: domain::attendance::Level,
        attendances.level: domain::attendance::Level,
        attendance_marks.source: domain::attendance::marks::Source,
        credentials.kind: domain::attendance::credentials::Kind,
        credentials.issuer: domain::attendance::credentials::Issuer,
        credential_findings.finding: domain::attendance::Finding,
        statements.kind: domain::statements::Kind,
        statements.state: domain::statements::State,
        statements.visibility: domain::access::Visibility,
        statements.tlp: domain::access::Tlp,
        clauses.part: domain::statements::Part,
        clauses.state: domain::statements::ClauseState,
        feeds.kind: domain::calendars::Kind,
        feeds.detail: domain::calendars::Detail,
        feeds.access: domain::calendars::Access,
        changes.visibility: domain::access::Visibility,
        changes.tlp: domain::access::Tlp,
    ]);
    // The queue's own; nothing in the domain has this state.
    words.insert(("jobs", "state"), vec!["queued", "running", "failed"]);
    words
}

/// The words that the database itself lets into its columns.
async fn checked_words(server: &Server) -> BTreeMap<(String, String), Vec<String>> {
    let connection = server.app.db.read();
    let backend = connection.get_database_backend();
    let (sql, shape) = match backend {
        DbBackend::Postgres => (
            "SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS sql FROM pg_constraint \
             WHERE contype = 'c' AND connamespace = current_schema()::regnamespace",
            // A list of one word is stored as a comparison with it.
            r#"\(\(\(?"?(\w+)"?\)?(?:::text)? = (?:ANY \(+ARRAY\[)?('[^\])]*)"#,
        ),
        _ => ("SELECT name, sql FROM sqlite_master WHERE type = 'table'", r#"CHECK \("(\w+)" IN \(([^)]*)\)"#),
    };
    let (shape, word) = (Regex::new(shape).unwrap(), Regex::new("'([^']*)'").unwrap());
    let rows = connection.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let mut found = BTreeMap::new();
    for row in rows {
        let get = |column: &str| row.try_get::<String>("", column).unwrap();
        for check in shape.captures_iter(&get("sql")) {
            let words = word.captures_iter(&check[2]).map(|word| word[1].to_owned()).collect();
            found.insert((get("name").trim_matches('"').to_owned(), check[1].to_owned()), words);
        }
    }
    found
}

on_both! {
    async fn a_column_of_words_takes_the_words_of_its_enumeration_and_no_other(server) {
        let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let expected: BTreeMap<_, _> = word_columns()
            .into_iter()
            .map(|((table, column), words)| ((table.to_owned(), column.to_owned()), owned(words)))
            .collect();
        assert_eq!(checked_words(&server).await, expected);
    }
}
