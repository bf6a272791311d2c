//! Whatever a body says, it is answered, and what is answered can be read.

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;
use tokio::runtime::Handle;

use super::world::{ask, staff};
use crate::{
    feeds::world::programme,
    support::{Backend, Server},
};

/// Something like what clients send, with pieces missing, doubled, misplaced and spoilt.
fn body() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "<D:propfind xmlns:D=\"DAV:\">",
            "</D:propfind>",
            "<D:prop>",
            "</D:prop>",
            "<D:getetag/>",
            "<D:allprop/>",
            "<D:propname/>",
            "<C:calendar-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\">",
            "</C:calendar-query>",
            "<C:filter>",
            "</C:filter>",
            "<C:comp-filter name=\"VCALENDAR\">",
            "<C:comp-filter name=\"VEVENT\"/>",
            "</C:comp-filter>",
            "<C:time-range start=\"20260101T000000Z\"/>",
            "<C:time-range start=\"99999999T999999Z\" end=\"\"/>",
            "<C:prop-filter name=\"SUMMARY\"/>",
            "<D:sync-collection xmlns:D=\"DAV:\">",
            "</D:sync-collection>",
            "<D:sync-token>x</D:sync-token>",
            "<D:limit><D:nresults>-1</D:nresults></D:limit>",
            "<D:href>/dav/%</D:href>",
            "<x xmlns=\"\u{e9}&amp;\"/>",
            "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\">",
            "</C:calendar-multiget>",
            "<!DOCTYPE a>",
            "<![CDATA[]]>",
            "]]>",
            "<!--",
            "-->",
            "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
            "&#0;",
            "&amp;",
            "&",
            "<a b='",
            "xmlns:D=\"DAV:\"",
            "\u{feff}",
            "\u{0}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_body_is_an_error_of_the_server_and_every_answer_is_well_formed() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    programme(&server.admin().await).await;
    let desk = staff(&server).await;
    let calendar = desk.subscribes(json!({})).await;
    let handle = Handle::current();
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() });
    let tried = tokio::task::spawn_blocking(move || {
        let methods = prop::sample::select(vec!["PROPFIND", "REPORT"]);
        runner.run(&(methods, body()), |(method, body)| {
            let answer = handle.block_on(ask(&desk.program, method, "1", &calendar, &body));
            prop_assert!(matches!(answer.status.as_u16(), 200 | 207 | 400 | 403), "{}", answer.status);
            if answer.header("content-type").starts_with("application/xml") {
                let read = domain::calendars::caldav::Element::read(&answer.bytes);
                prop_assert!(read.is_ok(), "{read:?}: {}", answer.text);
            }
            Ok(())
        })
    });
    tried.await.unwrap().unwrap();
}
