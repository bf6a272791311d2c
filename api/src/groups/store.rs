//! Queries of groups.

use std::collections::{HashMap, HashSet};

use ::entity::{
    events::event,
    groups::group::{ActiveModel, Column, Entity, Model},
    organisations::organisation,
};
use domain::{
    Code,
    access::{Actor, Tlp, Visibility},
    external::ExternalId,
    groups::{Group, GroupAnswer, Kind, State, Tree},
    identifier::{GroupId, Handle, OrganisationId},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockType, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    access::store::group_visible,
    db::{
        self, Page, Paging, Tx, Visible, external_ids_of, external_ids_replace, from_chrono, from_json, page_of,
        refers_to, to_chrono, to_json,
    },
    error::Error,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words in the code or any name, without regard to case and diacritics.
    pub q: Option<String>,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only parts of this group.
    pub parent: Option<Handle>,
    /// Only groups that stand here.
    pub state: Option<State>,
}

/// One page, by code.
pub async fn group_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<GroupAnswer>>, Error> {
    let mut select = Entity::find().filter(group_visible(actor)).filter(Column::DeletedAt.is_null());
    if let Some(q) = &filter.q {
        select = select.filter(db::contains(Column::SearchKey, q));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(kind.as_str()));
    }
    if let Some(parent) = &filter.parent {
        // Of a group the actor may not see there are no parts either.
        let part = refers_to(Column::ParentId, parent, Entity, Column::Id, Column::CodeKey);
        select = select.filter(part).filter(Column::ParentId.in_subquery(groups_seen(actor)));
    }
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state.as_str()));
    }
    let page =
        page_of(connection, select, (Some(Column::SortKey), Column::Id), paging, |row: &Model| (&row.sort_key, row.id))
            .await?;
    let mut external = external_ids_of(connection, super::KIND, page.items.iter().map(|row| row.id)).await?;
    let parents = visible_parents(connection, actor, &page.items).await?;
    page.try_map(|row| {
        let ids = external.remove(&row.id).unwrap_or_default();
        visible(row, ids, &parents)
    })
}

/// The only finder of one group.
pub async fn group_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<GroupAnswer>, Error> {
    let select = match handle {
        Handle::Id(id) => Entity::find_by_id(*id),
        Handle::Code(code) => Entity::find().filter(Column::CodeKey.eq(code)).filter(Column::DeletedAt.is_null()),
    };
    let row = select.filter(group_visible(actor)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let ids = external_ids_of(connection, super::KIND, [row.id]).await?.remove(&row.id).unwrap_or_default();
    let parents = visible_parents(connection, actor, std::slice::from_ref(&row)).await?;
    visible(row, ids, &parents)
}

/// Ids of the groups the actor may see, for the finders of what belongs to groups.
pub(super) fn groups_seen(actor: &Actor) -> SelectStatement {
    Query::select().column(Column::Id).from(Entity).cond_where(group_visible(actor)).to_owned()
}

/// The codes of organisations, deleted ones too: what is past keeps them.
pub(super) async fn organisation_codes(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = OrganisationId>,
) -> Result<HashMap<OrganisationId, Code>, Error> {
    let rows: Vec<(Uuid, String)> = organisation::Entity::find()
        .select_only()
        .columns([organisation::Column::Id, organisation::Column::Code])
        .filter(organisation::Column::Id.is_in(ids.into_iter().map(|id| id.0)))
        .into_tuple()
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|(id, code)| Ok((OrganisationId(id), Code::try_from(code).map_err(Error::internal)?)))
        .collect()
}

/// Holds the row until the commit, so that what is decided by looking at the group or at what belongs to it still holds
/// when it is written. On SQLite the transaction has the whole database to itself and the lock is not spelled out.
pub async fn group_lock(tx: &Tx, group: GroupId) -> Result<(), Error> {
    let row = Entity::find_by_id(group.0).lock(LockType::NoKeyUpdate).one(tx.connection()).await?;
    match row {
        Some(row) if row.deleted_at.is_none() => Ok(()),
        _ => Err(Error::Gone),
    }
}

/// The whole tree, held until the commit: two moves at once could otherwise close a circle of which each sees only a
/// half. Rows are locked in the order of their ids, so that two moves wait for one another and never both. Groups are
/// hundreds at most, and rarely moved.
pub async fn tree_lock(tx: &Tx) -> Result<Tree, Error> {
    let rows: Vec<(Uuid, Option<Uuid>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::ParentId])
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple()
        .all(tx.connection())
        .await?;
    Ok(Tree(rows.into_iter().map(|(id, parent)| (GroupId(id), parent.map(GroupId))).collect()))
}

/// Adds a row.
pub async fn group_insert(tx: &Tx, input: Group) -> Result<Visible<GroupAnswer>, Error> {
    let (id, state) = (tx.new_id()?, State::default());
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        parent_id: Set(db::reference(input.parent_id.as_ref())),
        state: Set(state.to_string()),
        ..columns(tx, &input)?
    };
    Entity::insert(row)
        .exec_without_returning(tx.connection())
        .await
        .map_err(|error| code_taken(error, &input.code))?;
    db::audience_keep(tx, &input.audience_ids).await?;
    external_ids_replace(tx, super::KIND, id, &input.external_ids).await?;
    let content = GroupAnswer { group: input, state };
    Ok(Visible { id, version: 1, created_at: tx.now(), changed_at: tx.now(), content })
}

/// Replaces the row, if its version is still that of `current`. The parent is written only where it changes: to somebody
/// who may not see it, it looks as if there were none, and must not be lost by that.
pub async fn group_update(
    tx: &Tx,
    current: &Visible<GroupAnswer>,
    input: Group,
) -> Result<Visible<GroupAnswer>, Error> {
    let parent = db::reference(input.parent_id.as_ref());
    let moved = input.parent_id != current.content.group.parent_id;
    let row = ActiveModel { parent_id: if moved { Set(parent) } else { NotSet }, ..columns(tx, &input)? };
    group_write(tx, current, &input.code, row).await?;
    db::audience_keep(tx, &input.audience_ids).await?;
    external_ids_replace(tx, super::KIND, current.id, &input.external_ids).await?;
    let content = GroupAnswer { group: input, state: current.content.state };
    Ok(Visible { version: current.version + 1, changed_at: tx.now(), content, ..*current })
}

/// Puts the group into another state.
pub async fn group_state_set(
    tx: &Tx,
    current: &Visible<GroupAnswer>,
    state: State,
) -> Result<Visible<GroupAnswer>, Error> {
    let row = ActiveModel { changed_at: Set(to_chrono(tx.now())), state: Set(state.to_string()), ..Default::default() };
    group_write(tx, current, &current.content.group.code, row).await?;
    let content = GroupAnswer { state, ..current.content.clone() };
    Ok(Visible { version: current.version + 1, changed_at: tx.now(), content, ..*current })
}

/// Turns the row into a tombstone; gives its version.
pub async fn group_delete(tx: &Tx, current: &Visible<GroupAnswer>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel { changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    group_write(tx, current, &current.content.group.code, row).await?;
    external_ids_replace(tx, super::KIND, current.id, &[]).await?;
    Ok(current.version + 1)
}

/// Writes `row` on top of exactly the version that was read. `code` is the one the group has afterwards.
async fn group_write(tx: &Tx, current: &Visible<GroupAnswer>, code: &Code, row: ActiveModel) -> Result<(), Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..row };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(current.id));
    let done = update.filter(Column::Version.eq(current.version)).exec(tx.connection()).await;
    match done.map_err(|error| code_taken(error, code))?.rows_affected {
        1 => Ok(()),
        _ => Err(Error::Stale(None)),
    }
}

/// Which parents of `rows` the actor may see; the others are not named to it.
async fn visible_parents(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    rows: &[Model],
) -> Result<HashSet<Uuid>, Error> {
    let parents: HashSet<Uuid> = rows.iter().filter_map(|row| row.parent_id).collect();
    if parents.is_empty() {
        return Ok(parents);
    }
    let select = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(parents));
    let seen: Vec<Uuid> = select.filter(group_visible(actor)).into_tuple().all(connection).await?;
    Ok(seen.into_iter().collect())
}

/// The events of the group.
pub async fn events_of(tx: &Tx, group: GroupId) -> Result<Vec<Uuid>, Error> {
    let events = event::Entity::find().select_only().column(event::Column::Id);
    let events = events.filter(event::Column::GroupId.eq(group.0));
    Ok(events.into_tuple().all(tx.connection()).await?)
}

fn columns(tx: &Tx, input: &Group) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        code: Set(input.code.to_string()),
        code_key: Set(input.code.key()),
        kind: Set(input.kind.to_string()),
        name: Set(to_json(&input.name)?),
        name_forms: Set(to_json(&input.name_forms)?),
        mandate: Set(to_json(&input.mandate)?),
        visibility: Set(input.visibility.to_string()),
        audience: Set(to_json(&input.audience_ids)?),
        audience_id: Set(db::audience_of(&input.audience_ids)),
        tlp: Set(input.disclosure().tlp.to_string()),
        amber_in_calendars: Set(input.amber_in_calendars),
        languages: Set(to_json(&input.languages)?),
        founded_on: Set(input.founded_on.map(db::date_to_chrono)),
        search_key: Set(input.search_key()),
        sort_key: Set(input.code.key()),
        ..Default::default()
    })
}

fn visible(row: Model, external_ids: Vec<ExternalId>, parents: &HashSet<Uuid>) -> Result<Visible<GroupAnswer>, Error> {
    let group = Group {
        code: Code::try_from(row.code).map_err(Error::internal)?,
        kind: db::word(&row.kind, Kind::parse)?,
        name: from_json(row.name)?,
        name_forms: from_json(row.name_forms)?,
        mandate: from_json(row.mandate)?,
        parent_id: row.parent_id.filter(|parent| parents.contains(parent)).map(Handle::Id),
        visibility: db::word(&row.visibility, Visibility::parse)?,
        audience_ids: from_json(row.audience)?,
        tlp: Some(db::word(&row.tlp, Tlp::parse)?),
        amber_in_calendars: row.amber_in_calendars,
        languages: from_json(row.languages)?,
        founded_on: row.founded_on.map(db::date_from_chrono),
        external_ids,
    };
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content: GroupAnswer { group, state: db::word(&row.state, State::parse)? },
    })
}

fn code_taken(error: sea_orm::DbErr, code: &Code) -> Error {
    Error::on_unique(error, || Error::conflict("code_taken", format!("Another group already has the code '{code}'.")))
}
