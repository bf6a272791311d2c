//! Places in delegations: who holds one, who waits for one, and to whom one that has become free is offered.
//!
//! Everything here happens while the delegation is held, so that two who submit at once do not take the same place.

pub mod jobs;
pub mod resource;
pub mod store;

use domain::{
    access::Resource,
    attendance::{
        Delegate, DelegateState, Delegation, Notice, Participation, Places, PlacesAnswer, Quota, Registration,
        WaitingListInput, places::MOST_WAITING,
    },
    events::Event,
    identifier::{DelegateId, DelegationId, EventId, Handle, OrganisationId},
};
use serde_json::json;

use super::{change, delegates, delegations, registration, reminders, target};
use crate::{
    context::Ctx,
    db::{Expected, Tx, Visible},
    error::Error,
    events,
    jobs::JobKind,
};
use store::Taken;

/// Places of every kind with the version of the delegation they belong to.
#[derive(Debug)]
pub struct Allotted {
    /// One entry for each kind.
    pub places: Vec<PlacesAnswer>,
    /// Rises with every write of the delegation; the entity tag.
    pub version: i32,
}

/// The places of a delegation; for those who see its delegates.
pub async fn get(ctx: &Ctx, delegation: &Handle) -> Result<Allotted, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let delegation = delegations::get_inside(ctx, delegation).await?;
    let event = delegation.content.event_id;
    let (rules, _) = registration::store::registration_find(connection, event).await?;
    let quota = delegation.content.invitation.quota.or(rules.quota);
    let id = DelegationId(delegation.id);
    let taken = store::places_of(connection, &[id]).await?;
    let places = Participation::ALL.iter().map(|way| taken.places(id, *way, quota).answer(ctx.now));
    Ok(Allotted { places: places.collect(), version: delegation.version })
}

/// Says who waits for places of one kind, and in which order. Whoever is next is offered what is free.
pub async fn rank(
    ctx: &Ctx,
    delegation: &Handle,
    expected: Expected,
    input: WaitingListInput,
) -> Result<Allotted, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let known = delegations::get_inside(ctx, delegation).await?;
    let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
    let organisation = delegations::organisation_of(&known.content)?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(organisation)))?;
    let tx = ctx.write(permit).await?;
    let current = delegations::lock(ctx, &tx, &known).await?;
    expected.check_object(&current)?;
    current.content.state.admit_delegates(!ctx.actor.sees_everything())?;
    let order = read(&tx, &current, &input).await?;
    let held = Held::new(&tx, &event, &current).await?;
    let mut places = held.places(&tx, input.participation).await?;
    let before: Vec<_> = places.waiting.iter().map(|waiting| waiting.delegate).collect();
    places.rank(&order);
    store::waiting_replace(&tx, held.delegation, &places).await?;
    held.settle(&tx, input.participation).await?;
    let made = delegations::store::delegation_update(&tx, current.clone(), current.content.clone()).await?;
    let diff = json!({"waiting": {"old": before, "new": order}, "participation": {"new": input.participation}});
    tx.record(change("delegation.waiting_list_changed", (made.id, made.version), &event, organisation, diff));
    tx.commit().await?;
    get(ctx, &Handle::Id(made.id)).await
}

/// The delegates that were sent, once all are known to be nominated for such a place.
async fn read(tx: &Tx, delegation: &Visible<Delegation>, input: &WaitingListInput) -> Result<Vec<DelegateId>, Error> {
    let mut check = domain::Check::new();
    let sent = &input.delegate_ids;
    check.require(sent.len() <= MOST_WAITING, "/delegate_ids", "too_many", "At most 100 wait for places of one kind.");
    let nominated = delegates::store::delegates_nominated(tx, DelegationId(delegation.id), input.participation).await?;
    let mut order = vec![];
    for (at, named) in sent.iter().enumerate().take(MOST_WAITING) {
        let pointer = format!("/delegate_ids/{at}");
        let known = named.id().map(DelegateId).filter(|id| nominated.contains(id));
        let detail = "Name a delegate by id who is nominated to take part in this way and not yet submitted.";
        check.require(known.is_some(), &pointer, "not_nominated", detail);
        check.require(known.is_none_or(|id| !order.contains(&id)), &pointer, "repeated", "Name everybody once.");
        order.extend(known);
    }
    check.finish()?;
    Ok(order)
}

/// A delegation that is held until the transaction ends, as far as its places depend on it.
#[derive(Debug)]
pub(super) struct Held<'a> {
    delegation: DelegationId,
    organisation: OrganisationId,
    event: &'a Visible<Event>,
    quota: Quota,
    rules: Registration,
}

impl<'a> Held<'a> {
    /// Of a delegation whose row is locked.
    pub(super) async fn new(
        tx: &Tx,
        event: &'a Visible<Event>,
        delegation: &Visible<Delegation>,
    ) -> Result<Self, Error> {
        let rules = registration::rules(tx, event.id).await?;
        Ok(Self {
            delegation: DelegationId(delegation.id),
            organisation: delegations::organisation_of(&delegation.content)?,
            event,
            quota: delegation.content.invitation.quota.or(rules.quota),
            rules,
        })
    }

    async fn places(&self, tx: &Tx, participation: Participation) -> Result<Places, Error> {
        let taken = store::places_of(tx.connection(), &[self.delegation]).await?;
        Ok(taken.places(self.delegation, participation, self.quota))
    }

    /// Takes a place for each of `delegates`, none of whom holds one, or refuses them all.
    pub(super) async fn take(
        &self,
        tx: &Tx,
        participation: Participation,
        delegates: &[DelegateId],
    ) -> Result<(), Error> {
        let mut places = self.places(tx, participation).await?;
        let waited = places.waiting.len();
        places.take(delegates, tx.now())?;
        if places.waiting.len() != waited {
            store::waiting_replace(tx, self.delegation, &places).await?;
        }
        Ok(())
    }

    /// Offers what has become free to who is next, and sees to it that an offer comes to an end.
    pub(super) async fn settle(&self, tx: &Tx, participation: Participation) -> Result<(), Error> {
        let places = self.places(tx, participation).await?;
        self.offer(tx, places).await
    }

    /// As [`settle`](Self::settle), of places of every kind.
    pub(super) async fn settle_all(&self, tx: &Tx) -> Result<(), Error> {
        let taken = store::places_of(tx.connection(), &[self.delegation]).await?;
        self.offer_all(tx, &taken).await
    }

    async fn offer_all(&self, tx: &Tx, taken: &Taken) -> Result<(), Error> {
        for participation in Participation::ALL {
            self.offer(tx, taken.places(self.delegation, *participation, self.quota)).await?;
        }
        Ok(())
    }

    async fn offer(&self, tx: &Tx, mut places: Places) -> Result<(), Error> {
        let participation = places.participation;
        let (lapsed, offered) = places.offer(tx.now(), self.rules.patience());
        if lapsed.is_empty() && offered.is_empty() {
            return Ok(());
        }
        store::waiting_replace(tx, self.delegation, &places).await?;
        for (kind, delegates) in [("delegate.offer_lapsed", lapsed), ("delegate.place_offered", offered.clone())] {
            for delegate in delegates {
                let diff = json!({"participation": {"new": participation}});
                let version = delegates::store::delegate_touch(tx, delegate).await?;
                tx.record(change(kind, (delegate.0, version), self.event, self.organisation, diff));
            }
        }
        if !offered.is_empty() {
            let until = tx.now() + self.rules.patience();
            let notice = Notice::PlacesOffered { participation, places: offered.len(), until };
            reminders::tell_of_places(tx, self.event, (self.delegation, self.organisation), &notice).await?;
            let payload = json!({"delegation_id": self.delegation});
            tx.job_enqueue(JobKind::PlaceOffer.as_str(), payload, until).await?;
        }
        Ok(())
    }
}

/// Offers what is free to who is next, in all delegations of an event for which `rules` now hold.
pub(super) async fn settle_event(tx: &Tx, event: &Visible<Event>, rules: &Registration) -> Result<(), Error> {
    let waiting = store::delegations_waiting(tx, EventId(event.id)).await?;
    let delegations: Vec<DelegationId> = waiting.keys().copied().collect();
    let taken = store::places_of(tx.connection(), &delegations).await?;
    for (delegation, (organisation, own)) in waiting {
        let quota = own.or(rules.quota);
        let organisation = OrganisationId(organisation);
        Held { delegation, organisation, event, quota, rules: rules.clone() }.offer_all(tx, &taken).await?;
    }
    Ok(())
}

/// Those of `nominated` who are submitted with their delegation: all but those who wait in vain.
pub(super) async fn to_submit(
    tx: &Tx,
    held: &Held<'_>,
    participation: Participation,
) -> Result<Vec<DelegateId>, Error> {
    let places = held.places(tx, participation).await?;
    let nominated = delegates::store::delegates_nominated(tx, held.delegation, participation).await?;
    let waits =
        |id: &DelegateId| places.waiting.iter().any(|waiting| waiting.delegate == *id && !waiting.is_offered(tx.now()));
    Ok(nominated.into_iter().filter(|id| !waits(id)).collect())
}

/// Hands everybody of a delegation to the secretariat who is nominated and does not wait for a place.
pub(super) async fn submit_all(tx: &Tx, event: &Visible<Event>, delegation: &Visible<Delegation>) -> Result<(), Error> {
    let held = Held::new(tx, event, delegation).await?;
    for participation in Participation::ALL {
        let delegates = to_submit(tx, &held, *participation).await?;
        held.take(tx, *participation, &delegates).await?;
        let submitted = delegates::store::delegates_submit(tx, &delegates).await?;
        for (id, version) in submitted {
            let diff = json!({"state": {"old": DelegateState::Nominated, "new": DelegateState::Submitted}});
            tx.record(change("delegate.submitted", (id.0, version), event, held.organisation, diff));
        }
    }
    Ok(())
}

/// Takes a place for a delegate who comes to hold one, or one of another kind. `before` and `after` are what they were
/// and are about to be.
pub(super) async fn follow(
    tx: &Tx,
    event: &Visible<Event>,
    delegation: &Visible<Delegation>,
    before: &Visible<Delegate>,
    after: &Delegate,
) -> Result<(), Error> {
    let (was, is) = (placed(&before.content), placed(after));
    match is {
        Some(participation) if was != is => {
            Held::new(tx, event, delegation).await?.take(tx, participation, &[DelegateId(before.id)]).await
        }
        _ => Ok(()),
    }
}

/// Offers the place of a delegate who no longer holds it to who is next; whoever does not wait for a place any more
/// leaves the list.
pub(super) async fn release(
    tx: &Tx,
    event: &Visible<Event>,
    delegation: &Visible<Delegation>,
    before: &Visible<Delegate>,
    after: &Visible<Delegate>,
) -> Result<(), Error> {
    let (was, is) = (&before.content, &after.content);
    let waits = is.state == DelegateState::Nominated && was.nomination.participation == is.nomination.participation;
    if !waits || before.version == after.version {
        store::waiting_remove(tx, DelegateId(before.id)).await?;
    }
    Held::new(tx, event, delegation).await?.settle(tx, was.nomination.participation).await
}

/// The kind of place that a delegate holds.
fn placed(delegate: &Delegate) -> Option<Participation> {
    delegate.state.is_placed().then_some(delegate.nomination.participation)
}
