//! Query parameters as a whole: each known and given once. A filter that is misspelt would otherwise be no filter.

use std::{collections::HashMap, sync::Arc};

use domain::Violation;
use poem::{PathPattern, Request};
use serde_json::Value;

use super::{openapi::BASE, pattern::shape};
use crate::error::Error;

/// The names of the query parameters of every operation, by method and path.
#[derive(Debug, Clone)]
pub struct Known(Arc<HashMap<(String, String), Vec<String>>>);

impl Known {
    /// Those of the API document.
    pub fn new(document: &Value) -> Self {
        let mut known = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let names = operation["parameters"].as_array().into_iter().flatten().filter_map(|parameter| {
                    let pointer = parameter["$ref"].as_str().map(|pointer| pointer.trim_start_matches('#'));
                    let parameter = pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(parameter);
                    Some(parameter["name"].as_str().filter(|_| parameter["in"] == "query")?.to_owned())
                });
                known.insert((method.to_ascii_uppercase(), shape(path)), names.collect());
            }
        }
        Self(Arc::new(known))
    }

    fn of(&self, request: &Request) -> Option<&[String]> {
        let path = request.data::<PathPattern>()?.0.strip_prefix(BASE).map(shape)?;
        self.0.get(&(request.method().to_string(), path)).map(Vec::as_slice)
    }
}

/// The parameters of the query, decoded. Unknown ones are refused, and so is one given twice, which could be meant
/// either way, and NUL, which no text may hold.
pub fn read(request: &Request) -> Result<Vec<(String, String)>, Error> {
    let fault = |name: &str, code, detail: String| Err(Error::Malformed(vec![Violation::new(name, code, detail)]));
    let Ok(pairs) = request.params::<Vec<(String, String)>>() else {
        return fault("", "invalid_query", "Write the query in UTF-8, with %-escapes.".into());
    };
    let known = request.data::<Known>().and_then(|known| known.of(request));
    for (at, (name, value)) in pairs.iter().enumerate() {
        if let Some(known) = known.filter(|known| !known.contains(name)) {
            let detail = match known {
                [] => "There are no parameters here.".to_owned(),
                known => format!("There is no such parameter here, but: {}.", known.join(", ")),
            };
            return fault(name, "unknown_parameter", detail);
        }
        if pairs[..at].iter().any(|(other, _)| other == name) {
            return fault(name, "repeated", "Give every parameter once.".into());
        }
        if value.contains('\0') {
            return fault(name, "control_character", "Leave out the NUL character.".into());
        }
    }
    Ok(pairs)
}
