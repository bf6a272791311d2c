//! Carries out the steps of an import: in batches, each recorded as if it had been made by itself.

use std::collections::{HashMap, HashSet};

use domain::{
    attendance::{Function, Heads, Nomination, State, import},
    events::Event,
    identifier::{DelegateId, DelegationId, EventId, Handle, OrganisationId},
};
use import::{
    delegates::{self, Who},
    delegations,
};
use uuid::Uuid;

use super::{known::Steps, store};
use crate::{
    attendance::{
        change,
        heads::{self, LedBy, store::heads_of},
        places, registration, target,
    },
    audit,
    context::Ctx,
    db::{Change, Tx, Visible, reference, to_json},
    error::Error,
    people,
};

/// What becomes of a delegate.
pub struct Amended {
    /// The organisation of the delegation.
    pub organisation: OrganisationId,
    /// What was said.
    pub before: Box<Nomination>,
    /// What is to be said.
    pub after: Nomination,
}

/// Does what the steps say, of all delegations or of the `only` one that is the caller's.
pub async fn apply(
    ctx: &Ctx,
    tx: &Tx,
    (event, only): (&Visible<Event>, Option<OrganisationId>),
    steps: Steps,
    held: &HashMap<OrganisationId, (DelegationId, State)>,
) -> Result<(), Error> {
    match steps {
        Steps::Delegations(steps) => apply_delegations(tx, event, steps).await,
        Steps::Delegates(steps) => apply_delegates(ctx, tx, (event, only), steps, held).await,
    }
}

async fn apply_delegations(tx: &Tx, event: &Visible<Event>, steps: Vec<delegations::Step>) -> Result<(), Error> {
    let (mut new, mut changed) = (vec![], HashMap::new());
    for step in steps {
        match step {
            delegations::Step::Invite(organisation, invitation) => new.push((organisation, invitation)),
            delegations::Step::Edit(organisation, before, after) => drop(changed.insert(organisation, (before, after))),
        }
    }
    let ids = store::delegations_insert(tx, EventId(event.id), &new).await?;
    for ((organisation, invitation), id) in new.iter().zip(ids) {
        tx.record(change("delegation.invited", (id, 1), event, *organisation, to_json(invitation)?));
    }
    let said = changed.iter().map(|(organisation, (_, after))| (*organisation, after.clone())).collect();
    for (organisation, (id, version)) in store::delegations_change(tx, EventId(event.id), &said).await? {
        let Some((before, after)) = changed.get(&organisation) else { continue };
        let diff = audit::diff(before, after)?;
        tx.record(change("delegation.updated", (id, version), event, organisation, diff));
    }
    if changed.values().any(|(before, after)| before.quota != after.quota) {
        let rules = registration::rules(tx, event.id).await?;
        places::settle_event(tx, event, &rules).await?;
    }
    Ok(())
}

async fn apply_delegates(
    ctx: &Ctx,
    tx: &Tx,
    (event, only): (&Visible<Event>, Option<OrganisationId>),
    steps: Vec<delegates::Step>,
    held: &HashMap<OrganisationId, (DelegationId, State)>,
) -> Result<(), Error> {
    let (mut named, mut changed) = (vec![], HashMap::new());
    for step in steps {
        match step {
            delegates::Step::Nominate(organisation, who, nomination) => named.push((organisation, who, nomination)),
            delegates::Step::Amend { id, organisation, before, after } => {
                drop(changed.insert(id, Amended { organisation, before, after }))
            }
        }
    }
    amend(tx, event, &changed).await?;
    settle(tx, event, &changed).await?;
    let mut heads = nominate(ctx, tx, (event, only), named).await?;
    let (leading, others): (Vec<_>, Vec<_>) =
        changed.iter().partition(|(_, amended)| amended.after.function == Function::Head);
    heads.extend(leading.into_iter().map(|(id, amended)| (amended.organisation, DelegateId(*id))));
    let others = others.into_iter().map(|(id, _)| DelegateId(*id)).collect();
    lead(tx, event, held, (heads, others)).await
}

/// Lets delegations be led by those who are said to be heads, and not by those who are said to be something else.
async fn lead(
    tx: &Tx,
    event: &Visible<Event>,
    held: &HashMap<OrganisationId, (DelegationId, State)>,
    (heads, others): (HashMap<OrganisationId, DelegateId>, HashSet<DelegateId>),
) -> Result<(), Error> {
    let mut changed = vec![];
    let of = heads_of(tx.connection(), held.values().map(|(delegation, _)| delegation.0)).await?;
    for (organisation, (delegation, state)) in held {
        let before = of.get(delegation).cloned().unwrap_or_default();
        let now = before.at(tx.now());
        let after = match heads.get(organisation) {
            Some(head) if now == Some(*head) => continue,
            Some(head) => Heads::only(*head),
            None if now.is_some_and(|now| others.contains(&now)) => {
                state.leave_without_head()?;
                Heads::default()
            }
            None => continue,
        };
        if before.rows().len() > 1 {
            let detail = "A delegation in this table is led by several in turn. Say first who leads when (PUT \
                          /delegations/{id}/heads).";
            return Err(Error::conflict("head_terms", detail));
        }
        changed.push(LedBy { delegation: *delegation, organisation: *organisation, before, after });
    }
    heads::write_all(tx, event, &changed).await?;
    Ok(())
}

/// Says of delegates what the table says.
async fn amend(tx: &Tx, event: &Visible<Event>, changed: &HashMap<Uuid, Amended>) -> Result<(), Error> {
    for (id, version) in store::delegates_change(tx, changed).await? {
        let Some(Amended { organisation, before, after }) = changed.get(&id) else { continue };
        let told =
            change("delegate.updated", (id, version), event, *organisation, audit::diff(before.as_ref(), after)?);
        let person = reference(after.person_id.as_ref()).filter(|person| !person.is_nil());
        tx.record(Change { subject: person, ..told });
    }
    Ok(())
}

/// Offers the places of those who are to take part in another way to who is next; they wait for theirs no more. That there
/// is a place for everybody has been seen to.
async fn settle(tx: &Tx, event: &Visible<Event>, changed: &HashMap<Uuid, Amended>) -> Result<(), Error> {
    let moved: Vec<_> = changed.iter().filter(|(_, one)| one.before.participation != one.after.participation).collect();
    if moved.is_empty() {
        return Ok(());
    }
    store::waiting_remove(tx, moved.into_iter().map(|(id, _)| *id)).await?;
    places::settle_event(tx, event, &registration::rules(tx, event.id).await?).await
}

async fn nominate(
    ctx: &Ctx,
    tx: &Tx,
    (event, only): (&Visible<Event>, Option<OrganisationId>),
    named: Vec<(OrganisationId, Who, Nomination)>,
) -> Result<HashMap<OrganisationId, DelegateId>, Error> {
    let new =
        named.iter().filter_map(|(_, who, _)| if let Who::New(person) = who { Some((**person).clone()) } else { None });
    let new: Vec<_> = new.collect();
    let added = if new.is_empty() { vec![] } else { people::add_all(ctx, tx, target(event, only), &new).await? };
    let mut added = added.into_iter();
    let mut nominations = vec![];
    for (organisation, who, nomination) in named {
        let person = match who {
            Who::Known(id) => id,
            Who::New(_) => added.next().ok_or_else(|| Error::internal("a person was not added"))?,
        };
        nominations.push((organisation, Nomination { person_id: Some(Handle::Id(person)), ..nomination }));
    }
    let rows: Vec<_> = nominations.iter().map(|(_, nomination)| nomination.clone()).collect();
    let ids = store::delegates_insert(tx, EventId(event.id), &rows).await?;
    let mut heads = HashMap::new();
    for ((organisation, nomination), id) in nominations.iter().zip(ids) {
        if nomination.function == Function::Head {
            heads.insert(*organisation, DelegateId(id));
        }
        let told = change("delegate.nominated", (id, 1), event, *organisation, to_json(nomination)?);
        tx.record(Change { subject: reference(nomination.person_id.as_ref()), ..told });
    }
    Ok(heads)
}
