//! Organisations through the API.

use serde_json::json;

use crate::on_both;

fn unodc() -> serde_json::Value {
    json!({"code": "UNODC", "kind": "igo", "names": {"en": {"list": "United Nations Office on Drugs and Crime"}}})
}

on_both! {
    async fn an_organisation_lives_and_leaves_a_tombstone(server) {
        let admin = server.admin().await;
        let made = admin.post("organisations", unodc()).await.expect(201);
        assert_eq!((made.header("etag"), made.header("location")), ("\"1\"", format!("/api/v1/organisations/{}", made.id()).as_str()));
        let read = server.anonymous().get("organisations/unodc").await.expect(200);
        assert_eq!(read.json, made.json);
        let changed = admin.if_match(&read).patch("organisations/UNODC", json!({"website": "https://example.org"})).await.expect(200);
        assert_eq!((changed.json["version"].as_i64(), &changed.json["code"]), (Some(2), &json!("UNODC")));
        admin.if_match(&changed).delete("organisations/UNODC").await.expect(204);
        admin.get(&format!("organisations/{}", made.id())).await.expect(410);
        admin.get("organisations/UNODC").await.expect(404);
        assert_eq!(admin.get("organisations").await.expect(200).json["items"], json!([]));
    }

    async fn a_write_on_an_older_version_changes_nothing(server) {
        let admin = server.admin().await;
        let first = admin.post("organisations", unodc()).await.expect(201);
        admin.patch("organisations/UNODC", json!({"website": "https://a.example"})).await.expect(428);
        admin.if_match(&first).patch("organisations/UNODC", json!({"website": "https://a.example"})).await.expect(200);
        let stale = admin.if_match(&first).patch("organisations/UNODC", json!({"website": "https://b.example"})).await.expect(412);
        assert_eq!(stale.json["current"]["website"], "https://a.example");
    }

    async fn the_link_to_the_next_page_keeps_the_filters(server) {
        let admin = server.admin().await;
        for (code, kind) in [("XA", "igo"), ("XB", "ngo"), ("XC", "igo"), ("XD", "ngo"), ("XE", "igo"), ("XF", "ngo")] {
            let organisation = json!({"code": code, "kind": kind, "names": {"en": {"list": format!("Żółw {code}")}}});
            admin.post("organisations", organisation).await.expect(201);
        }
        let (mut found, mut query) = (vec![], "?kind=igo&q=%C5%BC%C3%B3%C5%82w&limit=1".to_owned());
        loop {
            let page = server.anonymous().get(&format!("organisations{query}")).await.expect(200);
            found.extend(page.json["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()));
            let Some(link) = page.headers.get("link") else { break };
            query = link.to_str().unwrap().strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned();
        }
        assert_eq!(found, ["XA", "XC", "XE"]);
    }

    async fn every_fault_is_named_at_once(server) {
        let admin = server.admin().await;
        let bad = json!({"code": "XX", "kind": "state", "names": {"en": {"list": " "}}, "website": "ftp://x"});
        let answer = admin.post("organisations", bad).await.expect(422);
        assert_eq!(answer.codes(), ["blank", "invalid", "required"]);
        let unknown = json!({"code": "XX", "kind": "igo", "names": {"en": {"list": "X"}}, "is_admin": true});
        assert!(admin.post("organisations", unknown).await.expect(400).text.contains("is_admin"));
        admin.post("organisations", unodc()).await.expect(201);
        assert_eq!(admin.post("organisations", unodc()).await.expect(409).json["type"], "/problems/code-taken");
    }

    async fn only_the_secretariat_writes(server) {
        server.anonymous().post("organisations", unodc()).await.expect(401);
        server.with_key("wgk_live_nonsense").get("organisations").await.expect(401);
        server.role(domain::access::Role::Auditor).await.post("organisations", unodc()).await.expect(403);
        server.role(domain::access::Role::Secretariat).await.post("organisations", unodc()).await.expect(201);
    }

    async fn the_catalogue_is_loaded_once(server) {
        let ctx = api::context::Ctx::internal(&server.app, "console");
        assert_eq!(api::organisations::load_catalogue(&ctx).await.unwrap(), 227);
        assert_eq!(api::organisations::load_catalogue(&ctx).await.unwrap(), 0);
        let korea = server.anonymous().get("organisations/KR").await.expect(200);
        assert_eq!(korea.json["names"]["pl"]["genitive"], "Republiki Korei");
        let found = server.anonymous().get("organisations?q=cote%20d%27ivoire&kind=state").await.expect(200);
        assert_eq!(found.json["items"][0]["code"], "CI");
    }

    async fn a_partner_synchronises_by_its_own_id(server) {
        let admin = server.admin().await;
        let path = "organisations/by-external/accreditation/4711";
        let made = admin.put(path, unodc()).await.expect(201);
        assert_eq!(made.json["external_ids"], json!([{"system": "accreditation", "id": "4711"}]));
        let again = admin.put(path, unodc()).await.expect(200);
        assert_eq!((again.id(), again.json["version"].as_i64()), (made.id(), Some(2)));
    }

    async fn pages_follow_one_another_without_gap_or_repeat(server) {
        let admin = server.admin().await;
        for n in 0..5 {
            admin.post("organisations", json!({"code": format!("ORG-{n}"), "kind": "ngo", "names": {"pl": {"list": format!("Żółw {n}")}}})).await.expect(201);
        }
        let mut path = "organisations?limit=2&q=zolw".to_owned();
        let mut seen = vec![];
        loop {
            let page = admin.get(&path).await.expect(200);
            seen.extend(page.json["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()));
            let Some(cursor) = page.json["next_cursor"].as_str() else { break };
            path = format!("organisations?limit=2&q=zolw&cursor={cursor}");
        }
        assert_eq!(seen, ["ORG-0", "ORG-1", "ORG-2", "ORG-3", "ORG-4"]);
        assert_eq!(admin.get("organisations?q=100%25").await.expect(200).json["items"], json!([]));
        admin.get("organisations?limit=201").await.expect(400);
        admin.get("organisations?cursor=x").await.expect(422);
        admin.get("organisations?cursor=%20").await.expect(400);
    }
}
