//! Mails to the organisations that a date poll asks, taken by a mail server of others. Whom each is for and what it says
//! was worked out by hand.

use api::jobs;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server, mailbox::Mailbox},
};

/// A meeting in Seoul to which Poland, Czechia and Korea are invited. Korea has nobody who manages its delegation here.
struct Meeting {
    server: Server,
    admin: Client,
    poll: String,
}

impl Meeting {
    async fn new(server: Server, mailbox: &Mailbox) -> Self {
        let server = server.configured(|config| {
            config.smtp_url = Some(mailbox.url.parse().unwrap());
            config.public_url = "https://plenum.example".parse().unwrap();
        });
        let admin = server.admin().await;
        let event = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting", "pl": "Spotkanie"},
            "city": {"name": {"en": "Seoul"}}, "time_zone": "Asia/Seoul", "starts_on": "2026-10-05",
            "ends_on": "2026-10-09", "languages": ["en"], "visibility": "participants",
        });
        admin.post("events", event).await.expect(201);
        for (code, name, state) in [("PL", "Poland", "POL"), ("CZ", "Czechia", "CZE"), ("KR", "Korea", "KOR")] {
            let names = json!({"en": {"list": name}});
            admin.post("organisations", json!({"code": code, "kind": "igo", "names": names})).await.expect(201);
            admin.post("events/meeting/delegations", json!({"organisation_id": code})).await.expect(201);
            if code != "KR" {
                let account = json!({
                    "email": format!("{state}@mail.example"), "name": name, "role": "delegation_manager",
                    "organisation_id": code,
                });
                admin.post("accounts", account).await.expect(201);
            }
        }
        Self { server, admin, poll: String::new() }
    }

    async fn asked(&mut self, organisations: &[&str]) -> Value {
        let poll = json!({
            "title": {"en": "Drafting group"}, "organisation_ids": organisations, "deadline": "2026-09-30T18:00:00",
            "offers": [
                {"placement": {"start": "2026-10-06T09:00:00", "end": "2026-10-06T11:00:00"}},
                {"days": {"first": "2026-10-08", "last": "2026-10-09"}},
            ],
        });
        let made = self.admin.post("events/meeting/polls", poll).await.expect(201);
        self.poll = format!("polls/{}", made.id());
        made.json
    }

    async fn edit(&self, what: Value) {
        let stored = self.admin.get(&self.poll).await.expect(200);
        self.admin.if_match(&stored).patch(&self.poll, what).await.expect(200);
    }

    async fn labelled(&self, tlp: &str) {
        let stored = self.admin.get("events/meeting").await.expect(200);
        self.admin.if_match(&stored).patch("events/meeting", json!({"tlp": tlp})).await.expect(200);
    }

    /// Lets it be `at`, and sends what there is to send.
    async fn at(&mut self, at: &str) {
        let at: Timestamp = at.parse().unwrap();
        self.server.advance(at.duration_since(self.server.app.clock.now()));
        self.admin = self.server.admin().await;
        self.sent().await;
    }

    async fn sent(&self) {
        while jobs::run_next(&self.server.app).await {}
    }
}

/// To whom each of the next mails goes, and its subject.
fn next(mailbox: &mut Mailbox, count: usize) -> Vec<(String, String)> {
    let line = |mail: Value| {
        let subject = mail["headers"]["subject"].as_str().unwrap().replace('\u{a0}', " ");
        (mail["recipients"][0].as_str().unwrap().to_owned(), subject)
    };
    let mut lines: Vec<_> = (0..count).map(|_| line(mailbox.next())).collect();
    lines.sort();
    lines
}

fn lines(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(to, subject)| ((*to).to_owned(), (*subject).to_owned())).collect()
}

/// Something to be told after which there is nothing else: what came before it was all there was.
async fn nothing_else(meeting: &Meeting, mailbox: &mut Mailbox) {
    let account =
        json!({"email": "last@mail.example", "name": "Last", "role": "delegation_manager", "organisation_id": "KR"});
    meeting.admin.post("accounts", account).await.expect(201);
    let poll = json!({
        "title": {"en": "Last question"}, "organisation_ids": ["KR"],
        "offers": [{"days": {"first": "2026-10-09", "last": "2026-10-09"}}],
    });
    meeting.admin.post("events/meeting/polls", poll).await.expect(201);
    meeting.sent().await;
    assert_eq!(next(mailbox, 1), lines(&[("last@mail.example", "When could you meet? Last question")]));
}

const POLAND: &str = "POL@mail.example";
const CZECHIA: &str = "CZE@mail.example";

on_both! {
    async fn those_who_answer_for_an_organisation_are_asked_reminded_and_told_what_was_decided(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let mut meeting = Meeting::new(server, &mailbox).await;
        let poll = meeting.asked(&["PL", "CZ", "KR"]).await;
        meeting.sent().await;
        let mut mails = [mailbox.next(), mailbox.next()];
        mails.sort_by_key(|mail| mail["recipients"][0].as_str().unwrap().to_owned());
        let text = mails[1]["text"].as_str().unwrap().replace('\u{a0}', " ").replace("\r\n", "\n");
        assert_eq!(mails[1]["recipients"], json!([POLAND]));
        assert_eq!(
            text.trim_end(),
            "Poland is asked when it could meet: Drafting group (Meeting).\n\n\
             Times to choose from:\n    6 October 2026, 09:00–11:00 (Asia/Seoul)\n    \
             8 and 9 October 2026, the hours are chosen later\n\n\
             Please answer by 30 September 2026, 18:00 (Asia/Seoul).\n\n\
             https://plenum.example/events/meeting\n\n\
             This mail went to everybody who answers for Poland in Plenum."
        );
        // Two days before 09:00 UTC on the last of September, to who has not answered.
        let option = &poll["options"][0]["id"];
        let answers = json!({"answers": [{"option_id": option, "answer": "yes"}]});
        meeting.admin.put(&format!("{}/answers/PL", meeting.poll), answers).await.expect(200);
        meeting.at("2026-09-28T08:59:59Z").await;
        meeting.at("2026-09-28T09:00:00Z").await;
        assert_eq!(next(&mut mailbox, 1), lines(&[(CZECHIA, "Please answer by 30 September 2026: Drafting group")]));
        let decision = json!({"option_id": option, "note": "Most could come."});
        meeting.admin.post(&format!("{}/decision", meeting.poll), decision).await.expect(200);
        meeting.sent().await;
        let told = mailbox.next();
        assert_eq!(told["headers"]["subject"], "A time was chosen: Drafting group");
        let text = told["text"].as_str().unwrap().replace('\u{a0}', " ").replace("\r\n", "\n");
        assert!(text.contains("\n\n6 October 2026, 09:00–11:00 (Asia/Seoul)\n\nReason: Most could come.\n"), "{text}");
        mailbox.next();
        nothing_else(&meeting, &mut mailbox).await;
    }

    async fn what_is_changed_is_told_once_to_those_who_were_asked_before(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let mut meeting = Meeting::new(server, &mailbox).await;
        meeting.asked(&["PL"]).await;
        meeting.sent().await;
        assert_eq!(next(&mut mailbox, 1), lines(&[(POLAND, "When could you meet? Drafting group")]));
        // Nothing that is asked: nobody is told.
        meeting.edit(json!({"quorum": 1})).await;
        meeting.edit(json!({"organisation_ids": ["PL", "CZ"]})).await;
        let days = |day: &str| json!({"offers": [{"days": {"first": day, "last": day}}]});
        meeting.edit(days("2026-10-06")).await;
        meeting.edit(days("2026-10-07")).await;
        meeting.sent().await;
        assert_eq!(next(&mut mailbox, 1), lines(&[(CZECHIA, "When could you meet? Drafting group")]));
        let later = meeting.server.app.clock.now() + jiff::SignedDuration::from_mins(5);
        meeting.at(&later.to_string()).await;
        let changed = "Other times to choose from: Drafting group";
        assert_eq!(next(&mut mailbox, 2), lines(&[(CZECHIA, changed), (POLAND, changed)]));
        // Whoever is not asked any more is told nothing more.
        meeting.edit(json!({"organisation_ids": ["CZ"]})).await;
        let off = json!({"to": "cancelled", "reason": "The group does not meet."});
        meeting.admin.post(&format!("{}/transitions", meeting.poll), off).await.expect(200);
        meeting.sent().await;
        let told = mailbox.next();
        assert_eq!((&told["recipients"], &told["headers"]["subject"]), (&json!([CZECHIA]), &json!("Called off: Drafting group")));
        assert!(told["text"].as_str().unwrap().contains("Reason: The group does not meet."), "{told}");
        nothing_else(&meeting, &mut mailbox).await;
    }

    async fn of_an_event_whose_label_keeps_it_out_of_mails_nothing_is_mailed(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let mut meeting = Meeting::new(server, &mailbox).await;
        meeting.labelled("red").await;
        meeting.asked(&["PL"]).await;
        meeting.sent().await;
        meeting.labelled("green").await;
        nothing_else(&meeting, &mut mailbox).await;
    }
}
