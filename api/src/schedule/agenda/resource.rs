//! `/sessions/{id}/agenda`, `/agenda-items` and `/agenda-editions`.

use domain::{
    identifier::Handle,
    schedule::agenda::{Details, Edition, EditionHead, ItemShown, ItemState, Kind, NewEdition, Numbering, Transition},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{Agenda, Said, editions, items, items::Filter};
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        param::{Param, given},
        reply::{Created, Done, Found, Listed, tag_beside},
    },
};

/// The operations on agendas.
#[derive(Debug)]
pub struct Agendas;

#[OpenApi(tag = "Tag::Sessions")]
impl Agendas {
    /// Read the agenda of a session
    ///
    /// All its items that you may see, each before those below it, with the times to be expected at this moment: from
    /// planned minutes, from when items were opened and closed, and from the time it is. `running_late_minutes` is 25
    /// where the last item will be through 25 minutes later than planned. Items that you do not see may take time too.
    #[oai(path = "/sessions/:id/agenda", method = "get", operation_id = "get_agenda")]
    async fn agenda(&self, ctx: Ctx, id: Path<String>) -> Result<Listed<Agenda>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Read how an agenda is numbered
    ///
    /// `1`, `2`, `3` while nothing was said.
    #[oai(path = "/sessions/:id/agenda-numbering", method = "get", operation_id = "get_agenda_numbering")]
    async fn numbering(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Numbering>, Error> {
        answer(&ctx, super::numbering(&ctx, &Handle::from(id.0)).await?)
    }

    /// Say how an agenda is numbered
    ///
    /// Items at the top by arabic or roman numerals behind a prefix; those below by the number above them, a full stop
    /// and arabic numerals. Not any more once the agenda is adopted. While nothing was said no `If-Match` is needed.
    #[oai(path = "/sessions/:id/agenda-numbering", method = "put", operation_id = "set_agenda_numbering")]
    async fn set_numbering(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Numbering>,
    ) -> Result<Found<Numbering>, Error> {
        answer(&ctx, super::set_numbering(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }

    /// Adopt an agenda
    ///
    /// Keeps it as an adopted edition. From then on every item keeps the number it has: what is inserted between 3 and 4
    /// is `3 bis`, the next `3 ter`, and what comes after the last has the next number. An agenda that was amended can be
    /// adopted again; the editions before stay.
    #[oai(path = "/sessions/:id/agenda/adopt", method = "post", operation_id = "adopt_agenda")]
    async fn adopt(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<NewEdition>,
    ) -> Result<Created<Visible<Edition>>, Error> {
        let made = editions::adopt(&ctx, &Handle::from(id.0), body.0).await?;
        Created::new(&ctx, "/agenda-editions", &made)
    }

    /// List the editions of an agenda
    ///
    /// Provisional and adopted ones, the first first, without their items.
    #[oai(path = "/sessions/:id/agenda-editions", method = "get", operation_id = "list_agenda_editions")]
    async fn editions(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<EditionHead>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &editions::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Keep a provisional edition of an agenda
    ///
    /// The agenda as it is proposed now, for those who are to prepare for it. Hidden items are not in it.
    #[oai(path = "/sessions/:id/agenda-editions", method = "post", operation_id = "create_agenda_edition")]
    async fn keep(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<NewEdition>,
    ) -> Result<Created<Visible<Edition>>, Error> {
        let made = editions::create(&ctx, &Handle::from(id.0), body.0).await?;
        Created::new(&ctx, "/agenda-editions", &made)
    }

    /// Read an edition of an agenda
    ///
    /// As it stood, with the items that you might see then and may see now.
    #[oai(path = "/agenda-editions/:id", method = "get", operation_id = "get_agenda_edition")]
    async fn edition(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Edition>>, Error> {
        let edition = editions::get(&ctx, &Handle::from(id.0)).await?;
        let mark = edition.content.items.len().to_string();
        Found::marked(&ctx, &edition, &mark)
    }

    /// List the items of an agenda
    ///
    /// Those you may see, by age; `GET /sessions/{id}/agenda` gives them in their order.
    #[oai(path = "/sessions/:id/agenda-items", method = "get", operation_id = "list_agenda_items")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only of this kind, such as `decision`.
        kind: Query<Option<Param<Kind>>>,
        /// Only in this state, such as `planned`.
        state: Query<Option<Param<ItemState>>>,
    ) -> Result<Listed<Page<Visible<ItemShown>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        let filter = Filter { kind: given(kind), state: given(state) };
        Listed::new(&ctx, &items::list(&ctx, &Handle::from(id.0), filter, &paging).await?)
    }

    /// Add an item to an agenda
    ///
    /// At `position` among the items below `parent_id`, or last. Its number follows from its place, unless one is given
    /// by hand. `internal` and `hidden` items are seen by those who run the event alone and have no number, so that no
    /// number is missing from what others see.
    #[oai(path = "/sessions/:id/agenda-items", method = "post", operation_id = "create_agenda_item")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Details>,
    ) -> Result<Created<Visible<ItemShown>>, Error> {
        let made = items::create(&ctx, &Handle::from(id.0), body.0).await?;
        Created::at(&ctx, &format!("/agenda-items/{}", made.id), &made, tag(&made)?)
    }

    /// Read an item of an agenda
    ///
    /// By id.
    #[oai(path = "/agenda-items/:id", method = "get", operation_id = "get_agenda_item")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<ItemShown>>, Error> {
        found(&ctx, &items::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace an item of an agenda
    ///
    /// Everything that is not sent is cleared; without a `position` it stays where it is.
    #[oai(path = "/agenda-items/:id", method = "put", operation_id = "replace_agenda_item")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Details>,
    ) -> Result<Found<Visible<ItemShown>>, Error> {
        found(&ctx, &items::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change an item of an agenda
    ///
    /// JSON merge patch: what is not sent stays. `{"position": 1}` moves it before its siblings, `{"parent_id": null}` to
    /// the top. Once the agenda is adopted it keeps its number wherever it goes.
    #[oai(path = "/agenda-items/:id", method = "patch", operation_id = "update_agenda_item")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Details>,
    ) -> Result<Found<Visible<ItemShown>>, Error> {
        found(&ctx, &items::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Move an item of an agenda to another state
    ///
    /// `planned` → `open` → `suspended` → `open` → `closed`; `deferred` and `withdrawn` take it off, `planned` puts it
    /// back, and a `closed` item can be opened again. In a session one item is open at a time. When an item was opened and
    /// closed, the server's clock says.
    #[oai(path = "/agenda-items/:id/transitions", method = "post", operation_id = "transition_agenda_item")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Transition>,
    ) -> Result<Found<Visible<ItemShown>>, Error> {
        found(&ctx, &items::step(&ctx, &Handle::from(id.0), &body.0).await?)
    }

    /// Delete an item of an agenda
    ///
    /// For one entered by mistake, without items below it; withdraw what people know of. After the adoption its number is
    /// not given again.
    #[oai(path = "/agenda-items/:id", method = "delete", operation_id = "delete_agenda_item")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        items::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }
}

fn answer(ctx: &Ctx, said: Said) -> Result<Found<Numbering>, Error> {
    Found::tagged(ctx, &said.numbering, said.version.to_string())
}

fn found(ctx: &Ctx, item: &Visible<ItemShown>) -> Result<Found<Visible<ItemShown>>, Error> {
    Found::tagged(ctx, item, tag(item)?)
}

/// Number, depth and place of an item change when others move.
fn tag(item: &Visible<ItemShown>) -> Result<String, Error> {
    let content = &item.content;
    tag_beside(item.version, &(&content.number, content.depth, content.details.position))
}
