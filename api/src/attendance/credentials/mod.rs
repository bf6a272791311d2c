//! Credentials: the papers of a delegation. It brings them itself, or the secretariat enters them; other delegations
//! see nothing of them. What is found of them is in [`findings`](super::findings).

pub mod report;
pub mod resource;
pub mod store;

use domain::{
    Check,
    access::Resource,
    attendance::{Credential, credentials::Submitted},
    events::Event,
    identifier::{DelegateId, DelegationId, Handle, OrganisationId},
};
use serde_json::Value;

use super::{change, delegates, delegations, target};
use crate::{
    audit,
    context::Ctx,
    db::{Expected, Page, Paging, Tx, Visible, to_json},
    error::Error,
    events,
};

/// One page of the credentials of a delegation, in the order in which they came.
pub async fn list(ctx: &Ctx, delegation: &Handle, paging: &Paging) -> Result<Page<Visible<Submitted>>, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let delegation = own_or_run(ctx, delegation).await?;
    store::credential_list(connection, &ctx.actor, delegation, paging).await
}

/// One credential.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Submitted>, Error> {
    store::credential_find(ctx.read(Resource::Delegations)?, &ctx.actor, handle).await
}

/// The delegation, for itself and for those who run its event; others who see that it is there are told no more.
pub(super) async fn own_or_run(ctx: &Ctx, delegation: &Handle) -> Result<DelegationId, Error> {
    let known = delegations::get(ctx, delegation).await?;
    let organisation = delegations::organisation_of(&known.content)?;
    if !ctx.actor.acts_for(organisation, known.content.event_id) {
        let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
        super::roster::admit(ctx, &event).await?;
    }
    Ok(DelegationId(known.id))
}

/// Adds a credential.
pub async fn submit(ctx: &Ctx, delegation: &Handle, input: Credential) -> Result<Visible<Submitted>, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let known = delegations::get(ctx, delegation).await?;
    let event = events::get(ctx, &Handle::Id(known.content.event_id.0)).await?;
    let organisation = delegations::organisation_of(&known.content)?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(organisation)))?;
    let input = checked(ctx, &event, input, None)?;
    let delegation = DelegationId(known.id);
    let tx = ctx.write(permit).await?;
    delegations::store::delegation_lock(&tx, delegation).await?.admit_withdrawal(!ctx.actor.sees_everything())?;
    check_delegates(&tx, delegation, &input).await?;
    let id = store::credential_insert(&tx, &known.content, delegation, &input).await?;
    let made = store::credential_find(tx.connection(), &ctx.actor, &Handle::Id(id)).await?;
    let diff = to_json(&made.content)?;
    tx.record(change("credential.submitted", (made.id, made.version), &event, organisation, diff));
    tx.commit().await?;
    Ok(made)
}

/// Changes what is known of a credential, if it still is what the caller read. `edit` makes the new of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Credential) -> Result<Credential, Error>,
) -> Result<Visible<Submitted>, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let current = get(ctx, handle).await?;
    let (event, organisation) = place_of(ctx, &current.content).await?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(organisation)))?;
    expected.check_object(&current)?;
    let before = &current.content.credential;
    let input = checked(ctx, &event, edit(before)?, Some(before))?;
    let delegation = current.content.delegation_id;
    let tx = ctx.write(permit).await?;
    delegations::store::delegation_lock(&tx, delegation).await?.admit_withdrawal(!ctx.actor.sees_everything())?;
    if input.delegate_ids != before.delegate_ids {
        check_delegates(&tx, delegation, &input).await?;
    }
    let made = store::credential_update(&tx, current.clone(), input).await?;
    let diff = audit::diff(&current.content, &made.content)?;
    tx.record(change("credential.updated", (made.id, made.version), &event, organisation, diff));
    tx.commit().await?;
    Ok(made)
}

/// Takes a credential out of the register. What was found of it stays on record.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let current = get(ctx, handle).await?;
    let (event, organisation) = place_of(ctx, &current.content).await?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(organisation)))?;
    expected.check_object(&current)?;
    if current.content.credential.original_seen && !is_secretariats(ctx, &event) {
        let detail = "The secretariat has seen the original of this paper. Ask it to take the paper out.";
        return Err(Error::conflict("original_on_record", detail));
    }
    let tx = ctx.write(permit).await?;
    let version = store::credential_delete(&tx, &current).await?;
    tx.record(change("credential.deleted", (current.id, version), &event, organisation, Value::Null));
    tx.commit().await
}

async fn place_of(ctx: &Ctx, credential: &Submitted) -> Result<(Visible<Event>, OrganisationId), Error> {
    let event = events::get(ctx, &Handle::Id(credential.event_id.0)).await?;
    let delegation = delegations::get(ctx, &Handle::Id(credential.delegation_id.0)).await?;
    Ok((event, delegations::organisation_of(&delegation.content)?))
}

/// The input, once nothing is wrong with it. Of what the original says only the secretariat knows, and once it does an
/// organisation changes nothing of the paper.
fn checked(
    ctx: &Ctx,
    event: &Visible<Event>,
    mut input: Credential,
    before: Option<&Credential>,
) -> Result<Credential, Error> {
    input.check()?;
    // Kept in this order, so that the same names compare as the same.
    input.delegate_ids.sort_by_key(Handle::id);
    if is_secretariats(ctx, event) {
        return Ok(input);
    }
    input.check_seen_by_secretariat(before)?;
    if before.is_some_and(|before| before.original_seen && *before != input) {
        let detail = "The secretariat has seen the original of this paper. Add another paper instead.";
        return Err(Error::conflict("original_on_record", detail));
    }
    Ok(input)
}

/// Whether the caller writes for the secretariat.
fn is_secretariats(ctx: &Ctx, event: &Visible<Event>) -> bool {
    ctx.actor.permit(Resource::Delegations, target(event, None)).is_ok()
}

/// Refuses delegates of another delegation, or somebody who was withdrawn.
async fn check_delegates(tx: &Tx, delegation: DelegationId, input: &Credential) -> Result<(), Error> {
    let ids = input.delegate_ids.iter().filter_map(Handle::id).map(DelegateId);
    let known = delegates::store::delegates_delegation(tx, ids).await?;
    let mut check = Check::new();
    for (at, handle) in input.delegate_ids.iter().enumerate() {
        let of = handle.id().and_then(|id| known.get(&DelegateId(id)));
        check.require(
            of == Some(&delegation),
            &format!("/delegate_ids/{at}"),
            "unknown_delegate",
            "Name a delegate of this delegation by id.",
        );
    }
    Ok(check.finish()?)
}
