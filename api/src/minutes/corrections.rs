//! What delegations would have corrected in circulated minutes, and what became of it. A delegation sees its own
//! proposals, those who run the event all.

use domain::{
    access::Resource,
    identifier::{DelegationId, Handle, OrganisationId},
    minutes::{Correction, CorrectionState, Decision, Proposal},
};

use super::{change, found, place_of, store};
use crate::{
    attendance::roster,
    audit,
    context::Ctx,
    db::{Page, Paging, Visible, to_json},
    error::Error,
    events,
};

/// One page of the corrections to the minutes of a session that the caller may see, in the order in which they came.
pub async fn list(ctx: &Ctx, session: &Handle, paging: &Paging) -> Result<Page<Visible<Correction>>, Error> {
    let place = place_of(ctx, session).await?;
    let minutes = found(ctx, &place).await?;
    let own = match roster::admit(ctx, &place.event).await {
        Ok(()) => None,
        Err(_) => Some(roster::own_delegations(ctx, place.event.id.into()).await?),
    };
    let own = own.map(|own| own.into_iter().map(|(delegation, _)| delegation).collect::<Vec<_>>());
    store::correction_list(ctx.read(Resource::Attendance)?, minutes.id, own.as_deref(), paging).await
}

/// A delegation proposes a correction, while the window is open.
pub async fn propose(ctx: &Ctx, session: &Handle, input: Proposal) -> Result<Visible<Correction>, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let place = place_of(ctx, session).await?;
    let minutes = found(ctx, &place).await?;
    let own = roster::own_delegations(ctx, place.event.id.into()).await?;
    let own: Option<(DelegationId, OrganisationId)> = own.first().copied();
    let target = domain::access::Target { organisation: own.map(|own| own.1), ..events::target(&place.event) };
    let permit = ctx.actor.permit(Resource::Attendance, target)?;
    input.check()?;
    let Some((delegation, organisation)) = own else {
        let detail = "Corrections are proposed by delegations. Edit the minutes instead.";
        return Err(Error::Forbidden(detail.to_owned()));
    };
    let tx = ctx.write(permit).await?;
    let minutes = store::minutes_lock(&tx, minutes.id).await?;
    let content = &minutes.content;
    content.state.admit_correction(content.corrections_until, tx.now())?;
    let correction = Correction {
        proposal: input,
        session_id: content.session_id,
        delegation_id: delegation,
        state: CorrectionState::Proposed,
        answer: None,
    };
    let made = store::correction_insert(&tx, minutes.id, place.event.id, correction).await?;
    let diff = to_json(&made.content)?;
    // Between the delegation and those who run the event.
    let told = change("correction.proposed", (made.id, 1), &place, Default::default(), Some(organisation), diff);
    tx.record(told);
    tx.commit().await?;
    Ok(made)
}

/// The secretariat accepts or declines a correction; an accepted one is worked into the text by an edit.
pub async fn decide(ctx: &Ctx, handle: &Handle, decision: Decision) -> Result<Visible<Correction>, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let known = store::correction_find(ctx.read(Resource::Attendance)?, *id).await?.ok_or(Error::NotFound)?;
    let place = place_of(ctx, &Handle::Id(known.content.session_id.0)).await?;
    let own = roster::own_delegations(ctx, place.event.id.into()).await?;
    let mine = own.iter().any(|(delegation, _)| *delegation == known.content.delegation_id);
    if !mine && roster::admit(ctx, &place.event).await.is_err() {
        return Err(Error::NotFound);
    }
    let permit = ctx.actor.permit(Resource::Attendance, events::target(&place.event))?;
    decision.check()?;
    let minutes = found(ctx, &place).await?;
    let tx = ctx.write(permit).await?;
    store::minutes_lock(&tx, minutes.id).await?.content.state.admit_editing()?;
    let current = store::correction_find(tx.connection(), *id).await?.ok_or(Error::NotFound)?;
    let next = Correction { state: decision.to, answer: decision.answer, ..current.content.clone() };
    let made = store::correction_update(&tx, &current, next).await?;
    let diff = audit::diff(&current.content, &made.content)?;
    let of = store::organisation_of(&tx, made.content.delegation_id).await?;
    tx.record(change("correction.decided", (made.id, made.version), &place, Default::default(), Some(of), diff));
    tx.commit().await?;
    Ok(made)
}
