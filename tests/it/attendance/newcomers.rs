//! People whom organisations name to their delegations by themselves, and correct there.

use domain::access::{Account, NewKey, Role, Scope};
use serde_json::json;

use super::*;
use crate::on_both;

const DELEGATES: &str = "events/seoul-2019/delegates";

/// Somebody nobody knows here, named to this delegation.
fn newcomer(delegation: &str, name: &str) -> Value {
    let person = json!({"display_name": name, "family_name": name, "email": format!("{name}@example.org")});
    json!({"delegation_id": delegation, "person": person, "function": "expert"})
}

/// The id of the person behind a delegate.
fn person_of(delegate: &Answer) -> String {
    delegate.json["person_id"].as_str().unwrap().to_owned()
}

/// Everybody the secretariat knows.
async fn everybody(seoul: &Seoul) -> Vec<Value> {
    let list = seoul.admin.get("persons?limit=200").await.expect(200);
    list.json["items"].as_array().unwrap().clone()
}

on_both! {
    async fn a_manager_names_somebody_new_who_then_comes_from_the_own_organisation(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        seoul.confirmed("CZ", "Novak").await;
        let manager = seoul.delegate(&server, "PL").await;
        let mut body = newcomer("PL", "Lis");
        body["person"]["languages"] = json!(["pl", "en"]);
        let named = manager.post(DELEGATES, body).await.expect(201);
        assert_eq!((&named.json["display_name"], &named.json["state"]), (&json!("Lis"), &json!("nominated")));
        assert!(named.json.get("person").is_none(), "{}", named.text);
        let path = format!("persons/{}", person_of(&named));
        let person = manager.get(&path).await.expect(200);
        assert_eq!(person.json["organisation_id"], json!(seoul.state("PL")));
        assert_eq!((&person.json["languages"], &person.json["email"]), (&json!(["pl", "en"]), &json!("Lis@example.org")));
        assert_eq!(seoul.admin.get(&path).await.expect(200).json["display_name"], "Lis");

        // To another organisation that comes, and to one that does not, there is nobody.
        for code in ["CZ", "KR"] {
            let other = seoul.delegate(&server, code).await;
            other.get(&path).await.expect(404);
            other.get(&format!("delegates/{}", named.id())).await.expect(404);
            assert_eq!(other.get("persons?q=Lis").await.expect(200).json["items"], json!([]));
            assert!(!other.get("changes?limit=200").await.expect(200).text.contains(&person_of(&named)), "{code}");
        }
        assert_eq!(manager.get("changes?limit=200").await.expect(200).text.matches("person.created").count(), 1);
    }

    async fn nobody_names_newcomers_to_what_is_not_theirs(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        seoul.confirmed("CZ", "Novak").await;
        let before = everybody(&seoul).await;
        seoul.delegate(&server, "PL").await.post(DELEGATES, newcomer("CZ", "Lis")).await.expect(403);
        let hidden = seoul.delegate(&server, "CZ").await.post(DELEGATES, newcomer("PL", "Lis")).await.expect(422);
        assert_eq!(hidden.codes(), ["unknown_delegation"]);
        seoul.delegate(&server, "KR").await.post(DELEGATES, newcomer("PL", "Lis")).await.expect(404);
        server.delegate_of(&seoul.state("PL")).await.post(DELEGATES, newcomer("PL", "Lis")).await.expect(403);
        server.anonymous().post(DELEGATES, newcomer("PL", "Lis")).await.expect(401);
        // A key that was made for delegations names whom it finds and adds nobody.
        let scopes = ["delegations:write", "persons:read"].map(|scope| Scope::parse(scope).unwrap()).to_vec();
        let organisation_id = Some(seoul.state("PL").as_str().into());
        let narrow = NewKey { role: Role::DelegationManager, organisation_id, scopes, ..NewKey::default() };
        let narrow = server.key(narrow).await;
        narrow.post(DELEGATES, newcomer("PL", "Lis")).await.expect(403);
        assert_eq!(everybody(&seoul).await, before);
        let known = seoul.person("PL", "Lis").await;
        narrow.post(DELEGATES, nomination("PL", &known, "expert")).await.expect(201);
        let stranger = seoul.person("CZ", "Dvořák").await;
        assert_eq!(narrow.post(DELEGATES, nomination("PL", &stranger, "expert")).await.expect(422).codes(), ["unknown_person"]);
    }

    async fn naming_somebody_new_tells_nothing_of_who_is_known_to_others(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let known = json!({"display_name": "Lis", "family_name": "Lis", "email": "lis@example.org", "organisation_id": "CZ"});
        let known = seoul.admin.post("persons", known).await.expect(201).id();
        let manager = seoul.delegate(&server, "PL").await;
        let told = manager.post(DELEGATES, newcomer("PL", "Lis")).await.expect(201);
        let plain = manager.post(DELEGATES, newcomer("PL", "Sowa")).await.expect(201);
        assert_ne!(person_of(&told), known);
        let members = |answer: &Answer| answer.json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(members(&told), members(&plain));
        // The same name with the same address among the own people is somebody who is known.
        let twice = manager.post(DELEGATES, newcomer("PL", "LIS")).await.expect(409);
        assert_eq!(twice.json["type"], "/problems/person-known");
        assert!(twice.text.contains(&person_of(&told)) && !twice.text.contains(&known), "{}", twice.text);
        // A mission has one address for everybody.
        let mut colleague = newcomer("PL", "Sęk");
        colleague["person"]["email"] = json!("lis@example.org");
        manager.post(DELEGATES, colleague).await.expect(201);
    }

    async fn a_delegate_is_named_in_one_way_and_what_is_refused_leaves_nobody_behind(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.invite("PL").await.id();
        let manager = seoul.delegate(&server, "PL").await;
        let known = seoul.person("PL", "Nowak").await;
        let before = everybody(&seoul).await;
        let mut both = newcomer("PL", "Lis");
        both["person_id"] = json!(known);
        assert_eq!(manager.post(DELEGATES, both).await.expect(422).codes(), ["person_twice"]);
        let neither = json!({"delegation_id": "PL", "function": "expert"});
        assert_eq!(manager.post(DELEGATES, neither).await.expect(422).codes(), ["person_missing"]);
        let mut faulty = newcomer("PL", "Lis");
        faulty["person"]["email"] = json!("nowhere");
        assert_eq!(manager.post(DELEGATES, faulty).await.expect(422).json["errors"][0]["pointer"], "/person/email");
        for member in ["organisation_id", "external_ids", "former_names"] {
            let mut reaching = newcomer("PL", "Lis");
            reaching["person"][member] = json!("CZ");
            manager.post(DELEGATES, reaching).await.expect(400);
        }
        let named = manager.post(DELEGATES, nomination("PL", &known, "expert")).await.expect(201);
        let other = json!({"person": {"display_name": "Lis"}});
        let path = format!("delegates/{}", named.id());
        assert_eq!(manager.if_match(&named).patch(&path, other).await.expect(422).codes(), ["cannot_change"]);
        step(&manager, &delegation, "declined").await.expect(200);
        manager.post(DELEGATES, newcomer("PL", "Lis")).await.expect(409);
        assert_eq!(everybody(&seoul).await, before);
    }

    async fn somebody_new_comes_instead_of_a_delegate(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let manager = seoul.delegate(&server, "PL").await;
        let gone = manager.post(DELEGATES, newcomer("PL", "Lis")).await.expect(201).id();
        manager.post(&format!("delegates/{gone}/transitions"), json!({"to": "submitted"})).await.expect(200);
        let path = format!("delegates/{gone}/substitution");
        let body = json!({"person": {"display_name": "Sowa"}});
        seoul.delegate(&server, "CZ").await.post(&path, body.clone()).await.expect(404);
        assert_eq!(manager.post(&path, json!({})).await.expect(422).codes(), ["person_missing"]);
        let made = manager.post(&path, body).await.expect(201);
        assert_eq!((&made.json["display_name"], &made.json["state"]), (&json!("Sowa"), &json!("submitted")));
        let person = manager.get(&format!("persons/{}", person_of(&made))).await.expect(200);
        assert_eq!(person.json["organisation_id"], json!(seoul.state("PL")));
    }

    async fn a_delegation_is_led_by_twenty_in_turn_and_no_more(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.confirmed("PL", "Nowak").await.id();
        let mut head = seoul.admin.get(DELEGATES).await.expect(200).json["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("delegations/{delegation}/heads");
        for number in 2..=21 {
            server.advance(jiff::SignedDuration::from_mins(1));
            let next = json!({"person": {"display_name": format!("Lis {number}")}, "moves": {"headship": true}});
            let answer = seoul.admin.post(&format!("delegates/{head}/substitution"), next).await;
            let terms = seoul.admin.get(&path).await.expect(200).json["terms"].as_array().unwrap().len();
            if number == 21 {
                assert_eq!((answer.expect(409).json["type"].as_str(), terms), (Some("/problems/too-many-terms"), 20));
                break;
            }
            assert_eq!(terms, number);
            head = answer.expect(201).id();
        }
    }

    async fn an_organisation_corrects_its_own_people_in_its_delegation_and_nobody_else(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.confirmed("PL", "Nowak").await.id();
        let manager = seoul.delegate(&server, "PL").await;
        let named = manager.post(DELEGATES, newcomer("PL", "Lsi")).await.expect(201);
        seoul.approve("PL").await;
        let any = manager.header("If-Match", "*");
        let path = format!("persons/{}", person_of(&named));
        let state = async || seoul.admin.get(&format!("delegates/{}", named.id())).await.expect(200).json["state"].clone();
        any.patch(&path, json!({"email": "lis@example.org", "honorific": "Dr"})).await.expect(200);
        assert_eq!(state().await, "approved");
        let mended = any.patch(&path, json!({"display_name": "Lis", "family_name": "Lis"})).await.expect(200);
        assert_eq!(mended.json["former_names"][0]["display_name"], "Lsi");
        assert_eq!(state().await, "under_review");
        any.patch(&path, json!({"protected": true})).await.expect(200);
        for not_theirs in [
            json!({"organisation_id": "CZ"}),
            json!({"organisation_id": null}),
            json!({"protected": false}),
            json!({"former_names": []}),
            json!({"external_ids": [{"system": "hr", "id": "1"}]}),
        ] {
            assert_eq!(any.patch(&path, not_theirs.clone()).await.expect(422).codes(), ["cannot_change"], "{not_theirs}");
        }
        any.delete(&path).await.expect(403);
        any.post("persons", json!({"display_name": "Sowa", "organisation_id": "PL"})).await.expect(403);

        // Of the own organisation but not in the delegation; in the delegation but of another organisation.
        let idle = seoul.person("PL", "Sowa").await;
        any.patch(&format!("persons/{idle}"), json!({"honorific": "Dr"})).await.expect(403);
        let lent = seoul.nominate("PL", "Sęk", "adviser").await;
        let elsewhere = json!({"organisation_id": "KR"});
        seoul.admin.header("If-Match", "*").patch(&format!("persons/{}", person_of(&lent)), elsewhere).await.expect(200);
        any.patch(&format!("persons/{}", person_of(&lent)), json!({"honorific": "Dr"})).await.expect(403);
        // Nobody of another delegation, who is not there for them, and nobody whose people these are not.
        let foreign = seoul.delegate(&server, "CZ").await.header("If-Match", "*");
        foreign.patch(&path, json!({"honorific": "Dr"})).await.expect(404);
        let delegate = server.delegate_of(&seoul.state("PL")).await.header("If-Match", "*");
        delegate.patch(&path, json!({"honorific": "Dr"})).await.expect(403);
        step(&seoul.admin, &delegation, "closed").await.expect(200);
        any.patch(&path, json!({"honorific": "Prof."})).await.expect(403);
    }

    async fn the_head_and_a_limited_manager_name_and_correct_within_their_event(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let head = person_of(&seoul.nominate("PL", "Nowak", "head").await);
        let account = Account::of(Role::Guest, "head@example.org".to_owned(), "Head");
        let ends_at = domain::moment::Moment::parse("2026-04-01");
        let head = server.signed_in(Account { person_id: Some(head.as_str().into()), ends_at, ..account }).await;
        let event_ids = vec!["seoul-2019".into()];
        let organisation_id = Some(seoul.state("PL").as_str().into());
        let limited = Account::of(Role::DelegationManager, "manager@example.org".to_owned(), "Manager");
        let limited = server.signed_in(Account { organisation_id, event_ids, ..limited }).await;
        for (client, name) in [(head, "Lis"), (limited, "Sowa")] {
            let named = client.post(DELEGATES, newcomer("PL", name)).await.expect(201);
            let path = format!("persons/{}", person_of(&named));
            client.header("If-Match", "*").patch(&path, json!({"honorific": "Dr"})).await.expect(200);
        }
    }

    async fn a_table_of_an_organisation_adds_people_and_gives_them_no_ids_of_partners(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let hidden = json!({"display_name": "Novak", "organisation_id": "CZ", "external_ids": [{"system": "hr", "id": "1"}]});
        seoul.admin.post("persons", hidden).await.expect(201);
        let manager = seoul.delegate(&server, "PL").await;
        let send = async |file: &str| {
            let path = "events/seoul-2019/imports?kind=delegates";
            manager.send_file(path, "text/csv", file.as_bytes()).await.expect(201)
        };
        let mut refused = vec![];
        for id in ["hr:1", "hr:2"] {
            let preview = send(&format!("organisation,function,name,external_id\nPL,expert,Lis,{id}\n")).await;
            assert_eq!(preview.json["ready"], json!(false));
            refused.push(preview.json["rows"][0]["remarks"].clone());
        }
        assert_eq!(refused[0], refused[1], "an id that is taken looks like one that is not");
        let preview = send("organisation,function,name,email\nPL,expert,Lis,lis@example.org\n").await;
        let commit = format!("imports/{}/commit", preview.json["id"].as_str().unwrap());
        manager.post(&commit, json!(null)).await.expect(200);
        let list = manager.get(DELEGATES).await.expect(200);
        assert_eq!(each(&list, "items", "display_name"), ["Lis"]);
        let person = manager.get(&format!("persons/{}", list.json["items"][0]["person_id"].as_str().unwrap())).await;
        assert_eq!(person.expect(200).json["organisation_id"], json!(seoul.state("PL")));
        // Neither do they learn by writing which ids there are.
        let any = manager.header("If-Match", "*");
        for id in ["1", "2"] {
            any.put(&format!("persons/by-external/hr/{id}"), json!({"display_name": "Lis"})).await.expect(403);
        }
    }
}
