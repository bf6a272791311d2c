//! From rows to what callers get, and the columns every table shares.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use domain::{identifier::Handle, language::search_key};
use jiff::{
    Timestamp,
    civil::{self, Date},
    tz::Offset,
};
use schemars::JsonSchema;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, PartialModelTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, UpdateMany,
    sea_query::{Expr, LikeExpr, Query},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{Cursor, Page, Paging, Tx};
use crate::error::Error;

/// An object as its viewer may see it.
//
// Made by a capability's finder, which holds the visibility predicate, and by nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "{C}Resource")]
pub struct Visible<C> {
    /// Never changes.
    pub id: Uuid,
    /// Rises with every write; the `ETag`.
    pub version: i32,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last written (UTC).
    pub changed_at: Timestamp,
    /// What it says.
    #[serde(flatten)]
    pub content: C,
}

impl<C> Visible<C> {
    /// The same object with its content turned into something else.
    pub fn map<D>(self, f: impl FnOnce(C) -> D) -> Visible<D> {
        let Self { id, version, created_at, changed_at, content } = self;
        Visible { id, version, created_at, changed_at, content: f(content) }
    }
}

/// An instant for the database.
pub fn to_chrono(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.as_microsecond()).unwrap_or_default()
}

/// An instant from the database.
pub fn from_chrono(at: DateTime<Utc>) -> Timestamp {
    Timestamp::from_microsecond(at.timestamp_micros()).unwrap_or_default()
}

/// An optional instant for the database.
pub fn to_chrono_opt(at: Option<Timestamp>) -> Option<DateTime<Utc>> {
    at.map(to_chrono)
}

/// An optional instant from the database.
pub fn from_chrono_opt(at: Option<DateTime<Utc>>) -> Option<Timestamp> {
    at.map(from_chrono)
}

/// A time on the wall for the database.
pub fn local_to_chrono(local: civil::DateTime) -> NaiveDateTime {
    to_chrono(Offset::UTC.to_timestamp(local).unwrap_or_default()).naive_utc()
}

/// A time on the wall from the database.
pub fn local_from_chrono(local: NaiveDateTime) -> civil::DateTime {
    Offset::UTC.to_datetime(from_chrono(local.and_utc()))
}

/// A day for the database.
pub fn date_to_chrono(day: Date) -> NaiveDate {
    // Both types know every day of the years 1 to 9999, and validated days lie well within.
    NaiveDate::from_ymd_opt(day.year().into(), day.month().unsigned_abs().into(), day.day().unsigned_abs().into())
        .unwrap_or_default()
}

/// A day from the database.
pub fn date_from_chrono(day: NaiveDate) -> Date {
    let part = |number: u32| i8::try_from(number).unwrap_or_default();
    i16::try_from(day.year())
        .ok()
        .and_then(|year| Date::new(year, part(day.month()), part(day.day())).ok())
        .unwrap_or_default()
}

/// A JSON column's value.
pub fn to_json<T: Serialize>(value: &T) -> Result<serde_json::Value, Error> {
    Ok(serde_json::to_value(value)?)
}

/// What a JSON column holds.
pub fn from_json<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Error> {
    Ok(serde_json::from_value(value)?)
}

/// One page of `select`, ordered by the text column `sort` (if any) and then by id.
///
/// `M` is the whole row, or a part of its columns, which then are all that is read. `key` reads a row's sort key and
/// id back for the cursor.
pub async fn page_of<E, M>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    (sort, id): (Option<E::Column>, E::Column),
    paging: &Paging,
    key: impl Fn(&M) -> (&str, Uuid),
) -> Result<Page<M>, Error>
where
    E: EntityTrait,
    M: PartialModelTrait + Send + Sync,
{
    let items = keyset(select, sort, id, paging).into_partial_model::<M>().all(connection).await?;
    cut(items, paging, |row| {
        let (key, id) = key(row);
        Cursor { key: key.to_owned(), id }
    })
}

/// What comes after the cursor, ordered by the text column `sort` (if any) and then by id; one row more than the page
/// holds, for [`cut`]. `sort` may be a column of a joined table.
pub fn keyset<S: QueryFilter + QueryOrder + QuerySelect>(
    select: S,
    sort: Option<impl ColumnTrait>,
    id: impl ColumnTrait,
    paging: &Paging,
) -> S {
    let mut select = select;
    if let Some(after) = &paging.after {
        select = select.filter(match sort {
            Some(sort) => Condition::any()
                .add(sort.gt(after.key.as_str()))
                .add(Condition::all().add(sort.eq(after.key.as_str())).add(id.gt(after.id))),
            None => Condition::all().add(id.gt(after.id)),
        });
    }
    if let Some(sort) = sort {
        select = select.order_by_asc(sort);
    }
    select.order_by_asc(id).limit(paging.limit + 1)
}

/// The page that rows make up of which one more was asked for than it holds; `cursor` says where a row stands.
pub fn cut<M>(mut items: Vec<M>, paging: &Paging, cursor: impl Fn(&M) -> Cursor) -> Result<Page<M>, Error> {
    let more = items.len() as u64 > paging.limit;
    items.truncate(usize::try_from(paging.limit).unwrap_or(usize::MAX));
    let next_cursor = items.last().filter(|_| more).map(|last| cursor(last).encode()).transpose()?;
    Ok(Page { items, next_cursor })
}

/// One page of `select`, ordered by a number that each of its rows has for itself; `key` reads it and the id back.
pub async fn page_by_number<E, M>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    number: E::Column,
    paging: &Paging,
    key: impl Fn(&M) -> (i32, Uuid),
) -> Result<Page<M>, Error>
where
    E: EntityTrait<Model = M>,
    M: FromQueryResult + Sized + Send + Sync,
{
    let mut select = select;
    if let Some(after) = &paging.after {
        // A cursor of another list has no number; begin at the start then, as for any cursor that points nowhere.
        select = select.filter(number.gt(after.key.parse::<i32>().unwrap_or_default()));
    }
    let items = select.order_by_asc(number).limit(paging.limit + 1).all(connection).await?;
    cut(items, paging, |row| {
        let (number, id) = key(row);
        Cursor { key: number.to_string(), id }
    })
}

/// A reference as a column keeps it; use cases have resolved it to an id before.
pub fn reference(handle: Option<&Handle>) -> Option<Uuid> {
    handle?.id()
}

/// Rows whose `column` names the row of `target` that `handle` stands for; `target` is a table of objects with unique
/// codes. A code nobody has gives no rows.
pub fn refers_to<E: EntityTrait>(
    column: impl ColumnTrait,
    handle: &Handle,
    target: E,
    id: E::Column,
    code_key: E::Column,
) -> Condition {
    let code = match handle {
        Handle::Id(id) => return Condition::all().add(column.eq(*id)),
        Handle::Code(code) => code.as_str(),
    };
    // A code that is not deleted is unique, so this is one value, by which an index can find the rows in their order.
    let named = Query::select()
        .column(id)
        .from(target)
        .and_where(code_key.eq(code))
        .and_where(Expr::col("deleted_at").is_null())
        .to_owned();
    Condition::all().add(column.into_expr().eq(Expr::SubQuery(None, Box::new(named.into()))))
}

/// A word column; a word that is not known means a newer release wrote it, or a broken row.
pub fn word<T>(word: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
    parse(word).ok_or_else(|| Error::internal(format!("unknown word '{word}' in the database")))
}

/// Rows whose folded text contains every word of `q`. Wildcards of LIKE stand for themselves.
pub fn contains(column: impl ColumnTrait, q: &str) -> Condition {
    let escaped = |word: &str| word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    search_key(q).split(' ').fold(Condition::all(), |all, word| {
        all.add(column.like(LikeExpr::new(format!("%{}%", escaped(word))).escape('\\')))
    })
}

/// Runs `update`, which makes a tombstone, on the row of this id and version.
pub async fn tombstone<E: EntityTrait>(
    tx: &Tx,
    update: UpdateMany<E>,
    (id_column, id): (E::Column, Uuid),
    (version_column, version): (E::Column, i32),
) -> Result<(), Error> {
    let done = update.filter(id_column.eq(id)).filter(version_column.eq(version)).exec(tx.connection()).await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale(None)) }
}
