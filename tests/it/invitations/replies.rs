//! Answers by mail, handed over by a client of others: who is believed, what waits for the secretariat, and what nobody
//! gets in.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use api::lmtp;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{invited, inviting, release};
use crate::{
    duties::Meeting,
    on_both,
    support::{Server, mailbox::Mailbox, setting},
};

/// Somebody who is invited, and the listener for what they answer.
struct Guest {
    meeting: Meeting,
    session: String,
    duty: String,
    address: String,
    port: u16,
}

impl Guest {
    async fn new(server: &Server, mailbox: &mut Mailbox) -> Self {
        let meeting = Meeting::new(server).await;
        let session = meeting.session("meeting", "Norms", "hall-a", 9, "workshop").await;
        let ana = meeting.person("Ana", json!({"email": "Ana@mail.example"})).await;
        let duty = meeting.duty(&session, json!({"person_id": ana, "duty": "speaker"})).await;
        release(&meeting, "First").await;
        let mail = invited(server, mailbox, 1).await.remove(0);
        let address = mail["headers"]["reply-to"].as_str().unwrap().trim_matches(['<', '>']).to_owned();
        assert!(address.starts_with("rsvp+") && address.ends_with("@plenum.example"), "{address}");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(lmtp::serve(server.app.clone(), listener, std::future::pending()));
        Self { meeting, session, duty, address, port }
    }

    /// What a calendar program answers.
    fn reply(&self, from: &str, attendee: &str, more: &str) -> Value {
        let text = format!(
            "From: Somebody <{from}>\r\nTo: {}\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nYes\r\n--b\r\n\
             Content-Type: text/calendar; charset=\"utf-8\"; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n\
             BEGIN:VTIMEZONE\r\nTZID:Korea Standard Time\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
             UID:session-{}@plenum\r\nDTSTART;TZID=Korea Standard Time:20261007T090000\r\n{more}\
             ATTENDEE;{attendee}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n",
            self.address, self.session
        );
        json!({"to": self.address, "from": from, "text": text})
    }

    /// The codes with which these mails are taken.
    async fn hand_over(&self, mails: &[Value]) -> Vec<u64> {
        let asked = json!({"port": self.port, "mails": mails}).to_string();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/hand_over_mail.py");
        let output = tokio::task::spawn_blocking(move || {
            let mut command = Command::new(setting("PYTHON").unwrap());
            let mut child = command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
            child.wait_with_output().unwrap()
        });
        serde_json::from_slice(&output.await.unwrap().stdout).unwrap()
    }

    async fn answer(&self) -> Value {
        let path = format!("sessions/{}/invitations", self.session);
        self.meeting.admin.get(&path).await.expect(200).json["items"][0].clone()
    }

    /// Why which answers wait.
    async fn waiting(&self) -> Vec<(Value, Value)> {
        let open = self.meeting.admin.get("events/meeting/invitation-replies?state=open").await.expect(200);
        let open = open.json["items"].as_array().unwrap().clone();
        let mut waiting: Vec<_> = open.iter().map(|one| (one["reason"].clone(), one["id"].clone())).collect();
        waiting.sort_by_key(|(reason, _)| reason.to_string());
        waiting
    }
}

const ANA: &str = "ana@mail.example";

on_both! {
    async fn who_was_invited_answers_by_mail_without_an_organiser_and_with_a_zone_of_windows(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = inviting(server, &mailbox);
        let guest = Guest::new(&server, &mut mailbox).await;
        let says = |word: &str, stamp: &str| {
            guest.reply(ANA, &format!("PARTSTAT={word};CN=\"Ana; A\":MAILTO:ana@mail.example"), &format!("DTSTAMP:{stamp}\r\nSEQUENCE:0\r\nCOMMENT:Gladly\\, yes\r\n"))
        };
        assert_eq!(guest.hand_over(&[says("ACCEPTED", "20260303T080000Z")]).await, [250]);
        let answer = guest.answer().await;
        assert_eq!((&answer["answer"], &answer["answered_via"], &answer["comment"]), (&json!("accepted"), &json!("mail"), &json!("Gladly, yes")));
        let duty = guest.meeting.admin.get(&format!("duties/{}", guest.duty)).await.expect(200);
        assert_eq!(duty.json["answer"], "accepted");
        // A later word wins, in whatever order they arrive; the same once more changes nothing.
        let mails = [says("DECLINED", "20260303T100000Z"), says("TENTATIVE", "20260303T090000Z"), says("ACCEPTED", "20260303T080000Z")];
        assert_eq!(guest.hand_over(&mails).await, [250, 250, 250]);
        assert_eq!(guest.answer().await["answer"], "declined");
        assert_eq!(guest.waiting().await, []);
    }

    async fn what_others_say_waits_for_the_secretariat_and_addresses_that_are_made_up_do_not_exist(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = inviting(server, &mailbox);
        let guest = Guest::new(&server, &mut mailbox).await;
        let own = "PARTSTAT=ACCEPTED:mailto:ana@mail.example";
        let spoofed = guest.reply("eve@evil.example", own, "");
        let crasher = guest.reply("eve@evil.example", "PARTSTAT=ACCEPTED:mailto:eve@evil.example", "");
        let sends = guest.reply(ANA, "PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:petr@mail.example\":mailto:ana@mail.example", "");
        let mut elsewhere = guest.reply(ANA, own, "");
        elsewhere["text"] = json!(elsewhere["text"].as_str().unwrap().replace("UID:session-", "UID:other-"));
        let by_hand = json!({"to": guest.address, "from": ANA, "text": "From: ana@mail.example\r\nSubject: Re\r\n\r\nI come late.\r\n"});
        let away = json!({"to": guest.address, "from": ANA, "text": "From: ana@mail.example\r\nAuto-Submitted: auto-replied\r\n\r\nAway.\r\n"});
        let mut forged = guest.reply(ANA, own, "");
        let last = guest.address.find('@').unwrap() - 1;
        let other = if guest.address.as_bytes()[last] == b'0' { "1" } else { "0" };
        forged["to"] = json!(format!("{}{other}{}", &guest.address[..last], &guest.address[last + 1..]));
        let nobody = json!({"to": "desk@plenum.example", "from": ANA, "text": "From: a@b.example\r\n\r\nHello\r\n"});
        let mails = [spoofed, crasher, sends, elsewhere, by_hand, away, forged, nobody];
        assert_eq!(guest.hand_over(&mails).await, [250, 250, 250, 250, 250, 250, 550, 550]);
        let waiting = guest.waiting().await;
        let reasons: Vec<_> = waiting.iter().map(|(reason, _)| reason.as_str().unwrap()).collect();
        assert_eq!(reasons, ["delegated", "other_meeting", "other_sender", "unknown_attendee", "without_answer"]);
        let answer = guest.answer().await;
        assert_eq!((&answer["answer"], &answer["delegated_to"]), (&json!("delegated"), &json!("petr@mail.example")));
        let duty = guest.meeting.admin.get(&format!("duties/{}", guest.duty)).await.expect(200);
        assert_eq!(duty.json["answer"], "invited", "the secretariat decides");
        // Staff believe the other sender after all, and dismiss who answers for themselves.
        let path = |at: usize| format!("invitation-replies/{}/transitions", waiting[at].1.as_str().unwrap());
        guest.meeting.admin.post(&path(2), json!({"to": "applied"})).await.expect(200);
        guest.meeting.admin.post(&path(3), json!({"to": "dismissed"})).await.expect(200);
        guest.meeting.admin.post(&path(3), json!({"to": "applied"})).await.expect(409);
        assert_eq!(guest.answer().await["answer"], "accepted");
        assert_eq!(guest.waiting().await.len(), 3);
        // What is written by hand says neither yes nor no.
        let refused = guest.meeting.admin.post(&path(4), json!({"to": "applied"})).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/reply-without-answer");
        assert_eq!(guest.waiting().await.len(), 3, "what is refused changes nothing");
        server.anonymous().get("events/meeting/invitation-replies").await.expect(401);
    }

    async fn the_listener_bounds_what_it_is_sent_and_lets_no_mail_be_smuggled_in_another(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = inviting(server, &mailbox);
        let guest = Guest::new(&server, &mut mailbox).await;
        let large = json!({"to": guest.address, "from": ANA, "text": format!("From: a@b.example\r\n\r\n{}", format!("{}\r\n", "x".repeat(70)).repeat(4_000))});
        let long = json!({"to": guest.address, "from": ANA, "text": format!("From: a@b.example\r\nAuto-Submitted: x\r\n\r\n{}\r\n", "x".repeat(100_000))});
        assert_eq!(guest.hand_over(&[large, long]).await, [552, 250]);
        let mut stream = TcpStream::connect(("127.0.0.1", guest.port)).await.unwrap();
        let smuggled = format!(
            "LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<{0}>\r\nDATA\r\nAuto-Submitted: x\r\n\r\nOne\n.\nMAIL FROM:<eve@evil.example>\r\n\
             RCPT TO:<{0}>\r\n.\r\nQUIT\r\n",
            guest.address
        );
        stream.write_all(smuggled.as_bytes()).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        let codes: Vec<&str> = said.lines().filter(|line| line.as_bytes()[3] == b' ').map(|line| &line[..3]).collect();
        assert_eq!(codes, ["220", "250", "250", "250", "354", "250", "221"]);
        let elsewhere = server.configured(|config| config.lmtp_peers = "192.0.2.0/24".parse().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(lmtp::serve(elsewhere.app.clone(), listener, std::future::pending()));
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).await.ok();
        assert_eq!(said, "", "who is not trusted is not spoken to");
    }
}
