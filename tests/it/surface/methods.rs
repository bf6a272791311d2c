//! Methods by the book (R108), on every path there is.

use api::http::routes;
use poem::http::{HeaderMap, Method};

use super::{ADMIN, feed, pages, readable};
use crate::access_matrix::{PRINCIPALS, client, seed::Seed};

const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE];

/// The `Allow` of a path that takes these methods.
fn allow(methods: &[Method]) -> String {
    let mut names: Vec<&str> = methods.iter().map(Method::as_str).chain(["OPTIONS"]).collect();
    if methods.contains(&Method::GET) {
        names.push("HEAD");
    }
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_says_which_methods_it_takes_and_takes_no_other() {
    let seed = Seed::new().await;
    let feed = feed(&seed).await;
    let config = routes::edge_config();
    let of_the_api = config.methods.paths().filter(|(path, _)| path.starts_with("/api/v1"));
    let of_the_api = of_the_api.map(|(path, methods)| (path.replace("{}", "x"), methods.to_vec()));
    let mut wrong = vec![];
    for (path, methods) in of_the_api.chain(pages(&seed, &feed)) {
        let allowed = allow(&methods);
        let admin = client(&seed.server, seed.headers(PRINCIPALS[ADMIN]));
        let options = admin.send(Method::OPTIONS, &path, None).await;
        if (options.status.as_u16(), options.header("allow"), &*options.text) != (204, &*allowed, "") {
            wrong.push(format!("OPTIONS {path}: {} {:?}, not {allowed}", options.status, options.headers.get("allow")));
        }
        for method in METHODS.into_iter().filter(|method| !allowed.split(", ").any(|name| name == method.as_str())) {
            let refused = admin.send(method.clone(), &path, None).await;
            // Of what lies below a folder of files, only the files are known to take methods.
            if refused.status == 404 && path.ends_with("none") || path.ends_with("none.css") {
                continue;
            }
            // Who writes by CalDAV is asked who they are, and then refused by privilege.
            if refused.status == 401 && path.starts_with("/dav") && !method.is_safe() {
                continue;
            }
            if (refused.status.as_u16(), refused.header("allow")) != (405, &*allowed) {
                wrong.push(format!(
                    "{method} {path}: {} {:?}, not {allowed}",
                    refused.status,
                    refused.headers.get("allow")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_has_the_headers_of_get_and_no_body() {
    let seed = Seed::new().await;
    let feed = feed(&seed).await;
    let pages = pages(&seed, &feed).into_iter().filter(|(_, methods)| methods.contains(&Method::GET));
    let paths = readable(&seed).into_iter().map(|(_, path)| path).chain(pages.map(|(path, _)| path));
    let mut wrong = vec![];
    for path in paths {
        // Looking at the log, or at all that is kept about a person, is an entry of the log, which both tell.
        let person = path.starts_with("/api/v1/persons/") && path.ends_with("/export");
        let grows = path.starts_with("/api/v1/audit-entries") || person;
        for principal in [PRINCIPALS[ADMIN], "anonymous"] {
            let client = client(&seed.server, seed.headers(principal));
            let (get, head) = (client.get(&path).await, client.send(Method::HEAD, &path, None).await);
            let same = get.status == head.status && (grows || lasting(&get.headers) == lasting(&head.headers));
            if !same || !head.text.is_empty() {
                wrong.push(format!("{path}: {} {:?}\n  {} {:?}", get.status, get.headers, head.status, head.headers));
            }
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// All but what each request has of its own; a client in process is told no length by GET.
fn lasting(headers: &HeaderMap) -> Vec<String> {
    let own = ["x-request-id", "date", "content-length", "set-cookie"];
    let kept = headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    let mut lines: Vec<_> = kept.map(|(name, value)| format!("{name}: {value:?}")).collect();
    lines.sort();
    lines
}
