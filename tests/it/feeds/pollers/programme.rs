//! What a calendar is to hold, told in plain Rust from the rules in `docs/API-DESIGN.md` and without a look at the SQL
//! behind feeds: the programme as whoever plans it reads it through the API, and the rules of who sees what of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{super::readers::Seen, history::Meeting};
use crate::support::Client;

/// Through whose eyes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Eyes {
    /// Anybody's.
    #[default]
    Everybody,
    /// Those of the secretariat.
    Staff,
    /// The same, as long as the key has not been ended.
    Ended,
    /// Those of whoever manages the delegation that comes to the first event, or not.
    Manager,
}

/// Of what.
#[derive(Debug, Clone, Copy)]
pub enum Object {
    /// One of the events.
    Event(usize),
    /// The group.
    Group,
}

/// What a subscriber asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub eyes: Eyes,
    pub polish: bool,
    /// Titles and times only.
    pub bare: bool,
    /// Only that the time is taken.
    pub busy: bool,
    pub without_cancelled: bool,
}

/// The two events with their sessions, and what decides who sees them.
pub struct Programme {
    events: Vec<Value>,
    sessions: Vec<(usize, Value)>,
    group: String,
    comes: bool,
    key_ended: bool,
}

impl Programme {
    /// As it stands.
    pub async fn read(admin: &Client, meeting: &Meeting) -> Self {
        let (mut events, mut sessions) = (vec![], vec![]);
        for at in 0..2 {
            let code = meeting.event(at);
            events.push(admin.get(&format!("events/{code}")).await.expect(200).json);
            let list = admin.get(&format!("sessions?limit=200&event={code}")).await.expect(200);
            assert!(list.json.get("next_cursor").is_none_or(Value::is_null));
            sessions.extend(list.json["items"].as_array().unwrap().iter().map(|session| (at, session.clone())));
        }
        let group = admin.get(&format!("groups/{}", meeting.code("group"))).await.expect(200).id();
        Self { events, sessions, group, comes: meeting.comes(), key_ended: meeting.key_ended }
    }

    /// The entries that a calendar holds, by start and by the number of the session, each with the version of what it
    /// speaks of; none where there is no calendar.
    pub fn calendar(&self, object: Object, wanted: Wanted) -> Option<Vec<(Seen, i64)>> {
        match (wanted.eyes, object) {
            (Eyes::Everybody, Object::Event(at)) if !self.sees_event(wanted.eyes, at) => return None,
            (Eyes::Ended, _) if self.key_ended => return None,
            _ => {}
        }
        let of_group = |value: &Value| word(value, "group_id") == self.group;
        let mut held = vec![];
        for (at, event) in self.events.iter().enumerate() {
            let own = match object {
                Object::Event(own) => own == at,
                Object::Group => of_group(event),
            };
            if own && self.sees_event(wanted.eyes, at) {
                held.extend(whole_days(event, wanted).map(|seen| (0, seen, version(event))));
            }
        }
        for (at, session) in &self.sessions {
            let event = &self.events[*at];
            let own = match object {
                Object::Event(own) => own == *at,
                Object::Group => of_group(session) || of_group(event),
            };
            if own && self.sees_session(wanted.eyes, *at, session) {
                held.extend(sitting(event, session, wanted).map(|seen| (number(session), seen, version(session))));
            }
        }
        let key = |number: i64, seen: &Seen| (seen.start.clone(), number, seen.uid.clone());
        held.sort_by_key(|(number, seen, _)| key(*number, seen));
        Some(held.into_iter().map(|(_, seen, version)| (seen, version)).collect())
    }

    fn sees_event(&self, eyes: Eyes, at: usize) -> bool {
        self.opens(eyes, at, &self.events[at])
    }

    fn sees_session(&self, eyes: Eyes, at: usize, session: &Value) -> bool {
        let told = session["announced"] == true && word(session, "state") != "draft";
        told && session.get("start").is_some() && self.sees_event(eyes, at) && self.opens(eyes, at, session)
    }

    /// Whether an event or a session of it is for these eyes. What has a narrower label than amber is in no calendar.
    fn opens(&self, eyes: Eyes, at: usize, value: &Value) -> bool {
        let narrow = matches!(word(value, "tlp"), "amber_strict" | "red");
        let within = match (eyes, word(value, "visibility")) {
            (_, "public") | (Eyes::Staff | Eyes::Ended, _) | (Eyes::Manager, "signed_in") => true,
            (Eyes::Manager, "participants") => self.comes && at == 0,
            _ => false,
        };
        within && !narrow && (eyes != Eyes::Everybody || word(value, "tlp") == "clear")
    }
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn version(value: &Value) -> i64 {
    value["version"].as_i64().unwrap()
}

fn number(session: &Value) -> i64 {
    session["number"].as_i64().unwrap()
}

/// The entry of an event. It takes no time, so there is none where only that is told, nor where its label lets nothing
/// else be told.
fn whole_days(event: &Value, wanted: Wanted) -> Option<Seen> {
    let status = match word(event, "state") {
        "idea" => return None,
        "tentative" => "TENTATIVE",
        "cancelled" => "CANCELLED",
        _ => "CONFIRMED",
    };
    let hidden = wanted.busy || word(event, "tlp") == "amber" || (wanted.without_cancelled && status == "CANCELLED");
    if hidden {
        return None;
    }
    let last: jiff::civil::Date = word(event, "ends_on").parse().unwrap();
    Some(Seen {
        uid: format!("event-{}@plenum", word(event, "id")),
        summary: called(&title(event, wanted), status, wanted),
        start: word(event, "starts_on").to_owned(),
        end: last.tomorrow().unwrap().to_string(),
        status: status.to_owned(),
        // Not told by the API; see how subscribers compare.
        sequence: 0,
        location: (!wanted.bare).then(|| event["city"]["name"]["en"].as_str().unwrap().to_owned()),
    })
}

/// The entry of a session. Of an amber one nothing but its time is told.
fn sitting(event: &Value, session: &Value, wanted: Wanted) -> Option<Seen> {
    let status = match (word(session, "state"), word(event, "state")) {
        ("held", _) => "CONFIRMED",
        ("cancelled", _) | (_, "cancelled") => "CANCELLED",
        (_, "announced" | "running" | "closed") => "CONFIRMED",
        _ => "TENTATIVE",
    };
    if wanted.without_cancelled && status == "CANCELLED" {
        return None;
    }
    let amber = word(session, "tlp") == "amber";
    let name = match (wanted.busy, amber, wanted.polish) {
        (true, ..) => "Busy".to_owned(),
        (false, true, false) => "Busy – restricted session".to_owned(),
        (false, true, true) => "Zajęte – sesja zastrzeżona".to_owned(),
        (false, false, _) => title(session, wanted),
    };
    let full = !(wanted.bare || wanted.busy || amber);
    Some(Seen {
        uid: format!("session-{}@plenum", word(session, "id")),
        summary: called(&name, status, wanted),
        start: word(&session["start"], "utc").to_owned(),
        end: word(&session["end"], "utc").to_owned(),
        status: status.to_owned(),
        sequence: u32::try_from(session["sequence"].as_u64().unwrap()).unwrap(),
        location: full.then(|| word(session, "location").to_owned()),
    })
}

/// In Polish if it is wanted and there is any, else in English, without the white space around it.
fn title(value: &Value, wanted: Wanted) -> String {
    let polish = value["title"]["pl"].as_str().filter(|_| wanted.polish);
    polish.unwrap_or_else(|| value["title"]["en"].as_str().unwrap()).trim().to_owned()
}

fn called(name: &str, status: &str, wanted: Wanted) -> String {
    match (status, wanted.polish) {
        ("CANCELLED", true) => format!("Odwołane: {name}"),
        ("CANCELLED", false) => format!("Cancelled: {name}"),
        _ => name.to_owned(),
    }
}

/// The versions by UID.
pub fn versions(held: &[(Seen, i64)]) -> BTreeMap<String, i64> {
    held.iter().map(|(seen, version)| (seen.uid.clone(), *version)).collect()
}
