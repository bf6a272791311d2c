//! Protected persons: by function only, to everybody who has no right to the name, through whatever door.

use poem::http::Method;
use serde_json::json;

use crate::{
    access_matrix::{client, seed::Seed},
    on_both,
    support::Client,
    surface::{feed, pages, readable},
};

/// The chair of every group and head of the Polish delegation, folded as searches fold names.
const NAME: &str = "zielinska";

/// Those who may know of the person's office at most.
const STRANGERS: [&str; 5] = ["anonymous", "outsider", "guest", "chair", "revoked"];

/// Everything that can be read, with a search for the name wherever there are searches.
async fn doors(seed: &Seed) -> Vec<String> {
    let feed = feed(seed).await;
    let pages =
        pages(seed, &feed).into_iter().filter(|(_, methods)| methods.contains(&Method::GET)).map(|(path, _)| path);
    let read: Vec<_> = readable(seed).into_iter().map(|(_, path)| path).collect();
    let searched: Vec<_> = read.iter().map(|path| format!("{path}?q=jadwiga%20{NAME}")).collect();
    let past = read.iter().map(|path| format!("{path}?as_of=2019-10-07"));
    let all = read.iter().cloned().chain(past).chain(searched).chain(pages);
    // The examples of the document have the same name as what is seeded.
    all.filter(|path| !path.starts_with("/openapi")).collect()
}

/// The paths that tell this client of the person: a name in any spelling, or the number by which one could ask on.
async fn telling(client: &Client, doors: &[String], person: &str) -> Vec<String> {
    let mut told = vec![];
    for path in doors {
        let answer = client.get(path).await;
        // What was asked for comes back in the address of the next page.
        let next = answer.header("link").to_owned();
        let text = format!("{}{:?}", answer.text, answer.headers).replace(&format!("{next:?}"), "").to_lowercase();
        if ["zielińska", NAME, "jadwiga", person].iter().any(|word| text.contains(word)) {
            told.push(path.clone());
        }
    }
    told
}

on_both! {
    async fn a_protected_person_has_no_name_for_whoever_lacks_the_right_by_any_door(server) {
        let seed = Seed::on(server).await;
        let admin = client(&seed.server, seed.headers("admin"));
        let person = seed.id("persons").to_owned();
        // Korea belongs to the group too, so that its people see who chairs it.
        let member = json!({"organisation_id": "KR", "category": "member", "valid_from": "2018-01-01"});
        admin.post("groups/warsaw-cyber/memberships", member).await.expect(201);
        // The person heads the Polish delegation from now on.
        admin.delete(&format!("delegates/{}", seed.id("delegates own"))).await.expect(204);
        let head = json!({"delegation_id": "PL", "person_id": person, "function": "head"});
        let head = admin.post("events/seoul-2019/delegates", head).await.expect(201).id();
        let session = seed.id("sessions participants");
        let line = json!({"status": "present", "represented_by": head, "note": "Spoke first"});
        admin.put(&format!("sessions/{session}/attendance/PL"), line).await.expect(200);
        let doors = doors(&seed).await;
        let strangers: Vec<_> = STRANGERS.iter().map(|name| ((*name).to_owned(), client(&seed.server, seed.headers(name)))).collect();
        let korea = seed.server.manager_of("KR").await;
        assert!(telling(&korea, &doors, &person).await.iter().any(|path| path.contains("/roles")), "the chair has a name while unprotected");

        let path = format!("persons/{person}");
        admin.patch(&path, json!({"protected": true})).await.expect(200);
        for (name, stranger) in strangers.iter().chain([&("korea".to_owned(), korea.clone())]) {
            let told = telling(stranger, &doors, &person).await;
            assert!(told.is_empty(), "{name} learns of the person from {told:#?}");
        }
        let chair = korea.get("groups/warsaw-cyber/roles").await.expect(200).json["items"][0].clone();
        assert_eq!((&chair["function"], chair.get("person_id"), chair.get("person_name")), (&json!("chair"), None, None));

        // The chair of the group runs the meeting with a head of delegation who has a function and no name.
        let chair = &strangers[3].1;
        let delegate = chair.get("events/seoul-2019/delegates?delegation=PL").await.expect(200).json["items"][0].clone();
        assert_eq!((&delegate["function"], &delegate["display_name"]), (&json!("head"), &json!("(protected)")));
        let page = chair.get("events/seoul-2019/delegates?limit=1").await.expect(200).json;
        let next = chair.get(&format!("events/seoul-2019/delegates?limit=1&cursor={}", page["next_cursor"].as_str().unwrap())).await.expect(200).json;
        assert_eq!((&page["items"][0]["id"], page["items"][0]["id"] == next["items"][0]["id"]), (&delegate["id"], false));

        // Neither a count nor an error tells that there is somebody.
        let nobody = korea.get("persons?q=nobody%20of%20this%20name").await.expect(200);
        assert_eq!(korea.get(&format!("persons?q={NAME}")).await.expect(200).json, nobody.json);
        let nominate = |id: &str| json!({"delegation_id": "KR", "person_id": id, "function": "expert"});
        let hidden = korea.post("events/seoul-2019/delegates", nominate(&person)).await;
        let absent = korea.post("events/seoul-2019/delegates", nominate(&uuid::Uuid::max().to_string())).await;
        assert_eq!((hidden.status, hidden.problem()), (absent.status, absent.problem()));
        assert!(hidden.status.is_client_error());

        // Their own people and staff know the name still.
        for knows in ["delegate", "secretariat", "auditor"] {
            let told = telling(&client(&seed.server, seed.headers(knows)), &doors, &person).await;
            assert!(told.iter().any(|door| door.contains(&path)), "{knows}: {told:#?}");
        }
    }
}
