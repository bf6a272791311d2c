//! Schemas of the API document come from the types themselves (schemars), so that each concept is written down once.
//!
//! poem-openapi keeps its own, narrower schema type. A component registered here carries the full JSON Schema in its
//! `example` under [`MARK`]; `openapi.rs` puts it in its place when the document is made.

use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

/// Where a component hides its schema until the document is made.
pub const MARK: &str = "x-json-schema";

/// Reference to the component of `T`.
pub fn reference<T: JsonSchema>() -> MetaSchemaRef {
    MetaSchemaRef::Reference(T::schema_name().into_owned())
}

/// Registers the component of `T` and of everything it refers to.
pub fn register<T: JsonSchema>(registry: &mut Registry) {
    let mut generator = SchemaGenerator::new(settings());
    generator.subschema_for::<T>();
    for (name, schema) in generator.take_definitions(true) {
        component(registry, name, schema);
    }
}

/// Registers the merge patch (RFC 7396) of `T`: no member is required, every member may be `null`.
pub fn register_patch<T: JsonSchema>(registry: &mut Registry) {
    let mut generator = SchemaGenerator::new(settings());
    let mut schema = T::json_schema(&mut generator).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.remove("required");
        object.insert(
            "description".to_owned(),
            json!("Only what is sent changes; null clears a member that may be empty."),
        );
        for (_, member) in object.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
            *member = json!({"anyOf": [member.take(), {"type": "null"}]});
        }
    }
    for (name, definition) in generator.take_definitions(true) {
        component(registry, name, definition);
    }
    component(registry, patch_name::<T>().into_owned(), schema);
}

/// Reference to the merge patch of `T`.
pub fn patch_reference<T: JsonSchema>() -> MetaSchemaRef {
    MetaSchemaRef::Reference(patch_name::<T>().into_owned())
}

fn patch_name<T: JsonSchema>() -> Cow<'static, str> {
    format!("{}Patch", T::schema_name()).into()
}

fn settings() -> SchemaSettings {
    SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    })
}

fn component(registry: &mut Registry, name: String, schema: Value) {
    let mut meta = MetaSchema::new("object");
    meta.example = Some(json!({ MARK: schema }));
    registry.schemas.insert(name, meta);
}
