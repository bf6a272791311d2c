//! People whom a delegation brings along and whom nobody knows here yet.
//!
//! Whoever names somebody by what is new about them is told nothing of persons they may not see: a new person is made,
//! whoever else has the same name or address. Only among the caller's own people the same name with the same address is
//! taken for a mistake.

use domain::{
    access::{Permit, Resource, Target},
    identifier::{Handle, OrganisationId, PersonId},
    people::{Newcomer, Person},
};

use super::{change, resolve, store};
use crate::{
    context::Ctx,
    db::{Tx, to_json},
    error::Error,
};

/// Somebody who is to be named to a delegation, before the transaction of that begins.
#[derive(Debug)]
pub enum Named {
    /// A person the caller may name.
    Known(PersonId),
    /// Somebody new, with the right to add them.
    New(Permit, Box<Person>),
}

/// Whom a body means by its members `person_id` and `person`; `target` is the delegation of `organisation`.
pub async fn named(
    ctx: &Ctx,
    (known, new): (Option<&Handle>, Option<&Newcomer>),
    (target, organisation): (Target, OrganisationId),
) -> Result<Named, Error> {
    match domain::people::Named::one_of(known, new)? {
        domain::people::Named::Known(known) => Ok(Named::Known(resolve(ctx, known, "/person_id").await?)),
        domain::people::Named::New(new) => {
            let permit = ctx.actor.permit(Resource::Persons, target)?;
            Ok(Named::New(permit, Box::new(new.of(organisation))))
        }
    }
}

/// The id of whoever is named, who is added first where they are new.
pub async fn enter(ctx: &Ctx, tx: &Tx, named: Named) -> Result<PersonId, Error> {
    let (_permit, person) = match named {
        Named::Known(id) => return Ok(id),
        Named::New(permit, person) => (permit, person),
    };
    if let Some(PersonId(id)) = store::person_alike(tx, &ctx.actor, &person).await? {
        let detail =
            format!("Somebody of this name with this address is among your people. Name them by person_id {id}.");
        return Err(Error::conflict("person_known", detail));
    }
    let made = store::person_insert(tx, *person).await?;
    tx.record(change("person.created", &made, to_json(&made.content)?));
    Ok(PersonId(made.id))
}
