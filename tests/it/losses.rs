//! Who was written to of what they have to do, and has it no more, is written to again; nobody else is. The mails are
//! those that a mail server of others received.

use std::collections::BTreeSet;

use api::config::Config;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    duties::{Meeting, delivered, slot},
    on_both,
    support::{Server, mailbox::Mailbox},
};

const MINUTES: SignedDuration = SignedDuration::from_mins(6);

fn with_mails(server: Server, mailbox: &Mailbox) -> Server {
    let url = mailbox.url.parse().unwrap();
    server.configured(|config: &mut Config| {
        config.smtp_url = Some(url);
        config.public_url = "https://plenum.example".parse().unwrap();
    })
}

/// To whom went which subject, with the lines of the sessions.
fn told(mails: &[Value]) -> BTreeSet<(String, String, Vec<String>)> {
    let line = |line: &&str| [" 1 ", " 2 ", " 3 "].iter().any(|number| line.contains(&format!(":{number}")));
    mails
        .iter()
        .map(|mail| {
            let text = mail["text"].as_str().unwrap().replace('\u{a0}', " ");
            let lines = text.lines().filter(line).map(|line| line.trim_end().to_owned()).collect();
            let subject = mail["headers"]["subject"].as_str().unwrap().replace('\u{a0}', " ");
            (mail["recipients"][0].as_str().unwrap().to_owned(), subject, lines)
        })
        .collect()
}

fn mail(to: &str, subject: &str, lines: &[&str]) -> (String, String, Vec<String>) {
    (to.to_owned(), subject.to_owned(), lines.iter().map(|line| (*line).to_owned()).collect())
}

const LOST: &str = "No longer on your programme: Seoul meeting";
const NOT_EXPECTED: &str = "No longer expected of you, or of the delegation you manage: 1 Norms";

async fn delete(meeting: &Meeting, path: &str) {
    let stored = meeting.admin.get(path).await.expect(200);
    meeting.admin.if_match(&stored).delete(path).await.expect(204);
}

/// Moves a session with the next release.
async fn moved(meeting: &Meeting, session: &str, hour: u32, release: &str) {
    let path = format!("sessions/{session}/plan");
    let plan = meeting.admin.get(&path).await.expect(200);
    meeting.admin.if_match(&plan).patch(&path, json!({"session": {"placement": slot(hour)}})).await.expect(200);
    meeting.release(release).await;
}

on_both! {
    async fn who_was_told_of_a_duty_learns_that_it_is_gone_and_nobody_else_does(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = with_mails(server, &mailbox);
        let meeting = Meeting::new(&server).await;
        let account = json!({"email": "petr@mail.example", "name": "Petr", "role": "delegation_manager", "organisation_id": "CZ"});
        meeting.admin.post("accounts", account).await.expect(201);
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let evidence = meeting.session("meeting", "Evidence", "hall-b", 10, "workshop").await;
        let speaker = meeting.person("Speaker", json!({"email": "speaker@mail.example"})).await;
        let polish = meeting.person("Polish", json!({"email": "polish@mail.example", "languages": ["pl"]})).await;
        let late = meeting.person("Late", json!({"email": "late@mail.example"})).await;
        let stays = meeting.person("Stays", json!({"email": "stays@mail.example"})).await;
        let speaks = meeting.duty(&norms, json!({"person_id": speaker, "duty": "speaker"})).await;
        meeting.duty(&evidence, json!({"person_id": speaker, "duty": "speaker"})).await;
        meeting.duty(&evidence, json!({"person_id": polish, "duty": "speaker"})).await;
        meeting.duty(&norms, json!({"person_id": stays, "duty": "speaker"})).await;
        meeting.duty(&evidence, json!({"delegation_id": meeting.czechia, "duty": "required"})).await;
        meeting.release("First").await;
        delivered(&server, &mut mailbox, 4).await;

        // Given after the release, and taken back before anything was written of it.
        let never = meeting.duty(&norms, json!({"person_id": late, "duty": "speaker"})).await;
        delete(&meeting, &format!("duties/{never}")).await;
        delete(&meeting, &format!("duties/{speaks}")).await;
        delivered(&server, &mut mailbox, 0).await;
        server.advance(SignedDuration::from_mins(2));
        delete(&meeting, &format!("sessions/{evidence}")).await;
        server.advance(MINUTES);
        let mails = delivered(&server, &mut mailbox, 3).await;
        assert_eq!(
            told(&mails),
            BTreeSet::from([
                mail("speaker@mail.example", LOST, &[NOT_EXPECTED, "Does not take place: 2 Evidence"]),
                mail("petr@mail.example", LOST, &["Does not take place: 2 Evidence"]),
                mail("polish@mail.example", "Nie ma już w Państwa programie: Seoul meeting", &["Nie odbędzie się: 2 Evidence"]),
            ])
        );
        let text = mails[0]["text"].as_str().unwrap().replace('\u{a0}', " ");
        assert!(text.contains("https://plenum.example/events/meeting"), "{text}");
        assert!(!text.contains("hall"), "what became of it is not theirs to know: {text}");

        // Told once: the next mail is about something else, and goes to who still speaks.
        server.advance(MINUTES);
        moved(&meeting, &norms, 11, "Second").await;
        let mails = delivered(&server, &mut mailbox, 1).await;
        assert_eq!(told(&mails), BTreeSet::from([mail("stays@mail.example", "Programme of Seoul meeting: Second", &["Moved: 1 Norms"])]));
    }

    async fn who_learned_that_a_session_is_called_off_is_not_told_again_by_the_release(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = with_mails(server, &mailbox);
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let evidence = meeting.session("meeting", "Evidence", "hall-b", 10, "workshop").await;
        let speaker = meeting.person("Speaker", json!({"email": "speaker@mail.example"})).await;
        let never = meeting.person("Never", json!({"email": "never@mail.example"})).await;
        meeting.duty(&norms, json!({"person_id": speaker, "duty": "speaker"})).await;
        let speaks = meeting.duty(&evidence, json!({"person_id": speaker, "duty": "speaker"})).await;
        meeting.release("First").await;
        delivered(&server, &mut mailbox, 1).await;

        // A duty that is given back within the minutes was not lost.
        delete(&meeting, &format!("duties/{speaks}")).await;
        meeting.duty(&evidence, json!({"person_id": speaker, "duty": "speaker"})).await;
        meeting.duty(&norms, json!({"person_id": never, "duty": "rapporteur"})).await;
        let off = json!({"to": "cancelled", "reason": "The room is flooded."});
        meeting.admin.post(&format!("sessions/{norms}/transitions"), off).await.expect(200);
        server.advance(MINUTES);
        let mails = delivered(&server, &mut mailbox, 1).await;
        assert_eq!(told(&mails), BTreeSet::from([mail("speaker@mail.example", LOST, &["Does not take place: 1 Norms"])]));

        moved(&meeting, &evidence, 14, "Second").await;
        let mails = delivered(&server, &mut mailbox, 1).await;
        let again = mail("speaker@mail.example", "Programme of Seoul meeting: Second", &["Cancelled: 1 Norms", "Moved: 2 Evidence"]);
        let once = mail("speaker@mail.example", "Programme of Seoul meeting: Second", &["Moved: 2 Evidence"]);
        assert!(told(&mails) == BTreeSet::from([once]), "told once, not {again:?}: {mails:?}");
        moved(&meeting, &evidence, 15, "Third").await;
        assert_eq!(delivered(&server, &mut mailbox, 1).await[0]["recipients"][0], "speaker@mail.example");
    }

    async fn who_is_given_a_duty_in_what_was_released_reads_of_it_with_the_next_release(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = with_mails(server, &mailbox);
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let evidence = meeting.session("meeting", "Evidence", "hall-b", 10, "workshop").await;
        let first = meeting.person("First", json!({"email": "first@mail.example"})).await;
        let second = meeting.person("Second", json!({"email": "second@mail.example"})).await;
        let declines = meeting.person("Declines", json!({"email": "declines@mail.example"})).await;
        meeting.duty(&norms, json!({"person_id": first, "duty": "speaker"})).await;
        meeting.release("First").await;
        delivered(&server, &mut mailbox, 1).await;
        meeting.duty(&norms, json!({"person_id": second, "duty": "speaker"})).await;
        let declined = meeting.duty(&norms, json!({"person_id": declines, "duty": "speaker"})).await;
        meeting.admin.post(&format!("duties/{declined}/transitions"), json!({"to": "declined"})).await.expect(200);
        moved(&meeting, &evidence, 11, "Second").await;
        let mails = delivered(&server, &mut mailbox, 1).await;
        let subject = "Programme of Seoul meeting: Second";
        assert_eq!(told(&mails), BTreeSet::from([mail("second@mail.example", subject, &["New: 1 Norms"])]));
        // Once told, what is left as it was is not told again.
        moved(&meeting, &norms, 14, "Third").await;
        let (subject, lines) = ("Programme of Seoul meeting: Third", ["Moved: 1 Norms"]);
        let both = ["first@mail.example", "second@mail.example"].map(|to| mail(to, subject, &lines));
        assert_eq!(told(&delivered(&server, &mut mailbox, 2).await), BTreeSet::from(both));
    }

    async fn who_is_substituted_learns_that_the_duties_are_somebody_elses(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = with_mails(server, &mailbox);
        let meeting = Meeting::new(&server).await;
        let norms = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let (person, delegate) = meeting.delegate("PL", "Nowak").await;
        meeting.in_person(&server, &person).await;
        let speaks = meeting.duty(&norms, json!({"person_id": person, "duty": "speaker"})).await;
        meeting.release("First").await;
        delivered(&server, &mut mailbox, 1).await;
        meeting.admin.post(&format!("delegates/{delegate}/transitions"), json!({"to": "submitted"})).await.expect(200);
        let next = meeting.person("Lis", json!({"organisation_id": "PL", "email": "lis@mail.example"})).await;
        let moves = json!({"duties": [{"duty_id": speaks, "moves": true}]});
        let substitution = json!({"person_id": next, "moves": moves});
        meeting.admin.post(&format!("delegates/{delegate}/substitution"), substitution).await.expect(201);
        server.advance(MINUTES);
        let mails = delivered(&server, &mut mailbox, 1).await;
        assert_eq!(told(&mails), BTreeSet::from([mail(&format!("{person}@mail.example"), LOST, &[NOT_EXPECTED])]));
        moved(&meeting, &norms, 11, "Second").await;
        let mails = delivered(&server, &mut mailbox, 1).await;
        assert_eq!(told(&mails), BTreeSet::from([mail("lis@mail.example", "Programme of Seoul meeting: Second", &["Moved: 1 Norms"])]));
    }
}
