//! The answers to POSTs, kept for 24 hours so that a repetition gets the first answer again.
//!
//! [`super::Tx::commit`] inserts the record together with the effect, so there is one effect whatever happens; the
//! answer is added afterwards. Should the process end between the two, the record stays without an answer, and a
//! repetition is told so instead of being carried out again.

use ::entity::access::idempotency_record::{Column, Entity};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde::{Deserialize, Serialize};

use super::{Claim, Db, to_chrono, to_json};
use crate::error::Error;

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// Status code.
    pub status: u16,
    /// The headers that belong to the answer rather than to the connection.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What is known of an earlier request with the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// There was none.
    None,
    /// It was another request.
    Different,
    /// It had its effect; the answer is not there, or not yet.
    Unanswered,
    /// It was answered.
    Answered(KeptAnswer),
}

impl Db {
    /// What is known of an earlier request with the key of `claim`.
    pub async fn earlier(&self, claim: &Claim, now: Timestamp) -> Result<Earlier, Error> {
        let row = Entity::find_by_id((claim.principal.clone(), claim.key.clone())).one(self.write()).await?;
        let Some(row) = row else { return Ok(Earlier::None) };
        if row.expires_at <= to_chrono(now) {
            Entity::delete_many()
                .filter(Column::Principal.eq(&claim.principal))
                .filter(Column::Key.eq(&claim.key))
                .exec(self.write())
                .await?;
            return Ok(Earlier::None);
        }
        if row.fingerprint != claim.fingerprint {
            return Ok(Earlier::Different);
        }
        Ok(match (row.status, row.body) {
            (Some(status), Some(body)) => Earlier::Answered(KeptAnswer {
                status: u16::try_from(status).unwrap_or(500),
                headers: serde_json::from_value(row.headers)?,
                body,
            }),
            _ => Earlier::Unanswered,
        })
    }

    /// Keeps the answer of a request whose effect has been committed.
    pub async fn keep_answer(&self, claim: &Claim, answer: &KeptAnswer) -> Result<(), Error> {
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(i32::from(answer.status)))
            .col_expr(Column::Headers, Expr::value(to_json(&answer.headers)?))
            .col_expr(Column::Body, Expr::value(answer.body.clone()))
            .filter(Column::Principal.eq(&claim.principal))
            .filter(Column::Key.eq(&claim.key))
            .exec(self.write())
            .await?;
        Ok(())
    }
}
