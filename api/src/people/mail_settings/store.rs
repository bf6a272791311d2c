//! Queries of which mails people want.

use std::collections::HashSet;

use ::entity::people::mail_setting::{ActiveModel, Column, Entity};
use domain::{identifier::PersonId, people::MailSettings};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

use super::Said;
use crate::{
    db::{Tx, chunks, to_chrono},
    error::Error,
};

/// What somebody said, with the version: 0 and all mails while nothing was said.
pub async fn mail_settings_find(connection: &impl ConnectionTrait, person: Uuid) -> Result<Said, Error> {
    let row = Entity::find_by_id(person).one(connection).await?;
    Ok(row.map_or(Said { settings: MailSettings::default(), version: 0 }, |row| Said {
        settings: MailSettings { invitations: row.invitations, followed: row.followed },
        version: row.version,
    }))
}

/// Writes it, if it still is what the caller read.
pub(super) async fn mail_settings_write(
    tx: &Tx,
    person: Uuid,
    (before, version): (i32, i32),
    settings: MailSettings,
) -> Result<(), Error> {
    let row = ActiveModel {
        person_id: Set(person),
        version: Set(version),
        changed_at: Set(to_chrono(tx.now())),
        invitations: Set(settings.invitations),
        followed: Set(settings.followed),
    };
    let connection = tx.connection();
    let written = match before {
        0 => {
            let once = OnConflict::column(Column::PersonId).do_nothing().to_owned();
            Entity::insert(row).on_conflict(once).exec_without_returning(connection).await?
        }
        _ => {
            let of_then = Entity::update_many().set(row).filter(Column::PersonId.eq(person));
            of_then.filter(Column::Version.eq(before)).exec(connection).await?.rows_affected
        }
    };
    if written == 1 { Ok(()) } else { Err(Error::Stale(None)) }
}

/// Those of `persons` who want no mails of the kind that `column` is about.
async fn persons_without(
    connection: &impl ConnectionTrait,
    persons: impl IntoIterator<Item = PersonId>,
    column: Column,
) -> Result<HashSet<PersonId>, Error> {
    let mut without = HashSet::new();
    for ids in chunks(persons.into_iter().map(|person| person.0).collect()) {
        let select = Entity::find().select_only().column(Column::PersonId).filter(column.eq(false));
        let found = select.filter(Column::PersonId.is_in(ids)).into_tuple::<Uuid>().all(connection).await?;
        without.extend(found.into_iter().map(PersonId));
    }
    Ok(without)
}

/// Those of `persons` who want no invitations.
pub async fn persons_without_invitations(
    connection: &impl ConnectionTrait,
    persons: impl IntoIterator<Item = PersonId>,
) -> Result<HashSet<PersonId>, Error> {
    persons_without(connection, persons, Column::Invitations).await
}

/// Those of `persons` who want no mails of what they only follow.
pub async fn persons_without_followed(
    connection: &impl ConnectionTrait,
    persons: impl IntoIterator<Item = PersonId>,
) -> Result<HashSet<PersonId>, Error> {
    persons_without(connection, persons, Column::Followed).await
}
