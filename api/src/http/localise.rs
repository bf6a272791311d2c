//! `?lang=`: every text in several languages becomes one string, in the language asked for or the next best.

use std::{
    any::TypeId,
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use domain::{Language, Text};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

/// The schemas by which texts are found in a JSON value, one a type.
static SCHEMAS: LazyLock<RwLock<HashMap<TypeId, Arc<Value>>>> = LazyLock::new(RwLock::default);

/// Collapses every [`Text`] in `value`, the JSON of a `T`. Gives the languages that were used.
pub(super) fn localise<T: JsonSchema + 'static>(value: &mut Value, wanted: &[Language]) -> Vec<Language> {
    let root = schema_of::<T>();
    let mut used = BTreeSet::new();
    walk(value, &root, &root, wanted, &mut used);
    used.into_iter().collect()
}

fn schema_of<T: JsonSchema + 'static>() -> Arc<Value> {
    let known = SCHEMAS.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<T>()).cloned();
    known.unwrap_or_else(|| {
        let schema = Arc::new(SchemaGenerator::default().into_root_schema_for::<T>().to_value());
        SCHEMAS.write().unwrap_or_else(PoisonError::into_inner).insert(TypeId::of::<T>(), schema.clone());
        schema
    })
}

fn walk(value: &mut Value, schema: &Value, root: &Value, wanted: &[Language], used: &mut BTreeSet<Language>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        if reference.ends_with("/Text") {
            return collapse(value, wanted, used);
        }
        if let Some(target) = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) {
            walk(value, target, root, wanted, used);
        }
    }
    for branch in ["anyOf", "allOf", "oneOf"].iter().filter_map(|word| schema.get(word)?.as_array()).flatten() {
        walk(value, branch, root, wanted, used);
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if let Some(schema) = schema.pointer("/properties").and_then(|properties| properties.get(name)) {
                    walk(member, schema, root, wanted, used);
                }
            }
        }
        Value::Array(items) => {
            if let Some(schema) = schema.get("items") {
                items.iter_mut().for_each(|item| walk(item, schema, root, wanted, used));
            }
        }
        _ => {}
    }
}

fn collapse(value: &mut Value, wanted: &[Language], used: &mut BTreeSet<Language>) {
    let Ok(text) = serde_json::from_value::<Text>(value.clone()) else { return };
    if let Some((language, words)) = text.resolve(wanted) {
        used.insert(language.clone());
        *value = Value::String(words.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Page;

    #[derive(serde::Serialize, JsonSchema)]
    struct Titled {
        title: Text,
        code: String,
    }

    #[test]
    fn a_text_becomes_one_string_in_the_language_asked_for() {
        let mut value = serde_json::json!({"items": [{"title": {"en": "Seoul", "pl": "Seul"}, "code": "x"}, {"title": {"ko": "서울"}, "code": "y"}]});
        let used = localise::<Page<Titled>>(&mut value, &[Language::parse("pl").unwrap()]);
        assert_eq!(value["items"][0]["title"], "Seul");
        assert_eq!(value["items"][1]["title"], "서울");
        assert_eq!(used.iter().map(Language::as_str).collect::<Vec<_>>(), ["ko", "pl"]);
    }
}
