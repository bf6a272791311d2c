//! `/accounts`. An address of a person does not stand in the address of a resource, so accounts are named by id only.

use domain::{access::Account, identifier::Handle};
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
        body::{Body, Patch},
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on accounts.
#[derive(Debug)]
pub struct Accounts;

#[OpenApi(tag = "Tag::Keys")]
impl Accounts {
    /// List accounts
    ///
    /// By e-mail address. For administrators and auditors.
    #[oai(path = "/accounts", method = "get", operation_id = "list_accounts")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Account>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &paging).await?)
    }

    /// Read an account
    ///
    /// For administrators and auditors.
    #[oai(path = "/accounts/:id", method = "get", operation_id = "get_account")]
    async fn get(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Found<Visible<Account>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::Id(id.0)).await?)
    }

    /// Add an account
    ///
    /// The e-mail address must be free. For administrators.
    #[oai(path = "/accounts", method = "post", operation_id = "create_account")]
    async fn create(&self, ctx: Ctx, body: Body<Account>) -> Result<Created<Visible<Account>>, Error> {
        Created::new(&ctx, "/accounts", &super::create(&ctx, body.0).await?)
    }

    /// Change an account
    ///
    /// JSON merge patch: what is not sent stays. Keys that the account may no longer have stop working at once.
    #[oai(path = "/accounts/:id", method = "patch", operation_id = "update_account")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        expected: Expected,
        body: Patch<Account>,
    ) -> Result<Found<Visible<Account>>, Error> {
        let patched = body.apply(&super::get(&ctx, &Handle::Id(id.0)).await?.content)?;
        Found::new(&ctx, &super::replace(&ctx, id.0, expected, patched).await?)
    }

    /// Delete an account
    ///
    /// Its keys stop working at once.
    #[oai(path = "/accounts/:id", method = "delete", operation_id = "delete_account")]
    async fn delete(&self, ctx: Ctx, id: Path<Uuid>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, id.0, expected).await?;
        Ok(Done)
    }
}
