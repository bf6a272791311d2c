//! The audit log: what stands in it, who reads it, and that nobody can change it unnoticed.

mod export;
mod history;
mod ledger;
mod mutations;

use api::{
    audit::{self, key, sealing, store, verification::verify},
    context::{App, Ctx},
    db::Db,
    jobs,
};
use domain::{
    access::{NewKey, Resource, Role, Target},
    audit::{AuditKey, Fault, Head, Report},
};
use jiff::SignedDuration;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use self::ledger::Ledger;
use crate::{
    on_both,
    support::{Backend, Server, plenum},
};

const KEY: &str = "the key of the tests, of 32 characters or more";

fn audit_key() -> AuditKey {
    KEY.parse().unwrap()
}

fn ngo(code: &str) -> Value {
    json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}})
}

async fn seal(server: &Server) -> Head {
    sealing::seal(&server.app, &audit_key()).await.unwrap().unwrap()
}

/// What `plenum audit verify` finds.
async fn verified(server: &Server, head: Option<Head>) -> Result<Report, Fault> {
    verify(&server.app, &audit_key(), head).await.unwrap()
}

/// Some entries of every sort: with and without values about persons, with and without a change of data.
async fn busy(server: &Server) {
    let admin = server.admin().await;
    for n in 0..6 {
        let made = admin.post("organisations", ngo(&format!("ORG-{n}"))).await.expect(201);
        admin.if_match(&made).patch(&format!("organisations/ORG-{n}"), json!({"region": "Europe"})).await.expect(200);
        let person = json!({"display_name": format!("Person {n}"), "email": format!("old-{n}@example.org")});
        let made = admin.post("persons", person).await.expect(201);
        admin.if_match(&made).patch(&format!("persons/{}", made.id()), json!({"email": null})).await.expect(200);
    }
    server.delegate_of("ORG-1").await.get("keys").await.expect(403);
    admin.get("audit-entries").await.expect(200);
}

on_both! {
    async fn nothing_that_was_written_can_be_rewritten(server) {
        busy(&server).await;
        seal(&server).await;
        let mut refused = vec![
            "UPDATE audit_entries SET action = 'nothing'",
            "DELETE FROM audit_entries",
            "UPDATE audit_seals SET mac = '0'",
            "DELETE FROM audit_seals",
            "UPDATE audit_values SET salt = '0'",
        ];
        if server.app.db.backend() == DbBackend::Postgres {
            refused.extend(["TRUNCATE audit_entries", "TRUNCATE audit_seals"]);
        }
        for statement in refused {
            let error = server.app.db.read().execute_unprepared(statement).await.unwrap_err().to_string();
            assert!(error.contains("is refused"), "{statement}: {error}");
        }
    }

    async fn what_is_sealed_leads_to_its_head_and_what_comes_later_too(server) {
        busy(&server).await;
        let report = verified(&server, None).await.unwrap();
        assert_eq!((report.sealed, report.head), (0, None), "nobody has sealed yet");
        let head = seal(&server).await;
        let report = verified(&server, Some(head)).await.unwrap();
        assert_eq!((report.entries, report.sealed, report.head), (head.seq, head.seq, Some(head)));
        assert!(report.values > 0 && report.erased == 0);
        server.admin().await.post("organisations", ngo("LATER")).await.expect(201);
        let report = verified(&server, Some(head)).await.unwrap();
        assert_eq!((report.entries, report.sealed), (head.seq + 2, head.seq), "a key and an organisation wait");
        let later = seal(&server).await;
        assert_eq!(later.seq, head.seq + 2);
        verified(&server, Some(head)).await.unwrap();
    }

    async fn another_key_neither_checks_the_log_nor_goes_on_sealing_it(server) {
        busy(&server).await;
        seal(&server).await;
        let other: AuditKey = "some other key, which nobody sealed anything with".parse().unwrap();
        assert_eq!(verify(&server.app, &other, None).await.unwrap(), Err(Fault::Changed(1)));
        server.admin().await;
        assert!(sealing::seal(&server.app, &other).await.is_err());
        seal(&server).await;
        verified(&server, None).await.unwrap();
    }

    async fn two_sealers_at_once_make_one_chain(server) {
        let second = App { db: Db::connect(&server.app.config.database_url()).await.unwrap(), ..server.app.clone() };
        let admin = server.admin().await;
        let writing = async {
            for n in 0..30 {
                admin.post("organisations", ngo(&format!("ORG-{n}"))).await.expect(201);
            }
        };
        let sealing = |app: App| async move {
            for _ in 0..20 {
                sealing::seal(&app, &audit_key()).await.unwrap();
            }
        };
        tokio::join!(writing, sealing(server.app.clone()), sealing(second));
        let head = seal(&server).await;
        assert_eq!(verified(&server, Some(head)).await.unwrap().sealed, head.seq);
    }

    async fn the_sealing_job_comes_again_and_logs_what_it_must(server) {
        let app = App { config: configured(&server), ..server.app.clone() };
        audit::jobs::schedule(&app).await.unwrap();
        audit::jobs::schedule(&app).await.unwrap();
        busy(&server).await;
        assert!(jobs::run_next(&app).await);
        assert!(!jobs::run_next(&app).await, "one sealing, however often it was scheduled");
        let sealed = verified(&server, None).await.unwrap();
        assert_eq!(sealed.sealed, sealed.entries);
        server.admin().await;
        server.advance(SignedDuration::from_secs(11));
        assert!(jobs::run_next(&app).await);
        assert_eq!(verified(&server, None).await.unwrap().sealed, sealed.sealed + 1);
    }

    async fn an_erased_person_leaves_a_log_that_is_whole_and_says_nothing_of_them(server) {
        let admin = server.admin().await;
        let (canary, changed) = ("canary-7f3a@example.org", json!({"email": "later@example.org"}));
        let person = json!({"display_name": "Jadwiga Zielińska", "email": canary});
        let made = admin.post("persons", person).await.expect(201);
        admin.if_match(&made).patch(&format!("persons/{}", made.id()), changed).await.expect(200);
        let log = format!("audit-entries?object_id={}", made.id());
        let before = admin.get(&log).await.expect(200);
        assert_eq!(before.json["items"][1]["diff"]["email"], json!({"old": canary, "new": "later@example.org"}));
        let head = seal(&server).await;

        erase(&server, made.id().parse().unwrap()).await;

        let after = admin.get(&log).await.expect(200);
        assert_eq!(after.json["items"][1]["diff"], json!({"email": {"erased": true}}));
        assert!(!after.text.contains("Jadwiga") && !after.text.contains(canary), "{}", after.text);
        seal(&server).await;
        let report = verified(&server, Some(head)).await.unwrap();
        assert!(report.erased >= 3, "name and both addresses are gone: {report:?}");
        assert!(!anywhere(&server, canary).await, "the value is still in the database");
    }

    async fn the_account_of_an_erased_person_is_erased_with_them(server) {
        let admin = server.admin().await;
        let person = admin.post("persons", json!({"display_name": "Maria"})).await.expect(201);
        let account = json!({"email": "canary@example.org", "name": "Maria", "role": "auditor", "person_id": person.id()});
        admin.post("accounts", account).await.expect(201);
        erase(&server, person.id().parse().unwrap()).await;
        let log = admin.get("audit-entries").await.expect(200);
        assert!(log.text.contains("account.created") && !log.text.contains("canary"), "{}", log.text);
        seal(&server).await;
        verified(&server, None).await.unwrap();
    }

    async fn refusals_and_looks_at_the_log_are_entries_but_a_made_up_key_is_not(server) {
        let auditor = server.role(Role::Auditor).await;
        let admin = server.admin().await;
        let made = admin.post("organisations", ngo("ONE")).await.expect(201);
        auditor.if_match(&made).delete(&format!("organisations/{}", made.id())).await.expect(403);
        server.with_key("wgk_live_nobody").get("keys").await.expect(401);
        server.anonymous().get("keys").await.expect(401);
        admin.get(&format!("audit-entries?object_id={}", made.id())).await.expect(200);
        let entries = admin.get("audit-entries").await.expect(200);
        let entries = entries.json["items"].as_array().unwrap();
        let of = |action: &str| entries.iter().filter(|it| it["action"] == action).collect::<Vec<_>>();
        let denied = of("access.denied");
        assert_eq!(denied.len(), 1, "{entries:#?}");
        let denied = denied[0];
        assert_eq!(denied["diff"]["operation"]["new"], "DELETE /api/v1/organisations/{id}");
        assert_eq!((&denied["actor_name"], &denied["object_id"]), (&json!("auditor of the test"), &made.json["id"]));
        let viewed = of("audit.viewed");
        assert_eq!(viewed.len(), 2, "this look included");
        assert_eq!(viewed[0]["diff"]["object_id"]["new"], made.json["id"]);
        // They are no changes of anything that could be fetched.
        let told = admin.get("changes").await.expect(200);
        assert!(!told.text.contains("access.denied") && !told.text.contains("audit.viewed"));
    }

    async fn a_network_address_is_forgotten_after_90_days_and_not_before(server) {
        let ctx = Ctx { address: Some("192.0.2.7".to_owned()), ..Ctx::internal(&server.app, "api") };
        audit::note(&ctx, "session.opened", Uuid::nil(), Value::Null).await.unwrap();
        seal(&server).await;
        let address = async || server.admin().await.get("audit-entries").await.json["items"][0]["address"].clone();
        assert_eq!(address().await, "192.0.2.7");
        jobs::schedule(&server.app).await.unwrap();
        server.advance(SignedDuration::from_hours(90 * 24));
        assert!(jobs::run_next(&server.app).await);
        assert_eq!(address().await, "192.0.2.7", "the 90th day is not over");
        server.advance(SignedDuration::from_hours(2));
        assert!(jobs::run_next(&server.app).await);
        assert_eq!(address().await, Value::Null);
        assert_eq!(verified(&server, None).await.unwrap().erased, 1);
    }

    async fn an_address_that_is_gone_too_early_is_found(server) {
        let ctx = Ctx { address: Some("192.0.2.7".to_owned()), ..Ctx::internal(&server.app, "api") };
        audit::note(&ctx, "session.opened", Uuid::nil(), Value::Null).await.unwrap();
        seal(&server).await;
        server.app.db.read().execute_unprepared("DELETE FROM audit_values WHERE field = 'address'").await.unwrap();
        assert_eq!(verified(&server, None).await, Err(Fault::ValueMissing { seq: 1, field: "address".to_owned() }));
    }

    async fn whoever_goes_on_using_a_revoked_or_expired_key_is_noted_once_a_minute(server) {
        let admin = server.admin().await;
        let (revoked, secret) = server.secret(NewKey::default()).await;
        admin.header("If-Match", "*").delete(&format!("keys/{revoked}")).await.expect(204);
        let (expired, old) = server.secret(NewKey { expires_in_days: 1, ..NewKey::default() }).await;
        server.advance(SignedDuration::from_hours(25));
        for _ in 0..3 {
            server.with_key(&secret).get("events").await.expect(401);
            server.with_key(&old).get("events").await.expect(401);
        }
        server.advance(SignedDuration::from_mins(1));
        server.with_key(&secret).get("events").await.expect(401);
        let entries = admin.get("audit-entries").await.expect(200);
        let refused: Vec<_> = entries.json["items"].as_array().unwrap().iter()
            .filter(|it| it["action"] == "key.refused")
            .map(|it| (it["object_id"].clone(), it["diff"]["reason"]["new"].clone()))
            .collect();
        let (revoked, expired) = ((json!(revoked), json!("revoked")), (json!(expired), json!("expired")));
        assert_eq!(refused, [revoked.clone(), expired, revoked]);
    }

    async fn the_name_of_an_actor_is_told_until_it_is_erased(server) {
        let (id, secret) = server.secret(NewKey { role: Role::Admin, ..NewKey::default() }).await;
        let made = server.with_key(&secret).post("organisations", ngo("ONE")).await.expect(201);
        let name = async || {
            let log = format!("audit-entries?object_id={}", made.id());
            server.admin().await.get(&log).await.expect(200).json["items"][0]["actor_name"].clone()
        };
        assert!(name().await.as_str().unwrap().ends_with("of the test"));
        erase(&server, id).await;
        assert_eq!(name().await, Value::Null);
    }
}

async fn erase(server: &Server, subject: Uuid) {
    let ctx = Ctx::internal(&server.app, "console");
    let tx = ctx.write(ctx.actor.permit(Resource::Persons, Target::default()).unwrap()).await.unwrap();
    audit::erase_subject(&tx, subject);
    tx.commit().await.unwrap();
}

/// The configuration of the server, with the key of the tests.
fn configured(server: &Server) -> std::sync::Arc<api::config::Config> {
    let mut config = (*server.app.config).clone();
    config.audit_key = Some(audit_key());
    config.into()
}

/// Whether the text stands in any row of the log, or on SQLite in any byte of the file.
async fn anywhere(server: &Server, text: &str) -> bool {
    let connection = server.app.db.read();
    if server.app.db.backend() == DbBackend::Postgres {
        let ledger = Ledger::read(&server.app).await;
        return format!("{ledger:?}").contains(text);
    }
    connection.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    let url = server.app.config.database_url();
    let file = std::fs::read(url.trim_start_matches("sqlite://")).unwrap();
    file.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn the_bytes_that_are_sealed_are_the_same_on_both_databases() {
    let (sqlite, Some(postgres)) =
        (Server::start(Backend::Sqlite).await.unwrap(), Server::start(Backend::Postgres).await)
    else {
        return;
    };
    busy(&sqlite).await;
    use entity::audit::audit_entry::Entity;
    let rows = Entity::find().all(sqlite.app.db.read()).await.unwrap();
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    Entity::insert_many(rows).exec_without_returning(postgres.app.db.read()).await.unwrap();
    let bytes = async |server: &Server| -> Vec<_> {
        let entries = store::entries_after(server.app.db.read(), 0, 1000).await.unwrap();
        entries.iter().map(domain::audit::Entry::bytes).collect()
    };
    let (ours, theirs) = (bytes(&sqlite).await, bytes(&postgres).await);
    assert!(ours.len() > 20);
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn the_command_says_that_the_log_is_whole_or_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| plenum::run_in(folder.path(), arguments);
    // Whoever stops a server leaves no entry without a seal.
    assert_eq!(plenum::Running::in_folder(folder.path(), &[]).terminate().0, Some(0));
    let said = plenum::printed(&run(&["audit", "verify"]));
    assert!(said.contains("waiting for their seal: 0.") && said.contains("The audit log is whole."), "{said}");
    let head = plenum::printed(&run(&["audit", "head"]));
    let server = plenum::Running::in_folder(folder.path(), &[]);
    let said = plenum::printed(&run(&["audit", "verify", "--head", head.trim()]));
    assert!(said.contains(&format!("leads to the head {}", head.trim())), "{said}");
    server.terminate();

    let database = format!("sqlite://{}", folder.path().join("plenum.sqlite").display());
    let db = Db::connect(&database).await.unwrap();
    let change = "DROP TRIGGER audit_entries_no_update; UPDATE audit_entries SET action = 'nothing' WHERE seq = 7";
    db.read().execute_unprepared(change).await.unwrap();
    db.close().await.unwrap();
    let faulty = run(&["audit", "verify"]);
    let said = String::from_utf8(faulty.stdout).unwrap();
    assert_eq!(faulty.status.code(), Some(1));
    assert!(said.starts_with("FAULT: entry 7 is not what was sealed"), "{said}");
    std::fs::remove_file(folder.path().join("audit.key")).unwrap();
    let keyless = run(&["audit", "verify"]);
    assert_eq!(keyless.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&keyless.stderr).contains("PLENUM_AUDIT_KEY_FILE"));
}

#[tokio::test]
async fn the_key_beside_a_database_is_made_once_and_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start(Backend::Sqlite).await.unwrap();
    assert!(key::find(&server.app.config).unwrap().is_none());
    let made = key::find_or_make(&server.app.config, &server.app.entropy).unwrap().unwrap();
    assert_eq!(made.reveal().len(), 64);
    let path = key::path(&server.app.config).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(key::find_or_make(&server.app.config, &server.app.entropy).unwrap().unwrap() == made);
    std::fs::write(&path, "short").unwrap();
    assert!(key::find(&server.app.config).is_err(), "a key that was cut off is not replaced by another");
}
