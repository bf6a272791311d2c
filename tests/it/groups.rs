//! Groups through the API: the tree, the life of a group, and who sees it.

use domain::access::{NewKey, Role};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Server},
};

fn group(code: &str, visibility: &str) -> Value {
    json!({"code": code, "kind": "working_group", "name": {"en": format!("Group {code}"), "pl": format!("Grupa {code}")}, "visibility": visibility})
}

fn with(mut body: Value, member: &str, value: Value) -> Value {
    body[member] = value;
    body
}

fn codes(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect()
}

/// An organisation with the key of a delegate.
async fn organisation(server: &Server, code: &str) -> Client {
    let body = json!({"code": code, "kind": "agency", "names": {"en": {"list": code}}});
    let made = server.admin().await.post("organisations", body).await.expect(201);
    server.delegate_of(&made.id()).await
}

on_both! {
    async fn a_group_lives_and_leaves_a_tombstone(server) {
        let admin = server.admin().await;
        let full = json!({
            "code": "warsaw-cyber", "kind": "working_group", "name": {"en": "Working Group on Cybersecurity"},
            "mandate": {"en": "Capacity building and policy."}, "visibility": "public", "languages": ["en", "pl"], "founded_on": "2019-02-14",
        });
        let made = admin.post("groups", full).await.expect(201);
        assert_eq!((&made.json["state"], &made.json["founded_on"]), (&json!("proposed"), &json!("2019-02-14")));
        assert_eq!(server.anonymous().get("groups/WARSAW-cyber").await.expect(200).json, made.json);
        admin.patch("groups/warsaw-cyber", json!({"mandate": null})).await.expect(428);
        let changed = admin.if_match(&made).patch("groups/warsaw-cyber", json!({"mandate": null, "founded_on": null})).await.expect(200);
        assert_eq!((changed.json.get("mandate"), changed.json.get("founded_on"), &changed.json["version"]), (None, None, &json!(2)));
        admin.if_match(&made).patch("groups/warsaw-cyber", json!({"kind": "committee"})).await.expect(412);
        admin.if_match(&changed).delete("groups/warsaw-cyber").await.expect(204);
        admin.get("groups/warsaw-cyber").await.expect(404);
        admin.get(&format!("groups/{}", made.id())).await.expect(410);
        assert_eq!(codes(&admin.get("groups").await.expect(200).json), [""; 0]);
        let tombstone = &server.anonymous().get("changes?type=group.deleted").await.expect(200).json["items"][0];
        assert_eq!((&tombstone["object_id"], &tombstone["deleted"]), (&json!(made.id()), &json!(true)));
    }

    async fn a_group_is_activated_rests_and_is_concluded_for_good(server) {
        let admin = server.admin().await;
        admin.post("groups", group("cyber", "public")).await.expect(201);
        let to = |state: &str| json!({"to": state});
        let refused = admin.post("groups/cyber/transitions", to("concluded")).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/only-proposed");
        for state in ["active", "dormant", "active", "concluded"] {
            assert_eq!(admin.post("groups/cyber/transitions", to(state)).await.expect(200).json["state"], state);
        }
        let refused = admin.post("groups/cyber/transitions", to("active")).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/group-concluded");
        server.anonymous().post("groups/cyber/transitions", to("active")).await.expect(401);
        admin.post("groups/cyber/transitions", to("asleep")).await.expect(400);
        let current = admin.get("groups/cyber").await.expect(200);
        admin.if_match(&current).patch("groups/cyber", json!({"state": "active"})).await.expect(422);
    }

    async fn a_group_is_never_part_of_its_own_parts(server) {
        let admin = server.admin().await;
        let top = admin.post("groups", group("top", "public")).await.expect(201);
        admin.post("groups", with(group("middle", "public"), "parent_id", json!("top"))).await.expect(201);
        let bottom = admin.post("groups", with(group("bottom", "public"), "parent_id", json!("MIDDLE"))).await.expect(201);
        for parent in ["top", "middle", "bottom"] {
            let refused = admin.if_match(&top).patch("groups/top", json!({"parent_id": parent})).await.expect(409);
            assert_eq!(refused.json["type"], "/problems/own-part");
        }
        admin.if_match(&bottom).patch("groups/bottom", json!({"parent_id": "top"})).await.expect(200);
        let unknown = admin.if_match(&top).patch("groups/top", json!({"parent_id": "nowhere"})).await.expect(422);
        assert_eq!((unknown.codes(), &unknown.json["errors"][0]["pointer"]), (vec!["unknown_group"], &json!("/parent_id")));
    }

    async fn two_moves_at_once_close_no_circle(server) {
        let admin = server.admin().await;
        for round in 0..8 {
            let (left, right) = (format!("left-{round}"), format!("right-{round}"));
            let a = admin.if_match(&admin.post("groups", group(&left, "public")).await.expect(201));
            let b = admin.if_match(&admin.post("groups", group(&right, "public")).await.expect(201));
            let (left, right) = (format!("groups/{left}"), format!("groups/{right}"));
            let under = |path: &str| json!({"parent_id": path.trim_start_matches("groups/")});
            let (first, second) = tokio::join!(a.patch(&left, under(&right)), b.patch(&right, under(&left)));
            let mut answers = [first.status.as_u16(), second.status.as_u16()];
            answers.sort_unstable();
            assert_eq!(answers, [200, 409]);
        }
    }

    async fn who_may_not_see_a_group_cannot_tell_it_from_none(server) {
        let admin = server.admin().await;
        let (member, outsider) = (organisation(&server, "NORTH").await, organisation(&server, "SOUTH").await);
        for (code, visibility) in [("open", "public"), ("inner", "participants"), ("closed", "secretariat")] {
            admin.post("groups", group(code, visibility)).await.expect(201);
            let membership = json!({"organisation_id": "NORTH", "category": "member", "valid_from": "2020-01-01"});
            admin.post(&format!("groups/{code}/memberships"), membership).await.expect(201);
        }
        let seen = async |client: &Client| codes(&client.get("groups?q=grupa").await.expect(200).json).join(" ");
        assert_eq!(seen(&admin).await, "closed inner open");
        assert_eq!(seen(&member).await, "inner open");
        assert_eq!(seen(&outsider).await, "open");
        assert_eq!(seen(&server.anonymous()).await, "open");
        let absent = outsider.get("groups/nothing").await.expect(404).problem();
        let inner = admin.get("groups/inner/memberships").await.expect(200).json["items"][0]["id"].as_str().unwrap().to_owned();
        for path in ["groups/inner", "groups/inner/memberships", "groups/inner/roles?all=true", &format!("memberships/{inner}")] {
            assert_eq!(outsider.get(path).await.expect(404).problem(), absent, "{path}");
        }
        member.get(&format!("memberships/{inner}")).await.expect(200);
        for path in ["groups/inner", "groups/nothing"] {
            server.anonymous().delete(path).await.expect(401);
            outsider.delete(path).await.expect(403);
        }
        let known = async |client: &Client| client.get("changes?type=membership").await.expect(200).json["items"].as_array().unwrap().len();
        assert_eq!((known(&admin).await, known(&member).await, known(&outsider).await), (3, 2, 1));
    }

    async fn a_parent_that_may_not_be_seen_is_not_named_and_not_lost(server) {
        let admin = server.admin().await;
        admin.post("groups", group("hidden", "secretariat")).await.expect(201);
        let part = admin.post("groups", with(group("part", "public"), "parent_id", json!("hidden"))).await.expect(201);
        assert_eq!(server.anonymous().get("groups/part").await.expect(200).json.get("parent_id"), None);
        assert_eq!(codes(&server.anonymous().get("groups?parent=hidden").await.expect(200).json), [""; 0]);
        assert_eq!(codes(&admin.get("groups?parent=hidden").await.expect(200).json), ["part"]);
        let group_ids = vec![part.id().into()];
        let limited = server.key(NewKey { role: Role::Secretariat, group_ids, ..NewKey::default() }).await;
        let changed = limited.if_match(&part).patch("groups/part", json!({"languages": ["ko"]})).await.expect(200);
        assert_eq!(changed.json.get("parent_id"), None);
        assert_eq!(admin.get("groups/part").await.expect(200).json["parent_id"], part.json["parent_id"]);
    }

    async fn a_key_limited_to_a_group_writes_that_group_and_no_other(server) {
        let admin = server.admin().await;
        organisation(&server, "NORTH").await;
        let own = admin.post("groups", group("own", "secretariat")).await.expect(201);
        admin.post("groups", group("other", "public")).await.expect(201);
        admin.put("groups/by-external/partner/1", group("secret", "secretariat")).await.expect(201);
        let group_ids = vec![own.id().into()];
        let limited = server.key(NewKey { role: Role::Secretariat, group_ids, ..NewKey::default() }).await;
        let membership = json!({"organisation_id": "NORTH", "category": "host", "valid_from": "2020-01-01"});
        limited.post("groups/own/memberships", membership.clone()).await.expect(201);
        limited.post("groups/own/transitions", json!({"to": "active"})).await.expect(200);
        limited.post("groups/other/memberships", membership.clone()).await.expect(403);
        limited.post("groups/secret/memberships", membership).await.expect(404);
        limited.post("groups", group("new", "public")).await.expect(403);
        let (taken, free) = ("groups/by-external/partner/1", "groups/by-external/partner/2");
        assert_eq!(limited.put(taken, group("x1", "public")).await.expect(403).problem(), limited.put(free, group("x1", "public")).await.expect(403).problem());
    }

    async fn a_partner_synchronises_groups_by_its_own_id(server) {
        let admin = server.admin().await;
        let path = "groups/by-external/partner/wg-7";
        let made = admin.put(path, group("cyber", "public")).await.expect(201);
        admin.post("groups/cyber/transitions", json!({"to": "active"})).await.expect(200);
        let again = admin.put(path, group("cyber-2", "public")).await.expect(200);
        assert_eq!((again.id(), &again.json["code"], &again.json["state"]), (made.id(), &json!("cyber-2"), &json!("active")));
        assert_eq!(again.json["external_ids"], json!([{"system": "partner", "id": "wg-7"}]));
    }

    async fn groups_are_found_by_name_kind_parent_and_state_page_by_page(server) {
        let admin = server.admin().await;
        admin.post("groups", with(group("safety", "public"), "name", json!({"pl": "Bezpieczeństwo dzieci"}))).await.expect(201);
        for part in ["legal", "education", "technical", "media"] {
            let body = with(with(group(part, "public"), "kind", json!("subgroup")), "parent_id", json!("safety"));
            admin.post("groups", body).await.expect(201);
        }
        admin.post("groups/legal/transitions", json!({"to": "active"})).await.expect(200);
        let list = async |query: &str| codes(&admin.get(&format!("groups{query}")).await.expect(200).json).join(" ");
        assert_eq!(list("?q=bezpieczenstwo").await, "safety");
        assert_eq!(list("?kind=subgroup&state=proposed").await, "education media technical");
        assert_eq!(list("?parent=safety&state=active").await, "legal");
        assert_eq!(list("?parent=nowhere").await, "");
        admin.get("groups?kind=club").await.expect(400);
        let first = admin.get("groups?limit=3").await.expect(200).json;
        assert_eq!(codes(&first), ["education", "legal", "media"]);
        let second = admin.get(&format!("groups?limit=3&cursor={}", first["next_cursor"].as_str().unwrap())).await.expect(200).json;
        assert_eq!((codes(&second), second.get("next_cursor")), (vec!["safety", "technical"], None));
        let polish = admin.get("groups/safety?lang=pl").await.expect(200);
        assert_eq!((&polish.json["name"], polish.header("content-language")), (&json!("Bezpieczeństwo dzieci"), "pl"));
    }

    async fn every_fault_of_a_group_is_named_at_once(server) {
        let admin = server.admin().await;
        let bad = json!({"code": "cyber", "kind": "working_group", "name": {"en": " "}, "mandate": {}, "external_ids": [{"system": "", "id": "1"}]});
        assert_eq!(admin.post("groups", bad).await.expect(422).codes(), ["blank", "required", "blank"]);
        admin.post("groups", group("cyber", "public")).await.expect(201);
        assert_eq!(admin.post("groups", group("CYBER", "public")).await.expect(409).json["type"], "/problems/code-taken");
    }
}
