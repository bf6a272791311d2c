//! The components of the API document: the schemas that `schema.rs` has collected, each once, under names that are
//! unique, and as they are meant in requests and in answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::schema::{MARK, Way, referred};
use crate::error::Error;

type Schemas = BTreeMap<String, Value>;

/// Puts the schemas of all components in their place.
///
/// # Errors
/// Two different schemas under one name: one of the types wants `#[schemars(rename = "...")]`.
pub(super) fn put_in_place(document: &mut Value) -> Result<(), Error> {
    let registered = document["components"]["schemas"].take();
    let sent = collect(&registered, Way::Sent)?;
    let mut answered = collect(&registered, Way::Answered)?;
    for (name, schema) in &mut answered {
        *schema = answer(name, schema.take());
    }
    let other = renamed(&sent, &answered);
    for schema in answered.values_mut() {
        rename_references(schema, &other);
    }
    for responses in responses_of(document) {
        rename_references(responses, &other);
    }
    let shown = answered.into_iter().map(|(name, schema)| (shown_name(&name, &other), schema));
    let mut all: Schemas = sent.into_iter().chain(shown).collect();
    all.values_mut().for_each(one_of_one);
    document["components"]["schemas"] = serde_json::to_value(all)?;
    drop_unused(document);
    Ok(())
}

/// A choice with one branch is that branch: a list of words that has only one so far.
fn one_of_one(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    let Some([Value::Object(only)]) = object.get("oneOf").and_then(Value::as_array).map(Vec::as_slice) else { return };
    let only = only.clone();
    object.remove("oneOf");
    for (keyword, value) in only {
        object.entry(keyword).or_insert(value);
    }
}

fn collect(registered: &Value, way: Way) -> Result<Schemas, Error> {
    let (mut found, mut clashes) = (Schemas::new(), BTreeSet::new());
    let marks = registered.as_object().into_iter().flat_map(|all| all.values());
    let uses = marks.filter_map(|component| component["example"][MARK].as_array()).flatten();
    for (name, schema) in uses.filter_map(|definitions| definitions[way.as_str()].as_object()).flatten() {
        let before = found.insert(name.clone(), schema.clone());
        if before.is_some_and(|before| before != *schema) {
            clashes.insert(name.as_str());
        }
    }
    if clashes.is_empty() {
        return Ok(found);
    }
    Err(Error::internal(format!(
        "several types are called {clashes:?}; rename all but one by #[schemars(rename = ...)]"
    )))
}

/// What a schema says in an answer: no defaults, nothing that is sometimes `null` and sometimes left out, ids where a
/// request may have named a code, and one string for a text where the caller asked for a language.
fn answer(name: &str, mut schema: Value) -> Value {
    if name == "Text" {
        // Nothing may have been said yet.
        schema.as_object_mut().map(|schema| schema.remove("minProperties"));
        let plain = json!({"type": "string", "description": "The text in the language asked for, or the next best."});
        return json!({"description": "The text per language; one string where a language was asked for.", "anyOf": [schema, plain]});
    }
    let Some(object) = schema.as_object_mut() else { return schema };
    let required = object.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| required.as_array().is_some_and(|words| words.iter().any(|word| word == name));
    for (name, member) in object.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        let value = answer("", member.take());
        *member = if is_required(name) { value } else { present(value) };
    }
    object.remove("default");
    for (_, values) in object.get_mut("patternProperties").and_then(Value::as_object_mut).into_iter().flatten() {
        *values = answer("", values.take());
    }
    for word in ["items", "additionalProperties"] {
        if let Some(inner) = object.get_mut(word).filter(|inner| inner.is_object()) {
            *inner = answer("", inner.take());
        }
    }
    for word in ["anyOf", "oneOf", "allOf"] {
        for branch in object.get_mut(word).and_then(Value::as_array_mut).into_iter().flatten() {
            *branch = answer("", branch.take());
        }
    }
    if referred(&schema) == Some("Handle") {
        schema["$ref"].take();
        schema.as_object_mut().map(|schema| schema.remove("$ref"));
        schema["type"] = json!("string");
        schema["format"] = json!("uuid");
    }
    schema
}

/// A member that is left out where it has no value: never `null`.
fn present(mut schema: Value) -> Value {
    let null = json!({"type": "null"});
    let Some(object) = schema.as_object_mut() else { return schema };
    if let Some(types) = object.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    if let Some(words) = object.get_mut("enum").and_then(Value::as_array_mut) {
        words.retain(|word| !word.is_null());
    }
    let Some(branches) = object.get_mut("anyOf").and_then(Value::as_array_mut) else { return schema };
    branches.retain(|branch| *branch != null);
    if let [Value::Object(only)] = branches.as_slice() {
        let mut only = only.clone();
        object.remove("anyOf");
        only.append(object);
        return Value::Object(only);
    }
    schema
}

/// Names that mean one thing in requests and another in answers, directly or through what they refer to.
fn renamed(sent: &Schemas, answered: &Schemas) -> BTreeSet<String> {
    let mut other = BTreeSet::new();
    loop {
        let more: Vec<String> = answered
            .iter()
            .filter(|(name, schema)| {
                !other.contains(*name)
                    && sent.get(*name).is_some_and(|sent| sent != *schema || refers_to_any(schema, &other))
            })
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            return other;
        }
        other.extend(more);
    }
}

fn shown_name(name: &str, other: &BTreeSet<String>) -> String {
    if other.contains(name) { format!("{name}Shown") } else { name.to_owned() }
}

fn refers_to_any(schema: &Value, names: &BTreeSet<String>) -> bool {
    let mut found = BTreeSet::new();
    references(schema, &mut found);
    !found.is_disjoint(names)
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    found.extend(referred(value).map(str::to_owned));
    match value {
        Value::Object(members) => members.values().for_each(|member| references(member, found)),
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn rename_references(value: &mut Value, other: &BTreeSet<String>) {
    if let Some(name) = referred(value).filter(|name| other.contains(*name)) {
        value["$ref"] = json!(format!("#/components/schemas/{}", shown_name(name, other)));
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(|member| rename_references(member, other)),
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, other)),
        _ => {}
    }
}

fn responses_of(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let operations = paths.into_iter().flatten().filter_map(|(_, item)| item.as_object_mut()).flatten();
    operations.filter_map(|(_, operation)| operation.get_mut("responses"))
}

/// Takes out what nothing refers to any more.
fn drop_unused(document: &mut Value) {
    let mut used = BTreeSet::new();
    references(&document["paths"], &mut used);
    let mut fresh = used.clone();
    while !fresh.is_empty() {
        let mut found = BTreeSet::new();
        for name in &fresh {
            references(&document["components"]["schemas"][name], &mut found);
        }
        fresh = found.difference(&used).cloned().collect();
        used.extend(fresh.iter().cloned());
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| used.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(sent: Value, answered: Value) -> Value {
        let mark = |schemas: Value| json!({"example": {MARK: schemas}});
        json!({
            "components": {"schemas": {"A": mark(json!([sent])), "B": mark(json!([answered]))}},
            "paths": {"/a": {"post": {
                "requestBody": {"$ref": "#/components/schemas/A"},
                "responses": {"200": {"$ref": "#/components/schemas/B"}},
            }}},
        })
    }

    #[test]
    fn what_an_answer_says_otherwise_has_a_name_of_its_own() {
        let text = json!({"type": "object"});
        let item = json!({"properties": {"title": {"$ref": "#/components/schemas/Text"}}, "required": ["title"]});
        let list = json!({"items": {"$ref": "#/components/schemas/Item"}});
        let mut document = document(
            json!({"sent": {"A": list, "Item": item, "Text": text}}),
            json!({"answered": {"B": list, "Item": item, "Text": text}}),
        );
        put_in_place(&mut document).unwrap();
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["A"]["items"]["$ref"], "#/components/schemas/Item");
        assert_eq!(schemas["B"]["items"]["$ref"], "#/components/schemas/ItemShown");
        assert_eq!(schemas["ItemShown"]["properties"]["title"]["$ref"], "#/components/schemas/TextShown");
        assert_eq!(schemas["Text"], text);
    }

    #[test]
    fn one_name_for_two_things_is_an_error() {
        let mut two = document(json!({"sent": {"A": {}, "Kind": {"enum": ["x"]}}}), json!({"sent": {"Kind": {}}}));
        assert!(put_in_place(&mut two).is_err());
    }

    #[test]
    fn an_answer_leaves_out_what_it_does_not_know() {
        let nothing = json!({"type": "null"});
        let member = answer(
            "",
            json!({"properties": {
                "parent_id": {"anyOf": [{"$ref": "#/components/schemas/Handle"}, nothing], "description": "Its parent."},
                "alpha2": {"type": ["string", "null"], "pattern": "^[A-Z]{2}$"},
            }}),
        );
        assert_eq!(
            member["properties"],
            json!({
                "parent_id": {"type": "string", "format": "uuid", "description": "Its parent."},
                "alpha2": {"type": "string", "pattern": "^[A-Z]{2}$"},
            })
        );
    }
}
