//! What the rules find, by hand and against a second implementation.

mod brute;
mod examples;
mod examples_of_groups;
mod placement;
mod properties;
mod random;
mod readers;
mod waivers;

use uuid::Uuid;

use super::*;
use crate::{
    Language, Text,
    identifier::{DelegationId, GroupId, PersonId, RoomId, SessionId},
    schedule::Kind,
};

/// An instant of June 2026, in UTC: "8 09:00". The 8th is a Monday.
fn at(text: &str) -> jiff::Timestamp {
    let (day, time) = text.split_once(' ').unwrap();
    format!("2026-06-{day:0>2}T{time}:00Z").parse().unwrap()
}

/// "8 09:00-10:30", or "8 22:00-9 02:00".
fn span(text: &str) -> Span {
    let (from, to) = text.split_once('-').unwrap();
    let day = from.split(' ').next().unwrap();
    let to = if to.contains(' ') { to.to_owned() } else { format!("{day} {to}") };
    Span::new(at(from), at(&to)).unwrap()
}

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn named(name: &str) -> Text {
    Text::one(Language::english(), name)
}

/// Session `number`, a meeting of no group, at that time.
fn sits(number: u128, when: &str) -> Session {
    let number_said = i32::try_from(number).unwrap();
    Session { slot: Some(span(when)), ..Session::new(id(number), number_said, Kind::GroupMeeting) }
}

fn in_room(room: u128, session: Session) -> Session {
    Session { room: Some(id(room)), ..session }
}

fn with(person: u128, weight: Weight, mut session: Session) -> Session {
    session.duties.push(Duty { person: id(person), weight, confirmed: true });
    session
}

fn expecting(delegations: &[u128], mut session: Session) -> Session {
    let expected = |number: &u128| Expected { delegation: id(*number), head_listed: false };
    session.expected.extend(delegations.iter().map(expected));
    session
}

fn room(number: u128) -> Room {
    Room::new(id(number))
}

fn programme(sessions: impl IntoIterator<Item = Session>) -> Snapshot {
    Snapshot { sessions: sessions.into_iter().collect(), as_of: at("1 12:00"), ..Snapshot::default() }
}

fn found(snapshot: &Snapshot) -> Vec<Finding> {
    evaluate(snapshot, &Settings::default())
}

/// The one thing found.
#[track_caller]
fn only(snapshot: &Snapshot) -> Finding {
    let found = found(snapshot);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.into_iter().next().unwrap()
}

#[track_caller]
fn nothing(snapshot: &Snapshot) {
    assert_eq!(found(snapshot), []);
}

/// Rule, subjects, spans and params of a finding.
fn said(finding: &Finding) -> (Rule, &[Subject], &[Span], &Params) {
    (finding.rule, &finding.subjects, &finding.spans, &finding.params)
}

fn s(number: u128) -> Subject {
    Subject::Session(id::<SessionId>(number))
}

fn r(number: u128) -> Subject {
    Subject::Room(id::<RoomId>(number))
}

fn p(number: u128) -> Subject {
    Subject::Person(id::<PersonId>(number))
}

fn d(number: u128) -> Subject {
    Subject::Delegation(id::<DelegationId>(number))
}

fn g(number: u128) -> Subject {
    Subject::Group(id::<GroupId>(number))
}
