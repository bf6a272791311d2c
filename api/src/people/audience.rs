//! Whom an object is for, where it names a chosen few.

use domain::{
    access::{Resource, Visibility, audience},
    identifier::Handle,
};

use super::{search, store, unknown};
use crate::{context::Ctx, error::Error, organisations};

/// The organisations or persons that `named` means, by id. Those of `kept` stay as they are: they may have been deleted
/// since. `visibility` says which of the two they are.
pub async fn resolve(
    ctx: &Ctx,
    visibility: Visibility,
    named: Vec<Handle>,
    kept: &[Handle],
) -> Result<Vec<Handle>, Error> {
    let (kept, fresh): (Vec<_>, Vec<_>) = named.into_iter().enumerate().partition(|(_, member)| kept.contains(member));
    let fresh: Vec<_> = fresh.iter().map(|(at, member)| (format!("/audience_ids/{at}"), member)).collect();
    let mut found = match fresh.as_slice() {
        [] => vec![],
        _ if visibility == Visibility::Named => persons(ctx, fresh).await?,
        _ => organisations::resolve_all(ctx, fresh).await?,
    };
    found.extend(kept.into_iter().map(|(_, member)| member));
    found.sort_by_key(Handle::id);
    // What was named by id and by code is found out only now.
    let mut check = domain::Check::new();
    audience::check(visibility, &found, &mut check);
    check.finish()?;
    Ok(found)
}

/// As [`super::resolve`], for many in two queries. A protected person stands in no list that others read.
async fn persons(ctx: &Ctx, named: Vec<(String, &Handle)>) -> Result<Vec<Handle>, Error> {
    let ids = named.iter().filter_map(|(_, member)| member.id());
    let own = store::persons_own(ctx.read(Resource::Persons)?, &ctx.actor, ids).await?;
    for (pointer, member) in &named {
        match member.id().and_then(|id| own.get(&id)) {
            Some(false) => {}
            Some(true) => {
                let detail = "This person is protected. Show the object to the delegation: choose 'own_delegation'.";
                return Err(Error::invalid(pointer, "protected_person", detail));
            }
            None => {
                search::count_miss(ctx).await?;
                return Err(unknown(pointer));
            }
        }
    }
    Ok(named.into_iter().map(|(_, member)| member.clone()).collect())
}
