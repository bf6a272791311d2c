//! Types of problems: each has a page that says how to mend it.

use std::{collections::BTreeSet, fs, path::Path};

use api::http::problem_types::{TYPES, of_code};
use regex::Regex;

use crate::support::{Backend, Server};

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        // What health checks answer are no problems.
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("health.rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// Codes of problems as the source writes them: with a status, in a conflict, or as the code of a refused step.
fn codes() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![];
    sources(&root.join("api/src"), &mut files);
    sources(&root.join("domain/src"), &mut files);
    let direct = Regex::new(r#"(?:conflict\(\s*|StatusCode::[A-Z_]+,\s*)"([a-z_]+)""#).unwrap();
    let refusals = Regex::new(r#"(?s)pub fn code\(&?self\) -> &'static str \{.*?\n    \}"#).unwrap();
    let arms = Regex::new(r#"=> "([a-z_]+)""#).unwrap();
    let mut codes = BTreeSet::new();
    for file in &files {
        codes.extend(direct.captures_iter(file).map(|found| found[1].to_owned()));
        let inside = refusals.find_iter(file).map(|found| found.as_str());
        codes.extend(inside.flat_map(|text| arms.captures_iter(text)).map(|found| found[1].to_owned()));
    }
    codes
}

#[test]
fn every_code_in_the_source_is_explained() {
    let codes = codes();
    assert!(
        codes.contains("code_taken") && codes.contains("wrong_state") && codes.contains("body_too_large"),
        "{codes:?}"
    );
    let missing: Vec<_> = codes.iter().filter(|code| of_code(&code.replace('_', "-")).is_none()).collect();
    assert!(missing.is_empty(), "api/src/http/problem_types.rs lacks {missing:?}");
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_page() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let problem = server.anonymous().get("organisations/nobody").await.expect(404);
    let page = server.anonymous().get(problem.json["type"].as_str().unwrap()).await.expect(200);
    assert!(page.text.contains("Check the address and your key."));
    server.anonymous().get("/problems/no-such-problem").await.expect(404);
    let all = server.anonymous().get("/problems/").await.expect(200);
    assert!(TYPES.iter().all(|kind| all.text.contains(&format!("/problems/{}", kind.code))));
}
