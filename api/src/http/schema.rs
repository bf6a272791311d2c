//! Schemas of the API document come from the types themselves (schemars), so that each concept is written down once.
//!
//! poem-openapi keeps its own, narrower schema type and drops what it does not see referred to. A component registered
//! here therefore carries its full JSON Schema, and those of everything it refers to, in its `example` under [`MARK`];
//! `components.rs` puts them in their place when the document is made.

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, transform::RecursiveTransform};
use serde_json::{Map, Value, json};

/// Where a component hides its schemas until the document is made.
pub const MARK: &str = "x-json-schemas";

/// Which way a schema is read: what is sent may leave out what has a default, what is answered never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In requests.
    Sent,
    /// In answers.
    Answered,
}

impl Way {
    /// The word under which a component's schemas are kept.
    pub fn as_str(self) -> &'static str {
        if self == Self::Sent { "sent" } else { "answered" }
    }

    fn generator(self) -> SchemaGenerator {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        SchemaGenerator::new(match self {
            Self::Sent => settings.with_transform(RecursiveTransform(say_what_a_text_may_hold)),
            Self::Answered => settings.for_serialize(),
        })
    }
}

/// What `domain::language::check_line` asks of every bounded text: something visible, and no control characters but line
/// feed and tab.
const LINE: &str = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$";

fn say_what_a_text_may_hold(schema: &mut Schema) {
    let bounded = schema.get("maxLength").is_some() || schema.get("minLength").is_some();
    if bounded && ["pattern", "format", "enum", "const"].iter().all(|word| schema.get(*word).is_none()) {
        schema.insert("pattern".to_owned(), json!(LINE));
    }
}

/// Reference to the component of `T`.
pub fn reference<T: JsonSchema>() -> MetaSchemaRef {
    MetaSchemaRef::Reference(T::schema_name().into_owned())
}

/// Registers the component of `T` and of everything it refers to.
pub fn register<T: JsonSchema>(registry: &mut Registry, way: Way) {
    let mut generator = way.generator();
    let schema = generator.subschema_for::<T>().to_value();
    let mut definitions = generator.take_definitions(true);
    if T::inline_schema() {
        definitions.insert(T::schema_name().into_owned(), schema);
    }
    component(registry, T::schema_name().into_owned(), way, definitions);
}

/// What is said of a merge patch, of the whole as of its parts.
const MERGED: &str = "Only what is sent changes; null clears a member that may be empty.";

/// Registers the merge patch (RFC 7396) of `T`: no member is required, and `null` clears one that may be empty.
pub fn register_patch<T: JsonSchema>(registry: &mut Registry) {
    let mut generator = Way::Sent.generator();
    let whole = T::json_schema(&mut generator).to_value();
    let mut definitions = generator.take_definitions(true);
    let mut patches = Map::new();
    let mut schema = patched(whole, &definitions, &mut patches);
    schema["description"] = json!(MERGED);
    definitions.append(&mut patches);
    definitions.insert(patch_name(&T::schema_name()), schema);
    component(registry, patch_name(&T::schema_name()), Way::Sent, definitions);
}

/// Reference to the merge patch of `T`.
pub fn patch_reference<T: JsonSchema>() -> MetaSchemaRef {
    MetaSchemaRef::Reference(patch_name(&T::schema_name()))
}

/// The component a reference names.
pub fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

fn patch_name(name: &str) -> String {
    format!("{name}Patch")
}

/// What a merge patch can say of a value of this schema. Objects are merged at every depth, all else is replaced.
fn patched(mut schema: Value, definitions: &Map<String, Value>, patches: &mut Map<String, Value>) -> Value {
    if let Some(name) = referred(&schema).map(str::to_owned) {
        let Some(target) = definitions.get(&name).filter(|target| is_object(target)) else { return schema };
        let patch = patch_name(&name);
        if !patches.contains_key(&patch) {
            patches.insert(patch.clone(), Value::Null);
            let mut made = patched(target.clone(), definitions, patches);
            made["description"] = json!(MERGED);
            patches.insert(patch.clone(), made);
        }
        schema["$ref"] = json!(format!("#/components/schemas/{patch}"));
        return schema;
    }
    if let Some(branches) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        for branch in branches {
            *branch = patched(branch.take(), definitions, patches);
        }
    }
    let Some(object) = schema.as_object_mut().filter(|object| object.get("type") == Some(&json!("object"))) else {
        return schema;
    };
    let required = object.remove("required").unwrap_or_default();
    object.remove("minProperties");
    for (name, member) in object.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        let patch = patched(member.take(), definitions, patches);
        let kept = required.as_array().is_some_and(|required| required.iter().any(|word| word == name.as_str()));
        *member = if kept { patch } else { clearable(patch) };
        // What a missing member means for a new object, it does not mean here.
        member.as_object_mut().map(|member| member.remove("default"));
    }
    for (_, values) in object.get_mut("patternProperties").and_then(Value::as_object_mut).into_iter().flatten() {
        *values = clearable(patched(values.take(), definitions, patches));
    }
    if let Some(values) = object.get_mut("additionalProperties").filter(|values| values.is_object()) {
        *values = clearable(patched(values.take(), definitions, patches));
    }
    schema
}

fn is_object(schema: &Value) -> bool {
    schema.get("type") == Some(&json!("object"))
}

/// The same schema with `null` allowed.
fn clearable(mut schema: Value) -> Value {
    let nothing = json!({"type": "null"});
    let has_null =
        |list: Option<&Value>, null: &Value| list.and_then(Value::as_array).is_some_and(|list| list.contains(null));
    if has_null(schema.get("anyOf"), &nothing) || has_null(schema.get("type"), &json!("null")) {
        return schema;
    }
    let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
    let mut either = json!({"anyOf": [schema, nothing]});
    if let Some(description) = description {
        either["description"] = description;
    }
    either
}

/// Keeps `definitions` with the component. Other uses of the same name are kept beside them: whether they agree is
/// found out when the document is made.
fn component(registry: &mut Registry, name: String, way: Way, definitions: Map<String, Value>) {
    let meta = registry.schemas.entry(name).or_insert_with(|| MetaSchema::new("object"));
    let kept = meta.example.get_or_insert_with(|| json!({ MARK: [] }));
    let definitions = json!({ way.as_str(): definitions });
    if let Some(list) = kept[MARK].as_array_mut().filter(|list| !list.contains(&definitions)) {
        list.push(definitions);
    }
}
