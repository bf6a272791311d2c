//! Persons: human beings, known by name. What they do in groups and delegations belongs to those.

pub mod audience;
pub mod mail_settings;
pub mod newcomers;
pub mod resource;
mod search;
pub mod store;

use std::collections::HashMap;

use domain::{
    access::{Actor, Permit, Resource, Target},
    attendance::{
        DelegateState,
        import::delegates::{KnownPerson, Wanted},
    },
    external::ExternalId,
    identifier::{Handle, OrganisationId, PersonId},
    people::{NameHistory, Person},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible, object_by_external, reference, to_json},
    error::Error,
    organisations,
};
pub use store::Filter;
use store::{
    Reach,
    delegations::{self, Approved},
};

/// The kind of object, as external ids name it.
pub const KIND: &str = "person";

/// One page of persons, by family name: for staff of everybody; others page through their own people and search among
/// those they may see.
pub async fn list(ctx: &Ctx, filter: &Filter, paging: &Paging) -> Result<Page<Visible<Person>>, Error> {
    let connection = ctx.read(Resource::Persons)?;
    match (ctx.actor.sees_everything(), &filter.q) {
        (true, _) => store::person_list(connection, &ctx.actor, Reach::All, filter, paging).await,
        (false, None) => store::person_list(connection, &ctx.actor, Reach::Own, filter, paging).await,
        (false, Some(_)) => search::search(ctx, filter, paging).await,
    }
}

/// One person.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Person>, Error> {
    let found = store::person_find(ctx.read(Resource::Persons)?, &ctx.actor, handle).await;
    if let Err(Error::NotFound) = found {
        search::count_miss(ctx).await?;
    }
    found
}

/// One person of whom the actor may know all that is known: staff anybody, others their own people.
pub async fn get_own(ctx: &Ctx, handle: &Handle) -> Result<Visible<Person>, Error> {
    let person = get(ctx, handle).await?;
    if store::person_is_own(ctx.read(Resource::Persons)?, &ctx.actor, person.id).await? {
        return Ok(person);
    }
    search::count_miss(ctx).await?;
    Err(Error::NotFound)
}

/// The id behind a reference in a request body; `pointer` says where it stood. Nobody names people to a delegation or an
/// office who are not their own.
pub async fn resolve(ctx: &Ctx, handle: &Handle, pointer: &str) -> Result<PersonId, Error> {
    match get_own(ctx, handle).await {
        Ok(person) => Ok(PersonId(person.id)),
        Err(Error::NotFound | Error::Gone) => Err(unknown(pointer)),
        Err(error) => Err(error),
    }
}

fn unknown(pointer: &str) -> Error {
    Error::invalid(pointer, "unknown_person", "Name an existing person by id.")
}

/// The names of those of `ids` whom the actor may see, in one query. Whoever is not among them is to be shown by
/// function only: neither name nor id.
pub async fn names_of(
    ctx: &Ctx,
    ids: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, NameHistory>, Error> {
    // A key without that scope is told no names by the way.
    match ctx.actor.may_read(Resource::Persons) {
        Ok(()) => store::person_names(ctx.read(Resource::Persons)?, &ctx.actor, ids).await,
        Err(_) => Ok(HashMap::new()),
    }
}

/// Where a person is written to, whoever asks: for writing to them, never for an answer.
pub async fn address_of(connection: &impl ConnectionTrait, id: PersonId) -> Result<Option<String>, Error> {
    store::person_address(connection, id).await
}

/// Those of `ids` of whom the actor may know all that is known, in one query; nobody for a key without that scope. Ids in
/// partner systems are left out.
pub async fn known_of(ctx: &Ctx, ids: impl IntoIterator<Item = PersonId>) -> Result<HashMap<PersonId, Person>, Error> {
    match ctx.actor.may_read(Resource::Persons) {
        Ok(()) => store::persons_known(ctx.read(Resource::Persons)?, &ctx.actor, ids).await,
        Err(_) => Ok(HashMap::new()),
    }
}

/// Adds a person.
pub async fn create(ctx: &Ctx, input: Person) -> Result<Visible<Person>, Error> {
    let permit = ctx.actor.permit(Resource::Persons, Target::default())?;
    let input = kept(resolved(ctx, input, None).await?);
    let tx = ctx.write(permit).await?;
    let made = store::person_insert(&tx, input).await?;
    tx.record(change("person.created", &made, to_json(&made.content)?));
    tx.commit().await?;
    Ok(made)
}

/// The persons who may be meant by what a table says, of those whom the actor may name to a delegation: by ids in partner
/// systems, by address, and by name among the people of these organisations. In a fixed number of queries.
pub async fn meant(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    wanted: &Wanted,
    organisations: impl IntoIterator<Item = OrganisationId>,
) -> Result<Vec<KnownPerson>, Error> {
    store::persons_meant(connection, actor, wanted, organisations).await
}

/// Whether the caller may add persons where `target` is: of anywhere, or of its own organisation.
pub fn may_add(ctx: &Ctx, target: Target) -> bool {
    ctx.actor.permit(Resource::Persons, target).is_ok()
}

/// Adds many persons within somebody else's transaction, where `target` is; gives their ids in order. Whoever calls has
/// checked them.
pub async fn add_all(ctx: &Ctx, tx: &Tx, target: Target, people: &[Person]) -> Result<Vec<Uuid>, Error> {
    let _both = ctx.actor.permit(Resource::Persons, target)?;
    let made = store::persons_insert(tx, people).await?;
    for person in &made {
        tx.record(change("person.created", person, to_json(&person.content)?));
    }
    Ok(made.into_iter().map(|person| person.id).collect())
}

/// Replaces what is known of a person, if it still is what the caller read. An organisation corrects its own people in
/// its delegations, and of them only what nobody else relies on.
pub async fn replace(ctx: &Ctx, handle: &Handle, expected: Expected, input: Person) -> Result<Visible<Person>, Error> {
    ctx.actor.may_write(Resource::Persons)?;
    let current = get(ctx, handle).await?;
    let (permit, wholly) = right(ctx, &current).await?;
    expected.check_object(&current)?;
    let input = resolved(ctx, input, Some(&current.content)).await?;
    if !wholly {
        input.check_corrects(&current.content)?;
    }
    let input = kept(input.succeeding(&current.content, ctx.now));
    let tx = ctx.write(permit).await?;
    let made = store::person_update(&tx, &current, input).await?;
    tx.record(change("person.updated", &made, audit::diff(&current.content, &made.content)?));
    if !made.content.identified_as(&current.content) {
        review_anew(&tx, PersonId(made.id)).await?;
    }
    tx.commit().await?;
    Ok(made)
}

/// The right to say what is known of the person, and whether to all of it: the secretariat has it to anybody, an
/// organisation to its own people where they are in its delegation.
async fn right(ctx: &Ctx, person: &Visible<Person>) -> Result<(Permit, bool), Error> {
    let refused = match ctx.actor.permit(Resource::Persons, Target::default()) {
        Ok(permit) => return Ok((permit, true)),
        Err(refused) => refused,
    };
    if let Some(own) = reference(person.content.organisation_id.as_ref()).map(OrganisationId) {
        let connection = ctx.read(Resource::Persons)?;
        for target in delegations::delegations_of(connection, &ctx.actor, PersonId(person.id), own).await? {
            if let Ok(permit) = ctx.actor.permit(Resource::Persons, target) {
                return Ok((permit, false));
            }
        }
    }
    Err(refused.into())
}

/// Sends back to review where the person was approved to come: that was for somebody of another name.
async fn review_anew(tx: &Tx, person: PersonId) -> Result<(), Error> {
    let diff = json!({"state": {"old": DelegateState::Approved, "new": DelegateState::UnderReview}});
    for approved in delegations::approvals_withdraw(tx, person).await? {
        let Approved { id, version, event, organisation } = approved;
        tx.record(Change {
            event: Some(event),
            organisation: Some(organisation),
            subject: Some(person.0),
            diff: diff.clone(),
            ..Change::new(DelegateState::UnderReview.change_kind(), id, version)
        });
    }
    Ok(())
}

/// Takes a person out of all lists; roles and delegations of the past keep the name.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let permit = ctx.actor.permit(Resource::Persons, Target::default())?;
    let current = get(ctx, handle).await?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    let version = store::person_delete(&tx, &current).await?;
    tx.record(Change { version, ..change("person.deleted", &current, Value::Null) });
    tx.commit().await
}

/// Creates the person a partner knows by `external`, or replaces it. Says whether it is new.
pub async fn put_external(
    ctx: &Ctx,
    external: ExternalId,
    expected: Expected,
    mut input: Person,
) -> Result<(Visible<Person>, bool), Error> {
    // Who may write some persons only is not told by the way whose ids there are.
    let _all = ctx.actor.permit(Resource::Persons, Target::default())?;
    external.claim(&mut input.external_ids)?;
    match object_by_external(ctx.read(Resource::Persons)?, KIND, &external).await? {
        None => Ok((create(ctx, input).await?, true)),
        Some(id) => Ok((replace(ctx, &Handle::Id(id), expected.or_any(), input).await?, false)),
    }
}

/// The input with the id of its organisation, once nothing is wrong with it. A reference that stays as it was is not
/// resolved again: what it names may have been deleted since.
async fn resolved(ctx: &Ctx, mut input: Person, current: Option<&Person>) -> Result<Person, Error> {
    input.check()?;
    let kept = current.and_then(|current| current.organisation_id.as_ref());
    if let Some(organisation) = input.organisation_id.as_ref().filter(|named| Some(*named) != kept) {
        let organisation = organisations::resolve(ctx, organisation, "/organisation_id").await?;
        input.organisation_id = Some(Handle::Id(organisation.0));
    }
    Ok(input)
}

/// The input as it is to be kept.
fn kept(mut input: Person) -> Person {
    input.former_names = input.former_names.filter(|names| !names.is_empty());
    input.external_ids.sort();
    input
}

/// Known to the secretariat and to the person's own organisation.
fn change(kind: &'static str, person: &Visible<Person>, diff: Value) -> Change {
    let organisation = reference(person.content.organisation_id.as_ref());
    Change { organisation, diff, ..Change::new(kind, person.id, person.version) }
}
