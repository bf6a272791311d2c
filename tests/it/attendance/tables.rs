//! What tables say of delegates and delegations beside their names: places, what people may do, what they need.

use domain::{
    access::{Account, Role},
    moment::Moment,
};
use serde_json::json;

use super::*;
use crate::{on_both, support::Backend};

const PRIVATE: [&str; 6] = ["name_on_id", "diet", "access_needs", "arrives_on", "departs_on", "late_reason"];

async fn preview(client: &Client, kind: &str, table: &str) -> Answer {
    let path = format!("events/seoul-2019/imports?kind={kind}");
    client.send_file(&path, "text/csv", table.as_bytes()).await.expect(201)
}

async fn import(client: &Client, kind: &str, table: &str) {
    let previewed = preview(client, kind, table).await;
    assert_eq!(previewed.json["ready"], json!(true), "{}", previewed.text);
    let id = previewed.json["id"].as_str().unwrap();
    client.post(&format!("imports/{id}/commit"), json!(null)).await.expect(200);
}

/// The remarks on the only row of a preview, each as `code cell`.
fn remarks(preview: &Answer) -> Vec<String> {
    let all = preview.json["rows"][0]["remarks"].as_array().unwrap().iter();
    all.map(|one| format!("{} {}", one["code"].as_str().unwrap(), one["cell"].as_str().unwrap())).collect()
}

async fn to(client: &Client, delegate: &str, state: &str) {
    client.post(&format!("delegates/{delegate}/transitions"), json!({"to": state})).await.expect(200);
}

async fn read(client: &Client, delegate: &str) -> Value {
    client.get(&format!("delegates/{delegate}")).await.expect(200).json
}

/// The places of one kind in a delegation.
async fn places(client: &Client, delegation: &str, kind: usize) -> Value {
    client.get(&format!("delegations/{delegation}/places")).await.expect(200).json["items"][kind].clone()
}

on_both! {
    async fn a_table_says_all_that_is_said_of_a_delegate_and_only_identity_is_reviewed_again(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let id = seoul.nominate("PL", "Lis", "adviser").await.id();
        seoul.approve("PL").await;
        let needs = format!(
            "organisation,id,function,level,capacities,diet,access_needs,arrives_on,departs_on,not_listed\n\
             PL,{id},adviser,minister,vote; speak,vegetarian,a ramp,2019-10-06,2019-10-09,yes\n"
        );
        import(&seoul.admin, "delegates", &needs).await;
        let now = read(&seoul.admin, &id).await;
        assert_eq!((&now["state"], &now["version"]), (&json!("approved"), &json!(4)));
        assert_eq!((&now["capacities"], &now["level"]), (&json!(["speak", "vote"]), &json!("minister")));
        assert_eq!((&now["diet"], &now["departs_on"], &now["not_listed"]), (&json!("vegetarian"), &json!("2019-10-09"), &json!(true)));
        // An empty cell clears; a column that is not there leaves alone.
        import(&seoul.admin, "delegates", &format!("organisation,id,function,diet\nPL,{id},adviser,\n")).await;
        let now = read(&seoul.admin, &id).await;
        assert_eq!((now.get("diet"), &now["access_needs"], &now["state"]), (None, &json!("a ramp"), &json!("approved")));
        import(&seoul.admin, "delegates", &format!("organisation,id,function,position\nPL,{id},adviser,Director\n")).await;
        assert_eq!(read(&seoul.admin, &id).await["state"], "under_review");
        let changes = seoul.admin.get("changes?limit=200").await.expect(200);
        assert!(!changes.text.contains("vegetarian"), "needs are nobody's news: {}", changes.text);
        let faulty = format!("organisation,id,function,arrives_on,departs_on,capacities\nPL,{id},adviser,2019-10-09,2019-10-06,sing\n");
        let faulty = preview(&seoul.admin, "delegates", &faulty).await;
        assert_eq!(remarks(&faulty), ["unknown_word F2", "departs_before_arrival E2"]);
    }

    async fn whoever_takes_part_in_another_way_by_a_table_needs_a_place_there_and_leaves_theirs(server) {
        let seoul = Seoul::new(&server).await;
        let invited = json!({"organisation_id": "PL", "quota": {"in_person": 1, "online": 1}});
        let delegation = seoul.admin.post("events/seoul-2019/delegations", invited).await.expect(201).id();
        step(&seoul.admin, &delegation, "accepted").await.expect(200);
        let mut ids = vec![];
        for name in ["Nowak", "Lis", "Sowa"] {
            ids.push(seoul.nominate("PL", name, "adviser").await.id());
        }
        let [inside, online, waits] = &ids[..] else { unreachable!() };
        let way = |id: &str, how: &str| format!("PL,{id},adviser,{how}\n");
        let table = |rows: &[String]| format!("organisation,id,function,participation\n{}", rows.concat());
        import(&seoul.admin, "delegates", &table(&[way(online, "online")])).await;
        to(&seoul.admin, inside, "submitted").await;
        to(&seoul.admin, online, "submitted").await;
        let read_one = seoul.admin.get(&format!("delegations/{delegation}")).await.expect(200);
        let list = json!({"participation": "in_person", "delegate_ids": [waits]});
        seoul.admin.if_match(&read_one).put(&format!("delegations/{delegation}/waiting-list"), list).await.expect(200);

        let full = preview(&seoul.admin, "delegates", &table(&[way(inside, "online")])).await;
        assert_eq!((remarks(&full), &full.json["ready"]), (vec!["quota_reached D2".to_owned()], &json!(false)));
        // Two who change places need no third.
        import(&seoul.admin, "delegates", &table(&[way(inside, "online"), way(online, "in_person")])).await;
        let held = places(&seoul.admin, &delegation, 0).await;
        assert_eq!((&held["held"], &held["offered"]), (&json!(1), &json!(0)));
        // Whoever leaves a place leaves it to who is next.
        import(&seoul.admin, "delegates", &table(&[way(online, "overflow")])).await;
        let held = places(&seoul.admin, &delegation, 0).await;
        assert_eq!((&held["held"], &held["waiting"][0]["delegate_id"]), (&json!(0), &json!(waits)));
        assert!(held["waiting"][0]["offered_until"].is_string(), "{held}");
        // A place that was offered is nobody else's.
        let offered = preview(&seoul.admin, "delegates", &table(&[way(inside, "in_person")])).await;
        assert_eq!(remarks(&offered), ["quota_reached D2"]);
        import(&seoul.admin, "delegates", &table(&[way(waits, "online")])).await;
        assert_eq!(places(&seoul.admin, &delegation, 0).await["waiting"], json!([]));
        import(&seoul.admin, "delegates", &table(&[way(inside, "in_person")])).await;
        assert_eq!(places(&seoul.admin, &delegation, 0).await["held"], json!(1));
    }

    async fn places_that_a_table_adds_are_offered_to_who_waits(server) {
        let seoul = Seoul::new(&server).await;
        import(&seoul.admin, "delegations", "organisation,quota,quota_online\nPL,0,7\n").await;
        let list = seoul.admin.get("events/seoul-2019/delegations").await.expect(200);
        assert_eq!(list.json["items"][0]["quota"], json!({"in_person": 0, "online": 7}));
        let delegation = list.json["items"][0]["id"].as_str().unwrap().to_owned();
        step(&seoul.admin, &delegation, "accepted").await.expect(200);
        let waits = seoul.nominate("PL", "Lis", "adviser").await.id();
        let read_one = seoul.admin.get(&format!("delegations/{delegation}")).await.expect(200);
        let list = json!({"participation": "in_person", "delegate_ids": [waits]});
        seoul.admin.if_match(&read_one).put(&format!("delegations/{delegation}/waiting-list"), list).await.expect(200);
        let faulty = preview(&seoul.admin, "delegations", "organisation,quota,quota_online\nPL,many,20000\n").await;
        assert_eq!(remarks(&faulty), ["not_a_number B2", "out_of_range C2"]);
        import(&seoul.admin, "delegations", "organisation,quota_in_person\nPL,1\n").await;
        assert_eq!(places(&seoul.admin, &delegation, 0).await["offered"], json!(1));
        assert_eq!(places(&seoul.admin, &delegation, 1).await["quota"], json!(7));
    }

    async fn needs_and_travel_have_columns_for_those_only_who_know_them_of_all(server) {
        let seoul = Seoul::new(&server).await;
        let group = json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "participants"});
        seoul.admin.post("groups", group).await.expect(201);
        let any = seoul.admin.header("If-Match", "*");
        any.patch("events/seoul-2019", json!({"group_id": "cyber"})).await.expect(200);
        seoul.confirmed("PL", "Nowak").await;
        let lis = seoul.nominate("PL", "Lis", "adviser").await;
        any.patch(&format!("delegates/{}", lis.id()), json!({"diet": "vegetarian", "capacities": []})).await.expect(200);
        let address = json!({"email": "lis@example.org", "protected": true});
        any.patch(&format!("persons/{}", lis.json["person_id"].as_str().unwrap()), address).await.expect(200);

        let chair = seoul.person("KR", "Kim").await;
        let role = json!({"person_id": chair, "function": "chair", "valid_from": "2019-01-01"});
        seoul.admin.post("groups/cyber/roles", role).await.expect(201);
        let (person_id, ends_at) = (Some(chair.as_str().into()), Moment::parse("2026-04-01"));
        let account = Account::of(Role::Guest, "chair@example.org".to_owned(), "Chair");
        let chair = server.signed_in(Account { person_id, ends_at, ..account }).await;
        let manager = seoul.delegate(&server, "PL").await;
        for (client, knows) in [(&seoul.admin, true), (&manager, true), (&chair, false)] {
            let table = client.get("events/seoul-2019/delegates.csv").await.expect(200).text;
            let header: Vec<_> = table.lines().next().unwrap().split(',').collect();
            for column in PRIVATE {
                assert_eq!(header.contains(&column), knows, "{column}: {table}");
            }
            for word in ["vegetarian", "lis@example.org", "Lis", "none"] {
                assert_eq!(table.contains(word), knows || word == "none", "{word}: {table}");
            }
        }
        // Who comes to nothing there is told nothing at all.
        seoul.delegate(&server, "CZ").await.get("events/seoul-2019/delegates.csv").await.expect(404);
    }

    async fn a_table_leaves_those_alone_who_are_gone_and_delegations_that_do_not_come(server) {
        let seoul = Seoul::new(&server).await;
        let delegation = seoul.invite("PL").await.id();
        let gone = seoul.nominate("PL", "Lis", "adviser").await.id();
        to(&seoul.admin, &gone, "withdrawn").await;
        let named_again = "organisation,function,name,state\nPL,adviser,Lis,withdrawn\n";
        let anew = preview(&seoul.admin, "delegates", named_again).await;
        assert_eq!(remarks(&anew), ["by_name C2", "named_anew D2"]);
        step(&seoul.admin, &delegation, "declined").await.expect(200);
        let file = seoul.admin.get("events/seoul-2019/delegates.csv").await.expect(200);
        let again = preview(&seoul.admin, "delegates", &file.text).await;
        assert_eq!((&again.json["totals"]["same"], &again.json["ready"]), (&json!(1), &json!(true)), "{}", again.text);
        let moved = format!("organisation,id,function,participation\nPL,{gone},adviser,online\n");
        assert_eq!(remarks(&preview(&seoul.admin, "delegates", &moved).await), ["not_coming A2"]);
    }
}

#[tokio::test]
async fn the_heads_of_many_delegations_are_written_at_once() {
    let mut costs = vec![];
    for states in [3, 30] {
        let server = Server::start(Backend::Sqlite).await.unwrap();
        let seoul = Seoul::new(&server).await;
        let codes: Vec<_> = (0..states).map(|n| format!("S{n}")).collect();
        for code in &codes {
            let state = json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}});
            seoul.admin.post("organisations", state).await.expect(201);
        }
        import(&seoul.admin, "delegations", &format!("organisation\n{}\n", codes.join("\n"))).await;
        let rows = |how: &str| codes.iter().map(|code| format!("{code},{how} of {code},{how}\n")).collect::<String>();
        server.statements();
        import(&seoul.admin, "delegates", &format!("organisation,name,function\n{}", rows("head"))).await;
        costs.push(server.statements());
        let heads = seoul.admin.get("events/seoul-2019/delegates?function=head&limit=200").await.expect(200);
        assert_eq!(heads.json["items"].as_array().unwrap().len(), states);
        assert_eq!(heads.json["items"][0]["capacities"], json!(null));
    }
    assert!(costs[1] <= costs[0] + 2, "{costs:?}");
}

#[tokio::test]
async fn a_table_that_changes_many_runs_no_statement_a_row() {
    let mut costs = vec![];
    for rows in [10, 300] {
        let server = Server::start(Backend::Sqlite).await.unwrap();
        let seoul = Seoul::new(&server).await;
        for code in ["PL", "CZ", "KR"] {
            seoul.invite(code).await;
        }
        let table = |diet: &str, how: &str| {
            let row = |n: usize| format!("{},expert,Lis{n},p{n}@example.org,{diet},{how}\n", ["PL", "CZ", "KR"][n % 3]);
            let header = "organisation,function,name,email,diet,participation\n";
            std::iter::once(header.to_owned()).chain((0..rows).map(row)).collect::<String>()
        };
        import(&seoul.admin, "delegates", &table("anything", "in_person")).await;
        server.statements();
        let begin = std::time::Instant::now();
        import(&seoul.admin, "delegates", &table("no fish", "online")).await;
        eprintln!("{rows} rows changed in {:.2} s", begin.elapsed().as_secs_f64());
        let changed = server.statements();
        seoul.admin.get("events/seoul-2019/delegates.csv").await.expect(200);
        costs.push((changed, server.statements()));
    }
    assert_eq!(costs[0].1, costs[1].1, "an export");
    // What is recorded of 300 changes takes a second portion or two.
    assert!(costs[1].0 <= costs[0].0 + 3, "{costs:?}");
}
