//! What a scenario consists of, as its file says it: the same objects the API takes.

use domain::{
    attendance::{DutyDetails, Invitation, RulesOfProcedure},
    events::{Details as Event, Room, State},
    groups::{Group, Membership},
    identifier::Handle,
    organisations::Organisation,
    schedule::{Arrangements, Details as Session, NewSitting, RequestDetails, agenda, poll},
};
use serde::Deserialize;

use super::Scenario;

/// A scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Of the sequence that names its people.
    pub seed: u64,
    /// Organisations beyond the catalogue.
    pub organisations: Vec<Organisation>,
    /// Groups, parents first.
    pub groups: Vec<Group>,
    /// Organisations in groups.
    pub memberships: Vec<Member>,
    /// Roles in groups; their holders are made up.
    pub roles: Vec<Office>,
    /// Rooms.
    pub rooms: Vec<Room>,
    /// Events with all that belongs to them.
    pub events: Vec<Occasion>,
}

impl Data {
    /// Reads the scenario's file.
    pub fn of(scenario: Scenario) -> Result<Self, serde_json::Error> {
        let file = match scenario {
            Scenario::Seoul => include_str!("seoul.json"),
            Scenario::Hanoi => include_str!("hanoi.json"),
            Scenario::Border => include_str!("border.json"),
            Scenario::Safety => include_str!("safety.json"),
            Scenario::Marrakesh => include_str!("marrakesh.json"),
        };
        serde_json::from_str(file)
    }
}

/// An organisation in a group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The group.
    pub group: Handle,
    /// What the API takes.
    pub membership: Membership,
}

/// A role somebody holds in a group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// The group.
    pub group: Handle,
    /// What the API takes, without the person.
    pub role: serde_json::Map<String, serde_json::Value>,
}

/// An event with its programme, delegations and statements.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occasion {
    /// The event.
    pub event: Event,
    /// The states it goes through.
    pub states: Vec<State>,
    /// Its sessions.
    pub sessions: Vec<Sitting>,
    /// Its own rules of procedure, if it has any.
    #[serde(default)]
    pub rules: Option<RulesOfProcedure>,
    /// What its host arranges, if anything was said of that.
    #[serde(default)]
    pub arrangements: Option<Arrangements>,
    /// What is asked for and planned while it is prepared.
    #[serde(default)]
    pub preparation: Option<Preparation>,
    /// Its delegations; each gets a head and, where the event was held, is confirmed.
    pub delegations: Vec<Invitation>,
    /// Whether states send whole delegations and not their heads alone.
    #[serde(default)]
    pub whole_delegations: bool,
    /// Its statements.
    pub statements: Vec<Text>,
}

impl Occasion {
    /// Whether it took place; otherwise it is still ahead, and delegations are being composed.
    pub fn was_held(&self) -> bool {
        self.states.contains(&State::Running)
    }
}

/// A session and who came.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sitting {
    /// The session.
    pub session: Session,
    /// The share of delegations that were present, 0 to 1; none where attendance is not taken.
    #[serde(default)]
    pub attendance: Option<f64>,
}

/// What is asked for and planned while an event is prepared; sessions are named by their ids in the system `demo`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preparation {
    /// Further sittings of its sessions.
    pub sittings: Vec<Further>,
    /// Agendas.
    pub agendas: Vec<Business>,
    /// Who has a part in which session.
    pub duties: Vec<Task>,
    /// Polls of dates.
    pub polls: Vec<poll::Details>,
    /// What groups ask for; the secretariat has not decided yet.
    pub requests: Vec<RequestDetails>,
}

/// A further sitting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Further {
    /// The session.
    pub session: String,
    /// What the API takes.
    pub sitting: NewSitting,
}

/// The agenda of a session.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    /// The session.
    pub session: String,
    /// Its items in their order.
    pub items: Vec<agenda::Details>,
}

/// A duty.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The session.
    pub session: String,
    /// Who has it, by the id in the system `demo`, if it is a person.
    #[serde(default)]
    pub person: Option<String>,
    /// What the API takes, without the person.
    pub duty: DutyDetails,
}

/// A statement and how far it got.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The statement, as the API takes it.
    pub statement: serde_json::Value,
    /// The session it was adopted in, by its id in the system `demo`.
    pub session: String,
    /// Whether it was adopted.
    pub adopted: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_can_be_read_and_is_sound() {
        for scenario in Scenario::ALL {
            let data = Data::of(*scenario).unwrap();
            data.organisations.iter().for_each(|organisation| organisation.check().unwrap());
            data.groups.iter().for_each(|group| group.check().unwrap());
            data.rooms.iter().for_each(|room| room.check().unwrap());
            data.events.iter().for_each(|occasion| occasion.event.check().unwrap());
        }
    }

    #[test]
    fn forty_six_states_came_to_seoul_and_179_to_marrakesh() {
        let came = |scenario| Data::of(scenario).unwrap().events[0].delegations.len();
        assert_eq!((came(Scenario::Seoul), came(Scenario::Marrakesh)), (46, 179));
    }
}
