//! Queries of organisations. They are public facts, so the finder has no visibility predicate.

use std::collections::HashMap;

use ::entity::organisations::organisation::{ActiveModel, Column, Entity, Model};
use domain::{
    Code,
    attendance::import::KnownOrganisation,
    identifier::{Handle, OrganisationId},
    organisations::{Kind, Names, NamesHistory, Organisation},
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Json,
};
use uuid::Uuid;

use crate::{
    db::{
        self, Page, Paging, Tx, Visible, external_ids_of, external_ids_of_kind, external_ids_replace, from_chrono,
        from_json, page_of, to_chrono, to_json,
    },
    error::Error,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words in any name or the code, without regard to case and diacritics.
    pub q: Option<String>,
    /// Only this kind.
    pub kind: Option<Kind>,
}

/// One page, by code.
pub async fn organisation_list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Organisation>>, Error> {
    let mut select = Entity::find().filter(Column::DeletedAt.is_null());
    if let Some(q) = &filter.q {
        select = select.filter(db::contains(Column::SearchKey, q));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(kind.as_str()));
    }
    let page =
        page_of(connection, select, (Some(Column::SortKey), Column::Id), paging, |row: &Model| (&row.sort_key, row.id))
            .await?;
    let mut external = external_ids_of(connection, super::KIND, page.items.iter().map(|row| row.id)).await?;
    page.try_map(|row| {
        let ids = external.remove(&row.id).unwrap_or_default();
        visible(row, ids)
    })
}

/// The only finder of one organisation.
pub async fn organisation_find(
    connection: &impl ConnectionTrait,
    handle: &Handle,
) -> Result<Visible<Organisation>, Error> {
    let select = match handle {
        Handle::Id(id) => Entity::find_by_id(*id),
        Handle::Code(code) => Entity::find().filter(Column::CodeKey.eq(code)).filter(Column::DeletedAt.is_null()),
    };
    let row = select.one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let ids = external_ids_of(connection, super::KIND, [row.id]).await?.remove(&row.id).unwrap_or_default();
    visible(row, ids)
}

/// The ids of those of `handles` that name an organisation.
pub async fn organisation_ids(
    connection: &impl ConnectionTrait,
    handles: impl IntoIterator<Item = &Handle>,
) -> Result<HashMap<Handle, Handle>, Error> {
    let (mut ids, mut codes) = (vec![], vec![]);
    for handle in handles {
        match handle {
            Handle::Id(id) => ids.push(*id),
            Handle::Code(code) => codes.push(code.as_str()),
        }
    }
    let rows: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::CodeKey])
        .filter(Condition::any().add(Column::Id.is_in(ids)).add(Column::CodeKey.is_in(codes)))
        .filter(Column::DeletedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?;
    let both = |(id, code)| [(Handle::Id(id), Handle::Id(id)), (Handle::Code(code), Handle::Id(id))];
    Ok(rows.into_iter().flat_map(both).collect())
}

/// Codes and names as they were at `at`, of deleted ones too.
pub async fn organisation_names(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = OrganisationId>,
    at: Timestamp,
) -> Result<HashMap<OrganisationId, (Code, Names)>, Error> {
    let rows = Entity::find().filter(Column::Id.is_in(ids.into_iter().map(|id| id.0))).all(connection).await?;
    let named = |row: Model| {
        let code = Code::try_from(row.code).map_err(Error::internal)?;
        Ok((OrganisationId(row.id), (code, names_at(row.names, row.former_names, at)?)))
    };
    rows.into_iter().map(named).collect()
}

/// All there are, by what a table may call them.
pub async fn organisations_known(connection: &impl ConnectionTrait) -> Result<Vec<KnownOrganisation>, Error> {
    let rows: Vec<(Uuid, String, Json)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Code, Column::Names])
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    // All of them: their ids would be too many for one statement one day.
    let mut external = external_ids_of_kind(connection, super::KIND).await?;
    let known = |(id, code, names): (Uuid, String, Json)| {
        let names: Names = from_json(names)?;
        Ok(KnownOrganisation {
            id: OrganisationId(id),
            code: Code::try_from(code).map_err(Error::internal)?,
            names: names
                .0
                .values()
                .flat_map(|forms| [&forms.list, &forms.text, &forms.formal])
                .flatten()
                .cloned()
                .collect(),
            external_ids: external.remove(&id).unwrap_or_default(),
        })
    };
    rows.into_iter().map(known).collect()
}

/// The names at `at`, from the two columns that hold names.
pub fn names_at(names: Json, former: Json, at: Timestamp) -> Result<Names, Error> {
    let former = from_json::<Option<_>>(former)?.unwrap_or_default();
    Ok(NamesHistory { names: from_json(names)?, former }.at(at))
}

/// Whether there is any, deleted ones included.
pub async fn organisation_exists(connection: &impl ConnectionTrait) -> Result<bool, Error> {
    Ok(Entity::find().limit(1).one(connection).await?.is_some())
}

/// Adds a row.
pub async fn organisation_insert(tx: &Tx, input: &Organisation) -> Result<Visible<Organisation>, Error> {
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        ..columns(tx, input)?
    };
    let row = Entity::insert(row)
        .exec_with_returning(tx.connection())
        .await
        .map_err(|error| code_taken(error, &input.code))?;
    external_ids_replace(tx, super::KIND, id, &input.external_ids).await?;
    visible(row, input.external_ids.clone())
}

/// Replaces the row, if its version is still that of `current`.
pub async fn organisation_update(
    tx: &Tx,
    current: &Visible<Organisation>,
    input: &Organisation,
) -> Result<Visible<Organisation>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, input)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await
        .map_err(|error| code_taken(error, &input.code))?;
    let row = rows.into_iter().next().ok_or(Error::Stale(None))?;
    external_ids_replace(tx, super::KIND, current.id, &input.external_ids).await?;
    visible(row, input.external_ids.clone())
}

/// Turns the row into a tombstone; gives its version.
pub async fn organisation_delete(tx: &Tx, current: &Visible<Organisation>) -> Result<i32, Error> {
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

fn columns(tx: &Tx, input: &Organisation) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        code: Set(input.code.to_string()),
        code_key: Set(input.code.key()),
        kind: Set(input.kind.to_string()),
        alpha2: Set(input.alpha2.clone()),
        alpha3: Set(input.alpha3.clone()),
        numeric_code: Set(input.numeric_code.clone()),
        region: Set(input.region.clone()),
        subregion: Set(input.subregion.clone()),
        regional_group: Set(input.regional_group.clone()),
        un_status: Set(input.un_status.clone()),
        parent_id: Set(db::reference(input.parent_id.as_ref())),
        names: Set(to_json(&input.names)?),
        former_names: Set(to_json(&input.former_names)?),
        website: Set(input.website.clone()),
        time_zone: Set(input.time_zone.clone()),
        search_key: Set(input.search_key()),
        sort_key: Set(input.code.key()),
        ..Default::default()
    })
}

fn visible(row: Model, external_ids: Vec<domain::external::ExternalId>) -> Result<Visible<Organisation>, Error> {
    let content = Organisation {
        code: Code::try_from(row.code).map_err(Error::internal)?,
        kind: db::word(&row.kind, Kind::parse)?,
        names: from_json(row.names)?,
        former_names: from_json(row.former_names)?,
        alpha2: row.alpha2,
        alpha3: row.alpha3,
        numeric_code: row.numeric_code,
        region: row.region,
        subregion: row.subregion,
        regional_group: row.regional_group,
        un_status: row.un_status,
        parent_id: row.parent_id.map(Handle::Id),
        website: row.website,
        time_zone: row.time_zone,
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

fn code_taken(error: sea_orm::DbErr, code: &Code) -> Error {
    Error::on_unique(error, || {
        Error::conflict("code_taken", format!("Another organisation already has the code '{code}'."))
    })
}
