//! `/statements/{id}/clauses` and `/clauses`.

use domain::{identifier::Handle, statements::Wording};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::{PastWords, Standing};
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

/// The operations on clauses.
#[derive(Debug)]
pub struct Clauses;

/// The number of a clause is part of what is read, and changes with the clauses before it.
fn tag(clause: &Visible<Standing>) -> String {
    format!("{}-{}", clause.version, clause.content.number.unwrap_or_default())
}

#[OpenApi(tag = "Tag::Statements")]
impl Clauses {
    /// List the clauses of a statement
    ///
    /// All of them, in reading order, with the numbers they carry in every language.
    #[oai(path = "/statements/:id/clauses", method = "get", operation_id = "list_clauses")]
    async fn list(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<Page<Visible<Standing>>>, Error> {
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0)).await?)
    }

    /// Add a clause
    ///
    /// At the end of its part, or after or before another clause of it. The numbers of those behind it move down.
    #[oai(path = "/statements/:id/clauses", method = "post", operation_id = "create_clause")]
    async fn insert(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Wording>,
    ) -> Result<Created<Visible<Standing>>, Error> {
        let made = super::insert(&ctx, &Handle::from(id.0), body.0).await?;
        Created::at(&ctx, &format!("/clauses/{}", made.id), &made, tag(&made))
    }

    /// Read a clause
    ///
    /// With its number as it is now.
    #[oai(path = "/clauses/:id", method = "get", operation_id = "get_clause")]
    async fn get(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Found<Visible<Standing>>, Error> {
        let clause = super::get(&ctx, id.0).await?;
        Found::tagged(&ctx, &clause, tag(&clause))
    }

    /// Replace a clause
    ///
    /// Other words make a new revision and open a clause that was agreed; all languages are sent together. It stays where
    /// it is unless you name another part or a neighbour.
    #[oai(path = "/clauses/:id", method = "put", operation_id = "replace_clause")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        expected: Expected,
        body: Body<Wording>,
    ) -> Result<Found<Visible<Standing>>, Error> {
        let clause = super::edit(&ctx, id.0, expected, |_| Ok(body.0)).await?;
        Found::tagged(&ctx, &clause, tag(&clause))
    }

    /// Change a clause
    ///
    /// JSON merge patch: what is not sent stays, language by language. Other words make a new revision and open a clause
    /// that was agreed.
    #[oai(path = "/clauses/:id", method = "patch", operation_id = "update_clause")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        expected: Expected,
        body: Patch<Wording>,
    ) -> Result<Found<Visible<Standing>>, Error> {
        let clause = super::edit(&ctx, id.0, expected, |wording| body.apply(wording)).await?;
        Found::tagged(&ctx, &clause, tag(&clause))
    }

    /// Delete a clause
    ///
    /// Its id is never used again; the numbers of those behind it move up.
    #[oai(path = "/clauses/:id", method = "delete", operation_id = "delete_clause")]
    async fn delete(&self, ctx: Ctx, id: Path<Uuid>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, id.0, expected).await?;
        Ok(Done)
    }

    /// List the revisions of a clause
    ///
    /// Everything it has said, oldest first. Those who take no part in the event see what it says now.
    #[oai(path = "/clauses/:id/revisions", method = "get", operation_id = "list_clause_revisions")]
    async fn revisions(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<PastWords>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::revisions(&ctx, id.0, &paging).await?)
    }
}
