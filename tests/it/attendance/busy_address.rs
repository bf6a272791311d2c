//! Busy times from the address of a calendar: read at once and again, shown to nobody, gone with whose it is.

use crate::{
    on_both,
    support::{
        Answer, Client, Server,
        calendar_host::{CalendarHost, TOKEN},
        canaries,
        jar::Jar,
        mailbox::Mailbox,
    },
};
use api::jobs;
use domain::access::{Account, Role};
use entity::attendance::busy_address;
use jiff::SignedDuration;
use sea_orm::{DbBackend, EntityTrait};
use serde_json::{Value, json};

/// A meeting in Seoul in October, to which Poland comes with one delegate, who has to speak at ten.
struct Meeting {
    admin: Client,
    manager: Client,
    person: String,
    delegate: String,
    delegation: String,
}

impl Meeting {
    async fn new(server: &Server) -> Self {
        canaries::plant("calendar", TOKEN);
        let admin = server.admin().await;
        let state = json!({"code": "PL", "kind": "state", "alpha2": "PL", "names": {"en": {"list": "Poland"}}});
        let state = admin.post("organisations", state).await.expect(201).id();
        admin
            .post("rooms", json!({"code": "hall", "name": {"en": "Hall"}, "venue": {"en": "Centre"}}))
            .await
            .expect(201);
        let event = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Seoul meeting"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-10-07", "ends_on": "2026-10-08", "languages": ["en"],
            "visibility": "participants",
        });
        admin.post("events", event).await.expect(201);
        let delegation =
            admin.post("events/meeting/delegations", json!({"organisation_id": "PL"})).await.expect(201).id();
        admin.post(&format!("delegations/{delegation}/transitions"), json!({"to": "accepted"})).await.expect(200);
        let person = json!({"display_name": "Nowak", "family_name": "Nowak", "organisation_id": "PL"});
        let person = admin.post("persons", person).await.expect(201).id();
        let named = json!({"delegation_id": "PL", "person_id": person, "function": "representative"});
        let delegate = admin.post("events/meeting/delegates", named).await.expect(201).id();
        let session = json!({
            "event_id": "meeting", "kind": "workshop", "title": {"en": "Norms"}, "room_id": "hall",
            "placement": {"start": "2026-10-07T10:00:00", "end": "2026-10-07T11:00:00"},
        });
        let session = admin.post("sessions", session).await.expect(201).id();
        let speaks = json!({"person_id": person, "duty": "speaker"});
        admin.post(&format!("sessions/{session}/duties"), speaks).await.expect(201);
        let manager = server.manager_of(&state).await;
        Self { admin, manager, person, delegate, delegation }
    }

    fn path(&self) -> String {
        format!("delegates/{}/availability/subscription", self.delegate)
    }

    async fn give(&self, url: &str) -> Answer {
        self.manager.header("If-Match", "*").put(&self.path(), json!({"url": url})).await
    }

    async fn shown(&self) -> Value {
        self.manager.get(&self.path()).await.expect(200).json
    }

    async fn availability(&self) -> Answer {
        self.manager.get(&format!("delegates/{}/availability", self.delegate)).await.expect(200)
    }

    /// From when to when windows from the address are.
    async fn busy(&self) -> Vec<String> {
        let windows = self.availability().await.json["windows"].as_array().unwrap().clone();
        let read = windows.iter().filter(|window| window["source"] == "subscription");
        read.map(|window| window["placement"]["start"].as_str().unwrap().to_owned()).collect()
    }

    async fn rules(&self) -> Vec<String> {
        let found = self.admin.get("events/meeting/clashes").await.expect(200);
        let found = found.json["items"].as_array().unwrap().clone();
        let rules = found.iter().map(|clash| clash["rule"].as_str().unwrap().to_owned());
        rules.filter(|rule| rule != "unconfirmed").collect()
    }
}

/// Everything that is due.
async fn work(server: &Server) {
    while jobs::run_next(&server.app).await {}
}

async fn an_hour_later(server: &Server) {
    server.advance(SignedDuration::from_mins(61));
    work(server).await;
}

on_both! {
    async fn a_calendar_at_an_address_is_read_again_and_again_and_gone_once_it_is_taken_back(server) {
        let calendar = CalendarHost::new().await;
        let server = calendar.named_by(server);
        let meeting = Meeting::new(&server).await;
        meeting.manager.get(&meeting.path()).await.expect(404);
        calendar.busy(1);
        let given = meeting.manager.put(&meeting.path(), json!({"url": calendar.url()})).await.expect(200);
        assert_eq!(given.json, json!({"host": "localhost", "not_read": []}), "it is shown by its host alone");
        assert_eq!(calendar.asked(), 0, "nobody waits for it");
        work(&server).await;
        // One in the morning at Greenwich is ten in Seoul, when the delegate has to speak.
        assert_eq!(meeting.busy().await, ["2026-10-07T10:00:00+09:00"]);
        assert_eq!(meeting.rules().await, ["person_unavailable"]);
        let read = meeting.shown().await;
        assert_eq!(read, json!({"host": "localhost", "read_at": "2026-03-02T08:00:00Z", "result": "read", "not_read": []}));
        let head = calendar.heads()[0].to_lowercase();
        assert!(head.starts_with(&format!("get /busy/{TOKEN}.ics http/1.1")), "{head}");
        for word in ["accept-encoding", "cookie", "referer", "authorization"] {
            assert!(!head.contains(word), "{head}");
        }
        // An hour later it says something else; what says the same is no change.
        calendar.busy(2);
        an_hour_later(&server).await;
        assert_eq!(meeting.busy().await, ["2026-10-07T11:00:00+09:00"]);
        assert!(meeting.rules().await.is_empty());
        let before = meeting.availability().await;
        an_hour_later(&server).await;
        assert_eq!((calendar.asked(), meeting.availability().await.header("etag")), (3, before.header("etag")));
        // What fails leaves what was read, and is asked less and less.
        calendar.answers("404 Not Found", b"");
        an_hour_later(&server).await;
        assert_eq!((meeting.shown().await["result"].clone(), meeting.busy().await.len()), (json!("not_found"), 1));
        for _ in 0..4 {
            an_hour_later(&server).await;
        }
        assert_eq!(calendar.asked(), 6, "after one hour and after two, and then after four");
        calendar.busy(3);
        server.advance(SignedDuration::from_hours(4));
        work(&server).await;
        assert_eq!(meeting.busy().await, ["2026-10-07T12:00:00+09:00"]);
        // The address and what else is in the calendar stand nowhere.
        let dump = server.dump().await;
        assert!(!dump.contains(TOKEN) && !dump.contains("Private matter"));
        for path in ["changes?limit=200", "audit-entries?limit=200"] {
            let told = meeting.admin.get(path).await.expect(200);
            assert!(told.text.contains("delegate.busy_address_changed") && !told.text.contains(TOKEN), "{path}");
        }
        let shown = meeting.manager.get(&meeting.path()).await.expect(200);
        meeting.manager.delete(&meeting.path()).await.expect(428);
        meeting.manager.if_match(&given).delete(&meeting.path()).await.expect(204);
        assert!(shown.header("etag") != given.header("etag"), "being read makes another answer, not another version");
        meeting.manager.get(&meeting.path()).await.expect(404);
        meeting.manager.header("If-Match", "*").delete(&meeting.path()).await.expect(404);
        assert!(meeting.busy().await.is_empty());
        let asked = calendar.asked();
        server.advance(SignedDuration::from_hours(48));
        work(&server).await;
        assert_eq!(calendar.asked(), asked, "nobody asks any more");
        let row = busy_address::Entity::find().one(server.app.db.read()).await.unwrap().unwrap();
        assert_eq!((row.address, row.host), (None, None));
        // It may be given again.
        meeting.manager.put(&meeting.path(), json!({"url": calendar.url()})).await.expect(200);
    }

    async fn what_goes_wrong_has_a_word_and_no_other_answer_is_shown(server) {
        let calendar = CalendarHost::new().await;
        let target = CalendarHost::new().await;
        let server = calendar.named_by(server);
        let meeting = Meeting::new(&server).await;
        let moved = format!("302 Found\r\nLocation: http://127.0.0.1:{}/", target.port());
        let many: String = (0..301).map(|n| {
            let (hour, minute) = (n / 20, n % 20 * 3);
            format!("FREEBUSY:20261007T{hour:02}{minute:02}00Z/PT1M\r\n")
        }).collect();
        let many = format!("BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\n{many}END:VFREEBUSY\r\nEND:VCALENDAR\r\n");
        let long = format!("BEGIN:VCALENDAR\r\n{}", "X".repeat(600_000));
        let gzip = "200 OK\r\nContent-Encoding: gzip";
        let answers: [(&str, &[u8], &str); 11] = [
            ("404 Not Found", b"canary-answer", "not_found"),
            ("410 Gone", b"", "not_found"),
            ("401 Unauthorized", b"canary-answer", "refused"),
            ("403 Forbidden", b"", "refused"),
            (&moved, b"", "redirected"),
            ("500 Internal Server Error", b"canary-answer", "failed"),
            ("200 OK", b"<html>canary-answer</html>", "not_a_calendar"),
            ("200 OK", &[0xff, 0xfe, 0], "not_a_calendar"),
            (gzip, b"BEGIN:VCALENDAR", "not_a_calendar"),
            ("200 OK", long.as_bytes(), "too_large"),
            ("200 OK", many.as_bytes(), "too_many"),
        ];
        for (head, body, word) in answers {
            calendar.answers(head, body);
            meeting.give(&calendar.url()).await.expect(200);
            server.advance(SignedDuration::from_mins(2));
            work(&server).await;
            let shown = meeting.shown().await;
            assert_eq!(shown["result"], word, "{head}");
            assert_eq!(shown.as_object().unwrap().len(), 4, "{shown}");
        }
        assert_eq!(target.asked(), 0, "nobody is followed");
        assert!(!server.dump().await.contains("canary-answer"));
        // However often it is changed: once a minute.
        let asked = calendar.asked();
        for _ in 0..5 {
            meeting.give(&calendar.url()).await.expect(200);
            work(&server).await;
        }
        assert_eq!(calendar.asked(), asked);
        server.advance(SignedDuration::from_mins(1));
        work(&server).await;
        assert_eq!(calendar.asked(), asked + 1, "and then once, for the last");
    }

    async fn what_is_not_of_the_internet_is_not_asked(server) {
        let calendar = CalendarHost::new().await;
        calendar.busy(1);
        let meeting = Meeting::new(&server).await;
        for (url, code) in [
            (format!("https://127.0.0.1:{}/{TOKEN}", calendar.port()), "not_a_host"),
            (format!("http://127.0.0.1\\@1.1.1.1/{TOKEN}"), "not_a_host"),
            (calendar.url(), "not_a_host"),
            (format!("https://user:{TOKEN}@calendar.example.org/"), "has_credentials"),
            (format!("https://calendar.example.org:{}/{TOKEN}", calendar.port()), "port_not_asked"),
            (format!("http://calendar.example.org/{TOKEN}"), "not_encrypted"),
        ] {
            let refused = meeting.give(&url).await.expect(422);
            assert_eq!(refused.codes(), [code], "{url}");
            assert_eq!(refused.json["errors"][0]["pointer"], "/url");
            assert!(!refused.text.contains(TOKEN), "{}", refused.text);
        }
        // A name that leads nowhere.
        meeting.give("https://nowhere.invalid/a.ics").await.expect(200);
        work(&server).await;
        assert_eq!(meeting.shown().await["result"], "address_refused");
        // Not this server either, whatever the file says.
        let server = calendar.named_by(server).configured(|config| config.listen.set_port(calendar.port()));
        let meeting = Meeting { manager: server.with_key(&server.secret(manager(&meeting).await).await.1), ..meeting };
        meeting.give(&calendar.url()).await.expect(200);
        server.advance(SignedDuration::from_mins(2));
        work(&server).await;
        assert_eq!(meeting.shown().await["result"], "address_refused");
        assert_eq!(calendar.asked(), 0);
    }

    async fn an_address_is_the_affair_of_its_own_and_of_the_secretariat(server) {
        let meeting = Meeting::new(&server).await;
        let url = json!({"url": format!("webcal://calendar.example.org/{TOKEN}.ics")});
        for path in [meeting.path(), format!("delegations/{}/availability/subscription", meeting.delegation)] {
            let given = meeting.manager.put(&path, url.clone()).await.expect(200);
            assert_eq!(given.json["host"], "calendar.example.org");
            meeting.manager.put(&path, url.clone()).await.expect(428);
            let stale = meeting.manager.header("If-Match", "\"7\"").put(&path, url.clone()).await.expect(412);
            assert!(!stale.text.contains(TOKEN), "{}", stale.text);
            let again = meeting.manager.if_match(&given).put(&path, url.clone()).await.expect(200);
            meeting.manager.if_match(&given).put(&path, url.clone()).await.expect(412);
            let auditor = server.role(Role::Auditor).await;
            assert_eq!(auditor.get(&path).await.expect(200).json, again.json);
            auditor.header("If-Match", "*").put(&path, url.clone()).await.expect(403);
            let other = json!({"code": "CZ", "kind": "state", "alpha2": "CZ", "names": {"en": {"list": "Czechia"}}});
            let other = meeting.admin.put("organisations/by-external/test/cz", other).await.json["id"].clone();
            let stranger = server.manager_of(other.as_str().unwrap()).await;
            stranger.get(&path).await.expect(404);
            stranger.header("If-Match", "*").put(&path, url.clone()).await.expect(404);
            stranger.header("If-Match", "*").delete(&path).await.expect(404);
            server.anonymous().get(&path).await.expect(401);
        }
        // Whoever sees that a delegate exists need not learn where their calendar is.
        let chair = chair(&server, &meeting).await;
        chair.get(&format!("delegates/{}/availability", meeting.delegate)).await.expect(200);
        chair.get(&meeting.path()).await.expect(404);
        assert!(!server.dump().await.contains(TOKEN));
    }

    async fn whoever_is_erased_or_comes_no_more_takes_their_address_along(server) {
        let calendar = CalendarHost::new().await;
        calendar.busy(1);
        let server = calendar.named_by(server);
        let meeting = Meeting::new(&server).await;
        meeting.give(&calendar.url()).await.expect(200);
        work(&server).await;
        assert_eq!(meeting.busy().await.len(), 1);
        // Withdrawn, they are not asked about again.
        let withdrawn = json!({"to": "withdrawn", "reason": "Ill"});
        meeting.admin.post(&format!("delegates/{}/transitions", meeting.delegate), withdrawn).await.expect(200);
        an_hour_later(&server).await;
        assert_eq!(calendar.asked(), 1);
        assert!(meeting.busy().await.is_empty());
        meeting.manager.get(&meeting.path()).await.expect(404);
        let rows = busy_address::Entity::find().all(server.app.db.read()).await.unwrap();
        assert!(rows.iter().all(|row| row.address.is_none() && row.host.is_none()));
        // Erased, there is not even a row.
        let person = meeting.admin.get(&format!("persons/{}", meeting.person)).await.expect(200);
        let order = json!({"reason": "Request, file 17"});
        meeting.admin.if_match(&person).post(&format!("persons/{}/erasure", meeting.person), order).await.expect(200);
        assert!(busy_address::Entity::find().all(server.app.db.read()).await.unwrap().is_empty());
    }

    async fn after_the_event_nobody_asks_and_later_the_address_is_forgotten(server) {
        let calendar = CalendarHost::new().await;
        calendar.busy(1);
        let server = calendar.named_by(server);
        let meeting = Meeting::new(&server).await;
        meeting.give(&calendar.url()).await.expect(200);
        work(&server).await;
        // From March until the day after the event, which ends on 9 October.
        server.advance(SignedDuration::from_hours(24 * 222));
        work(&server).await;
        assert_eq!(calendar.asked(), 1);
        let shown = server.admin().await.get(&meeting.path()).await.expect(200);
        assert_eq!(shown.json["host"], "localhost");
        server.advance(SignedDuration::from_hours(24 * 90));
        api::privacy::retention::run(&server.app).await.unwrap();
        let row = busy_address::Entity::find().one(server.app.db.read()).await.unwrap().unwrap();
        assert_eq!((row.address, row.host), (None, None));
    }

    async fn an_address_is_kept_under_a_key_that_is_not_in_the_database(server) {
        let calendar = CalendarHost::new().await;
        calendar.busy(1);
        let server = calendar.named_by(server);
        let meeting = Meeting::new(&server).await;
        meeting.give(&calendar.url()).await.expect(200);
        let other = calendar.named_by(server.beside().await)
            .configured(|config| config.vault_key = Some("another vault key, of 32 characters too".parse().unwrap()));
        work(&other).await;
        assert_eq!((meeting.shown().await["result"].clone(), calendar.asked()), (json!("key_changed"), 0));
        an_hour_later(&server).await;
        assert_eq!(meeting.shown().await["result"], "read");
        let without = server.beside().await.configured(|config| config.vault_key = None);
        let admin = without.admin().await.header("If-Match", "*");
        let given = admin.put(&meeting.path(), json!({"url": "https://calendar.example.org/a.ics"})).await;
        match without.app.db.backend() {
            DbBackend::Sqlite => drop(given.expect(200)),
            _ => assert_eq!(given.expect(409).json["type"], "/problems/vault-key-missing"),
        }
    }

    async fn a_calendar_that_never_answers_keeps_nothing_else_waiting(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let silent = CalendarHost::new().await;
        let server = silent.named_by(server).configured(|config| config.smtp_url = Some(mailbox.url.parse().unwrap()));
        let meeting = Meeting::new(&server).await;
        let delegation = format!("delegations/{}/availability/subscription", meeting.delegation);
        meeting.give(&silent.url()).await.expect(200);
        meeting.manager.put(&delegation, json!({"url": silent.url()})).await.expect(200);
        let worker = tokio::spawn(jobs::work(server.app.clone(), std::future::pending()));
        // Both are asked at once, and neither answers or hangs up.
        silent.is_asked(2).await;
        let delegate = Account::of(Role::Delegate, "delegate@example.org", "Delegate");
        server.signed_in(Account { organisation_id: Some("PL".into()), ..delegate }).await;
        let mut browser = Jar::new(&server);
        let page = browser.get("/sign-in").await.expect(200);
        browser.submit(&page, "/sign-in/mail", &[("email", "delegate@example.org")]).await.expect(303);
        // What else is due is done meanwhile.
        let mail = tokio::task::spawn_blocking(move || mailbox.next()).await.unwrap();
        assert_eq!(mail["recipients"], json!(["delegate@example.org"]));
        assert!(meeting.shown().await.get("result").is_none(), "no calendar was given up for it");
        worker.abort();
    }
}

/// A key like that of the manager, for a server that is configured anew.
async fn manager(meeting: &Meeting) -> domain::access::NewKey {
    let delegation = meeting.admin.get(&format!("delegations/{}", meeting.delegation)).await.expect(200);
    let organisation = delegation.json["organisation_id"].as_str().unwrap();
    domain::access::NewKey {
        role: Role::DelegationManager,
        organisation_id: Some(organisation.into()),
        ..domain::access::NewKey::default()
    }
}

/// Somebody who chairs the group that meets.
async fn chair(server: &Server, meeting: &Meeting) -> Client {
    let admin = &meeting.admin;
    let group = json!({"code": "wg", "kind": "working_group", "name": {"en": "Group"}, "visibility": "public"});
    admin.post("groups", group).await.expect(201);
    let person = admin.post("persons", json!({"display_name": "Chair"})).await.expect(201).id();
    let role = json!({"person_id": person, "function": "chair", "valid_from": "2018-01-01"});
    admin.post("groups/wg/roles", role).await.expect(201);
    let event = admin.get("events/meeting").await.expect(200);
    admin.if_match(&event).patch("events/meeting", json!({"group_id": "wg"})).await.expect(200);
    let account = Account::of(Role::Guest, "chair@example.org", "Chair");
    let ends_at = domain::moment::Moment::parse("2026-04-01");
    server.signed_in(Account { person_id: Some(person.as_str().into()), ends_at, ..account }).await
}
