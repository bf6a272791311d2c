//! Quorum and "as of" answers against a naive recomputation, over random histories through the API.
//!
//! The recomputation reads the rules of `domain/src/attendance/{marks,quorum,rules}.rs` off the page, question by
//! question, from a list of what this test itself has sent.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::*;
use crate::on_both;

/// SplitMix64, so that a failure is found again.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) >> 33).unwrap() % sides
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

const CODES: [&str; 4] = ["PL", "CZ", "KR", "HU"];

/// Who says something, the weakest first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Own,
    Scan,
    Staff,
}

/// Something that was sent: what, of which delegation, of which of its two people or of it as a whole, by whom.
struct Said {
    at: Timestamp,
    delegation: usize,
    who: Option<usize>,
    status: &'static str,
    by: By,
    named: Option<usize>,
}

struct World {
    said: Vec<Said>,
    findings: Vec<(Timestamp, usize, &'static str)>,
    reported_at: Timestamp,
    online_counts: bool,
    voting_members: bool,
}

impl World {
    fn last(&self, at: Timestamp, delegation: usize, who: Option<usize>, by: By) -> Option<&Said> {
        let known = self.said.iter().filter(|said| said.at <= at && said.delegation == delegation);
        // What was told late is in its place by the time for which it was told; of two for one time the later word holds.
        let last = known.filter(|said| said.who == who && said.by == by).max_by_key(|said| said.at);
        last.filter(|said| said.status != "unknown")
    }

    fn believed(&self, at: Timestamp, delegation: usize, who: Option<usize>) -> Option<&Said> {
        [By::Staff, By::Scan, By::Own].into_iter().find_map(|by| self.last(at, delegation, who, by))
    }

    fn status(&self, at: Timestamp, delegation: usize) -> &'static str {
        if let Some(whole) = self.last(at, delegation, None, By::Staff) {
            return whole.status;
        }
        let people: Vec<_> = (0..2).filter_map(|who| self.believed(at, delegation, Some(who))).collect();
        let known = ["present", "online", "excused", "absent"];
        known.into_iter().find(|status| people.iter().any(|said| said.status == *status)).unwrap_or("unknown")
    }

    fn counts(&self, status: &str) -> bool {
        status == "present" || (status == "online" && self.online_counts)
    }

    /// The first of the two people of each delegation heads it and votes; the second is an expert and does not.
    fn has_voter(&self, at: Timestamp, delegation: usize) -> bool {
        let there = |who| self.believed(at, delegation, Some(who)).is_some_and(|said| self.counts(said.status));
        match self.last(at, delegation, None, By::Staff) {
            None => there(0),
            Some(whole) if !self.counts(whole.status) => false,
            Some(_) if there(0) => true,
            Some(whole) => match whole.named {
                Some(named) => named == 0,
                None => !there(1),
            },
        }
    }

    fn may_vote(&self, at: Timestamp, delegation: usize) -> bool {
        let found = self.findings.iter().rfind(|(when, of, _)| *when <= at && *of == delegation);
        match found.map_or("none", |found| found.2) {
            "none" | "provisional" => at < self.reported_at,
            _ => true,
        }
    }

    /// By the basis: Poland and Czechia are members, Czechia without a vote; Korea observes with a vote; Hungary left.
    fn quorum(&self, at: Timestamp) -> [usize; 3] {
        let entitled: &[usize] = if self.voting_members { &[0, 2] } else { &[0, 1] };
        let there = |delegation: &&usize| self.may_vote(at, **delegation) && self.has_voter(at, **delegation);
        // More than half of two is two.
        [entitled.len(), entitled.iter().filter(there).count(), 2]
    }
}

/// The door of the session, at which everybody has a badge.
struct Door {
    admin: Client,
    check_type: String,
    codes: Vec<[String; 2]>,
    scanned: std::cell::Cell<usize>,
}

impl Door {
    async fn open(server: &Server, seoul: &Seoul, sheet: &str, people: &[[String; 2]]) -> Self {
        let admin = seoul.admin.clone();
        let session = sheet.split('/').nth(1).unwrap();
        let gate = json!({
            "name": {"en": "Hall"}, "rule": "in_and_out", "session_id": session, "opens": "2019-01-01T00:00:00", "closes": "2100-01-01T00:00:00",
        });
        let check_type = admin.post("events/seoul-2019/check-types", gate).await.expect(201).id();
        super::door::approve_all(server, &seoul.event).await;
        admin.post("events/seoul-2019/badges", json!({})).await.expect(200);
        let mut codes = vec![];
        for pair in people {
            let code = async |id: &str| {
                let badge = admin.get(&format!("delegates/{id}/badge")).await.expect(200);
                badge.json["qr"].as_str().unwrap().to_owned()
            };
            codes.push([code(&pair[0]).await, code(&pair[1]).await]);
        }
        Self { admin, check_type, codes, scanned: std::cell::Cell::new(0) }
    }

    /// Scans somebody, and says whether they passed. Every scan is sent twice.
    async fn scan(
        &self,
        server: &Server,
        (delegation, who): (usize, usize),
        way: &str,
        at: Timestamp,
        told: bool,
    ) -> bool {
        self.scanned.set(self.scanned.get() + 1);
        let mut scan = json!({
            "nonce": self.scanned.get().to_string(), "check_type_id": self.check_type,
            "token": self.codes[delegation][who], "direction": way, "scanned_at": at.to_string(),
        });
        if told {
            scan["told"] = json!("ok");
        }
        let body = json!({"device": "Door", "sent_at": server.app.clock.now().to_string(), "scans": [scan]});
        let first = self.admin.post("events/seoul-2019/checks", body.clone()).await.expect(200);
        let again = self.admin.post("events/seoul-2019/checks", body).await.expect(200);
        assert_eq!(first.json["answers"], again.json["answers"]);
        first.json["answers"][0]["passed"].as_bool().unwrap()
    }
}

async fn history(server: &Server, seed: u64) {
    let mut dice = Dice(seed);
    let seoul = Seoul::new(server).await;
    let admin = &seoul.admin;
    let hungary = json!({"code": "HU", "kind": "state", "alpha2": "HU", "names": {"en": {"list": "Hungary"}}});
    let hungary = admin.post("organisations", hungary).await.expect(201).id();
    let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}});
    admin.post("groups", group).await.expect(201);
    admin.header("If-Match", "*").patch("events/seoul-2019", json!({"group_id": "cyber"})).await.expect(200);
    for (code, category, votes, until) in [
        ("PL", "member", true, Value::Null),
        ("CZ", "member", false, Value::Null),
        ("KR", "observer", true, Value::Null),
        ("HU", "member", true, json!("2019-10-01")),
    ] {
        let member = json!({"organisation_id": code, "category": category, "voting_right": votes, "valid_from": "2018-01-01", "valid_to": until});
        admin.post("groups/cyber/memberships", member).await.expect(201);
    }
    let mut delegations = vec![];
    let mut people = vec![];
    let mut managers = vec![];
    for code in CODES {
        let delegation = seoul.invite(code).await.id();
        admin.post(&format!("delegations/{delegation}/credentials"), json!({
            "kind": "note_verbale", "issuer": "foreign_ministry", "issued_on": "2019-09-30", "original_seen": true, "powers": ["vote"],
        })).await.expect(201);
        delegations.push(delegation);
        people.push([
            seoul.nominate(code, "Head", "head").await.id(),
            seoul.nominate(code, "Expert", "expert").await.id(),
        ]);
        managers.push(server.manager_of(if code == "HU" { hungary.as_str() } else { code }).await);
    }
    let sheet = seoul.session("participants").await;
    let door = Door::open(server, &seoul, &sheet, &people).await;
    let (marks, quorum) = (sheet.replace("attendance", "attendance-marks"), sheet.replace("attendance", "quorum"));
    let begin = server.app.clock.now();
    let mut world = World {
        said: vec![],
        findings: vec![],
        reported_at: begin + SignedDuration::from_mins(20),
        online_counts: dice.roll(2) == 0,
        voting_members: dice.roll(2) == 0,
    };
    let rules = json!({
        "committee_reported_at": world.reported_at.to_string(),
        "quorum": {
            "basis": if world.voting_members { "voting_members" } else { "members" },
            "comparison": "more_than", "numerator": 1, "denominator": 2, "online_counts": world.online_counts,
        },
    });
    admin.put("events/seoul-2019/rules", rules).await.expect(200);
    let all = ["present", "online", "excused", "absent", "unknown"];
    for _ in 0..40 {
        if dice.roll(3) > 0 {
            server.advance(SignedDuration::from_mins(1));
        }
        let at = server.app.clock.now();
        let delegation = dice.roll(CODES.len());
        match dice.roll(7) {
            0 => {
                let held = world.findings.iter().rfind(|found| found.1 == delegation).map_or("none", |found| found.2);
                let to = match held {
                    "none" => dice.pick(&["provisional", "in_due_form"]),
                    "provisional" => &"in_due_form",
                    _ => &"provisional",
                };
                let path = format!("delegations/{}/findings", delegations[delegation]);
                admin.post(&path, json!({ "to": to })).await.expect(200);
                world.findings.push((at, delegation, to));
            }
            1 | 2 => {
                let status = *dice.pick(&all);
                let there = status == "present" || status == "online";
                let named = Some(dice.roll(2)).filter(|_| there && dice.roll(2) == 0);
                let by = named.map(|named| people[delegation][named].clone());
                let line = json!({"lines": [{"delegation_id": delegations[delegation], "status": status, "represented_by": by}]});
                let line = if by.is_some() {
                    line
                } else {
                    json!({"lines": [{"delegation_id": delegations[delegation], "status": status}]})
                };
                admin.post(&sheet, line).await.expect(200);
                world.said.push(Said { at, delegation, who: None, status, by: By::Staff, named });
            }
            3 | 4 => {
                let who = dice.roll(2);
                let late = SignedDuration::from_mins(i64::try_from(dice.roll(6)).unwrap());
                let way = *dice.pick(&["in", "out"]);
                // A late one tells what a device did by itself; one of now may be refused.
                let told = !late.is_zero();
                if door.scan(server, (delegation, who), way, at - late, told).await {
                    let status = if way == "in" { "present" } else { "absent" };
                    world.said.push(Said {
                        at: at - late,
                        delegation,
                        who: Some(who),
                        status,
                        by: By::Scan,
                        named: None,
                    });
                }
            }
            by => {
                let staff = by == 5;
                let who = dice.roll(2);
                let status = *dice.pick(if staff { &all[..] } else { &["present", "excused", "unknown"] });
                let mark = json!({"marks": [{"delegate_id": people[delegation][who], "status": status}]});
                let client = if staff { admin } else { &managers[delegation] };
                client.post(&marks, mark).await.expect(200);
                world.said.push(Said {
                    at,
                    delegation,
                    who: Some(who),
                    status,
                    by: if staff { By::Staff } else { By::Own },
                    named: None,
                });
            }
        }
    }
    let end = server.app.clock.now();
    let mut at = begin - SignedDuration::from_mins(1);
    while at <= end {
        let counted = admin.get(&format!("{quorum}?as_of={at}")).await.expect(200).json;
        let figures =
            ["entitled", "present", "required"].map(|name| usize::try_from(counted[name].as_u64().unwrap()).unwrap());
        assert_eq!(figures, world.quorum(at), "quorum of seed {seed} as of {at}");
        let shown = admin.get(&format!("{sheet}?as_of={at}")).await.expect(200).json;
        for line in shown["lines"].as_array().unwrap() {
            let delegation = CODES.iter().position(|code| line["organisation_code"] == *code).unwrap();
            assert_eq!(line["status"], world.status(at, delegation), "{} of seed {seed} as of {at}", CODES[delegation]);
        }
        at += SignedDuration::from_mins(3);
    }
    let passed = admin.get("events/seoul-2019/checks?limit=200").await.expect(200).json;
    let passed = passed["items"].as_array().unwrap().iter().filter(|check| check["passed"] == true).count();
    let recorded = admin.get(&format!("{marks}?limit=200")).await.expect(200).json;
    let scanned = recorded["items"].as_array().unwrap().iter().filter(|mark| mark["source"] == "scan").count();
    assert_eq!((scanned, scanned > 0), (passed, true), "a mark for each who passed, and none for whoever did not");
    let live = admin.get(&sheet).await.expect(200).json;
    for line in live["lines"].as_array().unwrap() {
        let delegation = CODES.iter().position(|code| line["organisation_code"] == *code).unwrap();
        assert_eq!(line["status"], world.status(end, delegation), "{} of seed {seed} now", CODES[delegation]);
    }
}

on_both! {
    async fn the_first_random_history_counts_as_a_reader_of_the_rules_would(server) {
        history(&server, 1).await;
    }

    async fn the_second_random_history_counts_as_a_reader_of_the_rules_would(server) {
        history(&server, 2).await;
    }

    async fn the_third_random_history_counts_as_a_reader_of_the_rules_would(server) {
        history(&server, 3).await;
    }

    async fn the_fourth_random_history_counts_as_a_reader_of_the_rules_would(server) {
        history(&server, 4).await;
    }
}
