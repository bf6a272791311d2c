//! Query parameters as a whole: each known and given once. A filter that is misspelt would otherwise be no filter.

use std::{collections::HashMap, sync::LazyLock};

use domain::Violation;
use poem::{PathPattern, Request, http::Method};

use super::{
    openapi::{self, BASE},
    pattern::shape,
};
use crate::error::Error;

/// The names of the query parameters of every operation.
static KNOWN: LazyLock<HashMap<(Method, String), &'static [String]>> = LazyLock::new(|| {
    let operations = openapi::operations().iter();
    operations.map(|it| ((it.method.clone(), shape(&it.path)), it.query.as_slice())).collect()
});

/// Those of the operation asked for; none where it is not one of the document's.
fn known_of(request: &Request) -> Option<&'static [String]> {
    let path = request.data::<PathPattern>()?.0.strip_prefix(BASE).map(shape)?;
    KNOWN.get(&(request.method().clone(), path)).copied()
}

/// The parameters of the query, decoded. Unknown ones are refused, and so is one given twice, which could be meant
/// either way, and NUL, which no text may hold.
pub fn read(request: &Request) -> Result<Vec<(String, String)>, Error> {
    let fault = |name: &str, code, detail: String| Err(Error::Malformed(vec![Violation::new(name, code, detail)]));
    let Ok(pairs) = request.params::<Vec<(String, String)>>() else {
        return fault("", "invalid_query", "Write the query in UTF-8, with %-escapes.".into());
    };
    let known = known_of(request);
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
