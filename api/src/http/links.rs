//! Links of the API document: what can be done next with an object that was just made. Readers follow them in the
//! reference, test programs walk along them.

use serde_json::{Map, Value, json};

/// Gives each answer 201 a link to every operation on the object in it.
pub(super) fn add(document: &mut Value) {
    let operations = operations(document);
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let Some(made) = item.pointer_mut("/post/responses/201") else { continue };
        let Some(collection) = path.rsplit('/').next() else { continue };
        let links = links_to(&format!("/{collection}/{{id}}"), &operations);
        if !links.is_empty() {
            made["links"] = Value::Object(links);
        }
    }
}

/// Path and operation id of every operation.
fn operations(document: &Value) -> Vec<(String, String)> {
    let items = document["paths"].as_object().into_iter().flatten();
    let of_path = |(path, item): (&String, &Value)| {
        let ids = item.as_object().into_iter().flatten().filter_map(|(_, operation)| operation["operationId"].as_str());
        ids.map(|id| (path.clone(), id.to_owned())).collect::<Vec<_>>()
    };
    items.flat_map(of_path).collect()
}

/// Links to the operations on the object at `object` and on what belongs to it, and nothing else in their address.
fn links_to(object: &str, operations: &[(String, String)]) -> Map<String, Value> {
    let about = operations.iter().filter(|(path, _)| {
        path.strip_prefix(object).is_some_and(|rest| (rest.is_empty() || rest.starts_with('/')) && !rest.contains('{'))
    });
    about.map(|(_, id)| (id.clone(), json!({"operationId": id, "parameters": {"id": "$response.body#/id"}}))).collect()
}
