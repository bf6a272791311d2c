//! Which resource an address belongs to: what a scope names, and what a key must be allowed before anything else of
//! the request is looked at.

use domain::access::Resource;

/// What of an event belongs to its delegations.
const OF_DELEGATIONS: &[&str] =
    &["delegations", "delegates", "participants", "editions", "imports", "credentials-report", "registration"];

/// The last word of an address without its format: `delegates` of `delegates.csv`.
fn stem(word: &str) -> &str {
    word.split_once('.').map_or(word, |(stem, _)| stem)
}

/// The resource of a path below the API's base, with parameters as `{id}` or `:id`; none where no scope is needed.
/// Memberships and roles belong to groups, agendas, drafts and releases to sessions, conflicts of groups to requests, delegates and credentials to delegations, check types and collections to badges, clauses and
/// versions to statements. The seal on a group
/// is for whoever is behind it, in person and whatever else they may do.
pub fn resource_of(path: &str) -> Option<Resource> {
    let mut words = path.split('/').filter(|part| !part.is_empty() && !part.starts_with(['{', ':']));
    let first = words.next()?;
    let of_minutes = path.starts_with("/sessions/") && path.contains("/minutes/");
    let word = match (first, words.next_back().unwrap_or(first)) {
        ("groups", "seal" | "admissions") => return None,
        _ if of_minutes => "attendance",
        (_, "attendance") => "attendance",
        ("sessions", "attendance-marks" | "attendance-code" | "self" | "platform-log" | "roll-call") => "attendance",
        ("sessions", "quorum" | "quorum-snapshots") => "attendance",
        ("sessions" | "events", "duties") | ("duties", _) => "attendance",
        ("sessions" | "me", "invitations") | ("invitations" | "invitation-replies", _) => "attendance",
        ("events", "invitation-replies") => "attendance",
        ("sessions", "minutes") | ("corrections", _) => "attendance",
        ("agenda-items", "speakers-list" | "speakers" | "draw" | "swap" | "extra-time") | ("speakers", _) => {
            "attendance"
        }
        ("events", "badges" | "badges.pdf" | "check-types") | ("delegates", "badge" | "qr") | ("check-types", _) => {
            "badges"
        }
        ("delegations", "badge-collections") => "badges",
        ("events", "checks" | "presence" | "door") => "checks",
        ("delegations" | "delegates" | "credentials" | "imports", _) => "delegations",
        ("events", "draft" | "undo" | "reset" | "releases" | "clashes" | "clash-rules" | "waivers") => "sessions",
        ("events", "session-calendars" | "placement-proposals" | "placements" | "polls" | "practical-arrangements") => {
            "sessions"
        }
        // Who can come when is said by those who say who comes.
        ("polls", "answers") => "attendance",
        ("polls", _) => "sessions",
        ("releases" | "waivers" | "agenda-items" | "agenda-editions", _) => "sessions",
        ("events", "session-requests") | ("session-requests", _) | ("groups", "conflicts") => "requests",
        ("events", of) if OF_DELEGATIONS.contains(&stem(of)) => "delegations",
        ("memberships" | "roles", _) => "groups",
        ("clauses", _) => "statements",
        ("rooms" | "room-bookings", _) => "rooms",
        ("accounts" | "seals", _) => "keys",
        ("audit-entries", _) => "audit",
        (word, _) => word,
    };
    Resource::ALL.iter().copied().find(|resource| resource.as_str() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_something_shares_its_scope() {
        assert_eq!(resource_of("/events/{id}"), Some(Resource::Events));
        assert_eq!(resource_of("/events/:id/delegates"), Some(Resource::Delegations));
        assert_eq!(resource_of("/events/:id/participants.pdf"), Some(Resource::Delegations));
        assert_eq!(resource_of("/sessions/{id}/attendance"), Some(Resource::Attendance));
        assert_eq!(resource_of("/sessions/{id}/duties"), Some(Resource::Attendance));
        assert_eq!(resource_of("/delegates/{id}/badge/qr"), Some(Resource::Badges));
        assert_eq!(resource_of("/check-types/{id}"), Some(Resource::Badges));
        assert_eq!(resource_of("/events/{id}/door"), Some(Resource::Checks));
        assert_eq!(resource_of("/room-bookings/{id}"), Some(Resource::Rooms));
        assert_eq!(resource_of("/events/{id}/draft/undo"), Some(Resource::Sessions));
        assert_eq!(resource_of("/releases/{id}/sessions"), Some(Resource::Sessions));
        assert_eq!(resource_of("/polls/{id}/decision"), Some(Resource::Sessions));
        assert_eq!(resource_of("/polls/{id}/answers/{organisation_id}"), Some(Resource::Attendance));
        assert_eq!(resource_of("/events/{id}/session-requests"), Some(Resource::Requests));
        assert_eq!(resource_of("/session-requests/{id}/history"), Some(Resource::Requests));
        assert_eq!(resource_of("/groups/{id}/conflicts"), Some(Resource::Requests));
        assert_eq!(resource_of("/sessions/{id}/agenda/adopt"), Some(Resource::Sessions));
        assert_eq!(resource_of("/agenda-items/{id}/transitions"), Some(Resource::Sessions));
        assert_eq!(resource_of("/agenda-items/{id}/speakers-list/draw"), Some(Resource::Attendance));
        assert_eq!(resource_of("/speakers/{id}"), Some(Resource::Attendance));
        assert_eq!(resource_of("/roles/{id}"), Some(Resource::Groups));
        assert_eq!(resource_of("/organisations/by-external/{system}/{id}"), Some(Resource::Organisations));
        assert_eq!(resource_of("/audit-entries"), Some(Resource::Audit));
        assert_eq!(resource_of("/groups/{id}/seal"), None);
        assert_eq!(resource_of("/seals/{id}/breaking"), Some(Resource::Keys));
        assert_eq!(resource_of("/"), None);
    }
}
