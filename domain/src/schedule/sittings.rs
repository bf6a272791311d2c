//! Sessions of several sittings: a meeting of two days is one session that sits four times, on whatever days.
//!
//! The first sitting leads. It says what all of them share; every sitting has a time, a room and a length of its own, is
//! called off by itself, and has an entry of its own in calendars. Agenda, duties and what a group asked for are those
//! of the session, so of the sitting that leads.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Details, Placement, Requirements, Sitting, plan::differing};
use crate::{
    Violation,
    external::ExternalId,
    identifier::{Handle, SessionId},
    schedule::clashes::{Order, Relation},
};

/// A further sitting of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSitting {
    /// When it sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// Where it sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<Handle>,
    /// How many minutes it is meant to sit, while it has no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_080))]
    pub planned_minutes: Option<i32>,
    /// Its ids in partner systems.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub external_ids: Vec<ExternalId>,
}

impl Details {
    /// A further sitting of the session `id`, of which this is said.
    pub fn further(&self, id: SessionId, own: NewSitting) -> Self {
        let requirements = Requirements { planned_minutes: own.planned_minutes, ..self.requirements.clone() };
        Self {
            sitting_of: Some(id),
            placement: own.placement,
            room_id: own.room_id,
            requirements,
            external_ids: own.external_ids,
            ..self.clone()
        }
    }

    /// This sitting as one of the session of which `leading` is said: with what all sittings share from there.
    pub fn as_sitting_of(&self, leading: &Self) -> Self {
        let planned_minutes = self.requirements.planned_minutes;
        Self {
            sitting_of: self.sitting_of,
            placement: self.placement.clone(),
            room_id: self.room_id.clone(),
            requirements: Requirements { planned_minutes, ..leading.requirements.clone() },
            external_ids: self.external_ids.clone(),
            ..leading.clone()
        }
    }

    /// Refuses what says of a further sitting what only its session says; `before` is what was said until now. Both are
    /// in their final form.
    pub fn check_shared(&self, before: &Self) -> Result<(), Vec<Violation>> {
        if self.sitting_of != before.sitting_of {
            let detail = "A sitting stays with its session. Delete it, and add a sitting to the other session.";
            return Err(vec![Violation::new("/sitting_of", "sitting_is_fixed", detail)]);
        }
        let Some(leading) = self.sitting_of else { return Ok(()) };
        let faults: Vec<_> = differing(self, &self.as_sitting_of(before))?
            .into_iter()
            .map(|(member, _)| {
                let detail = format!("All sittings share this. Say it of the session they belong to: {leading}.");
                Violation::new(format!("/{member}"), "said_of_the_session", detail)
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// The session of which this is said with the id `id`: the one that leads.
    pub fn leading(&self, id: SessionId) -> SessionId {
        self.sitting_of.unwrap_or(id)
    }
}

/// Which sessions have several sittings, and which those are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sittings {
    /// The sittings of each of them, the one that leads among them, in their order: by start, or by number while one has
    /// no time.
    of: HashMap<SessionId, Vec<SessionId>>,
}

impl Sittings {
    /// Those among `sessions`.
    pub fn of<'s>(sessions: impl IntoIterator<Item = (SessionId, &'s Sitting)>) -> Self {
        let mut of: HashMap<SessionId, BTreeMap<_, _>> = HashMap::new();
        for (id, sitting) in sessions {
            let key = (sitting.slot.map(|slot| slot.starts_at), sitting.number);
            of.entry(sitting.details.leading(id)).or_default().insert(key, id);
        }
        let several = of.into_iter().filter(|(_, sittings)| sittings.len() > 1);
        let ordered = several.map(|(leading, sittings)| {
            let mut ordered: Vec<_> = sittings.into_iter().collect();
            if ordered.iter().any(|((start, _), _)| start.is_none()) {
                ordered.sort_unstable_by_key(|((_, number), _)| *number);
            }
            (leading, ordered.into_iter().map(|(_, id)| id).collect())
        });
        Self { of: ordered.collect() }
    }

    /// The sittings of the session that `leading` leads: itself, where it has no others.
    pub fn of_session(&self, leading: SessionId) -> Vec<SessionId> {
        self.of.get(&leading).cloned().unwrap_or_else(|| vec![leading])
    }

    /// That the sittings of one session follow each other.
    pub fn order(&self) -> Vec<Relation> {
        let mut sessions: Vec<_> = self.of.iter().collect();
        sessions.sort_unstable();
        let pairs = sessions.into_iter().flat_map(|(_, sittings)| {
            sittings
                .iter()
                .enumerate()
                .flat_map(|(at, later)| sittings[..at].iter().map(move |earlier| (*earlier, *later)))
        });
        pairs.map(|(earlier, later)| Relation { earlier, later, order: Order::After }).collect()
    }

    /// A wish about two sessions as one about their sittings: every sitting of the later comes after every one of the
    /// earlier; the day after, and closely after, is the first of the later after the last of the earlier.
    pub fn wish(&self, wish: Relation) -> Vec<Relation> {
        let (earlier, later) = (self.of_session(wish.earlier), self.of_session(wish.later));
        let (earlier, later) = match wish.order {
            Order::After | Order::FreeDay | Order::OtherDay => (&earlier[..], &later[..]),
            Order::NextDay | Order::Adjacent => (&earlier[earlier.len() - 1..], &later[..1]),
        };
        let pairs = earlier.iter().flat_map(|one| later.iter().map(move |other| (*one, *other)));
        pairs.map(|(earlier, later)| Relation { earlier, later, ..wish }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::State;

    fn id(number: u128) -> SessionId {
        SessionId(uuid::Uuid::from_u128(number))
    }

    fn details(said: serde_json::Value) -> Details {
        let mut all = serde_json::json!({"event_id": "x-2030", "kind": "group_meeting", "title": {"en": "Drafting"}});
        all.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    fn sitting(number: i32, of: Option<SessionId>, start: Option<&str>) -> Sitting {
        let slot = start.map(|start| {
            let starts_at: jiff::Timestamp = start.parse().unwrap();
            let local = jiff::tz::TimeZone::UTC.to_datetime(starts_at);
            crate::schedule::Slot { starts_local: local, ends_local: local, starts_at, ends_at: starts_at }
        });
        Sitting {
            details: Details { sitting_of: of, ..details(serde_json::json!({})) },
            number,
            state: State::Draft,
            announced: false,
            cancel_reason: None,
            sequence: 0,
            slot,
        }
    }

    #[test]
    fn a_further_sitting_has_time_room_length_and_ids_of_its_own_and_shares_the_rest() {
        let leading = details(serde_json::json!({
            "description": {"en": "Of the text"}, "requirements": {"planned_minutes": 180, "layout": "u_shape"},
            "external_ids": [{"system": "old", "id": "1"}],
        }));
        let own = NewSitting { planned_minutes: Some(90), ..NewSitting::default() };
        let further = leading.further(id(1), own);
        assert_eq!(further.sitting_of, Some(id(1)));
        assert_eq!((further.requirements.planned_minutes, further.external_ids.len()), (Some(90), 0));
        assert_eq!(
            (&further.description, further.requirements.layout),
            (&leading.description, leading.requirements.layout)
        );
        let moved = Details { room_id: Some(Handle::from("hall".to_owned())), ..further.clone() };
        assert_eq!(moved.check_shared(&further), Ok(()));

        let otherwise = details(serde_json::json!({"title": {"en": "Plenary"}, "sitting_of": id(1).0}));
        let faults = otherwise.check_shared(&further).unwrap_err();
        let mut pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/description", "/requirements", "/title"]);
        let elsewhere = Details { sitting_of: Some(id(2)), ..further.clone() };
        assert_eq!(elsewhere.check_shared(&further).unwrap_err()[0].code, "sitting_is_fixed");
    }

    #[test]
    fn sittings_follow_each_other_by_their_times_and_by_their_numbers_while_one_has_none() {
        let (first, second, evening) = (
            sitting(1, None, Some("2030-05-06T07:00:00Z")),
            sitting(2, Some(id(1)), Some("2030-05-07T07:00:00Z")),
            sitting(3, Some(id(1)), Some("2030-05-06T17:00:00Z")),
        );
        let alone = sitting(4, None, None);
        let all = [(id(1), &first), (id(2), &second), (id(3), &evening), (id(4), &alone)];
        let sittings = Sittings::of(all);
        assert_eq!(sittings.of_session(id(1)), [id(1), id(3), id(2)]);
        assert_eq!(sittings.of_session(id(4)), [id(4)]);
        let after = |earlier, later| Relation { earlier: id(earlier), later: id(later), order: Order::After };
        assert_eq!(sittings.order(), [after(1, 3), after(1, 2), after(3, 2)]);

        let unplaced = sitting(2, Some(id(1)), None);
        let sittings = Sittings::of([(id(1), &first), (id(2), &unplaced), (id(3), &evening)]);
        assert_eq!(sittings.of_session(id(1)), [id(1), id(2), id(3)]);
    }

    #[test]
    fn a_wish_about_a_session_is_one_about_its_sittings() {
        let (first, last) =
            (sitting(1, None, Some("2030-05-06T07:00:00Z")), sitting(2, Some(id(1)), Some("2030-05-07T07:00:00Z")));
        let sittings = Sittings::of([(id(1), &first), (id(2), &last)]);
        let wish = |order| Relation { earlier: id(1), later: id(9), order };
        assert_eq!(sittings.wish(wish(Order::After)).len(), 2);
        assert_eq!(
            sittings.wish(wish(Order::NextDay)),
            [Relation { earlier: id(2), later: id(9), order: Order::NextDay }]
        );
        let before = Relation { earlier: id(9), later: id(1), order: Order::Adjacent };
        assert_eq!(sittings.wish(before), [before]);
    }
}
