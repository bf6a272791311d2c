//! Queries of what people follow. The predicate of what of it is there for them stands here and nowhere else.

use std::collections::{BTreeSet, HashMap};

use ::entity::{
    access::audience_member,
    attendance::follow::{ActiveModel, Column, Entity, Model},
    events::event,
    groups::group,
    schedule::session,
};
use domain::{
    Text,
    access::Actor,
    attendance::{Follow, Followed},
    identifier::{EventId, Handle, PersonId, SessionId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    prelude::Json,
    sea_query::{Expr, OnConflict, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    access::store::{event_visible, group_visible, in_event_visible},
    db::{Page, Paging, Tx, Visible, from_chrono, from_json, page_of, to_chrono, tombstone, word},
    error::Error,
    events::sittings,
};

/// What is kept of something somebody follows or followed.
pub(super) struct Kept {
    id: Uuid,
    version: i32,
    /// Whether they follow it no longer.
    pub(super) ended: bool,
}

/// What of `kind` somebody follows and may see: a query for their ids, for other queries.
pub fn followed(viewer: &Actor, person: Uuid, kind: Followed) -> SelectStatement {
    Query::select()
        .column(Column::ObjectId)
        .from(Entity)
        .and_where(Column::PersonId.eq(person))
        .and_where(Column::DeletedAt.is_null())
        .cond_where(seen(viewer, kind))
        .to_owned()
}

/// What of `kind` the viewer may see.
fn seen(viewer: &Actor, kind: Followed) -> Condition {
    let objects = match kind {
        Followed::Session => Query::select()
            .column(session::Column::Id)
            .from(session::Entity)
            .and_where(session::Column::DeletedAt.is_null())
            .cond_where(in_event_visible(viewer, session::Column::EventId, sittings::SHOWN_TO))
            .to_owned(),
        Followed::Group => Query::select()
            .column(group::Column::Id)
            .from(group::Entity)
            .and_where(group::Column::DeletedAt.is_null())
            .cond_where(group_visible(viewer))
            .to_owned(),
        Followed::Event => Query::select()
            .column(event::Column::Id)
            .from(event::Entity)
            .and_where(event::Column::DeletedAt.is_null())
            .cond_where(event_visible(viewer))
            .to_owned(),
    };
    Condition::all().add(Column::Kind.eq(kind.as_str())).add(Column::ObjectId.in_subquery(objects))
}

fn own((viewer, person): (&Actor, PersonId)) -> Condition {
    let seen = Followed::ALL.iter().fold(Condition::any(), |any, kind| any.add(seen(viewer, *kind)));
    Condition::all().add(Column::PersonId.eq(person.0)).add(seen)
}

/// One page, the first that was followed first.
pub(super) async fn follow_list(
    connection: &impl ConnectionTrait,
    whose: (&Actor, PersonId),
    kind: Option<Followed>,
    paging: &Paging,
) -> Result<Page<Visible<Follow>>, Error> {
    let mut select = Entity::find().filter(Column::DeletedAt.is_null()).filter(own(whose));
    if let Some(kind) = kind {
        select = select.filter(Column::Kind.eq(kind.as_str()));
    }
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?;
    let Page { items, next_cursor } = page;
    Ok(Page { items: shown(connection, items).await?, next_cursor })
}

/// The only finder of one.
pub(super) async fn follow_find(
    connection: &impl ConnectionTrait,
    whose: (&Actor, PersonId),
    id: Uuid,
) -> Result<Visible<Follow>, Error> {
    let row = Entity::find_by_id(id).filter(own(whose)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    shown(connection, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// The same by what is followed.
pub(super) async fn follow_of(
    connection: &impl ConnectionTrait,
    whose: (&Actor, PersonId),
    (kind, object): (Followed, Uuid),
) -> Result<Visible<Follow>, Error> {
    let this = Condition::all().add(Column::Kind.eq(kind.as_str())).add(Column::ObjectId.eq(object));
    let row = Entity::find().filter(own(whose)).filter(this).one(connection).await?.ok_or(Error::NotFound)?;
    shown(connection, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// What is kept of something that somebody follows or followed, held until the transaction ends.
pub(super) async fn follow_kept(
    tx: &Tx,
    person: PersonId,
    (kind, object): (Followed, Uuid),
) -> Result<Option<Kept>, Error> {
    let this = Condition::all().add(Column::Kind.eq(kind.as_str())).add(Column::ObjectId.eq(object));
    let select = Entity::find().filter(Column::PersonId.eq(person.0)).filter(this).lock_exclusive();
    let row = select.one(tx.connection()).await?;
    Ok(row.map(|row| Kept { id: row.id, version: row.version, ended: row.deleted_at.is_some() }))
}

/// How much somebody follows, whether or not they may see it.
pub(super) async fn follow_count(tx: &Tx, person: PersonId) -> Result<u64, Error> {
    let select = Entity::find().filter(Column::PersonId.eq(person.0)).filter(Column::DeletedAt.is_null());
    Ok(select.count(tx.connection()).await?)
}

/// Begins to follow, or begins again; gives id and version.
pub(super) async fn follow_write(
    tx: &Tx,
    person: PersonId,
    (kind, object): (Followed, Uuid),
    kept: Option<&Kept>,
) -> Result<(Uuid, i32), Error> {
    let now = to_chrono(tx.now());
    if let Some(kept) = kept {
        let again = ActiveModel {
            version: Set(kept.version + 1),
            changed_at: Set(now),
            deleted_at: Set(None),
            ..Default::default()
        };
        let update = Entity::update_many().set(again);
        tombstone(tx, update, (Column::Id, kept.id), (Column::Version, kept.version)).await?;
        return Ok((kept.id, kept.version + 1));
    }
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(now),
        changed_at: Set(now),
        deleted_at: Set(None),
        person_id: Set(person.0),
        kind: Set(kind.to_string()),
        object_id: Set(object),
        scope: Set(kind.scope(object)),
    };
    // Who asks twice at once follows once.
    let once = OnConflict::columns([Column::PersonId, Column::Kind, Column::ObjectId]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(tx.connection()).await?;
    Ok((id, 1))
}

/// Turns one into a tombstone.
pub(super) async fn follow_end(tx: &Tx, current: &Visible<Follow>) -> Result<(), Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        ..Default::default()
    };
    let (id, version) = ((Column::Id, current.id), (Column::Version, current.version));
    tombstone(tx, Entity::update_many().set(row), id, version).await
}

/// Who follows which of these sessions of an event, by themselves, with their group or with the event; whether they may
/// see any of it is not asked.
pub async fn followers(
    connection: &impl ConnectionTrait,
    event: EventId,
    sessions: &[SessionId],
) -> Result<HashMap<PersonId, BTreeSet<SessionId>>, Error> {
    use session::Column as Of;
    let mut followers: HashMap<PersonId, BTreeSet<SessionId>> = HashMap::new();
    if sessions.is_empty() {
        return Ok(followers);
    }
    let rows = session::Entity::find()
        .select_only()
        .columns([Of::Id, Of::SittingOf, Of::GroupId, Of::JointGroupsId])
        .filter(Of::Id.is_in(sessions.iter().map(|id| id.0)))
        .into_tuple::<(Uuid, Option<Uuid>, Option<Uuid>, Option<Uuid>)>()
        .all(connection)
        .await?;
    let of_event = event::Entity::find_by_id(event.0).select_only().column(event::Column::GroupId);
    let of_event: Option<Uuid> = of_event.into_tuple::<Option<Uuid>>().one(connection).await?.flatten();
    let joint = joint_groups(connection, rows.iter().filter_map(|(.., joint)| *joint)).await?;
    let mut objects: HashMap<Uuid, Vec<SessionId>> = HashMap::new();
    for (id, leading, group, joint_id) in rows {
        let together = joint_id.and_then(|joint_id| joint.get(&joint_id)).into_iter().flatten().copied();
        let of = [Some(id), leading, group, of_event, Some(event.0)].into_iter().flatten().chain(together);
        for object in of.collect::<BTreeSet<_>>() {
            objects.entry(object).or_default().push(SessionId(id));
        }
    }
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::ObjectId])
        .filter(Column::DeletedAt.is_null())
        .filter(Column::ObjectId.is_in(objects.keys().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    for (person, object) in rows {
        followers.entry(PersonId(person)).or_default().extend(objects.get(&object).into_iter().flatten());
    }
    Ok(followers)
}

/// The groups in these sets of groups that sit together.
async fn joint_groups(
    connection: &impl ConnectionTrait,
    sets: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Uuid>>, Error> {
    use audience_member::{Column as Of, Entity as Members};
    let select =
        Members::find().select_only().columns([Of::AudienceId, Of::MemberId]).filter(Of::AudienceId.is_in(sets));
    let mut groups: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (set, member) in select.into_tuple::<(Uuid, Uuid)>().all(connection).await? {
        groups.entry(set).or_default().push(member);
    }
    Ok(groups)
}

/// The rows with what each is called: a statement for each kind.
async fn shown(connection: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Visible<Follow>>, Error> {
    let mut titles: HashMap<Uuid, (Text, Option<EventId>)> = HashMap::new();
    for kind in Followed::ALL {
        let ids: Vec<Uuid> = rows.iter().filter(|row| row.kind == kind.as_str()).map(|row| row.object_id).collect();
        if ids.is_empty() {
            continue;
        }
        for (id, title, event) in called(connection, *kind, ids).await? {
            titles.insert(id, (from_json(title)?, event.map(EventId)));
        }
    }
    let visible = |row: Model| {
        let (title, event_id) = titles.get(&row.object_id).cloned().unwrap_or_default();
        let kind = word(&row.kind, Followed::parse)?;
        Ok(Visible {
            id: row.id,
            version: row.version,
            created_at: from_chrono(row.created_at),
            changed_at: from_chrono(row.changed_at),
            content: Follow { kind, object_id: Handle::Id(row.object_id), title, event_id },
        })
    };
    rows.into_iter().map(visible).collect()
}

/// What objects are called, and of what event they are.
async fn called(
    connection: &impl ConnectionTrait,
    kind: Followed,
    ids: Vec<Uuid>,
) -> Result<Vec<(Uuid, Json, Option<Uuid>)>, Error> {
    let rows = match kind {
        Followed::Session => {
            use session::Column as Of;
            let select = session::Entity::find().select_only().columns([Of::Id, Of::Title, Of::EventId]);
            select.filter(Of::Id.is_in(ids)).into_tuple().all(connection).await?
        }
        Followed::Group => {
            use group::Column as Of;
            let select = group::Entity::find().select_only().columns([Of::Id, Of::Name]);
            let select = select.expr_as(Expr::val(None::<Uuid>), "event_id");
            select.filter(Of::Id.is_in(ids)).into_tuple().all(connection).await?
        }
        Followed::Event => {
            use event::Column as Of;
            let select = event::Entity::find().select_only().columns([Of::Id, Of::Title]);
            let select = select.expr_as(Expr::val(None::<Uuid>), "event_id");
            select.filter(Of::Id.is_in(ids)).into_tuple().all(connection).await?
        }
    };
    Ok(rows)
}
