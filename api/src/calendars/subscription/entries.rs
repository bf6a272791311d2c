//! Entries that are rendered when they are asked for.

use domain::{
    Language,
    calendars::Detail,
    identifier::SessionId,
    schedule::{Sitting, Stamp, uid},
};

use crate::{db::Visible, error::Error, events::sittings::Settings};

/// The entries of `sessions`, in the language asked for or in that of each event. `domain` is that of the UIDs.
pub(super) fn vevents(
    sessions: &[Visible<Sitting>],
    settings: &Settings,
    (detail, language): (Detail, Option<&Language>),
    domain: &str,
) -> Result<Vec<String>, Error> {
    let mut entries = Vec::with_capacity(sessions.len());
    for session in sessions {
        let setting = settings.of(&session.content)?;
        let uid = uid(SessionId(session.id), domain);
        let stamp = Stamp { uid: &uid, created: session.created_at, changed: session.changed_at };
        let main = setting.event.details.main_language();
        let language = language.unwrap_or(&main);
        let entry = session.content.entry(setting, stamp, std::slice::from_ref(language));
        entries.extend(entry.map(|entry| entry.vevent(detail, language)));
    }
    Ok(entries)
}
