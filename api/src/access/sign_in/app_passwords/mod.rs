//! App passwords: what a calendar program is given instead of a sign-in, because it can show nothing but a user and a
//! password (RFC 7617).
//!
//! An app password opens the calendars its owner has subscribed to, to be read, and nothing else. It is a token of 256
//! random bits of which only the hash is kept, so guessing is hopeless at any rate; it ends when its owner deletes it and
//! with the account.

pub mod resource;
mod store;

use domain::access::{
    Account, Actor, AppPassword, AppPasswords, IssuedAppPassword, NewAppPassword, Principal, TOKEN_BYTES, Token,
    TokenKind,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::{begin, own};
use crate::{
    access::accounts,
    context::{App, Ctx},
    db::{Change, Tx, Visible},
    error::Error,
};

/// How exactly the last use is known; a program that asks every minute is not a write every minute.
const LAST_USE: SignedDuration = SignedDuration::from_hours(1);
/// Characters kept of what a program calls itself.
const AGENT_CHARACTERS: usize = 200;

/// Somebody whose program has shown an app password of theirs.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The account, as it is now.
    pub account: Visible<Account>,
    /// What they may do now.
    pub actor: Actor,
}

/// The app passwords of whoever asks, oldest first.
pub async fn list(ctx: &Ctx) -> Result<AppPasswords, Error> {
    let (_, account) = own(ctx)?;
    store::app_password_list(ctx.app.db.read(), account).await
}

/// One app password of whoever asks.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<AppPassword, Error> {
    list(ctx).await?.items.into_iter().find(|password| password.id == id).ok_or(Error::NotFound)
}

/// Makes an app password. Only this answer holds it.
///
/// # Errors
/// `SignInAgain`; a conflict where there are as many as there can be.
pub async fn create(ctx: &Ctx, input: NewAppPassword) -> Result<IssuedAppPassword, Error> {
    let (_, account) = own(ctx)?;
    ctx.freshly_signed_in()?;
    input.check()?;
    let token = Token::generate(TokenKind::App, &ctx.app.entropy.bytes::<TOKEN_BYTES>()?);
    let tx = begin(ctx).await?;
    let user = accounts::usable(tx.connection(), account).await?.ok_or(Error::Unauthenticated)?.content.email;
    if store::app_password_list(tx.connection(), account).await?.items.len() >= AppPasswords::MOST {
        let most = AppPasswords::MOST;
        let detail = format!("You have {most} app passwords, which is as many as there can be. Delete one first.");
        return Err(Error::conflict("too_many_app_passwords", detail));
    }
    let made = store::app_password_insert(&tx, account, input.name, &token).await?;
    record(&tx, "account.app_password_made", account, made.id).await?;
    tx.commit().await?;
    let url = format!("{}/dav/", ctx.app.config.public_url);
    Ok(IssuedAppPassword { app_password: made, url, user, password: token.secret() })
}

/// Deletes one of one's own app passwords: its program is shut out at once.
pub async fn delete(ctx: &Ctx, id: Uuid) -> Result<(), Error> {
    let (_, account) = own(ctx)?;
    let tx = begin(ctx).await?;
    if !store::app_password_delete(&tx, account, id).await? {
        return Err(Error::NotFound);
    }
    record(&tx, "account.app_password_deleted", account, id).await?;
    tx.commit().await
}

/// Deletes all app passwords of an account, in the transaction that is why.
pub(in crate::access) async fn forget(tx: &Tx, account: Uuid) -> Result<(), Error> {
    for id in store::app_passwords_delete(tx, account).await? {
        record(tx, "account.app_password_deleted", account, id).await?;
    }
    Ok(())
}

/// Who has shown this user and password. Whether either is unknown, the password is somebody else's, or the account cannot
/// be used, the answer is the same and takes the same lookup and comparison.
pub async fn authenticate(app: &App, user: &str, password: &str, agent: Option<&str>) -> Result<Holder, Error> {
    let now = app.clock.now();
    let token = Token::parse(TokenKind::App, password).ok_or(Error::Unauthenticated)?;
    let held = store::app_password_by_prefix(app.db.read(), token.id()).await?;
    let matches = token.matches(held.as_ref().map_or("", |held| &held.secret_hash));
    let held = held.filter(|_| matches).ok_or(Error::Unauthenticated)?;
    let account = accounts::usable(app.db.read(), held.account).await?;
    let named = |account: &Visible<Account>| {
        account.content.email.eq_ignore_ascii_case(user) || Uuid::try_parse(user).is_ok_and(|id| id == account.id)
    };
    let account = account.filter(named).ok_or(Error::Unauthenticated)?;
    let principal = Principal::Subscriber { account: account.id };
    let actor = accounts::actor(app.db.read(), &account.content, principal, now).await?;
    let actor = actor.ok_or(Error::Unauthenticated)?;
    note_use(app, &held, agent, now).await;
    Ok(Holder { account, actor })
}

/// Notes that a program used it. Failing at that is no reason to refuse the program.
async fn note_use(app: &App, held: &store::Held, agent: Option<&str>, now: Timestamp) {
    if held.last_used_at.is_some_and(|last| now.duration_since(last) <= LAST_USE) {
        return;
    }
    let agent = agent.map(|agent| agent.chars().filter(|c| !c.is_control()).take(AGENT_CHARACTERS).collect::<String>());
    if let Err(error) = app.db.app_password_used(held.id, now, agent.as_deref()).await {
        tracing::warn!(app_password.id = %held.id, %error, "the last use of an app password was not noted");
    }
}

async fn record(tx: &Tx, kind: &'static str, account: Uuid, id: Uuid) -> Result<(), Error> {
    let version = accounts::version(tx.connection(), account).await?;
    // Deleting an app password deletes no account.
    let diff = json!({ "app_password_id": id });
    tx.record(Change { deleted: false, diff, ..Change::new(kind, account, version) });
    Ok(())
}
