//! Queries of plans. Who may see which is said here and nowhere else.

use std::collections::HashMap;

use ::entity::schedule::{
    draft_change, session,
    session_plan::{ActiveModel, Column, Entity, Model},
};
use domain::{
    access::{Actor, Disclosure},
    identifier::{EventId, SessionId},
    schedule::{Planned, Sitting, State, Step},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{OnConflict, Query},
};
use uuid::Uuid;

use crate::{
    access::store::{Disclosed, in_event_visible},
    db::{Page, Paging, Tx, Visible, external_ids_of, from_json, page_of, to_chrono, to_json},
    error::Error,
    events::sittings::{self, KIND, Row},
};

/// Who may see a plan.
const SHOWN_TO: Disclosed<Column> =
    Disclosed { visibility: Column::ShownTo, audience: Column::AudienceId, tlp: Column::Tlp, session: None };

/// A plan as it is kept, with its version: 0 and none where nobody has written one.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// The plan; none where the session shall stay as it is.
    pub planned: Option<Planned>,
    /// Its version.
    pub version: i32,
}

/// The plan of a session. `actor` is whoever plans it, and yet may be one to whom its label is too narrow.
pub async fn plan_find(connection: &impl ConnectionTrait, actor: &Actor, session: SessionId) -> Result<Kept, Error> {
    let Some(row) = Entity::find_by_id(session.0).one(connection).await? else { return Ok(Kept::default()) };
    let seen = Entity::find_by_id(session.0).filter(in_event_visible(actor, Column::EventId, SHOWN_TO));
    match seen.one(connection).await? {
        Some(_) => kept(row),
        None => Err(Error::NotFound),
    }
}

/// The plans of an event that say anything, whoever may see them, by session.
pub async fn plans_of_event(
    connection: &impl ConnectionTrait,
    event: EventId,
) -> Result<HashMap<SessionId, Kept>, Error> {
    let rows = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::Planned.is_not_null());
    let rows = rows.all(connection).await?;
    rows.into_iter().map(|row| Ok((SessionId(row.session_id), kept(row)?))).collect()
}

/// The plans of these sessions.
pub async fn plans_of(
    connection: &impl ConnectionTrait,
    sessions: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<SessionId, Kept>, Error> {
    let rows = Entity::find().filter(Column::SessionId.is_in(sessions)).all(connection).await?;
    rows.into_iter().map(|row| Ok((SessionId(row.session_id), kept(row)?))).collect()
}

fn kept(row: Model) -> Result<Kept, Error> {
    Ok(Kept { planned: row.planned.map(from_json).transpose()?, version: row.version })
}

/// One page of the sessions that the next release would do something to, by start as it is now, of which the actor may
/// see that.
pub async fn draft_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    paging: &Paging,
) -> Result<Page<Visible<Sitting>>, Error> {
    use session::Column as Of;
    let plans = Query::select()
        .column(Column::SessionId)
        .from(Entity)
        .cond_where(
            Condition::all().add(Column::EventId.eq(event.0)).add(Column::Planned.is_not_null()).add(in_event_visible(
                actor,
                Column::EventId,
                SHOWN_TO,
            )),
        )
        .to_owned();
    let new = Condition::all().add(Of::State.eq(State::Draft.as_str())).add(Of::StartsAt.is_not_null());
    let select = session::Entity::find()
        .filter(Of::EventId.eq(event.0))
        .filter(Of::DeletedAt.is_null())
        .filter(in_event_visible(actor, Of::EventId, sittings::SHOWN_TO))
        .filter(Condition::any().add(new).add(Of::Id.in_subquery(plans)));
    let page =
        page_of(connection, select, (Some(Of::SortKey), Of::Id), paging, |row: &Row| (&row.sort_key, row.id)).await?;
    let mut external = external_ids_of(connection, KIND, page.items.iter().map(|row| row.id)).await?;
    page.try_map(|row| {
        let ids = external.remove(&row.id).unwrap_or_default();
        row.read(ids)
    })
}

/// Writes the plan of a session whose event is held, under the version after `version`; gives that.
pub async fn plan_write(
    tx: &Tx,
    (session, event): (SessionId, EventId),
    version: i32,
    planned: Option<&Planned>,
    shown_to: Disclosure,
) -> Result<i32, Error> {
    let row = ActiveModel {
        session_id: Set(session.0),
        event_id: Set(event.0),
        version: Set(version + 1),
        changed_at: Set(to_chrono(tx.now())),
        planned: Set(planned.map(to_json).transpose()?),
        shown_to: Set(shown_to.visibility.to_string()),
        audience_id: Set(None),
        tlp: Set(shown_to.tlp.to_string()),
    };
    let columns = [Column::Version, Column::ChangedAt, Column::Planned, Column::ShownTo, Column::Tlp];
    let replace = OnConflict::column(Column::SessionId).update_columns(columns).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(tx.connection()).await?;
    Ok(version + 1)
}

/// Ends all plans of an event, which were released, and what could be undone of them.
pub async fn draft_end(tx: &Tx, event: EventId) -> Result<(), Error> {
    let ended = ActiveModel { planned: Set(None), changed_at: Set(to_chrono(tx.now())), ..Default::default() };
    Entity::update_many()
        .set(ended)
        .col_expr(Column::Version, sea_orm::ExprTrait::add(sea_orm::sea_query::Expr::col(Column::Version), 1))
        .filter(Column::EventId.eq(event.0))
        .filter(Column::Planned.is_not_null())
        .exec(tx.connection())
        .await?;
    draft_change::Entity::delete_many().filter(draft_change::Column::EventId.eq(event.0)).exec(tx.connection()).await?;
    Ok(())
}

/// Keeps what a change of the draft did, so that it can be undone.
pub async fn draft_change_insert(tx: &Tx, event: EventId, steps: &[Step]) -> Result<(), Error> {
    let last = draft_change_last(tx, event).await?.map_or(0, |last| last.number);
    let (number, steps) = (last + 1, to_json(&steps)?);
    let row = draft_change::ActiveModel { event_id: Set(event.0), number: Set(number), steps: Set(steps) };
    draft_change::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Takes away the last change of the draft of an event, which is held, and gives what it did; none where there is none.
pub async fn draft_change_take(tx: &Tx, event: EventId) -> Result<Option<Vec<Step>>, Error> {
    let Some(last) = draft_change_last(tx, event).await? else { return Ok(None) };
    draft_change::Entity::delete_by_id((last.event_id, last.number)).exec(tx.connection()).await?;
    Ok(Some(from_json(last.steps)?))
}

async fn draft_change_last(tx: &Tx, event: EventId) -> Result<Option<draft_change::Model>, Error> {
    let changes = draft_change::Entity::find().filter(draft_change::Column::EventId.eq(event.0));
    Ok(changes.order_by_desc(draft_change::Column::Number).limit(1).one(tx.connection()).await?)
}
