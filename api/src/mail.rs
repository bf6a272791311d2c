//! Sending mail: plain text over SMTP, to one address at a time. Sent from jobs only, so that no request waits for a mail
//! server, and at least once.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::Mailbox,
    message::header::ContentType,
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

/// Hands a mail to the configured server. What the server refuses for good is given up, with a line in the log.
///
/// # Errors
/// Where trying again may help.
pub async fn send(config: &Config, letter: Letter) -> Result<(), Error> {
    let Some(server) = &config.smtp_url else {
        tracing::warn!("a mail is given up: no smtp_url is configured any more");
        return Ok(());
    };
    let message = message(config, letter)?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.url()).map_err(Error::internal)?;
    let sent = transport.timeout(Some(PATIENCE)).build().send(message).await;
    match sent {
        Ok(_) => Ok(()),
        Err(error) => {
            // What the server says may name the address, so only its code is logged.
            let code = error.status().map(|code| code.to_string()).unwrap_or_default();
            tracing::warn!(
                smtp.code = code,
                smtp.tls = error.is_tls(),
                smtp.permanent = error.is_permanent(),
                "mail refused"
            );
            if error.is_permanent() { Ok(()) } else { Err(Error::internal("the mail server did not take a mail")) }
        }
    }
}

fn message(config: &Config, letter: Letter) -> Result<Message, Error> {
    let to: Address = letter.to.parse().map_err(Error::internal)?;
    let from = match &config.mail_from {
        Some(sender) => sender.0.clone(),
        None => Mailbox::new(
            Some("Plenum".to_owned()),
            Address::new("no-reply", config.public_url.host()).map_err(Error::internal)?,
        ),
    };
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(letter.subject)
        .date(SystemTime::from(letter.at))
        .message_id(Some(format!("<{}@{}>", letter.id, config.uid_domain)))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text)
        .map_err(Error::internal)
}
