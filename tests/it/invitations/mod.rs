//! Invitations for calendars: mails taken by a mail server of others, read by a parser and entered by a calendar server of
//! others, and answered by the link in them. Times and words were worked out by hand.

mod replies;

use std::{
    io::Write,
    process::{Command, Stdio},
};

use api::{config::Config, jobs};
use jiff::SignedDuration;
use regex::Regex;
use serde_json::{Value, json};

use crate::{
    duties::{Meeting, delivered, slot},
    on_both,
    support::{Server, jar::Jar, mailbox::Mailbox, setting},
};

/// A little longer than it is waited for more of the same.
const LATER: SignedDuration = SignedDuration::from_mins(6);

pub fn inviting(server: Server, mailbox: &Mailbox) -> Server {
    let url = mailbox.url.parse().unwrap();
    server.configured(|config: &mut Config| {
        config.smtp_url = Some(url);
        config.public_url = "https://plenum.example".parse().unwrap();
        config.mail_from = Some("Secretariat <desk@plenum.example>".parse().unwrap());
        config.rsvp_address = Some("rsvp@plenum.example".parse().unwrap());
        config.invitations = true;
    })
}

/// Does what is due some minutes from now, and takes as many mails that carry a calendar.
pub async fn invited(server: &Server, mailbox: &mut Mailbox, count: usize) -> Vec<Value> {
    server.advance(LATER);
    delivered(server, mailbox, count).await
}

/// What foreign programs make of mails that follow each other.
fn read(mails: &[Value]) -> Vec<Value> {
    let raw: Vec<&Value> = mails.iter().map(|mail| &mail["raw"]).collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/read_invitations.py");
    let mut command = Command::new(setting("PYTHON").unwrap());
    let mut child = command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(json!(raw).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the programs of others refuse a mail");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The path of the link in a mail.
pub fn path_in(mail: &Value) -> String {
    let link = Regex::new("https://plenum\\.example(/invitations/wgi_[0-9a-f]+)").unwrap();
    link.captures(mail["text"].as_str().unwrap()).expect("a link")[1].to_owned()
}

fn subject(mail: &Value) -> String {
    mail["headers"]["subject"].as_str().unwrap().replace('\u{a0}', " ")
}

/// Something that is told at once and after which there is nothing else: what came before it was all there was.
async fn nothing_else(server: &Server, meeting: &Meeting, mailbox: &mut Mailbox) {
    let last = meeting.person("Last", json!({"email": "last@mail.example"})).await;
    let session = meeting.session("meeting", "Last", "hall-a", 17, "workshop").await;
    meeting.duty(&session, json!({"person_id": last, "duty": "invited"})).await;
    meeting.admin.post(&format!("sessions/{session}/transitions"), json!({"to": "scheduled"})).await.expect(200);
    let mails = invited(server, mailbox, 1).await;
    assert_eq!(mails[0]["recipients"][0], "last@mail.example");
}

/// A release that writes no letters: what is mailed then are invitations.
async fn release(meeting: &Meeting, name: &str) {
    meeting.admin.post("events/meeting/releases", json!({"name": name, "notify": false})).await.expect(201);
}

async fn moved(meeting: &Meeting, session: &str, hour: u32) {
    let path = format!("sessions/{session}");
    let stored = meeting.admin.get(&path).await.expect(200);
    meeting.admin.if_match(&stored).patch(&path, json!({"placement": slot(hour)})).await.expect(200);
}

on_both! {
    async fn who_has_a_part_is_invited_and_their_calendar_follows_the_programme(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = inviting(server, &mailbox);
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let speaker = meeting.person("Ana Speaker", json!({"email": "ana@mail.example"})).await;
        let polish = meeting.person("Pan Polski", json!({"email": "pan@mail.example", "languages": ["pl"]})).await;
        meeting.person("Nobody asked", json!({"email": "nobody@mail.example"})).await;
        let speaks = meeting.duty(&norms, json!({"person_id": speaker, "duty": "speaker"})).await;
        // What is planned is nobody's business yet.
        server.advance(LATER);
        while jobs::run_next(&server.app).await {}
        release(&meeting, "First").await;
        meeting.duty(&norms, json!({"person_id": polish, "duty": "invited"})).await;
        while jobs::run_next(&server.app).await {}
        let mut first = invited(&server, &mut mailbox, 2).await;
        first.sort_by_key(|mail| mail["recipients"][0].as_str().unwrap().to_owned());
        assert_eq!(first.iter().map(|mail| mail["recipients"].clone()).collect::<Vec<_>>(), [json!(["ana@mail.example"]), json!(["pan@mail.example"])]);
        assert_eq!(first.iter().map(subject).collect::<Vec<_>>(), ["Invitation: 1 Norms", "Zaproszenie: 1 Norms"]);
        assert!(!first[0]["raw"].as_str().unwrap().contains("pan@mail.example"), "nobody else is named");
        assert!(first[0]["text"].as_str().unwrap().replace('\u{a0}', " ").contains("7 October 2026, 09:00–10:00 (Asia/Seoul), hall-a, Centre, Seoul"));

        // Twice within five minutes is one mail, about where it is now.
        moved(&meeting, &norms, 10).await;
        moved(&meeting, &norms, 11).await;
        let mut second = invited(&server, &mut mailbox, 2).await;
        second.sort_by_key(|mail| mail["recipients"][0].as_str().unwrap().to_owned());
        assert_eq!(subject(&second[0]), "Changed: 1 Norms");
        let stored = meeting.admin.get(&format!("duties/{speaks}")).await.expect(200);
        meeting.admin.if_match(&stored).delete(&format!("duties/{speaks}")).await.expect(204);
        let third = invited(&server, &mut mailbox, 1).await;
        assert_eq!(subject(&third[0]), "Cancelled: 1 Norms");
        meeting.duty(&norms, json!({"person_id": speaker, "duty": "chair"})).await;
        let fourth = invited(&server, &mut mailbox, 1).await;
        nothing_else(&server, &meeting, &mut mailbox).await;

        let ana = read(&[first[0].clone(), second[0].clone(), third[0].clone(), fourth[0].clone()]);
        let calendar = |method: &str| json!(["text/calendar", {"charset": "utf-8", "method": method}, "base64", null]);
        for (mail, method) in ana.iter().zip(["REQUEST", "REQUEST", "CANCEL", "REQUEST"]) {
            let mime = &mail["mime"];
            assert_eq!((&mime[0], &mime[1][0][0]), (&json!("multipart/mixed"), &json!("multipart/alternative")));
            let readings = mime[1][0][1].as_array().unwrap();
            assert_eq!((&readings[0][0], &readings[1][0], &readings[2]), (&json!("text/plain"), &json!("text/html"), &calendar(method)));
            assert_eq!((&mime[1][1][0], &mime[1][1][3]), (&json!("application/ics"), &json!("attachment")));
            assert_eq!(mail["calendar"]["method"], method);
            assert_eq!(mail["calendar"]["uid"], format!("session-{norms}@plenum"), "the same as in feeds");
            assert_eq!(mail["calendar"]["attendee"], "mailto:ana@mail.example");
            assert_eq!(mail["calendar"]["parameters"]["CN"], "Ana Speaker");
        }
        // Nine in Seoul is midnight in UTC.
        let starts = |at: usize| (ana[at]["calendar"]["sequence"].clone(), ana[at]["calendar"]["dtstart"].clone());
        assert_eq!([starts(0), starts(1), starts(2), starts(3)], [
            (json!(0), json!("2026-10-07T00:00:00+00:00")), (json!(2), json!("2026-10-07T02:00:00+00:00")),
            (json!(3), json!("2026-10-07T02:00:00+00:00")), (json!(4), json!("2026-10-07T02:00:00+00:00")),
        ]);
        // The event itself is not confirmed yet.
        let stored = |at: usize| {
            let entries = ana[at]["stored"].as_array().unwrap();
            assert_eq!(entries.len(), 1, "one meeting is one entry: {entries:?}");
            (entries[0]["dtstart"].clone(), entries[0]["status"].clone(), entries[0]["location"].clone())
        };
        assert_eq!(stored(0), (json!("2026-10-07T00:00:00+00:00"), json!("TENTATIVE"), json!("hall-a, Centre, Seoul")));
        assert_eq!(stored(1).0, json!("2026-10-07T02:00:00+00:00"));
        assert_eq!(stored(2).1, json!("CANCELLED"));
        assert_eq!(stored(3).1, json!("TENTATIVE"), "asked again");
    }

    async fn the_link_answers_only_by_its_form_and_only_until_the_session_is_over(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = inviting(server, &mailbox);
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let (person, _) = meeting.delegate("PL", "Nowak").await;
        let stored = meeting.admin.get(&format!("persons/{person}")).await.expect(200);
        let address = json!({"email": "nowak@mail.example", "languages": ["fr"]});
        meeting.admin.if_match(&stored).patch(&format!("persons/{person}"), address).await.expect(200);
        let duty = meeting.duty(&norms, json!({"person_id": person, "duty": "invited"})).await;
        release(&meeting, "First").await;
        let mail = invited(&server, &mut mailbox, 1).await.remove(0);
        let path = path_in(&mail);
        // A program that looks for harm opens the link, many times and without cookies.
        for _ in 0..3 {
            server.anonymous().get(&path).await.expect(200);
        }
        let answer = || async { meeting.admin.get(&format!("duties/{duty}")).await.expect(200).json["answer"].clone() };
        assert_eq!(answer().await, "invited");
        let mut browser = Jar::new(&server);
        let page = browser.get(&path).await.expect(200);
        assert!(page.text.contains("1 Norms") && page.text.contains("2026-10-07 09:00"), "{}", page.text);
        assert!(page.text.contains("Je viendrai") && !page.text.contains("Nowak"), "{}", page.text);
        let done = browser.submit(&page, &path, &[("to", "accepted"), ("comment", "I come late.")]).await.expect(200);
        assert!(done.text.contains("Votre réponse est enregistrée."), "{}", done.text);
        assert_eq!(answer().await, "accepted", "a duty in this sitting alone is answered with it");
        let listed = meeting.admin.get(&format!("sessions/{norms}/invitations")).await.expect(200).json["items"][0].clone();
        assert_eq!((&listed["answer"], &listed["answered_via"], &listed["comment"]), (&json!("accepted"), &json!("link"), &json!("I come late.")));
        browser.submit(&page, &path, &[("to", "needs_action")]).await.expect_page(422);
        // From a page of somebody else it is refused, and a link that is another's or made up opens nothing.
        Jar::new(&server).post(&path, "to=declined").await.expect_page(403);
        let forged = format!("{}0", &path[..path.len() - 1]).replace("0", "1");
        browser.get(&forged).await.expect_page(404);
        // Answered otherwise, it is the same answer everywhere.
        meeting.admin.post(&format!("duties/{duty}/transitions"), json!({"to": "declined"})).await.expect(200);
        let invitation = format!("invitations/{}", listed["id"].as_str().unwrap());
        assert_eq!(meeting.admin.get(&invitation).await.expect(200).json["answer"], "declined");
        let himself = meeting.in_person(&server, &person).await;
        himself.post(&format!("{invitation}/transitions"), json!({"to": "tentative"})).await.expect(200);
        assert_eq!(answer().await, "tentative");
        assert_eq!(himself.get("me/invitations").await.expect(200).json["items"][0]["session_id"], norms);
        // Ten in Seoul is one in UTC: from then on it is over.
        let over: jiff::Timestamp = "2026-10-07T01:00:00Z".parse().unwrap();
        server.advance(over.duration_since(server.app.clock.now()));
        browser.get(&path).await.expect_page(410);
    }

    async fn staff_see_what_was_sent_and_send_it_again_and_others_see_their_own(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = inviting(server, &mailbox);
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let ana = meeting.person("Ana", json!({"email": "ana@mail.example"})).await;
        let petr = meeting.person("Petr", json!({"email": "petr@mail.example"})).await;
        for person in [&ana, &petr] {
            meeting.duty(&norms, json!({"person_id": person, "duty": "invited"})).await;
        }
        release(&meeting, "First").await;
        let first = invited(&server, &mut mailbox, 2).await;
        let list = format!("sessions/{norms}/invitations");
        let all = meeting.admin.get(&list).await.expect(200).json["items"].as_array().unwrap().clone();
        assert_eq!(all.len(), 2);
        let of_ana = all.iter().find(|one| one["name"] == "Ana").unwrap();
        assert_eq!((&of_ana["method"], &of_ana["answer"], &of_ana["sequence"]), (&json!("request"), &json!("needs_action"), &json!(0)));
        let invitation = format!("invitations/{}", of_ana["id"].as_str().unwrap());
        let himself = meeting.in_person(&server, &petr).await;
        assert_eq!(himself.get(&list).await.expect(200).json["items"].as_array().unwrap().len(), 1);
        himself.get(&invitation).await.expect(404);
        himself.post(&format!("{invitation}/mails"), json!({})).await.expect(404);
        let of_petr = all.iter().find(|one| one["name"] == "Petr").unwrap()["id"].as_str().unwrap();
        let said = himself.post(&format!("invitations/{of_petr}/transitions"), json!({"to": "accepted"})).await.expect(200);
        assert_eq!((&said.json["answer"], &said.json["answered_via"]), (&json!("accepted"), &json!("api")));
        server.advance(SignedDuration::from_mins(1));
        meeting.admin.post(&format!("{invitation}/mails"), json!({})).await.expect(204);
        let again = delivered(&server, &mut mailbox, 1).await.remove(0);
        assert_eq!(again["recipients"][0], "ana@mail.example");
        let before = first.into_iter().find(|mail| mail["recipients"][0] == "ana@mail.example").unwrap();
        assert_ne!(again["headers"]["message-id"], before["headers"]["message-id"]);
        let log = meeting.admin.get(&format!("{invitation}/mails")).await.expect(200).json["items"].as_array().unwrap().clone();
        let log: Vec<_> = log.iter().map(|mail| (mail["sequence"].clone(), mail["outcome"].clone(), mail["again"].clone())).collect();
        assert_eq!(log, [(json!(0), json!("sent"), json!(false)), (json!(0), json!("sent"), json!(true))]);
        nothing_else(&server, &meeting, &mut mailbox).await;
    }

    async fn what_is_called_off_deleted_or_kept_secret_leaves_the_calendar_and_what_is_over_is_not_written_about(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = inviting(server, &mailbox);
        let mut meeting = Meeting::new(&server).await;
        let ana = meeting.person("Ana", json!({"email": "ana@mail.example"})).await;
        let mut sessions = vec![];
        for (hour, title) in [(9, "Off"), (10, "Mistake"), (11, "Hushed")] {
            let session = meeting.session("meeting", title, "hall-a", hour, "workshop").await;
            meeting.duty(&session, json!({"person_id": ana, "duty": "invited"})).await;
            sessions.push(session);
        }
        release(&meeting, "First").await;
        invited(&server, &mut mailbox, 3).await;
        let [off, mistake, secret] = sessions.try_into().unwrap();
        let reason = json!({"to": "cancelled", "reason": "The speaker is ill."});
        meeting.admin.post(&format!("sessions/{off}/transitions"), reason).await.expect(200);
        let stored = meeting.admin.get(&format!("sessions/{mistake}")).await.expect(200);
        meeting.admin.if_match(&stored).delete(&format!("sessions/{mistake}")).await.expect(204);
        let stored = meeting.admin.get(&format!("sessions/{secret}")).await.expect(200);
        meeting.admin.if_match(&stored).patch(&format!("sessions/{secret}"), json!({"tlp": "red"})).await.expect(200);
        let mails = invited(&server, &mut mailbox, 3).await;
        let mut told: Vec<_> = read(&mails)
            .into_iter()
            .map(|mail| (mail["calendar"]["uid"].clone(), mail["calendar"]["method"].clone(), mail["calendar"]["summary"].clone()))
            .map(|(uid, method, summary)| (uid.to_string(), method, summary))
            .collect();
        told.sort_by_key(|told| told.0.clone());
        let mut expected = [(off, json!("Off")), (mistake, json!("Mistake")), (secret, Value::Null)]
            .map(|(id, summary)| (format!("\"session-{id}@plenum\""), json!("CANCEL"), summary));
        expected.sort_by_key(|expected| expected.0.clone());
        assert_eq!(told, expected);
        assert!(mails.iter().all(|mail| !mail["raw"].as_str().unwrap().contains("Hushed")));

        // Entered after the fact: nobody is asked to come to what was.
        let over: jiff::Timestamp = "2026-10-07T12:00:00Z".parse().unwrap();
        server.advance(over.duration_since(server.app.clock.now()));
        meeting.admin = server.admin().await;
        let past = meeting.session("meeting", "Past", "hall-b", 9, "workshop").await;
        meeting.duty(&past, json!({"person_id": ana, "duty": "speaker"})).await;
        release(&meeting, "Second").await;
        server.advance(LATER);
        while jobs::run_next(&server.app).await {}
        assert_eq!(meeting.admin.get(&format!("sessions/{past}/invitations")).await.expect(200).json["items"], json!([]));
    }

    async fn who_wants_no_invitations_gets_none_and_keeps_those_there_were(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = inviting(server, &mailbox);
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let evidence = meeting.session("meeting", "Evidence", "hall-b", 9, "workshop").await;
        let speaker = meeting.person("Ana Speaker", json!({})).await;
        let client = meeting.in_person(&server, &speaker).await;
        let address = format!("{speaker}@mail.example");
        meeting.duty(&norms, json!({"person_id": speaker, "duty": "speaker"})).await;
        release(&meeting, "First").await;
        let first = invited(&server, &mut mailbox, 1).await;
        assert_eq!(first[0]["recipients"], json!([address]));

        let said = client.put("me/mail-settings", json!({"invitations": false})).await.expect(200);
        meeting.duty(&evidence, json!({"person_id": speaker, "duty": "speaker"})).await;
        moved(&meeting, &norms, 11).await;
        nothing_else(&server, &meeting, &mut mailbox).await;
        let kept = client.get("me/invitations").await.expect(200);
        let invitation = &kept.json["items"][0];
        assert_eq!((kept.json["items"].as_array().unwrap().len(), &invitation["method"]), (1, &json!("request")), "none is taken back");
        let again = format!("invitations/{}/mails", invitation["id"].as_str().unwrap());
        let refused = meeting.admin.post(&again, json!({})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/invitations-not-wanted");

        // Turned on again, what there is in the calendar is put right, and what came meanwhile is told.
        client.if_match(&said).put("me/mail-settings", json!({})).await.expect(200);
        moved(&meeting, &norms, 12).await;
        let mut mails = invited(&server, &mut mailbox, 2).await;
        mails.sort_by_key(subject);
        assert_eq!(mails.iter().map(subject).collect::<Vec<_>>(), ["Changed: 1 Norms", "Invitation: 2 Evidence"]);
    }
}
