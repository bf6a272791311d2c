//! Whom an object is for, where it names a chosen few.

use domain::{
    access::{Visibility, audience},
    identifier::Handle,
};

use crate::{context::Ctx, error::Error, organisations};

const POINTER: &str = "/audience_ids";

/// The organisations or persons that `named` means, by id. Those of `kept` stay as they are: they may have been deleted
/// since. `visibility` says which of the two they are.
pub async fn resolve(
    ctx: &Ctx,
    visibility: Visibility,
    named: Vec<Handle>,
    kept: &[Handle],
) -> Result<Vec<Handle>, Error> {
    let mut found = Vec::with_capacity(named.len());
    for (at, member) in named.into_iter().enumerate() {
        let pointer = format!("{POINTER}/{at}");
        found.push(if kept.contains(&member) {
            member
        } else if visibility == Visibility::Named {
            person(ctx, &member, &pointer).await?
        } else {
            Handle::Id(organisations::resolve(ctx, &member, &pointer).await?.0)
        });
    }
    found.sort_by_key(Handle::id);
    // What was named by id and by code is found out only now.
    let mut check = domain::Check::new();
    audience::check(visibility, &found, &mut check);
    check.finish()?;
    Ok(found)
}

/// A protected person stands in no list that others read.
async fn person(ctx: &Ctx, handle: &Handle, pointer: &str) -> Result<Handle, Error> {
    let id = super::resolve(ctx, handle, pointer).await?.0;
    if super::get(ctx, &Handle::Id(id)).await?.content.protected {
        let detail = "This person is protected. Show the object to the delegation: choose 'own_delegation'.";
        return Err(Error::invalid(pointer, "protected_person", detail));
    }
    Ok(Handle::Id(id))
}
