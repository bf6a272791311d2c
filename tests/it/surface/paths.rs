//! One address, one meaning (R109): no way of writing a path or a query shows anybody what they may not see.

use std::collections::BTreeMap;

use super::{ADMIN, readable};
use crate::access_matrix::{PRINCIPALS, client, seed::Seed};

/// Ways to write a path that a proxy, a router and a guard might read differently.
fn disguises(path: &str) -> Vec<String> {
    let (parent, last) = path.rsplit_once('/').unwrap();
    let tail = path.trim_start_matches("/api/v1/");
    vec![
        format!("/{path}"),
        format!("/api/v1//{tail}"),
        format!("/api//v1/{tail}"),
        format!("{parent}//{last}"),
        format!("/api/v1/./{tail}"),
        format!("/api/v1/organisations/../{tail}"),
        format!("/api/v1/organisations/%2e%2e/{tail}"),
        format!("/api/v1/organisations/.%2E/{tail}"),
        format!("/api/v1/organisations%2f..%2f{tail}"),
        format!("/api/v1/organisations%2F{tail}"),
        format!("{path};x=1"),
        format!("/api;x=1/v1/{tail}"),
        format!("{path}%00"),
        format!("{path}%00.json"),
        format!("{path}%0d%0a"),
        format!("{path}%20"),
        format!("{path}%"),
        format!("{path}%5c"),
        format!("{path}/."),
        format!("{path}/.."),
        format!("/docs/..%2fapi%2fv1%2f{tail}"),
        format!("/ical/%2e%2e/api/v1/{tail}"),
        format!("/API/V1/{tail}"),
        format!("{path}%c0%ae"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_in_disguise_is_no_way_in_for_anybody() {
    let seed = Seed::new().await;
    let mut wrong = vec![];
    // A path of each operation is enough: the circles differ in their ids alone.
    let of_each: BTreeMap<_, _> =
        readable(&seed).into_iter().map(|(row, path)| (row.split(' ').next().unwrap().to_owned(), path)).collect();
    for (row, path) in of_each {
        for principal in [PRINCIPALS[ADMIN], "anonymous"] {
            let client = client(&seed.server, seed.headers(principal));
            for disguised in disguises(&path) {
                let answer = client.get(&disguised).await;
                if ![400, 401, 404].contains(&answer.status.as_u16()) {
                    wrong.push(format!("{row}, {principal}: {disguised}: {} {}", answer.status, answer.text));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} were answered:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_written_as_its_code_is_that_letter_to_the_guard_too() {
    let seed = Seed::new().await;
    let matrix = crate::access_matrix::matrix();
    for (row, path) in readable(&seed) {
        let (parent, last) = path.rsplit_once('/').unwrap();
        let coded: String = last.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let statuses = matrix.rows[&row].statuses();
        for (principal, status) in PRINCIPALS.into_iter().zip(statuses) {
            let answer = client(&seed.server, seed.headers(principal)).get(&format!("{parent}/{coded}")).await;
            // Where the router takes no codes there is nothing for anybody.
            let found = answer.status.as_u16();
            assert!(found == status || found == 404, "{row}, {principal}: {found}, not {status}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_parameter_given_twice_is_refused_however_it_is_written() {
    let seed = Seed::new().await;
    for principal in ["anonymous", "delegate", PRINCIPALS[ADMIN]] {
        let client = client(&seed.server, seed.headers(principal));
        for query in ["event=seoul-2019&event=closed-2019", "%65vent=seoul-2019&event=closed-2019", "limit=1&limit=200"]
        {
            let refused = client.get(&format!("sessions?{query}")).await.expect(400);
            assert_eq!(refused.codes(), ["repeated"], "{query}");
        }
    }
}
