//! Queries behind the addresses of feeds. They are few and narrow: programs ask every hour, most of the time in vain.

mod chosen;
mod concerning;
mod deadlines;
mod followed;

use std::collections::HashSet;

use ::entity::{
    access::{account, api_key, api_key_limit},
    attendance::delegation,
    calendars::{feed, revision},
    events::{event, room},
    groups::{group, membership, seal},
    schedule::session,
};
use domain::{
    access::{Actor, Tlp, Token},
    calendars::{self, Access, FeedSettings, Kind},
    events::Event,
    identifier::OrganisationId,
    schedule::Sitting,
};
use futures_util::{TryStreamExt, future};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DerivePartialModel, EntityTrait, ExprTrait, JoinType,
    Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    prelude::DateTimeUtc,
    sea_query::{Alias, CaseStatement, Expr, Func, Query, SelectStatement, SimpleExpr, UnionType},
};
use uuid::Uuid;

use super::{
    super::store::{EventRow, GroupRow, Object, RoomRow, settings},
    entries::group_of,
};
use crate::{
    access::{HeldKey, keys::to_account},
    db::{EVERY_FEED, Visible, from_chrono, from_chrono_opt, to_chrono},
    error::Error,
    events::{
        event_read,
        sittings::{Row, Settings},
    },
};
pub use chosen::Selection;
use chosen::{events, sessions, writes_of_duties};
pub use deadlines::{Deadline, deadline_list};

/// A feed with a token, and everything that decides who reads it.
#[derive(Debug)]
pub struct TokenFeed {
    /// The feed's id.
    pub id: Uuid,
    /// Its version.
    pub version: i32,
    /// When it was last written.
    pub changed_at: Timestamp,
    /// When it was last fetched, to the hour.
    pub last_fetched_at: Option<Timestamp>,
    /// What its owner says of it.
    pub settings: FeedSettings,
    /// The event, group or room; none if it has been deleted, and of a person.
    pub object: Option<Object>,
    /// Whether its group is sealed.
    pub sealed: bool,
    /// Whose it is.
    pub owner: Owner,
    /// Whether the token has been replaced and goes on working for a while only.
    pub by_former: bool,
}

/// Whose rights a feed has.
#[derive(Debug)]
pub enum Owner {
    /// Those of the server itself, where it was made.
    Console,
    /// Those of the key that made it.
    Key(Box<HeldKey>),
    /// Those of the account of whoever made it.
    Account(Uuid),
    /// Nobody's any more.
    Gone,
}

#[derive(DerivePartialModel)]
#[sea_orm(entity = "feed::Entity")]
struct TokenRow {
    #[sea_orm(nested)]
    feed: feed::Model,
    #[sea_orm(nested)]
    owner: Option<api_key::Model>,
    #[sea_orm(nested)]
    account: Option<account::Model>,
    #[sea_orm(nested)]
    limit: Option<api_key_limit::Model>,
    #[sea_orm(nested)]
    event: Option<EventRow>,
    #[sea_orm(nested)]
    group: Option<GroupRow>,
    #[sea_orm(nested)]
    room: Option<RoomRow>,
    #[sea_orm(from_expr = "seal_of_object()")]
    seal: Option<Uuid>,
}

/// Feeds with everything that decides who reads them.
fn feeds() -> Select<feed::Entity> {
    let owner = feed::Entity::belongs_to(api_key::Entity).from(feed::Column::OwnerKeyId).to(api_key::Column::Id);
    let limit =
        feed::Entity::belongs_to(api_key_limit::Entity).from(feed::Column::OwnerKeyId).to(api_key_limit::Column::KeyId);
    feed::Entity::find()
        .join(JoinType::LeftJoin, owner.into())
        .join(JoinType::LeftJoin, to_account())
        .join(JoinType::LeftJoin, limit.into())
        .join(
            JoinType::LeftJoin,
            of_kind(&[Kind::Event, Kind::Dates], event::Entity, event::Column::Id, event::Column::DeletedAt),
        )
        .join(JoinType::LeftJoin, of_kind(&[Kind::Group], group::Entity, group::Column::Id, group::Column::DeletedAt))
        .join(JoinType::LeftJoin, of_kind(&[Kind::Room], room::Entity, room::Column::Id, room::Column::DeletedAt))
        .filter(feed::Column::DeletedAt.is_null())
}

/// The feed of `token`, with its owner and object: one statement, because it runs for every fetch. Revoked ones are left
/// out by it and not afterwards, so that they cost no more time than unknown ones.
pub async fn feed_by_token(
    connection: &impl ConnectionTrait,
    token: &Token,
    now: Timestamp,
) -> Result<Option<TokenFeed>, Error> {
    let rows = feeds().filter(opened_by(token, now)).into_partial_model::<TokenRow>().all(connection).await?;
    let mut rows = rows.into_iter();
    let first = rows.next();
    let by_former = first.as_ref().is_some_and(|row| row.feed.token_id.as_deref() != Some(token.id()));
    let hash = first
        .as_ref()
        .and_then(|row| if by_former { &row.feed.former_token_hash } else { &row.feed.token_hash }.as_deref());
    let matches = token.matches(hash.unwrap_or_default());
    let Some(first) = first.filter(|_| matches) else { return Ok(None) };
    Ok(Some(TokenFeed { by_former, ..first.read(rows.filter_map(|row| row.limit))? }))
}

/// The feeds with a token that an account has made, oldest first, or one of them.
pub async fn feeds_of_account(
    connection: &impl ConnectionTrait,
    account: Uuid,
    only: Option<Uuid>,
) -> Result<Vec<TokenFeed>, Error> {
    let mut select = feeds()
        .filter(feed::Column::OwnerAccountId.eq(account))
        .filter(feed::Column::Access.eq(Access::Token.as_str()))
        .order_by_asc(feed::Column::Id);
    if let Some(id) = only {
        select = select.filter(feed::Column::Id.eq(id));
    }
    let rows = select.into_partial_model::<TokenRow>().all(connection).await?;
    rows.into_iter().map(|row| row.read([])).collect()
}

impl TokenRow {
    /// The feed, with what else its key is limited to.
    fn read(self, limits: impl IntoIterator<Item = api_key_limit::Model>) -> Result<TokenFeed, Error> {
        let object = match (self.event, self.group, self.room) {
            (Some(event), ..) => Some(event.try_into()?),
            (None, Some(group), _) => Some(group.try_into()?),
            (None, None, room) => room.map(Object::from),
        };
        Ok(TokenFeed {
            id: self.feed.id,
            version: self.feed.version,
            changed_at: from_chrono(self.feed.changed_at),
            last_fetched_at: from_chrono_opt(self.feed.last_fetched_at),
            settings: settings(&self.feed)?,
            object,
            sealed: self.seal.is_some(),
            by_former: false,
            owner: match (self.owner.zip(self.account), self.feed.owner_account_id) {
                (Some((key, account)), _) => {
                    let limits = self.limit.into_iter().chain(limits).collect();
                    Owner::Key(Box::new(HeldKey { key, account, limits }))
                }
                (None, Some(account)) => Owner::Account(account),
                (None, None) if self.feed.owner_key_id.is_some() => Owner::Gone,
                (None, None) => Owner::Console,
            },
        })
    }
}

/// Whether the public part of a token is that of a feed, or was until a while ago and still counts.
fn opened_by(token: &Token, now: Timestamp) -> Condition {
    let former = Condition::all()
        .add(feed::Column::FormerTokenId.eq(token.id()))
        .add(feed::Column::FormerEndsAt.gt(to_chrono(now)));
    Condition::any().add(feed::Column::TokenId.eq(token.id())).add(former)
}

/// The seal on the group of a feed's object.
fn seal_of_object() -> SimpleExpr {
    let group = |id: SimpleExpr| seal::Column::GroupId.into_expr().eq(id);
    let seal = Query::select()
        .column(seal::Column::GroupId)
        .from(seal::Entity)
        .cond_where(
            Condition::any().add(group(group::Column::Id.into_expr())).add(group(event::Column::GroupId.into_expr())),
        )
        .to_owned();
    SimpleExpr::SubQuery(None, Box::new(seal.into()))
}

/// The join from a feed of one of these kinds to its object in their table.
fn of_kind<E: EntityTrait>(
    kinds: &'static [Kind],
    table: E,
    id: E::Column,
    deleted_at: E::Column,
) -> sea_orm::RelationDef {
    let relation: sea_orm::RelationDef = feed::Entity::belongs_to(table).from(feed::Column::ObjectId).to(id).into();
    relation.on_condition(move |_, _| {
        Condition::all().add(feed::Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str()))).add(deleted_at.is_null())
    })
}

/// How often anything was written or came to pass that a feed of each of `objects` shows or that decides what `viewer`
/// sees of it, and when last. The number only rises (rows are never removed and each write raises a version), so whoever
/// finds the same number again would find the same sessions again. One statement, for however many.
pub async fn revisions_of(
    connection: &impl ConnectionTrait,
    objects: &[(Kind, Uuid)],
    viewer: &Actor,
) -> Result<Vec<(i64, Option<Timestamp>)>, Error> {
    let scopes: Vec<String> = objects.iter().map(|(kind, object)| kind.scope(*object)).collect();
    let mut select = revision::Entity::find()
        .select_only()
        .column(revision::Column::Scope)
        .column_as(revision::Column::Value, "writes")
        .column(revision::Column::ChangedAt)
        .filter(revision::Column::Scope.is_in(scopes.iter().map(String::as_str).chain([EVERY_FEED])));
    let mut special = objects.to_vec();
    special.sort_unstable_by_key(|(kind, object)| (kind.as_str(), *object));
    special.dedup();
    for (kind, object) in special {
        for written in writes(kind, object) {
            QueryTrait::query(&mut select).union(UnionType::All, written);
        }
    }
    if let Some(OrganisationId(organisation)) = viewer.organisation {
        for written in writes_of_standing(organisation, viewer.at) {
            QueryTrait::query(&mut select).union(UnionType::All, written);
        }
    }
    let rows = select.into_tuple::<(String, Option<i64>, Option<DateTimeUtc>)>().all(connection).await?;
    let revision = |scope: &String| {
        let own = || rows.iter().filter(move |(of, ..)| of == scope || of == OF_ALL || of == EVERY_FEED);
        let last = own().filter_map(|(.., changed_at)| *changed_at).max();
        (own().filter_map(|(_, writes, _)| *writes).sum(), from_chrono_opt(last))
    };
    Ok(scopes.iter().map(revision).collect())
}

/// The writes that no scope counts: those of what a calendar is made of beside the sessions of one object.
fn writes(kind: Kind, object: Uuid) -> Vec<SelectStatement> {
    let scope = kind.scope(object);
    match kind {
        Kind::Event | Kind::Group | Kind::Room => vec![],
        Kind::Person => writes_of_duties(object, &scope).into_iter().chain(followed::writes(object, &scope)).collect(),
        Kind::Dates => deadlines::writes(object, &scope).into(),
        Kind::Organisation | Kind::Delegation => concerning::writes(kind, object, &scope).unwrap_or_default(),
    }
}

/// Stands where a scope would, at what decides what somebody sees of all there is.
const OF_ALL: &str = "";

/// The writes of what an organisation may see things by, and the turns of its memberships, which begin and end by
/// themselves, too.
fn writes_of_standing(organisation: Uuid, at: Timestamp) -> Vec<SelectStatement> {
    let delegations = delegation::Entity::find()
        .select_only()
        .expr_as(Expr::val(OF_ALL), "scope")
        .column_as(delegation::Column::Version.sum(), "writes")
        .column_as(delegation::Column::ChangedAt.max(), "changed_at")
        .filter(delegation::Column::OrganisationId.eq(organisation));
    let of_organisation = || {
        let select = membership::Entity::find().select_only().expr_as(Expr::val(OF_ALL), "scope");
        select.filter(membership::Column::OrganisationId.eq(organisation))
    };
    let memberships = of_organisation()
        .column_as(membership::Column::Version.sum(), "writes")
        .column_as(membership::Column::ChangedAt.max(), "changed_at");
    let turned = [membership::Column::ValidFrom, membership::Column::ValidTo].map(|turn| {
        let turned = of_organisation().column_as(turn.count(), "writes").column_as(turn.max(), "changed_at");
        turned.filter(turn.lte(to_chrono(at))).into_query()
    });
    [delegations.into_query(), memberships.into_query()].into_iter().chain(turned).collect()
}

/// Adds the entries in full detail, as they were rendered when the sessions were written, in the order of a feed. They
/// are never in memory twice: a large feed has megabytes of them.
pub async fn rendered_add(
    connection: &DatabaseConnection,
    selection: &Selection,
    file: calendars::File,
) -> Result<calendars::File, Error> {
    let entry = CaseStatement::new()
        .case(session::Column::RestrictedVevent.is_null().or(group_opened()), session::Column::Vevent.into_expr())
        .finally(session::Column::RestrictedVevent.into_expr());
    let mut select = sessions(selection)
        .select_only()
        .column_as(SimpleExpr::Case(Box::new(entry)), "entry")
        .columns([session::Column::SortKey, session::Column::Id])
        .filter(session::Column::Vevent.is_not_null());
    if let Some(events) = events(selection) {
        let events = events
            .select_only()
            .column_as(event::Column::Vevent, "entry")
            .columns([event::Column::SortKey, event::Column::Id])
            .filter(event::Column::Vevent.is_not_null());
        // Keys of sessions are instants and those of events days, which as text come before the instants in them.
        QueryTrait::query(&mut select)
            .clear_order_by()
            .union(UnionType::All, events.into_query())
            .order_by(Alias::new("sort_key"), Order::Asc)
            .order_by(Alias::new("id"), Order::Asc);
    }
    let entries = select.into_tuple::<(String, String, Uuid)>().stream(connection).await?;
    let added = entries.try_fold(file, |mut file, (entry, ..)| {
        file.add(&entry);
        future::ready(Ok(file))
    });
    Ok(added.await?)
}

/// The events that a feed shows as such.
pub async fn event_list(
    connection: &impl ConnectionTrait,
    selection: &Selection,
) -> Result<Vec<Visible<Event>>, Error> {
    let Some(select) = events(selection) else { return Ok(vec![]) };
    let rows = select.all(connection).await?;
    rows.into_iter().map(|row| event_read(row, vec![])).collect()
}

/// The same sessions in the same order, for entries that are rendered when they are asked for.
pub async fn placed_list(
    connection: &impl ConnectionTrait,
    selection: &Selection,
) -> Result<Vec<Visible<Sitting>>, Error> {
    let rows = sessions(selection).into_partial_model::<Row>().all(connection).await?;
    // Calendars say nothing of ids in partner systems.
    rows.into_iter().map(|row| row.read(vec![])).collect()
}

/// Those of the sessions of a feed in which whoever it is of has a part.
pub async fn expected_list(connection: &impl ConnectionTrait, selection: &Selection) -> Result<HashSet<Uuid>, Error> {
    let selection = Selection { without_followed: true, ..selection.clone() };
    let ids = sessions(&selection).select_only().column(session::Column::Id).into_tuple::<Uuid>();
    Ok(ids.all(connection).await?.into_iter().collect())
}

/// When there are sessions, whatever is told of them.
pub async fn busy_list(
    connection: &impl ConnectionTrait,
    selection: &Selection,
) -> Result<Vec<(Timestamp, Timestamp)>, Error> {
    let times = sessions(selection).select_only().columns([session::Column::StartsAt, session::Column::EndsAt]);
    let times = times.into_tuple::<(DateTimeUtc, DateTimeUtc)>().all(connection).await?;
    Ok(times.into_iter().map(|(from, to)| (from_chrono(from), from_chrono(to))).collect())
}

/// The groups of these sessions whose amber ones are shown in full.
pub async fn groups_open(
    connection: &impl ConnectionTrait,
    sessions: &[Visible<Sitting>],
    settings: &Settings,
) -> Result<HashSet<Uuid>, Error> {
    let mut groups = HashSet::new();
    for session in sessions.iter().filter(|session| session.content.details.disclosure().tlp == Tlp::Amber) {
        groups.extend(group_of(&session.content, settings.of(&session.content)?));
    }
    if groups.is_empty() {
        return Ok(groups);
    }
    let open = group::Entity::find()
        .select_only()
        .column(group::Column::Id)
        .filter(group::Column::Id.is_in(groups))
        .filter(group::Column::AmberInCalendars.eq(true));
    Ok(open.into_tuple::<Uuid>().all(connection).await?.into_iter().collect())
}

/// Whether the group of a session, or else of its event, has its amber sessions shown in full.
fn group_opened() -> SimpleExpr {
    let of_event = Query::select()
        .column(event::Column::GroupId)
        .from(event::Entity)
        .and_where(event::Column::Id.into_expr().equals(session::Column::EventId.as_column_ref()))
        .to_owned();
    let own =
        Func::coalesce([session::Column::GroupId.into_expr(), SimpleExpr::SubQuery(None, Box::new(of_event.into()))]);
    Expr::exists(
        Query::select()
            .column(group::Column::Id)
            .from(group::Entity)
            .and_where(group::Column::AmberInCalendars.eq(true))
            .and_where(group::Column::Id.into_expr().eq(own))
            .to_owned(),
    )
}
