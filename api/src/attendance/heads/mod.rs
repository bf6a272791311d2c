//! Heads of delegations: who leads, and from when. A delegation that was named to the secretariat is led at every instant.

pub mod resource;
pub mod store;

use std::collections::HashMap;

use domain::{
    access::Resource,
    attendance::{DelegateState, Heads, Term, TermsInput, head::MOST_TERMS},
    events::Event,
    identifier::{DelegationId, Handle, OrganisationId},
    moment::Moment,
};
use serde_json::json;

use super::{change, delegates, delegations, target};
use crate::{
    context::Ctx,
    db::{Expected, Tx, Visible},
    error::Error,
    events,
};

/// Terms with the version of the delegation they belong to.
#[derive(Debug)]
pub struct Led {
    /// The terms.
    pub heads: Heads,
    /// Rises with every write of the delegation; the entity tag.
    pub version: i32,
}

/// Who leads a delegation, and when; for those who see its delegates.
pub async fn get(ctx: &Ctx, delegation: &Handle) -> Result<Led, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let delegation = delegations::get_inside(ctx, delegation).await?;
    let heads = store::heads_find(connection, DelegationId(delegation.id)).await?;
    Ok(Led { heads, version: delegation.version })
}

/// Says who leads a delegation, and when, if nobody else has said so meanwhile. What is past the organisation does not
/// rewrite.
pub async fn set(ctx: &Ctx, delegation: &Handle, expected: Expected, input: TermsInput) -> Result<Led, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let known = delegations::get_inside(ctx, delegation).await?;
    let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
    let organisation = delegations::organisation_of(&known.content)?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(organisation)))?;
    let tx = ctx.write(permit).await?;
    let current = delegations::lock(ctx, &tx, &known).await?;
    expected.check_object(&current)?;
    let (id, staff) = (DelegationId(current.id), ctx.actor.sees_everything());
    current.content.state.admit_delegates(!staff)?;
    let heads = read(&tx, id, &input.terms).await?;
    let before = store::heads_find(tx.connection(), id).await?;
    if heads.is_empty() {
        current.content.state.leave_without_head()?;
    }
    if !staff && !before.is_empty() && !before.agrees_before(&heads, ctx.now) {
        let detail = "Who led the delegation until now stays as it is. Ask the secretariat to correct the past.";
        return Err(Error::conflict("past_is_past", detail));
    }
    let version = write(&tx, &event, (id, organisation), &before, &heads).await?;
    tx.commit().await?;
    Ok(Led { heads, version })
}

/// Who leads a delegation from now on, and who did.
#[derive(Debug)]
pub(super) struct LedBy {
    /// The delegation.
    pub delegation: DelegationId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// What was said.
    pub before: Heads,
    /// What is to be said.
    pub after: Heads,
}

/// Writes who leads a delegation that is held; gives its version.
pub(super) async fn write(
    tx: &Tx,
    event: &Visible<Event>,
    (delegation, organisation): (DelegationId, OrganisationId),
    before: &Heads,
    after: &Heads,
) -> Result<i32, Error> {
    let changed = LedBy { delegation, organisation, before: before.clone(), after: after.clone() };
    let versions = write_all(tx, event, &[changed]).await?;
    versions.get(&delegation).copied().ok_or(Error::NotFound)
}

/// The same of many delegations, in a fixed number of statements; gives their versions.
pub(super) async fn write_all(
    tx: &Tx,
    event: &Visible<Event>,
    changed: &[LedBy],
) -> Result<HashMap<DelegationId, i32>, Error> {
    if changed.is_empty() {
        return Ok(HashMap::new());
    }
    // Substitutes add terms one by one, and what is answered at once has to have an end.
    if changed.iter().any(|one| one.after.rows().len() > MOST_TERMS) {
        let detail = "The delegation would have been led by more than 20 in turn. Ask the secretariat to say who led when in \
                      fewer terms (PUT /delegations/{id}/heads).";
        return Err(Error::conflict("too_many_terms", detail));
    }
    store::heads_replace(tx, changed).await?;
    let heads = changed.iter().flat_map(|one| one.after.rows()).map(|(_, head)| head);
    delegates::store::heads_entitle(tx, heads).await?;
    let versions = delegations::store::delegations_touch(tx, changed.iter().map(|one| one.delegation)).await?;
    for LedBy { delegation, organisation, before, after } in changed {
        let version = versions.get(delegation).copied().ok_or(Error::NotFound)?;
        let diff = json!({"heads": {"old": terms(before), "new": terms(after)}});
        tx.record(change("delegation.heads_changed", (delegation.0, version), event, *organisation, diff));
    }
    Ok(versions)
}

/// The terms that were sent, once every delegate in them is known to belong to the delegation.
async fn read(tx: &Tx, delegation: DelegationId, terms: &[Term]) -> Result<Heads, Error> {
    let members = delegates::store::delegates_in(tx.connection(), delegation, DelegateState::LIVE).await?;
    let mut check = domain::Check::new();
    for (at, term) in terms.iter().enumerate() {
        let known = term.delegate_id.id().is_some_and(|id| members.iter().any(|member| member.0 == id));
        let detail = "Name a delegate of this delegation by id who has neither left it nor been rejected.";
        check.require(known, &format!("/terms/{at}/delegate_id"), "unknown_delegate", detail);
    }
    check.finish()?;
    Ok(Heads::read(terms)?)
}

/// The terms as they are sent and answered.
pub fn terms(heads: &Heads) -> Vec<Term> {
    let term = |(from, head): (Option<jiff::Timestamp>, domain::identifier::DelegateId)| Term {
        delegate_id: Handle::Id(head.0),
        valid_from: from.map(Moment),
    };
    heads.rows().into_iter().map(term).collect()
}
