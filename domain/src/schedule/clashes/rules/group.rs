//! What was declared: conflicts between groups, people who must be able to go to both, wishes about order.

use jiff::{SignedDuration, civil::Date};

use super::by_id;
use crate::{
    identifier::GroupId,
    schedule::clashes::{
        Finding, Order, Params, Relation, Rule, Subject,
        fingerprint::Place,
        snapshot::{Conflict, MustAttend, Session, Tier},
        sweep::{Placed, close_pairs},
        view::{Clash, View},
    },
};

/// Sessions of two groups at the same time. A joint session of both is none; two sessions, each of either, are.
pub(in super::super) fn conflict(view: View<'_>, conflict: Conflict, found: &mut Vec<Finding>) {
    let [one, other] = conflict.groups;
    let mut places = [view.index.of_group.of(&one), view.index.of_group.of(&other)].concat();
    places.sort_unstable();
    places.dedup();
    let mut others = vec![Subject::Group(one), Subject::Group(other)];
    others.dedup();
    let rule = match conflict.tier {
        Tier::Chair => Rule::GroupConflictChair,
        Tier::Key => Rule::GroupConflictKey,
        Tier::Topic => Rule::GroupConflictTopic,
    };
    close_pairs(&view.placed(&places), SignedDuration::ZERO, |earlier, later| {
        let crossed = |group: GroupId, against: GroupId| {
            earlier.session.groups.contains(&group) && later.session.groups.contains(&against)
        };
        let shared = earlier.slot.shared(later.slot).filter(|_| crossed(one, other) || crossed(other, one));
        let Some(shared) = shared else { return };
        let sessions = by_id(earlier.session, later.session);
        view.report(
            found,
            Clash {
                rule,
                sessions: &sessions,
                others: &others,
                spans: vec![shared],
                place: Place::shared(shared, &sessions),
                params: Params::Overlap { minutes: shared.minutes() },
            },
        );
    });
}

/// Somebody who must be able to go to two sessions that overlap.
pub(in super::super) fn must_attend(view: View<'_>, wish: MustAttend, found: &mut Vec<Finding>) {
    let [Some(one), Some(other)] = wish.sessions.map(|id| view.session(id)) else { return };
    let shared = one.slot.zip(other.slot).and_then(|(one, other)| one.shared(other));
    let Some(shared) = shared.filter(|_| one.id != other.id) else { return };
    let sessions = by_id(one, other);
    view.report(
        found,
        Clash {
            rule: Rule::MustAttend,
            sessions: &sessions,
            others: &[wish.who.into()],
            spans: vec![shared],
            place: Place::shared(shared, &sessions),
            params: Params::Overlap { minutes: shared.minutes() },
        },
    );
}

/// A wish about the order of two sessions that is not met.
pub(in super::super) fn relation(view: View<'_>, wish: Relation, found: &mut Vec<Finding>) {
    let placed = |id| view.session(id).and_then(Placed::of);
    let (Some(earlier), Some(later)) = (placed(wish.earlier), placed(wish.later)) else { return };
    if earlier.session.id == later.session.id || is_met(view, wish.order, earlier, later) {
        return;
    }
    let sessions = by_id(earlier.session, later.session);
    view.report(
        found,
        Clash {
            rule: Rule::TimeRelation,
            sessions: &sessions,
            others: &[],
            spans: sessions.iter().filter_map(|session| session.slot).collect(),
            place: Place::spread(&[earlier, later]),
            params: Params::Relation { order: wish.order, earlier: wish.earlier },
        },
    );
}

fn is_met(view: View<'_>, order: Order, earlier: Placed<'_>, later: Placed<'_>) -> bool {
    let days = days_between(view.last_day(earlier.slot), view.first_day(later.slot));
    let gap = later.slot.starts_at.duration_since(earlier.slot.ends_at);
    match order {
        Order::After => gap >= SignedDuration::ZERO,
        Order::NextDay => days == 1,
        Order::FreeDay => days >= 2,
        Order::OtherDay => days >= 1 || days_between(view.last_day(later.slot), view.first_day(earlier.slot)) >= 1,
        Order::Adjacent => {
            let closely = SignedDuration::from_mins(view.settings.adjacent_minutes.into());
            let room = |session: &Session| session.room;
            (SignedDuration::ZERO..=closely).contains(&gap) && room(earlier.session) == room(later.session)
        }
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
