//! Signing in with a browser, and what holds while somebody is signed in.
//!
//! Here: opening, recognising and ending sign-ins, whichever way somebody showed who they are. The ways themselves are
//! in [`links`], [`passkeys`] and [`emergency`]; the rules of how long a sign-in counts are in `domain::access`.
//!
//! A sign-in is a row, looked up on every request, so that ending it holds on all instances at once. Its cookie is a
//! token of 256 random bits of which only the hash is kept. Whoever signs in gets a new one, and the one the browser had
//! is gone (ASVS 5.0, 7.2).

pub mod app_passwords;
mod attempts;
pub mod emergency;
pub mod links;
pub mod pages;
pub mod passkeys;
pub mod resource;
mod store;

use domain::access::{
    Actor, Me, Principal, Proof, Resource, SignInMethod, SignInTimes, SignIns, TOKEN_BYTES, Target, Token, TokenKind,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::accounts;
use crate::{
    context::{App, Ctx},
    db::{Change, Tx},
    error::Error,
};

/// How exactly the last use of a sign-in is known; a busy browser is not a write on every request.
const LAST_USE: SignedDuration = SignedDuration::from_mins(1);

/// A sign-in that was just opened.
#[derive(Debug)]
pub struct Opened {
    /// Names it.
    pub id: Uuid,
    /// What the browser gets as its cookie.
    pub token: Token,
}

/// Opens a sign-in for somebody who has shown that the account is theirs. What the browser held before ends with it.
///
/// # Errors
/// `Forbidden` where the account cannot be used.
pub async fn open(ctx: &Ctx, account: Uuid, method: SignInMethod) -> Result<Opened, Error> {
    let tx = begin(ctx).await?;
    let opened = open_in(ctx, &tx, account, method).await?;
    tx.commit().await?;
    Ok(opened)
}

/// The transaction in which somebody signs in or out; see [`open_in`].
pub async fn begin(ctx: &Ctx) -> Result<Tx, Error> {
    ctx.write(ctx.actor.permit_signing_in()).await
}

/// As [`open`], in a transaction that also takes back what was shown, such as a link that works once.
pub async fn open_in(ctx: &Ctx, tx: &Tx, account: Uuid, method: SignInMethod) -> Result<Opened, Error> {
    let account = accounts::usable(tx.connection(), account).await?;
    let Some(account) = account.filter(|account| !account.content.is_over(tx.now())) else {
        let detail = "This account is not in use. Ask an administrator.";
        return Err(Error::Forbidden(detail.to_owned()));
    };
    if let Some(held) = &ctx.browser.held {
        store::sign_in_delete_held(tx, held).await?;
    }
    store::sign_ins_cut(tx, account.id, SignIns::MOST - 1).await?;
    let token = Token::generate(TokenKind::SignIn, &ctx.app.entropy.bytes::<TOKEN_BYTES>()?);
    let agent = ctx.browser.agent.as_deref();
    let ends = tx.now() + times(&ctx.app).most;
    let id = store::sign_in_insert(tx, account.id, method, &token, agent, ends).await?;
    accounts::signed_in(tx, account.id).await?;
    tx.record(Change {
        diff: json!({"method": method, "sign_in_id": id}),
        ..Change::new("account.signed_in", account.id, account.version)
    });
    Ok(Opened { id, token })
}

/// Who holds this cookie. Unknown, ended and expired ones, and those of accounts that are not in use, get the same answer.
pub async fn authenticate(app: &App, cookie: &str, now: Timestamp) -> Result<Actor, Error> {
    let token = Token::parse(TokenKind::SignIn, cookie).ok_or(Error::Unauthenticated)?;
    let connection = app.db.read();
    let held = store::sign_in_by_prefix(connection, token.id()).await?;
    let matches = token.matches(held.as_ref().map_or("", |held| &held.secret_hash));
    let counts = |held: &store::Held| times(app).counts(held.signed_in_at, held.last_used_at, now);
    let held = held.filter(|held| matches && counts(held)).ok_or(Error::Unauthenticated)?;
    let account = accounts::usable(connection, held.account).await?.ok_or(Error::Unauthenticated)?;
    if now.duration_since(held.last_used_at) >= LAST_USE {
        app.db.sign_in_used(held.id, now).await?;
    }
    let name = account.content.name.clone();
    let principal = Principal::Session { id: held.id, account: account.id, name, signed_in_at: held.signed_in_at };
    accounts::actor(connection, &account.content, principal, now).await?.ok_or(Error::Unauthenticated)
}

/// Who asks; nobody in particular is told to show who they are.
pub fn me(ctx: &Ctx) -> Result<Me, Error> {
    let actor = &ctx.actor;
    let me = |proof, name: &str| {
        let (name, organisation_id) = (name.to_owned(), actor.organisation.map(Into::into));
        let role = actor.role.ok_or(Error::Unauthenticated)?;
        Ok(Me { proof, name, role, organisation_id, account_id: None, signed_in_at: None, csrf_token: None })
    };
    match &actor.principal {
        Principal::Anonymous | Principal::Subscriber { .. } => Err(Error::Unauthenticated),
        Principal::Key { name, .. } => me(Proof::Key, name),
        Principal::Console => me(Proof::Key, "console"),
        Principal::Session { account, name, signed_in_at, .. } => Ok(Me {
            account_id: Some(*account),
            signed_in_at: Some(*signed_in_at),
            csrf_token: ctx.browser.csrf_token(),
            ..me(Proof::SignIn, name)?
        }),
    }
}

/// The live sign-ins of whoever asks, newest first.
pub async fn list(ctx: &Ctx) -> Result<SignIns, Error> {
    let (current, account) = own(ctx)?;
    store::sign_in_list(ctx.app.db.read(), account, current, times(&ctx.app), ctx.now).await
}

/// Ends one of one's own sign-ins.
pub async fn end(ctx: &Ctx, id: Uuid) -> Result<(), Error> {
    let (_, account) = own(ctx)?;
    let tx = begin(ctx).await?;
    if !store::sign_in_delete(&tx, account, id).await? {
        return Err(Error::NotFound);
    }
    record_end(&tx, account, 1).await?;
    tx.commit().await
}

/// Signs this browser out; says whether it was signed in.
pub async fn end_current(ctx: &Ctx) -> Result<bool, Error> {
    let Principal::Session { id, .. } = &ctx.actor.principal else { return Ok(false) };
    end(ctx, *id).await.map(|()| true)
}

/// Signs all browsers of whoever asks out, this one as well.
pub async fn end_everywhere(ctx: &Ctx) -> Result<(), Error> {
    let (_, account) = own(ctx)?;
    let tx = begin(ctx).await?;
    end_in(&tx, account).await?;
    tx.commit().await
}

/// Signs all browsers of an account out. For administrators.
pub async fn end_of_account(ctx: &Ctx, account: Uuid) -> Result<(), Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    accounts::get(ctx, &account.into()).await?;
    let tx = ctx.write(permit).await?;
    end_in(&tx, account).await?;
    tx.commit().await
}

/// Ends all sign-ins of an account, in the transaction that is why.
pub(super) async fn end_in(tx: &Tx, account: Uuid) -> Result<(), Error> {
    let ended = store::sign_ins_cut(tx, account, 0).await?;
    if ended == 0 { Ok(()) } else { record_end(tx, account, ended).await }
}

/// Refuses who does not come from a page of ours: every such page has given its browser a cookie, and what comes with a
/// cookie has been held to the token of the page before it got here. So nobody is signed in without knowing it.
pub fn from_our_page(ctx: &Ctx) -> Result<(), Error> {
    if ctx.browser.csrf_token().is_some() {
        return Ok(());
    }
    let detail = "Your browser sent no cookie of this server. Allow its cookies, then begin again at /sign-in.";
    Err(Error::Forbidden(detail.to_owned()))
}

/// Records that sign-ins of an account are over.
pub(super) async fn record_end(tx: &Tx, account: Uuid, sign_ins: u64) -> Result<(), Error> {
    let version = accounts::version(tx.connection(), account).await?;
    tx.record(Change { diff: json!({ "sign_ins": sign_ins }), ..Change::new("account.signed_out", account, version) });
    Ok(())
}

/// The sign-in and the account of whoever asks.
fn own(ctx: &Ctx) -> Result<(Uuid, Uuid), Error> {
    match &ctx.actor.principal {
        Principal::Session { id, account, .. } => Ok((*id, *account)),
        Principal::Anonymous | Principal::Subscriber { .. } => Err(Error::Unauthenticated),
        Principal::Key { .. } | Principal::Console => {
            let detail =
                "A key has no sign-ins. Sign in with a browser, or let an administrator end those of an account.";
            Err(Error::Forbidden(detail.to_owned()))
        }
    }
}

/// How long sign-ins count on this server.
fn times(app: &App) -> SignInTimes {
    let minutes = |number: std::num::NonZeroU32| SignedDuration::from_mins(number.get().into());
    SignInTimes { idle: minutes(app.config.sign_in_idle_minutes), most: minutes(app.config.sign_in_minutes) }
}
