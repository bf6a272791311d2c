//! `sync-collection` (RFC 6578): what changed, what came and what went, and nothing else.

use jiff::SignedDuration;
use serde_json::json;

use super::world::{NAMESPACES, ask, propfind, staff, sync, token, told};
use crate::{
    feeds::world::{OPENING, Sitting, announce, patch, place, programme, seoul, step},
    on_both,
    support::Answer,
};

/// The names in an answer: what is there, and what is not any more.
fn names(answer: &Answer) -> (Vec<String>, Vec<String>) {
    let (gone, there): (Vec<_>, Vec<_>) = told(answer).into_iter().partition(|told| told.missing);
    let names = |told: Vec<super::world::Told>| {
        let mut names: Vec<_> =
            told.iter().map(|told| told.path.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned()).collect();
        names.sort();
        names
    };
    (names(there), names(gone))
}

/// The name of the entry of this session.
fn entry(session: &str) -> String {
    session.replace("sessions/", "session-")
}

on_both! {
    async fn a_client_is_told_exactly_what_became_of_its_calendar(server) {
        let admin = server.admin().await;
        announce(&admin, seoul()).await;
        let mut sessions = vec![];
        for title in ["Moved", "Cancelled", "Deleted", "Hidden", "Left alone"] {
            sessions.push(place(&admin, Sitting { title, ..OPENING }).await);
        }
        let desk = staff(&server).await;
        let calendar = desk.subscribes(json!({"without_cancelled": false})).await;
        let first = sync(&desk.program, &calendar, "").await;
        assert_eq!((names(&first).0.len(), names(&first).1.len()), (6, 0), "the event and its sessions");
        let same = sync(&desk.program, &calendar, &token(&first)).await;
        assert_eq!((names(&same), token(&same)), ((vec![], vec![]), token(&first)));
        let shown = propfind(&desk.program, "0", &calendar, "<D:sync-token/>").await;
        assert_eq!(token(&shown), token(&first), "what is told of a calendar is what its entries are told with");

        server.advance(SignedDuration::from_mins(1));
        patch(&admin, &sessions[0], json!({"placement": {"start": "2019-10-08T09:00:00", "end": "2019-10-08T10:00:00"}})).await;
        step(&admin, &sessions[1], json!({"to": "cancelled", "reason": "Storm"})).await;
        admin.header("If-Match", "*").delete(&sessions[2]).await.expect(204);
        patch(&admin, &sessions[3], json!({"visibility": "participants", "tlp": "red"})).await;
        let new = place(&admin, Sitting { title: "New", ..OPENING }).await;
        let after = sync(&desk.program, &calendar, &token(&first)).await;
        let sorted = |mut names: Vec<String>| { names.sort(); names };
        assert_eq!(names(&after).0, sorted([&sessions[0], &sessions[1], &new].map(|path| entry(path)).to_vec()));
        assert_eq!(names(&after).1, sorted([&sessions[2], &sessions[3]].map(|path| entry(path)).to_vec()));
        // The old token still says what its holder has, and the new one that nothing is new.
        assert_eq!(names(&sync(&desk.program, &calendar, &token(&first)).await), names(&after));
        assert_eq!(names(&sync(&desk.program, &calendar, &token(&after)).await), (vec![], vec![]));
        // What goes and comes back is there again.
        step(&admin, &sessions[1], json!({"to": "draft"})).await;
        let without = sync(&desk.program, &calendar, &token(&after)).await;
        assert_eq!(names(&without), (vec![], vec![entry(&sessions[1])]));
        step(&admin, &sessions[1], json!({"to": "scheduled"})).await;
        assert_eq!(names(&sync(&desk.program, &calendar, &token(&without)).await), (vec![entry(&sessions[1])], vec![]));
    }

    async fn who_loses_sight_of_an_event_loses_its_entries(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let guest = domain::access::Account { ends_at: domain::moment::Moment::parse("2026-12-01"), ..domain::access::Account::of(domain::access::Role::Guest, "g@mail.example", "G") };
        let guest = super::somebody(&server, guest).await;
        let calendar = guest.subscribes(json!({})).await;
        let first = sync(&guest.program, &calendar, "").await;
        assert_eq!(names(&first).0.len(), 2);
        server.advance(SignedDuration::from_mins(1));
        patch(&admin, "events/seoul-2019", json!({"visibility": "secretariat"})).await;
        let after = sync(&guest.program, &calendar, &token(&first)).await;
        assert_eq!(names(&after), (vec![], names(&first).0));
    }

    async fn a_token_that_is_unknown_too_old_or_of_another_calendar_begins_anew(server) {
        let admin = server.admin().await;
        let opening = programme(&admin).await;
        let desk = staff(&server).await;
        let (one, other) = (desk.subscribes(json!({})).await, desk.subscribes(json!({})).await);
        let held = token(&sync(&desk.program, &one, "").await);
        let unknown = ["http://127.0.0.1:8080/dav/sync/0", "data:,1", "x", &token(&sync(&desk.program, &other, "").await)].map(str::to_owned);
        for token in unknown {
            let refused = sync(&desk.program, &one, &token).await;
            assert_eq!((refused.status.as_u16(), refused.text.contains("<D:valid-sync-token/>")), (403, true), "{token}");
        }
        server.advance(SignedDuration::from_hours(24 * 91));
        patch(&server.admin().await, &opening, json!({"title": {"en": "Renamed"}})).await;
        sync(&desk.program, &one, "").await;
        assert_eq!(sync(&desk.program, &one, &held).await.status, 403, "kept for ninety days");
    }

    async fn the_last_hundred_contents_of_a_calendar_are_remembered(server) {
        let admin = server.admin().await;
        let opening = programme(&admin).await;
        let desk = staff(&server).await;
        let calendar = desk.subscribes(json!({})).await;
        let mut held = vec![];
        for turn in 0..102 {
            patch(&admin, &opening, json!({"title": {"en": format!("Opening {turn}")}})).await;
            server.advance(SignedDuration::from_secs(1));
            held.push(token(&sync(&desk.program, &calendar, "").await));
        }
        let status = async |token: &str| sync(&desk.program, &calendar, token).await.status.as_u16();
        assert_eq!((status(&held[1]).await, status(&held[2]).await, status(&held[101]).await), (403, 207, 207));
    }

    async fn who_takes_less_than_there_is_to_tell_is_told_so(server) {
        programme(&server.admin().await).await;
        let desk = staff(&server).await;
        let calendar = desk.subscribes(json!({})).await;
        let limited = |most: usize| format!("<D:sync-collection {NAMESPACES}><D:sync-token/><D:sync-level>1</D:sync-level><D:limit><D:nresults>{most}</D:nresults></D:limit><D:prop/></D:sync-collection>");
        let refused = ask(&desk.program, "REPORT", "0", &calendar, &limited(3)).await;
        assert_eq!((refused.status.as_u16(), refused.text.contains("<D:number-of-matches-within-limits/>")), (403, true));
        assert_eq!(told(&ask(&desk.program, "REPORT", "0", &calendar, &limited(4)).await).len(), 4);
    }
}
