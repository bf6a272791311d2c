//! One delegation in several sessions.

use jiff::SignedDuration;

use super::by_id;
use crate::{
    identifier::DelegationId,
    schedule::{
        Kind,
        clashes::{
            Finding, Params, Party, PlenaryMatter, Rule, Subject,
            fingerprint::Place,
            snapshot::Session,
            sweep::{Placed, close_pairs, crowds},
            view::{Clash, View},
        },
    },
};

/// Too few people, bilaterals beside plenary, absences and commitments elsewhere of one delegation.
pub(in super::super) fn delegation(view: View<'_>, id: DelegationId, found: &mut Vec<Finding>) {
    let placed = view.placed(view.index.of_delegation.of(&id));
    if let Some(able) = view.index.delegations.get(&id).and_then(|facts| facts.able) {
        for crowd in crowds(&placed, able as usize, SignedDuration::ZERO) {
            stretched(view, id, able, crowd, found);
        }
    }
    // Only those two kinds are walked through, so that a delegation with many sessions at once costs no more.
    let meant = |one: &&Placed<'_>| matches!(one.session.kind, Kind::Bilateral | Kind::Plenary);
    let meant: Vec<_> = placed.iter().filter(meant).copied().collect();
    close_pairs(&meant, SignedDuration::ZERO, |one, other| match (one.session.kind, other.session.kind) {
        (Kind::Bilateral, Kind::Plenary) => beside_plenary(view, id, one, other, found),
        (Kind::Plenary, Kind::Bilateral) => beside_plenary(view, id, other, one, found),
        _ => {}
    });
    view.check_times(Party::Delegation(id), &placed, |_| true, found);
}

fn stretched(view: View<'_>, id: DelegationId, able: u32, mut crowd: Vec<Placed<'_>>, found: &mut Vec<Finding>) {
    crowd.sort_unstable_by_key(|one| one.session.id);
    let shared = crowd.iter().map(|one| one.slot).reduce(|one, other| one.shared(other).unwrap_or(one));
    let Some(shared) = shared else { return };
    let sessions: Vec<&Session> = crowd.iter().map(|one| one.session).collect();
    view.report(
        found,
        Clash {
            rule: Rule::DelegationOverstretch,
            place: Place::shared(shared, &sessions),
            params: Params::Stretched { sessions: u32::try_from(sessions.len()).unwrap_or(u32::MAX), able },
            sessions: &sessions,
            others: &[Subject::Delegation(id)],
            spans: vec![shared],
        },
    );
}

fn beside_plenary(
    view: View<'_>,
    id: DelegationId,
    bilateral: Placed<'_>,
    plenary: Placed<'_>,
    found: &mut Vec<Finding>,
) {
    let Some(shared) = bilateral.slot.shared(plenary.slot) else { return };
    let listed = plenary.session.expected.iter().any(|own| own.delegation == id && own.head_listed);
    let matter = match (listed, plenary.session.agenda.iter().any(|item| item.votes)) {
        (true, _) => PlenaryMatter::HeadListed,
        (false, true) => PlenaryMatter::Vote,
        (false, false) => return,
    };
    let sessions = by_id(bilateral.session, plenary.session);
    view.report(
        found,
        Clash {
            rule: Rule::BilateralVsPlenary,
            sessions: &sessions,
            others: &[Subject::Delegation(id)],
            spans: vec![shared],
            place: Place::shared(shared, &sessions),
            params: Params::Plenary { matter, minutes: shared.minutes() },
        },
    );
}
