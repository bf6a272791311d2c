//! The API document.

use crate::support::{Backend, Server, setting};

#[test]
fn the_document_in_the_repository_is_the_one_the_code_makes() {
    let stored = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml")).unwrap_or_default();
    let made = api::http::openapi::yaml().unwrap();
    if setting("WRITE").is_some() {
        return std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml"), made).unwrap();
    }
    assert!(stored == made, "openapi.yaml is stale: run `cargo run -- openapi > openapi.yaml`");
}

#[test]
fn every_operation_is_complete() {
    let document = api::http::openapi::document().unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            for member in ["operationId", "summary", "description", "x-scope", "tags", "responses"] {
                assert!(!operation[member].is_null(), "{method} {path} has no {member}");
            }
        }
    }
}

#[tokio::test]
async fn the_reference_is_served_from_the_binary_alone() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let page = server.anonymous().get("/docs/").await.expect(200);
    assert!(!page.text.contains("http://") && !page.text.contains("https://") && !page.text.contains("<script>"));
    assert!(server.anonymous().get("/docs/swagger-ui.js").await.expect(200).text.contains("SwaggerUIBundle"));
    assert_eq!(server.anonymous().get("/openapi.json").await.expect(200).json["info"]["title"], "Plenum");
}
