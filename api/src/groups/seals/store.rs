//! Queries of seals. Who sees a sealed group is decided in `access::store::fence`; seals are read by whoever has seen the
//! group, and by administrators.

use std::collections::HashMap;

use ::entity::groups::{seal, seal_admission};
use domain::groups::{Admission, Breaking, Seal, SealSummary};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    db::{Page, Paging, Tx, from_chrono, page_of, to_chrono},
    error::Error,
};

/// The seal on a group, if there is one.
pub async fn seal_find(connection: &impl ConnectionTrait, group: Uuid) -> Result<Option<Seal>, Error> {
    let Some(row) = seal::Entity::find_by_id(group).one(connection).await? else { return Ok(None) };
    let admissions = seal_admission::Entity::find()
        .filter(seal_admission::Column::GroupId.eq(group))
        .order_by_asc(seal_admission::Column::AdmittedAt)
        .order_by_asc(seal_admission::Column::AccountId)
        .all(connection)
        .await?;
    let admission = |row: seal_admission::Model| Admission {
        account_id: row.account_id,
        admitted_by: row.admitted_by,
        admitted_at: from_chrono(row.admitted_at),
    };
    Ok(Some(Seal {
        group_id: row.group_id,
        sealed_by: row.sealed_by,
        sealed_at: from_chrono(row.sealed_at),
        admissions: admissions.into_iter().map(admission).collect(),
        breaking: breaking(&row),
    }))
}

/// One page of all seals, by the ids of their groups.
pub async fn seal_list(connection: &impl ConnectionTrait, paging: &Paging) -> Result<Page<SealSummary>, Error> {
    let page = page_of(connection, seal::Entity::find(), (None, seal::Column::GroupId), paging, |row: &seal::Model| {
        ("", row.group_id)
    });
    let page = page.await?;
    let counted = seal_admission::Entity::find()
        .select_only()
        .column(seal_admission::Column::GroupId)
        .column_as(seal_admission::Column::AccountId.count(), "admitted")
        .filter(seal_admission::Column::GroupId.is_in(page.items.iter().map(|row| row.group_id)))
        .group_by(seal_admission::Column::GroupId);
    let counted: HashMap<Uuid, i64> = counted.into_tuple::<(Uuid, i64)>().all(connection).await?.into_iter().collect();
    page.try_map(|row| {
        let admitted = counted.get(&row.group_id).copied().unwrap_or_default();
        Ok(summary(&row, u64::try_from(admitted).unwrap_or_default()))
    })
}

/// The seal on a group as administrators see it, held until the transaction ends.
pub async fn seal_lock(tx: &Tx, group: Uuid) -> Result<SealSummary, Error> {
    let row = seal::Entity::find_by_id(group).lock_exclusive().one(tx.connection()).await?;
    let row = row.ok_or(Error::NotFound)?;
    let admitted = seal_admission::Entity::find().filter(seal_admission::Column::GroupId.eq(group));
    let admitted = admitted.count(tx.connection()).await?;
    Ok(summary(&row, admitted))
}

/// Seals a group.
pub async fn seal_insert(tx: &Tx, group: Uuid, by: Uuid) -> Result<(), Error> {
    let row = seal::ActiveModel {
        group_id: Set(group),
        sealed_by: Set(by),
        sealed_at: Set(to_chrono(tx.now())),
        asked_by: NotSet,
        asked_at: NotSet,
        reason: NotSet,
    };
    seal::Entity::insert(row).exec_without_returning(tx.connection()).await.map_err(|error| {
        Error::on_unique(error, || {
            Error::conflict("already_sealed", "This group is sealed. Admit accounts to it instead.")
        })
    })?;
    Ok(())
}

/// Takes the seal off a group.
pub async fn seal_delete(tx: &Tx, group: Uuid) -> Result<(), Error> {
    let admissions = seal_admission::Entity::delete_many().filter(seal_admission::Column::GroupId.eq(group));
    admissions.exec(tx.connection()).await?;
    seal::Entity::delete_by_id(group).exec(tx.connection()).await?;
    Ok(())
}

/// Admits accounts to a group; those that are stay as they are.
pub async fn admissions_insert(tx: &Tx, group: Uuid, accounts: &[Uuid], by: Uuid) -> Result<(), Error> {
    let rows = accounts.iter().map(|account| seal_admission::ActiveModel {
        group_id: Set(group),
        account_id: Set(*account),
        admitted_by: Set(by),
        admitted_at: Set(to_chrono(tx.now())),
    });
    let twice = OnConflict::columns([seal_admission::Column::GroupId, seal_admission::Column::AccountId])
        .do_nothing()
        .to_owned();
    let insert = seal_admission::Entity::insert_many(rows).on_conflict(twice);
    insert.exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Takes the admission of an account back; says whether there was one.
pub async fn admission_delete(tx: &Tx, group: Uuid, account: Uuid) -> Result<bool, Error> {
    let gone = seal_admission::Entity::delete_by_id((group, account)).exec(tx.connection()).await?;
    Ok(gone.rows_affected == 1)
}

/// Writes down that breaking a seal has been asked for, or no longer is.
pub async fn breaking_put(tx: &Tx, group: Uuid, asked: Option<&Breaking>) -> Result<(), Error> {
    seal::Entity::update_many()
        .col_expr(seal::Column::AskedBy, Expr::value(asked.map(|asked| asked.asked_by)))
        .col_expr(seal::Column::AskedAt, Expr::value(asked.map(|asked| to_chrono(asked.asked_at))))
        .col_expr(seal::Column::Reason, Expr::value(asked.map(|asked| asked.reason.clone())))
        .filter(seal::Column::GroupId.eq(group))
        .exec(tx.connection())
        .await?;
    Ok(())
}

fn summary(row: &seal::Model, admitted: u64) -> SealSummary {
    SealSummary {
        group_id: row.group_id,
        sealed_by: row.sealed_by,
        sealed_at: from_chrono(row.sealed_at),
        admitted,
        breaking: breaking(row),
    }
}

fn breaking(row: &seal::Model) -> Option<Breaking> {
    let asked = row.asked_by.zip(row.asked_at)?;
    Some(Breaking::new(asked.0, from_chrono(asked.1), row.reason.clone().unwrap_or_default()))
}
