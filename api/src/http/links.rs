//! Links of the API document: what can be done next with an object that was just made. Readers follow them in the
//! reference, test programs walk along them.

use serde_json::{Map, Value, json};

use super::openapi::{self, Operation};

/// Gives each answer 201 a link to every operation on the object in it.
pub(super) fn add(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let Some(made) = item.pointer_mut("/post/responses/201") else { continue };
        let Some(collection) = path.rsplit('/').next() else { continue };
        let links = links_to(&format!("/{collection}/{{id}}"), openapi::operations());
        if !links.is_empty() {
            made["links"] = Value::Object(links);
        }
    }
}

/// Links to the operations on the object at `object` and on what belongs to it, and nothing else in their address.
fn links_to(object: &str, operations: &[Operation]) -> Map<String, Value> {
    let about = operations.iter().filter(|operation| {
        operation
            .path
            .strip_prefix(object)
            .is_some_and(|rest| (rest.is_empty() || rest.starts_with('/')) && !rest.contains('{'))
    });
    let link = |id: &str| json!({"operationId": id, "parameters": {"id": "$response.body#/id"}});
    about.map(|operation| (operation.id.clone(), link(&operation.id))).collect()
}
