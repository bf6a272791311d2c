//! Calendars are compressed once for all who take them so, and sent as they are to programs that fail on that.

use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::json;

use super::{SEOUL, world::programme};
use crate::on_both;

on_both! {
    async fn programs_get_the_same_calendar_compressed_or_not_as_they_can_take_it(server) {
        programme(&server.admin().await).await;
        let plain = server.anonymous().get(SEOUL).await;
        assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "Accept-Encoding"));
        let reader = server.anonymous().header("Accept-Encoding", "gzip, deflate");
        for _ in ["rendered", "kept"] {
            let packed = reader.get(SEOUL).await;
            assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("gzip", "Accept-Encoding"));
            let mut text = String::new();
            GzDecoder::new(packed.bytes.as_slice()).read_to_string(&mut text).unwrap();
            assert_eq!(text, plain.text);
            let tag = plain.header("etag").trim_matches('"');
            assert_eq!(packed.header("etag"), format!("\"{tag}-gz\""));
            assert_eq!(reader.header("If-None-Match", packed.header("etag")).get(SEOUL).await.status, 304);
        }
        for agent in ["Microsoft Office/16.0 (Microsoft Outlook 16.0)", "Microsoft.Exchange/15.20"] {
            let outlook = reader.header("User-Agent", agent).get(SEOUL).await;
            assert_eq!((outlook.header("content-encoding"), outlook.text == plain.text), ("", true), "{agent}");
        }
    }

    async fn programs_are_given_the_address_as_they_take_it_and_a_download_is_kept(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let made = admin.post("feeds", json!({
            "kind": "event", "object_id": "seoul-2019", "name": "Seoul", "access": "token",
        })).await.expect(201);
        let url = |program: &str| {
            let links = made.json["subscribe"].as_array().unwrap();
            let link = links.iter().find(|link| link["program"] == program).unwrap();
            link["url"].as_str().unwrap().to_owned()
        };
        assert_eq!(url("apple").replace("webcal://", "http://"), made.json["url"].as_str().unwrap());
        assert_eq!(made.header("cache-control"), "no-store");
        let path = |url: &str| url.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
        let download = server.anonymous().get(&path(&url("download"))).await;
        assert_eq!(download.header("content-disposition"), "attachment; filename=\"seoul-2019.ics\"");
        let subscribed = server.anonymous().get(&path(&url("other"))).await;
        assert_eq!(subscribed.header("content-disposition"), "inline; filename=\"seoul-2019.ics\"");
        assert_eq!(subscribed.text, download.text);
        // Like the address itself, it is told once.
        let again = admin.get(&format!("feeds/{}", made.id())).await.expect(200);
        assert!(again.json.get("subscribe").is_none());
    }
}
