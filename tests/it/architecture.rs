//! Who may import whom: the rules of CONTRIBUTING, read off the source.

use std::path::{Path, PathBuf};

/// A source file with its path below the repository.
struct Source {
    path: String,
    text: String,
}

fn sources(below: &str) -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![];
    walk(&root.join(below), &mut found);
    found.sort();
    let read = |path: PathBuf| Source {
        path: path.strip_prefix(root).unwrap().display().to_string(),
        text: without_comments(&std::fs::read_to_string(&path).unwrap()),
    };
    found.into_iter().map(read).collect()
}

/// Line comments blanked and test modules cut off, so that only code that ships counts.
fn without_comments(text: &str) -> String {
    let code = text.split("\n#[cfg(test)]").next().unwrap();
    code.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Asserts that no file of `sources` for which `applies` holds names any of `words`.
#[track_caller]
fn none_names(sources: &[Source], applies: impl Fn(&str) -> bool, words: &[&str]) {
    for source in sources.iter().filter(|source| applies(&source.path)) {
        for word in words {
            assert!(!source.text.contains(word), "{} names {word}", source.path);
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[test]
fn the_domain_and_the_documents_are_pure() {
    let forbidden = [
        "sea_orm",
        "poem",
        "tokio",
        "api::",
        "entity::",
        "migration::",
        "Timestamp::now",
        "SystemTime",
        "std::env",
        "async fn",
    ];
    none_names(&sources("domain/src"), |_| true, &forbidden);
    none_names(&sources("documents/src"), |_| true, &forbidden);
}

#[test]
fn rows_know_nothing_of_their_readers() {
    none_names(&sources("entity/src"), |_| true, &["poem", "api::", "migration::", "async fn"]);
    none_names(&sources("migration/src"), |_| true, &["entity::", "domain::", "poem", "api::"]);
}

#[test]
fn only_stores_and_the_database_layer_name_entities() {
    let api = sources("api/src");
    none_names(
        &api,
        |path| file_name(path) != "store.rs" && !path.contains("/store/") && !path.starts_with("api/src/db/"),
        &["entity::"],
    );
}

#[test]
fn only_the_doors_name_poem() {
    let api = sources("api/src");
    let door = |path: &str| {
        path.starts_with("api/src/http/")
            || path.starts_with("api/src/web/")
            || matches!(file_name(path), "resource.rs" | "pages.rs")
            || path.contains("/resource/")
    };
    none_names(&api, |path| !door(path) && !path.starts_with("api/src/cli/"), &["poem::", "poem_openapi::"]);
}

#[test]
fn only_the_database_layer_begins_transactions() {
    none_names(
        &sources("api/src"),
        |path| !path.starts_with("api/src/db/"),
        &[".begin()", ".begin_with_options(", "TransactionTrait"],
    );
}

#[test]
fn only_one_module_asks_anything_of_others_over_http() {
    let api = sources("api/src");
    none_names(&api, |path| !path.starts_with("api/src/egress/"), &["reqwest", "hyper_util::client", "hyper::client"]);
    let clients: Vec<_> = api.iter().filter(|source| source.text.contains("Client::builder")).collect();
    let [only] = clients.as_slice() else { unreachable!("one place makes clients") };
    assert_eq!((only.path.as_str(), only.text.matches("Client::builder").count()), ("api/src/egress/mod.rs", 1));
    // What people give goes through the guard: the other client takes what is configured.
    none_names(&api, |path| !path.starts_with("api/src/egress/") && !path.contains("/oidc/"), &["ConfiguredClient"]);
}

/// The capabilities in the order in which they may reach one another: later ones the use cases of earlier ones.
const ORDER: &[&str] = &[
    "access",
    "organisations",
    "people",
    "groups",
    "events",
    "schedule",
    "attendance",
    "statements",
    "minutes",
    "calendars",
];

#[test]
fn a_capability_reaches_only_earlier_ones_and_only_their_use_cases() {
    for source in sources("api/src") {
        let own = source.path.trim_start_matches("api/src/").split('/').next().unwrap();
        let Some(at) = ORDER.iter().position(|capability| *capability == own) else { continue };
        for reached in reached(&source.text) {
            let place = ORDER.iter().position(|capability| reached.split("::").next() == Some(capability));
            let Some(place) = place.filter(|place| *place != at) else { continue };
            assert!(place < at, "{} reaches forward to {reached}", source.path);
            // Access is what every other capability's rows are narrowed by; its predicates are for all stores.
            let inside = reached.contains("::store") || reached.contains("::resource") || reached.contains("::pages");
            assert!(ORDER[place] == "access" || !inside, "{} reaches into {reached}", source.path);
        }
    }
}

/// What a source names of its own crate: every path after `crate::`, lists taken apart one level deep.
fn reached(text: &str) -> Vec<String> {
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut found = vec![];
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0;
                let end = list.find(|c| {
                    depth += match c {
                        '{' => 1,
                        '}' => -1,
                        _ => 0,
                    };
                    depth < 0
                });
                let list = &list[..end.unwrap_or(list.len())];
                found.extend(top_level(list).into_iter().map(|item| item.trim().to_owned()));
            }
            None => found.push(rest.chars().take_while(|c| word(*c)).collect()),
        }
    }
    found
}

/// The items of a use list, nested lists left whole.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut items) = (0, 0, vec![]);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&list[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    items.push(&list[begin..]);
    items
}

#[test]
fn files_stay_readable() {
    for below in ["api/src", "domain/src", "documents/src", "src"] {
        for path in sources(below).iter().filter(|source| !source.path.ends_with("tests.rs")) {
            let lines = path.text.lines().count();
            assert!(lines <= 450, "{} has {lines} lines", path.path);
        }
    }
}
