//! Calendars of others.

use domain::attendance::ReadResult;

use super::{Address, Answer, CALENDARS, Fault, Guard, GuardedClient};
use crate::{config::Config, error::Error};

/// The calendar at an address, as text, or the word for why there is none.
pub async fn calendar_at(config: &Config, address: &Address) -> Result<Result<String, ReadResult>, Error> {
    let client = GuardedClient::new(&CALENDARS, Guard::new(config)).map_err(Error::internal)?;
    Ok(match client.get(address).await {
        Ok(Answer { status: 200, body }) => text(body).ok_or(ReadResult::NotACalendar),
        Ok(Answer { status, .. }) => Err(ReadResult::of_status(status)),
        Err(Fault::AddressRefused) => Err(ReadResult::AddressRefused),
        Err(Fault::TimedOut) => Err(ReadResult::TimedOut),
        Err(Fault::TooLarge) => Err(ReadResult::TooLarge),
        Err(Fault::Packed) => Err(ReadResult::NotACalendar),
        Err(Fault::Unreachable(_) | Fault::Client(_)) => Err(ReadResult::Unreachable),
    })
}

/// A calendar is text in UTF-8 (RFC 5545, 3.1.4); some programs begin it with a mark of that.
fn text(body: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(body).ok()?;
    Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
