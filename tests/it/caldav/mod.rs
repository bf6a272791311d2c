//! CalDAV: what calendar programs find, read and are refused below `/dav/`.

mod arbitrary;
mod fences;
mod foreign;
mod sync;
mod world;

use jiff::SignedDuration;
use serde_json::json;

use crate::{
    feeds::world::{OPENING, Sitting, patch, place, programme, step},
    on_both,
    support::Server,
};
use world::{NAMESPACES, ask, files, propfind, query, somebody, staff, titles, told};

const EVENTS: &str = "<C:comp-filter name=\"VEVENT\"/>";

fn during(range: &str) -> String {
    format!("<C:comp-filter name=\"VEVENT\"><C:time-range {range}/></C:comp-filter>")
}

fn with(property: &str, condition: &str) -> String {
    let filter = format!("<C:prop-filter name=\"{property}\">{condition}</C:prop-filter>");
    format!("<C:comp-filter name=\"VEVENT\">{filter}</C:comp-filter>")
}

on_both! {
    async fn a_program_that_knows_the_host_finds_the_calendars(server) {
        programme(&server.admin().await).await;
        let desk = staff(&server).await;
        let calendar = desk.subscribes(json!({"name": "Seoul & beyond"})).await;
        let moved = ask(&server.anonymous(), "PROPFIND", "0", "/.well-known/caldav", "").await;
        assert_eq!((moved.status.as_u16(), moved.header("location")), (301, "/dav/"));
        for root in ["/dav", "/dav/"] {
            let root = propfind(&desk.program, "0", root, "<D:current-user-principal/><D:resourcetype/>").await;
            assert!(root.text.contains(&format!("<D:current-user-principal><D:href>/dav/p/{}/</D:href>", desk.account)));
        }
        let principal = format!("/dav/p/{}/", desk.account);
        let wanted = "<C:calendar-home-set/><C:calendar-user-address-set/><D:displayname/>";
        let found = propfind(&desk.program, "0", &principal, wanted).await;
        assert_eq!(found.header("content-type"), "application/xml; charset=utf-8");
        for part in [format!("<C:calendar-home-set><D:href>{}</D:href>", desk.home()), "mailto:desk@mail.example".into(), "<D:displayname>Desk<".into()] {
            assert!(found.text.contains(&part), "{part}: {}", found.text);
        }
        let wanted = "<D:resourcetype/><D:displayname/><C:supported-calendar-component-set/><D:current-user-privilege-set/>\
                      <D:sync-token/><CS:getctag/><A:calendar-color/><D:nonsense/><Z:other xmlns:Z=\"urn:z\"/>";
        let home = told(&propfind(&desk.program, "1", &desk.home(), wanted).await);
        assert_eq!(home.iter().map(|told| told.path.clone()).collect::<Vec<_>>(), [desk.home(), calendar.clone()]);
        let shown = &home[1].xml;
        for part in ["<C:calendar/>", "Seoul &amp; beyond", "<C:comp name=\"VEVENT\"/>", "<D:privilege><D:read/></D:privilege>", "<CS:getctag>", "<A:calendar-color>#", "<D:nonsense/>", "<X:other xmlns:X=\"urn:z\"/>"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(!shown.contains("<D:write") && shown.split("404 Not Found").count() == 2, "{shown}");
        for path in ["/dav", "/dav/", &principal, &desk.home(), calendar.trim_end_matches('/'), "/.well-known/caldav"] {
            let options = ask(&server.anonymous(), "OPTIONS", "0", path, "").await;
            assert_eq!(options.header("dav"), "1, 3, access-control, calendar-access", "{path}");
            assert!(!options.header("allow").contains("PUT") && options.header("allow").contains("PROPFIND"));
        }
    }

    async fn an_entry_is_the_same_to_the_byte_as_in_the_feed(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        place(&admin, Sitting { title: "END:VEVENT & <BEGIN:VEVENT>\nEND:VEVENT", ..OPENING }).await;
        let desk = staff(&server).await;
        let (path, _) = crate::feeds::subscribe(&desk.browser, json!({"language": "pl", "alarm_minutes": 10})).await;
        let feed = server.anonymous().get(&path).await.text;
        let home = told(&propfind(&desk.program, "1", &desk.home(), "<D:resourcetype/>").await);
        let calendar = &home[1].path;
        let all = query(&desk.program, calendar, EVENTS).await;
        let files = files(&all);
        assert_eq!(files.len(), 5, "the event itself and four sessions: {}", all.text);
        for file in &files {
            let begin = file.find("BEGIN:VEVENT").unwrap();
            let entry = &file[begin..file.rfind("END:VCALENDAR").unwrap()];
            assert!(feed.contains(entry), "{entry}");
            assert!(file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
            assert_eq!(crate::feeds::readers::all(file).len(), 1);
        }
        assert_eq!(files.concat().matches("BEGIN:VALARM").count(), feed.matches("BEGIN:VALARM").count());
    }

    async fn an_entry_has_an_address_and_a_tag_that_change_with_its_bytes_alone(server) {
        let admin = server.admin().await;
        let opening = programme(&admin).await;
        let desk = staff(&server).await;
        let calendar = desk.subscribes(json!({})).await;
        let list = |depth| { let (program, calendar) = (desk.program.clone(), calendar.clone()); async move {
            told(&propfind(&program, depth, &calendar, "<D:getetag/><D:getcontentlength/>").await)
        } };
        let before = list("1").await;
        assert_eq!((before.len(), list("0").await.len()), (5, 1));
        let session = before.iter().find(|told| told.path.contains(opening.trim_start_matches("sessions/"))).unwrap();
        let path = session.path.clone();
        let file = desk.program.header("Accept-Encoding", "gzip").get(&path).await;
        let tag = file.header("etag").to_owned();
        assert!(session.xml.contains(&tag.replace('"', "&quot;")), "{} {tag}", session.xml);
        assert!(session.xml.contains(&format!("<D:getcontentlength>{}<", file.text.len())));
        assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8; component=VEVENT");
        assert_eq!(desk.program.header("If-None-Match", &tag).get(&path).await.status, 304);
        let head = desk.program.send(poem::http::Method::HEAD, &path, None).await;
        assert_eq!((head.status.as_u16(), head.header("etag")), (200, &*tag));
        server.advance(SignedDuration::from_mins(1));
        patch(&admin, &opening, json!({"placement": {"start": "2019-10-08T09:00:00", "end": "2019-10-08T10:00:00"}})).await;
        let after = desk.program.header("If-None-Match", &tag).get(&path).await;
        assert_eq!(after.status, 200);
        assert!(after.text.contains("DTSTART:20191008T000000Z"), "{}", after.text);
        let after: Vec<_> = list("1").await.into_iter().map(|told| (told.path, told.xml)).collect();
        let same = before.iter().filter(|was| after.contains(&(was.path.clone(), was.xml.clone())));
        assert_eq!((after.len(), same.count()), (5, 4), "the others are what they were");
        for nothing in ["session-0198f3c2-7d1a-7c3e-9b1f-2f6f0c9d8e7a.ics", "x.ics", "x", "%zz.ics"] {
            assert_eq!(desk.program.get(&format!("{calendar}{nothing}")).await.status.as_u16() / 100, 4, "{nothing}");
        }
    }

    async fn entries_are_found_by_time_by_property_and_by_address(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let desk = staff(&server).await;
        let calendar = desk.subscribes(json!({})).await;
        // The opening is 00:00 to 01:30, the drafting 04:00 to 05:00 UTC; the event lasts both days.
        let cases = [
            (EVENTS.to_owned(), vec!["Meeting on cybersecurity", "Opening", "Busy – restricted session", "Drafting"]),
            (during("start=\"20191007T013000Z\" end=\"20191007T020000Z\""), vec!["Meeting on cybersecurity"]),
            (during("start=\"20191007T012959Z\" end=\"20191007T020000Z\""), vec!["Meeting on cybersecurity", "Opening"]),
            (during("start=\"20191007T040000Z\" end=\"20191007T040001Z\""), vec!["Meeting on cybersecurity", "Drafting"]),
            (during("start=\"20191009T000000Z\""), vec![]),
            (during("end=\"20191007T000000Z\""), vec![]),
            (with("SUMMARY", "<C:text-match>OPEN</C:text-match>"), vec!["Opening"]),
            (with("SUMMARY", "<C:text-match collation=\"i;octet\">OPEN</C:text-match>"), vec![]),
            (with("SUMMARY", "<C:text-match negate-condition=\"yes\">n</C:text-match>"), vec![]),
            (with("DESCRIPTION", "<C:text-match>papers; read it, all</C:text-match>"), vec!["Opening", "Drafting"]),
            (with("RRULE", "<C:is-not-defined/>"), vec!["Meeting on cybersecurity", "Opening", "Busy – restricted session", "Drafting"]),
            (with("GEO", ""), vec![]),
            ("<C:comp-filter name=\"VTODO\"/>".to_owned(), vec![]),
            ("<C:comp-filter name=\"VTODO\"><C:is-not-defined/></C:comp-filter>".to_owned(), vec!["Meeting on cybersecurity", "Opening", "Busy – restricted session", "Drafting"]),
        ];
        for (filter, expected) in cases {
            assert_eq!(titles(&query(&desk.program, &calendar, &filter).await), expected, "{filter}");
        }
        let refused = query(&desk.program, &calendar, &with("SUMMARY", "<C:param-filter name=\"LANGUAGE\"/>")).await;
        assert_eq!((refused.status.as_u16(), refused.text.contains("<C:supported-filter/>")), (403, true));

        let all = told(&query(&desk.program, &calendar, EVENTS).await);
        let (first, second) = (&all[0].path, format!("http://127.0.0.1:8080{}", all[1].path.replace('-', "%2D")));
        let elsewhere = all[2].path.replace(&desk.account, "0198f3c2-7d1a-7c3e-9b1f-2f6f0c9d8e7a");
        let hrefs = format!("<D:href>{first}</D:href><D:href>{second}</D:href><D:href>{elsewhere}</D:href><D:href>/dav/&lt;</D:href>");
        let body = format!("<C:calendar-multiget {NAMESPACES}><D:prop><C:calendar-data/></D:prop>{hrefs}</C:calendar-multiget>");
        let got = ask(&desk.program, "REPORT", "1", &calendar, &body).await;
        assert_eq!(titles(&got), ["Meeting on cybersecurity", "Opening"]);
        let missing: Vec<_> = told(&got).into_iter().filter(|told| told.missing).map(|told| told.path).collect();
        assert_eq!(missing, [elsewhere, "/dav/&lt;".to_owned()]);
    }

    async fn who_asks_when_a_reader_is_busy_learns_the_times_alone(server) {
        let admin = server.admin().await;
        let opening = programme(&admin).await;
        let later = Sitting { title: "Beside it", from: "2019-10-07T13:30:00", to: "2019-10-07T15:00:00", ..OPENING };
        place(&admin, later).await;
        let desk = staff(&server).await;
        let calendar = desk.subscribes(json!({"detail": "busy_only"})).await;
        step(&admin, &opening, json!({"to": "cancelled", "reason": "Storm"})).await;
        let body = format!("<C:free-busy-query {NAMESPACES}><C:time-range start=\"20191007T000000Z\" end=\"20191007T053000Z\"/></C:free-busy-query>");
        let busy = ask(&desk.program, "REPORT", "1", &calendar, &body).await;
        assert_eq!((busy.status.as_u16(), busy.header("content-type")), (200, "text/calendar; charset=utf-8"));
        let lines: Vec<&str> = busy.text.lines().filter(|line| line.starts_with("FREEBUSY")).collect();
        // Seoul is nine hours ahead: 11 to 12, and 13 to 14 with 13:30 to 15:00, cut at 14:30.
        assert_eq!(lines, ["FREEBUSY;FBTYPE=BUSY:20191007T020000Z/20191007T030000Z", "FREEBUSY;FBTYPE=BUSY:20191007T040000Z/20191007T053000Z"]);
    }

    async fn a_calendar_shows_what_its_reader_may_see_now(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let poland = crate::feeds::world::organisation(&admin, "POLAND").await;
        let account = domain::access::Account { organisation_id: Some(poland.as_str().into()), ..domain::access::Account::of(domain::access::Role::Delegate, "d@mail.example", "D") };
        let delegate = somebody(&server, account).await;
        let calendar = delegate.subscribes(json!({})).await;
        let seen = async || titles(&query(&delegate.program, &calendar, EVENTS).await);
        assert_eq!(seen().await, ["Meeting on cybersecurity", "Opening"]);
        let delegation = admin.post("events/seoul-2019/delegations", json!({"organisation_id": "POLAND"})).await.expect(201);
        server.advance(SignedDuration::from_mins(1));
        assert_eq!(seen().await, ["Meeting on cybersecurity", "Opening", "Drafting"]);
        admin.header("If-Match", "*").delete(&format!("delegations/{}", delegation.id())).await.expect(204);
        server.advance(SignedDuration::from_mins(1));
        assert_eq!(seen().await, ["Meeting on cybersecurity", "Opening"]);
    }
}

/// A meeting with so many sessions, and so many calendars of it.
async fn busy(server: &Server, sessions: usize, calendars: usize) -> (world::Somebody, String) {
    let admin = server.admin().await;
    programme(&admin).await;
    for _ in 0..sessions {
        place(&admin, OPENING).await;
    }
    let desk = staff(server).await;
    let mut calendar = String::new();
    for _ in 0..calendars {
        calendar = desk.subscribes(json!({})).await;
    }
    (desk, calendar)
}

on_both! {
    async fn a_request_costs_the_same_however_much_there_is(server) {
        let few = busy(&server, 1, 1).await;
        let other = Server::start(crate::support::Backend::Sqlite).await.unwrap();
        let many = busy(&other, 9, 7).await;
        // The first use of the password is noted once an hour.
        let cost = async |server: &Server, (desk, calendar): &(world::Somebody, String)| {
            propfind(&desk.program, "0", "/dav/", "<D:owner/>").await;
            let mut costs = vec![];
            for (depth, path) in [("1", "/dav/"), ("1", &*desk.home()), ("0", calendar), ("1", calendar)] {
                server.statements();
                told(&propfind(&desk.program, depth, path, "<D:getetag/><CS:getctag/><D:sync-token/>").await);
                costs.push(server.statements());
            }
            told(&query(&desk.program, calendar, EVENTS).await);
            costs.push(server.statements());
            let first = world::token(&world::sync(&desk.program, calendar, "").await);
            costs.push(server.statements());
            world::sync(&desk.program, calendar, &first).await;
            costs.push(server.statements());
            costs
        };
        let (cheap, dear) = (cost(&server, &few).await, cost(&other, &many).await);
        assert_eq!(cheap, dear);
        assert!(cheap.iter().all(|cost| (1..=12).contains(cost)), "{cheap:?}");
    }
}
