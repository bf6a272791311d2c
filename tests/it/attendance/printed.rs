//! The list of participants of the general assembly, as programs of others read it.

use std::collections::BTreeSet;

use api::{context::Ctx, demo::Scenario};
use domain::{Language, access::Role};
use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, foreign};

const LIST: &str = "events/marrakesh-2025/participants";

/// The delegations of each section in the order of the list: code and name.
async fn delegations(admin: &Client, language: &str) -> Vec<Vec<(String, String)>> {
    let list = admin.get(&format!("{LIST}?lang={language}")).await.expect(200);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let sections = list.json["sections"].as_array().unwrap().iter();
    let of = |section: &serde_json::Value| {
        let delegations = section["delegations"].as_array().unwrap().iter();
        delegations.map(|one| (text(&one["organisation_code"]), text(&one["name"]["text"]))).collect()
    };
    sections.map(of).collect()
}

/// The order ICU for C++ gives these organisations.
fn foreign_order(section: &[(String, String)], language: &str) -> Vec<String> {
    let states = domain::organisations::catalogue::load().unwrap();
    let tag = Language::parse(language).unwrap();
    let sort = |(code, name): &(String, String)| {
        let state = states.iter().find(|state| state.code.as_str() == code);
        let sort = state.and_then(|state| state.names.sort(&tag)).unwrap_or(name);
        json!({"code": code, "sort": sort})
    };
    let items: Vec<_> = section.iter().map(sort).collect();
    serde_json::from_str(&foreign::node("order.mjs", &json!({"language": language, "items": items}).to_string()))
        .unwrap()
}

/// That the names stand in `text` one after the other, each on a line of its own.
#[track_caller]
fn stand_in_order(names: &[String], text: &str) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = text.lines().map(words).filter(|line| !line.is_empty()).collect();
    let mut at = 0;
    for name in names.iter().map(|name| words(name)) {
        // A long name takes two lines.
        let found = (at..lines.len()).find(|line| {
            let pair = || format!("{} {}", lines[*line], lines.get(line + 1).map_or("", String::as_str));
            lines[*line] == name || (name.starts_with(&lines[*line]) && pair() == name)
        });
        assert!(found.is_some(), "{name} does not stand after line {at}");
        at = found.map_or(at, |line| line + 1);
    }
}

/// Everything of a list, page by page.
async fn all(admin: &Client, path: &str) -> Vec<Value> {
    let (mut items, mut after) = (vec![], String::new());
    loop {
        let page = admin.get(&format!("{path}limit=200{after}")).await.expect(200).json;
        items.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { return items };
        after = format!("&cursor={cursor}");
    }
}

/// That what is shown of the assembly is all of it: who came, who leads, who has a badge, and who was in the room.
async fn is_whole(admin: &Client) {
    let event = "events/marrakesh-2025";
    let delegations = all(admin, &format!("{event}/delegations?")).await;
    assert_eq!(delegations.len(), 179);
    let heads = all(admin, &format!("{event}/delegates?function=head&")).await;
    let led: BTreeSet<_> = heads.iter().map(|head| head["delegation_id"].as_str().unwrap()).collect();
    assert_eq!((heads.len(), led.len()), (179, 179), "one head each");
    let delegates = all(admin, &format!("{event}/delegates?")).await;
    let approved = delegates.iter().filter(|delegate| delegate["state"] == "approved").count();
    assert!(approved >= 800 && delegates.len() > approved, "{approved} of {}", delegates.len());
    assert_eq!(all(admin, &format!("{event}/badges?")).await.len(), approved);
    let ministers = ["minister", "deputy_minister"].map(Value::from);
    let left = |one: &&Value| one["function"] == "representative" && ministers.contains(&one["level"]);
    assert!(delegates.iter().filter(left).count() >= 5, "ministers who left before the end");
    let session = all(admin, "sessions?event=marrakesh-2025&").await.pop().unwrap();
    let quorum = admin.get(&format!("sessions/{}/quorum", session["id"].as_str().unwrap())).await.expect(200).json;
    assert!(quorum["present"].as_u64().unwrap() > 150, "{quorum}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_of_the_assembly_reads_in_foreign_programs_in_the_order_of_each_language() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let ctx = Ctx::internal(&server.app, "console");
    api::demo::load(&ctx, Scenario::Marrakesh).await.unwrap();
    let loaded = server.dump().await;
    api::demo::load(&ctx, Scenario::Marrakesh).await.unwrap();
    assert!(server.dump().await == loaded, "loading it again changes nothing");
    let admin = server.role(Role::Admin).await;
    is_whole(&admin).await;
    let edition = admin.post(&format!("{LIST}/editions"), json!({"kind": "final"})).await.expect(201);
    assert_eq!(edition.json["delegations"], 179);
    let folder = tempfile::tempdir().unwrap();
    for language in ["pl", "en", "fr"] {
        let sections = delegations(&admin, language).await;
        for section in &sections {
            let codes: Vec<_> = section.iter().map(|(code, _)| code.clone()).collect();
            assert_eq!(codes, foreign_order(section, language), "{language}");
        }
        let names: Vec<String> = sections.into_iter().flatten().map(|(_, name)| name).collect();
        assert_eq!(names.len(), 179);
        for ending in ["pdf", "docx"] {
            let file = admin.get(&format!("{LIST}.{ending}?lang={language}")).await.expect(200).bytes;
            std::fs::write(folder.path().join(format!("{language}-{ending}.{ending}")), file).unwrap();
        }
        let own = folder.path().join(format!("{language}-pdf.pdf"));
        stand_in_order(&names, &foreign::text_of_pdf(&own));
        assert!(foreign::about_pdf(&own).contains("Tagged:          yes"), "{}", foreign::about_pdf(&own));
        let converted = foreign::office(folder.path(), &format!("{language}-docx.docx"), "pdf");
        stand_in_order(&names, &foreign::text_of_pdf(&converted));
    }
}
