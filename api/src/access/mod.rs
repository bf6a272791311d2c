//! Keys and accounts: who may knock, and what the key in their hand opens. The rules are in `domain::access`.

pub mod store;

use domain::access::{Actor, Limit, Principal, Role, Scope, Token, TokenKind};
use jiff::{SignedDuration, Timestamp};

use crate::{
    context::App,
    db::{from_chrono, from_chrono_opt, from_json},
    error::Error,
};

/// How exactly the last use of a key is known; a busy key is not a write on every request.
const LAST_USE: SignedDuration = SignedDuration::from_hours(1);

/// Who holds `token`. Unknown, mistyped, expired and revoked keys get the same answer.
pub async fn authenticate(app: &App, token: &str, now: Timestamp) -> Result<Actor, Error> {
    let token = Token::parse(TokenKind::Key, token).ok_or(Error::Unauthenticated)?;
    let row = store::key_by_prefix(app.db.read(), token.id()).await?;
    let matches = token.matches(row.as_ref().map_or("", |row| &row.secret_hash));
    let row = row
        .filter(|row| matches && row.revoked_at.is_none() && from_chrono(row.expires_at) > now)
        .ok_or(Error::Unauthenticated)?;
    if from_chrono_opt(row.last_used_at).is_none_or(|last| now.duration_since(last) > LAST_USE) {
        app.db.key_used(row.id, now).await?;
    }
    let (events, groups) = store::key_limits(app.db.read(), row.id).await?;
    Ok(Actor {
        principal: Principal::Key { id: row.id, name: row.name },
        role: Role::parse(&row.role),
        scopes: from_json::<Vec<Scope>>(row.scopes)?,
        limit: (!events.is_empty() || !groups.is_empty()).then_some(Limit { events, groups }),
        organisation: row.organisation_id.map(Into::into),
    })
}
