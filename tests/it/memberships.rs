//! Memberships and roles through the API: what holds at an instant, and who learns who holds it.

use api::{context::Ctx, groups::members_as_of};
use domain::{groups::Category, identifier::GroupId};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server},
};

/// A server's administrator, with a public group `cyber` and the organisations PL, KR and US.
async fn cyber(server: &Server) -> Client {
    let admin = server.admin().await;
    for code in ["PL", "KR", "US"] {
        let body = json!({"code": code, "kind": "agency", "names": {"en": {"list": code}}});
        admin.post("organisations", body).await.expect(201);
    }
    let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "public"});
    admin.post("groups", group).await.expect(201);
    admin
}

async fn join(admin: &Client, organisation: &str, category: &str, from: &str, to: Option<&str>) -> Answer {
    let mut body = json!({"organisation_id": organisation, "category": category, "valid_from": from});
    if let Some(to) = to {
        body["valid_to"] = json!(to);
    }
    admin.post("groups/cyber/memberships", body).await
}

fn members(list: &Value) -> String {
    let line = |item: &Value| {
        format!("{} {}", item["organisation_code"].as_str().unwrap(), item["category"].as_str().unwrap())
    };
    list["items"].as_array().unwrap().iter().map(line).collect::<Vec<_>>().join(", ")
}

fn holders(list: &Value) -> String {
    let line = |item: &Value| {
        format!("{} {}", item["function"].as_str().unwrap(), item["person_name"].as_str().unwrap_or("?"))
    };
    list["items"].as_array().unwrap().iter().map(line).collect::<Vec<_>>().join(", ")
}

on_both! {
    async fn a_past_instant_shows_the_members_of_then(server) {
        let admin = cyber(&server).await;
        join(&admin, "PL", "member", "2019-02-14", Some("2019-10-07T09:00:00+09:00")).await.expect(201);
        join(&admin, "PL", "co_chair", "2019-10-07T00:00:00Z", None).await.expect(201);
        join(&admin, "KR", "co_chair", "2019-06-01", Some("2025-01-01")).await.expect(201);
        join(&admin, "US", "observer", "2030-01-01", None).await.expect(201);
        let at = async |query: &str| members(&server.anonymous().get(&format!("groups/cyber/memberships{query}")).await.expect(200).json);
        assert_eq!(at("?as_of=2019-02-13").await, "");
        assert_eq!(at("?as_of=2019-10-06T23:59:59Z").await, "KR co_chair, PL member");
        assert_eq!(at("?as_of=2019-10-07").await, "KR co_chair, PL co_chair");
        assert_eq!(at("?as_of=2019-10-07T09:00:00%2B09:00").await, "KR co_chair, PL co_chair");
        assert_eq!(at("").await, "PL co_chair");
        assert_eq!(at("?all=true").await, "KR co_chair, PL member, PL co_chair, US observer");
        server.anonymous().get("groups/cyber/memberships?as_of=yesterday").await.expect(400);
        let group = GroupId(admin.get("groups/cyber").await.id().parse().unwrap());
        let then = "2019-10-07T00:00:00Z".parse().unwrap();
        let ctx = Ctx::internal(&server.app, "console");
        assert_eq!(members_as_of(&ctx, group, then, Some(Category::CoChair)).await.unwrap().len(), 2);
        assert_eq!(members_as_of(&ctx, group, then, Some(Category::Observer)).await.unwrap().len(), 0);
    }

    async fn an_organisation_belongs_to_a_group_once_at_a_time(server) {
        let admin = cyber(&server).await;
        let first = join(&admin, "PL", "member", "2019-01-01", Some("2020-01-01")).await.expect(201);
        for (from, to) in [("2019-06-01", None), ("2018-01-01", None), ("2018-01-01", Some("2019-01-02")), ("2019-12-31", Some("2021-01-01"))] {
            let refused = join(&admin, "PL", "observer", from, to).await.expect(409);
            assert_eq!(refused.json["type"], "/problems/overlapping-membership", "{from} {to:?}");
        }
        join(&admin, "PL", "observer", "2018-01-01", Some("2019-01-01")).await.expect(201);
        let next = join(&admin, "PL", "co_chair", "2020-01-01", None).await.expect(201);
        join(&admin, "KR", "member", "2019-01-01", None).await.expect(201);
        let path = format!("memberships/{}", first.id());
        admin.if_match(&first).patch(&path, json!({"valid_to": null})).await.expect(409);
        admin.if_match(&first).patch(&path, json!({"valid_to": "2020-06-01"})).await.expect(409);
        admin.if_match(&next).delete(&format!("memberships/{}", next.id())).await.expect(204);
        let open = admin.if_match(&first).patch(&path, json!({"valid_to": null, "basis": "Decision 4"})).await.expect(200);
        assert_eq!((open.json.get("valid_to"), &open.json["basis"], &open.json["valid_from"]), (None, &json!("Decision 4"), &json!("2019-01-01T00:00:00Z")));
        assert_eq!(admin.get(&path).await.expect(200).json, open.json);
    }

    async fn of_two_overlapping_memberships_at_once_one_is_refused(server) {
        let admin = cyber(&server).await;
        for year in 2000..2010 {
            let (from, to) = (format!("{year}-01-01"), format!("{year}-12-31"));
            let (first, second, third) = tokio::join!(
                join(&admin, "PL", "member", &from, Some(&to)),
                join(&admin, "PL", "observer", &from, Some(&to)),
                join(&admin, "PL", "partner", &from, Some(&to)),
            );
            let mut answers = [&first, &second, &third].map(|answer| answer.status.as_u16());
            answers.sort_unstable();
            assert_eq!(answers, [201, 409, 409]);
        }
        assert_eq!(admin.get("groups/cyber/memberships?all=true").await.json["items"].as_array().unwrap().len(), 10);
    }

    async fn every_fault_of_a_membership_is_named_at_once(server) {
        let admin = cyber(&server).await;
        let bad = json!({"organisation_id": "PL", "category": "member", "valid_from": "2019-02-14", "valid_to": "2019-02-14", "basis": " "});
        assert_eq!(admin.post("groups/cyber/memberships", bad).await.expect(422).codes(), ["not_after_start", "blank"]);
        let local = json!({"organisation_id": "PL", "category": "member", "valid_from": "2019-02-14T09:00:00"});
        assert_eq!(admin.post("groups/cyber/memberships", local).await.expect(400).json["errors"][0]["pointer"], "/valid_from");
        assert_eq!(join(&admin, "ATLANTIS", "member", "2019-02-14", None).await.expect(422).codes(), ["unknown_organisation"]);
        admin.post("groups/nothing/memberships", json!({"organisation_id": "PL", "category": "member", "valid_from": "2019-02-14"})).await.expect(404);
        admin.post("groups/cyber/memberships", json!({"category": "member", "valid_from": "2019-02-14"})).await.expect(400);
    }

    async fn a_membership_taken_back_leaves_a_tombstone(server) {
        let admin = cyber(&server).await;
        let made = join(&admin, "PL", "member", "2019-01-01", None).await.expect(201);
        let path = format!("memberships/{}", made.id());
        assert_eq!(made.header("location"), format!("/api/v1/{path}"));
        server.anonymous().delete(&path).await.expect(401);
        server.role(domain::access::Role::Auditor).await.delete(&path).await.expect(403);
        admin.delete(&path).await.expect(428);
        admin.if_match(&made).delete(&path).await.expect(204);
        admin.get(&path).await.expect(410);
        assert_eq!(admin.get("groups/cyber/memberships?all=true").await.expect(200).json["items"], json!([]));
        assert_eq!(server.anonymous().get("changes?type=membership.deleted").await.expect(200).json["items"][0]["object_id"], made.id());
    }

    async fn members_come_page_by_page(server) {
        let admin = cyber(&server).await;
        for code in ["PL", "KR", "US"] {
            join(&admin, code, "member", "2019-01-01", None).await.expect(201);
        }
        let first = admin.get("groups/cyber/memberships?limit=2").await.expect(200).json;
        let path = format!("groups/cyber/memberships?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
        let second = admin.get(&path).await.expect(200).json;
        assert_eq!((members(&first), members(&second)), ("KR member, PL member".to_owned(), "US member".to_owned()));
        assert_eq!(second.get("next_cursor"), None);
    }

    async fn a_past_instant_shows_roles_and_names_as_they_were(server) {
        let admin = cyber(&server).await;
        let first = admin.post("persons", json!({"display_name": "Anna Kowalska", "organisation_id": "PL"})).await.expect(201);
        let second = admin.post("persons", json!({"display_name": "Kim Minji", "organisation_id": "KR"})).await.expect(201);
        let role = |person: &Answer, function: &str, from: &str, to: Value| json!({"person_id": person.id(), "organisation_id": person.json["organisation_id"], "function": function, "valid_from": from, "valid_to": to});
        let ended = admin.post("groups/cyber/roles", role(&first, "chair", "2019-01-01", json!("2021-01-01"))).await.expect(201);
        admin.post("groups/cyber/roles", role(&first, "expert", "2021-01-01", Value::Null)).await.expect(201);
        admin.post("groups/cyber/roles", role(&second, "chair", "2021-01-01", Value::Null)).await.expect(201);
        let former = json!({"display_name": "Anna Nowak", "former_names": [{"display_name": "Anna Kowalska", "until": "2022-07-01"}]});
        admin.if_match(&first).patch(&format!("persons/{}", first.id()), former).await.expect(200);
        let at = async |query: &str| holders(&admin.get(&format!("groups/cyber/roles{query}")).await.expect(200).json);
        assert_eq!(at("?as_of=2020-06-01").await, "chair Anna Kowalska");
        assert_eq!(at("?as_of=2022-06-30").await, "chair Kim Minji, expert Anna Kowalska");
        assert_eq!(at("?as_of=2022-07-01").await, "chair Kim Minji, expert Anna Nowak");
        assert_eq!(at("").await, "chair Kim Minji, expert Anna Nowak");
        assert_eq!(at("?all=true").await, "chair Anna Kowalska, chair Kim Minji, expert Anna Nowak");
        assert_eq!(admin.get(&format!("roles/{}", ended.id())).await.expect(200).json["person_name"], "Anna Kowalska");
    }

    async fn who_may_not_see_a_person_learns_only_the_function(server) {
        let admin = cyber(&server).await;
        let (own, other) = (admin.get("organisations/PL").await.id(), admin.get("organisations/KR").await.id());
        let person = admin.post("persons", json!({"display_name": "Anna Kowalska", "organisation_id": "PL"})).await.expect(201);
        let body = json!({"person_id": person.id(), "organisation_id": "PL", "function": "point_of_contact", "acting": true, "valid_from": "2019-01-01"});
        let role = admin.post("groups/cyber/roles", body).await.expect(201);
        assert_eq!((&role.json["person_name"], &role.json["person_id"]), (&json!("Anna Kowalska"), &json!(person.id())));
        let path = format!("roles/{}", role.id());
        assert_eq!(server.delegate_of(&own).await.get(&path).await.expect(200).json, role.json);
        for stranger in [server.delegate_of(&other).await, server.anonymous()] {
            for answer in [stranger.get(&path).await.expect(200), stranger.get("groups/cyber/roles?all=true").await.expect(200)] {
                assert!(answer.text.contains("point_of_contact") && answer.text.contains("\"PL\""), "{}", answer.text);
                assert!(!answer.text.contains("Kowalska") && !answer.text.contains(&person.id()), "{}", answer.text);
            }
        }
    }

    async fn a_role_lives_and_leaves_a_tombstone(server) {
        let admin = cyber(&server).await;
        let person = admin.post("persons", json!({"display_name": "Anna Kowalska"})).await.expect(201);
        let body = json!({"person_id": person.id(), "function": "rapporteur", "valid_from": "2019-01-01", "valid_to": "2020-01-01"});
        let made = admin.post("groups/cyber/roles", body).await.expect(201);
        let path = format!("roles/{}", made.id());
        let open = admin.if_match(&made).patch(&path, json!({"valid_to": null, "organisation_id": "pl"})).await.expect(200);
        assert_eq!((open.json.get("valid_to"), &open.json["organisation_code"]), (None, &json!("PL")));
        let stale = admin.if_match(&made).patch(&path, json!({"acting": true})).await.expect(412);
        assert_eq!(stale.json["current"], open.json);
        assert_eq!(admin.if_match(&open).patch(&path, json!({"person_id": uuid::Uuid::max()})).await.expect(422).codes(), ["unknown_person"]);
        let whole = json!({"person_id": person.id(), "function": "chair", "valid_from": "2019-01-01"});
        let replaced = admin.if_match(&open).put(&path, whole).await.expect(200);
        assert_eq!((replaced.json.get("organisation_id"), &replaced.json["function"]), (None, &json!("chair")));
        server.anonymous().delete(&path).await.expect(401);
        admin.if_match(&replaced).delete(&path).await.expect(204);
        admin.get(&path).await.expect(410);
        assert_eq!(admin.get("groups/cyber/roles?all=true").await.expect(200).json["items"], json!([]));
    }
}
