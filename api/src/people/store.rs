//! Queries of persons. The predicate of who may see whom stands here and nowhere else.

pub mod delegations;

use std::collections::{HashMap, HashSet};

use ::entity::{
    attendance::{delegate, delegation},
    groups::{group, role},
    organisations::organisation,
    people::person::{ActiveModel, Column, Entity, Model},
};
use domain::{
    Language,
    access::Actor,
    attendance::import::delegates::{KnownPerson, Wanted},
    external::ExternalId,
    groups::{Category, Function},
    identifier::{Handle, OrganisationId, PersonId},
    people::{NameHistory, Person},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, IntoCondition, Query, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    access::store::{fence::event_unsealed, group_visible, groups_of},
    db::{
        self, Page, Paging, Tx, Visible, chunks, external_ids_insert, external_ids_of, external_ids_replace,
        from_chrono, from_json, objects_by_external, page_of, refers_to, to_chrono, to_json,
    },
    error::Error,
};

/// The offices by which those who belong to a group know their holders: whoever leads it or keeps its business. Contact
/// points and experts are known by function only.
const OFFICES: [Function; 4] = [Function::Chair, Function::CoChair, Function::ViceChair, Function::Secretary];

/// Whose people a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those that are the actor's own.
    Own,
    /// All that the actor may see.
    All,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words in any name or the address, without regard to case and diacritics.
    pub q: Option<String>,
    /// Only persons who come from here.
    pub organisation: Option<Handle>,
}

/// One page, by family name.
pub async fn person_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    reach: Reach,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Person>>, Error> {
    let mut select = Entity::find().filter(Column::DeletedAt.is_null()).filter(match reach {
        Reach::Own => person_own(actor),
        Reach::All => person_visible(actor),
    });
    if let Some(q) = &filter.q {
        // Who is known by an office is found by the name, not by the address and former names that are not shown.
        let own = Condition::all().add(person_own(actor)).add(db::contains(Column::SearchKey, q));
        select = select.filter(Condition::any().add(own).add(db::contains(Column::SortKey, q)));
    }
    if let Some(organisation) = &filter.organisation {
        let (id, code) = (organisation::Column::Id, organisation::Column::CodeKey);
        select = select.filter(refers_to(Column::OrganisationId, organisation, organisation::Entity, id, code));
    }
    let page =
        page_of(connection, select, (Some(Column::SortKey), Column::Id), paging, |row: &Model| (&row.sort_key, row.id))
            .await?;
    let mut external = external_ids_of(connection, super::KIND, page.items.iter().map(|row| row.id)).await?;
    let own = own_among(connection, actor, page.items.iter().map(|row| row.id)).await?;
    page.try_map(|row| {
        let (ids, own) = (external.remove(&row.id).unwrap_or_default(), own.contains(&row.id));
        Ok(known(visible(row, ids)?, own))
    })
}

/// The only finder of one person.
pub async fn person_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Person>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(person_visible(actor)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let ids = external_ids_of(connection, super::KIND, [row.id]).await?.remove(&row.id).unwrap_or_default();
    let own = own_among(connection, actor, [row.id]).await?.contains(&row.id);
    Ok(known(visible(row, ids)?, own))
}

/// Whether this is one of the actor's own people, of whom it knows all that is known.
pub async fn person_is_own(connection: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<bool, Error> {
    Ok(own_among(connection, actor, [id]).await?.contains(&id))
}

/// Those of `ids` who are the actor's own people and not deleted, and whether they are protected.
pub async fn persons_own(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, bool>, Error> {
    let own = own_among(connection, actor, ids).await?;
    let there = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Protected])
        .filter(person_visible(actor))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Id.is_in(own));
    Ok(there.into_tuple::<(Uuid, bool)>().all(connection).await?.into_iter().collect())
}

/// Which of `ids` are the actor's own people.
async fn own_among(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashSet<Uuid>, Error> {
    let ids: Vec<_> = ids.into_iter().collect();
    if actor.sees_everything() {
        return Ok(ids.into_iter().collect());
    }
    let own = Entity::find().select_only().column(Column::Id).filter(person_own(actor)).filter(Column::Id.is_in(ids));
    Ok(own.into_tuple::<Uuid>().all(connection).await?.into_iter().collect())
}

/// The address of a person, if it is known; for writing to them.
pub async fn person_address(connection: &impl ConnectionTrait, id: PersonId) -> Result<Option<String>, Error> {
    let row = Entity::find_by_id(id.0).filter(Column::DeletedAt.is_null()).one(connection).await?;
    Ok(row.and_then(|row| row.email))
}

/// What a person is called; for writing to them.
pub async fn person_name(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<String>, Error> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    Ok(row.map(|row| row.display_name))
}

/// The languages of a person, best first; for writing to them. None where they are unknown.
pub async fn person_languages(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Language>, Error> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    row.map_or_else(|| Ok(vec![]), |row| from_json(row.languages))
}

fn known(person: Visible<Person>, own: bool) -> Visible<Person> {
    if own { person } else { person.map(Person::by_office) }
}

/// The names of those of `ids` whom the actor may see; of the deleted too, who keep their place in what is past,
/// but not of the erased.
pub async fn person_names(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, NameHistory>, Error> {
    let ids = ids.into_iter().map(|id| id.0);
    let rows = Entity::find()
        .filter(person_visible(actor))
        .filter(Column::ErasedAt.is_null())
        .filter(Column::Id.is_in(ids))
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let former = from_json::<Option<_>>(row.former_names)?.unwrap_or_default();
            Ok((PersonId(row.id), NameHistory { display_name: row.display_name, former }))
        })
        .collect()
}

/// Those of `ids` who are the actor's own people and not deleted, without their ids in partner systems.
pub async fn persons_known(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, Person>, Error> {
    let ids = ids.into_iter().map(|id| id.0);
    let own =
        Entity::find().filter(person_own(actor)).filter(Column::DeletedAt.is_null()).filter(Column::Id.is_in(ids));
    let rows = own.all(connection).await?;
    rows.into_iter().map(|row| Ok((PersonId(row.id), visible(row, vec![])?.content))).collect()
}

/// Adds a row.
pub async fn person_insert(tx: &Tx, input: Person) -> Result<Visible<Person>, Error> {
    let (id, at) = (tx.new_id()?, to_chrono(tx.now()));
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(at),
        deleted_at: Set(None),
        erased_at: Set(None),
        ..columns(tx, &input)?
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    external_ids_replace(tx, super::KIND, id, &input.external_ids).await?;
    Ok(Visible { id, version: 1, created_at: tx.now(), changed_at: tx.now(), content: input })
}

/// Adds many rows at once.
pub async fn persons_insert(tx: &Tx, people: &[Person]) -> Result<Vec<Visible<Person>>, Error> {
    let at = to_chrono(tx.now());
    let (mut made, mut rows, mut ids) = (vec![], vec![], vec![]);
    for person in people {
        let id = tx.new_id()?;
        rows.push(ActiveModel {
            id: Set(id),
            version: Set(1),
            created_at: Set(at),
            deleted_at: Set(None),
            erased_at: Set(None),
            ..columns(tx, person)?
        });
        ids.extend(person.external_ids.iter().map(|external| (id, external.clone())));
        made.push(Visible { id, version: 1, created_at: tx.now(), changed_at: tx.now(), content: person.clone() });
    }
    for rows in chunks(rows) {
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    external_ids_insert(tx, super::KIND, ids).await?;
    Ok(made)
}

/// The actor's own people who may be meant: by ids in partner systems, by address, and by name among the people of these
/// organisations.
pub async fn persons_meant(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    wanted: &Wanted,
    organisations: impl IntoIterator<Item = OrganisationId>,
) -> Result<Vec<KnownPerson>, Error> {
    let by_external = objects_by_external(connection, super::KIND, &wanted.external_ids).await?;
    let by_name = Condition::all()
        .add(Column::OrganisationId.is_in(organisations.into_iter().map(|id| id.0)))
        .add(Column::SortKey.is_in(wanted.sort_keys.iter().map(String::as_str)));
    let any = Condition::any()
        .add(Column::Id.is_in(by_external))
        .add(Column::EmailKey.is_in(wanted.emails.iter().map(String::as_str)))
        .add(by_name);
    let rows = Entity::find()
        .filter(any)
        .filter(person_own(actor))
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    let mut ids = external_ids_of(connection, super::KIND, rows.iter().map(|row| row.id)).await?;
    let known = |row: Model| KnownPerson {
        external_ids: ids.remove(&row.id).unwrap_or_default(),
        id: row.id,
        organisation: row.organisation_id.map(OrganisationId),
        name: row.display_name,
        sort_key: row.sort_key,
        email: row.email_key,
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Replaces the row, if its version is still that of `current`.
pub async fn person_update(tx: &Tx, current: &Visible<Person>, input: Person) -> Result<Visible<Person>, Error> {
    let version = current.version + 1;
    let row = ActiveModel { version: Set(version), ..columns(tx, &input)? };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(current.id));
    let done = update.filter(Column::Version.eq(current.version)).exec(tx.connection()).await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(None));
    }
    external_ids_replace(tx, super::KIND, current.id, &input.external_ids).await?;
    Ok(Visible { version, changed_at: tx.now(), content: input, ..*current })
}

/// The actor's own person with this name and this address, where there is one.
pub async fn person_alike(tx: &Tx, actor: &Actor, person: &Person) -> Result<Option<PersonId>, Error> {
    let Some(email) = &person.email else { return Ok(None) };
    let found: Option<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(person_own(actor))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::EmailKey.eq(email.to_lowercase()))
        .filter(Column::SortKey.eq(person.sort_key()))
        .order_by_asc(Column::Id)
        .into_tuple()
        .one(tx.connection())
        .await?;
    Ok(found.map(PersonId))
}

/// Turns the row into a tombstone; gives its version.
pub async fn person_delete(tx: &Tx, current: &Visible<Person>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        ..Default::default()
    };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    external_ids_replace(tx, super::KIND, current.id, &[]).await?;
    Ok(current.version + 1)
}

/// Persons the actor may see: staff everybody; others their own people, and who holds an office in their groups.
fn person_visible(actor: &Actor) -> Condition {
    if actor.sees_everything() {
        return Condition::all();
    }
    Condition::any().add(person_own(actor)).add(in_office(actor))
}

/// Who leads a group or keeps its business at this instant is known by name to those who belong to the group and see it,
/// unless the person is protected.
fn in_office(actor: &Actor) -> Condition {
    let mut groups = Condition::any().add(group::Column::Id.is_in(actor.offices.chairs.iter().map(|group| group.0)));
    if let Some(own) = actor.organisation {
        groups = groups.add(group::Column::Id.in_subquery(groups_of(actor, own, Category::ALL)));
    }
    let groups = Query::select()
        .column(group::Column::Id)
        .from(group::Entity)
        .cond_where(Condition::all().add(groups).add(group_visible(actor)).add(group::Column::DeletedAt.is_null()))
        .to_owned();
    let at = to_chrono(actor.at);
    let holders = Query::select()
        .column(role::Column::PersonId)
        .from(role::Entity)
        .and_where(role::Column::DeletedAt.is_null())
        .and_where(role::Column::Function.is_in(OFFICES.map(Function::as_str)))
        .and_where(role::Column::ValidFrom.lte(at))
        .cond_where(Condition::any().add(role::Column::ValidTo.is_null()).add(role::Column::ValidTo.gt(at)))
        .and_where(role::Column::GroupId.in_subquery(groups))
        .to_owned();
    Condition::all().add(Column::Protected.eq(false)).add(Column::Id.in_subquery(holders))
}

/// The actor's own people. Staff's are all; those of whoever acts for an organisation its persons and those in its
/// delegations; those of whoever belongs to a delegation in person the others in it, and its head's those of the
/// organisation too.
fn person_own(actor: &Actor) -> Condition {
    if actor.sees_everything() {
        return Condition::all();
    }
    let nobody = Condition::any().add(Expr::value(1).eq(0));
    let of_organisation = |own: OrganisationId| Column::OrganisationId.eq(own.0);
    let acting = actor.organisation.map(|own| {
        let delegates = in_delegations(actor, delegation::Column::OrganisationId.eq(own.0).into_condition());
        Condition::any().add(of_organisation(own)).add(delegates)
    });
    let seated = actor.offices.seats.iter().map(|seat| {
        let here = delegation::Column::EventId.eq(seat.event.0);
        let own = Condition::all().add(delegation::Column::OrganisationId.eq(seat.organisation.0)).add(here);
        let delegates = in_delegations(actor, own);
        Condition::any().add(delegates).add_option(seat.head.then(|| of_organisation(seat.organisation)))
    });
    acting.into_iter().chain(seated).fold(nobody, Condition::add)
}

/// Persons who belong to one of these delegations, unless a seal keeps it from the actor.
fn in_delegations(actor: &Actor, which: Condition) -> SimpleExpr {
    let delegations = Query::select()
        .column(delegation::Column::Id)
        .from(delegation::Entity)
        .cond_where(which)
        .cond_where(event_unsealed(actor, delegation::Column::EventId))
        .and_where(delegation::Column::DeletedAt.is_null())
        .to_owned();
    let delegates = Query::select()
        .column(delegate::Column::PersonId)
        .from(delegate::Entity)
        .and_where(delegate::Column::DelegationId.in_subquery(delegations))
        .and_where(delegate::Column::DeletedAt.is_null())
        .to_owned();
    Column::Id.in_subquery(delegates)
}

fn columns(tx: &Tx, input: &Person) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        display_name: Set(input.display_name.clone()),
        family_name: Set(input.family_name.clone()),
        given_name: Set(input.given_name.clone()),
        honorific: Set(input.honorific.clone()),
        languages: Set(to_json(&input.languages)?),
        email: Set(input.email.clone()),
        email_key: Set(input.email.as_deref().map(str::to_lowercase)),
        organisation_id: Set(db::reference(input.organisation_id.as_ref())),
        position: Set(to_json(&input.position)?),
        former_names: Set(to_json(&input.former_names)?),
        protected: Set(input.protected),
        search_key: Set(input.search_key()),
        sort_key: Set(input.sort_key()),
        ..Default::default()
    })
}

/// The person of this row.
pub fn visible(row: Model, external_ids: Vec<ExternalId>) -> Result<Visible<Person>, Error> {
    let content = Person {
        display_name: row.display_name,
        family_name: row.family_name,
        given_name: row.given_name,
        honorific: row.honorific,
        languages: from_json(row.languages)?,
        email: row.email,
        organisation_id: row.organisation_id.map(Handle::Id),
        position: from_json(row.position)?,
        protected: row.protected,
        former_names: from_json(row.former_names)?,
        external_ids,
    };
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content,
    })
}
