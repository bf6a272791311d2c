//! Queries of releases. Who sees an event sees that its programme was released; which sessions a release had is said to
//! whom may see them now and might see them then.

use std::collections::HashMap;

use ::entity::schedule::{
    release::{ActiveModel, Column, Entity, Model},
    released_session::{self, ActiveModel as Frozen, Column as Of, Entity as FrozenEntity},
    session,
};
use domain::{
    access::Actor,
    identifier::{EventId, ReleaseId, SessionId},
    schedule::{Details, Kind, NewRelease, Novelty, Release, Setting, Sitting, State, Touched},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    access::store::{Disclosed, in_event_visible},
    db::{
        self, Page, Paging, Tx, Visible, audience_of, chunks, from_chrono, from_json, local_to_chrono, page_by_number,
        page_of, to_chrono, to_json,
    },
    error::Error,
    events::sittings,
};

/// Who might see a session as it was released.
const SHOWN_TO: Disclosed<Of> =
    Disclosed { visibility: Of::ShownTo, audience: Of::AudienceId, tlp: Of::Tlp, session: Some(Of::SessionId) };

/// A session as a release has it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The row.
    pub row: Uuid,
    /// The session.
    pub id: SessionId,
    /// The first release that has it so.
    pub from: i32,
    /// What that did to it.
    pub novelty: Novelty,
    /// As it stood.
    pub sitting: Sitting,
    /// The zone of its event as it was.
    pub time_zone: String,
    /// Its place as calendars showed it.
    pub location: Option<String>,
}

/// One page of the releases of an event, the first first.
pub async fn release_list(
    connection: &impl ConnectionTrait,
    event: EventId,
    paging: &Paging,
) -> Result<Page<Visible<Release>>, Error> {
    let select = Entity::find().filter(Column::EventId.eq(event.0));
    page_by_number(connection, select, Column::Number, paging, |row: &Model| (row.number, row.id)).await?.try_map(read)
}

/// A release and its event; whoever asks asks for the event next.
pub async fn release_find(
    connection: &impl ConnectionTrait,
    id: ReleaseId,
) -> Result<(EventId, Visible<Release>), Error> {
    let row = Entity::find_by_id(id.0).one(connection).await?.ok_or(Error::NotFound)?;
    Ok((EventId(row.event_id), read(row)?))
}

/// The number of the last release of an event; 0 before the first.
pub async fn release_last(connection: &impl ConnectionTrait, event: EventId) -> Result<i32, Error> {
    let last: Option<Option<i32>> = Entity::find()
        .select_only()
        .column_as(Column::Number.max(), "last")
        .filter(Column::EventId.eq(event.0))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(last.flatten().unwrap_or(0))
}

/// Adds a release of an event that is held.
pub async fn release_insert(
    tx: &Tx,
    event: EventId,
    number: i32,
    input: &NewRelease,
) -> Result<Visible<Release>, Error> {
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        event_id: Set(event.0),
        number: Set(number),
        name: Set(input.name.clone()),
        name_key: Set(input.key()),
        comment: Set(to_json(&input.comment)?),
        created_at: Set(to_chrono(tx.now())),
    };
    let inserted = Entity::insert(row).exec_without_returning(tx.connection()).await;
    inserted.map_err(|error| {
        Error::on_unique(error, || {
            Error::invalid("/name", "name_taken", "Another release of this event has this name. Choose another.")
        })
    })?;
    let content = Release { number, name: input.name.clone(), comment: input.comment.clone() };
    Ok(Visible { id, version: 1, created_at: tx.now(), changed_at: tx.now(), content })
}

fn read(row: Model) -> Result<Visible<Release>, Error> {
    let at = from_chrono(row.created_at);
    let content = Release { number: row.number, name: row.name, comment: from_json(row.comment)? };
    Ok(Visible { id: row.id, version: 1, created_at: at, changed_at: at, content })
}

/// One page of the sessions of a release of which the actor may know, by start; only what the release itself did, if
/// `news`.
pub async fn released_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    (event, number): (EventId, i32),
    news: bool,
    paging: &Paging,
) -> Result<Page<Stored>, Error> {
    let mut select = FrozenEntity::find().filter(stands_in(event, number)).filter(released_visible(actor, event));
    if news {
        select = select.filter(Of::FromRelease.eq(number));
    }
    let page = page_of(connection, select, (Some(Of::SortKey), Of::Id), paging, |row: &released_session::Model| {
        (&row.sort_key, row.id)
    });
    page.await?.try_map(stored)
}

/// Who might see a session as it was released, and may see it now.
fn released_visible(actor: &Actor, event: EventId) -> Condition {
    let seen = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .cond_where(
            Condition::all()
                .add(session::Column::EventId.eq(event.0))
                .add(session::Column::DeletedAt.is_null())
                .add(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO)),
        )
        .to_owned();
    Condition::all().add(in_event_visible(actor, Of::EventId, SHOWN_TO)).add(Of::SessionId.in_subquery(seen))
}

/// What a release did to those of `sessions` of which the actor may know, by start; and how they stood in the release
/// before. What it left as it was is new to who asks for it here.
pub async fn released_news(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    (event, number): (EventId, i32),
    sessions: &[SessionId],
) -> Result<Vec<(Stored, Option<Stored>)>, Error> {
    let touched = Condition::any().add(stands_in(event, number)).add(Of::ToRelease.eq(number));
    let rows = FrozenEntity::find()
        .filter(Of::SessionId.is_in(sessions.iter().map(|id| id.0)))
        .filter(touched)
        .filter(released_visible(actor, event))
        .order_by_asc(Of::SortKey)
        .order_by_asc(Of::Id)
        .all(connection)
        .await?;
    let (mut now, mut before) = (vec![], HashMap::new());
    for row in rows {
        let over = row.to_release == Some(number);
        let stored = stored(row)?;
        if over {
            before.insert(stored.id, stored);
        } else if stored.from == number {
            now.push(stored);
        } else {
            now.push(Stored { novelty: Novelty::New, ..stored });
        }
    }
    let with_before = |stored: Stored| {
        let was = before.remove(&stored.id);
        (stored, was)
    };
    Ok(now.into_iter().map(with_before).collect())
}

/// The sessions to which a release did something, whoever may know of it.
pub async fn released_touched(
    connection: &impl ConnectionTrait,
    (event, number): (EventId, i32),
) -> Result<Vec<Touched>, Error> {
    let of_session = FrozenEntity::belongs_to(session::Entity).from(Of::SessionId).to(session::Column::Id);
    let rows: Vec<(Uuid, Option<Uuid>, String)> = FrozenEntity::find()
        .select_only()
        .column(Of::SessionId)
        .column(session::Column::SittingOf)
        .column(session::Column::Kind)
        .join(JoinType::InnerJoin, of_session.into())
        .filter(Of::EventId.eq(event.0))
        .filter(Of::FromRelease.eq(number))
        .into_tuple()
        .all(connection)
        .await?;
    let touched = |(id, leading, kind): (Uuid, Option<Uuid>, String)| {
        let kind = db::word(&kind, Kind::parse)?;
        Ok(Touched { session: SessionId(id), leading: SessionId(leading.unwrap_or(id)), kind })
    };
    rows.into_iter().map(touched).collect()
}

/// The sessions that a release called off, whoever may know of it.
pub async fn released_cancelled(
    connection: &impl ConnectionTrait,
    (event, number): (EventId, i32),
) -> Result<Vec<SessionId>, Error> {
    let ids: Vec<Uuid> = FrozenEntity::find()
        .select_only()
        .column(Of::SessionId)
        .filter(Of::EventId.eq(event.0))
        .filter(Of::FromRelease.eq(number))
        .filter(Of::Novelty.eq(Novelty::Cancelled.as_str()))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// How these sessions stood in a release, whoever may see them.
pub async fn released_find(
    connection: &impl ConnectionTrait,
    (event, number): (EventId, i32),
    sessions: impl IntoIterator<Item = SessionId>,
) -> Result<Vec<Stored>, Error> {
    let which = Of::SessionId.is_in(sessions.into_iter().map(|session| session.0));
    let select = FrozenEntity::find().filter(stands_in(event, number)).filter(which);
    select.all(connection).await?.into_iter().map(stored).collect()
}

/// The sessions of a release, whoever may see them.
pub async fn released_of(tx: &Tx, event: EventId, number: i32) -> Result<HashMap<SessionId, Stored>, Error> {
    let rows = FrozenEntity::find().filter(stands_in(event, number)).order_by_asc(Of::Id).all(tx.connection()).await?;
    rows.into_iter().map(|row| Ok((SessionId(row.session_id), stored(row)?))).collect()
}

fn stands_in(event: EventId, number: i32) -> Condition {
    Condition::all()
        .add(Of::EventId.eq(event.0))
        .add(Of::FromRelease.lte(number))
        .add(Condition::any().add(Of::ToRelease.is_null()).add(Of::ToRelease.gt(number)))
}

/// Ends what earlier releases say of these sessions: release `number` says otherwise.
pub async fn released_end(tx: &Tx, rows: Vec<Uuid>, number: i32) -> Result<(), Error> {
    for rows in chunks(rows) {
        FrozenEntity::update_many()
            .col_expr(Of::ToRelease, Expr::value(number))
            .filter(Of::Id.is_in(rows))
            .exec(tx.connection())
            .await?;
    }
    Ok(())
}

/// What release `number` says of sessions, and what it did to them.
pub async fn released_insert(
    tx: &Tx,
    number: i32,
    sessions: &[(SessionId, &Sitting, Setting<'_>, Novelty)],
) -> Result<(), Error> {
    let rows: Result<Vec<_>, Error> = sessions.iter().map(|session| frozen(tx, number, session)).collect();
    for rows in chunks(rows?) {
        FrozenEntity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

fn frozen(
    tx: &Tx,
    number: i32,
    (id, sitting, setting, novelty): &(SessionId, &Sitting, Setting<'_>, Novelty),
) -> Result<Frozen, Error> {
    let slot = sitting.slot;
    let shown_to = sitting.disclosure();
    Ok(Frozen {
        id: Set(tx.new_id()?),
        event_id: Set(sittings::event_of(sitting)?),
        session_id: Set(id.0),
        from_release: Set(number),
        to_release: Set(None),
        novelty: Set(novelty.to_string()),
        number: Set(sitting.number),
        details: Set(to_json(&sitting.details)?),
        state: Set(sitting.state.to_string()),
        cancel_reason: Set(sitting.cancel_reason.clone()),
        sequence: Set(sitting.sequence),
        starts_local: Set(slot.map(|slot| local_to_chrono(slot.starts_local))),
        ends_local: Set(slot.map(|slot| local_to_chrono(slot.ends_local))),
        starts_at: Set(slot.map(|slot| to_chrono(slot.starts_at))),
        ends_at: Set(slot.map(|slot| to_chrono(slot.ends_at))),
        time_zone: Set(setting.event.details.time_zone.clone()),
        location: Set(setting.location(&[])),
        shown_to: Set(shown_to.visibility.to_string()),
        audience_id: Set(audience_of(&sitting.details.audience_ids)),
        tlp: Set(shown_to.tlp.to_string()),
        sort_key: Set(sitting.sort_key()),
    })
}

fn stored(row: released_session::Model) -> Result<Stored, Error> {
    let slot = sittings::slot_of((row.starts_local, row.ends_local), (row.starts_at, row.ends_at));
    let sitting = Sitting {
        details: from_json::<Details>(row.details)?,
        number: row.number,
        state: db::word(&row.state, State::parse)?,
        announced: true,
        cancel_reason: row.cancel_reason,
        sequence: row.sequence,
        slot,
    };
    Ok(Stored {
        row: row.id,
        id: SessionId(row.session_id),
        from: row.from_release,
        novelty: db::word(&row.novelty, Novelty::parse)?,
        sitting,
        time_zone: row.time_zone,
        location: row.location,
    })
}
