//! Request bodies: read strictly, with a pointer to the fault.

use poem::{FromRequest, Request, RequestBody, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, MetaSchemaRef, Registry},
};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    schema::{self, Way},
    strict::Strict,
};
use crate::error::Error;
use domain::Violation;

/// A JSON body of type `T`. Unknown members, missing members and wrong types are refused with their place.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

/// A JSON merge patch (RFC 7396) of a `T`.
#[derive(Debug, Clone)]
pub struct Patch<T>(Value, std::marker::PhantomData<T>);

impl<T: Serialize + DeserializeOwned> Patch<T> {
    /// `current` with what the patch says: omitted members stay, `null` clears, everything else replaces.
    pub fn apply(&self, current: &T) -> Result<T, Error> {
        let mut merged = serde_json::to_value(current)?;
        merge(&mut merged, &self.0);
        // The patch itself could be read; it is what comes of it that does not fit.
        parse(merged).map_err(|error| match error {
            Error::Malformed(faults) => Error::Invalid(faults),
            error => error,
        })
    }
}

/// RFC 7396, section 2.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(members) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(object) = target.as_object_mut() else { return };
    for (name, value) in members {
        match value {
            Value::Null => drop(object.remove(name)),
            value => merge(object.entry(name.clone()).or_insert(Value::Null), value),
        }
    }
}

fn parse<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(Strict(value)).map_err(|error| {
        let pointer: String = error.path().iter().map(|segment| format!("/{segment}")).collect();
        let detail = error.inner().to_string();
        Error::Malformed(vec![Violation::new(pointer, "does_not_fit", detail)])
    })
}

async fn read(request: &Request, body: &mut RequestBody, media_types: &[&str]) -> Result<Value, poem::Error> {
    let sent = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !media_types.contains(&essence.as_str()) {
        return Err(poem::Error::from_status(poem::http::StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let bytes = <Vec<u8> as FromRequest>::from_request(request, body).await?;
    let mut value = serde_json::from_slice(&bytes).map_err(|error| {
        let detail = format!("The body is not valid JSON: {error}.");
        Error::Malformed(vec![Violation::new("", "not_json", detail)])
    })?;
    plain(&mut value, &mut String::new())?;
    Ok(value)
}

/// Makes an integer of `4.0`, which is one (JSON Schema, 6.1.1), and refuses NUL, which PostgreSQL does not keep.
fn plain(value: &mut Value, pointer: &mut String) -> Result<(), Error> {
    let here = pointer.len();
    match value {
        Value::Number(number) => {
            // Beyond 2^53 a float no longer says which integer it is.
            let whole = number.as_f64().filter(|_| number.is_f64()).filter(|n| n.fract() == 0.0 && n.abs() < 9e15);
            if let Some(whole) = whole {
                #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
                let whole = whole as i64;
                *number = whole.into();
            }
        }
        Value::String(text) if text.contains('\0') => {
            let detail = "Leave out the NUL character.";
            return Err(Error::invalid(pointer, "control_character", detail));
        }
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                pointer.push_str(&format!("/{at}"));
                plain(item, pointer)?;
                pointer.truncate(here);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                pointer.push_str(&format!("/{name}"));
                plain(member, pointer)?;
                pointer.truncate(here);
            }
        }
        _ => {}
    }
    Ok(())
}

fn request_meta(schemas: MetaSchemaRef, media_types: &[&'static str]) -> MetaRequest {
    let content =
        media_types.iter().map(|content_type| MetaMediaType { content_type, schema: schemas.clone() }).collect();
    MetaRequest { description: None, content, required: true }
}

const JSON: &[&str] = &["application/json"];
const MERGE_PATCH: &[&str] = &["application/merge-patch+json", "application/json"];

impl<'a, T: DeserializeOwned + JsonSchema> ApiExtractor<'a> for Body<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        schema::register::<T>(registry, Way::Sent);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(request_meta(schema::reference::<T>(), JSON))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        Ok(Self(parse(read(request, body, JSON).await?)?))
    }
}

impl<'a, T: JsonSchema> ApiExtractor<'a> for Patch<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        schema::register_patch::<T>(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(request_meta(schema::patch_reference::<T>(), MERGE_PATCH))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let value = read(request, body, MERGE_PATCH).await?;
        if !value.is_object() {
            return Err(
                Error::Malformed(vec![Violation::new("", "does_not_fit", "A merge patch is a JSON object.")]).into()
            );
        }
        Ok(Self(value, std::marker::PhantomData))
    }
}
