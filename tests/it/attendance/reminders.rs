//! Reminders of deadlines and word of offered places, as a mail server of others receives them.

use std::cmp::Reverse;

use api::{attendance::reminders, config::Config, jobs};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::*;
use crate::{on_both, support::mailbox::Mailbox};

/// A meeting in Seoul that is still to come, with Poland and Czechia; Poland has a manager.
struct Spring {
    server: Server,
    seoul: Seoul,
    admin: Client,
    poland: String,
    czechia: String,
}

impl Spring {
    async fn new(server: Server, mailbox: &Mailbox) -> Self {
        let server = server.configured(|config: &mut Config| {
            config.smtp_url = Some(mailbox.url.parse().unwrap());
            config.public_url = "https://plenum.example".parse().unwrap();
        });
        let seoul = Seoul::new(&server).await;
        let admin = seoul.admin.clone();
        let event = json!({
            "code": "spring", "kind": "group_meeting", "title": {"en": "Spring meeting", "pl": "Spotkanie wiosenne"},
            "city": {"name": {"en": "Seoul"}}, "time_zone": "Asia/Seoul", "starts_on": "2026-03-24",
            "ends_on": "2026-03-25", "languages": ["en"], "visibility": "participants",
        });
        admin.post("events", event).await.expect(201);
        let mut delegations = vec![];
        for code in ["PL", "CZ"] {
            let invited = json!({"organisation_id": code, "reply_due": "2026-03-10"});
            delegations.push(admin.post("events/spring/delegations", invited).await.expect(201).id());
        }
        let [poland, czechia] = delegations.try_into().unwrap();
        let spring = Self { server, seoul, admin, poland, czechia };
        spring.manager("anna@mail.example", "PL", json!({})).await;
        spring
    }

    async fn manager(&self, email: &str, organisation: &str, more: Value) -> Answer {
        let mut account =
            json!({"email": email, "name": email, "role": "delegation_manager", "organisation_id": organisation});
        account.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.post("accounts", account).await.expect(201)
    }

    /// Lets it be `at`, sees who is to be reminded, and sends what there is to send.
    async fn reminded(&mut self, at: &str) -> Vec<(String, String, u64)> {
        let at: Timestamp = at.parse().unwrap();
        self.server.advance(at.duration_since(self.server.app.clock.now()));
        self.admin = self.server.admin().await;
        reminders::remind(&self.server.app).await.unwrap();
        while jobs::run_next(&self.server.app).await {}
        self.listed("").await
    }

    /// Whom each reminder was for, what it was about, and how many it reached.
    async fn listed(&self, query: &str) -> Vec<(String, String, u64)> {
        let list = self.admin.get(&format!("events/spring/reminders?{query}")).await.expect(200);
        let reminders = list.json["items"].as_array().unwrap().iter().map(|reminder| {
            let delegation = reminder["delegation_id"].as_str().unwrap();
            let code = if delegation == self.poland { "PL" } else { "CZ" };
            let about = format!("{} {}", reminder["about"].as_str().unwrap(), reminder["days_before"]);
            (code.to_owned(), about, reminder["recipients"].as_u64().unwrap())
        });
        // Those that are due at once have no order.
        let mut reminders: Vec<_> = reminders.collect();
        reminders.sort_by_key(|(code, about, _)| (Reverse(about.clone()), Reverse(code.clone())));
        reminders
    }
}

fn line(code: &str, about: &str, reached: u64) -> (String, String, u64) {
    (code.to_owned(), about.to_owned(), reached)
}

/// The text of a mail, with ordinary blanks.
fn text(mail: &Value) -> String {
    mail["text"].as_str().unwrap().replace('\u{a0}', " ")
}

on_both! {
    async fn who_has_not_answered_is_reminded_a_week_and_a_day_before_and_once_each_time(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let mut spring = Spring::new(server, &mailbox).await;
        // 07:59 in Seoul, a week before.
        assert_eq!(spring.reminded("2026-03-02T22:59:00Z").await, []);
        let week = [line("PL", "reply 7", 1), line("CZ", "reply 7", 0)];
        assert_eq!(spring.reminded("2026-03-02T23:00:00Z").await, week);
        let mail = mailbox.next();
        assert_eq!(mail["recipients"], json!(["anna@mail.example"]));
        assert_eq!(mail["headers"]["subject"].as_str().unwrap().replace('\u{a0}', " "), "Please answer by 10 March 2026: Spring meeting");
        let said = text(&mail);
        assert!(said.contains("Poland has been invited to: Spring meeting."), "{said}");
        assert!(said.contains("https://plenum.example/events/spring"), "{said}");
        assert_eq!(spring.reminded("2026-03-04T12:00:00Z").await, week, "nobody is reminded of the same twice");
        assert_eq!(spring.listed("reached=false").await, week[1..], "the secretariat sees whom no mail could reach");
        assert_eq!(spring.listed(&format!("delegation={}&reached=true", spring.poland)).await, week[..1]);

        step(&spring.admin, &spring.poland, "accepted").await.expect(200);
        let eve = spring.reminded("2026-03-09T00:00:00Z").await;
        assert_eq!(eve[2..], [line("CZ", "reply 1", 0)], "who has answered is left in peace");
        assert_eq!(spring.reminded("2026-03-12T00:00:00Z").await, eve, "afterwards nobody is reminded any more");
        let kinds = spring.admin.get("changes?limit=200").await.expect(200).json["items"].clone();
        let reminded = kinds.as_array().unwrap().iter().filter(|change| change["type"] == "delegation.reminded");
        assert_eq!(reminded.count(), 3);
    }

    async fn who_has_not_named_a_delegation_is_reminded_of_that_in_their_language(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let mut spring = Spring::new(server, &mailbox).await;
        let person = json!({"display_name": "Jan Nowak", "organisation_id": "PL", "languages": ["pl", "en"]});
        let person = spring.admin.post("persons", person).await.expect(201).id();
        spring.manager("jan@mail.example", "PL", json!({"person_id": person})).await;
        step(&spring.admin, &spring.poland, "accepted").await.expect(200);
        let rules = json!({"nominate_by": "2026-03-16", "remind_days_before": [3]});
        spring.admin.put("events/spring/registration", rules).await.expect(200);
        assert_eq!(spring.reminded("2026-03-13T00:00:00Z").await, [line("PL", "nomination 3", 2)]);
        let mut mails = [mailbox.next(), mailbox.next()];
        mails.sort_by_key(|mail| mail["recipients"].to_string());
        assert!(text(&mails[0]).contains("The delegation of Poland has not been handed in yet to: Spring meeting."));
        let polish = text(&mails[1]);
        assert!(polish.contains("Delegacja: Poland – Spotkanie wiosenne."), "{polish}");
        assert!(polish.contains("zgłoszenie jej do 16 marca 2026 r."), "{polish}");

        let later = json!({"nominate_by": "2026-03-20", "remind_days_before": [3]});
        let read = spring.admin.get("events/spring/registration").await.expect(200);
        spring.admin.if_match(&read).put("events/spring/registration", later).await.expect(200);
        let again = spring.reminded("2026-03-17T00:00:00Z").await;
        assert_eq!(again[1..], [line("PL", "nomination 3", 2)], "a deadline that was moved is another deadline");
    }

    async fn while_nobody_manages_a_delegation_the_office_that_was_invited_is_reminded(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let mut spring = Spring::new(server, &mailbox).await;
        let path = format!("delegations/{}", spring.czechia);
        let invited = spring.admin.get(&path).await.expect(200);
        let office = json!({"invitation_email": "protocol@mail.example"});
        spring.admin.if_match(&invited).patch(&path, office).await.expect(200);
        assert_eq!(spring.reminded("2026-03-03T00:00:00Z").await, [line("PL", "reply 7", 1), line("CZ", "reply 7", 1)]);
        let mut mails = [mailbox.next(), mailbox.next()];
        mails.sort_by_key(|mail| mail["recipients"].to_string());
        assert_eq!(mails[1]["recipients"], json!(["protocol@mail.example"]));
        let said = text(&mails[1]);
        assert!(said.contains("Czechia has been invited to: Spring meeting."), "{said}");
        assert!(said.contains("as nobody manages its delegation in Plenum yet."), "{said}");
        // Once somebody does, they are written to and the office is not.
        spring.manager("pavel@mail.example", "CZ", json!({})).await;
        assert_eq!(spring.reminded("2026-03-09T00:00:00Z").await[2..], [line("PL", "reply 1", 1), line("CZ", "reply 1", 1)]);
        let mut mails = [mailbox.next(), mailbox.next()].map(|mail| mail["recipients"].to_string());
        mails.sort();
        assert_eq!(mails, [r#"["anna@mail.example"]"#, r#"["pavel@mail.example"]"#]);
    }

    async fn a_reminder_that_is_overtaken_is_not_sent(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let mut spring = Spring::new(server, &mailbox).await;
        let at: Timestamp = "2026-03-03T00:00:00Z".parse().unwrap();
        spring.server.advance(at.duration_since(spring.server.app.clock.now()));
        spring.admin = spring.server.admin().await;
        reminders::remind(&spring.server.app).await.unwrap();
        step(&spring.admin, &spring.poland, "declined").await.expect(200);
        spring.manager("pavel@mail.example", "CZ", json!({})).await;
        spring.reminded("2026-03-09T00:00:00Z").await;
        assert_eq!(mailbox.next()["recipients"], json!(["pavel@mail.example"]), "the mail to Poland would have come first");
        step(&spring.admin, &spring.czechia, "declined").await.expect(200);
    }

    async fn reminders_are_seen_by_their_delegation_and_those_who_run_the_event(server) {
        let Some(mailbox) = Mailbox::open() else { return };
        let mut spring = Spring::new(server, &mailbox).await;
        // Somebody who manages for another event only is not written to.
        let limited = json!({"event_ids": ["seoul-2019"]});
        spring.manager("limited@mail.example", "CZ", limited).await;
        assert_eq!(spring.reminded("2026-03-03T00:00:00Z").await[1], line("CZ", "reply 7", 0));
        for organisation in ["PL", "KR"] {
            let client = spring.seoul.delegate(&spring.server, organisation).await;
            let seen = client.get("events/spring/reminders").await;
            if organisation == "PL" {
                assert_eq!(seen.expect(200).json["items"].as_array().unwrap().len(), 1);
            } else {
                seen.expect(404);
            }
        }
    }

    async fn an_offered_place_and_an_event_of_a_narrow_label(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let mut spring = Spring::new(server, &mailbox).await;
        let admin = spring.admin.clone();
        let read = admin.get("events/spring").await.expect(200);
        admin.if_match(&read).patch("events/spring", json!({"tlp": "amber+strict"})).await.expect(200);
        step(&admin, &spring.poland, "accepted").await.expect(200);
        let mut named = vec![];
        for name in ["First", "Second", "Third"] {
            let person = admin.post("persons", json!({"display_name": name, "organisation_id": "PL"})).await.expect(201).id();
            let delegate = nomination("PL", &person, "adviser");
            named.push(admin.post("events/spring/delegates", delegate).await.expect(201).id());
        }
        let quota = async |places: u32| {
            let path = format!("delegations/{}", spring.poland);
            let read = admin.get(&path).await.expect(200);
            admin.if_match(&read).patch(&path, json!({"quota": {"in_person": places}})).await.expect(200);
        };
        quota(0).await;
        let read = admin.get(&format!("delegations/{}", spring.poland)).await.expect(200);
        let list = json!({"participation": "in_person", "delegate_ids": named});
        admin.if_match(&read).put(&format!("delegations/{}/waiting-list", spring.poland), list).await.expect(200);
        quota(2).await;
        while jobs::run_next(&spring.server.app).await {}
        let mail = mailbox.next();
        let said = text(&mail);
        assert!(said.starts_with("2 places in the room have become free for Poland at: a meeting."), "{said}");
        let all = mail.to_string();
        for secret in ["Spring", "First", "Second", "Third"] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
        // Two days later they go to the next, of whom there is one.
        let later = spring.server.app.clock.now() + SignedDuration::from_hours(49);
        spring.reminded(&later.to_string()).await;
        assert!(text(&mailbox.next()).starts_with("One place in the room has become free"));
    }
}
