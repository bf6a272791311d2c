//! Keys and accounts: who may knock, and what the key in their hand opens. The rules are in `domain::access`.

pub mod store;

pub use store::{ApiKey, ApiKeyLimit};

use domain::{
    Check,
    access::{Actor, Limit, Principal, Resource, Role, Scope, TOKEN_BYTES, Target, Token, TokenKind},
    identifier::{EventId, GroupId, OrganisationId},
    language::check_line,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    context::{App, Ctx},
    db::{Change, from_chrono, from_chrono_opt, from_json},
    error::Error,
};

/// How exactly the last use of a key is known; a busy key is not a write on every request.
const LAST_USE: SignedDuration = SignedDuration::from_hours(1);

/// Who holds `token`. Unknown, mistyped, expired and revoked keys get the same answer.
pub async fn authenticate(app: &App, token: &str, now: Timestamp) -> Result<Actor, Error> {
    let token = Token::parse(TokenKind::Key, token).ok_or(Error::Unauthenticated)?;
    let row = store::key_by_prefix(app.db.read(), token.id()).await?;
    let matches = token.matches(row.as_ref().map_or("", |row| &row.secret_hash));
    let row = row.filter(|row| matches && is_valid(row, now)).ok_or(Error::Unauthenticated)?;
    if from_chrono_opt(row.last_used_at).is_none_or(|last| now.duration_since(last) > LAST_USE) {
        app.db.key_used(row.id, now).await?;
    }
    let limits = store::key_limits(app.db.read(), row.id).await?;
    holder(row, &limits, now)?.ok_or(Error::Unauthenticated)
}

/// Who holds the key of this row and these limits, with the rights of this moment; nobody once it was revoked or has
/// expired.
pub fn holder(row: ApiKey, limits: &[ApiKeyLimit], now: Timestamp) -> Result<Option<Actor>, Error> {
    if !is_valid(&row, now) {
        return Ok(None);
    }
    let of =
        |kind: &str| limits.iter().filter(|limit| limit.kind == kind).map(|limit| limit.object_id).collect::<Vec<_>>();
    let limit = Limit {
        events: of("event").into_iter().map(EventId).collect(),
        groups: of("group").into_iter().map(GroupId).collect(),
    };
    Ok(Some(Actor {
        principal: Principal::Key { id: row.id, name: row.name },
        role: Role::parse(&row.role),
        scopes: from_json::<Vec<Scope>>(row.scopes)?,
        limit: (!limits.is_empty()).then_some(limit),
        organisation: row.organisation_id.map(Into::into),
    }))
}

fn is_valid(row: &ApiKey, now: Timestamp) -> bool {
    row.revoked_at.is_none() && from_chrono(row.expires_at) > now
}

/// What a new key is to be.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What it is for, in the words of whoever asks for it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// What it is narrowed to; empty for all that the role may.
    pub scopes: Vec<Scope>,
    /// Events it is limited to.
    pub events: Vec<EventId>,
    /// Groups it is limited to.
    pub groups: Vec<GroupId>,
    /// The organisation a delegate acts for.
    pub organisation: Option<OrganisationId>,
    /// Days until it expires, 1 to 366.
    pub expires_in_days: u16,
}

impl Default for NewKey {
    fn default() -> Self {
        Self {
            name: String::new(),
            role: Role::Auditor,
            scopes: vec![],
            events: vec![],
            groups: vec![],
            organisation: None,
            expires_in_days: 90,
        }
    }
}

/// A key just made. Its secret is not kept and cannot be shown again.
#[derive(Debug)]
pub struct MadeKey {
    /// Its id.
    pub id: uuid::Uuid,
    /// The whole key.
    pub secret: String,
}

/// Makes a key.
pub async fn key_create(ctx: &Ctx, input: NewKey) -> Result<MadeKey, Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    let mut check = Check::new();
    check.take(check_line(&input.name, "/name", 200));
    check
        .require(
            (1..=366).contains(&input.expires_in_days),
            "/expires_in_days",
            "out_of_range",
            "Let it expire in 1 to 366 days.",
        )
        .require(
            (input.role == Role::Delegate) == input.organisation.is_some(),
            "/organisation_id",
            "does_not_fit_role",
            "A delegate's key, and only that, names the organisation it acts for.",
        );
    check.finish()?;
    let token = Token::generate(TokenKind::Key, &ctx.app.entropy.bytes::<TOKEN_BYTES>()?);
    let tx = ctx.write(permit).await?;
    let id = store::key_insert(&tx, &input, &token).await?;
    tx.record(Change { organisation: input.organisation.map(Into::into), ..Change::new("key.created", id, 1) });
    tx.commit().await?;
    Ok(MadeKey { id, secret: token.reveal() })
}
