//! The list of participants: previewed, published, and what a published one goes on saying.

use serde_json::json;

use super::*;
use crate::{on_both, support::foreign};

const LIST: &str = "events/seoul-2019/participants";

async fn publish(seoul: &Seoul, kind: &str) -> Answer {
    seoul.admin.post(&format!("{LIST}/editions"), json!({"kind": kind})).await
}

/// The people of a list, each as `delegation: name`.
fn people(list: &Answer) -> Vec<String> {
    let sections = list.json["sections"].as_array().unwrap().iter();
    let delegations = sections.flat_map(|section| section["delegations"].as_array().unwrap());
    let person = |delegation: &Value, person: &Value| {
        format!("{}: {}", delegation["organisation_code"].as_str().unwrap(), person["name"]["text"].as_str().unwrap())
    };
    delegations
        .flat_map(|delegation| {
            let people = delegation["people"].as_array().unwrap().iter();
            people.map(|each| person(delegation, each)).collect::<Vec<_>>()
        })
        .collect()
}

on_both! {
    async fn an_edition_stays_what_it_was_when_it_was_published(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        seoul.confirmed("KR", "Kim").await;
        seoul.approve("PL").await;
        seoul.approve("KR").await;
        let first = publish(&seoul, "final").await.expect(201);
        assert_eq!((&first.json["number"], &first.json["delegations"], &first.json["people"]), (&json!(1), &json!(2), &json!(2)));
        assert_eq!(first.header("location"), "/api/v1/events/seoul-2019/participants?edition=1");
        let before = seoul.admin.get(LIST).await.expect(200);
        assert_eq!(people(&before), ["PL: Nowak", "KR: Kim"]);

        seoul.nominate("PL", "Lis", "adviser").await;
        assert_eq!(seoul.admin.get(LIST).await.expect(200).json, before.json);
        // Whoever is not approved is not on it.
        publish(&seoul, "final").await.expect(201);
        assert_eq!(seoul.admin.get(LIST).await.expect(200).json["sections"], before.json["sections"]);
        seoul.approve("PL").await;
        publish(&seoul, "final").await.expect(201);
        assert_eq!(people(&seoul.admin.get(LIST).await.expect(200)), ["PL: Nowak", "PL: Lis", "KR: Kim"]);
        assert_eq!(seoul.admin.get(&format!("{LIST}?edition=1")).await.expect(200).json, before.json);
        let editions = seoul.admin.get(&format!("{LIST}/editions")).await.expect(200);
        assert_eq!(each(&editions, "items", "kind"), ["final", "final", "final"]);
        seoul.admin.get(&format!("{LIST}?edition=4")).await.expect(404);
    }

    async fn a_final_list_has_confirmed_delegations_only_and_a_provisional_one_those_that_accepted(server) {
        let seoul = Seoul::new(&server).await;
        assert_eq!(publish(&seoul, "final").await.expect(409).json["type"], "/problems/nobody-to-list");
        seoul.confirmed("PL", "Nowak").await;
        seoul.approve("PL").await;
        let czechia = seoul.invite("CZ").await.id();
        step(&seoul.admin, &czechia, "accepted").await.expect(200);
        seoul.nominate("CZ", "Dvořák", "expert").await;
        seoul.invite("KR").await;
        let preview = |kind: &str| format!("{LIST}?preview={kind}");
        let list = seoul.admin.get(&preview("provisional")).await.expect(200);
        assert_eq!(people(&list), ["CZ: Dvořák", "PL: Nowak"]);
        assert_eq!(list.json["warning"]["text"], "Preview. This list has not been published.");
        assert_eq!(people(&seoul.admin.get(&preview("final")).await.expect(200)), ["PL: Nowak"]);
        seoul.admin.get(&format!("{LIST}?preview=final&edition=1")).await.expect(422);
    }

    async fn participants_read_editions_and_nobody_else_does(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let (own, other) = (server.delegate_of("PL").await, server.delegate_of("CZ").await);
        own.get(LIST).await.expect(404);
        publish(&seoul, "provisional").await.expect(201);
        assert_eq!(people(&own.get(LIST).await.expect(200)), ["PL: Nowak"]);
        for way in ["", ".html", ".docx", ".pdf", "/editions"] {
            own.get(&format!("{LIST}{way}")).await.expect(200);
            other.get(&format!("{LIST}{way}")).await.expect(404);
            server.anonymous().get(&format!("{LIST}{way}")).await.expect(401);
        }
        own.get(&format!("{LIST}?preview=final")).await.expect(403);
        own.post(&format!("{LIST}/editions"), json!({"kind": "final"})).await.expect(403);
        // Everybody may see this event, but not who came.
        let event = seoul.admin.get("events/seoul-2019").await.expect(200);
        seoul.admin.if_match(&event).patch("events/seoul-2019", json!({"visibility": "public"})).await.expect(200);
        other.get("events/seoul-2019").await.expect(200);
        other.get(LIST).await.expect(404);
        assert_eq!(each(&other.get(&format!("{LIST}/editions")).await.expect(200), "items", "number"), [Value::Null; 0]);
    }

    async fn whoever_is_protected_later_loses_the_name_in_older_editions_too(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let expert = seoul.nominate("PL", "Wolski", "expert").await;
        seoul.approve("PL").await;
        publish(&seoul, "final").await.expect(201);
        let person = format!("persons/{}", expert.json["person_id"].as_str().unwrap());
        let known = seoul.admin.get(&person).await.expect(200);
        seoul.admin.if_match(&known).patch(&person, json!({"protected": true})).await.expect(200);
        publish(&seoul, "final").await.expect(201);
        for edition in [1, 2] {
            let list = server.delegate_of("PL").await.get(&format!("{LIST}?edition={edition}")).await.expect(200);
            assert_eq!(people(&list), ["PL: Nowak", "PL: (name withheld)"]);
            assert!(!list.text.contains("Wolski"), "{}", list.text);
        }
    }

    async fn names_are_those_of_the_first_day_and_headings_those_of_the_reader(server) {
        let seoul = Seoul::new(&server).await;
        let head = seoul.confirmed("PL", "Nowak").await;
        seoul.approve("PL").await;
        let delegate = seoul.admin.get(&format!("events/seoul-2019/delegates?delegation={}", head.id())).await.expect(200);
        let person = format!("persons/{}", delegate.json["items"][0]["person_id"].as_str().unwrap());
        let known = seoul.admin.get(&person).await.expect(200);
        let renamed = json!({
            "display_name": "Nowak-Lis",
            "former_names": [{"display_name": "Nowak", "until": "2019-12-01"}],
        });
        seoul.admin.if_match(&known).patch(&person, renamed).await.expect(200);
        // Whoever is called otherwise is looked at anew.
        seoul.approve("PL").await;
        let list = seoul.admin.get(&format!("{LIST}?preview=final&lang=fr")).await.expect(200);
        assert_eq!(people(&list), ["PL: Nowak"]);
        assert_eq!(list.json["sections"][0]["heading"], json!({"language": "fr", "text": "Membres"}));
        assert_eq!(list.json["sections"][0]["delegations"][0]["people"][0]["function_name"]["text"], "Chef de délégation");
        let page = seoul.admin.get(&format!("{LIST}.html?preview=final&lang=pl")).await.expect_page(200);
        assert!(page.text.contains("<h1>Lista uczestników</h1>"), "{}", page.text);
    }

    async fn a_file_is_the_same_bytes_each_time_and_saved_under_a_name(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        publish(&seoul, "final").await.expect(201);
        for (way, begins) in [("docx", &b"PK\x03\x04"[..]), ("pdf", b"%PDF-1.7")] {
            let path = format!("{LIST}.{way}");
            let file = seoul.admin.get(&path).await.expect(200);
            assert!(file.bytes.starts_with(begins));
            assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"participants.{way}\""));
            let again = seoul.admin.get(&path).await.expect(200);
            assert_eq!(file.bytes, again.bytes);
            seoul.admin.header("If-None-Match", file.header("etag")).get(&path).await.expect(304);
        }
        let plain = seoul.admin.get(&format!("{LIST}.pdf?lang=ko")).await;
        assert_eq!(plain.status.as_u16(), 200, "no Korean name is stored here: {}", plain.text);
    }

    async fn a_name_in_another_script_is_printed_with_a_font_that_has_it_or_refused(server) {
        let seoul = Seoul::new(&server).await;
        let korean = json!({"names": {"ko": {"list": "대한민국"}}});
        seoul.admin.header("If-Match", "*").patch("organisations/KR", korean).await.expect(200);
        seoul.confirmed("KR", "Kim").await;
        publish(&seoul, "final").await.expect(201);
        let path = format!("{LIST}.pdf?lang=ko");
        let refused = seoul.admin.get(&path).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/font-missing");
        // scripts/test installs it.
        let server = server.with_fonts("/usr/share/fonts/truetype/nanum");
        let printed = seoul.admin.at(&server).get(&path).await.expect(200);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("participants.pdf");
        std::fs::write(&file, &printed.bytes).unwrap();
        let text = foreign::text_of_pdf(&file);
        assert!(text.contains("대한민국"), "{text}");
    }
}
