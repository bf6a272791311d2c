//! What the history of an object tells those who may see the object.

use serde_json::Value;

use super::Diff;

/// Who reads a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Sees objects of every visibility.
    pub staff: bool,
    /// Acts for the organisation the object belongs to.
    pub own: bool,
}

/// Members that only staff and the object's own organisation see.
const OWN: &[(&str, &[&str])] = &[("delegation", &["invitation_reference", "invitation_email", "reply_due"])];

/// As much of `diff` as the reader may see.
///
/// When an object is shown to more people than before, what it said until then is still not theirs to know: of such a
/// change others learn only the new values.
pub fn shown(object_kind: &str, diff: Diff, reader: Reader) -> Diff {
    if reader.staff {
        return diff;
    }
    let own = OWN.iter().find(|(kind, _)| *kind == object_kind).map_or(&[][..], |(_, names)| *names);
    let widened = ["visibility", "audience_ids", "tlp"].iter().any(|name| diff.contains_key(*name));
    let member = |(name, mut sides): (String, Value)| {
        if own.contains(&name.as_str()) && !reader.own {
            return None;
        }
        if let (true, Some(sides)) = (widened, sides.as_object_mut()) {
            sides.remove("old");
        }
        Some((name, sides))
    };
    diff.into_iter().filter_map(member).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn diff() -> Diff {
        let diff =
            json!({"reply_due": {"old": null, "new": "2019-09-15"}, "state": {"old": "invited", "new": "accepted"}});
        diff.as_object().unwrap().clone()
    }

    #[test]
    fn the_reference_of_an_invitation_is_told_to_its_own_people_only() {
        let names = |staff, own| {
            shown("delegation", diff(), Reader { staff, own }).keys().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(false, false), "state");
        assert_eq!(names(false, true), "reply_due state");
        assert_eq!(names(true, false), "reply_due state");
    }

    #[test]
    fn what_was_said_before_it_was_published_stays_with_those_who_could_see_it() {
        let published = json!({
            "title": {"old": "Secret", "new": "Open"}, "visibility": {"old": "secretariat", "new": "public"},
        });
        let published = published.as_object().unwrap().clone();
        let told = shown("event", published.clone(), Reader { staff: false, own: false });
        assert_eq!(Value::Object(told), json!({"title": {"new": "Open"}, "visibility": {"new": "public"}}));
        assert_eq!(shown("event", published.clone(), Reader { staff: true, own: false }), published);
    }
}
