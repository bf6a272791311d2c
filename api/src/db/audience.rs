//! Audiences: whom objects name. Shared by every kind of object that can be for a chosen few.

use ::entity::access::audience_member as row;
use domain::{access::AudienceId, identifier::Handle};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use uuid::Uuid;

use super::Tx;
use crate::error::Error;

/// The column of an object that names `members`: which audience they are.
pub fn audience_of(members: &[Handle]) -> Option<Uuid> {
    AudienceId::of(members).map(|audience| audience.0)
}

/// Sees to it that the audience of these members is known. It may be already: an audience is its members.
pub async fn audience_keep(tx: &Tx, members: &[Handle]) -> Result<(), Error> {
    let Some(audience) = audience_of(members) else { return Ok(()) };
    let rows = members.iter().filter_map(Handle::id);
    let rows = rows.map(|member| row::ActiveModel { audience_id: Set(audience), member_id: Set(member) });
    row::Entity::insert_many(rows)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
}
