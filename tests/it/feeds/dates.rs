//! The important dates of an event: its days, and until when what has to be done. Seoul is nine hours ahead of UTC.

use domain::access::Role;
use serde_json::json;

use super::{
    kinds::meeting,
    readers::{self, all},
    strict::faults,
    subscribe,
    world::{organisation, patch},
};
use crate::{on_both, support::Client};

async fn shown(reader: &Client, path: &str) -> Vec<(String, String, String)> {
    let file = reader.get(path).await.expect(200).text;
    assert_eq!(faults(file.as_bytes()), Vec::<&str>::new());
    let own = all(&file);
    for (program, seen) in readers::foreign(&file) {
        assert_eq!(seen.len(), own.len(), "{program}");
    }
    own.into_iter().map(|entry| (entry.start, entry.end, entry.summary)).collect()
}

fn lines(expected: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    expected.iter().map(|(from, to, title)| ((*from).into(), (*to).into(), (*title).into())).collect()
}

on_both! {
    async fn each_sees_until_when_to_do_what_concerns_them(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        for code in ["PL", "CZ"] {
            organisation(&admin, code).await;
        }
        let invited = json!({"organisation_id": "PL", "reply_due": "2026-08-01"});
        let poland = admin.post("events/seoul-2019/delegations", invited).await.expect(201).id();
        let rules = json!({"nominate_by": "2026-09-01", "confirm_by": "2026-09-20"});
        admin.put("events/seoul-2019/registration", rules).await.expect(200);
        let poll = json!({
            "title": {"en": "Drafting group", "pl": "Grupa redakcyjna"}, "organisation_ids": ["PL"],
            "deadline": "2026-09-30T18:00:00", "offers": [{"days": {"first": "2026-10-07", "last": "2026-10-07"}}],
        });
        admin.post("events/seoul-2019/polls", poll).await.expect(201);
        let dates = json!({"kind": "dates", "object_id": "seoul-2019", "name": "Dates"});
        let (path, id) = subscribe(&server.manager_of("PL").await, dates.clone()).await;
        let reader = server.anonymous();
        let event = "Meeting on cybersecurity";
        let reply = ("2026-08-01", "2026-08-02", format!("Last day to answer the invitation: {event}"));
        let named = ("2026-09-01", "2026-09-02", format!("Last day to name delegates: {event}"));
        let late = ("2026-09-20", "2026-09-21", format!("Last day to name delegates late, with a reason: {event}"));
        // 18:00 in Seoul, with the half hour before it: what does not last some programs do not show.
        let poll = ("2026-09-30T08:30:00Z", "2026-09-30T09:00:00Z", format!("Answers are due: Drafting group ({event})"));
        let line = |(from, to, title): &(&'static str, &'static str, String)| ((*from).to_owned(), (*to).to_owned(), title.clone());
        let days = lines(&[("2026-10-07", "2026-10-09", event)]);
        let own: Vec<_> = [&reply, &named, &late, &poll].into_iter().map(line).chain(days.clone()).collect();
        assert_eq!(shown(&reader, &path).await, own);
        // Those who run the event have a list of the replies; who is not asked has no part in the poll.
        let (staff, _) = subscribe(&server.role(Role::Secretariat).await, dates.clone()).await;
        let run: Vec<_> = [&named, &late, &poll].into_iter().map(line).chain(days.clone()).collect();
        assert_eq!(shown(&reader, &staff).await, run);
        let (other, _) = subscribe(&server.manager_of("CZ").await, dates.clone()).await;
        assert_eq!(shown(&reader, &other).await, days);

        let before = reader.get(&path).await;
        let known = reader.header("If-None-Match", before.header("etag"));
        assert_eq!(known.get(&path).await.status, 304);
        patch(&admin, &format!("delegations/{poland}"), json!({"reply_due": "2026-08-05"})).await;
        let after = known.get(&path).await.expect(200);
        let entry = |file: &str| all(file).into_iter().find(|entry| entry.uid.starts_with("deadline-reply-")).unwrap();
        let (was, is) = (entry(&before.text), entry(&after.text));
        assert_eq!((is.uid == was.uid, is.start.as_str(), is.sequence > was.sequence), (true, "2026-08-05", true));
        patch(&admin, &format!("feeds/{id}"), json!({"language": "pl"})).await;
        assert!(shown(&reader, &path).await.iter().any(|(.., title)| title == "Termin odpowiedzi: Grupa redakcyjna (Spotkanie)"));
        patch(&admin, "events/seoul-2019", json!({"visibility": "secretariat"})).await;
        assert!(shown(&reader, &path).await.is_empty());
        let public = json!({"kind": "dates", "object_id": "seoul-2019", "name": "Dates", "access": "public"});
        assert_eq!(admin.post("feeds", public).await.expect(422).codes(), ["not_for_everybody"]);
    }
}
