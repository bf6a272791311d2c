//! `/groups/{id}/seal` and `/seals`.

use domain::{
    groups::{NewBreaking, NewSeal, Seal, SealSummary},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Done, Listed},
    },
};

/// The operations on seals.
#[derive(Debug)]
pub struct Seals;

#[OpenApi(tag = "Tag::Groups")]
impl Seals {
    /// Seal a group
    ///
    /// From now on the group, its memberships and roles, its events and everything in them are there only for the
    /// accounts that are admitted, signed in with a browser: not for administrators and auditors, and for no key. Being
    /// admitted opens nothing by itself. Subgroups are not sealed along. For those who may write the group, with a
    /// sign-in of the last minutes; you are admitted yourself.
    #[oai(path = "/groups/:id/seal", method = "post", operation_id = "seal_group")]
    async fn create(&self, ctx: Ctx, id: Path<String>, body: Body<NewSeal>) -> Result<Listed<Seal>, Error> {
        Listed::computed(&ctx, &super::create(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Read the seal on a group
    ///
    /// Who is admitted, and whether an administrator has asked to break it. For those admitted; nobody else sees the
    /// group at all.
    #[oai(path = "/groups/:id/seal", method = "get", operation_id = "get_group_seal")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<Seal>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Lift the seal on a group
    ///
    /// For anybody admitted, with a sign-in of the last minutes. The group is again for all who may see it otherwise.
    #[oai(path = "/groups/:id/seal", method = "delete", operation_id = "lift_group_seal")]
    async fn lift(&self, ctx: Ctx, id: Path<String>) -> Result<Done, Error> {
        super::lift(&ctx, &Handle::from(id.0)).await?;
        Ok(Done)
    }

    /// Admit an account to a sealed group
    ///
    /// By the id of the account. For anybody admitted, with a sign-in of the last minutes. What an administrator could
    /// use to come in by way of the account, such as its address and its role, stays as it is from then on.
    #[oai(path = "/groups/:id/seal/admissions/:account_id", method = "put", operation_id = "admit_to_group_seal")]
    async fn admit(&self, ctx: Ctx, id: Path<String>, account_id: Path<Uuid>) -> Result<Listed<Seal>, Error> {
        Listed::computed(&ctx, &super::admit(&ctx, &Handle::from(id.0), account_id.0).await?)
    }

    /// Take an admission to a sealed group back
    ///
    /// Anybody's, one's own included, but not the last one. For anybody admitted, with a sign-in of the last minutes.
    #[oai(
        path = "/groups/:id/seal/admissions/:account_id",
        method = "delete",
        operation_id = "withdraw_group_seal_admission"
    )]
    async fn withdraw(&self, ctx: Ctx, id: Path<String>, account_id: Path<Uuid>) -> Result<Done, Error> {
        super::withdraw(&ctx, &Handle::from(id.0), account_id.0).await?;
        Ok(Done)
    }

    /// List the seals there are
    ///
    /// By the ids of the groups, and nothing of what is behind them. For administrators.
    #[oai(path = "/seals", method = "get", operation_id = "list_seals")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<SealSummary>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &paging).await?)
    }

    /// Ask for a seal to be broken
    ///
    /// By the id of the group. For administrators in person, with a sign-in of the last minutes. It takes another
    /// administrator, who approves it within three days. Those admitted are told.
    #[oai(path = "/seals/:id/breaking", method = "post", operation_id = "ask_seal_breaking")]
    async fn ask(&self, ctx: Ctx, id: Path<Uuid>, body: Body<NewBreaking>) -> Result<Listed<SealSummary>, Error> {
        Listed::computed(&ctx, &super::ask_breaking(&ctx, id.0, body.0).await?)
    }

    /// Withdraw the request to break a seal
    ///
    /// For administrators in person, with a sign-in of the last minutes.
    #[oai(path = "/seals/:id/breaking", method = "delete", operation_id = "withdraw_seal_breaking")]
    async fn withdraw_breaking(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Done, Error> {
        super::withdraw_breaking(&ctx, id.0).await?;
        Ok(Done)
    }

    /// Approve the breaking of a seal
    ///
    /// For a second administrator in person, with a sign-in of the last minutes: one who was an administrator when it
    /// was asked, is not the person who asked, and of whose two accounts neither was made by the other. The seal is gone
    /// for all.
    #[oai(path = "/seals/:id/breaking/approval", method = "post", operation_id = "approve_seal_breaking")]
    async fn approve(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Done, Error> {
        super::approve_breaking(&ctx, id.0).await?;
        Ok(Done)
    }
}
