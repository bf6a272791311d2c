//! What a request leaves behind whatever becomes of it: when a sign-in was last used, and how often something was tried.
//!
//! Like the last use of a key these are facts about the request itself, which every caller may cause and nobody can
//! choose; they need no permit.

use ::entity::access::{sign_in_session, throttle};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{Db, from_chrono, to_chrono};
use crate::error::Error;

/// How often something may be tried.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// So many times,
    pub times: i32,
    /// in a window of this length, which begins with the first.
    pub window: SignedDuration,
}

impl Db {
    /// Notes that a sign-in was used.
    pub(crate) async fn sign_in_used(&self, id: Uuid, now: Timestamp) -> Result<(), Error> {
        sign_in_session::Entity::update_many()
            .col_expr(sign_in_session::Column::LastUsedAt, Expr::value(to_chrono(now)))
            .filter(sign_in_session::Column::Id.eq(id))
            .exec(self.write())
            .await?;
        Ok(())
    }

    /// Counts one attempt at `key`, for all instances together; an error once there were too many. One statement, so that
    /// attempts at the same moment are all counted.
    pub(crate) async fn throttle(&self, key: String, allowance: Allowance, now: Timestamp) -> Result<(), Error> {
        let (at, ends_at) = (to_chrono(now), to_chrono(now + allowance.window));
        let column = |column: throttle::Column| Expr::col((throttle::Entity, column));
        let over = || column(throttle::Column::EndsAt).lte(at);
        let count = Expr::case(over(), 1).finally(column(throttle::Column::Count).add(1));
        let ends = Expr::case(over(), ends_at).finally(column(throttle::Column::EndsAt));
        let row = throttle::ActiveModel { key: Set(key), count: Set(1), ends_at: Set(ends_at) };
        let row = throttle::Entity::insert(row)
            .on_conflict(
                OnConflict::column(throttle::Column::Key)
                    .value(throttle::Column::Count, count)
                    .value(throttle::Column::EndsAt, ends)
                    .to_owned(),
            )
            .exec_with_returning(self.write())
            .await?;
        if row.count > allowance.times {
            let wait = from_chrono(row.ends_at).duration_since(now).as_secs();
            return Err(Error::TooOften { wait, times: allowance.times, window: allowance.window.as_secs() });
        }
        Ok(())
    }

    /// Deletes sign-ins, links and counts that are over; gives how many.
    pub async fn sign_ins_expire(&self, now: Timestamp) -> Result<u64, Error> {
        use ::entity::access::{passkey_challenge, sign_in_attempt, sign_in_link};
        let at = to_chrono(now);
        let sign_ins = sign_in_session::Entity::delete_many().filter(sign_in_session::Column::ExpiresAt.lte(at));
        let links = sign_in_link::Entity::delete_many().filter(sign_in_link::Column::ExpiresAt.lte(at));
        let counts = throttle::Entity::delete_many().filter(throttle::Column::EndsAt.lte(at));
        let begun = sign_in_attempt::Entity::delete_many().filter(sign_in_attempt::Column::ExpiresAt.lte(at));
        begun.exec(self.write()).await?;
        let given = passkey_challenge::Entity::delete_many().filter(passkey_challenge::Column::ExpiresAt.lte(at));
        given.exec(self.write()).await?;
        let ended = sign_ins.exec(self.write()).await?.rows_affected + links.exec(self.write()).await?.rows_affected;
        Ok(ended + counts.exec(self.write()).await?.rows_affected)
    }
}
