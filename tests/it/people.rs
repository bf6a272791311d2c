//! Persons through the API.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server},
};

fn officer() -> Value {
    json!({
        "display_name": "Jana Dvořáková", "family_name": "Dvořáková", "given_name": "Jana", "honorific": "Col.",
        "languages": ["cs", "en"], "email": "Jana.Dvorakova@police.example", "position": {"en": "Head of unit"},
        "protected": true,
    })
}

async fn organisation(admin: &Client, code: &str) -> String {
    let body = json!({"code": code, "kind": "agency", "names": {"en": {"list": code}}});
    admin.post("organisations", body).await.expect(201).id()
}

/// Two organisations, each with one person and a delegate's key: (admin, [(person, delegate)]).
async fn two_sides(server: &Server) -> (Client, [(String, Client); 2]) {
    let admin = server.admin().await;
    let sides = [side(server, &admin, "NORTH").await, side(server, &admin, "SOUTH").await];
    (admin, sides)
}

async fn side(server: &Server, admin: &Client, code: &str) -> (String, Client) {
    let organisation = organisation(admin, code).await;
    let body = json!({"display_name": format!("Officer of {code}"), "organisation_id": code});
    let person = admin.post("persons", body).await.expect(201);
    assert_eq!(person.json["organisation_id"], organisation.as_str());
    (person.id(), server.delegate_of(&organisation).await)
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["display_name"].as_str().unwrap()).collect()
}

on_both! {
    async fn a_person_lives_and_leaves_a_tombstone(server) {
        let admin = server.admin().await;
        let made = admin.post("persons", officer()).await.expect(201);
        let path = format!("persons/{}", made.id());
        assert_eq!(made.header("location"), format!("/api/v1/{path}"));
        assert_eq!(admin.get(&path).await.expect(200).json, made.json);
        let changed = admin.if_match(&made).patch(&path, json!({"email": null, "protected": false})).await.expect(200);
        assert_eq!((changed.json.get("email"), &changed.json["protected"], &changed.json["version"]), (None, &json!(false), &json!(2)));
        admin.if_match(&made).patch(&path, json!({"honorific": "Dr"})).await.expect(412);
        admin.if_match(&changed).delete(&path).await.expect(204);
        admin.get(&path).await.expect(410);
        assert_eq!(names(&admin.get("persons").await.expect(200).json), [""; 0]);
        assert_eq!(admin.get("changes?type=person.deleted").await.expect(200).json["items"][0]["object_id"], made.id().as_str());
    }

    async fn a_delegate_sees_its_own_people_and_nobody_else(server) {
        let (admin, [(own, delegate), (other, _)]) = two_sides(&server).await;
        assert_eq!(names(&delegate.get("persons").await.expect(200).json), ["Officer of NORTH"]);
        assert_eq!(names(&delegate.get("persons?q=officer").await.expect(200).json), ["Officer of NORTH"]);
        delegate.get(&format!("persons/{own}")).await.expect(200);
        let hidden = delegate.get(&format!("persons/{other}")).await.expect(404);
        let absent = delegate.get(&format!("persons/{}", uuid::Uuid::max())).await.expect(404);
        assert_eq!(hidden.problem(), absent.problem());
        let gone = admin.get(&format!("persons/{other}")).await.expect(200);
        admin.if_match(&gone).delete(&format!("persons/{other}")).await.expect(204);
        delegate.get(&format!("persons/{other}")).await.expect(404);
        assert_eq!(names(&admin.get("persons?organisation=NORTH").await.expect(200).json), ["Officer of NORTH"]);
    }

    async fn a_delegate_sees_who_is_in_its_delegation_wherever_they_come_from(server) {
        let (admin, [(_, delegate), (expert, _)]) = two_sides(&server).await;
        let event = json!({
            "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en"],
        });
        admin.post("events", event).await.expect(201);
        admin.post("events/seoul-2019/delegations", json!({"organisation_id": "NORTH"})).await.expect(201);
        delegate.get(&format!("persons/{expert}")).await.expect(404);
        let nomination = json!({"delegation_id": "NORTH", "person_id": expert, "function": "expert"});
        let named = admin.post("events/seoul-2019/delegates", nomination).await.expect(201);
        assert_eq!(delegate.get(&format!("persons/{expert}")).await.expect(200).json["display_name"], "Officer of SOUTH");
        admin.if_match(&named).delete(&format!("delegates/{}", named.id())).await.expect(204);
        delegate.get(&format!("persons/{expert}")).await.expect(404);
    }

    async fn nobody_without_a_key_learns_of_persons_and_only_staff_write(server) {
        let (_, [(own, delegate), _]) = two_sides(&server).await;
        let anonymous = server.anonymous();
        anonymous.get("persons").await.expect(401);
        anonymous.get(&format!("persons/{own}")).await.expect(401);
        anonymous.post("persons", officer()).await.expect(401);
        delegate.post("persons", officer()).await.expect(403);
        delegate.header("If-Match", "\"1\"").delete(&format!("persons/{own}")).await.expect(403);
        server.role(domain::access::Role::Auditor).await.get(&format!("persons/{own}")).await.expect(200);
        server.role(domain::access::Role::Secretariat).await.post("persons", officer()).await.expect(201);
    }

    async fn a_person_is_found_by_any_name_without_diacritics(server) {
        let admin = server.admin().await;
        let made = admin.post("persons", officer()).await.expect(201);
        let renamed = json!({"display_name": "Jana Nováková", "family_name": "Nováková"});
        admin.if_match(&made).patch(&format!("persons/{}", made.id()), renamed).await.expect(200);
        for q in ["novakova", "DVORAKOVA%20jana", "police.example"] {
            assert_eq!(names(&admin.get(&format!("persons?q={q}")).await.expect(200).json), ["Jana Nováková"], "{q}");
        }
        assert_eq!(names(&admin.get("persons?q=%25").await.expect(200).json), [""; 0]);
    }

    async fn a_name_that_changes_joins_the_former_names(server) {
        let admin = server.admin().await;
        let made = admin.post("persons", officer()).await.expect(201);
        let path = format!("persons/{}", made.id());
        let renamed = admin.if_match(&made).patch(&path, json!({"display_name": "Jana Nováková"})).await.expect(200);
        assert_eq!(renamed.json["former_names"], json!([{"display_name": "Jana Dvořáková", "until": crate::support::NOW}]));
        let mended = admin.if_match(&renamed).patch(&path, json!({"display_name": "Jana Novákova", "former_names": []})).await.expect(200);
        assert_eq!(mended.json.get("former_names"), None);
        assert_eq!(admin.get(&path).await.expect(200).json, mended.json);
    }

    async fn every_fault_of_a_person_is_named_at_once(server) {
        let admin = server.admin().await;
        let bad = json!({"display_name": " ", "email": "nowhere", "position": {}});
        assert_eq!(admin.post("persons", bad).await.expect(422).codes(), ["blank", "required", "invalid_email"]);
        let lost = json!({"display_name": "A B", "organisation_id": "NOWHERE"});
        let answer = admin.post("persons", lost).await.expect(422);
        assert_eq!(answer.json["errors"][0]["pointer"], "/organisation_id");
        assert_eq!(admin.post("persons", json!({"display_name": "A B", "admin": true})).await.expect(400).codes(), ["does_not_fit"]);
    }

    async fn a_partner_synchronises_persons_by_its_own_id(server) {
        let admin = server.admin().await;
        let path = "persons/by-external/accreditation/17";
        let made = admin.put(path, officer()).await.expect(201);
        assert_eq!(made.json["external_ids"], json!([{"system": "accreditation", "id": "17"}]));
        let again = admin.put(path, json!({"display_name": "Jana Nováková"})).await.expect(200);
        assert_eq!((again.id(), &again.json["version"]), (made.id(), &json!(2)));
        assert_eq!(again.json["former_names"][0]["display_name"], "Jana Dvořáková");
        admin.if_match(&made).put(path, officer()).await.expect(412);
    }

    async fn pages_of_persons_follow_one_another_by_family_name(server) {
        let admin = server.admin().await;
        for family in ["Zima", "Ábel", "Cerny", "Čapek", "Bly"] {
            let body = json!({"display_name": format!("X {family}"), "family_name": family});
            admin.post("persons", body).await.expect(201);
        }
        let mut path = "persons?limit=2".to_owned();
        let mut seen = vec![];
        loop {
            let page = admin.get(&path).await.expect(200).json;
            seen.extend(names(&page).into_iter().map(str::to_owned));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("persons?limit=2&cursor={cursor}");
        }
        assert_eq!(seen, ["X Ábel", "X Bly", "X Čapek", "X Cerny", "X Zima"]);
    }
}
