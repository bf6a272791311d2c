//! Queries of memberships. Who sees the group sees who belongs to it.

use ::entity::groups::membership::{ActiveModel, Column, Entity, Model};
use domain::{
    access::Actor,
    groups::{Category, Membership, MembershipAnswer},
    identifier::{GroupId, Handle, OrganisationId},
    moment::Moment,
    time::Validity,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select,
};
use uuid::Uuid;

use crate::{
    db::{self, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, page_of, to_chrono, to_chrono_opt},
    error::Error,
    groups::{
        Span,
        store::{groups_seen, organisation_codes},
    },
};

/// One page of a group's memberships.
pub async fn membership_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    group: GroupId,
    span: Span,
    paging: &Paging,
) -> Result<Page<Visible<MembershipAnswer>>, Error> {
    let select = match span {
        Span::AsOf(at) => seen(actor, group).filter(holds_at(at)),
        Span::All => seen(actor, group),
    };
    let Page { items, next_cursor } =
        page_of(connection, select, (Some(Column::SortKey), Column::Id), paging, |row: &Model| (&row.sort_key, row.id))
            .await?;
    Ok(Page { items: visible(connection, items).await?, next_cursor })
}

/// All memberships of a group that hold at `at`.
pub async fn membership_list_at(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    group: GroupId,
    at: Timestamp,
    category: Option<Category>,
) -> Result<Vec<Visible<MembershipAnswer>>, Error> {
    let mut select = seen(actor, group).filter(holds_at(at)).order_by_asc(Column::SortKey);
    if let Some(category) = category {
        select = select.filter(Column::Category.eq(category.as_str()));
    }
    visible(connection, select.all(connection).await?).await
}

/// The only finder of one membership.
pub async fn membership_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<MembershipAnswer>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let select = Entity::find_by_id(*id).filter(Column::GroupId.in_subquery(groups_seen(actor)));
    let row = select.one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    visible(connection, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// When the organisation of `input` already belongs to the group during a part of that time; `own` is left out.
pub async fn membership_overlapping(
    tx: &Tx,
    group: GroupId,
    input: &Membership,
    own: Option<Uuid>,
) -> Result<Option<Validity>, Error> {
    let Validity { from, to } = input.validity();
    let mut select = Entity::find()
        .filter(Column::GroupId.eq(group.0))
        .filter(Column::OrganisationId.eq(db::reference(Some(&input.organisation_id))))
        .filter(Column::DeletedAt.is_null())
        .filter(Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gt(to_chrono(from))));
    if let Some(to) = to {
        select = select.filter(Column::ValidFrom.lt(to_chrono(to)));
    }
    if let Some(own) = own {
        select = select.filter(Column::Id.ne(own));
    }
    let row = select.order_by_asc(Column::ValidFrom).one(tx.connection()).await?;
    Ok(row.map(|row| Validity { from: from_chrono(row.valid_from), to: from_chrono_opt(row.valid_to) }))
}

/// Adds a row.
pub async fn membership_insert(tx: &Tx, group: GroupId, input: Membership) -> Result<Visible<MembershipAnswer>, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        group_id: Set(group.0),
        ..columns(tx, &input).await?
    };
    let row = Entity::insert(row).exec_with_returning(tx.connection()).await?;
    visible(tx.connection(), vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Replaces the row, if its version is still that of `current`.
pub async fn membership_update(
    tx: &Tx,
    current: &Visible<MembershipAnswer>,
    input: Membership,
) -> Result<Visible<MembershipAnswer>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, &input).await? };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(current.id));
    let rows = update.filter(Column::Version.eq(current.version)).exec_with_returning(tx.connection()).await?;
    visible(tx.connection(), rows).await?.pop().ok_or(Error::Stale(None))
}

/// Turns the row into a tombstone; gives its version.
pub async fn membership_delete(tx: &Tx, current: &Visible<MembershipAnswer>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        ..Default::default()
    };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(current.version + 1)
}

fn seen(actor: &Actor, group: GroupId) -> Select<Entity> {
    Entity::find()
        .filter(Column::GroupId.eq(group.0))
        .filter(Column::GroupId.in_subquery(groups_seen(actor)))
        .filter(Column::DeletedAt.is_null())
}

fn holds_at(at: Timestamp) -> Condition {
    let at = to_chrono(at);
    let goes_on = Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gt(at));
    Condition::all().add(Column::ValidFrom.lte(at)).add(goes_on)
}

async fn columns(tx: &Tx, input: &Membership) -> Result<ActiveModel, Error> {
    let unresolved = || Error::internal("a reference reached the store unresolved");
    let organisation = OrganisationId(db::reference(Some(&input.organisation_id)).ok_or_else(unresolved)?);
    let codes = organisation_codes(tx.connection(), [organisation]).await?;
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        organisation_id: Set(organisation.0),
        category: Set(input.category.to_string()),
        voting_right: Set(input.voting_right),
        valid_from: Set(to_chrono(input.valid_from.0)),
        valid_to: Set(to_chrono_opt(input.valid_to.map(|to| to.0))),
        basis: Set(input.basis.clone()),
        sort_key: Set(input.sort_key(codes.get(&organisation).ok_or_else(unresolved)?)),
        ..Default::default()
    })
}

/// The rows as they are answered with; the codes of all organisations come in one query.
async fn visible(connection: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Visible<MembershipAnswer>>, Error> {
    let codes = organisation_codes(connection, rows.iter().map(|row| OrganisationId(row.organisation_id))).await?;
    rows.into_iter()
        .map(|row| {
            let code = codes.get(&OrganisationId(row.organisation_id)).cloned();
            let membership = Membership {
                organisation_id: Handle::Id(row.organisation_id),
                category: db::word(&row.category, Category::parse)?,
                voting_right: row.voting_right,
                valid_from: Moment(from_chrono(row.valid_from)),
                valid_to: from_chrono_opt(row.valid_to).map(Moment),
                basis: row.basis,
            };
            let organisation_code = code.ok_or_else(|| Error::internal("a membership without its organisation"))?;
            Ok(Visible {
                id: row.id,
                version: row.version,
                created_at: from_chrono(row.created_at),
                changed_at: from_chrono(row.changed_at),
                content: MembershipAnswer { group_id: row.group_id, organisation_code, membership },
            })
        })
        .collect()
}
