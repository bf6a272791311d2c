//! One person, with a word in everything that is kept about them: it is in the export, and after the erasure nowhere.
//!
//! The inventory says which columns those are, so a new one is tried by itself: a table without a row about the person
//! fails, and so does a column whose word is not in the export, or still there afterwards.

use api::{
    audit::{sealing, verification::verify},
    clock::Entropy,
    context::Ctx,
    db::to_chrono,
    privacy::store,
};
use domain::{
    access::{Account, Actor, NewKey, Principal, Resource, Role, Target},
    audit::AuditKey,
    privacy::{Blank, Class, INVENTORY, Link, Table},
};
use entity::{access, attendance, jobs};
use sea_orm::{DbBackend, EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::schema;
use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// What no program and nobody else would write, in letters that folding leaves as they are.
const MARK: &str = "zq7canary";

fn key() -> AuditKey {
    "the key of the tests, of 32 characters or more".parse().unwrap()
}

/// The person and everybody who can look for them.
struct World {
    person: Uuid,
    admin: Client,
    /// The person, signed in.
    own: Client,
    /// A key of the person's account.
    program: Client,
    /// An administrator who is admitted to the group that the person has sealed.
    insider: Client,
    /// The path of the person's calendar.
    calendar: String,
    session: String,
}

impl World {
    async fn new(server: &Server) -> Self {
        let admin = server.admin().await;
        let ngo = json!({"code": "NGO", "kind": "ngo", "names": {"en": {"list": "Ngo"}}});
        admin.post("organisations", ngo).await.expect(201);
        let person = json!({
            "display_name": format!("Old {MARK}"), "family_name": MARK, "given_name": MARK, "honorific": MARK,
            "email": format!("{MARK}@example.org"), "position": {"en": MARK}, "organisation_id": "NGO", "languages": ["en"],
            "external_ids": [{"system": "badges", "id": MARK}],
        });
        let made = admin.header("Idempotency-Key", "made").post("persons", person).await.expect(201);
        let renamed = json!({"display_name": format!("New {MARK}")});
        admin.if_match(&made).patch(&format!("persons/{}", made.id()), renamed).await.expect(200);
        let account = Account {
            person_id: Some(made.id().as_str().into()),
            ..Account::of(Role::Secretariat, format!("desk.{MARK}@example.org"), MARK)
        };
        let headers = server.browser(account).await;
        let own = headers.iter().fold(server.anonymous(), |client, (name, value)| client.header(name, value));
        let mut world = Self {
            person: made.id().parse().unwrap(),
            admin,
            own,
            program: server.anonymous(),
            insider: server.anonymous(),
            calendar: String::new(),
            session: String::new(),
        };
        world.seat().await;
        world.listed().await;
        world.sealed(server).await;
        world.texts().await;
        world.access(server).await;
        world
    }

    /// An office, a seat, and a session in which the person sat.
    async fn seat(&mut self) {
        let group = json!({"code": "wg", "kind": "working_group", "name": {"en": "Group"}, "visibility": "public"});
        self.admin.post("groups", group).await.expect(201);
        let role = json!({"person_id": self.person, "function": "chair", "valid_from": "2018-01-01"});
        self.admin.post("groups/wg/roles", role).await.expect(201);
        let event = json!({
            "code": "e1", "kind": "workshop", "title": {"en": "Event"}, "city": {"name": {"en": "Seoul"}}, "group_id": "wg",
            "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en"], "visibility": "public",
        });
        self.admin.post("events", event).await.expect(201);
        self.admin.post("events/e1/delegations", json!({"organisation_id": "NGO"})).await.expect(201);
        let delegate =
            json!({"delegation_id": "NGO", "person_id": self.person, "function": "head", "position": {"en": MARK}});
        let delegate = self.admin.post("events/e1/delegates", delegate).await.expect(201);
        let badge = self.admin.post(&format!("delegates/{}/badge", delegate.id()), json!({})).await.expect(201).id();
        for to in ["accepted", "submitted", "confirmed"] {
            let delegation = delegate.json["delegation_id"].as_str().unwrap();
            self.admin.post(&format!("delegations/{delegation}/transitions"), json!({"to": to})).await.expect(200);
        }
        let approved = json!({"to": "approved"});
        self.admin.post(&format!("delegates/{}/transitions", delegate.id()), approved).await.expect(200);
        let paper = json!({
            "kind": "nomination_letter", "issuer": "other", "issuer_name": "Board", "issued_on": "2019-09-30",
            "delegate_ids": [delegate.id()], "powers": ["represent"],
        });
        let delegation = delegate.json["delegation_id"].as_str().unwrap();
        self.admin.post(&format!("delegations/{delegation}/credentials"), paper).await.expect(201);
        let away = json!({
            "kind": "unavailable", "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T10:00:00"}, "reason": MARK,
        });
        let availability = format!("delegates/{}/availability", delegate.id());
        self.admin.header("If-Match", "*").put(&availability, json!({"windows": [away]})).await.expect(200);
        let calendar = json!({"url": format!("https://calendar.example.org/{MARK}.ics")});
        self.admin.put(&format!("{availability}/subscription"), calendar).await.expect(200);
        let collection = json!({"badge_ids": [badge], "collected_by": delegate.id()});
        self.admin.post(&format!("delegations/{delegation}/badge-collections"), collection).await.expect(200);
        self.waits().await;
        let session = json!({
            "event_id": "e1", "kind": "plenary", "title": {"en": "Opening"}, "visibility": "public",
            "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T10:00:00"},
        });
        self.session = self.admin.post("sessions", session).await.expect(201).id();
        let item = json!({"title": {"en": "Report"}, "kind": "information", "lead_person_id": self.person});
        let item = self.admin.post(&format!("sessions/{}/agenda-items", self.session), item).await.expect(201);
        let entry = json!({"delegation_id": "NGO", "delegate_id": delegate.id()});
        self.admin.post(&format!("agenda-items/{}/speakers", item.id()), entry).await.expect(201);
        let duty = json!({"person_id": self.person, "duty": "speaker"});
        self.admin.post(&format!("sessions/{}/duties", self.session), duty).await.expect(201);
        let talk = json!({
            "event_id": "e1", "kind": "bilateral", "title": {"en": "Talk"}, "visibility": "named",
            "audience_ids": [self.person],
        });
        self.admin.post("sessions", talk).await.expect(201);
        let line = json!({"status": "present", "represented_by": delegate.id(), "note": MARK});
        self.admin.put(&format!("sessions/{}/attendance/NGO", self.session), line).await.expect(200);
    }

    /// A list of participants that the person published and stands in.
    async fn listed(&self) {
        let edition = json!({"kind": "final"});
        self.own.header("Idempotency-Key", "list").post("events/e1/participants/editions", edition).await.expect(201);
        let table = format!("organisation,category\n{MARK},member\n");
        let sender = self.own.header("Idempotency-Key", "table");
        sender.send_file("events/e1/imports?kind=delegations", "text/csv", table.as_bytes()).await.expect(201);
    }

    /// Another event, where the person waits for a place.
    async fn waits(&self) {
        let event = json!({
            "code": "e2", "kind": "workshop", "title": {"en": "Event"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2019-11-07", "ends_on": "2019-11-08", "languages": ["en"],
        });
        self.admin.post("events", event).await.expect(201);
        let invitation = json!({"organisation_id": "NGO", "quota": {"in_person": 0}});
        let delegation = self.admin.post("events/e2/delegations", invitation).await.expect(201);
        let delegate = json!({"delegation_id": "NGO", "person_id": self.person, "function": "expert"});
        let delegate = self.admin.post("events/e2/delegates", delegate).await.expect(201);
        let list = json!({"participation": "in_person", "delegate_ids": [delegate.id()]});
        let path = format!("delegations/{}/waiting-list", delegation.id());
        self.admin.if_match(&delegation).put(&path, list).await.expect(200);
    }

    /// A group that the person has sealed, and somebody else who is admitted: only they find the person there.
    async fn sealed(&mut self, server: &Server) {
        let group = json!({"code": "closed", "kind": "bureau", "name": {"en": "Group"}, "visibility": "public"});
        self.admin.post("groups", group).await.expect(201);
        self.insider = server.signed_in(Account::of(Role::Admin, "insider@example.org", "Insider")).await;
        let insider = self.insider.get("me").await.expect(200).json["account_id"].clone();
        self.own.post("groups/closed/seal", json!({"account_ids": [insider]})).await.expect(200);
    }

    /// A text that the person wrote and froze.
    async fn texts(&self) {
        let statement = json!({
            "code": "s1", "event_id": "e1", "kind": "joint_statement", "drafting_language": "en", "languages": ["en"],
        });
        self.own.header("Idempotency-Key", "text").post("statements", statement).await.expect(201);
        let clause = json!({"part": "operative", "text": {"en": "Words."}});
        self.own.post("statements/s1/clauses", clause).await.expect(201);
        self.own.post("statements/s1/versions", json!({})).await.expect(201);
        self.own.post(&format!("sessions/{}/quorum", self.session), json!({})).await.expect(200);
        // A session of nobody's: minutes name who was there, for the record.
        let quiet = json!({"event_id": "e1", "kind": "plenary", "title": {"en": "Quiet"}, "visibility": "public"});
        let quiet = self.admin.post("sessions", quiet).await.expect(201).id();
        self.own.post(&format!("sessions/{quiet}/minutes"), json!({})).await.expect(201);
        // It has no place yet, which the person takes upon themselves.
        let clash = self.own.get("events/e1/clashes").await.expect(200).json["items"][0]["fingerprint"].clone();
        let waiver = json!({"fingerprint": clash, "reason": "It will find one."});
        self.own.post("events/e1/waivers", waiver).await.expect(201);
        // And answers a poll for the organisation.
        let offers = json!([{"days": {"first": "2019-10-07", "last": "2019-10-07"}}]);
        let poll = json!({"title": {"en": "When"}, "organisation_ids": ["NGO"], "offers": offers});
        let poll = self.admin.post("events/e1/polls", poll).await.expect(201);
        let answers = json!({"answers": [{"option_id": poll.json["options"][0]["id"], "answer": "yes"}]});
        self.own.put(&format!("polls/{}/answers/NGO", poll.id()), answers).await.expect(200);
        // The person asks for a session without whom it cannot sit.
        let request = json!({"group_id": "wg", "required_person_ids": [self.person]});
        let request = self.own.post("events/e1/session-requests", request).await.expect(201).id();
        let absent = json!({"to": "not_meeting", "note": "Not this year."});
        self.own.post(&format!("session-requests/{request}/transitions"), absent).await.expect(200);
    }

    /// A key, a calendar, and what is only there for a moment.
    async fn access(&mut self, server: &Server) {
        let owner = format!("desk.{MARK}@example.org");
        let key = json!({"name": MARK, "role": "secretariat", "owner_id": owner, "event_ids": ["e1"]});
        let key = self.admin.post("keys", key).await.expect(201);
        self.program = server.with_key(key.json["secret"].as_str().unwrap());
        let feed = json!({"kind": "event", "object_id": "e1", "name": MARK, "access": "token"});
        let feed = self.own.post("feeds", feed).await.expect(201);
        let url = feed.json["url"].as_str().unwrap();
        self.calendar = url[url.find("/ical/").unwrap()..].to_owned();
        let account = self.own.get("me").await.expect(200).json["account_id"].as_str().unwrap().parse().unwrap();
        moments(server, account).await;
    }
}

/// Rows that exist for minutes only.
async fn moments(server: &Server, account: Uuid) {
    let connection = server.app.db.read();
    let (at, id) = (to_chrono(server.app.clock.now()), || Entropy::System.uuid(server.app.clock.now()).unwrap());
    let sign_in = access::sign_in_session::Entity::find().one(connection).await.unwrap().unwrap().id;
    let identity = id();
    let link = access::sign_in_link::Model {
        id: id(),
        prefix: "p".into(),
        secret_hash: MARK.into(),
        account_id: account,
        method: "mail_link".into(),
        browser_hash: Some(MARK.into()),
        return_to: "/".into(),
        expires_at: at,
    };
    let password = access::account_password::Model { account_id: account, hash: MARK.into(), changed_at: at };
    let provider = access::identity::Model {
        id: identity,
        issuer: "https://id.example.org".into(),
        subject: "s".into(),
        account_id: account,
        created_at: at,
    };
    let provided = access::provider_sign_in::Model { sign_in_id: sign_in, identity_id: identity, sid: None };
    let passkey = access::passkey::Model {
        id: id(),
        account_id: account,
        name: "Telephone".into(),
        credential_id: "c".into(),
        public_key: "k".into(),
        sign_count: 0,
        backup_eligible: false,
        created_at: at,
        last_used_at: None,
    };
    let challenge = access::passkey_challenge::Model {
        challenge_hash: "h".into(),
        browser_hash: MARK.into(),
        account_id: Some(account),
        expires_at: at,
    };
    access::passkey::Entity::insert(passkey.into_active_model()).exec_without_returning(connection).await.unwrap();
    access::passkey_challenge::Entity::insert(challenge.into_active_model())
        .exec_without_returning(connection)
        .await
        .unwrap();
    scanned(connection).await;
    let job = jobs::job::Model {
        id: id(),
        kind: "sign_in_link".into(),
        payload: json!({"address": format!("DESK.{MARK}@example.org")}),
        state: "queued".into(),
        run_at: at,
        attempts: 0,
        lease_until: None,
        fence: 0,
        last_error: None,
        created_at: at,
    };
    let message = jobs::outbox_message::Model {
        id: id(),
        topic: "mail".into(),
        payload: json!({"account": account}),
        state: "queued".into(),
        attempts: 0,
        next_at: at,
        created_at: at,
    };
    access::sign_in_link::Entity::insert(link.into_active_model()).exec_without_returning(connection).await.unwrap();
    access::account_password::Entity::insert(password.into_active_model())
        .exec_without_returning(connection)
        .await
        .unwrap();
    access::identity::Entity::insert(provider.into_active_model()).exec_without_returning(connection).await.unwrap();
    access::provider_sign_in::Entity::insert(provided.into_active_model())
        .exec_without_returning(connection)
        .await
        .unwrap();
    jobs::job::Entity::insert(job.into_active_model()).exec_without_returning(connection).await.unwrap();
    jobs::outbox_message::Entity::insert(message.into_active_model()).exec_without_returning(connection).await.unwrap();
}

/// A scan of the person's badge.
async fn scanned(connection: &sea_orm::DatabaseConnection) {
    let badge = attendance::badge::Entity::find().one(connection).await.unwrap().unwrap();
    let gate = attendance::check_type::Model {
        id: Uuid::from_u128(1),
        version: 1,
        created_at: badge.created_at,
        changed_at: badge.created_at,
        deleted_at: None,
        event_id: badge.event_id,
        name: json!({"en": "Door"}),
        rule: "multiple".into(),
        zone: None,
        session_id: None,
        categories: json!([]),
        opens_local: None,
        closes_local: None,
    };
    let check = attendance::check::Model {
        id: Uuid::from_u128(2),
        event_id: badge.event_id,
        check_type_id: gate.id,
        badge_id: Some(badge.id),
        delegate_id: Some(badge.delegate_id),
        number: 1,
        direction: "in".into(),
        result: "ok".into(),
        told: None,
        passed: true,
        forced: false,
        conflict: false,
        device_id: Uuid::from_u128(3),
        device: "Door 1".into(),
        nonce: "1".into(),
        scanned_at: badge.created_at,
        happened_at: badge.created_at,
        received_at: badge.created_at,
    };
    attendance::check_type::Entity::insert(gate.into_active_model()).exec_without_returning(connection).await.unwrap();
    attendance::check::Entity::insert(check.into_active_model()).exec_without_returning(connection).await.unwrap();
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
