//! Where what calendars show is on the map, and the picture by which a telephone subscribes.

use domain::access::Role;
use serde_json::json;

use super::{
    SEOUL,
    kinds::{duty, meeting, session, somebody},
    readers::all,
    strict::faults,
    subscribe,
    world::{patch, programme, step},
};
use crate::{on_both, support::foreign};

const GEO: &str = "\r\nGEO:37.532600;126.960700\r\n";

on_both! {
    async fn a_session_is_on_the_map_wherever_its_place_is_shown_and_nowhere_else(server) {
        let admin = server.admin().await;
        meeting(&admin).await;
        let opening = session(&admin, "Opening", 9, Some("hall-a")).await;
        session(&admin, "Elsewhere", 11, Some("hall-b")).await;
        let reader = server.anonymous();
        assert!(!reader.get(SEOUL).await.text.contains("GEO"));
        patch(&admin, "rooms/hall-a", json!({"position": "37.5326, 126.9607"})).await;
        let (person, client) = somebody(&server, &admin, "Speaker").await;
        duty(&admin, &opening, &person).await;
        let staff = server.role(Role::Secretariat).await;
        let feeds = [
            SEOUL.to_owned(),
            subscribe(&staff, json!({})).await.0,
            subscribe(&staff, json!({"language": "pl"})).await.0,
            subscribe(&staff, json!({"kind": "room", "object_id": "hall-a"})).await.0,
            subscribe(&client, json!({"kind": "person", "object_id": "me", "name": "Mine"})).await.0,
        ];
        for feed in &feeds {
            let file = reader.get(feed).await.expect(200).text;
            assert_eq!((file.matches("GEO").count(), file.contains(GEO)), (1, true), "{feed}: {file}");
            assert_eq!(faults(file.as_bytes()), Vec::<&str>::new());
            all(&file);
        }
        for detail in ["title_only", "busy_only"] {
            let (path, _) = subscribe(&staff, json!({ "detail": detail })).await;
            assert!(!reader.get(&path).await.expect(200).text.contains("GEO"), "{detail}");
        }
        // Who gives it a neutral name does not want it found, and what is amber says where it is nowhere.
        patch(&admin, "rooms/hall-a", json!({"public_label": {"en": "Room 7"}})).await;
        assert!(!reader.get(SEOUL).await.text.contains("GEO"));
        patch(&admin, "rooms/hall-a", json!({"public_label": null})).await;
        assert!(reader.get(SEOUL).await.text.contains(GEO));
        patch(&admin, &opening, json!({"visibility": "participants", "tlp": "amber"})).await;
        let file = reader.get(&feeds[1]).await.expect(200).text;
        assert!(!file.contains("GEO") && !file.contains("Opening"), "{file}");
    }

    async fn a_place_that_is_not_on_the_globe_is_refused(server) {
        let admin = server.admin().await;
        for position in ["Seoul", "91,0", "1;2", "1e1,2", ""] {
            let room = json!({"code": "hall", "name": {"en": "Hall"}, "venue": {"en": "Centre"}, "position": position});
            assert_eq!(admin.post("rooms", room).await.expect(422).codes(), ["invalid"], "{position}");
        }
    }

    async fn a_telephone_subscribes_by_a_picture_that_is_as_secret_as_the_address(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let made = json!({"kind": "event", "object_id": "seoul-2019", "name": "Mine", "access": "token"});
        let made = admin.post("feeds", made).await.expect(201);
        let links = made.json["subscribe"].as_array().unwrap();
        let link = links.iter().find(|link| link["program"] == "qr_code").unwrap();
        let path = link["url"].as_str().unwrap().strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
        let reader = server.anonymous();
        let picture = reader.get(&path).await.expect(200);
        let header = |name: &str| picture.header(name).to_owned();
        assert_eq!((header("content-type"), header("cache-control")), ("image/svg+xml".into(), "private, no-cache".into()));
        assert_eq!(header("referrer-policy"), "no-referrer");
        let says = foreign::node("read_qr.mjs", &picture.text);
        assert_eq!(Some(says.strip_prefix("webcal").unwrap()), made.json["url"].as_str().unwrap().strip_prefix("http"));
        let stored = admin.get(&format!("feeds/{}", made.id())).await.expect(200);
        assert!(stored.json.get("last_fetched_at").is_none(), "who looks at the picture has not subscribed yet");

        let open = reader.get("/ical/events/seoul-2019.svg").await.expect(200);
        assert_eq!(foreign::node("read_qr.mjs", &open.text), "webcal://127.0.0.1:8080/ical/events/seoul-2019.ics");
        admin.if_match(&stored).delete(&format!("feeds/{}", made.id())).await.expect(204);
        let (gone, never) = (reader.get(&path).await, reader.get("/ical/wgf_none.svg").await);
        assert_eq!((gone.status.as_u16(), never.status.as_u16(), &gone.text, &never.text), (404, 404, &String::new(), &String::new()));
        step(&admin, "events/seoul-2019", json!({"to": "cancelled"})).await;
        patch(&admin, "events/seoul-2019", json!({"visibility": "participants"})).await;
        assert_eq!(reader.get("/ical/events/seoul-2019.svg").await.status, 404);
    }
}
