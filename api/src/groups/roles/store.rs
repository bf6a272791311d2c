//! Queries of roles. Who sees the group sees them; who sees their holders is decided in the use case.

use ::entity::groups::role::{ActiveModel, Column, Entity, Model};
use domain::{
    access::Actor,
    groups::{Function, Role},
    identifier::{GroupId, Handle, OrganisationId, PersonId},
    moment::Moment,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::Held;
use crate::{
    db::{self, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, page_of, to_chrono, to_chrono_opt},
    error::Error,
    groups::{
        Span,
        store::{groups_seen, organisation_codes},
    },
};

/// One page of the roles in a group.
pub async fn role_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    group: GroupId,
    span: Span,
    paging: &Paging,
) -> Result<Page<Visible<Held>>, Error> {
    let mut select = Entity::find()
        .filter(Column::GroupId.eq(group.0))
        .filter(Column::GroupId.in_subquery(groups_seen(actor)))
        .filter(Column::DeletedAt.is_null());
    if let Span::AsOf(at) = span {
        let at = to_chrono(at);
        let goes_on = Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gt(at));
        select = select.filter(Column::ValidFrom.lte(at)).filter(goes_on);
    }
    let Page { items, next_cursor } =
        page_of(connection, select, (Some(Column::SortKey), Column::Id), paging, |row: &Model| (&row.sort_key, row.id))
            .await?;
    Ok(Page { items: held(connection, items).await?, next_cursor })
}

/// The only finder of one role.
pub async fn role_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Held>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let select = Entity::find_by_id(*id).filter(Column::GroupId.in_subquery(groups_seen(actor)));
    let row = select.one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    held(connection, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Adds a row.
pub async fn role_insert(tx: &Tx, group: GroupId, input: &Role) -> Result<Visible<Held>, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        group_id: Set(group.0),
        ..columns(tx, input)?
    };
    let row = Entity::insert(row).exec_with_returning(tx.connection()).await?;
    held(tx.connection(), vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Replaces the row, if its version is still that of `current`.
pub async fn role_update(tx: &Tx, current: &Visible<Held>, input: &Role) -> Result<Visible<Held>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, input)? };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(current.id));
    let rows = update.filter(Column::Version.eq(current.version)).exec_with_returning(tx.connection()).await?;
    held(tx.connection(), rows).await?.pop().ok_or(Error::Stale(None))
}

/// Turns the row into a tombstone; gives its version.
pub async fn role_delete(tx: &Tx, current: &Visible<Held>) -> Result<i32, Error> {
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

fn columns(tx: &Tx, input: &Role) -> Result<ActiveModel, Error> {
    let person = db::reference(Some(&input.person_id));
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        person_id: Set(person.ok_or_else(|| Error::internal("a reference reached the store unresolved"))?),
        organisation_id: Set(db::reference(input.organisation_id.as_ref())),
        function: Set(input.function.to_string()),
        acting: Set(input.acting),
        in_subgroups: Set(input.in_subgroups),
        valid_from: Set(to_chrono(input.valid_from.0)),
        valid_to: Set(to_chrono_opt(input.valid_to.map(|to| to.0))),
        sort_key: Set(input.sort_key()),
        ..Default::default()
    })
}

/// What the rows say; the codes of all organisations come in one query.
async fn held(connection: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Visible<Held>>, Error> {
    let organisations = rows.iter().filter_map(|row| row.organisation_id).map(OrganisationId);
    let codes = organisation_codes(connection, organisations).await?;
    rows.into_iter()
        .map(|row| {
            let role = Role {
                person_id: Handle::Id(row.person_id),
                organisation_id: row.organisation_id.map(Handle::Id),
                function: db::word(&row.function, Function::parse)?,
                acting: row.acting,
                in_subgroups: row.in_subgroups,
                valid_from: Moment(from_chrono(row.valid_from)),
                valid_to: from_chrono_opt(row.valid_to).map(Moment),
            };
            let content = Held {
                group: GroupId(row.group_id),
                person: PersonId(row.person_id),
                organisation_code: row.organisation_id.and_then(|id| codes.get(&OrganisationId(id)).cloned()),
                role,
            };
            Ok(Visible {
                id: row.id,
                version: row.version,
                created_at: from_chrono(row.created_at),
                changed_at: from_chrono(row.changed_at),
                content,
            })
        })
        .collect()
}
