//! Sending mail: plain text over SMTP, to one address at a time, with a calendar where it is an invitation. Sent from jobs
//! only, so that no request waits for a mail server, and at least once.

use std::time::{Duration, SystemTime};

use domain::calendars::Method;
use jiff::Timestamp;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentDisposition, ContentTransferEncoding, ContentType},
    },
};

use crate::{config::Config, error::Error};

/// How long a mail server may take for one mail.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail to one person.
#[derive(Debug)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// Its first line.
    pub subject: String,
    /// Its text, in lines of at most 998 bytes (RFC 5322, 2.1.1).
    pub text: String,
    /// Names it, the same however often it is sent.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
}

/// A calendar that a mail carries (iMIP, RFC 6047).
#[derive(Debug)]
pub struct Enclosed {
    /// What it asks; said in the mail as in the calendar, or programs show no buttons.
    pub method: Method,
    /// The calendar.
    pub calendar: String,
    /// The text once more, as HTML.
    pub html: String,
    /// Where answers go, if not to whoever sends.
    pub reply_to: Option<Address>,
}

/// Hands a mail to the configured server. What the server refuses for good is given up, with a line in the log.
///
/// # Errors
/// Where trying again may help.
pub async fn send(config: &Config, letter: Letter) -> Result<(), Error> {
    hand_over(config, letter, None).await.map(drop)
}

/// As [`send`], with a calendar; says whether the server took it.
///
/// # Errors
/// Where trying again may help.
pub async fn send_enclosed(config: &Config, letter: Letter, enclosed: Enclosed) -> Result<bool, Error> {
    hand_over(config, letter, Some(enclosed)).await
}

async fn hand_over(config: &Config, letter: Letter, enclosed: Option<Enclosed>) -> Result<bool, Error> {
    let Some(server) = &config.smtp_url else {
        tracing::warn!("a mail is given up: no smtp_url is configured any more");
        return Ok(false);
    };
    let message = message(config, letter, enclosed)?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.url()).map_err(Error::internal)?;
    let sent = transport.timeout(Some(PATIENCE)).build().send(message).await;
    match sent {
        Ok(_) => Ok(true),
        Err(error) => {
            // What the server says may name the address, so only its code is logged.
            let code = error.status().map(|code| code.to_string()).unwrap_or_default();
            tracing::warn!(
                smtp.code = code,
                smtp.tls = error.is_tls(),
                smtp.permanent = error.is_permanent(),
                "mail refused"
            );
            if error.is_permanent() { Ok(false) } else { Err(Error::internal("the mail server did not take a mail")) }
        }
    }
}

/// Who mail is from.
pub fn sender(config: &Config) -> Result<Mailbox, Error> {
    match &config.mail_from {
        Some(sender) => Ok(sender.0.clone()),
        None => {
            let address = Address::new("no-reply", config.public_url.host()).map_err(Error::internal)?;
            Ok(Mailbox::new(Some("Plenum".to_owned()), address))
        }
    }
}

fn message(config: &Config, letter: Letter, enclosed: Option<Enclosed>) -> Result<Message, Error> {
    let to: Address = letter.to.parse().map_err(Error::internal)?;
    let mut message = Message::builder()
        .from(sender(config)?)
        .to(Mailbox::new(None, to))
        .subject(letter.subject)
        .date(SystemTime::from(letter.at))
        .message_id(Some(format!("<{}@{}>", letter.id, config.uid_domain)));
    let Some(enclosed) = enclosed else {
        return message.header(ContentType::TEXT_PLAIN).body(letter.text).map_err(Error::internal);
    };
    if let Some(address) = &enclosed.reply_to {
        message = message.reply_to(Mailbox::new(None, address.clone()));
    }
    message.multipart(parts(letter.text, enclosed)?).map_err(Error::internal)
}

/// The calendar as one of three ways to read the mail, for programs that show buttons, and as a file, for those that
/// only open files.
fn parts(text: String, enclosed: Enclosed) -> Result<MultiPart, Error> {
    let Enclosed { method, calendar, html, .. } = enclosed;
    let calendar_type = format!("text/calendar; charset=UTF-8; method={}", method.as_token());
    let part = |kind: &str| {
        let kind = ContentType::parse(kind).map_err(Error::internal)?;
        Ok::<_, Error>(SinglePart::builder().header(kind).header(ContentTransferEncoding::Base64))
    };
    let readings = MultiPart::alternative()
        .singlepart(SinglePart::plain(text))
        .singlepart(SinglePart::html(html))
        .singlepart(part(&calendar_type)?.body(calendar.clone()));
    let file = part("application/ics; name=\"invite.ics\"")?.header(ContentDisposition::attachment("invite.ics"));
    Ok(MultiPart::mixed().multipart(readings).singlepart(file.body(calendar)))
}
