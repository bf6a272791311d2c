//! Examples in the API document: written by hand once for every input and answer, and put together from those for
//! envelopes, pages and members.
//!
//! `examples/*.json` hold them by component. `"$like": "Other"` begins with the example of another component.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::{Map, Value, json};

use super::schema::referred;

/// One file a capability.
const FILES: &[&str] = &[
    include_str!("examples/attendance.json"),
    include_str!("examples/changes.json"),
    include_str!("examples/door.json"),
    include_str!("examples/events.json"),
    include_str!("examples/feeds.json"),
    include_str!("examples/groups.json"),
    include_str!("examples/keys.json"),
    include_str!("examples/organisations.json"),
    include_str!("examples/persons.json"),
    include_str!("examples/privacy.json"),
    include_str!("examples/sessions.json"),
    include_str!("examples/sign_ins.json"),
    include_str!("examples/statements.json"),
];

/// What stands for a text nobody has written an example of. A test finds it.
pub const MISSING: &str = "(no example)";

/// The examples of one document.
pub(super) struct Examples {
    schemas: Value,
    written: BTreeMap<String, Value>,
    used: RefCell<BTreeSet<String>>,
}

impl Examples {
    /// Examples for these components.
    pub(super) fn new(schemas: Value) -> Self {
        // A file that cannot be read has no examples, and the test that misses them says so.
        let files = FILES.iter().filter_map(|file| serde_json::from_str::<BTreeMap<String, Value>>(file).ok());
        Self { schemas, written: files.flatten().collect(), used: RefCell::default() }
    }

    /// Puts a reference to its example beside every schema in the `content` of a body or an answer.
    pub(super) fn attach(&self, holder: &mut Value) {
        let content = holder.get_mut("content").and_then(Value::as_object_mut);
        for (_, media) in content.into_iter().flatten() {
            let Some(name) = referred(&media["schema"]).map(str::to_owned) else { continue };
            media["examples"] = json!({"example": {"$ref": format!("#/components/examples/{name}")}});
            self.used.borrow_mut().insert(name);
        }
    }

    /// The examples that were referred to, by component.
    pub(super) fn used(&self) -> Value {
        let used = self.used.borrow();
        Value::Object(used.iter().map(|name| (name.clone(), json!({"value": self.named(name)}))).collect())
    }

    /// The example of a component.
    fn named(&self, name: &str) -> Value {
        let schema = &self.schemas[name];
        let written = self.written(name).or_else(|| self.written(name.strip_suffix("Shown")?));
        let content = name.strip_suffix("Resource").and_then(|content| self.written(content));
        match (content, written) {
            (Some(content), more) => self.envelope(schema, &merged(content, more.unwrap_or_default())),
            (None, Some(written)) => written,
            (None, None) => self.of(schema),
        }
    }

    fn written(&self, name: &str) -> Option<Value> {
        let mut written = self.written.get(name)?.clone();
        let Some(like) = written.as_object_mut().and_then(|members| members.remove("$like")) else {
            return Some(written);
        };
        Some(merged(self.written(like.as_str()?)?, written))
    }

    /// What surrounds every object, and its content; where the content names a code, the answer gives an id.
    fn envelope(&self, schema: &Value, content: &Value) -> Value {
        let mut envelope = Map::new();
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            match content.get(name) {
                Some(value) if member["format"] != "uuid" => envelope.insert(name.clone(), value.clone()),
                None if !is_required(schema, name) => None,
                _ => envelope.insert(name.clone(), self.of(member)),
            };
        }
        Value::Object(envelope)
    }

    /// An example of what this schema allows.
    fn of(&self, schema: &Value) -> Value {
        if let Some(name) = referred(schema) {
            return self.named(name);
        }
        if let Some(example) = schema.pointer("/examples/0").or_else(|| schema.pointer("/enum/0")) {
            return example.clone();
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        let branches = ["anyOf", "oneOf", "allOf"].into_iter().find_map(|word| schema.get(word)?.get(0));
        if let Some(first) = branches.filter(|_| schema.get("type").is_none()) {
            return self.of(first);
        }
        match schema["type"].as_str().or_else(|| schema["type"][0].as_str()) {
            Some("object") => self.object(schema),
            Some("array") => json!([self.of(&schema["items"])]),
            Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
            Some("boolean") => json!(false),
            Some("string") => json!(match schema["format"].as_str() {
                Some("uuid") => "0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506",
                Some("date-time") => "2019-09-02T08:30:00Z",
                Some("date") => "2019-10-07",
                _ => MISSING,
            }),
            _ => json!({}),
        }
    }

    fn object(&self, schema: &Value) -> Value {
        let members = schema["properties"].as_object().into_iter().flatten();
        Value::Object(members.map(|(name, member)| (name.clone(), self.member(name, member))).collect())
    }

    fn member(&self, name: &str, schema: &Value) -> Value {
        if name == "next_cursor" { json!("eyJrIjoicGwifQ") } else { self.of(schema) }
    }
}

/// The members of `more` instead of or besides those of `base`.
fn merged(mut base: Value, mut more: Value) -> Value {
    if let (Some(base), Some(more)) = (base.as_object_mut(), more.as_object_mut()) {
        base.append(more);
    }
    base
}

fn is_required(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|words| words.iter().any(|word| word == name))
}
