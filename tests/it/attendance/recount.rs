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

/// Something that was sent: what, of which delegation, of which of its two people or of it as a whole, by whom.
struct Said {
    at: Timestamp,
    delegation: usize,
    who: Option<usize>,
    status: &'static str,
    staff: bool,
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
    fn last(&self, at: Timestamp, delegation: usize, who: Option<usize>, staff: bool) -> Option<&Said> {
        let mut known = self.said.iter().filter(|said| said.at <= at && said.delegation == delegation);
        let last = known.rfind(|said| said.who == who && said.staff == staff);
        last.filter(|said| said.status != "unknown")
    }

    fn believed(&self, at: Timestamp, delegation: usize, who: Option<usize>) -> Option<&Said> {
        self.last(at, delegation, who, true).or_else(|| self.last(at, delegation, who, false))
    }

    fn status(&self, at: Timestamp, delegation: usize) -> &'static str {
        if let Some(whole) = self.last(at, delegation, None, true) {
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
        match self.last(at, delegation, None, true) {
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
        match dice.roll(5) {
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
                world.said.push(Said { at, delegation, who: None, status, staff: true, named });
            }
            by => {
                let staff = by == 3;
                let who = dice.roll(2);
                let status = *dice.pick(if staff { &all[..] } else { &["present", "excused", "unknown"] });
                let mark = json!({"marks": [{"delegate_id": people[delegation][who], "status": status}]});
                let client = if staff { admin } else { &managers[delegation] };
                client.post(&marks, mark).await.expect(200);
                world.said.push(Said { at, delegation, who: Some(who), status, staff, named: None });
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
