//! A person who is in every table that can be about somebody, with a word in all that is said of them.

use api::{clock::Entropy, db::to_chrono};
use domain::access::{Account, Role};
use entity::{access, attendance, calendars, jobs};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Client, Server, invitations};

/// What no program and nobody else would write, in letters that folding leaves as they are.
pub const MARK: &str = "zq7canary";

/// The person and everybody who can look for them.
pub struct World {
    pub person: Uuid,
    pub admin: Client,
    /// The person, signed in.
    pub own: Client,
    /// A key of the person's account.
    pub program: Client,
    /// An administrator who is admitted to the group that the person has sealed.
    pub insider: Client,
    /// The path of the person's calendar.
    pub calendar: String,
    pub session: String,
}

impl World {
    pub async fn new(server: &Server) -> Self {
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
        let invitation = invitations::plant(server, &world.session, &world.person.to_string(), 1, MARK).await;
        invitations::plant_reply(server, &invitation, MARK).await;
        world.own.post("me/follows", json!({"kind": "session", "object_id": world.session})).await.expect(201);
        world.own.put("me/mail-settings", json!({"followed": false})).await.expect(200);
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
        let state = calendars::state::Model {
            feed_id: feed.id().parse().unwrap(),
            tag: "t".into(),
            kept_at: to_chrono(server.app.clock.now()),
            entries: json!({ MARK: "d" }),
        };
        calendars::state::Entity::insert(state.into_active_model())
            .exec_without_returning(server.app.db.read())
            .await
            .unwrap();
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
    let app_password = access::app_password::Model {
        id: id(),
        account_id: account,
        name: "Telephone".into(),
        prefix: "p".into(),
        secret_hash: "h".into(),
        created_at: at,
        last_used_at: Some(at),
        last_agent: Some(MARK.into()),
    };
    access::app_password::Entity::insert(app_password.into_active_model())
        .exec_without_returning(connection)
        .await
        .unwrap();
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
