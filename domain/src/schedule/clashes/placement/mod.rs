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
pub use suggestion::{Reason, Suggestion, best_slots, weigh};

use super::{Finding, Params, Rule, Severity, Span, snapshot::Session, view::View};
use jiff::{SignedDuration, Timestamp, ToSpan};

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
        Rule::GroupUnavailable => 200,
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

/// From the first to the last instant of the event's days. While they last, what is over is over: then it begins with
/// the next quarter of an hour. An event of the past is looked at as a whole, for whoever writes down what was.
fn event_span(view: View<'_>) -> Option<Span> {
    let (first, last) = view.snapshot.days?;
    let midnight = |day: jiff::civil::Date| view.snapshot.zone.to_timestamp(day.at(0, 0, 0, 0)).ok();
    let whole = Span::new(midnight(first)?, midnight(last.checked_add(1.day()).ok()?)?)?;
    let ahead = next_tick(whole.starts_at, view.snapshot.as_of).and_then(|from| Span::new(from, whole.ends_at));
    Some(ahead.unwrap_or(whole))
}

/// The first tick, counted from `origin`, that is not before `now`; none where that is before `origin`.
fn next_tick(origin: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let gone = now.duration_since(origin);
    if gone <= SignedDuration::ZERO {
        return None;
    }
    let ticks = (gone.as_secs() + TICK.as_secs() - 1) / TICK.as_secs();
    origin.checked_add(TICK.checked_mul(i32::try_from(ticks).ok()?)?).ok()
}
