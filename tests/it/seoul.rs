//! The main job, from membership to joint statement: the first meeting of the working group in Seoul, 7-8 October 2019,
//! as its secretariat, a delegation and the public live through it. All through the API, on an empty database that
//! knows the catalogue of organisations.
//!
//! Plain data (titles, times, tracks, who came) is that of the demonstration; what is expected of it is written here.

use domain::access::{NewKey, Role};
use jiff::{Timestamp, ToSpan, civil::DateTime};
use serde_json::{Value, json};

use crate::{
    feeds::readers,
    on_both,
    support::{Client, Server, foreign},
};

const EVENT: &str = "seoul-2019";
const STATEMENT: &str = "statements/seoul-2019-joint-statement";
const SESSION_OF_ADOPTION: &str = "seoul-2019/adoption";

/// Design notes of statements, section 6, to the word "posiedzenie".
const HELD_IN_POLISH: &str = "W dniach 7–8 października 2019 r. w Seulu, w Republice Korei, pod wspólnym przewodnictwem \
                              Republiki Korei, Polski i Stanów Zjednoczonych Ameryki odbyło się pierwsze posiedzenie \
                              grupy roboczej do spraw cyberbezpieczeństwa.";
const HELD_IN_ENGLISH: &str = "On 7 and 8 October 2019 the first meeting of the Working Group on Cybersecurity was held \
                               in Seoul, in the Republic of Korea, under the joint chairmanship of the Republic of \
                               Korea, Poland and the United States of America.";

on_both! {
    async fn the_meeting_of_seoul_runs_from_membership_to_joint_statement(server) {
        travel(&server, "2019-02-14T08:00:00Z");
        let office = Office::open(&server).await;
        office.found_group().await;
        assert_eq!(office.co_chairs_on("2019-10-07").await, ["KR", "PL", "US"]);

        travel(&server, "2019-07-01T08:00:00Z");
        office.announce_event().await;
        office.place_sessions().await;
        office.gather_delegations().await;
        subscribers_see_the_programme(&server, &office).await;

        travel(&server, "2019-10-08T08:00:00Z"); // five in the afternoon of the second day
        office.hold_sessions().await;
        let poland = server.manager_of("PL").await;
        office.draft_statement().await;
        poland.get(STATEMENT).await.expect(404);
        office.step(json!({"to": "tabled"})).await;
        poland.get(STATEMENT).await.expect(200);
        office.step(json!({"to": "negotiating"})).await;
        office.negotiate(&poland).await;
        office.adopt().await;

        everybody_reads_the_statement(&server).await;
        the_polish_list_is_in_polish_order(&server).await;
        the_record_shows_how_it_came_about(&office).await;
    }
}

fn travel(server: &Server, to: &str) {
    server.advance(to.parse::<Timestamp>().unwrap().duration_since(server.app.clock.now()));
}

/// No-break spaces and line ends as plain spaces, as a reader takes them.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn items(list: &Value) -> &Vec<Value> {
    list["items"].as_array().expect("a list")
}

/// The secretariat at its desk.
struct Office {
    client: Client,
    scenario: Value,
}

impl Office {
    /// The catalogue of organisations is there; everything else is still to come.
    async fn open(server: &Server) -> Self {
        let console = api::context::Ctx::internal(&server.app, "console");
        api::organisations::load_catalogue(&console).await.unwrap();
        let client = server.key(NewKey { role: Role::Secretariat, expires_in_days: 366, ..NewKey::default() }).await;
        let scenario = serde_json::from_str(include_str!("../../api/src/demo/seoul.json")).unwrap();
        Self { client, scenario }
    }

    fn occasion(&self) -> &Value {
        &self.scenario["events"][0]
    }

    fn list<'a>(&self, from: &'a Value, name: &str) -> &'a Vec<Value> {
        from[name].as_array().expect("the scenario has it")
    }

    async fn found_group(&self) {
        for organisation in self.list(&self.scenario, "organisations") {
            self.client.post("organisations", organisation.clone()).await.expect(201);
        }
        for group in self.list(&self.scenario, "groups") {
            self.client.post("groups", group.clone()).await.expect(201);
        }
        self.client.post("groups/warsaw-cyber/transitions", json!({"to": "active"})).await.expect(200);
        for member in self.list(&self.scenario, "memberships") {
            let path = format!("groups/{}/memberships", member["group"].as_str().unwrap());
            self.client.post(&path, member["membership"].clone()).await.expect(201);
        }
    }

    async fn co_chairs_on(&self, day: &str) -> Vec<String> {
        let path = format!("groups/warsaw-cyber/memberships?as_of={day}&limit=200");
        let members = self.client.get(&path).await.expect(200).json;
        assert_eq!(items(&members).len(), 46);
        let chairs = items(&members).iter().filter(|member| member["category"] == "co_chair");
        chairs.map(|member| member["organisation_code"].as_str().unwrap().to_owned()).collect()
    }

    async fn announce_event(&self) {
        for room in self.list(&self.scenario, "rooms") {
            self.client.post("rooms", room.clone()).await.expect(201);
        }
        let event = self.client.post("events", self.occasion()["event"].clone()).await.expect(201).json;
        assert_eq!((event["time_zone"].as_str(), event["tracks"].as_array().unwrap().len()), (Some("Asia/Seoul"), 2));
        self.client.post(&format!("events/{EVENT}/transitions"), json!({"to": "announced"})).await.expect(200);
    }

    async fn place_sessions(&self) {
        for sitting in self.list(self.occasion(), "sessions") {
            let made = self.client.post("sessions", sitting["session"].clone()).await.expect(201);
            let path = format!("sessions/{}/transitions", made.id());
            self.client.post(&path, json!({"to": "scheduled"})).await.expect(200);
        }
    }

    /// Every state is invited, accepts, names a head (somebody who does not exist) and is confirmed.
    async fn gather_delegations(&self) {
        let invitations = self.list(self.occasion(), "delegations");
        assert_eq!(invitations.len(), 46);
        for invitation in invitations {
            let state = invitation["organisation_id"].as_str().unwrap();
            let invited =
                self.client.post(&format!("events/{EVENT}/delegations"), invitation.clone()).await.expect(201);
            let path = format!("delegations/{}/transitions", invited.id());
            self.client.post(&path, json!({"to": "accepted"})).await.expect(200);
            let person = json!({"display_name": format!("Head of {state}"), "organisation_id": state});
            let person = self.client.post("persons", person).await.expect(201).id();
            let head = json!({"delegation_id": invited.id(), "person_id": person, "function": "head"});
            self.client.post(&format!("events/{EVENT}/delegates"), head).await.expect(201);
            self.client.post(&path, json!({"to": "submitted"})).await.expect(200);
            self.client.post(&path, json!({"to": "confirmed"})).await.expect(200);
        }
        let confirmed =
            self.client.get(&format!("events/{EVENT}/delegations?state=confirmed&limit=200")).await.expect(200);
        assert_eq!(items(&confirmed.json).len(), 46);
    }

    /// The sessions take place. In plenary everybody is there; elsewhere every third delegation is away.
    async fn hold_sessions(&self) {
        let heads = self.client.get(&format!("events/{EVENT}/delegates?limit=200")).await.expect(200).json;
        for sitting in self.list(self.occasion(), "sessions") {
            let external = sitting["session"]["external_ids"][0]["id"].as_str().unwrap();
            let session = self.session(external).await;
            self.client.post(&format!("sessions/{session}/transitions"), json!({"to": "held"})).await.expect(200);
            let Some(share) = sitting["attendance"].as_f64() else { continue };
            let line = |(at, head): (usize, &Value)| match share < 1.0 && at % 3 == 0 {
                true => json!({"delegation_id": head["delegation_id"], "status": "absent"}),
                false => {
                    json!({"delegation_id": head["delegation_id"], "status": "present", "represented_by": head["id"]})
                }
            };
            let lines: Vec<Value> = items(&heads).iter().enumerate().map(line).collect();
            let sheet = self.client.post(&format!("sessions/{session}/attendance"), json!({"lines": lines})).await;
            let present = if share < 1.0 { 30 } else { 46 };
            assert_eq!(sheet.expect(200).json["counts"]["present"], present, "{external}");
        }
    }

    /// The id of the session that the scenario knows by this name.
    async fn session(&self, external: &str) -> String {
        let sessions = self.client.get(&format!("sessions?event={EVENT}&limit=200")).await.expect(200).json;
        let known = |session: &&Value| session["external_ids"][0]["id"] == external;
        items(&sessions).iter().find(known).expect("a session of the scenario")["id"].as_str().unwrap().to_owned()
    }

    /// Plenum writes the first draft: seven paragraphs in two languages, and the words that introduce the list.
    async fn draft_statement(&self) {
        let statement = self.list(self.occasion(), "statements")[0]["statement"].clone();
        self.client.post("statements", statement).await.expect(201);
        let draft = self.client.post(&format!("{STATEMENT}/draft"), json!({})).await.expect(200).json;
        assert_eq!(draft["lints"], json!([]), "every form that Polish needs is stored");
        let clauses = draft["clauses"].as_array().unwrap();
        let numbers: Vec<_> = clauses.iter().map(|clause| clause["number"].as_u64()).collect();
        assert_eq!(numbers, [Some(1), Some(2), Some(3), Some(4), Some(5), Some(6), Some(7), None]);
        assert!(clauses.iter().all(|clause| !clause["text"]["pl"].is_null() && !clause["text"]["en"].is_null()));
        assert_eq!(plain(clauses[0]["text"]["pl"].as_str().unwrap()), HELD_IN_POLISH);
        assert_eq!(plain(clauses[0]["text"]["en"].as_str().unwrap()), HELD_IN_ENGLISH);
        assert!(
            plain(clauses[1]["text"]["en"].as_str().unwrap()).starts_with("Representatives of 46 states took part")
        );
        let participants = self.client.get(&format!("{STATEMENT}/participants")).await.expect(200).json;
        assert_eq!((items(&participants).len(), &participants["basis"]), (46, &json!("represented")));
    }

    async fn step(&self, transition: Value) {
        self.client.post(&format!("{STATEMENT}/transitions"), transition).await.expect(200);
    }

    async fn clauses(&self) -> Vec<Value> {
        items(&self.client.get(&format!("{STATEMENT}/clauses")).await.expect(200).json).clone()
    }

    /// The room changes one paragraph; the delegation may read along and not write. Then every paragraph is agreed.
    async fn negotiate(&self, poland: &Client) {
        let fifth = self.clauses().await[4]["id"].as_str().unwrap().to_owned();
        let path = format!("clauses/{fifth}");
        let seen = self.client.get(&path).await.expect(200);
        let edit = json!({
            "text": {
                "en": "The participants designate points of contact and keep their particulars up to date.",
                "pl": "Uczestnicy wyznaczają punkty kontaktowe i dbają o aktualność ich danych.",
            },
            "reason": "Shorter, as the drafting group asked",
        });
        poland.if_match(&seen).patch(&path, edit.clone()).await.expect(403);
        let edited = self.client.if_match(&seen).patch(&path, edit.clone()).await.expect(200).json;
        assert_eq!((&edited["number"], &edited["revision"]), (&json!(5), &json!(2)));
        assert_eq!(edited["provenance"], json!({"kind": "authored"}));
        self.client.if_match(&seen).patch(&path, edit).await.expect(412);
        let history = poland.get(&format!("{path}/revisions")).await.expect(200).json;
        assert_eq!(items(&history)[1]["reason"], "Shorter, as the drafting group asked");
        assert_eq!(items(&history)[1].get("author"), None, "which key wrote it is the secretariat's own affair");
        let version = json!({"label": "rev.1", "comment": "After the drafting group"});
        self.client.post(&format!("{STATEMENT}/versions"), version).await.expect(201);

        let early = self.client.post(&format!("{STATEMENT}/transitions"), json!({"to": "adopted"})).await.expect(409);
        assert_eq!(early.json["type"], "/problems/unsettled-clauses");
        for clause in self.clauses().await {
            let path = format!("clauses/{}", clause["id"].as_str().unwrap());
            let seen = self.client.get(&path).await.expect(200);
            self.client.if_match(&seen).patch(&path, json!({"state": "agreed"})).await.expect(200);
        }
    }

    async fn adopt(&self) {
        let session = self.session(SESSION_OF_ADOPTION).await;
        self.step(json!({"to": "adopted", "session_id": session})).await;
        let statement = self.client.get(STATEMENT).await.expect(200).json;
        assert_eq!((&statement["adopted_on"], &statement["session_id"]), (&json!("2019-10-08"), &json!(session)));
        let path = format!("clauses/{}", self.clauses().await[0]["id"].as_str().unwrap());
        let seen = self.client.get(&path).await.expect(200);
        let late = json!({"text": {"en": "Other words."}});
        let refused = self.client.if_match(&seen).patch(&path, late).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/text-is-final");
    }
}

/// The public programme is in the calendars of everybody, event and group alike; programs that are not ours read it to
/// the instants that a clock in Seoul, nine hours ahead of UTC, says.
async fn subscribers_see_the_programme(server: &Server, office: &Office) {
    let utc = |local: &Value| {
        let local: DateTime = local.as_str().unwrap().parse().unwrap();
        format!("{}Z", local - 9.hours())
    };
    let public = office.list(office.occasion(), "sessions").iter().map(|sitting| &sitting["session"]);
    let mut expected: Vec<(String, String, String)> = public
        .filter(|session| session["visibility"] == "public")
        .map(|session| {
            let placement = &session["placement"];
            let title = session["title"]["en"].as_str().unwrap().to_owned();
            (utc(&placement["start"]), utc(&placement["end"]), title)
        })
        .collect();
    expected.sort();
    let opening = ("2019-10-07T00:00:00Z".to_owned(), "2019-10-07T00:30:00Z".to_owned(), "Opening ceremony".to_owned());
    assert_eq!((expected.len(), &expected[0]), (16, &opening));

    let title = office.occasion()["event"]["title"]["en"].as_str().unwrap().to_owned();
    for path in ["/ical/events/seoul-2019.ics", "/ical/groups/warsaw-cyber.ics"] {
        let feed = server.anonymous().get(path).await;
        assert_eq!((feed.status.as_u16(), feed.header("content-type")), (200, "text/calendar; charset=utf-8"));
        for (reader, seen) in readers::foreign(&feed.text) {
            let mut seen: Vec<_> = seen.into_iter().map(|entry| (entry.start, entry.end, entry.summary)).collect();
            seen.sort();
            // The event as a whole comes before what happens in it.
            let days = ("2019-10-07".to_owned(), "2019-10-09".to_owned(), title.clone());
            assert_eq!((&seen[0], &seen[1..]), (&days, &expected[..]), "{reader} reads {path}");
        }
    }
}

/// Once adopted, the statement is everybody's to read, in both languages and in every format.
async fn everybody_reads_the_statement(server: &Server) {
    let anyone = server.anonymous();
    for (language, held, adopted, list) in [
        ("pl", HELD_IN_POLISH, "Przyjęto w Seulu 8 października 2019 r.", " 1. Afganistan"),
        ("en", HELD_IN_ENGLISH, "Adopted in Seoul, 8 October 2019", " 1. Afghanistan"),
    ] {
        for (format, media_type) in [("markdown", "text/markdown"), ("html", "text/html"), ("text", "text/plain")] {
            let path = format!("{STATEMENT}/export?format={format}&lang={language}");
            let export = anyone.get(&path).await.expect(200);
            assert_eq!(export.header("content-type"), format!("{media_type}; charset=utf-8"));
            assert_eq!(export.header("content-language"), language);
            let read = plain(&export.text);
            assert!(
                read.contains(held) && read.contains(adopted) && !read.contains("Draft"),
                "{format}: {}",
                export.text
            );
            match format {
                "text" => assert!(export.text.contains(&format!("\n{list}\n")), "{}", export.text),
                "html" => assert_eq!(export.text.matches("<li value=").count(), 46),
                _ => assert!(export.text.contains("\n46. ") && !export.text.contains("\n47. ")),
            }
        }
    }
}

/// The 46 states of the Polish edition stand in the order in which another implementation of the alphabet puts them,
/// which is not that of the English edition.
async fn the_polish_list_is_in_polish_order(server: &Server) {
    let list = async |language: &str| {
        let path = format!("{STATEMENT}/export?format=json&lang={language}");
        server.anonymous().get(&path).await.expect(200).json["participants"]["entries"].as_array().unwrap().clone()
    };
    let codes = |entries: &[Value]| -> Vec<String> {
        entries.iter().map(|entry| entry["code"].as_str().unwrap().to_owned()).collect()
    };
    for language in ["pl", "en"] {
        let entries = list(language).await;
        let mut shuffled: Vec<Value> =
            entries.iter().map(|entry| json!({"code": entry["code"], "sort": entry["text"]})).collect();
        shuffled.reverse();
        let question = json!({"language": language, "items": shuffled}).to_string();
        let answer: Vec<String> = serde_json::from_str(&foreign::node("order.mjs", &question)).unwrap();
        assert_eq!(codes(&entries), answer, "{language}");
        let numbers: Vec<_> = entries.iter().map(|entry| entry["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=46).collect::<Vec<_>>());
    }
    let polish = list("pl").await;
    let names: Vec<_> = polish.iter().map(|entry| entry["text"].as_str().unwrap()).collect();
    let latvia = names.iter().position(|name| *name == "Łotwa").unwrap();
    assert_eq!(names[latvia - 1..=latvia + 1], ["Kuwejt", "Łotwa", "Maroko"]);
    assert_ne!(codes(&polish), codes(&list("en").await));
}

/// Versions, and the change feed as the public gets it.
async fn the_record_shows_how_it_came_about(office: &Office) {
    let versions = office.client.get(&format!("{STATEMENT}/versions")).await.expect(200).json;
    let labels: Vec<_> = items(&versions).iter().map(|version| version["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["zero_draft", "rev.1", "adopted"]);
    let zero = office.client.get(&format!("{STATEMENT}/export?format=text&version=1&lang=en")).await.expect(200).text;
    assert!(zero.starts_with("Draft, version 1\n") && zero.contains("on a voluntary basis"), "{zero}");
    let adopted = office.client.get("changes?type=statement.adopted").await.expect(200).json;
    assert_eq!(items(&adopted).len(), 1);
}
