//! `/groups/{id}/conflicts`.

use domain::{
    groups::{GroupConflictList, GroupConflicts},
    identifier::Handle,
};
use poem_openapi::{OpenApi, param::Path};

use super::Said;
use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{Tag, body::Body, reply::Found},
};

/// The operations on conflicts of groups.
#[derive(Debug)]
pub struct Conflicts;

#[OpenApi(tag = "Tag::Groups")]
impl Conflicts {
    /// Read with which groups a group does not want to sit at the same time
    ///
    /// By id or code. The list is what a new request of the group begins with, and it is looked at in the programmes of
    /// events for which the group has asked for nothing. For the chairs, co-chairs and secretaries of the group and for
    /// the secretariat.
    #[oai(path = "/groups/:id/conflicts", method = "get", operation_id = "get_group_conflicts")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<GroupConflictList>, Error> {
        answer(&ctx, super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Say with which groups a group does not want to sit at the same time
    ///
    /// In tiers: `chair`, the same person chairs both; `key`, the same people matter in both; `topic`, the same matters.
    /// What follows from who chairs need not be said. While nothing was said no `If-Match` is needed; after that it is.
    #[oai(path = "/groups/:id/conflicts", method = "put", operation_id = "set_group_conflicts")]
    async fn set(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<GroupConflicts>,
    ) -> Result<Found<GroupConflictList>, Error> {
        answer(&ctx, super::set(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }
}

/// The tag changes with who chairs, too.
fn answer(ctx: &Ctx, said: Said) -> Result<Found<GroupConflictList>, Error> {
    let ids = said.list.derived.iter().filter_map(|conflict| conflict.group_id.id());
    let derived = ids.fold(0_u128, |all, id| all.rotate_left(1) ^ id.as_u128());
    Found::tagged(ctx, &said.list, format!("{}-{derived:x}", said.version))
}
