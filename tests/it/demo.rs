//! The demonstration: a link that signs in one person of each role, and what each of them sees and does.

use api::{
    config::Scenarios,
    context::Ctx,
    demo::{self, Scenario, keys::SignInLink},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server, canaries, jar::Jar},
};

/// A server that was started with the Seoul scenario.
struct Demo {
    server: Server,
    links: Vec<SignInLink>,
    folder: tempfile::TempDir,
}

impl Demo {
    async fn start(server: Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = server.configured(|config| {
            config.demo = Some(Scenarios(vec![Scenario::Seoul]));
            config.data_dir = folder.path().to_owned();
        });
        let links = load(&server).await;
        Self { server, links, folder }
    }

    /// Starts it again on the same data.
    async fn again(&mut self) {
        self.links = load(&self.server).await;
    }

    fn path(&self, name: &str) -> String {
        let link = self.links.iter().find(|link| link.name == name).unwrap();
        link.url[link.url.find("/sign-in").unwrap()..].to_owned()
    }

    /// The browser of somebody who opened the link of this name and pressed its button; it sends what our pages send.
    async fn signed_in(&self, name: &str) -> Client {
        let mut browser = Jar::new(&self.server);
        let path = self.path(name);
        let page = browser.get(&path).await.expect(200);
        browser.submit(&page, &path, &[]).await.expect(303);
        let me = browser.client().get("me").await.expect(200);
        let token = me.json["csrf_token"].as_str().unwrap();
        browser.client().header("Sec-Fetch-Site", "same-origin").header("X-CSRF-Token", token)
    }
}

async fn load(server: &Server) -> Vec<SignInLink> {
    let ctx = Ctx::internal(&server.app, "console");
    let feeds = demo::load(&ctx, Scenario::Seoul).await.unwrap();
    let links = demo::keys::write(&ctx, feeds).await.unwrap().sign_in;
    links.iter().for_each(|link| canaries::plant_tokens(&link.url));
    links
}

/// For whom the sessions of the meeting in preparation are that somebody sees: each has another circle.
async fn circles(who: &Client) -> Vec<String> {
    let page = who.get("sessions?event=cyber-2029&limit=200").await.expect(200);
    let mut circles: Vec<_> = page.json["items"].as_array().unwrap().iter().map(circle).collect();
    circles.sort();
    circles.dedup();
    circles
}

fn circle(session: &Value) -> String {
    session["visibility"].as_str().unwrap().to_owned()
}

async fn plan(who: &Client, event: &str) -> u16 {
    let session = json!({"event_id": event, "kind": "plenary", "title": {"en": "Another"}, "visibility": "public"});
    let made = who.post("sessions", session).await;
    if made.status == 201 {
        who.if_match(&made).delete(&format!("sessions/{}", made.id())).await.expect(204);
    }
    made.status.as_u16()
}

/// Tries to name somebody of this state to its delegation.
async fn nominate(demo: &Demo, who: &Client, state: &str) -> u16 {
    let admin = demo.server.admin().await;
    let person = json!({"display_name": "Adviser", "organisation_id": state});
    let person = admin.post("persons", person).await.expect(201).id();
    let nomination = json!({"delegation_id": state, "person_id": person, "function": "adviser"});
    who.post("events/cyber-2029/delegates", nomination).await.status.as_u16()
}

const ALL: [&str; 4] = ["chairs", "members", "participants", "public"];

async fn staff_run_all_of_it_or_one_event(demo: &Demo) {
    let admin = demo.signed_in("admin").await;
    assert_eq!((circles(&admin).await, admin.get("accounts").await.status.as_u16()), (ALL.map(Into::into).into(), 200));
    let secretariat = demo.signed_in("secretariat").await;
    assert_eq!(circles(&secretariat).await, ALL);
    assert_eq!((plan(&secretariat, "cyber-2029").await, plan(&secretariat, "seoul-2019").await), (201, 201));
    secretariat.get("accounts").await.expect(403);
    let of_the_event = demo.signed_in("event_secretariat").await;
    assert_eq!(circles(&of_the_event).await, ALL);
    assert_eq!((plan(&of_the_event, "cyber-2029").await, plan(&of_the_event, "seoul-2019").await), (201, 403));
}

async fn the_co_chair_plans_the_groups_meetings(demo: &Demo) {
    let chair = demo.signed_in("co_chair").await;
    assert_eq!(circles(&chair).await, ALL);
    assert_eq!(plan(&chair, "cyber-2029").await, 201);
    let arranged = chair.get("events/cyber-2029/practical-arrangements").await.expect(200);
    assert_eq!(arranged.json["working_hours"], json!([{"from": "09:00", "to": "18:00"}]));
    // Nothing clashes; the rapporteur has not answered yet.
    let clashes = chair.get("events/cyber-2029/clashes").await.expect(200);
    let rules: Vec<_> =
        clashes.json["items"].as_array().unwrap().iter().map(|clash| clash["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["unconfirmed"; 2]);
    // A meeting is being prepared: a session with two sittings and an agenda, a poll, and a request to decide on.
    let work = chair.get("sessions?event=cyber-2029&q=programme").await.expect(200);
    let work = work.json["items"][0]["id"].as_str().unwrap().to_owned();
    let sittings = chair.get(&format!("sessions/{work}/sittings")).await.expect(200);
    assert_eq!(sittings.json["items"].as_array().unwrap().len(), 2);
    let agenda = chair.get(&format!("sessions/{work}/agenda")).await.expect(200);
    assert_eq!(agenda.json["projected_end"]["local"], "2029-10-08T17:35:00");
    for list in ["polls", "session-requests?state=submitted"] {
        let page = chair.get(&format!("events/cyber-2029/{list}")).await.expect(200);
        assert_eq!(page.json["items"].as_array().unwrap().len(), 1, "{list}");
    }
    let event = chair.get("events/cyber-2029").await.expect(200);
    chair.if_match(&event).patch("events/cyber-2029", json!({"ordinal": 2})).await.expect(403);
    assert_eq!(nominate(demo, &chair, "KR").await, 403);
}

async fn delegations_are_composed_by_their_own(demo: &Demo) {
    for (name, own, other) in [("head_of_delegation", "CZ", "PL"), ("delegation_manager", "PL", "CZ")] {
        let who = demo.signed_in(name).await;
        assert_eq!(nominate(demo, &who, own).await, 201, "{name}");
        // Who is in the delegation of another is not known to them, nor that it is being composed.
        assert_eq!(nominate(demo, &who, other).await, 422, "{name}");
        assert_eq!(plan(&who, "cyber-2029").await, 403, "{name}");
        let theirs = who.get("events/cyber-2029/delegates?limit=200").await.expect(200).json["items"].clone();
        let theirs: Vec<_> = theirs.as_array().unwrap().iter().map(|delegate| delegate["function"].clone()).collect();
        assert_eq!(theirs.len(), 2, "{name}: the head and the adviser");
    }
    let head = demo.signed_in("head_of_delegation").await;
    // As a person, at this event; and what is for members where they have a duty.
    assert_eq!(circles(&head).await, ["members", "participants", "public"]);
    let mine = head.get("sessions?event=cyber-2029&limit=200").await.expect(200).json["items"].clone();
    let of_members = mine.as_array().unwrap().iter().filter(|session| session["visibility"] == "members");
    let duties = head.get("events/cyber-2029/duties").await.expect(200).json["items"].clone();
    let sessions: Vec<_> = duties.as_array().unwrap().iter().map(|duty| &duty["session_id"]).collect();
    assert!(
        of_members
            .into_iter()
            .all(|session| { [&session["id"], &session["sitting_of"]].iter().any(|id| sessions.contains(id)) })
    );
}

async fn those_who_come_see_as_far_as_they_belong(demo: &Demo) {
    for (name, seen) in
        [("delegation_manager", &ALL[1..]), ("delegate", &ALL[1..]), ("observer", &ALL[2..]), ("guest", &ALL[3..])]
    {
        let who = demo.signed_in(name).await;
        assert_eq!(circles(&who).await, seen, "{name}");
        assert_eq!(plan(&who, "cyber-2029").await, 403, "{name}");
    }
    assert_eq!(circles(&demo.server.anonymous()).await, ALL[3..]);
    let delegate = demo.signed_in("delegate").await;
    assert_eq!(nominate(demo, &delegate, "PL").await, 403);
}

async fn the_auditor_reads_everything_and_writes_nothing(demo: &Demo) {
    let auditor = demo.signed_in("auditor").await;
    assert_eq!(circles(&auditor).await, ALL);
    let log = auditor.get("audit-entries?limit=5").await.expect(200);
    assert_eq!(log.json["items"].as_array().unwrap().len(), 5);
    assert_eq!((plan(&auditor, "cyber-2029").await, nominate(demo, &auditor, "PL").await), (403, 403));
}

on_both! {
    async fn a_link_of_the_demonstration_shows_what_its_role_is_for(server) {
        let demo = Demo::start(server).await;
        staff_run_all_of_it_or_one_event(&demo).await;
        the_co_chair_plans_the_groups_meetings(&demo).await;
        delegations_are_composed_by_their_own(&demo).await;
        those_who_come_see_as_far_as_they_belong(&demo).await;
        the_auditor_reads_everything_and_writes_nothing(&demo).await;
    }

    async fn a_second_start_makes_nobody_twice_and_its_links_work(server) {
        let mut demo = Demo::start(server).await;
        let names = |page: Value| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|account| account["email"].to_string()).collect()
        };
        let accounts = async |demo: &Demo| {
            names(demo.server.admin().await.get("accounts?limit=200").await.expect(200).json)
        };
        let before = accounts(&demo).await;
        assert_eq!(before.len(), demo.links.len() + 1, "and the operator: {before:?}");
        let old = demo.path("co_chair");
        // A year later guests are gone, and the one who starts the demonstration wants to look at it.
        demo.server.advance(SignedDuration::from_hours(24 * 367));
        demo.again().await;
        assert_eq!(accounts(&demo).await, before);
        let names: Vec<_> = demo.links.iter().map(|link| link.name).collect();
        for name in names {
            demo.signed_in(name).await.get("me").await.expect(200);
        }
        let mut late = Jar::new(&demo.server);
        let page = late.get(&old).await.expect(200);
        assert_eq!(late.submit(&page, &old, &[]).await.status, 403, "a link ends when a new one is made");
    }

    async fn a_server_that_others_reach_has_no_links_that_sign_in(server) {
        let mut demo = Demo::start(server).await;
        demo.server = demo.server.configured(|config| config.listen = "0.0.0.0:8080".parse().unwrap());
        demo.again().await;
        assert!(demo.links.is_empty());
        let file = std::fs::read_to_string(demo.folder.path().join("demo-keys.txt")).unwrap();
        assert!(file.contains("sign-in-auditor ") && !file.contains("pages-") && !file.contains("/sign-in/demo/"));
    }
}
