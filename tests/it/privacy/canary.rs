//! One person, with a word in everything that is kept about them: it is in the export, and after the erasure nowhere.
//!
//! The inventory says which columns those are, so a new one is tried by itself: a table without a row about the person
//! fails, and so does a column whose word is not in the export, or still there afterwards.

use api::{
    audit::{sealing, verification::verify},
    context::Ctx,
    privacy::store,
};
use domain::{
    access::{Account, Actor, NewKey, Principal, Resource, Role, Target},
    audit::AuditKey,
    privacy::{Blank, Class, INVENTORY, Link, Table},
};
use sea_orm::DbBackend;
use serde_json::json;
use uuid::Uuid;

use super::{
    schema,
    world::{MARK, World},
};
use crate::{
    on_both,
    support::{Answer, Server},
};

fn key() -> AuditKey {
    "the key of the tests, of 32 characters or more".parse().unwrap()
}

/// Tables whose rows nobody may change; what they hold was written by the work itself.
const UNCHANGEABLE: [&str; 7] = [
    "audit_values",
    "clause_revisions",
    "statement_versions",
    "participant_editions",
    "quorum_snapshots",
    "minutes_revisions",
    "session_request_steps",
];

/// Writes a word of its own into every column that is about the person and can hold one; gives the words.
async fn filled(server: &Server, insider: Uuid, person: Uuid) -> Vec<String> {
    let schema = schema(server).await;
    let ctx = Ctx::internal(&server.app, "console");
    let tx = ctx.write(ctx.actor.permit(Resource::Keys, Target::default()).unwrap()).await.unwrap();
    let signed_in_at = server.app.clock.now();
    let principal = Principal::Session { id: insider, account: insider, name: String::new(), signed_in_at };
    let insider = Actor { principal, ..Actor::console() };
    let known = store::person_known(tx.connection(), person).await.unwrap().unwrap();
    let traces = store::traces_find(tx.connection(), &known).await.unwrap();
    let mut words = vec![];
    for table in INVENTORY.iter().filter(|table| !table.about.is_empty()) {
        let found = store::rows_export(tx.connection(), &insider, &traces, table).await.unwrap();
        assert!(!found.is_empty(), "{}: the person has no row in it; make one", table.name);
        if UNCHANGEABLE.contains(&table.name) {
            continue;
        }
        let mut columns = vec![];
        for (column, group) in table.fields().filter(|(_, group)| group.class >= Class::Personal) {
            let word = format!("{MARK}-{}-{column}", table.name.replace('_', "-"));
            let Some(value) = value(table, column, &schema[table.name][column], &word, person) else { continue };
            columns.push((column, value));
            if group.class != Class::Restricted {
                words.push(word);
            }
        }
        store::rows_blank(&tx, table, columns.into_iter(), traces.rows(table)).await.unwrap();
    }
    tx.commit().await.unwrap();
    words
}

/// The word as the column can hold it; nothing for one that holds no text.
fn value(table: &Table, column: &str, kind: &str, word: &str, person: Uuid) -> Option<Blank> {
    // What is found by what it mentions must go on mentioning it.
    let mentions = table.about.iter().any(|link| matches!(link, Link::Mentions(name) if *name == column));
    let word = if mentions { format!("{word} {person}") } else { word.to_owned() };
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    match (kind.to_lowercase().split('_').next().unwrap(), column) {
        ("text", _) => Some(Blank::Text(leak(word))),
        ("json" | "jsonb", "former_names") => {
            Some(Blank::Json(leak(json!([{"display_name": word, "until": "2020-01-01T00:00:00Z"}]).to_string())))
        }
        ("json" | "jsonb", _) => Some(Blank::Json(leak(json!(word).to_string()))),
        _ => None,
    }
}

/// Everything in which the word still stands, through any door that an administrator or anybody else has.
async fn doors(world: &World) -> Vec<(String, Answer)> {
    let person = format!("persons/{}", world.person);
    let sheet = format!("sessions/{}/attendance", world.session);
    let paths = [
        &person,
        &format!("{person}/history"),
        &format!("{person}/export"),
        "persons",
        &format!("persons?q={MARK}"),
        "accounts",
        "keys",
        "feeds",
        "groups/wg/roles",
        "events/e1/delegates",
        &format!("events/e1/delegates?q={MARK}"),
        "events/e1/delegations",
        "events/e1/participants",
        "events/e1/participants?preview=provisional",
        &sheet,
        "statements/s1/versions",
        "statements/s1/history",
        "statements/s1/export",
        "changes?limit=200",
        "audit-entries?limit=200",
        "groups/wg/history",
        "events/e1/history",
        "events/e1/clashes",
        "events/e1/waivers",
        "events/e1/polls",
        "events/e1/session-requests",
        "/api/v1/events/e1/sessions",
    ];
    let mut answers = vec![];
    for path in paths {
        answers.push((path.to_owned(), world.admin.get(path).await));
    }
    let clauses = world.admin.get("statements/s1/clauses").await.expect(200);
    let clause = clauses.json["items"][0]["id"].as_str().unwrap().to_owned();
    let requests = world.admin.get("events/e1/session-requests").await.expect(200);
    let steps = format!("session-requests/{}/history", requests.json["items"][0]["id"].as_str().unwrap());
    answers.push((steps.clone(), world.admin.get(&steps).await.expect(200)));
    answers.push(("revisions".into(), world.admin.get(&format!("clauses/{clause}/revisions")).await.expect(200)));
    answers.push(("calendar".into(), world.admin.get(&world.calendar).await));
    answers
}

on_both! {
    async fn an_export_holds_all_that_is_kept_and_after_an_erasure_nothing_is(server) {
        let world = World::new(&server).await;
        sealing::seal(&server.app, &key()).await.unwrap();
        let insider = world.insider.get("me").await.expect(200).json["account_id"].as_str().unwrap().parse().unwrap();
        let words = filled(&server, insider, world.person).await;
        assert!(words.len() >= 29, "{} columns were tried", words.len());
        let path = format!("persons/{}", world.person);

        let export = world.insider.get(&format!("{path}/export")).await.expect(200);
        assert_eq!(export.header("cache-control"), "no-store");
        let readable = world.insider.get(&format!("{path}/export?format=text")).await.expect(200);
        for word in &words {
            assert!(export.text.contains(word), "{word} is not in the export");
            assert!(readable.text.contains(word), "{word} is not in the readable export");
        }
        for secret in ["secret_hash", "token_hash", "browser_hash"] {
            assert!(!export.text.contains(&format!("\"{secret}\":")), "{secret} is in the export");
        }

        let order = json!({"reason": "Request of the person, file 17"});
        let erasure = format!("{path}/erasure");
        world.admin.post(&erasure, order.clone()).await.expect(428);
        let any = world.admin.header("If-Match", "*");
        let version = format!("\"{}\"", export.json["version"]);
        world.admin.header("If-Match", &version).post(&erasure, order).await.expect(200);

        let dump = server.dump().await;
        let left: Vec<_> = dump.lines().filter(|row| row.contains(MARK)).collect();
        assert!(left.is_empty(), "{} rows hold the word still: {left:#?}", left.len());
        for (path, answer) in doors(&world).await {
            let echoed = path.contains(MARK) && answer.header("link").contains(MARK);
            assert!(echoed || !answer.text.contains(MARK), "{path} tells of the person: {}", answer.text);
        }
        assert_eq!(world.admin.get(&path).await.expect(410).json["status"], 410);
        world.admin.get(&format!("{path}/export")).await.expect(410);
        any.post(&erasure, json!({"reason": "Again"})).await.expect(410);
        world.own.get("me").await.expect(401);
        world.program.get("events").await.expect(401);
        assert!(world.admin.get(&world.calendar).await.status.as_u16() >= 400);

        // Offices, seats and authorship stay.
        assert_eq!(world.admin.get("groups/wg/roles?as_of=2019-01-01").await.expect(200).json["items"][0]["function"], "chair");
        assert_eq!(world.admin.get("events/e1/delegates").await.expect(200).json["items"][0]["function"], "head");
        assert_eq!(world.admin.get("statements/s1/versions").await.expect(200).json["items"][0]["created_by"], "(erased)");

        sealing::seal(&server.app, &key()).await.unwrap();
        let report = verify(&server.app, &key(), None).await.unwrap().unwrap();
        assert!(report.erased > 0, "the log knows that something was erased");
        if server.app.db.backend() == DbBackend::Sqlite {
            files_are_clean(&server);
        }
    }

    async fn an_erasure_is_for_administrators_who_mean_it(server) {
        let admin = server.admin().await;
        let made = admin.post("persons", json!({"display_name": "Jana Dvořáková"})).await.expect(201);
        let path = format!("persons/{}/erasure", made.id());
        let order = json!({"reason": "Request, file 17"});
        for role in [Role::Secretariat, Role::Auditor] {
            let client = server.key(NewKey { role, ..NewKey::default() }).await;
            client.header("If-Match", "*").post(&path, order.clone()).await.expect(403);
            client.get(&format!("persons/{}/export", made.id())).await.expect(403);
        }
        admin.header("If-Match", "\"7\"").post(&path, order.clone()).await.expect(412);
        let told = admin.if_match(&made).post(&path, json!({"reason": "Request of jana dvorakova"})).await.expect(422);
        assert_eq!(told.codes(), ["names_the_person"]);
        // Whoever was deleted before can be erased too.
        admin.if_match(&made).delete(&format!("persons/{}", made.id())).await.expect(204);
        let export = admin.get(&format!("persons/{}/export", made.id())).await.expect(200);
        assert!(export.text.contains("Jana Dvořáková"));
        let version = format!("\"{}\"", export.json["version"]);
        let erased = admin.header("If-Match", &version).post(&path, order).await.expect(200);
        assert_eq!(erased.json["rows"]["persons"], 1);
        assert!(!server.dump().await.contains("Dvořáková"));
        let entries = admin.get(&format!("audit-entries?object_id={}", made.id())).await.expect(200);
        let actions: Vec<_> = entries.json["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        let actions: Vec<_> = actions.into_iter().filter(|action| *action != "access.denied").collect();
        assert_eq!(actions, ["person.created", "person.deleted", "person.exported", "person.erased", "subject.erased"]);
    }

    async fn people_read_what_is_kept_of_themselves_and_of_nobody_else(server) {
        let admin = server.admin().await;
        let [own, other] = [admin.post("persons", json!({"display_name": "Own"})).await.expect(201).id(), admin.post("persons", json!({"display_name": "Other"})).await.expect(201).id()];
        let ends_at = domain::moment::Moment::parse("2026-04-01");
        let account = Account { person_id: Some(own.as_str().into()), ends_at, ..Account::of(Role::Guest, "own@example.org", "Own") };
        let guest = server.signed_in(account).await;
        let export = guest.get(&format!("persons/{own}/export")).await.expect(200);
        assert!(export.text.contains("own@example.org"));
        guest.get(&format!("persons/{other}/export")).await.expect(403);
        guest.header("If-Match", "*").post(&format!("persons/{own}/erasure"), json!({"reason": "Mine"})).await.expect(403);
    }

    async fn the_last_administrator_is_not_erased_by_the_way(server) {
        let admin = server.admin().await;
        let person = admin.post("persons", json!({"display_name": "Root"})).await.expect(201);
        // The operator's account, to which the key belongs, becomes this person's.
        let accounts = admin.get("accounts").await.expect(200);
        let path = format!("accounts/{}", accounts.json["items"][0]["id"].as_str().unwrap());
        let account = admin.get(&path).await.expect(200);
        admin.if_match(&account).patch(&path, json!({"person_id": person.id()})).await.expect(200);
        let refused = admin.if_match(&person).post(&format!("persons/{}/erasure", person.id()), json!({"reason": "x"})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/last-administrator");
        admin.get(&format!("persons/{}", person.id())).await.expect(200);
    }
}

/// Neither the database file nor the log beside it holds the word.
fn files_are_clean(server: &Server) {
    let path = server.app.config.database_url().trim_start_matches("sqlite://").to_owned();
    for file in [path.clone(), format!("{path}-wal")] {
        let bytes = std::fs::read(&file).unwrap();
        let at = bytes.windows(MARK.len()).position(|window| window == MARK.as_bytes());
        let around =
            |at: usize| String::from_utf8_lossy(&bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())]).into_owned();
        assert!(at.is_none(), "{file} holds: {}", around(at.unwrap_or_default()));
    }
}
