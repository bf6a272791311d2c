//! Patterns of addresses. The router forgets what the parameters of an operation are called: its `/events/:param0` is
//! the API document's `/events/{id}`.

use std::{collections::HashMap, sync::LazyLock};

use super::openapi::{self, BASE};

/// The paths of the API document by their shape.
static DOCUMENTED: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let operations = openapi::operations().iter();
    operations.map(|operation| (shape(&operation.path), operation.path.as_str())).collect()
});

/// A path without the names of its parameters.
pub fn shape(path: &str) -> String {
    let nameless = |segment: &str| if segment.starts_with(['{', ':']) { ":".to_owned() } else { segment.to_owned() };
    path.split('/').map(nameless).collect::<Vec<_>>().join("/")
}

/// A pattern of the router as our documents write it.
pub fn documented(pattern: &str) -> String {
    let operation = pattern.strip_prefix(BASE).and_then(|path| DOCUMENTED.get(&shape(path)));
    operation.map_or_else(|| braced(pattern), |path| format!("{BASE}{path}"))
}

/// `/ical/{token}` for poem's `/ical/:token<.+>`.
fn braced(pattern: &str) -> String {
    let segments = pattern.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("{{{}}}", name.split('<').next().unwrap_or(name)),
        None => segment.to_owned(),
    });
    let name = segments.collect::<Vec<_>>().join("/");
    if name.is_empty() { "/".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_read_as_in_the_documents() {
        assert_eq!(documented("/api/v1/events/:param0/delegations"), "/api/v1/events/{id}/delegations");
        assert_eq!(
            documented("/api/v1/groups/by-external/:param0/:param1"),
            "/api/v1/groups/by-external/{system}/{external_id}"
        );
        assert_eq!(documented("/ical/:token<.+>"), "/ical/{token}");
        assert_eq!(documented(""), "/");
    }
}
