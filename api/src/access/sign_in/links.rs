//! Links to sign in with: mailed ones, for delegates who have no provider, and those of the demonstration.
//!
//! Asking looks nobody up: it writes down a job, whatever the address, so that the answer and its time are the same for
//! addresses that are known and that are not. The job makes the link; only its hash is kept. A mailed link works once, for
//! twenty minutes, in the browser that asked, and only when a button is pressed: programs that open every link of a mail
//! change nothing.

use domain::access::{ReturnTo, Role, SignInMethod, TOKEN_BYTES, Token, TokenKind};
use jiff::{SignedDuration, Timestamp};
use lettre::Address;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Opened, attempts, begin, from_our_page, open_in, store};
use crate::{
    access::accounts,
    config::Config,
    context::{App, Ctx},
    db::{Allowance, Claimed, from_json, to_json},
    error::Error,
    jobs::JobKind,
    mail::{self, Letter},
};

/// How long a mailed link works.
const TIME: SignedDuration = SignedDuration::from_mins(20);

/// How long a link of the demonstration works.
const DEMO_TIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Mails to one address.
const PER_ADDRESS: Allowance = Allowance { times: 5, window: SignedDuration::from_mins(60) };

/// Mails asked for from one network: a delegation behind one address is many people.
const PER_NETWORK: Allowance = Allowance { times: 100, window: SignedDuration::from_mins(60) };

/// Somebody asked for a link.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    address: String,
    browser_hash: String,
    return_to: String,
    at: Timestamp,
}

/// Whether people can sign in by mail on this server.
pub fn are_mailed(config: &Config) -> bool {
    config.smtp_url.is_some()
}

/// Whether somebody of this role may sign in by mail, where mail is sent: staff are to go by their provider.
pub(super) fn are_for(config: &Config, role: Role) -> bool {
    role.acts_for_organisation() || role == Role::Guest || config.mail_sign_in_staff
}

/// Has a link mailed to the address, if an account has it that may sign in so.
pub async fn ask(ctx: &Ctx, address: &str, return_to: &ReturnTo) -> Result<(), Error> {
    if !are_mailed(&ctx.app.config) {
        return Err(Error::Forbidden("This server sends no mail. Ask the secretariat how to sign in.".to_owned()));
    }
    from_our_page(ctx)?;
    let Some(browser) = &ctx.browser.mark else { return Err(other_browser()) };
    let detail = "Give one e-mail address, such as anna@example.org.";
    let address: Address = address.trim().parse().map_err(|_| Error::invalid("email", "invalid", detail))?;
    attempts::by_network(ctx, "mail", PER_NETWORK).await?;
    attempts::by_address(ctx, "mail", address.as_ref(), PER_ADDRESS).await?;
    let asked = Asked {
        address: address.to_string(),
        browser_hash: browser.hash(),
        return_to: return_to.to_string(),
        at: ctx.now,
    };
    let tx = begin(ctx).await?;
    tx.job_enqueue(JobKind::SignInLink.as_str(), to_json(&asked)?, ctx.now).await?;
    tx.commit().await
}

/// Does what [`ask`] has written down. Each attempt makes a link of its own: of two mails that arrived, both work.
pub(crate) async fn send(app: &App, job: &Claimed) -> Result<(), Error> {
    let asked: Asked = from_json(job.payload.clone())?;
    let ctx = Ctx::internal(app, "job");
    let ends = asked.at + TIME;
    if ends <= ctx.now {
        return Ok(());
    }
    let account = accounts::usable_by_address(app.db.read(), &asked.address).await?;
    let may = |role: Role| are_for(&app.config, role);
    let Some(account) = account.filter(|account| may(account.content.role) && !account.content.is_over(ctx.now)) else {
        return Ok(());
    };
    let link = NewLink {
        account: account.id,
        method: SignInMethod::MailLink,
        browser_hash: Some(asked.browser_hash),
        return_to: asked.return_to,
        ends,
    };
    let token = make(&ctx, &link).await?;
    let url = format!("{}/sign-in/mail/{}", app.config.public_url, token.reveal());
    let letter = Letter {
        to: account.content.email,
        subject: "Sign in to Plenum".to_owned(),
        text: text(app.config.public_url.host(), &url),
        id: job.id.to_string(),
        at: ctx.now,
    };
    mail::send(&app.config, letter).await
}

fn text(host: &str, url: &str) -> String {
    format!(
        "Somebody, most likely you, asked to sign in to Plenum at {host}\r\nwith this address.\r\n\r\n\
         Open this link in the browser in which you asked, within 20 minutes,\r\nand press the button there:\r\n\r\n\
         {url}\r\n\r\n\
         It works once, and in no other browser. If you did not ask for it,\r\nyou need do nothing.\r\n"
    )
}

/// A link about to be made.
pub(super) struct NewLink {
    pub(super) account: Uuid,
    pub(super) method: SignInMethod,
    /// The browser that asked; none where any may use it.
    pub(super) browser_hash: Option<String>,
    pub(super) return_to: String,
    pub(super) ends: Timestamp,
}

async fn make(ctx: &Ctx, link: &NewLink) -> Result<Token, Error> {
    let token = Token::generate(TokenKind::Link, &ctx.app.entropy.bytes::<TOKEN_BYTES>()?);
    let tx = begin(ctx).await?;
    store::link_insert(&tx, link, &token).await?;
    tx.commit().await?;
    Ok(token)
}

/// Signs in by a mailed link, and uses it up.
///
/// # Errors
/// `Forbidden` where the link is used, too old, of another browser, or none of ours.
pub async fn open(ctx: &Ctx, link: &str) -> Result<(Opened, ReturnTo), Error> {
    from_our_page(ctx)?;
    let token = Token::parse(TokenKind::Link, link).ok_or_else(spent)?;
    let tx = begin(ctx).await?;
    let found = store::link_by_token(tx.connection(), &token, SignInMethod::MailLink, ctx.now).await?;
    let link = found.ok_or_else(spent)?;
    let browser = ctx.browser.mark.as_ref().ok_or_else(other_browser)?;
    if !link.browser_hash.as_deref().is_some_and(|hash| browser.matches(hash)) {
        return Err(other_browser());
    }
    // Of two requests at the same moment one takes it.
    if !store::link_delete(&tx, link.id).await? {
        return Err(spent());
    }
    store::links_delete(&tx, link.account_id, SignInMethod::MailLink).await?;
    let opened = open_in(ctx, &tx, link.account_id, SignInMethod::MailLink).await?;
    tx.commit().await?;
    Ok((opened, ReturnTo::parse(&link.return_to)))
}

/// A new link of the demonstration for this account; those made before end. Anybody who has it may use it, any number of
/// times, on a server that was started to be looked at.
pub async fn make_demo(ctx: &Ctx, account: Uuid) -> Result<String, Error> {
    let tx = begin(ctx).await?;
    store::links_delete(&tx, account, SignInMethod::Demo).await?;
    tx.commit().await?;
    let (method, return_to) = (SignInMethod::Demo, ReturnTo::start().to_string());
    let link = NewLink { account, method, browser_hash: None, return_to, ends: ctx.now + DEMO_TIME };
    Ok(format!("{}/sign-in/demo/{}", ctx.app.config.public_url, make(ctx, &link).await?.reveal()))
}

/// Whether links of the demonstration open anything: only where demo data was asked for, and only on this machine.
pub fn are_demo(config: &Config) -> bool {
    config.demo.is_some() && config.listen.ip().is_loopback()
}

/// Signs in by a link of the demonstration.
pub async fn open_demo(ctx: &Ctx, link: &str) -> Result<(Opened, ReturnTo), Error> {
    if !are_demo(&ctx.app.config) {
        return Err(Error::NotFound);
    }
    from_our_page(ctx)?;
    let token = Token::parse(TokenKind::Link, link).ok_or_else(spent)?;
    let tx = begin(ctx).await?;
    let found = store::link_by_token(tx.connection(), &token, SignInMethod::Demo, ctx.now).await?;
    let opened = open_in(ctx, &tx, found.ok_or_else(spent)?.account_id, SignInMethod::Demo).await?;
    tx.commit().await?;
    Ok((opened, ReturnTo::start()))
}

fn spent() -> Error {
    Error::Forbidden("This link was used before, or is too old. Ask for a new one at /sign-in.".to_owned())
}

fn other_browser() -> Error {
    Error::Forbidden(
        "Open the link in the browser in which you asked for it, or ask for a new one here, at /sign-in.".to_owned(),
    )
}
