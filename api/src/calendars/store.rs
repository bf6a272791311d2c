//! Queries of feeds as those see them who manage them, and of the events and groups they are about.

use std::collections::HashMap;

use ::entity::{
    access::{account, api_key},
    calendars::feed,
    events::{event, room},
    groups::group,
};
use domain::{
    Language, Text,
    access::{Actor, Limit, Principal, Token, Visibility},
    calendars::{Access, Detail, Feed, FeedSettings, Kind},
    identifier::Handle,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter, QuerySelect,
    prelude::{DateTimeUtc, Json},
    sea_query::{IntoCondition, Query},
};
use uuid::Uuid;

use crate::{
    access::store::{event_visible, fence, group_visible},
    db::{
        self, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, from_json, page_of, to_chrono, tombstone, word,
    },
    error::Error,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those of this kind.
    pub kind: Option<Kind>,
    /// Only those of this object.
    pub object_id: Option<Uuid>,
}

/// One page, the oldest first.
pub async fn feed_list(
    connection: &impl ConnectionTrait,
    viewer: &Actor,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Feed>>, Error> {
    let mut select = feed::Entity::find().filter(feed::Column::DeletedAt.is_null()).filter(feed_visible(viewer));
    if let Some(kind) = filter.kind {
        select = select.filter(feed::Column::Kind.eq(kind.as_str()));
    }
    if let Some(object) = filter.object_id {
        select = select.filter(feed::Column::ObjectId.eq(object));
    }
    let page = page_of(connection, select, (None, feed::Column::Id), paging, |row: &feed::Model| ("", row.id)).await?;
    let codes = public_codes(connection, &page.items).await?;
    page.try_map(|row| visible(row, &codes))
}

/// The only finder of one feed for those who manage it. Its `url` is the path of its public address, if it has one.
pub async fn feed_find(connection: &impl ConnectionTrait, viewer: &Actor, id: Uuid) -> Result<Visible<Feed>, Error> {
    let row = feed::Entity::find_by_id(id).filter(feed_visible(viewer)).one(connection).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let codes = public_codes(connection, std::slice::from_ref(&row)).await?;
    visible(row, &codes)
}

/// Adds a feed.
pub async fn feed_insert(
    tx: &Tx,
    input: &FeedSettings,
    owner: &Principal,
    token: Option<&Token>,
) -> Result<Visible<Feed>, Error> {
    let (key, account) = match owner {
        Principal::Key { id, .. } => (Some(*id), None),
        Principal::Session { account, .. } | Principal::Subscriber { account } => (None, Some(*account)),
        Principal::Console | Principal::Anonymous => (None, None),
    };
    let row = feed::ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        kind: Set(input.kind.to_string()),
        object_id: Set(db::reference(Some(&input.object_id)).ok_or_else(|| Error::internal("unresolved object"))?),
        access: Set(input.access.to_string()),
        token_id: Set(token.map(|token| token.id().to_owned())),
        token_hash: Set(token.map(Token::hash)),
        former_token_id: Set(None),
        former_token_hash: Set(None),
        former_ends_at: Set(None),
        owner_key_id: Set(key),
        owner_account_id: Set(account),
        last_fetched_at: Set(None),
        last_agent: Set(None),
        revoked_at: Set(None),
        ..columns(tx, input)
    };
    let row = feed::Entity::insert(row).exec_with_returning(tx.connection()).await?;
    let codes = public_codes(tx.connection(), std::slice::from_ref(&row)).await?;
    visible(row, &codes)
}

/// Replaces what the owner says of a feed.
pub async fn feed_update(tx: &Tx, current: &Visible<Feed>, input: &FeedSettings) -> Result<Visible<Feed>, Error> {
    feed_write(tx, current, columns(tx, input)).await
}

/// Replaces the token of a feed. The one it had works until `former_ends`; one before that ends at once.
pub async fn feed_rotate(
    tx: &Tx,
    current: &Visible<Feed>,
    token: &Token,
    former_ends: Option<Timestamp>,
) -> Result<Visible<Feed>, Error> {
    let held = feed::Entity::find_by_id(current.id).one(tx.connection()).await?.ok_or(Error::NotFound)?;
    let row = feed::ActiveModel {
        former_token_id: Set(held.token_id.filter(|_| former_ends.is_some())),
        former_token_hash: Set(held.token_hash.filter(|_| former_ends.is_some())),
        former_ends_at: Set(former_ends.map(to_chrono)),
        token_id: Set(Some(token.id().to_owned())),
        token_hash: Set(Some(token.hash())),
        last_fetched_at: Set(None),
        last_agent: Set(None),
        ..columns(tx, &current.content.settings)
    };
    feed_write(tx, current, row).await
}

/// Turns a feed into a tombstone; gives its version.
pub async fn feed_revoke(tx: &Tx, current: &Visible<Feed>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = feed::ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        revoked_at: Set(Some(at)),
        ..Default::default()
    };
    let (id, version) = ((feed::Column::Id, current.id), (feed::Column::Version, current.version));
    tombstone(tx, feed::Entity::update_many().set(row), id, version).await?;
    Ok(current.version + 1)
}

/// The organisation the owner of a feed acts for.
pub async fn owner_organisation(connection: &impl ConnectionTrait, feed: &Feed) -> Result<Option<Uuid>, Error> {
    let found = match (feed.owner_key_id, feed.owner_account_id) {
        (Some(key), _) => {
            let select = api_key::Entity::find_by_id(key.0).select_only().column(api_key::Column::OrganisationId);
            select.into_tuple::<Option<Uuid>>().one(connection).await?
        }
        (None, Some(account)) => {
            let select = account::Entity::find_by_id(account).select_only().column(account::Column::OrganisationId);
            select.into_tuple::<Option<Uuid>>().one(connection).await?
        }
        (None, None) => None,
    };
    Ok(found.flatten())
}

/// Writes the row if its version is still that of `current`.
async fn feed_write(tx: &Tx, current: &Visible<Feed>, row: feed::ActiveModel) -> Result<Visible<Feed>, Error> {
    let rows = feed::Entity::update_many()
        .set(feed::ActiveModel { version: Set(current.version + 1), ..row })
        .filter(feed::Column::Id.eq(current.id))
        .filter(feed::Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await?;
    let row = rows.into_iter().next().ok_or(Error::Stale(None))?;
    let codes = public_codes(tx.connection(), std::slice::from_ref(&row)).await?;
    visible(row, &codes)
}

/// Feeds the viewer manages, but for those of what a seal keeps from it: their names and addresses would tell.
fn feed_visible(viewer: &Actor) -> Condition {
    Condition::all()
        .add(feed_managed(viewer))
        .add(feed::Column::ObjectId.not_in_subquery(fence::sealed_groups(viewer)))
        .add(feed::Column::ObjectId.not_in_subquery(fence::sealed_events(viewer)))
}

/// The viewer's own feeds, and for staff those of everything within their limits.
fn feed_managed(viewer: &Actor) -> Condition {
    let own = match &viewer.principal {
        Principal::Key { id, .. } => Condition::any().add(feed::Column::OwnerKeyId.eq(*id)),
        Principal::Session { account, .. } | Principal::Subscriber { account } => {
            Condition::any().add(feed::Column::OwnerAccountId.eq(*account))
        }
        Principal::Console | Principal::Anonymous => {
            Condition::any().add(feed::Column::OwnerKeyId.is_in::<Uuid, _>([]))
        }
    };
    if !viewer.sees_everything() {
        return own;
    }
    let managed = viewer.limits.iter().map(within).reduce(|all, limit| Condition::all().add(all).add(limit));
    managed.map_or_else(Condition::all, |managed| own.add(managed))
}

/// Feeds of what lies within a limit.
fn within(limit: &Limit) -> Condition {
    let of = |kind: Kind, ids: Condition| Condition::all().add(feed::Column::Kind.eq(kind.as_str())).add(ids);
    let groups = limit.groups.iter().map(|group| group.0);
    let events = Condition::any().add(feed::Column::ObjectId.is_in(limit.events.iter().map(|event| event.0))).add(
        feed::Column::ObjectId.in_subquery(
            Query::select()
                .column(event::Column::Id)
                .from(event::Entity)
                .and_where(event::Column::GroupId.is_in(groups.clone()))
                .to_owned(),
        ),
    );
    let groups = feed::Column::ObjectId.is_in(groups).into_condition();
    Condition::any().add(of(Kind::Event, events.clone())).add(of(Kind::Dates, events)).add(of(Kind::Group, groups))
}

fn columns(tx: &Tx, input: &FeedSettings) -> feed::ActiveModel {
    feed::ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        name: Set(input.name.clone()),
        detail: Set(input.detail.to_string()),
        language: Set(input.language.as_ref().map(ToString::to_string)),
        alarm_minutes: Set(input.alarm_minutes.map(i32::from)),
        without_cancelled: Set(input.without_cancelled),
        without_duties: Set(input.without_duties),
        without_followed: Set(input.without_followed),
        ..Default::default()
    }
}

/// The codes of the objects of public feeds, of which their addresses are made.
async fn public_codes(connection: &impl ConnectionTrait, rows: &[feed::Model]) -> Result<HashMap<Uuid, String>, Error> {
    let of = |kind: Kind| {
        let public = rows.iter().filter(move |row| row.access == Access::Public.as_str() && row.kind == kind.as_str());
        public.map(|row| row.object_id).collect::<Vec<_>>()
    };
    let (events, groups, mut codes) = (of(Kind::Event), of(Kind::Group), HashMap::new());
    if !events.is_empty() {
        let found = event::Entity::find().select_only().columns([event::Column::Id, event::Column::Code]);
        let found = found.filter(event::Column::Id.is_in(events)).into_tuple::<(Uuid, String)>();
        codes.extend(found.all(connection).await?);
    }
    if !groups.is_empty() {
        let found = group::Entity::find().select_only().columns([group::Column::Id, group::Column::Code]);
        let found = found.filter(group::Column::Id.is_in(groups)).into_tuple::<(Uuid, String)>();
        codes.extend(found.all(connection).await?);
    }
    Ok(codes)
}

fn visible(row: feed::Model, codes: &HashMap<Uuid, String>) -> Result<Visible<Feed>, Error> {
    let settings = settings(&row)?;
    let public = (settings.access == Access::Public).then(|| codes.get(&row.object_id)).flatten();
    let content = Feed {
        subscribe: vec![],
        url: public.map(|code| settings.kind.public_path(code)),
        settings,
        owner_key_id: row.owner_key_id.map(Into::into),
        owner_account_id: row.owner_account_id,
        former_url_until: from_chrono_opt(row.former_ends_at),
        last_fetched_at: from_chrono_opt(row.last_fetched_at),
        last_agent: row.last_agent,
    };
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content,
    })
}

/// What its owner said of the feed of this row.
pub(super) fn settings(row: &feed::Model) -> Result<FeedSettings, Error> {
    Ok(FeedSettings {
        kind: word(&row.kind, Kind::parse)?,
        object_id: Handle::Id(row.object_id),
        name: row.name.clone(),
        detail: word(&row.detail, Detail::parse)?,
        language: row.language.as_deref().and_then(Language::parse),
        access: word(&row.access, Access::parse)?,
        alarm_minutes: row.alarm_minutes.map(u16::try_from).transpose().map_err(Error::internal)?,
        without_cancelled: row.without_cancelled,
        without_duties: row.without_duties,
        without_followed: row.without_followed,
    })
}

/// An event, a group or a room as far as a feed speaks of it.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version: i32,
    /// When it was last written.
    pub changed_at: Timestamp,
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: Text,
    /// What it is for.
    pub description: Text,
    /// Its languages, the main one first.
    pub languages: Vec<Language>,
    /// The zone of an event or a room.
    pub time_zone: Option<String>,
    visibility: Visibility,
}

impl Object {
    /// Whether everybody may see it.
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }
}

/// The columns of an event that a feed needs.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "event::Entity")]
pub(super) struct EventRow {
    id: Uuid,
    version: i32,
    changed_at: DateTimeUtc,
    code: String,
    title: Json,
    description: Json,
    languages: Json,
    time_zone: String,
    visibility: String,
}

/// The columns of a group that a feed needs.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "group::Entity")]
pub(super) struct GroupRow {
    id: Uuid,
    version: i32,
    changed_at: DateTimeUtc,
    code: String,
    name: Json,
    mandate: Json,
    languages: Json,
    visibility: String,
}

/// The columns of a room that a feed needs.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "room::Entity")]
pub(super) struct RoomRow {
    id: Uuid,
    version: i32,
    changed_at: DateTimeUtc,
    code: String,
    time_zone: Option<String>,
}

/// The event, group or room, if the viewer may see it: rooms whoever may see any. Of people nothing is looked up here.
pub async fn object_find(
    connection: &impl ConnectionTrait,
    viewer: &Actor,
    kind: Kind,
    handle: &Handle,
) -> Result<Option<Object>, Error> {
    match kind {
        Kind::Event | Kind::Dates => {
            let select = event::Entity::find().filter(event::Column::DeletedAt.is_null());
            let select = select.filter(event_visible(viewer)).filter(match handle {
                Handle::Id(id) => event::Column::Id.eq(*id),
                Handle::Code(code) => event::Column::CodeKey.eq(code),
            });
            select.into_partial_model::<EventRow>().one(connection).await?.map(Object::try_from).transpose()
        }
        Kind::Group => {
            let select = group::Entity::find().filter(group::Column::DeletedAt.is_null());
            let select = select.filter(group_visible(viewer)).filter(match handle {
                Handle::Id(id) => group::Column::Id.eq(*id),
                Handle::Code(code) => group::Column::CodeKey.eq(code),
            });
            select.into_partial_model::<GroupRow>().one(connection).await?.map(Object::try_from).transpose()
        }
        Kind::Room => {
            let select = room::Entity::find().filter(room::Column::DeletedAt.is_null()).filter(match handle {
                Handle::Id(id) => room::Column::Id.eq(*id),
                Handle::Code(code) => room::Column::CodeKey.eq(code),
            });
            Ok(select.into_partial_model::<RoomRow>().one(connection).await?.map(Object::from))
        }
        Kind::Person | Kind::Organisation | Kind::Delegation => Ok(None),
    }
}

impl TryFrom<EventRow> for Object {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            version: row.version,
            changed_at: from_chrono(row.changed_at),
            code: row.code,
            name: from_json(row.title)?,
            description: from_json::<Option<Text>>(row.description)?.unwrap_or_default(),
            languages: from_json(row.languages)?,
            time_zone: Some(row.time_zone),
            visibility: word(&row.visibility, Visibility::parse)?,
        })
    }
}

impl From<RoomRow> for Object {
    /// What a room is called is for those who run it; its calendar is called what its owner calls it.
    fn from(row: RoomRow) -> Self {
        Self {
            id: row.id,
            version: row.version,
            changed_at: from_chrono(row.changed_at),
            code: row.code,
            name: Text::default(),
            description: Text::default(),
            languages: vec![],
            time_zone: row.time_zone,
            visibility: Visibility::SignedIn,
        }
    }
}

impl TryFrom<GroupRow> for Object {
    type Error = Error;

    fn try_from(row: GroupRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            version: row.version,
            changed_at: from_chrono(row.changed_at),
            code: row.code,
            name: from_json(row.name)?,
            description: from_json::<Option<Text>>(row.mandate)?.unwrap_or_default(),
            languages: from_json(row.languages)?,
            time_zone: None,
            visibility: word(&row.visibility, Visibility::parse)?,
        })
    }
}
