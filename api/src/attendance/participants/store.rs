//! Queries of lists of participants: who is to be listed now, and what was published.

use std::collections::HashMap;

use ::entity::{
    attendance::{
        delegate, delegation,
        participant_edition::{ActiveModel, Column, Entity, Model},
        participant_entry,
    },
    organisations::organisation,
    people::person,
};
use domain::{
    Code,
    access::{Actor, Visibility},
    attendance::{
        Category, DelegateState, Function, State,
        participants::{Edition, EditionKind, Named, Occasion, Party, Person, Roll},
    },
    events::Event,
    identifier::{DelegateId, DelegationId, EventId},
    moment::Moment,
    people::{NameHistory, listed_as},
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType,
    Order, QueryFilter, QueryOrder, QuerySelect, Select, prelude::Json, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    access::store::{Disclosed, in_event_visible, inside_event_visible},
    attendance::heads::store::heads_of,
    db::{
        self, Page, Paging, Tx, Visible, date_from_chrono, date_to_chrono, from_chrono, from_json, page_by_number,
        to_chrono, to_json,
    },
    error::Error,
    organisations::names_at,
};

/// Rows of one INSERT: each has nine values, and SQLite binds 32,766 at most.
const ROWS: usize = 2_000;

#[derive(Debug, FromQueryResult)]
struct PartyRow {
    id: Uuid,
    category: String,
    state: String,
    code: String,
    names: Json,
    former_names: Json,
}

#[derive(Debug, FromQueryResult)]
struct PersonRow {
    id: Uuid,
    delegation_id: Uuid,
    person_id: Uuid,
    function: String,
    state: String,
    position: Json,
    display_name: String,
    family_name: Option<String>,
    given_name: Option<String>,
    former_names: Json,
    honorific: Option<String>,
    protected: bool,
}

/// Whom a list of this kind has now: organisations and, beside each of their people, whose entry it is. Only of events
/// whose inner affairs the actor sees.
#[derive(Debug)]
pub struct Listing {
    /// The organisations with their people.
    pub parties: Vec<Party>,
    /// The persons, in the same order; none of whoever is known by function only.
    pub persons: Vec<Vec<Option<Uuid>>>,
}

/// Everybody whom a list of this kind has, under the names of the instant `begin`.
pub async fn listing_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    kind: EditionKind,
    begin: Timestamp,
) -> Result<Listing, Error> {
    let mut listing = Listing { parties: vec![], persons: vec![] };
    let mut places = HashMap::new();
    for row in party_rows(actor, event).into_model::<PartyRow>().all(connection).await? {
        if !kind.lists_delegation(db::word(&row.state, State::parse)?) {
            continue;
        }
        places.insert(row.id, listing.parties.len());
        listing.persons.push(vec![]);
        listing.parties.push(Party {
            code: Code::try_from(row.code).map_err(Error::internal)?,
            names: names_at(row.names, row.former_names, begin)?,
            category: db::word(&row.category, Category::parse)?,
            people: vec![],
        });
    }
    let heads = heads_of(connection, places.keys().copied()).await?;
    for row in person_rows(actor, event).into_model::<PersonRow>().all(connection).await? {
        let Some(place) = places.get(&row.delegation_id) else { continue };
        if kind.lists_delegate(db::word(&row.state, DelegateState::parse)?) {
            let head = heads.get(&DelegationId(row.delegation_id)).and_then(|heads| heads.at(begin));
            let leads = head == Some(DelegateId(row.id));
            let (id, person) = listed(row, begin, leads)?;
            listing.parties[*place].people.push(person);
            listing.persons[*place].push(id);
        }
    }
    Ok(listing)
}

fn party_rows(actor: &Actor, event: EventId) -> Select<delegation::Entity> {
    use delegation::Column as Own;
    let organisations =
        delegation::Entity::belongs_to(organisation::Entity).from(Own::OrganisationId).to(organisation::Column::Id);
    delegation::Entity::find()
        .select_only()
        .columns([Own::Id, Own::Category, Own::State])
        .columns([organisation::Column::Code, organisation::Column::Names, organisation::Column::FormerNames])
        .join(JoinType::InnerJoin, organisations.into())
        .filter(Own::EventId.eq(event.0))
        .filter(Own::DeletedAt.is_null())
        .filter(inside_event_visible(actor, Own::EventId, |_| nobody()))
        .order_by_asc(organisation::Column::SortKey)
        .order_by_asc(Own::Id)
}

fn person_rows(actor: &Actor, event: EventId) -> Select<delegate::Entity> {
    use delegate::Column as Own;
    let persons = delegate::Entity::belongs_to(person::Entity).from(Own::PersonId).to(person::Column::Id);
    delegate::Entity::find()
        .select_only()
        .columns([Own::Id, Own::DelegationId, Own::PersonId, Own::Function, Own::State, Own::Position])
        .columns([
            person::Column::DisplayName,
            person::Column::FamilyName,
            person::Column::GivenName,
            person::Column::FormerNames,
            person::Column::Honorific,
            person::Column::Protected,
        ])
        .join(JoinType::InnerJoin, persons.into())
        .filter(Own::EventId.eq(event.0))
        .filter(Own::DeletedAt.is_null())
        .filter(Own::NotListed.eq(false))
        .filter(inside_event_visible(actor, Own::EventId, |_| nobody()))
        .order_by_asc(Own::Id)
}

/// What an organisation sees of a list that is not published: nothing, not even of itself.
fn nobody() -> Condition {
    Condition::all().add(Expr::value(1).eq(0))
}

fn listed(row: PersonRow, begin: Timestamp, leads: bool) -> Result<(Option<Uuid>, Person), Error> {
    let function = if leads { Function::Head } else { db::word(&row.function, Function::parse)? };
    if row.protected {
        return Ok((None, Person { function, named: None }));
    }
    let former = from_json::<Option<_>>(row.former_names)?.unwrap_or_default();
    let history = NameHistory { display_name: row.display_name, former };
    let name = history.at(begin).to_owned();
    // Family and given name are those of today; a name of the past is sorted as it was written.
    let sort = if name == history.display_name {
        listed_as(&name, row.family_name.as_deref(), row.given_name.as_deref())
    } else {
        name.clone()
    };
    let named = Named { name, sort, honorific: row.honorific, position: from_json(row.position)? };
    Ok((Some(row.person_id), Person { function, named: Some(named) }))
}

/// The editions of an event the actor may see.
fn editions(actor: &Actor, event: EventId) -> Select<Entity> {
    let shown_to =
        Disclosed { visibility: Column::Visibility, audience: Column::AudienceId, tlp: Column::Tlp, session: None };
    Entity::find().filter(Column::EventId.eq(event.0)).filter(in_event_visible(actor, Column::EventId, shown_to))
}

/// One page of them, oldest first.
pub async fn edition_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    paging: &Paging,
) -> Result<Page<Edition>, Error> {
    let select = editions(actor, event);
    page_by_number(connection, select, Column::Number, paging, |row: &Model| (row.number, row.id))
        .await?
        .try_map(|row| edition(&row))
}

/// The edition with this number, or else the latest, as it was published. Whoever has been protected or erased since
/// is known by function only.
pub async fn edition_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    number: Option<i32>,
) -> Result<Roll, Error> {
    let select = editions(actor, event);
    let select = match number {
        Some(number) => select.filter(Column::Number.eq(number)),
        None => select.order_by(Column::Number, Order::Desc),
    };
    let row = select.one(connection).await?.ok_or(Error::NotFound)?;
    let mut parties: Vec<Party> = from_json(row.parties)?;
    for (entry, protected) in entries(connection, row.id).await? {
        let place = usize::try_from(entry.party).map_err(Error::internal)?;
        let party = parties.get_mut(place).ok_or_else(|| Error::internal("an entry of no organisation"))?;
        party.people.push(person(entry, protected)?);
    }
    let (kind, event) = (db::word(&row.kind, EditionKind::parse)?, from_json::<Occasion>(row.occasion)?);
    Ok(Roll { kind, edition: Some((row.number, date_from_chrono(row.published_on))), event, parties })
}

async fn entries(
    connection: &impl ConnectionTrait,
    edition: Uuid,
) -> Result<Vec<(participant_entry::Model, bool)>, Error> {
    use participant_entry::Column as Own;
    #[derive(Debug, FromQueryResult)]
    struct Row {
        #[sea_orm(nested)]
        entry: participant_entry::Model,
        protected: Option<bool>,
    }
    let persons = participant_entry::Entity::belongs_to(person::Entity).from(Own::PersonId).to(person::Column::Id);
    let rows = participant_entry::Entity::find()
        .join(JoinType::LeftJoin, persons.into())
        .column_as(person::Column::Protected, "protected")
        .filter(Own::EditionId.eq(edition))
        .order_by_asc(Own::Party)
        .order_by_asc(Own::Id)
        .into_model::<Row>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.entry, row.protected.unwrap_or(false))).collect())
}

fn person(entry: participant_entry::Model, protected: bool) -> Result<Person, Error> {
    let named = match (entry.name, entry.sort) {
        (Some(name), Some(sort)) if !protected => {
            Some(Named { name, sort, honorific: entry.honorific, position: from_json(entry.position)? })
        }
        _ => None,
    };
    Ok(Person { function: db::word(&entry.function, Function::parse)?, named })
}

/// The number of the next edition. The event must be held, so that nobody takes it meanwhile.
pub async fn edition_next(tx: &Tx, event: EventId) -> Result<i32, Error> {
    let last = Entity::find()
        .select_only()
        .column_as(Column::Number.max(), "number")
        .filter(Column::EventId.eq(event.0))
        .into_tuple::<Option<i32>>()
        .one(tx.connection())
        .await?;
    Ok(last.flatten().unwrap_or(0) + 1)
}

/// Keeps a list for good; gives its id.
pub async fn edition_insert(
    tx: &Tx,
    event: &Visible<Event>,
    roll: &Roll,
    (number, published_on): (i32, Date),
    persons: &[Vec<Option<Uuid>>],
) -> Result<(Uuid, Edition), Error> {
    let id = tx.new_id()?;
    let stated = event.content.details.disclosure().at_least(Visibility::Participants);
    let (delegations, people) = roll.count();
    let row = Model {
        id,
        event_id: event.id,
        number,
        kind: roll.kind.to_string(),
        visibility: stated.visibility.to_string(),
        audience_id: None,
        tlp: stated.tlp.to_string(),
        occasion: to_json(&roll.event)?,
        parties: to_json(&roll.parties)?,
        delegations: i32::try_from(delegations).map_err(Error::internal)?,
        people: i32::try_from(people).map_err(Error::internal)?,
        published_on: date_to_chrono(published_on),
        published_at: to_chrono(tx.now()),
        published_by: tx.author(),
        author_id: tx.author_id(),
    };
    let made = edition(&row)?;
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx.connection()).await?;
    let mut rows = vec![];
    for (at, (party, persons)) in roll.parties.iter().zip(persons).enumerate() {
        for (person, of) in party.people.iter().zip(persons) {
            rows.push(entry(tx, id, at, person, *of)?);
        }
    }
    for some in rows.chunks(ROWS) {
        let rows = some.iter().cloned();
        participant_entry::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok((id, made))
}

fn entry(
    tx: &Tx,
    edition: Uuid,
    party: usize,
    person: &Person,
    of: Option<Uuid>,
) -> Result<participant_entry::ActiveModel, Error> {
    let named = person.named.as_ref();
    Ok(participant_entry::ActiveModel {
        id: Set(tx.new_id()?),
        edition_id: Set(edition),
        party: Set(i32::try_from(party).map_err(Error::internal)?),
        function: Set(person.function.to_string()),
        person_id: Set(of),
        name: Set(named.map(|named| named.name.clone())),
        sort: Set(named.map(|named| named.sort.clone())),
        honorific: Set(named.and_then(|named| named.honorific.clone())),
        position: Set(to_json(&named.and_then(|named| named.position.as_ref()))?),
    })
}

fn edition(row: &Model) -> Result<Edition, Error> {
    Ok(Edition {
        number: row.number,
        kind: db::word(&row.kind, EditionKind::parse)?,
        published_at: Moment(from_chrono(row.published_at)),
        published_by: row.published_by.clone(),
        delegations: row.delegations,
        people: row.people,
    })
}
