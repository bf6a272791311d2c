//! `/persons`.

use domain::{external::ExternalId, identifier::Handle, people::Person};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::Filter;
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        param::{Param, given},
        reply::{Created, Done, Found, Listed, Put},
    },
};

/// The operations on persons.
#[derive(Debug)]
pub struct Persons;

#[OpenApi(tag = "Tag::Persons")]
impl Persons {
    /// List persons
    ///
    /// By family name. Staff see everybody. Others see the people of their own organisation and of their own delegations;
    /// with `q` they search, by at least three letters, also among who leads the groups they belong to or keeps their
    /// business, whom they see without addresses. A search gives at most 20 people and no further pages, is noted in the
    /// audit log, and can be repeated 60 times in ten minutes.
    #[oai(path = "/persons", method = "get", operation_id = "list_persons")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Words in any name, former names included, or the address; without regard to case and diacritics.
        #[oai(validator(min_length = 1, max_length = 200))]
        q: Query<Option<String>>,
        /// Only persons who come from this organisation, by id or code.
        organisation: Query<Option<Param<Handle>>>,
    ) -> Result<Listed<Page<Visible<Person>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { q: q.0, organisation: given(organisation) };
        Listed::new(&ctx, &super::list(&ctx, &filter, &paging).await?)
    }

    /// Read a person
    ///
    /// By id. A person you may not see does not exist for you; whoever but staff tries more than 100 such ids in ten minutes
    /// is answered with 429 for a while.
    #[oai(path = "/persons/:id", method = "get", operation_id = "get_person")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Person>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Add a person
    ///
    /// Look first whether the person is there already: nothing but an external id has to be unique.
    #[oai(path = "/persons", method = "post", operation_id = "create_person")]
    async fn create(&self, ctx: Ctx, body: Body<Person>) -> Result<Created<Visible<Person>>, Error> {
        Created::new(&ctx, "/persons", &super::create(&ctx, body.0).await?)
    }

    /// Replace a person
    ///
    /// Everything that is not sent is cleared, former names excepted: a name that changes joins them. Who may is said at
    /// `PATCH`.
    #[oai(path = "/persons/:id", method = "put", operation_id = "replace_person")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Person>,
    ) -> Result<Found<Visible<Person>>, Error> {
        Found::new(&ctx, &super::replace(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }

    /// Change a person
    ///
    /// JSON merge patch: what is not sent stays. A `display_name` that changes joins `former_names`. For the secretariat;
    /// whoever composes a delegation corrects the people in it who come from their own organisation, until it is closed:
    /// names, languages, addresses and offices, and protects them. Somebody approved to come whose name changes is
    /// reviewed again.
    #[oai(path = "/persons/:id", method = "patch", operation_id = "update_person")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Person>,
    ) -> Result<Found<Visible<Person>>, Error> {
        let handle = Handle::from(id.0);
        let patched = body.apply(&super::get(&ctx, &handle).await?.content)?;
        Found::new(&ctx, &super::replace(&ctx, &handle, expected, patched).await?)
    }

    /// Delete a person
    ///
    /// The person leaves all lists; roles and delegations of the past keep the name.
    #[oai(path = "/persons/:id", method = "delete", operation_id = "delete_person")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Create or replace a person by a partner's id
    ///
    /// For synchronising without a mapping table; `If-Match` is honoured but not needed.
    #[oai(
        path = "/persons/by-external/:system/:external_id",
        method = "put",
        operation_id = "put_person_by_external_id"
    )]
    async fn put_external(
        &self,
        ctx: Ctx,
        system: Path<String>,
        external_id: Path<String>,
        expected: Expected,
        body: Body<Person>,
    ) -> Result<Put<Visible<Person>>, Error> {
        let external = ExternalId { system: system.0, id: external_id.0 };
        let (person, new) = super::put_external(&ctx, external, expected, body.0).await?;
        Put::new(&ctx, "/persons", &person, new)
    }
}
