//! `/me`: who asks, and their sign-ins. Signing in itself is on the pages.

use domain::access::{Me, SignIns};
use poem_openapi::{OpenApi, param::Path};
use uuid::Uuid;

use crate::{
    context::Ctx,
    error::Error,
    http::{
        Tag,
        reply::{Done, Listed},
    },
};

/// The operations on sign-ins.
#[derive(Debug)]
pub struct BrowserSignIns;

#[OpenApi(tag = "Tag::SignIns")]
impl BrowserSignIns {
    /// Say who asks
    ///
    /// The key, or the account that the browser is signed in to. With a sign-in the answer holds `csrf_token`, which goes
    /// into the header `X-CSRF-Token` of everything but GET.
    #[oai(path = "/me", method = "get", operation_id = "get_me")]
    async fn me(&self, ctx: Ctx) -> Result<Listed<Me>, Error> {
        Ok(Listed::computed(&ctx, &super::me(&ctx)?)?.not_to_be_kept())
    }

    /// Show my sign-ins
    ///
    /// The browsers that are signed in to the account, newest first. A key has none.
    #[oai(path = "/me/sign-ins", method = "get", operation_id = "get_my_sign_ins")]
    async fn list(&self, ctx: Ctx) -> Result<Listed<SignIns>, Error> {
        Listed::computed(&ctx, &super::list(&ctx).await?)
    }

    /// Sign out everywhere
    ///
    /// Ends all sign-ins of the account, this one as well, at once.
    #[oai(path = "/me/sign-ins", method = "delete", operation_id = "end_my_sign_ins")]
    async fn end_everywhere(&self, ctx: Ctx) -> Result<Done, Error> {
        super::end_everywhere(&ctx).await?;
        Ok(Done)
    }

    /// End one of my sign-ins
    ///
    /// That browser is signed out at once.
    #[oai(path = "/me/sign-ins/:id", method = "delete", operation_id = "end_my_sign_in")]
    async fn end(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Done, Error> {
        super::end(&ctx, id.0).await?;
        Ok(Done)
    }

    /// End the sign-ins of an account
    ///
    /// All its browsers are signed out at once. For administrators.
    #[oai(path = "/accounts/:id/sign-ins", method = "delete", operation_id = "end_account_sign_ins")]
    async fn end_of_account(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Done, Error> {
        super::end_of_account(&ctx, id.0).await?;
        Ok(Done)
    }
}
