//! Entries that are rendered when they are asked for.

use domain::{
    Language,
    calendars::{Class, Detail, Entry, Span, Status, Text, When},
};

use super::store::PlacedSession;
use crate::error::Error;

/// The entry of a session.
pub(super) fn vevent(
    session: &PlacedSession,
    detail: Detail,
    language: Option<&Language>,
    domain: &str,
) -> Result<String, Error> {
    let wanted: Vec<Language> = language.into_iter().chain(&session.languages).cloned().collect();
    let (language, title) = session.title.resolve(&wanted).map_or((Language::english(), ""), |(l, t)| (l.clone(), t));
    let entry = Entry {
        uid: Text::line(&format!("session-{}@{domain}", session.id)),
        sequence: session.sequence,
        created: session.created_at,
        changed: session.changed_at,
        when: When::Once(Span::new(session.starts_at, session.ends_at).map_err(|v| Error::internal(v.detail))?),
        status: if session.state == "cancelled" { Status::Cancelled } else { Status::Confirmed },
        takes_time: false,
        summary: Text::line(title),
        location: None,
        position: None,
        description: None,
        url: None,
        categories: vec![],
        class: if session.is_public { Class::Public } else { Class::Private },
    };
    Ok(entry.vevent(detail, wanted.first().unwrap_or(&language)))
}
