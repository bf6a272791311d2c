//! The doors of a session: what is scanned there is attendance.

use jiff::SignedDuration;

use super::*;
use crate::on_both;

/// An assembly with a session whose door knows a way out.
struct Sitting {
    hall: Hall,
    session: String,
    gate: String,
}

impl Sitting {
    async fn new(server: &Server) -> Self {
        let hall = Hall::new(server).await;
        let (session, gate) = door_of_a_session(&hall, "participants").await;
        Self { hall, session, gate }
    }

    async fn send(&self, at: &str, list: &[Value]) -> Vec<String> {
        let answer = record(&self.hall.admin, scans("North door", at, list)).await;
        results(&answer).into_iter().map(str::to_owned).collect()
    }

    /// How it stands with the delegation of this code: status, who says so, and who of its people is what.
    async fn line(&self, code: &str, as_of: Option<&str>) -> (String, String, Vec<(String, String)>) {
        let query = as_of.map_or(String::new(), |at| format!("?as_of={at}"));
        let sheet = self.hall.admin.get(&format!("sessions/{}/attendance{query}", self.session)).await.expect(200);
        let lines = sheet.json["lines"].as_array().unwrap();
        let line = lines.iter().find(|line| line["organisation_code"] == code).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let people = line["people"].as_array().into_iter().flatten();
        let people = people.map(|one| (text(&one["display_name"]), text(&one["status"])));
        (text(&line["status"]), text(&line["source"]), people.collect())
    }

    async fn marks(&self) -> Vec<Value> {
        let path = format!("sessions/{}/attendance-marks?limit=200", self.session);
        self.hall.admin.get(&path).await.expect(200).json["items"].as_array().unwrap().clone()
    }
}

/// A session of the assembly with a door; gives the ids of both.
pub(super) async fn door_of_a_session(hall: &Hall, visibility: &str) -> (String, String) {
    let session = json!({
        "event_id": "assembly", "kind": "plenary", "title": {"en": "Opening"}, "visibility": visibility,
        "placement": {"start": "2026-03-02T09:00:00", "end": "2026-03-02T18:00:00"},
    });
    let session = hall.admin.announce(session).await.id();
    let gate = json!({"name": {"en": "Plenary hall"}, "rule": "in_and_out", "session_id": session});
    let gate = hall.admin.post("events/assembly/check-types", gate).await.expect(201).id();
    (session, gate)
}

fn says(status: &str, source: &str, people: &[(&str, &str)]) -> (String, String, Vec<(String, String)>) {
    let people = people.iter().map(|(name, status)| ((*name).to_owned(), (*status).to_owned()));
    (status.to_owned(), source.to_owned(), people.collect())
}

on_both! {
    async fn whoever_passes_the_door_of_a_session_is_present_until_they_leave(server) {
        let sitting = Sitting::new(&server).await;
        let anna = sitting.hall.holder(&server, "PL", "Anna").await;
        let elsewhere = sitting.hall.check_type("Canteen", "multiple").await;
        let now = server.app.clock.now();
        let at = |minutes| (now - SignedDuration::from_mins(minutes)).to_string();
        let sent = now.to_string();
        assert_eq!(sitting.send(&sent, &[scan("1", &elsewhere, &anna.qr, &at(30))]).await, ["ok"]);
        assert_eq!(sitting.line("PL", None).await, says("unknown", "-", &[]), "the canteen is no session");
        let entry = scan("2", &sitting.gate, &anna.qr, &at(20));
        assert_eq!(sitting.send(&sent, std::slice::from_ref(&entry)).await, ["ok"]);
        assert_eq!(sitting.send(&sent, &[entry]).await, ["ok"], "sent twice");
        assert_eq!(sitting.send(&sent, &[scan("3", &sitting.gate, &anna.qr, &at(15))]).await, ["already_in"]);
        assert_eq!(sitting.send(&sent, &[scan("4", &sitting.gate, "made up", &at(14))]).await, ["unknown"]);
        assert_eq!(sitting.line("PL", None).await, says("present", "scan", &[("Anna", "present")]));
        assert_eq!(sitting.marks().await.len(), 1, "one for the one scan that let her in");
        let mut out = scan("5", &sitting.gate, &anna.qr, &at(5));
        out["direction"] = json!("out");
        assert_eq!(sitting.send(&sent, &[out]).await, ["ok"]);
        assert_eq!(sitting.line("PL", None).await, says("absent", "scan", &[("Anna", "absent")]));
        assert_eq!(sitting.line("PL", Some(&at(21))).await.0, "unknown");
        assert_eq!(sitting.line("PL", Some(&at(10))).await, says("present", "scan", &[("Anna", "present")]));
        assert_eq!(sitting.line("CZ", None).await.0, "unknown");
    }

    async fn what_an_offline_device_tells_late_counts_for_when_it_happened(server) {
        let sitting = Sitting::new(&server).await;
        let anna = sitting.hall.holder(&server, "PL", "Anna").await;
        let petr = sitting.hall.holder(&server, "CZ", "Petr").await;
        let now = server.app.clock.now();
        let at = |minutes| (now - SignedDuration::from_mins(minutes)).to_string();
        // Its clock is a day ahead, and it tells of the way out before the way in.
        let wrong = |minutes| (now + SignedDuration::from_hours(24) - SignedDuration::from_mins(minutes)).to_string();
        let late = |nonce: &str, holder: &Holder, direction: &str, minutes: i64, told: &str| {
            let mut body = scan(nonce, &sitting.gate, &holder.qr, &wrong(minutes));
            (body["direction"], body["told"]) = (json!(direction), json!(told));
            body
        };
        let batch = [
            late("1", &anna, "out", 10, "ok"), late("2", &anna, "in", 40, "ok"),
            late("3", &petr, "in", 30, "not_approved"), late("4", &petr, "in", 20, "ok"),
        ];
        assert_eq!(sitting.send(&wrong(0), &batch).await.len(), 4);
        assert_eq!(sitting.marks().await.len(), 3, "whom the device sent away was not in the room");
        assert_eq!(sitting.line("PL", None).await, says("absent", "scan", &[("Anna", "absent")]));
        assert_eq!(sitting.line("PL", Some(&at(25))).await, says("present", "scan", &[("Anna", "present")]));
        assert_eq!(sitting.line("CZ", Some(&at(25))).await.0, "unknown");
        assert_eq!(sitting.line("CZ", None).await, says("present", "scan", &[("Petr", "present")]));
    }

    async fn staff_is_believed_before_a_door_and_a_door_before_what_people_say(server) {
        let sitting = Sitting::new(&server).await;
        let anna = sitting.hall.holder(&server, "PL", "Anna").await;
        let (session, admin) = (&sitting.session, &sitting.hall.admin);
        let own = server.manager_of("PL").await;
        let mark = |status: &str| json!({"marks": [{"delegate_id": anna.delegate, "status": status}]});
        own.post(&format!("sessions/{session}/attendance-marks"), mark("excused")).await.expect(200);
        assert_eq!(sitting.line("PL", None).await, says("excused", "self", &[("Anna", "excused")]));
        server.advance(SignedDuration::from_mins(1));
        let now = server.app.clock.now().to_string();
        sitting.send(&now, &[scan("1", &sitting.gate, &anna.qr, &now)]).await;
        assert_eq!(sitting.line("PL", None).await, says("present", "scan", &[("Anna", "present")]));
        admin.post(&format!("sessions/{session}/attendance-marks"), mark("absent")).await.expect(200);
        assert_eq!(sitting.line("PL", None).await, says("absent", "staff", &[("Anna", "absent")]));
    }

    async fn one_upload_settles_every_session_it_is_about_and_none_that_is_gone(server) {
        let sitting = Sitting::new(&server).await;
        let (other, other_gate) = door_of_a_session(&sitting.hall, "secretariat").await;
        let (gone, gone_gate) = door_of_a_session(&sitting.hall, "participants").await;
        let session = sitting.hall.admin.get(&format!("sessions/{gone}")).await.expect(200);
        sitting.hall.admin.if_match(&session).delete(&format!("sessions/{gone}")).await.expect(204);
        let mut batch = vec![];
        let now = server.app.clock.now().to_string();
        for (n, code) in ["PL", "CZ", "PL", "CZ", "PL"].into_iter().enumerate() {
            let holder = sitting.hall.holder(&server, code, &format!("Delegate {n}")).await;
            for (door, gate) in [&sitting.gate, &other_gate, &gone_gate].into_iter().enumerate() {
                batch.push(scan(&format!("{n}-{door}"), gate, &holder.qr, &now));
            }
        }
        let device = sitting.hall.device(&server).await;
        let answer = record(&device, scans("North door", &now, &batch)).await;
        assert!(results(&answer).iter().all(|result| *result == "ok"), "{}", answer.text);
        for session in [&sitting.session, &other] {
            let sheet = sitting.hall.admin.get(&format!("sessions/{session}/attendance")).await.expect(200).json;
            let people = |at: usize| sheet["lines"][at]["people"].as_array().unwrap().len();
            assert_eq!((people(0), people(1)), (2, 3), "{sheet}");
            let versions = [0, 1].map(|at| sheet["lines"][at]["version"].as_i64().unwrap());
            assert_eq!(versions, [1, 1], "each line is written once, whoever came");
        }
    }
}
