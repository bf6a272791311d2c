//! `/keys`.

use domain::access::{IssuedKey, Key, KeyRotation, NewKey};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on API keys.
#[derive(Debug)]
pub struct Keys;

#[OpenApi(tag = "Tag::Keys")]
impl Keys {
    /// List keys
    ///
    /// Those not revoked, oldest first, without their secrets. For administrators and auditors.
    #[oai(path = "/keys", method = "get", operation_id = "list_keys")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Key>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &paging).await?)
    }

    /// Read a key
    ///
    /// Without its secret, which is not kept.
    #[oai(path = "/keys/:id", method = "get", operation_id = "get_key")]
    async fn get(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Found<Visible<Key>>, Error> {
        Found::new(&ctx, &super::get(&ctx, id.0).await?)
    }

    /// Make a key
    ///
    /// The answer holds the secret: this once, and nowhere afterwards, so a repetition with the same `Idempotency-Key`
    /// is answered with 409. For administrators; a narrowed key makes only keys as narrow.
    #[oai(path = "/keys", method = "post", operation_id = "create_key")]
    async fn create(&self, ctx: Ctx, body: Body<NewKey>) -> Result<Created<Visible<IssuedKey>>, Error> {
        Ok(Created::new(&ctx, "/keys", &super::create(&ctx, body.0).await?)?.not_to_be_kept())
    }

    /// Replace a key
    ///
    /// Makes one like it: the same role, narrowing and account, with a secret of its own that only this answer holds. The old
    /// one works for `overlap_hours` more, 24 where nothing is said, so that nobody is cut off; its feeds become those of
    /// the new one. At most two keys of one lineage work at a time. `If-Match` is honoured but not needed.
    #[oai(path = "/keys/:id/rotate", method = "post", operation_id = "rotate_key")]
    async fn rotate(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        expected: Expected,
        body: Body<KeyRotation>,
    ) -> Result<Created<Visible<IssuedKey>>, Error> {
        let made = super::rotate(&ctx, id.0, expected, body.0).await?;
        Ok(Created::new(&ctx, "/keys", &made)?.not_to_be_kept())
    }

    /// Revoke a key
    ///
    /// It stops working at once, and for good.
    #[oai(path = "/keys/:id", method = "delete", operation_id = "revoke_key")]
    async fn revoke(&self, ctx: Ctx, id: Path<Uuid>, expected: Expected) -> Result<Done, Error> {
        super::revoke(&ctx, id.0, expected).await?;
        Ok(Done)
    }
}
