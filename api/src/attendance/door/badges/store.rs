//! Queries of badges. The predicate of who may see which stands here and nowhere else.

use ::entity::attendance::{
    badge::{ActiveModel, Column, Entity, Model},
    badge_collection as collection, delegate, delegation, door_key,
};
use ::entity::{organisations::organisation, people::person};
use domain::{
    Code,
    access::Actor,
    attendance::{
        Category, DelegateState, Function,
        door::{Badge, BadgeState},
        participants::{Named, Person},
    },
    identifier::{DelegateId, DelegationId, EventId, Handle},
    organisations::Names,
    people::{NameHistory, listed_as},
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select,
    prelude::{DateTimeUtc, Json},
    sea_query::{Expr, IntoCondition, OnConflict, Query},
};
use uuid::Uuid;

use crate::{
    access::store::inside_event_visible,
    attendance::{delegations::store::named, heads::store::heads_of},
    db::{self, Cursor, Page, Paging, Tx, Visible, cut, from_chrono, from_chrono_opt, from_json, keyset, to_chrono},
    error::Error,
    organisations::names_at,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this delegation, by its id or the code of its organisation.
    pub delegation: Option<Handle>,
    /// Only in this state.
    pub state: Option<BadgeState>,
}

/// A badge, and what it is recognised by.
#[derive(Debug, Clone)]
pub struct Held {
    /// The badge, without what its code says.
    pub badge: Visible<Badge>,
    /// Its holder.
    pub person_id: Uuid,
    /// The hash of its token; nothing once the holder was erased.
    pub token_hash: Option<String>,
}

/// A badge as far as printing another one must know it.
#[derive(Debug, Clone)]
pub struct Last {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version: i32,
    /// Its number.
    pub serial: i32,
    /// Which printing of that number it is.
    pub printing: i32,
    /// Whether it opens anything.
    pub state: BadgeState,
    /// The zones it opens.
    pub zones: Vec<String>,
}

/// A badge to be kept.
#[derive(Debug)]
pub struct NewBadge {
    /// Its id.
    pub id: Uuid,
    /// Its event.
    pub event: EventId,
    /// Its holder.
    pub delegate: DelegateId,
    /// Serial number and printing.
    pub number: (i32, i32),
    /// The hash of its token.
    pub hash: String,
    /// The zones it opens.
    pub zones: Json,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    badge: Model,
    person_id: Uuid,
    collected_at: Option<DateTimeUtc>,
}

/// One page of an event, in the order in which they were issued.
pub async fn badge_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Badge>>, Error> {
    let mut select = select(actor).filter(Column::EventId.eq(event.0));
    if let Some(delegation) = &filter.delegation {
        select = select.filter(named(delegation));
    }
    if let Some(state) = filter.state {
        select = select.filter(Column::State.eq(state.as_str()));
    }
    let rows = keyset(select, None::<Column>, Column::Id, paging).into_model::<Row>().all(connection).await?;
    let page = cut(rows, paging, |row| Cursor { key: String::new(), id: row.badge.id })?;
    page.try_map(|row| Ok(held(row)?.badge))
}

/// The only finder of one badge.
pub async fn badge_find(connection: &impl ConnectionTrait, actor: &Actor, handle: &Handle) -> Result<Held, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = select(actor).filter(Column::Id.eq(*id)).into_model::<Row>().one(connection).await?;
    held(row.ok_or(Error::NotFound)?)
}

/// The last badge that was issued to a delegate.
pub async fn badge_of(connection: &impl ConnectionTrait, actor: &Actor, delegate: DelegateId) -> Result<Held, Error> {
    let select = select(actor).filter(Column::DelegateId.eq(delegate.0)).order_by_desc(Column::Printing);
    held(select.into_model::<Row>().one(connection).await?.ok_or(Error::NotFound)?)
}

/// The last badge of a delegate, whoever asks: for printing the next.
pub async fn badge_last(tx: &Tx, delegate: DelegateId) -> Result<Option<Last>, Error> {
    let select = Entity::find().filter(Column::DelegateId.eq(delegate.0)).order_by_desc(Column::Printing);
    let row = select.one(tx.connection()).await?;
    let last = |row: Model| {
        Ok(Last {
            id: row.id,
            version: row.version,
            serial: row.serial,
            printing: row.printing,
            state: db::word(&row.state, BadgeState::parse)?,
            zones: from_json(row.zones)?,
        })
    };
    row.map(last).transpose()
}

/// The next free number of an event, which is held.
pub async fn serial_next(tx: &Tx, event: EventId) -> Result<i32, Error> {
    let last = Entity::find().select_only().column(Column::Serial).filter(Column::EventId.eq(event.0));
    let last = last.order_by_desc(Column::Serial).limit(1).into_tuple::<i32>().one(tx.connection()).await?;
    Ok(last.unwrap_or_default() + 1)
}

/// The approved delegates of an event, or of one delegation, who have no valid badge, by organisation and name.
pub async fn delegates_without(tx: &Tx, event: EventId, delegation: Option<Uuid>) -> Result<Vec<DelegateId>, Error> {
    let valid = Query::select()
        .column(Column::DelegateId)
        .from(Entity)
        .and_where(Column::EventId.eq(event.0))
        .and_where(Column::State.eq(BadgeState::Valid.as_str()))
        .to_owned();
    let mut select = joined(delegate::Entity::find())
        .filter(delegate::Column::EventId.eq(event.0))
        .filter(delegate::Column::DeletedAt.is_null())
        .filter(delegate::Column::State.eq(DelegateState::Approved.as_str()))
        .filter(delegate::Column::Id.not_in_subquery(valid));
    if let Some(delegation) = delegation {
        select = select.filter(delegate::Column::DelegationId.eq(delegation));
    }
    let persons = delegate::Entity::belongs_to(person::Entity).from(delegate::Column::PersonId).to(person::Column::Id);
    let ids = select
        .join(JoinType::InnerJoin, persons.into())
        .select_only()
        .column(delegate::Column::Id)
        .order_by_asc(organisation::Column::SortKey)
        .order_by_asc(person::Column::SortKey)
        .order_by_asc(delegate::Column::Id);
    let ids: Vec<Uuid> = ids.into_tuple().all(tx.connection()).await?;
    Ok(ids.into_iter().map(DelegateId).collect())
}

/// A badge with all that is printed on it but its code.
#[derive(Debug)]
pub struct ToPrint {
    /// Its id.
    pub id: Uuid,
    /// The hash of its token; nothing once the holder was erased.
    pub token_hash: Option<String>,
    /// Serial number and printing.
    pub number: (i32, i32),
    /// Code of the organisation.
    pub code: Code,
    /// Its names when the event began.
    pub names: Names,
    /// In what capacity it came.
    pub category: Category,
    /// The holder; of whoever is protected, the function only.
    pub person: Person,
}

#[derive(Debug, FromQueryResult)]
struct PrintRow {
    id: Uuid,
    delegate_id: Uuid,
    delegation_id: Uuid,
    token_hash: Option<String>,
    serial: i32,
    printing: i32,
    category: String,
    function: String,
    position: Json,
    code: String,
    names: Json,
    organisation_former_names: Json,
    display_name: String,
    former_names: Json,
    family_name: Option<String>,
    given_name: Option<String>,
    honorific: Option<String>,
    protected: bool,
}

/// The valid badges of an event, or of one delegation, under the names of the instant `begin`. For whoever runs it.
pub async fn badges_to_print(
    connection: &impl ConnectionTrait,
    event: EventId,
    delegation: Option<Uuid>,
    begin: Timestamp,
) -> Result<Vec<ToPrint>, Error> {
    let delegates = Entity::belongs_to(delegate::Entity).from(Column::DelegateId).to(delegate::Column::Id);
    let persons = delegate::Entity::belongs_to(person::Entity).from(delegate::Column::PersonId).to(person::Column::Id);
    let mut select = joined(Entity::find().select_only().join(JoinType::InnerJoin, delegates.into()))
        .join(JoinType::InnerJoin, persons.into())
        .columns([Column::Id, Column::DelegateId, Column::TokenHash, Column::Serial, Column::Printing])
        .columns([delegate::Column::DelegationId, delegate::Column::Function, delegate::Column::Position])
        .column(delegation::Column::Category)
        .columns([organisation::Column::Code, organisation::Column::Names])
        .column_as(organisation::Column::FormerNames, "organisation_former_names")
        .columns([
            person::Column::DisplayName,
            person::Column::FormerNames,
            person::Column::FamilyName,
            person::Column::GivenName,
            person::Column::Honorific,
            person::Column::Protected,
        ])
        .filter(Column::EventId.eq(event.0))
        .filter(Column::State.eq(BadgeState::Valid.as_str()))
        .filter(delegate::Column::DeletedAt.is_null());
    if let Some(delegation) = delegation {
        select = select.filter(delegate::Column::DelegationId.eq(delegation));
    }
    let rows = select.into_model::<PrintRow>().all(connection).await?;
    let heads = heads_of(connection, rows.iter().map(|row| row.delegation_id)).await?;
    let leads = |row: &PrintRow| {
        let heads = heads.get(&DelegationId(row.delegation_id));
        heads.and_then(|heads| heads.at(begin)) == Some(DelegateId(row.delegate_id))
    };
    rows.into_iter().map(|row| (leads(&row), row)).map(|(leads, row)| to_print(row, begin, leads)).collect()
}

fn to_print(row: PrintRow, begin: Timestamp, leads: bool) -> Result<ToPrint, Error> {
    let former = from_json::<Option<_>>(row.former_names)?.unwrap_or_default();
    let name = NameHistory { display_name: row.display_name, former }.at(begin).to_owned();
    let sort = listed_as(&name, row.family_name.as_deref(), row.given_name.as_deref());
    let position = from_json(row.position)?;
    let named = Named { name, sort, honorific: row.honorific, position };
    Ok(ToPrint {
        id: row.id,
        token_hash: row.token_hash,
        number: (row.serial, row.printing),
        code: Code::try_from(row.code).map_err(Error::internal)?,
        names: names_at(row.names, row.organisation_former_names, begin)?,
        category: db::word(&row.category, Category::parse)?,
        person: Person {
            function: if leads { Function::Head } else { db::word(&row.function, Function::parse)? },
            named: Some(named).filter(|_| !row.protected),
        },
    })
}

/// Adds a row.
pub async fn badge_insert(tx: &Tx, badge: NewBadge) -> Result<(), Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        id: Set(badge.id),
        version: Set(1),
        created_at: Set(at),
        changed_at: Set(at),
        deleted_at: Set(None),
        event_id: Set(badge.event.0),
        delegate_id: Set(badge.delegate.0),
        serial: Set(badge.number.0),
        printing: Set(badge.number.1),
        token_hash: Set(Some(badge.hash)),
        zones: Set(badge.zones),
        state: Set(BadgeState::Valid.to_string()),
        collection_id: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Ends a badge, if it is still what the caller read.
pub async fn badge_end(tx: &Tx, current: &Visible<Badge>, state: BadgeState) -> Result<Visible<Badge>, Error> {
    state_put(tx, (current.id, current.version), state).await?;
    let content = Badge { state, ..current.content.clone() };
    Ok(Visible { version: current.version + 1, changed_at: tx.now(), content, ..current.clone() })
}

/// Revokes a badge of this version.
pub async fn badge_revoke(tx: &Tx, id: Uuid, version: i32) -> Result<(), Error> {
    state_put(tx, (id, version), BadgeState::Revoked).await
}

async fn state_put(tx: &Tx, (id, version): (Uuid, i32), state: BadgeState) -> Result<(), Error> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(state.as_str()))
        .col_expr(Column::Version, Expr::value(version + 1))
        .col_expr(Column::ChangedAt, Expr::value(to_chrono(tx.now())))
        .filter(Column::Id.eq(id))
        .filter(Column::Version.eq(version))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(None)) }
}

/// Keeps the public half of a key that badges of the event are signed by.
pub async fn door_key_keep(tx: &Tx, event: EventId, public_key: &str) -> Result<(), Error> {
    let row = door_key::ActiveModel {
        event_id: Set(event.0),
        public_key: Set(public_key.to_owned()),
        created_at: Set(to_chrono(tx.now())),
    };
    let known = OnConflict::columns([door_key::Column::EventId, door_key::Column::PublicKey]).do_nothing().to_owned();
    door_key::Entity::insert(row).on_conflict(known).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// The keys that badges of the event are signed by, the oldest first.
pub async fn door_keys(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<String>, Error> {
    let rows = door_key::Entity::find()
        .filter(door_key::Column::EventId.eq(event.0))
        .order_by_asc(door_key::Column::CreatedAt)
        .order_by_asc(door_key::Column::PublicKey)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.public_key).collect())
}

/// Staff see those of all events within their limits, chairs those of their groups' events, and everybody their own.
fn badge_visible(actor: &Actor) -> Condition {
    inside_event_visible(actor, Column::EventId, |_| {
        let nobody = Uuid::nil();
        delegate::Column::PersonId.eq(actor.offices.person.map_or(nobody, |person| person.0)).into_condition()
    })
}

fn select(actor: &Actor) -> Select<Entity> {
    let delegates = Entity::belongs_to(delegate::Entity).from(Column::DelegateId).to(delegate::Column::Id);
    let collections = Entity::belongs_to(collection::Entity).from(Column::CollectionId).to(collection::Column::Id);
    let select = Entity::find().join(JoinType::InnerJoin, delegates.into());
    joined(select)
        .join(JoinType::LeftJoin, collections.into())
        .column_as(delegate::Column::PersonId, "person_id")
        .column_as(collection::Column::CollectedAt, "collected_at")
        .filter(badge_visible(actor))
}

/// With the delegation of the delegate and its organisation.
fn joined<E: EntityTrait>(select: Select<E>) -> Select<E> {
    let delegations = delegate::Entity::belongs_to(delegation::Entity)
        .from(delegate::Column::DelegationId)
        .to(delegation::Column::Id);
    let organisations = delegation::Entity::belongs_to(organisation::Entity)
        .from(delegation::Column::OrganisationId)
        .to(organisation::Column::Id);
    select.join(JoinType::InnerJoin, delegations.into()).join(JoinType::InnerJoin, organisations.into())
}

fn held(Row { badge, person_id, collected_at }: Row) -> Result<Held, Error> {
    let token_hash = badge.token_hash;
    let content = Badge {
        event_id: EventId(badge.event_id),
        delegate_id: DelegateId(badge.delegate_id),
        serial: badge.serial,
        printing: badge.printing,
        state: db::word(&badge.state, BadgeState::parse)?,
        zones: from_json(badge.zones)?,
        collected_at: from_chrono_opt(collected_at),
        qr: None,
    };
    let badge = Visible {
        id: badge.id,
        version: badge.version,
        created_at: from_chrono(badge.created_at),
        changed_at: from_chrono(badge.changed_at),
        content,
    };
    Ok(Held { badge, person_id, token_hash })
}
