//! Random lives of a delegation through the API: the manager, the secretariat and an outsider do what comes to their minds,
//! and after every step everything is looked at again.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::json;

use super::{recount::Dice, *};
use crate::on_both;

const STEPS: usize = 120;
const PLACED: [&str; 4] = ["submitted", "under_review", "approved", "on_hold"];
const LIVE: [&str; 5] = ["nominated", "submitted", "under_review", "approved", "on_hold"];
const STATES: [&str; 8] =
    ["nominated", "submitted", "under_review", "approved", "on_hold", "rejected", "withdrawn", "substituted"];
/// What only the secretariat makes of delegates and delegations.
const OFFICIAL: [&str; 6] = ["under_review", "approved", "on_hold", "rejected", "confirmed", "closed"];
const WAYS: [&str; 2] = ["in_person", "online"];

/// Everything there is to see of the delegation, as the secretariat sees it.
#[derive(Clone, PartialEq, Debug)]
struct Picture {
    delegation: Value,
    delegates: BTreeMap<String, Value>,
    heads: Vec<Value>,
    places: BTreeMap<String, Value>,
}

impl Picture {
    fn ids(&self, fits: impl Fn(&Value) -> bool) -> Vec<String> {
        self.delegates.iter().filter(|(_, delegate)| fits(delegate)).map(|(id, _)| id.clone()).collect()
    }

    /// Who waits for places of this kind, and whether one is held for them.
    fn waiting(&self, way: &str) -> Vec<(String, bool)> {
        let waiting = self.places[way]["waiting"].as_array().unwrap().iter();
        waiting.map(|it| (it["delegate_id"].as_str().unwrap().to_owned(), it.get("offered_until").is_some())).collect()
    }

    fn number(&self, way: &str, member: &str) -> u64 {
        self.places[way][member].as_u64().unwrap_or(0)
    }
}

fn is(value: &Value, states: &[&str]) -> bool {
    states.contains(&value["state"].as_str().unwrap())
}

/// Where somebody would lead a delegate from there.
fn next(delegate: &Value) -> &'static [&'static str] {
    match delegate["state"].as_str().unwrap() {
        "nominated" => &["submitted"],
        "submitted" => &["under_review", "approved", "approved"],
        "under_review" | "on_hold" => &["approved", "approved", "rejected", "on_hold"],
        "approved" => &["withdrawn", "on_hold"],
        _ => &["under_review"],
    }
}

/// What of a delegate is looked at when they are approved.
fn identity(delegate: &Value) -> [Value; 3] {
    ["display_name", "name_on_id", "position"].map(|member| delegate.get(member).cloned().unwrap_or_default())
}

struct Life {
    server: Server,
    clients: [(&'static str, Client); 3],
    delegation: String,
    persons: Vec<String>,
    /// Who was approved, as what.
    approved: BTreeMap<String, [Value; 3]>,
    named: usize,
}

impl Life {
    async fn begin(server: Server) -> Self {
        let seoul = Seoul::new(&server).await;
        let invited = json!({"organisation_id": "PL", "quota": {"in_person": 3, "online": 1}});
        let delegation = seoul.admin.post("events/seoul-2019/delegations", invited).await.expect(201).id();
        seoul.confirmed("CZ", "Novák").await;
        let mut persons = vec![];
        for n in 0..9 {
            persons.push(seoul.person("PL", &format!("Person{n}")).await);
        }
        let ahead = seoul.session("participants").await;
        let head = seoul.nominate("PL", "Nowak", "head").await.id();
        seoul.admin.put(&format!("{ahead}/PL"), json!({"status": "unknown", "represented_by": head})).await;
        let secretariat = server.role(domain::access::Role::Secretariat).await;
        let clients = [
            ("secretariat", secretariat),
            ("manager", seoul.delegate(&server, "PL").await),
            ("outsider", seoul.delegate(&server, "CZ").await),
        ];
        Self { server, clients, delegation, persons, approved: BTreeMap::new(), named: 0 }
    }

    async fn look(&self) -> Picture {
        let staff = &self.clients[0].1;
        let read = async |path: String| staff.get(&path).await.expect(200).json;
        let list = read("events/seoul-2019/delegates?delegation=PL&limit=200".to_owned()).await;
        let places = read(format!("delegations/{}/places", self.delegation)).await;
        let by = |items: &Value, key: &str| {
            let each = items["items"].as_array().unwrap().iter();
            each.map(|item| (item[key].as_str().unwrap().to_owned(), item.clone())).collect()
        };
        Picture {
            delegation: read(format!("delegations/{}", self.delegation)).await,
            delegates: by(&list, "id"),
            heads: read(format!("delegations/{}/heads", self.delegation)).await["terms"].as_array().unwrap().clone(),
            places: by(&places, "participation"),
        }
    }

    /// Something that somebody may or may not be allowed to do: what it is, for whom, and the answer.
    async fn act(&mut self, dice: &mut Dice, seen: &Picture) -> (String, Answer) {
        let (who, client) = self.clients[*dice.pick(&[0, 0, 0, 1, 1, 1, 2])].clone();
        let client = client.at(&self.server).header("If-Match", "*");
        let all: Vec<String> = seen.delegates.keys().cloned().collect();
        let live = seen.ids(|it| is(it, &LIVE));
        let at_random = dice.roll(4) == 0;
        let any = dice.pick(if live.is_empty() || at_random { &all } else { &live }).clone();
        let delegate = format!("delegates/{any}");
        let delegation = format!("delegations/{}", self.delegation);
        let person = dice.pick(&self.persons).clone();
        let function = *dice.pick(&["representative", "adviser", "expert", "head", "deputy_head"]);
        let way = *dice.pick(&WAYS);
        let (what, answer) = match dice.roll(13) {
            0 | 1 => {
                let nomination =
                    json!({"delegation_id": "PL", "person_id": person, "function": function, "participation": way});
                ("name".to_owned(), client.post("events/seoul-2019/delegates", nomination).await)
            }
            2..=4 => {
                let to = *dice.pick(if at_random { &STATES } else { next(&seen.delegates[&any]) });
                let step = json!({"to": to, "reason": "A reason."});
                (format!("to {to}"), client.post(&format!("{delegate}/transitions"), step).await)
            }
            5 => {
                self.named += 1;
                let name = json!({"name_on_id": format!("Name {}", self.named)});
                (format!("new name of {any}"), client.patch(&delegate, name).await)
            }
            6 => {
                let change = dice
                    .pick(&[json!({"diet": "kosher"}), json!({"function": function}), json!({"participation": way})])
                    .clone();
                (format!("change of {any} {change}"), client.patch(&delegate, change).await)
            }
            7 => {
                self.named += 1;
                let name = json!({"family_name": format!("Name{}", self.named), "display_name": format!("Name{}", self.named)});
                ("rename".to_owned(), client.patch(&format!("persons/{person}"), name).await)
            }
            8 => {
                let later = self.server.app.clock.now() + SignedDuration::from_hours(5);
                let second = json!({"delegate_id": dice.pick(&all), "valid_from": later.to_string()});
                let first = seen.heads.first().map_or(json!(any), |term| term["delegate_id"].clone());
                (
                    "heads".to_owned(),
                    client
                        .put(&format!("{delegation}/heads"), json!({"terms": [{"delegate_id": first}, second]}))
                        .await,
                )
            }
            9 => {
                let ahead = client.get(&format!("{delegate}/commitments")).await;
                let sessions: Vec<Value> = ahead.json["items"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|it| it["session_id"].clone())
                    .filter(|id| !id.is_null())
                    .collect();
                let moves = json!({"headship": dice.roll(2) == 0, "session_ids": sessions});
                let substitute = json!({"person_id": person, "moves": moves});
                (format!("substitute for {any}"), client.post(&format!("{delegate}/substitution"), substitute).await)
            }
            10 => {
                let to = match seen.delegation["state"].as_str().unwrap() {
                    "invited" => "accepted",
                    "submitted" => *dice.pick(&["confirmed", "composing"]),
                    _ => *dice.pick(&["composing", "submitted"]),
                };
                (
                    format!("delegation to {to}"),
                    client.post(&format!("{delegation}/transitions"), json!({"to": to})).await,
                )
            }
            11 => {
                let mut waiting = seen.ids(|it| it["state"] == "nominated" && it["participation"] == way);
                let turned = if waiting.is_empty() { 0 } else { dice.roll(waiting.len()) };
                waiting.rotate_left(turned);
                let list = json!({"participation": way, "delegate_ids": waiting});
                (format!("rank {way}"), client.put(&format!("{delegation}/waiting-list"), list).await)
            }
            _ => {
                let quota = json!({"quota": {"in_person": 1 + dice.roll(3), "online": dice.roll(3)}});
                ("quota".to_owned(), client.patch(&delegation, quota).await)
            }
        };
        (format!("{who}: {what}"), answer)
    }

    /// What has to hold after every step, whoever took it.
    fn check(&mut self, what: &str, status: u16, before: &Picture, after: &Picture) {
        assert!(status < 500, "{what}: {status}");
        if status >= 400 {
            assert_eq!(before, after, "{what} was refused with {status} and changed something");
        }
        if status < 400 {
            assert!(!what.starts_with("outsider"), "{what}");
            let official = OFFICIAL.iter().any(|state| what.ends_with(&format!("to {state}")));
            assert!(!(what.starts_with("manager") && (official || what.ends_with("quota"))), "{what}");
        }
        self.check_heads(what, after);
        self.check_approvals(what, before, after);
        for way in WAYS {
            check_places(what, way, before, after);
        }
    }

    /// A delegation that was handed in is led by one of its people at every instant.
    fn check_heads(&self, what: &str, after: &Picture) {
        let leading = after.ids(|it| it["function"] == "head" && is(it, &LIVE));
        let handed_in = is(&after.delegation, &["submitted", "confirmed"]);
        assert!(leading.len() <= 1 && (!handed_in || leading.len() == 1), "{what}: led by {leading:?}");
        for (n, term) in after.heads.iter().enumerate() {
            assert_eq!(term.get("valid_from").is_none(), n == 0, "{what}: {:?}", after.heads);
            let ends =
                after.heads.get(n + 1).and_then(|next| next["valid_from"].as_str()?.parse::<jiff::Timestamp>().ok());
            let over = ends.is_some_and(|end| end <= self.server.app.clock.now());
            let head = &after.delegates[term["delegate_id"].as_str().unwrap()];
            assert!(over || is(head, &LIVE), "{what}: {head} is to lead");
        }
    }

    /// Nobody is approved as somebody else than who was looked at.
    fn check_approvals(&mut self, what: &str, before: &Picture, after: &Picture) {
        for (id, delegate) in &after.delegates {
            let was_approved = before.delegates.get(id).is_some_and(|it| it["state"] == "approved");
            if delegate["state"] == "approved" && !was_approved {
                assert!(what.ends_with("to approved"), "{what} approved {delegate}");
                self.approved.insert(id.clone(), identity(delegate));
            }
            if delegate["state"] == "approved" {
                assert_eq!(self.approved[id], identity(delegate), "{what}");
            }
            if was_approved && what.contains(&format!("change of {id}")) {
                let same = before.delegates[id]["function"] == delegate["function"];
                assert!(same || delegate["state"] != "approved", "{what}");
            }
        }
    }
}

/// No more hold places than there are, and nobody passes anybody on the waiting list.
fn check_places(what: &str, way: &str, before: &Picture, after: &Picture) {
    let taken = |picture: &Picture| picture.number(way, "held") + picture.number(way, "offered");
    let counted = after.ids(|it| is(it, &PLACED) && it["participation"] == way).len();
    assert_eq!(after.number(way, "held"), counted as u64, "{what}: {way}");
    // Fewer places than before leave those who hold one where they are.
    let most = after.number(way, "quota").max(taken(before));
    assert!(taken(after) <= most, "{what}: {} of {most} {way}", taken(after));
    let (was, is) = (before.waiting(way), after.waiting(way));
    if !what.ends_with(&format!("rank {way}")) {
        let stayed: Vec<&String> =
            was.iter().map(|(id, _)| id).filter(|id| is.iter().any(|(now, _)| now == *id)).collect();
        assert_eq!(stayed, is.iter().map(|(id, _)| id).collect::<Vec<_>>(), "{what}: the list of {way}");
    }
    let offered = |list: &[(String, bool)], id: &str| list.iter().any(|(it, offered)| it == id && *offered);
    let without: Vec<&String> = is.iter().map(|(id, _)| id).filter(|id| !offered(&was, id)).collect();
    let fresh: Vec<bool> = without.iter().map(|id| offered(&is, id)).collect();
    assert!(fresh.is_sorted_by(|one, next| one >= next), "{what}: {way} was offered past somebody: {is:?}");
}

async fn live(server: Server, seed: u64) {
    let mut dice = Dice(seed);
    let mut life = Life::begin(server).await;
    let mut seen = life.look().await;
    let mut done = 0;
    for _ in 0..STEPS {
        if dice.roll(10) == 0 {
            life.server.advance(SignedDuration::from_hours(i64::try_from(dice.roll(60)).unwrap()));
            while api::jobs::run_next(&life.server.app).await {}
            let after = life.look().await;
            life.check("time: passes", 200, &seen, &after);
            seen = after;
        }
        let (what, answer) = life.act(&mut dice, &seen).await;
        let after = life.look().await;
        life.check(&what, answer.status.as_u16(), &seen, &after);
        done += usize::from(answer.status.is_success());
        seen = after;
        let outsider = &life.clients[2].1;
        outsider.get(&format!("delegations/{}/places", life.delegation)).await.expect(404);
    }
    assert!(done > STEPS / 6, "{done} of {STEPS} steps came to something");
}

on_both! {
    async fn the_first_random_life_keeps_every_rule(server) {
        live(server, 11).await;
    }

    async fn the_second_random_life_keeps_every_rule(server) {
        live(server, 12).await;
    }

    async fn the_third_random_life_keeps_every_rule(server) {
        live(server, 13).await;
    }

    async fn the_fourth_random_life_keeps_every_rule(server) {
        live(server, 14).await;
    }
}
