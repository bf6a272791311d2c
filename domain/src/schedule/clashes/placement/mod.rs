//! Help with placing sessions. It proposes; people decide.
//!
//! [`best_slots`] weighs every place for one session by the findings it would bring, on the board itself. [`fill`]
//! searches places for all sessions that have none, on a model of the programme in quarters of an hour: `model` says
//! what it knows, `search` how it looks, `fill` what is made of it.

mod fill;
mod model;
mod search;
mod suggestion;

pub use fill::{Filled, Left, Move, fill};
pub use suggestion::{Reason, Suggestion, best_slots};

use super::{Finding, Params, Rule, Severity, Span, snapshot::Session, view::View};
use jiff::{SignedDuration, ToSpan};

/// Places are sought at full quarters of an hour.
const TICK: SignedDuration = SignedDuration::from_mins(15);

/// What a finding weighs against a place: 10 to 10,000. 0 where it would be there in any place.
fn penalty(finding: &Finding) -> u32 {
    if !depends_on_place(finding) {
        return 0;
    }
    match finding.severity {
        Severity::BlockEdit => 10_000,
        Severity::BlockRelease => 2_000,
        Severity::Warn => warning(finding.rule),
        Severity::Ignore => 0,
    }
}

fn depends_on_place(finding: &Finding) -> bool {
    let anyway = [Rule::Unplaced, Rule::Unconfirmed, Rule::AgendaOverflow, Rule::QuorumRisk];
    !anyway.contains(&finding.rule) && !matches!(finding.params, Params::Sitting { .. })
}

fn warning(rule: Rule) -> u32 {
    match rule {
        Rule::MustAttend => 500,
        Rule::PersonUnavailable | Rule::RoomFeature | Rule::Holiday | Rule::Observance | Rule::CrossEvent => 200,
        Rule::GroupConflictTopic | Rule::Buffer => 20,
        Rule::DelegationOverstretch | Rule::UnsociableRemote | Rule::DocDeadline => 50,
        _ => 100,
    }
}

/// How long `session` sits; `None` where nobody has said so.
fn length(session: &Session) -> Option<SignedDuration> {
    let planned =
        session.minutes.filter(|minutes| *minutes > 0).map(|minutes| SignedDuration::from_mins(minutes.into()));
    session.slot.map(Span::length).or(planned)
}

/// From the first to the last instant of the event's days.
fn event_span(view: View<'_>) -> Option<Span> {
    let (first, last) = view.snapshot.days?;
    let midnight = |day: jiff::civil::Date| view.snapshot.zone.to_timestamp(day.at(0, 0, 0, 0)).ok();
    Span::new(midnight(first)?, midnight(last.checked_add(1.day()).ok()?)?)
}
