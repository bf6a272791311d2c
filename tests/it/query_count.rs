//! A list costs the same number of database statements whatever its length: nothing is fetched row by row.
//!
//! The lists are those of the API document, so a new one is held to this without anybody thinking of it.

use std::collections::{BTreeMap, BTreeSet};

use api::context::Ctx;
use domain::access::{Account, Actor, Resource, Role, Target};
use entity::attendance::delegation_reminder;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, api_document, invitations};

/// As few as still make a list.
const FEW: usize = 2;
/// More than a batch of anything would hide.
const MANY: usize = 9;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_costs_the_same_whatever_its_length() {
    let (few, many) = (Seeded::with(FEW).await, Seeded::with(MANY).await);
    let mut faults = Vec::new();
    let mut longer_for_the_delegate = 0;
    for path in lists() {
        let (short, cheap) = few.cost(&few.admin, &path).await;
        let (long, dear) = many.cost(&many.admin, &path).await;
        assert!(long > short, "{path}: {short} and {long} items");
        if cheap != dear {
            faults.push(format!("{path}: {short} items cost {cheap} statements, {long} cost {dear}"));
        }
        // Another way through the same code: what a delegate sees of it is asked of the database too.
        let (short, cheap) = few.cost(&few.delegate, &path).await;
        let (long, dear) = many.cost(&many.delegate, &path).await;
        longer_for_the_delegate += usize::from(long > short);
        if cheap != dear {
            faults.push(format!("{path} for a delegate: {short} items cost {cheap} statements, {long} cost {dear}"));
        }
    }
    assert!(longer_for_the_delegate > 10, "a delegate sees more in {longer_for_the_delegate} lists only");
    assert_eq!(faults, Vec::<String>::new());
}

/// The paths of all lists, whole where they come in pages: operations that begin with `list_`, and the attendance sheet.
fn lists() -> BTreeSet<String> {
    let document = &api_document();
    let lists: BTreeSet<_> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, item)| item["get"]["operationId"].as_str().is_some_and(|id| id.starts_with("list_")))
        .map(|(path, item)| {
            let paged = item["get"]["parameters"].as_array().unwrap().iter().any(|it| it["name"] == "limit");
            if paged { format!("{path}?limit=200") } else { path.clone() }
        })
        .chain(["/sessions/{id}/attendance".to_owned(), "/sessions/{id}/agenda".to_owned()])
        .chain(["/agenda-items/{id}/speakers-list".to_owned()])
        .collect();
    assert!(lists.len() > 18, "{lists:?}");
    lists
}

/// A server with as many of everything, each with all it can refer to.
struct Seeded {
    server: Server,
    admin: Client,
    delegate: Client,
    /// An object that lists belong to, by collection.
    parents: BTreeMap<&'static str, String>,
}

impl Seeded {
    async fn with(count: usize) -> Self {
        let server = Server::start(Backend::Sqlite).await.unwrap();
        let admin = server.admin().await;
        let mut seed = Self { delegate: admin.clone(), admin, server, parents: BTreeMap::new() };
        seed.common(count).await;
        for n in 0..count {
            seed.groups(n).await;
            seed.events(n).await;
        }
        for n in 0..count {
            seed.draft(n).await;
            seed.agenda(n).await;
        }
        seed.meeting(count).await;
        seed.statement(count).await;
        seed.delegate = seed.server.delegate_of("org-0").await;
        seed
    }

    /// Items in the answer, and the statements it took.
    async fn cost(&self, client: &Client, path: &str) -> (usize, usize) {
        let collection = path.split('/').nth(1).unwrap();
        let parent = self.parents.get(collection).map_or("", String::as_str);
        let path = path.trim_start_matches('/').replace("{id}", parent);
        self.server.statements();
        let answer = client.get(&path).await;
        let statements = self.server.statements();
        let items =
            ["items", "lines", "speakers"].iter().find_map(|name| answer.json.get(name)).and_then(Value::as_array);
        let items = items.map_or(0, Vec::len);
        (items, statements)
    }

    async fn post(&self, path: &str, body: Value) -> String {
        self.admin.post(path, body).await.expect(201).id()
    }

    async fn common(&mut self, count: usize) {
        let host =
            json!({"code": "KR", "kind": "state", "alpha2": "KR", "names": {"en": {"list": "Korea", "text": "Korea"}}});
        self.post("organisations", host).await;
        for n in 0..count {
            let code = format!("org-{n}");
            let organisation = json!({
                "code": code, "kind": "igo", "names": {"en": {"list": code, "text": code}}, "parent_id": "KR",
                "external_ids": [{"system": "partner", "id": code}],
            });
            self.post("organisations", organisation).await;
            let person = json!({
                "display_name": format!("Delegate {n}"), "organisation_id": code,
                "external_ids": [{"system": "partner", "id": code}],
            });
            let person = self.post("persons", person).await;
            self.parents.insert("persons", person);
            let room = json!({"code": format!("room-{n}"), "name": {"en": "Hall"}, "venue": {"en": "Centre"}, "time_zone": "UTC"});
            let room = self.post("rooms", room).await;
            let first = self.parents.entry("rooms").or_insert(room).clone();
            let closed = json!({"kind": "maintenance", "placement": {"start": "2019-11-07T09:00:00", "end": "2019-11-07T10:30:00"}});
            self.post(&format!("rooms/{first}/bookings"), closed).await;
            let account = json!({"email": format!("a{n}@example.org"), "name": "Auditor", "role": "auditor"});
            self.post("accounts", account).await;
            self.server.role(domain::access::Role::Auditor).await;
            let sealed = json!({"code": format!("sealed-{n}"), "kind": "bureau", "name": {"en": "Sealed"}, "visibility": "public"});
            self.post("groups", sealed).await;
            let sealer = Account::of(Role::Secretariat, format!("sealer{n}@example.org"), "Sealer");
            let sealer = self.server.signed_in(sealer).await;
            sealer.post(&format!("groups/sealed-{n}/seal"), json!({})).await.expect(200);
        }
    }

    async fn groups(&mut self, n: usize) {
        let parent = self.parents.get("groups").cloned();
        let group = json!({
            "code": format!("group-{n}"), "kind": "working_group", "name": {"en": "Group"}, "visibility": "participants",
            "parent_id": parent, "external_ids": [{"system": "partner", "id": n.to_string()}],
        });
        let group = self.post("groups", group).await;
        let first = self.parents.entry("groups").or_insert(group).clone();
        let organisation = format!("org-{n}");
        let member = json!({"organisation_id": organisation, "category": "member", "valid_from": "2018-01-01"});
        self.post(&format!("groups/{first}/memberships"), member).await;
        if n > 0 {
            let own = json!({"organisation_id": "org-0", "category": "member", "valid_from": "2018-01-01"});
            self.post(&format!("groups/group-{n}/memberships"), own).await;
        }
        let person = json!({"display_name": format!("Chair {n}"), "organisation_id": organisation});
        let person = self.post("persons", person).await;
        let role = json!({
            "person_id": person, "organisation_id": organisation, "function": "chair", "valid_from": "2018-01-01"
        });
        self.post(&format!("groups/{first}/roles"), role).await;
    }

    async fn events(&mut self, n: usize) {
        let event = json!({
            "code": format!("event-{n}"), "kind": "group_meeting", "title": {"en": "Meeting"},
            "city": {"name": {"en": "Seoul"}}, "country_id": "KR", "host_id": "KR", "group_id": format!("group-{n}"),
            "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en"],
            "visibility": "participants",
        });
        let event = self.post("events", event).await;
        self.parents.entry("events").or_insert(event);
        let session = json!({
            "event_id": "event-0", "kind": "plenary", "title": {"en": "Opening"}, "room_id": format!("room-{n}"),
            "group_id": format!("group-{n}"), "visibility": "participants",
            "placement": {"start": "2019-10-07T09:00:00", "end": "2019-10-07T10:30:00"},
        });
        let session = self.post("sessions", session).await;
        self.admin.post(&format!("sessions/{session}/transitions"), json!({"to": "scheduled"})).await.expect(200);
        self.parents.entry("sessions").or_insert(session);
        let release = json!({"name": format!("Version {n}")});
        let release = self.post("events/event-0/releases", release).await;
        self.parents.insert("releases", release);
        let feed = json!({"kind": "event", "object_id": format!("event-{n}"), "name": "Feed", "access": "token"});
        self.post("feeds", feed).await;
    }

    /// An item of the first session's agenda, and an edition of it.
    async fn agenda(&mut self, n: usize) {
        let session = self.parents["sessions"].clone();
        let lead = self.parents["persons"].clone();
        let item = json!({
            "title": {"en": format!("Item {n}")}, "kind": "decision", "planned_minutes": 5, "lead_person_id": lead,
            "documents": [{"title": {"en": "Paper"}, "due_on": "2019-10-01"}],
        });
        let item = self.post(&format!("sessions/{session}/agenda-items"), item).await;
        self.parents.entry("agenda-items").or_insert(item);
        self.post(&format!("sessions/{session}/agenda-editions"), json!({})).await;
    }

    /// A session that waits for the next release, in a room of its own.
    async fn draft(&self, n: usize) {
        let session = json!({
            "event_id": "event-0", "kind": "plenary", "title": {"en": "Closing"}, "room_id": format!("room-{n}"),
            "placement": {"start": "2019-10-08T09:00:00", "end": "2019-10-08T10:30:00"},
        });
        self.post("sessions", session).await;
        let asked = json!({
            "group_id": format!("group-{n}"), "title": {"en": "Meeting"}, "sittings": [{"minutes": 90}],
            "required_person_ids": [self.parents["persons"]],
        });
        let asked = self.post("events/event-0/session-requests", asked).await;
        for to in ["submitted", "approved"] {
            let step = format!("session-requests/{asked}/transitions");
            self.admin.post(&step, json!({ "to": to })).await.expect(200);
        }
        let unplaced = json!({"event_id": "event-0", "kind": "side_event", "title": {"en": format!("Somewhere {n}")}});
        self.post("sessions", unplaced).await;
        let asked = if n == 0 { json!(["org-0"]) } else { json!(["org-0", format!("org-{n}")]) };
        let offers = json!([{"days": {"first": "2019-10-07", "last": "2019-10-08"}}]);
        let poll = json!({"title": {"en": "When"}, "organisation_ids": asked, "offers": offers});
        let poll = self.admin.post("events/event-0/polls", poll).await.expect(201);
        let answers = json!({"answers": [{"option_id": poll.json["options"][0]["id"], "answer": "yes"}]});
        self.admin.put(&format!("polls/{}/answers/org-{n}", poll.id()), answers).await.expect(200);
        let hours = json!({"working_hours": [{"from": "09:00", "to": "18:00"}]});
        self.admin.header("If-Match", "*").put("events/event-0/practical-arrangements", hours).await.expect(200);
        let clashes = self.admin.get("events/event-0/clashes").await.expect(200).json["items"].clone();
        let clash = clashes.as_array().unwrap().iter().find(|clash| clash["rule"] == "unplaced").unwrap();
        let waiver = json!({"fingerprint": clash["fingerprint"], "reason": "It will find its place."});
        self.post("events/event-0/waivers", waiver).await;
    }

    /// All organisations come to the first event, each with a delegate, and are present. The first hands in several
    /// papers, of which as many things are found, and the quorum is counted as often.
    async fn meeting(&mut self, count: usize) {
        for n in 0..count {
            let organisation = format!("org-{n}");
            let delegation = json!({"organisation_id": organisation});
            let delegation = self.post("events/event-0/delegations", delegation).await;
            self.admin
                .post(&format!("delegations/{delegation}/transitions"), json!({"to": "accepted"}))
                .await
                .expect(200);
            let person = json!({"display_name": format!("Head {n}"), "organisation_id": organisation});
            let person = self.post("persons", person).await;
            let head = json!({"delegation_id": organisation, "person_id": person, "function": "head"});
            let head = self.post("events/event-0/delegates", head).await;
            self.post(&format!("delegates/{head}/badge"), json!({})).await;
            let door = json!({"name": {"en": format!("Door {n}")}, "rule": "multiple"});
            let door = self.post("events/event-0/check-types", door).await;
            let scan = json!({"nonce": "1", "check_type_id": door, "token": "x", "scanned_at": "2019-10-07T00:00:00Z"});
            let scans = json!({"device": format!("Device {n}"), "sent_at": "2019-10-07T00:00:00Z", "scans": [scan]});
            self.admin.post("events/event-0/checks", scans).await.expect(200);
            self.parents.entry("delegates").or_insert(head);
            for to in ["submitted", "confirmed"] {
                self.admin.post(&format!("delegations/{delegation}/transitions"), json!({"to": to})).await.expect(200);
            }
            let sheet = format!("sessions/{}/attendance/{organisation}", self.parents["sessions"]);
            self.admin.header("If-Match", "*").put(&sheet, json!({"status": "present"})).await.expect(200);
            self.post(&format!("sessions/{}/sittings", self.parents["sessions"]), json!({})).await;
            let duty = json!({"person_id": person, "duty": "invited"});
            self.post(&format!("sessions/{}/duties", self.parents["sessions"]), duty).await;
            let invitation = invitations::plant(&self.server, &self.parents["sessions"], &person, count, "Away").await;
            invitations::plant_reply(&self.server, &invitation, "Away").await;
            self.parents.entry("invitations").or_insert(invitation);
            self.parents.entry("delegations").or_insert(delegation);
            self.admin.post("events/event-0/participants/editions", json!({"kind": "final"})).await.expect(201);
            let session = json!({
                "event_id": "event-0", "kind": "plenary", "title": {"en": "Still ahead"}, "visibility": "participants",
            });
            let session = self.post("sessions", session).await;
            let line = json!({"status": "online", "represented_by": self.parents["delegates"]});
            self.admin.put(&format!("sessions/{session}/attendance/org-0"), line).await.expect(200);
        }
        let floor = format!("agenda-items/{}/speakers", self.parents["agenda-items"]);
        for n in 0..count {
            self.post(&floor, json!({"delegation_id": format!("org-{n}")})).await;
        }
        let first = self.parents["delegations"].clone();
        for n in 0..count {
            let note = json!({
                "kind": "note_verbale", "issuer": "foreign_ministry", "issued_on": "2019-09-30", "powers": ["vote"],
                "original_seen": true,
            });
            self.post(&format!("delegations/{first}/credentials"), note).await;
            let delegate = self.parents["delegates"].clone();
            let badge = self.post(&format!("delegates/{delegate}/badge"), json!({})).await;
            let collection = json!({"badge_ids": [badge], "collected_by": delegate});
            self.admin.post(&format!("delegations/{first}/badge-collections"), collection).await.expect(200);
            let finding = json!({"to": if n % 2 == 0 { "provisional" } else { "in_due_form" }});
            self.admin.post(&format!("delegations/{first}/findings"), finding).await.expect(200);
            let quorum = format!("sessions/{}/quorum", self.parents["sessions"]);
            self.admin.post(&quorum, json!({"reason": "Called"})).await.expect(200);
        }
        self.reminders(&first, count).await;
        let minutes = format!("sessions/{}/minutes", self.parents["sessions"]);
        self.admin.post(&minutes, json!({})).await.expect(201);
        let circulate = json!({"to": "circulated", "corrections_until": "2026-03-09T00:00:00Z"});
        self.admin.post(&format!("{minutes}/transitions"), circulate).await.expect(200);
        let manager = self.server.manager_of("org-0").await;
        for n in 1..=count {
            let edit = json!({"base_revision": n, "sections": [{"part": "discussion", "text": format!("Said {n}.")}]});
            self.admin.post(&format!("{minutes}/edits"), edit).await.expect(200);
            let correction = json!({"part": "discussion", "text": "Said otherwise."});
            manager.post(&format!("{minutes}/corrections"), correction).await.expect(200);
        }
    }

    /// Reminders have their own tests; here it only matters that there are some.
    async fn reminders(&self, delegation: &str, count: usize) {
        let app = &self.server.app;
        let rows = (0..count).map(|n| delegation_reminder::ActiveModel {
            id: Set(app.entropy.uuid(app.clock.now()).unwrap()),
            delegation_id: Set(delegation.parse().unwrap()),
            about: Set("reply".to_owned()),
            deadline: Set("2019-09-15".parse().unwrap()),
            days_before: Set(i32::try_from(n).unwrap()),
            sent_at: Set("2019-09-01T00:00:00Z".parse().unwrap()),
            recipients: Set(1),
        });
        let permit = Actor::console().permit(Resource::Delegations, Target::default()).unwrap();
        let tx = Ctx::internal(app, "console").write(permit).await.unwrap();
        delegation_reminder::Entity::insert_many(rows).exec_without_returning(tx.connection()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn statement(&mut self, count: usize) {
        for n in 0..count {
            let statement = json!({
                "code": format!("statement-{n}"), "kind": "joint_statement", "event_id": "event-0",
                "drafting_language": "en", "languages": ["en"], "title": {"en": "Statement"}, "visibility": "participants",
            });
            let statement = self.post("statements", statement).await;
            let clause = json!({"part": "operative", "text": {"en": "They meet."}});
            self.post(&format!("statements/{statement}/clauses"), clause).await;
            self.parents.entry("statements").or_insert(statement);
        }
        let first = self.parents["statements"].clone();
        let names: Vec<_> = (0..count).map(|n| format!("org-{n}")).collect();
        let participants = format!("statements/{first}/participants");
        self.admin.header("If-Match", "*").put(&participants, json!({"participants": names})).await.expect(200);
        for n in 0..count {
            let clause = json!({"part": "operative", "text": {"en": format!("They agree on {n}.")}});
            let clause = self.post(&format!("statements/{first}/clauses"), clause).await;
            let clause = self.parents.entry("clauses").or_insert(clause).clone();
            let change = json!({"text": {"en": format!("They agree in version {n}.")}});
            self.admin.header("If-Match", "*").patch(&format!("clauses/{clause}"), change).await.expect(200);
            let version = json!({"label": format!("rev.{}", n + 1)});
            self.admin.post(&format!("statements/{first}/versions"), version).await.expect(201);
        }
        for n in 0..count {
            let transitions = format!("statements/statement-{n}/transitions");
            self.admin.post(&transitions, json!({"to": "tabled"})).await.expect(200);
        }
    }
}
