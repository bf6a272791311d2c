//! The log taken elsewhere, checked by a program that shares nothing with ours, and a role that can only add to it.

use api::{clock::Entropy, context::App, db::Db};
use domain::access::Role;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait};
use serde_json::{Value, json};

use super::{KEY, busy, ngo, seal};
use crate::{
    on_both,
    support::{Backend, Server, foreign::python},
};

/// Something done to the lines of an export.
type Change<'a> = &'a dyn Fn(&mut Vec<Value>);

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

on_both! {
    async fn an_export_is_checked_by_a_foreign_program(server) {
        busy(&server).await;
        let admin = server.admin().await;
        let jana = admin.post("persons", json!({"display_name": "Jana Dvořáková \"X\"\u{2028}"})).await.expect(201);
        admin.if_match(&jana).post(&format!("persons/{}/erasure", jana.id()), json!({"reason": "Request"})).await.expect(200);
        let head = seal(&server).await;
        let auditor = server.role(Role::Auditor).await;
        let export = auditor.get("audit-entries/export").await.expect(200);
        assert_eq!((export.header("content-type"), export.header("cache-control")), ("application/x-ndjson", "no-store"));
        let (whole, said) = python("verify_audit.py", KEY, &export.text);
        assert!(whole, "{said}");
        let all = lines(&export.text);
        assert_eq!(all.last().unwrap()["head"], head.to_string());
        assert_eq!(all[all.len() - 2]["entry"]["action"], "audit.exported");
        assert_eq!(all[1]["entry"]["instance"], "plenum");
        assert!(said.starts_with(&format!("{} entries, {} sealed, ", all.len() - 2, head.seq)) && !said.contains(" 0 values"), "{said}");

        // In portions it is the same, and each can be checked by itself.
        let second = auditor.get("audit-entries/export?after=5&limit=10").await.expect(200);
        assert!(python("verify_audit.py", KEY, &second.text).0);
        assert_eq!(lines(&second.text)[1..11], all[6..16]);

        let other = python("verify_audit.py", "another key, of 32 characters or more", &export.text);
        assert_eq!(other, (false, "FAULT: entry 1 is not what was sealed".to_owned()));
        let changes: [(&str, Change<'_>); 5] = [
            ("a changed entry", &|all| all[3]["entry"]["action"] = json!("nothing.happened")),
            ("a missing entry", &|all| drop(all.remove(4))),
            ("two swapped", &|all| all.swap(2, 3)),
            ("a changed value", &|all| {
                let line = all.iter_mut().find(|line| line["values"].get(0).is_some()).unwrap();
                line["values"][0]["value"] = json!("somebody else");
            }),
            ("an end cut off", &|all| { let end = all.len() - 2; all.remove(end); }),
        ];
        for (what, change) in changes {
            let mut changed = all.clone();
            change(&mut changed);
            let (whole, said) = python("verify_audit.py", KEY, &text(&changed));
            assert!(!whole && said.starts_with("FAULT"), "{what}: {said}");
        }
    }

    async fn only_auditors_and_administrators_take_the_log_away(server) {
        for role in [Role::Secretariat, Role::Delegate] {
            let client = match role {
                Role::Delegate => {
                    let made = server.admin().await.post("organisations", ngo("ONE")).await.expect(201);
                    server.delegate_of(&made.id()).await
                }
                role => server.role(role).await,
            };
            client.get("audit-entries/export").await.expect(403);
        }
        server.anonymous().get("audit-entries/export").await.expect(401);
        server.role(Role::Auditor).await.get("audit-entries/export?limit=1001").await.expect(400);
    }
}

/// The statements that docs/OPERATIONS.md tells operators to run, for a role of this name.
fn grants(role: &str) -> Vec<String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/OPERATIONS.md")).unwrap();
    let (_, after) = text.split_once("<!-- A test runs this as it stands. -->\n```sql\n").unwrap();
    let (sql, _) = after.split_once("```").unwrap();
    sql.replace("plenum_server", role).lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_role_of_the_servers_adds_to_the_log_and_can_do_nothing_else_to_it() {
    let Some(server) = Server::start(Backend::Postgres).await else { return };
    let owner = server.app.db.read();
    let role = format!("server_{}", Entropy::System.uuid(server.app.clock.now()).unwrap().simple());
    for statement in grants(&role) {
        owner.execute_unprepared(&statement).await.unwrap();
    }
    // Without the triggers, to see what the rights alone are worth.
    for (trigger, table) in
        [("kept", "audit_entries"), ("not_emptied", "audit_entries"), ("kept", "audit_seals"), ("kept", "audit_values")]
    {
        owner.execute_unprepared(&format!("DROP TRIGGER {table}_{trigger} ON {table}")).await.unwrap();
    }
    let url = server.app.config.database_url();
    let (_, place) = url.split_once('@').expect("an address with a user");
    let db = Db::connect(&format!("postgres://{role}@{place}")).await.unwrap();
    db.migrate().await.unwrap();
    let narrow = Server::beside_with(&server, App { db, ..server.app.clone() });
    let admin = narrow.admin().await;
    let jana = admin.post("persons", json!({"display_name": "Jana"})).await.expect(201);
    seal(&narrow).await;
    admin
        .if_match(&jana)
        .post(&format!("persons/{}/erasure", jana.id()), json!({"reason": "Request"}))
        .await
        .expect(200);
    seal(&narrow).await;
    let connection = narrow.app.db.read();
    assert_eq!(connection.get_database_backend(), DbBackend::Postgres);
    for statement in [
        "UPDATE audit_entries SET action = 'nothing'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "UPDATE audit_seals SET mac = '0'",
        "DELETE FROM audit_seals",
        "TRUNCATE audit_seals",
        "UPDATE audit_values SET salt = '0'",
        "TRUNCATE audit_values",
        "DROP TABLE audit_entries",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
    ] {
        let error = connection.execute_unprepared(statement).await.unwrap_err().to_string();
        assert!(error.contains("permission denied") || error.contains("must be owner"), "{statement}: {error}");
    }
    let entries = entity::audit::audit_entry::Entity::find().all(connection).await.unwrap();
    assert!(entries.iter().any(|entry| entry.action == "person.erased"));
    drop(admin);
    narrow.app.db.clone().close().await.unwrap();
    owner.execute_unprepared(&format!("DROP OWNED BY {role}")).await.unwrap();
    owner.execute_unprepared(&format!("DROP ROLE {role}")).await.unwrap();
}
