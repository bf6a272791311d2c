//! Teams of interpreters for one language.

use jiff::SignedDuration;

use crate::{
    Language,
    schedule::clashes::{
        Finding, Params, Rule,
        fingerprint::Place,
        snapshot::Session,
        sweep::{Placed, crowds},
        view::{Clash, View},
    },
};

/// More sessions at once than there are teams, or so close to each other that no team could rest.
pub(in super::super) fn language(view: View<'_>, language: &Language, found: &mut Vec<Finding>) {
    if view.index.teams.is_empty() {
        return;
    }
    let available = view.index.teams.get(language).copied().unwrap_or_default();
    let placed = view.placed(view.index.of_language.of(language));
    for crowd in crowds(&placed, available as usize, SignedDuration::ZERO) {
        let wanted = u32::try_from(crowd.len()).unwrap_or(u32::MAX);
        report(view, crowd, Params::Teams { language: language.clone(), wanted, available }, found);
    }
    let minutes = view.settings.interpreter_rest_minutes;
    for crowd in crowds(&placed, available as usize, SignedDuration::from_mins(minutes.into())) {
        // Those that go on at once are too many whether anybody rests or not, and were told of above.
        if !at_once(&crowd) {
            let wanted = u32::try_from(crowd.len()).unwrap_or(u32::MAX);
            report(view, crowd, Params::Rest { language: language.clone(), wanted, available, minutes }, found);
        }
    }
}

fn at_once(crowd: &[Placed<'_>]) -> bool {
    let latest = crowd.iter().map(|one| one.slot.starts_at).max();
    let first = crowd.iter().map(|one| one.slot.ends_at).min();
    latest < first
}

fn report(view: View<'_>, mut crowd: Vec<Placed<'_>>, params: Params, found: &mut Vec<Finding>) {
    crowd.sort_unstable_by_key(|one| one.session.id);
    let sessions: Vec<&Session> = crowd.iter().map(|one| one.session).collect();
    let slots: Vec<_> = crowd.iter().map(|one| one.slot).collect();
    let shared = slots.iter().copied().try_fold(slots[0], |one, other| one.shared(other));
    let (spans, place) = match shared {
        Some(shared) => (vec![shared], Place::shared(shared, &sessions)),
        None => {
            let place = Place::spread(&crowd);
            (slots, place)
        }
    };
    view.report(found, Clash { rule: Rule::InterpTeam, sessions: &sessions, others: &[], spans, place, params });
}
