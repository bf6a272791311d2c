//! The matrix for those who hold something elsewhere: it opens nothing here. Whoever chairs another group or heads a
//! delegation at another event gets no more than a guest, a secretariat of another group no more than one of another
//! event, and an observer no more than a member.

use domain::access::{NewKey, Role};
use serde_json::json;

use super::{PRINCIPALS, ask, matrix, operations, seed::Seed};

/// Who holds something elsewhere, and whose column says what is the most they get.
const AT_MOST: [(&str, &str); 4] = [
    ("chair of another group", "guest"),
    ("head at another event", "guest"),
    ("secretariat of another group", "limited_other"),
    ("observer", "delegate"),
];

async fn seed() -> Seed {
    let mut seed = Seed::new().await;
    let admin = seed.server.admin().await;
    let group = json!({"code": "elsewhere", "kind": "subgroup", "name": {"en": "Elsewhere"}, "visibility": "public"});
    admin.post("groups", group).await.expect(201);
    let chair = admin.post("persons", json!({"display_name": "Chair elsewhere"})).await.expect(201).id();
    let role = json!({"person_id": chair, "function": "chair", "valid_from": "2019-01-01"});
    admin.post("groups/elsewhere/roles", role).await.expect(201);
    let head = json!({"display_name": "Head elsewhere", "organisation_id": "VN"});
    let head = admin.post("persons", head).await.expect(201).id();
    admin.post("events/hanoi-2025/delegations", json!({"organisation_id": "VN"})).await.expect(201);
    let delegate = json!({"delegation_id": "VN", "person_id": head, "function": "head"});
    admin.post("events/hanoi-2025/delegates", delegate).await.expect(201);
    let observer = json!({"organisation_id": "SPARE", "category": "observer", "valid_from": "2018-01-01"});
    admin.post("groups/warsaw-cyber/memberships", observer).await.expect(201);
    seed.welcome("chair of another group", &chair).await;
    seed.welcome("head at another event", &head).await;
    let secretariat = NewKey { role: Role::Secretariat, group_ids: vec!["elsewhere".into()], ..NewKey::default() };
    seed.admit("secretariat of another group".to_owned(), secretariat).await;
    let observer = NewKey { role: Role::Delegate, organisation_id: Some("SPARE".into()), ..NewKey::default() };
    seed.admit("observer".to_owned(), observer).await;
    seed
}

#[tokio::test]
async fn what_is_held_elsewhere_opens_nothing_here() {
    let seed = seed().await;
    let document = seed.server.anonymous().get("/openapi.json").await.expect(200).json;
    let operations = operations(&document);
    let (mut wrong, mut cells) = (vec![], 0);
    for (row, expected) in &matrix().rows {
        let (name, circle) = row.split_once(' ').unwrap_or((row, ""));
        let operation = &operations[name];
        for (principal, most) in AT_MOST {
            let column = PRINCIPALS.iter().position(|known| *known == most).unwrap();
            let most = expected.statuses()[column];
            let answer = ask(&seed, operation, circle, expected.body(), principal, most).await;
            cells += 1;
            if answer.status.as_u16() < 400 && most >= 400 {
                wrong.push(format!("{row}, {principal}: {most} at most, {} {}", answer.status, answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
    eprintln!("{cells} cells");
}
