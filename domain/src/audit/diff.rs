//! What changed: the members of an object with their old and new values.

use serde_json::{Map, Value, json};

/// Members that changed, by name: `{"title": {"old": ..., "new": ...}}`. What was not there before has no `old`.
pub type Diff = Map<String, Value>;

/// The members in which two states of an object differ. A member that one of them lacks is null there.
pub fn difference(old: &Value, new: &Value) -> Diff {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return Diff::new() };
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    names
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| (name.clone(), json!({"old": old.get(name), "new": new.get(name)})))
        .collect()
}

/// Any account of a change in the form of a [`Diff`]: a plain member, as the content of an object that was made just
/// now has them, is new. Nulls say nothing then and are left out.
pub fn normalised(told: Value) -> Diff {
    let Value::Object(members) = told else { return Diff::new() };
    let member = |(name, value): (String, Value)| match value {
        Value::Null => None,
        change if is_change(&change) => Some((name, change)),
        plain => Some((name, json!({ "new": plain }))),
    };
    members.into_iter().filter_map(member).collect()
}

fn is_change(value: &Value) -> bool {
    value.as_object().is_some_and(|sides| sides.len() == 2 && sides.contains_key("old") && sides.contains_key("new"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told_with_both_sides() {
        let (old, new) = (json!({"a": 1, "b": [1], "c": "x"}), json!({"a": 2, "b": [1], "d": {"e": 1}}));
        let told =
            json!({"a": {"old": 1, "new": 2}, "c": {"old": "x", "new": null}, "d": {"old": null, "new": {"e": 1}}});
        assert_eq!(Value::Object(difference(&old, &new)), told);
    }

    #[test]
    fn what_is_made_is_new_and_what_changed_stays_as_told() {
        let told = json!({"code": "PL", "region": null, "name": {"old": "a", "new": "b"}});
        assert_eq!(Value::Object(normalised(told)), json!({"code": {"new": "PL"}, "name": {"old": "a", "new": "b"}}));
        assert!(normalised(Value::Null).is_empty());
    }
}
