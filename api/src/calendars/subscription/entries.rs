//! Entries that are rendered when they are asked for.

use std::collections::HashSet;

use domain::{
    Language,
    access::Tlp,
    calendars::Detail,
    identifier::SessionId,
    schedule::{Setting, Sitting, Stamp, uid},
};

use uuid::Uuid;

use crate::{
    db::{Visible, reference},
    error::Error,
    events::sittings::Settings,
};

/// How entries are wanted.
pub(super) struct Wanted<'a> {
    /// How much of each.
    pub detail: Detail,
    /// In this language; otherwise in that of each event.
    pub language: Option<&'a Language>,
    /// Groups whose amber sessions are shown as any other.
    pub open: HashSet<Uuid>,
}

/// The entries of `sessions`. `domain` is that of the UIDs.
pub(super) fn vevents(
    sessions: &[Visible<Sitting>],
    settings: &Settings,
    wanted: &Wanted<'_>,
    domain: &str,
) -> Result<Vec<String>, Error> {
    let mut entries = Vec::with_capacity(sessions.len());
    for session in sessions {
        let setting = settings.of(&session.content)?;
        let uid = uid(SessionId(session.id), domain);
        let stamp = Stamp { uid: &uid, created: session.created_at, changed: session.changed_at };
        let main = setting.event.details.main_language();
        let language = wanted.language.unwrap_or(&main);
        let entry = session.content.entry(setting, stamp, std::slice::from_ref(language));
        let restricted = session.content.details.disclosure().tlp == Tlp::Amber
            && group_of(&session.content, setting).is_none_or(|group| !wanted.open.contains(&group));
        entries.extend(entry.map(|entry| {
            let entry = if restricted { entry.restricted(language) } else { entry };
            entry.vevent(wanted.detail, language)
        }));
    }
    Ok(entries)
}

/// The group that sits: the session's own, else that of its event.
pub(super) fn group_of(sitting: &Sitting, setting: Setting<'_>) -> Option<Uuid> {
    reference(sitting.details.group_id.as_ref().or(setting.event.details.group_id.as_ref()))
}
