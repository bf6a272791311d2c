//! Persons through the API.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server, setting},
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

    async fn a_search_by_a_delegate_needs_three_letters_gives_twenty_people_and_is_noted(server) {
        let (admin, [(_, delegate), _]) = two_sides(&server).await;
        for number in 0..25 {
            let person = json!({"display_name": format!("Kowalska {number:02}"), "organisation_id": "NORTH"});
            admin.post("persons", person).await.expect(201);
        }
        for short in ["ko", "k%20o", "%25%25%25", "."] {
            let refused = delegate.get(&format!("persons?q={short}")).await.expect(422);
            assert_eq!(refused.codes(), ["too_short"], "{short}");
        }
        let found = delegate.get("persons?q=kow&limit=200").await.expect(200);
        assert_eq!((names(&found.json).len(), found.json.get("next_cursor"), found.header("link")), (20, None, ""));
        assert_eq!(names(&delegate.get("persons?q=kow&limit=2").await.expect(200).json), ["Kowalska 00", "Kowalska 01"]);
        // Staff page through everybody, and its own people a delegate pages through, too.
        assert_eq!(names(&admin.get("persons?q=ko&limit=200").await.expect(200).json).len(), 25);
        let first = delegate.get("persons?limit=20").await.expect(200);
        let rest = delegate.get(&format!("persons?limit=20&cursor={}", first.json["next_cursor"].as_str().unwrap())).await.expect(200);
        assert_eq!(names(&first.json).len() + names(&rest.json).len(), 26);

        let log = admin.get("audit-entries?limit=200").await.expect(200);
        let noted: Vec<_> = log.json["items"].as_array().unwrap().iter().filter(|it| it["action"] == "person.searched").collect();
        assert_eq!(noted.len(), 2, "what was refused found nobody, and staff is not noted");
        assert_eq!(noted[0]["diff"]["found"]["new"], 20);
        assert!(noted[0]["actor_id"].is_string() && !noted[0].to_string().contains("kow"), "{}", noted[0]);
    }

    async fn searches_are_counted_for_each_caller_on_all_instances_together(server) {
        let (_, [(_, delegate), (_, other)]) = two_sides(&server).await;
        let mut accepted = 0;
        for _ in 0..70 {
            let answer = delegate.get("persons?q=officer").await;
            if answer.status == 200 {
                accepted += 1;
                continue;
            }
            let refused = answer.expect(429);
            assert_eq!(refused.header("retry-after"), "600");
            assert_eq!((refused.header("ratelimit-policy"), refused.header("ratelimit")), ("\"attempts\";q=60;w=600", "\"attempts\";r=0;t=600"));
        }
        assert_eq!(accepted, 60);
        other.get("persons?q=officer").await.expect(200);
        server.advance(jiff::SignedDuration::from_mins(10));
        delegate.get("persons?q=officer").await.expect(200);
    }

    async fn whoever_tries_many_ids_finds_its_own_people_and_is_stopped(server) {
        let (admin, [(own, delegate), (other, _)]) = two_sides(&server).await;
        let mut ids = vec![own.clone(), other];
        for number in 0..200 {
            let code = if number % 10 == 0 { "NORTH" } else { "SOUTH" };
            let person = json!({"display_name": format!("Person {number}"), "organisation_id": code});
            ids.push(admin.post("persons", person).await.expect(201).id());
        }
        let mut random = uuid::Uuid::max().as_u128();
        let many = setting("IDS").map_or(1_000, |many| many.parse().unwrap());
        while ids.len() < many {
            // Somebody who guesses stays near ids that there are.
            random = random.wrapping_mul(0x2545_F491_4F6C_DD1D).wrapping_add(0x9E37_79B9);
            let near: uuid::Uuid = ids[ids.len() % 202].parse().unwrap();
            ids.push(uuid::Uuid::from_u128(near.as_u128() ^ (random >> 80)).to_string());
        }
        let (mut seen, mut stopped) = (std::collections::BTreeSet::new(), 0);
        for id in &ids {
            let answer = delegate.get(&format!("persons/{id}")).await;
            match answer.status.as_u16() {
                200 => drop(seen.insert(answer.json["organisation_id"].to_string() + id)),
                404 => {}
                _ => {
                    let refused = answer.expect(429);
                    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
                    stopped += 1;
                }
            }
        }
        assert_eq!(seen.len(), 21, "the people of its own organisation");
        let north = admin.get("organisations/NORTH").await.expect(200).json["id"].to_string();
        assert!(seen.iter().all(|it| it.starts_with(&north)));
        assert_eq!(stopped, many - 21 - 100, "after a hundred misses");
    }

    async fn who_leads_a_group_is_known_by_name_to_its_members_and_without_an_address(server) {
        let (admin, [(_, north), (lead, south)]) = two_sides(&server).await;
        let stranger = server.delegate_of(&organisation(&admin, "WEST").await).await;
        admin.header("If-Match", "*").patch(&format!("persons/{lead}"), json!({"email": "lead@south.example", "display_name": "Lena Head"})).await.expect(200);
        admin.post("groups", json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "members"})).await.expect(201);
        for code in ["NORTH", "SOUTH"] {
            let member = json!({"organisation_id": code, "category": "member", "valid_from": "2019-01-01"});
            admin.post("groups/cyber/memberships", member).await.expect(201);
        }
        let path = format!("persons/{lead}");
        north.get(&path).await.expect(404);
        let contact = json!({"person_id": lead, "organisation_id": "SOUTH", "function": "point_of_contact", "valid_from": "2019-01-01"});
        admin.post("groups/cyber/roles", contact).await.expect(201);
        north.get(&path).await.expect(404);
        let chair = json!({"person_id": lead, "organisation_id": "SOUTH", "function": "chair", "valid_from": "2019-01-01"});
        let role = admin.post("groups/cyber/roles", chair).await.expect(201);

        let shown = north.get(&path).await.expect(200);
        assert_eq!((&shown.json["display_name"], shown.json.get("email"), shown.json.get("former_names")), (&json!("Lena Head"), None, None));
        assert_eq!(names(&north.get("persons?q=lena").await.expect(200).json), ["Lena Head"]);
        // Neither the address nor a former name finds whom it is not shown of.
        for hidden in ["south.example", "officer%20of%20south"] {
            assert_eq!(names(&north.get(&format!("persons?q={hidden}")).await.expect(200).json), [""; 0], "{hidden}");
        }
        assert_eq!(names(&north.get("persons").await.expect(200).json), ["Officer of NORTH"]);
        north.get(&format!("{path}/history")).await.expect(404);
        stranger.get(&path).await.expect(404);
        assert_eq!(south.get(&path).await.expect(200).json["email"], "lead@south.example");

        admin.header("If-Match", "*").patch(&path, json!({"protected": true})).await.expect(200);
        north.get(&path).await.expect(404);
        admin.header("If-Match", "*").patch(&path, json!({"protected": false})).await.expect(200);
        north.get(&path).await.expect(200);
        admin.header("If-Match", "*").patch(&format!("roles/{}", role.id()), json!({"valid_to": "2026-01-01"})).await.expect(200);
        north.get(&path).await.expect(404);
    }
}
