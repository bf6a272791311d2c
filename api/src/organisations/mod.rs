//! Organisations: states and everything else that sends delegations. What all events share, so only a secretariat
//! without limits writes here; everybody may read.

pub mod resource;
pub mod store;

use std::collections::HashMap;

use domain::{
    Code,
    access::{Disclosure, Resource, Target, Visibility},
    attendance::import::KnownOrganisation,
    external::ExternalId,
    identifier::{Handle, OrganisationId},
    organisations::{Names, Organisation, catalogue},
};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;

use crate::{
    context::Ctx,
    db::{Change, Expected, Page, Paging, Visible, object_by_external, to_json},
    error::Error,
};
pub use store::{Filter, names_at};

const KIND: &str = "organisation";

/// One page of the organisations, by code.
pub async fn list(ctx: &Ctx, filter: &Filter, paging: &Paging) -> Result<Page<Visible<Organisation>>, Error> {
    store::organisation_list(ctx.read(Resource::Organisations)?, filter, paging).await
}

/// One organisation.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Organisation>, Error> {
    store::organisation_find(ctx.read(Resource::Organisations)?, handle).await
}

/// The id behind a reference in a request body; `pointer` says where it stood.
pub async fn resolve(ctx: &Ctx, handle: &Handle, pointer: &str) -> Result<OrganisationId, Error> {
    match get(ctx, handle).await {
        Ok(organisation) => Ok(OrganisationId(organisation.id)),
        Err(Error::NotFound | Error::Gone) => Err(unknown(pointer)),
        Err(error) => Err(error),
    }
}

/// The same for many at once, each with the place where it stood, in one query; in the order they were named.
pub async fn resolve_all<'a>(
    ctx: &Ctx,
    named: impl IntoIterator<Item = (String, &'a Handle)>,
) -> Result<Vec<Handle>, Error> {
    let named: Vec<_> = named.into_iter().collect();
    let connection = ctx.read(Resource::Organisations)?;
    let known = store::organisation_ids(connection, named.iter().map(|(_, handle)| *handle)).await?;
    let id = |(pointer, handle): (String, &Handle)| known.get(handle).cloned().ok_or_else(|| unknown(&pointer));
    named.into_iter().map(id).collect()
}

fn unknown(pointer: &str) -> Error {
    Error::invalid(pointer, "unknown_organisation", "Name an existing organisation by id or code.")
}

/// Codes and names of these organisations as they were at `at`, in one query; of deleted ones too, because the past still
/// speaks of them.
pub async fn names_of(
    ctx: &Ctx,
    ids: impl IntoIterator<Item = OrganisationId>,
    at: Timestamp,
) -> Result<HashMap<OrganisationId, (Code, Names)>, Error> {
    store::organisation_names(ctx.app.db.read(), ids, at).await
}

/// All organisations by what a table may call them, in two queries.
pub async fn known(connection: &impl ConnectionTrait) -> Result<Vec<KnownOrganisation>, Error> {
    store::organisations_known(connection).await
}

/// Adds an organisation.
pub async fn create(ctx: &Ctx, input: Organisation) -> Result<Visible<Organisation>, Error> {
    let permit = ctx.actor.permit(Resource::Organisations, Target::default())?;
    let input = checked(ctx, input, None).await?;
    let tx = ctx.write(permit).await?;
    let made = store::organisation_insert(&tx, &input).await?;
    tx.record(change("organisation.created", &made, to_json(&made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// Replaces what is known of an organisation, if it still is what the caller read.
pub async fn replace(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    input: Organisation,
) -> Result<Visible<Organisation>, Error> {
    let permit = ctx.actor.permit(Resource::Organisations, Target::default())?;
    let current = get(ctx, handle).await?;
    expected.check_object(&current)?;
    let input = checked(ctx, input, Some(&current)).await?;
    let tx = ctx.write(permit).await?;
    let made = store::organisation_update(&tx, &current, &input).await?;
    tx.record(change("organisation.updated", &made, crate::audit::diff(&current.content, &made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// Takes an organisation out of all lists; what refers to it keeps it.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let permit = ctx.actor.permit(Resource::Organisations, Target::default())?;
    let current = get(ctx, handle).await?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    let version = store::organisation_delete(&tx, &current).await?;
    tx.record(Change { version, ..change("organisation.deleted", &current, serde_json::Value::Null) });
    tx.commit().await
}

/// Creates the organisation a partner knows by `external`, or replaces it. Says whether it is new.
pub async fn put_external(
    ctx: &Ctx,
    external: ExternalId,
    expected: Expected,
    mut input: Organisation,
) -> Result<(Visible<Organisation>, bool), Error> {
    external.claim(&mut input.external_ids)?;
    match object_by_external(ctx.read(Resource::Organisations)?, KIND, &external).await? {
        None => Ok((create(ctx, input).await?, true)),
        Some(id) => Ok((replace(ctx, &Handle::Id(id), expected.or_any(), input).await?, false)),
    }
}

/// Loads the shipped catalogue of states and IGOs, once: where there is any organisation already, nothing is done.
/// Gives how many were added.
pub async fn load_catalogue(ctx: &Ctx) -> Result<usize, Error> {
    let permit = ctx.actor.permit(Resource::Organisations, Target::default())?;
    let tx = ctx.write(permit).await?;
    if store::organisation_exists(tx.connection()).await? {
        return Ok(0);
    }
    let catalogue = catalogue::load().map_err(Error::internal)?;
    for organisation in &catalogue {
        let made = store::organisation_insert(&tx, organisation).await?;
        tx.record(change("organisation.created", &made, serde_json::Value::Null));
    }
    tx.commit().await?;
    Ok(catalogue.len())
}

/// The input with its references resolved, once nothing is wrong with it.
async fn checked(
    ctx: &Ctx,
    mut input: Organisation,
    current: Option<&Visible<Organisation>>,
) -> Result<Organisation, Error> {
    input.check()?;
    if let Some(parent) = &input.parent_id {
        let parent = resolve(ctx, parent, "/parent_id").await?;
        if current.is_some_and(|current| current.id == parent.0) {
            return Err(Error::invalid("/parent_id", "own_parent", "An organisation cannot be part of itself."));
        }
        input.parent_id = Some(Handle::Id(parent.0));
    }
    if let Some(current) = current {
        input = input.succeeding(&current.content, ctx.now);
    }
    input.former_names = input.former_names.filter(|names| !names.is_empty());
    Ok(input)
}

fn change(kind: &'static str, organisation: &Visible<Organisation>, diff: serde_json::Value) -> Change {
    Change {
        organisation: Some(organisation.id),
        disclosure: Disclosure::of(Visibility::Public),
        diff,
        ..Change::new(kind, organisation.id, organisation.version)
    }
}
