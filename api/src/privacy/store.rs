//! Queries over all tables, by the inventory: what is about a person, and blanking it.

use std::collections::BTreeMap;

use ::entity::{
    access::{account, api_key},
    attendance::{badge, delegate},
    calendars::feed,
    events::event,
    groups::role,
    people::person,
};
use domain::{
    access::Actor,
    attendance::door::BadgeState,
    privacy::{Blank, Class, INVENTORY, Link, Rows, Table},
};
use jiff::{Timestamp, tz::TimeZone};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
    sea_query::{Expr, Func, LikeExpr, Query, SelectStatement, UnionType},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    access::store::fence,
    db::{Tx, date_to_chrono, from_json, to_chrono},
    error::Error,
    people,
};

/// A person as far as it must be known to find and erase them.
#[derive(Debug, Clone)]
pub struct Known {
    /// The person.
    pub id: Uuid,
    /// Version of the row.
    pub version: i32,
    /// Whether it is erased already.
    pub erased: bool,
    /// Names and addresses.
    pub names: Vec<String>,
}

/// Where a person has left traces: ids of rows by table, and the words by which texts mention them.
#[derive(Debug, Clone)]
pub struct Traces {
    ids: BTreeMap<&'static str, Vec<Uuid>>,
    words: Vec<String>,
}

impl Traces {
    /// The rows of `table` that are about the person.
    pub fn ids(&self, table: &str) -> &[Uuid] {
        self.ids.get(table).map_or(&[], Vec::as_slice)
    }

    /// Every id under which the audit log may keep something.
    pub fn subjects(&self) -> impl Iterator<Item = Uuid> {
        self.ids.values().flatten().copied()
    }

    /// The rows of `table` that are about the person.
    pub fn rows(&self, table: &Table) -> Condition {
        table.about.iter().fold(Condition::any(), |any, link| match link {
            Link::Of(column, target) => any.add(Expr::col(*column).is_in(self.ids(target).iter().copied())),
            Link::Any(column) => any.add(Expr::col(*column).is_in(self.subjects())),
            Link::Mentions(column) => self.words.iter().fold(any, |any, word| any.add(mentions(column, word))),
        })
    }
}

fn mentions(column: &'static str, word: &str) -> Expr {
    let escaped = word.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let text = Expr::expr(Func::lower(Expr::col(column).cast_as("text")));
    text.like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

/// The person, deleted or not.
pub async fn person_known(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Known>, Error> {
    let Some(row) = person::Entity::find_by_id(id).one(connection).await? else { return Ok(None) };
    let former = from_json::<Option<Vec<domain::people::FormerName>>>(row.former_names)?.unwrap_or_default();
    let names = [Some(row.display_name), row.family_name, row.email];
    let names = names.into_iter().flatten().chain(former.into_iter().map(|name| name.display_name)).collect();
    Ok(Some(Known { id, version: row.version, erased: row.erased_at.is_some(), names }))
}

/// Whether the account belongs to the person.
pub async fn account_is_of(connection: &impl ConnectionTrait, account: Uuid, person: Uuid) -> Result<bool, Error> {
    let row = account::Entity::find_by_id(account).one(connection).await?;
    Ok(row.is_some_and(|row| row.person_id == Some(person)))
}

/// Follows the links of the inventory from the person on.
pub async fn traces_find(connection: &impl ConnectionTrait, person: &Known) -> Result<Traces, Error> {
    let mut traces = Traces { ids: BTreeMap::from([("persons", vec![person.id])]), words: vec![] };
    for table in INVENTORY.iter().filter(|table| table.leads_on() && table.name != "persons") {
        let select = Query::select().column("id").from(table.name).cond_where(traces.rows(table)).to_owned();
        let rows = connection.query_all(&select).await?;
        let ids = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<Uuid>, _>>()?;
        traces.ids.insert(table.name, ids);
    }
    let accounts = account::Column::Id.is_in(traces.ids("accounts").iter().copied());
    let accounts = account::Entity::find().filter(accounts).all(connection).await?;
    let addresses = person.names.iter().filter(|name| name.contains('@')).cloned();
    let addresses = addresses.chain(accounts.into_iter().map(|row| row.email).filter(|email| !email.is_empty()));
    traces.words = addresses.chain(traces.subjects().map(|id| id.to_string())).collect();
    Ok(traces)
}

/// The rows of a table that are about the person, by column, without what a seal keeps from the actor.
pub async fn rows_export(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    traces: &Traces,
    table: &Table,
) -> Result<Vec<Map<String, Value>>, Error> {
    let row = match connection.get_database_backend() {
        DbBackend::Postgres => "CAST(to_jsonb(t) AS text)".to_owned(),
        _ => sqlite_row(connection, table).await?,
    };
    let select = Query::select()
        .expr_as(Expr::cust(row), "row")
        .from_as(table.name, "t")
        .cond_where(traces.rows(table))
        .cond_where(rows_unsealed(actor, table))
        .to_owned();
    let rows = connection.query_all(&select).await?;
    rows.iter().map(|row| Ok(serde_json::from_str(&row.try_get::<String>("", "row")?)?)).collect()
}

/// The rows of a table that belong to no sealed group, or to one the actor is admitted to: by every column that says
/// where a row belongs. A kept answer to a POST may say anything, so they are left out while the actor is kept from a
/// group.
fn rows_unsealed(actor: &Actor, table: &Table) -> Condition {
    let ids = |from: &'static str, id: &'static str, column: &'static str, of: SelectStatement| {
        Query::select().column(id).from(from).and_where(Expr::col(column).in_subquery(of)).to_owned()
    };
    let (groups, events) = (|| fence::sealed_groups(actor), || fence::sealed_events(actor));
    let mut entries = ids("audit_entries", "seq", "group_id", groups());
    entries.union(UnionType::All, ids("audit_entries", "seq", "event_id", events()));
    let mut objects = groups();
    objects.union(UnionType::All, events());
    let places = [
        ("group_id", groups()),
        ("event_id", events()),
        ("object_id", objects),
        ("session_id", ids("sessions", "id", "event_id", events())),
        ("statement_id", ids("statements", "id", "event_id", events())),
        ("entry_seq", entries),
    ];
    let mut rows = Condition::all();
    for (column, sealed) in places {
        if table.fields().any(|(name, _)| name == column) {
            let column = Expr::col(column);
            rows = rows.add(Condition::any().add(column.clone().is_null()).add(column.not_in_subquery(sealed)));
        }
    }
    if table.name == "idempotency_records" { rows.add(Expr::exists(groups()).not()) } else { rows }
}

/// A row as JSON, in SQLite's words; the types are those that the schema declares.
async fn sqlite_row(connection: &impl ConnectionTrait, table: &Table) -> Result<String, Error> {
    let declared = format!("SELECT name, type FROM pragma_table_info('{}')", table.name);
    let columns = connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, declared)).await?;
    let mut members = vec![];
    for column in columns {
        let (name, kind): (String, String) = (column.try_get("", "name")?, column.try_get("", "type")?);
        let value = match kind.split('_').next().unwrap_or_default() {
            "uuid" => {
                let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)];
                let parts = parts.map(|(at, length)| format!("substr(hex(\"{name}\"), {at}, {length})"));
                format!("CASE WHEN \"{name}\" IS NOT NULL THEN lower({}) END", parts.join(" || '-' || "))
            }
            "json" => format!("json(\"{name}\")"),
            "boolean" => format!("json(CASE \"{name}\" WHEN 0 THEN 'false' WHEN 1 THEN 'true' END)"),
            "timestamp" => format!("strftime('%Y-%m-%dT%H:%M:%fZ', \"{name}\")"),
            _ => format!("\"{name}\""),
        };
        members.push(format!("'{name}', {value}"));
    }
    Ok(format!("json_object({})", members.join(", ")))
}

/// Blanks or deletes the rows of a table that are about the person; gives how many.
pub async fn rows_erase(tx: &Tx, traces: &Traces, table: &Table) -> Result<u64, Error> {
    match table.erased {
        Rows::Go => {
            let delete = Query::delete().from_table(table.name).cond_where(traces.rows(table)).to_owned();
            Ok(tx.connection().execute(&delete).await?.rows_affected())
        }
        Rows::Stay => {
            let blanks = table.fields().filter(|(_, group)| is_personal(group.class));
            rows_blank(tx, table, blanks.map(|(name, group)| (name, group.blank)), traces.rows(table)).await
        }
    }
}

/// Writes blanks into columns of the rows that `condition` names; gives how many rows.
pub async fn rows_blank(
    tx: &Tx,
    table: &Table,
    columns: impl Iterator<Item = (&'static str, Blank)>,
    condition: Condition,
) -> Result<u64, Error> {
    let values: Vec<_> = columns.filter_map(|(name, blank)| Some((name, Expr::cust(literal(blank)?)))).collect();
    if values.is_empty() {
        return Ok(0);
    }
    let update = Query::update().table(table.name).values(values).cond_where(condition).to_owned();
    Ok(tx.connection().execute(&update).await?.rows_affected())
}

fn is_personal(class: Class) -> bool {
    matches!(class, Class::Personal | Class::Special | Class::Restricted)
}

/// The blank as it is written in SQL: a bound text would not do for a column of another type.
fn literal(blank: Blank) -> Option<String> {
    match blank {
        Blank::Pseudonym => None,
        Blank::Null => Some("NULL".to_owned()),
        Blank::Text(text) | Blank::Json(text) => Some(format!("'{text}'")),
        Blank::False => Some("FALSE".to_owned()),
    }
}

/// Turns the person into the tombstone of somebody erased; gives the version.
pub async fn person_tombstone(tx: &Tx, known: &Known) -> Result<i32, Error> {
    let (at, version) = (to_chrono(tx.now()), known.version + 1);
    let done = person::Entity::update_many()
        .col_expr(person::Column::Version, Expr::value(version))
        .col_expr(person::Column::ChangedAt, Expr::value(at))
        .col_expr(person::Column::DeletedAt, Expr::value(Some(at)))
        .col_expr(person::Column::ErasedAt, Expr::value(Some(at)))
        .filter(person::Column::Id.eq(known.id))
        .filter(person::Column::Version.eq(known.version))
        .exec(tx.connection())
        .await?;
    if done.rows_affected == 1 { Ok(version) } else { Err(Error::Stale(None)) }
}

/// Takes those of these keys out of use that are in use; gives their ids and versions.
pub async fn keys_end(tx: &Tx, keys: &[Uuid]) -> Result<Vec<(Uuid, i32)>, Error> {
    let at = to_chrono(tx.now());
    let rows = api_key::Entity::update_many()
        .col_expr(api_key::Column::Version, Expr::col(api_key::Column::Version).add(1))
        .col_expr(api_key::Column::ChangedAt, Expr::value(at))
        .col_expr(api_key::Column::DeletedAt, Expr::value(Some(at)))
        .filter(api_key::Column::Id.is_in(keys.iter().copied()))
        .filter(api_key::Column::DeletedAt.is_null())
        .exec_with_returning(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.version)).collect())
}

/// Revokes those of these feeds that are not revoked.
pub async fn feeds_end(tx: &Tx, feeds: &[Uuid]) -> Result<(), Error> {
    let at = to_chrono(tx.now());
    feed::Entity::update_many()
        .col_expr(feed::Column::Version, Expr::col(feed::Column::Version).add(1))
        .col_expr(feed::Column::ChangedAt, Expr::value(at))
        .col_expr(feed::Column::DeletedAt, Expr::value(Some(at)))
        .col_expr(feed::Column::RevokedAt, Expr::value(Some(at)))
        .filter(feed::Column::Id.is_in(feeds.iter().copied()))
        .filter(feed::Column::DeletedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Revokes those of these badges that open anything.
pub async fn badges_end(tx: &Tx, badges: &[Uuid]) -> Result<(), Error> {
    badge::Entity::update_many()
        .col_expr(badge::Column::Version, Expr::col(badge::Column::Version).add(1))
        .col_expr(badge::Column::ChangedAt, Expr::value(to_chrono(tx.now())))
        .col_expr(badge::Column::State, Expr::value(BadgeState::Revoked.as_str()))
        .filter(badge::Column::Id.is_in(badges.iter().copied()))
        .filter(badge::Column::State.eq(BadgeState::Valid.as_str()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Blanks these columns of the rows of `table` whose event ended before `horizon`; gives how many rows. What has
/// versions has another one, so that an answer kept from before is known to be old.
pub async fn past_blank(
    tx: &Tx,
    table: &Table,
    columns: Vec<(&'static str, Blank)>,
    horizon: Timestamp,
) -> Result<u64, Error> {
    let day = date_to_chrono(horizon.to_zoned(TimeZone::UTC).date());
    let past = Query::select()
        .column(event::Column::Id)
        .from(event::Entity)
        .and_where(event::Column::EndsOn.lt(day))
        .to_owned();
    let told = columns.iter().fold(Condition::any(), |any, (name, _)| any.add(Expr::col(*name).is_not_null()));
    let due = Condition::all().add(Expr::col("event_id").in_subquery(past)).add(told);
    if table.fields().any(|(name, _)| name == "version") {
        let next = Query::update()
            .table(table.name)
            .value("version", Expr::col("version").add(1))
            .value("changed_at", Expr::value(to_chrono(tx.now())))
            .cond_where(due.clone())
            .to_owned();
        tx.connection().execute(&next).await?;
    }
    rows_blank(tx, table, columns.into_iter(), due).await
}

/// Persons with an address whose last meeting as delegates ended before `horizon`, who hold no office and have no
/// account: their ids and versions.
pub async fn persons_past(tx: &Tx, horizon: Timestamp, limit: u64) -> Result<Vec<(Uuid, i32)>, Error> {
    let day = date_to_chrono(horizon.to_zoned(TimeZone::UTC).date());
    let seats = |recent: bool| {
        let mut select = Query::select();
        select.column((delegate::Entity, delegate::Column::PersonId)).from(delegate::Entity);
        if recent {
            let of_event =
                Expr::col((delegate::Entity, delegate::Column::EventId)).equals((event::Entity, event::Column::Id));
            select.inner_join(event::Entity, of_event).and_where(event::Column::EndsOn.gte(day));
        }
        select.to_owned()
    };
    let offices = Query::select()
        .column(role::Column::PersonId)
        .from(role::Entity)
        .and_where(role::Column::DeletedAt.is_null())
        .cond_where(
            Condition::any().add(role::Column::ValidTo.is_null()).add(role::Column::ValidTo.gt(to_chrono(horizon))),
        )
        .to_owned();
    let accounts = Query::select()
        .column(account::Column::PersonId)
        .from(account::Entity)
        .and_where(account::Column::DeletedAt.is_null())
        .and_where(account::Column::PersonId.is_not_null())
        .to_owned();
    let rows = person::Entity::find()
        .filter(person::Column::Email.is_not_null())
        .filter(person::Column::Id.in_subquery(seats(false)))
        .filter(person::Column::Id.not_in_subquery(seats(true)))
        .filter(person::Column::Id.not_in_subquery(offices))
        .filter(person::Column::Id.not_in_subquery(accounts))
        .order_by_asc(person::Column::Id)
        .limit(limit)
        .lock_exclusive()
        .all(tx.connection())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.version)).collect())
}

/// Blanks the contact data of a person, in the search key too.
pub async fn contact_blank(
    tx: &Tx,
    persons: &Table,
    columns: Vec<(&'static str, Blank)>,
    id: Uuid,
) -> Result<(), Error> {
    rows_blank(tx, persons, columns.into_iter(), Condition::all().add(person::Column::Id.eq(id))).await?;
    let row = person::Entity::find_by_id(id).one(tx.connection()).await?.ok_or(Error::NotFound)?;
    let version = row.version + 1;
    let search_key = people::store::visible(row, vec![])?.content.search_key();
    person::Entity::update_many()
        .col_expr(person::Column::SearchKey, Expr::value(search_key))
        .col_expr(person::Column::Version, Expr::value(version))
        .col_expr(person::Column::ChangedAt, Expr::value(to_chrono(tx.now())))
        .filter(person::Column::Id.eq(id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Blanks columns of the rows that ended before `horizon` and are not blank yet; gives how many.
pub async fn ended_blank(
    tx: &Tx,
    table: &Table,
    columns: Vec<(&'static str, Blank)>,
    horizon: Timestamp,
) -> Result<u64, Error> {
    let told = columns.iter().fold(Condition::any(), |any, (name, blank)| match blank {
        Blank::Null => any.add(Expr::col(*name).is_not_null()),
        Blank::Text(text) => any.add(Expr::col(*name).ne(*text)),
        Blank::Json(_) | Blank::False | Blank::Pseudonym => any,
    });
    let due = Condition::all().add(Expr::col("deleted_at").lt(to_chrono(horizon))).add(told);
    rows_blank(tx, table, columns.into_iter(), due).await
}
