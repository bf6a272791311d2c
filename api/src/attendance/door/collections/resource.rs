//! `/delegations/{id}/badge-collections`.

use domain::{
    attendance::door::{BadgeCollection, BadgeCollectionInput},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{Tag, body::Body, reply::Listed},
};

/// The operations on collections of badges.
#[derive(Debug)]
pub struct BadgeCollections;

#[OpenApi(tag = "Tag::Door")]
impl BadgeCollections {
    /// List who picked up the badges of a delegation
    ///
    /// The first collection first. For the delegation itself and those who run the event.
    #[oai(path = "/delegations/:id/badge-collections", method = "get", operation_id = "list_badge_collections")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<BadgeCollection>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Record who picked up badges of a delegation
    ///
    /// For the secretariat at the desk: one delegate of the delegation takes 1 to 100 valid badges along, all or none. A
    /// badge is picked up once; one that is printed in its place is picked up anew.
    #[oai(path = "/delegations/:id/badge-collections", method = "post", operation_id = "record_badge_collection")]
    async fn record(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<BadgeCollectionInput>,
    ) -> Result<Listed<BadgeCollection>, Error> {
        Listed::computed(&ctx, &super::record(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
