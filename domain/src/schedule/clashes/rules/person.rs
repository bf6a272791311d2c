//! One person in several sessions.

use jiff::SignedDuration;

use super::by_id;
use crate::{
    identifier::PersonId,
    schedule::clashes::{
        Finding, Params, Party, Rule, Subject,
        fingerprint::Place,
        snapshot::{Session, Weight},
        sweep::{Placed, close_pairs},
        view::{Clash, View},
    },
};

/// Overlapping duties, too short walks, absences and commitments elsewhere of one person. What is optional is no duty.
pub(in super::super) fn person(view: View<'_>, id: PersonId, found: &mut Vec<Finding>) {
    let placed = view.placed(view.index.of_person.of(&id));
    let reach = SignedDuration::from_mins(view.index.walks.longest().into());
    close_pairs(&placed, reach, |earlier, later| pair(view, id, earlier, later, found));
    let has_to = |session: &Session| session.weight(id).is_some_and(Weight::is_required);
    view.check_times(Party::Person(id), &placed, has_to, found);
}

fn pair(view: View<'_>, id: PersonId, earlier: Placed<'_>, later: Placed<'_>, found: &mut Vec<Finding>) {
    let sessions = by_id(earlier.session, later.session);
    if let Some(shared) = earlier.slot.shared(later.slot) {
        let [Some(one), Some(other)] = sessions.map(|session| session.weight(id)) else { return };
        view.report(
            found,
            Clash {
                rule: overlap(one, other),
                sessions: &sessions,
                others: &[Subject::Person(id)],
                spans: vec![shared],
                place: Place::shared(shared, &sessions),
                params: Params::Duties { weights: [one, other], minutes: shared.minutes() },
            },
        );
        return;
    }
    let (Some(from), Some(to)) = (view.room_of(earlier.session), view.room_of(later.session)) else { return };
    let needed = view.index.walks.between(from, to);
    let gap = later.slot.starts_at.duration_since(earlier.slot.ends_at);
    if gap < SignedDuration::from_mins(needed.into()) {
        view.report(
            found,
            Clash {
                rule: Rule::Buffer,
                sessions: &sessions,
                others: &[Subject::Person(id)],
                spans: sessions.iter().filter_map(|session| session.slot).collect(),
                place: Place::between(earlier, later),
                params: Params::Gap { minutes: gap.as_mins(), needed },
            },
        );
    }
}

/// Who chairs, heads or speaks in one and has to be in the other cannot be in two places; who is only invited to one of
/// them may choose.
fn overlap(one: Weight, other: Weight) -> Rule {
    let grave = (one.is_high() || other.is_high()) && one.is_required() && other.is_required();
    if grave { Rule::PersonOverlapChair } else { Rule::PersonOverlap }
}
