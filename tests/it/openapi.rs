//! The API document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{Backend, Server, api_document, setting};

#[test]
fn the_document_in_the_repository_is_the_one_the_code_makes() {
    let stored = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml")).unwrap_or_default();
    let made = &serde_yaml::to_string(&api_document()).unwrap();
    if setting("WRITE").is_some() {
        return std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml"), made).unwrap();
    }
    assert!(stored == *made, "openapi.yaml is stale: run `cargo run -- openapi > openapi.yaml`");
    let served: Value = serde_json::from_str(api::http::openapi::JSON).unwrap();
    assert_eq!((served, api::http::openapi::YAML), (api_document(), made.as_str()));
}

#[test]
fn the_server_goes_by_the_operations_of_the_document() {
    let document = &api_document();
    let documented: BTreeMap<String, BTreeSet<String>> =
        each_operation(document).map(|(place, operation)| (place, query_of(document, operation))).collect();
    let known = api::http::openapi::operations().iter().map(|it| {
        let place = format!("{} {}", it.method.as_str().to_lowercase(), it.path);
        (place, it.query.iter().cloned().collect())
    });
    assert_eq!(known.collect::<BTreeMap<_, _>>(), documented);
}

#[test]
fn every_operation_is_complete() {
    let document = &api_document();
    for (place, operation) in each_operation(document) {
        for member in ["operationId", "summary", "description", "x-scope", "tags", "responses", "security"] {
            // Everybody may know who they are themselves, whatever their scopes; and no key comes behind a seal.
            let needless = member == "x-scope" && (place.contains(" /me") || place.contains("/{id}/seal"));
            assert!(needless || !operation[member].is_null(), "{place} has no {member}");
        }
    }
}

#[test]
fn every_body_and_answer_has_an_example_written_by_a_person() {
    let document = &api_document();
    for (name, example) in document["components"]["examples"].as_object().unwrap() {
        let text = example.to_string();
        assert!(!text.contains(api::http::examples::MISSING), "api/src/http/examples lacks {name}: {text}");
    }
    let bodies =
        each_operation(document).filter_map(|(_, operation)| operation["requestBody"]["content"].as_object().cloned());
    for media in bodies.flat_map(|content| content.into_iter().map(|(_, media)| media)) {
        assert!(media["examples"].is_object(), "{media} has no example");
    }
}

#[test]
fn components_have_names_of_their_own() {
    let document = &api_document();
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        // Where two types are called the same, schemars counts them.
        let fits = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphabetic());
        assert!(fits, "{name}: give the type a name of its own by #[schemars(rename = ...)]");
    }
}

fn query_of(document: &Value, operation: &Value) -> BTreeSet<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten().map(|parameter| {
        let pointer = parameter["$ref"].as_str().map(|pointer| pointer.trim_start_matches('#'));
        pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(parameter)
    });
    let query = parameters.filter(|parameter| parameter["in"] == "query");
    query.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
}

fn each_operation(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[tokio::test]
async fn the_reference_is_served_from_the_binary_alone() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let page = server.anonymous().get("/docs/").await.expect(200);
    assert!(!page.text.contains("http://") && !page.text.contains("https://") && !page.text.contains("<script>"));
    assert!(server.anonymous().get("/docs/swagger-ui.js").await.expect(200).text.contains("SwaggerUIBundle"));
    assert_eq!(server.anonymous().get("/openapi.json").await.expect(200).json["info"]["title"], "Plenum");
}
