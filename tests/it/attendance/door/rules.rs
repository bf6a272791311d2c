//! What is said to each scan, and what is kept.

use sea_orm::{ConnectionTrait, Statement};

use super::*;
use crate::{on_both, support::NOW};

on_both! {
    async fn each_scan_gets_its_word_and_refused_ones_are_kept(server) {
        let hall = Hall::new(&server).await;
        let good = hall.holder(&server, "PL", "Nowak").await;
        let observer = hall.holder(&server, "CZ", "Novak").await;
        let old = hall.holder(&server, "PL", "Lis").await;
        hall.badge(&old.delegate).await;
        let lost = hall.holder(&server, "PL", "Mazur").await;
        let badge = hall.admin.get(&format!("delegates/{}/badge", lost.delegate)).await.expect(200).id();
        hall.admin.post(&format!("badges/{badge}/transitions"), json!({"to": "lost"})).await.expect(200);
        let pending = hall.badge(&hall.delegate("PL", "Zając").await).await;
        let door = json!({"name": {"en": "Main"}, "rule": "in_and_out", "categories": ["member"]});
        let door = hall.admin.post("events/assembly/check-types", door).await.expect(201).id();
        let closed = json!({"name": {"en": "Desk"}, "rule": "once", "closes": "2026-03-02T09:00:00"});
        let closed = hall.admin.post("events/assembly/check-types", closed).await.expect(201).id();
        // One character of the signature.
        let forged = format!("{}{}{}", &good.qr[..100], if &good.qr[100..101] == "A" { "B" } else { "A" }, &good.qr[101..]);
        let out = |mut scan: Value| { scan["direction"] = json!("out"); scan };
        let sent = [
            scan("1", &door, &good.qr, NOW),
            scan("2", &door, &good.qr, NOW),
            out(scan("3", &door, &good.qr, NOW)),
            out(scan("4", &door, &good.qr, NOW)),
            scan("5", &door, &observer.qr, NOW),
            scan("6", &door, &old.qr, NOW),
            scan("7", &door, &lost.qr, NOW),
            scan("8", &door, &pending.qr, NOW),
            scan("9", &door, &forged, NOW),
            scan("10", &door, "https://example.org/ticket/17", NOW),
            scan("11", &closed, &good.qr, NOW),
            scan("12", &door, &good.qr, "2026-02-28T14:59:59Z"),
        ];
        let answer = record(&hall.device(&server).await, scans("North", NOW, &sent)).await;
        let expected = [
            "ok", "already_in", "ok", "not_in", "category", "revoked", "lost", "not_approved", "unknown", "unknown",
            "outside_window", "wrong_day",
        ];
        assert_eq!(results(&answer), expected);
        let kept = hall.checks().await;
        let mut said: Vec<_> = kept.iter().map(|row| (row["nonce"].as_str().unwrap().parse::<usize>().unwrap(), row["result"].as_str().unwrap())).collect();
        said.sort_unstable();
        assert_eq!(said.into_iter().map(|(_, result)| result).collect::<Vec<_>>(), expected);
        let refused = hall.admin.get("events/assembly/checks?result=lost").await.expect(200);
        assert_eq!(refused.json["items"][0]["delegate_id"], lost.delegate);
        assert_eq!(refused.json["items"].as_array().unwrap().len(), 1);
    }

    async fn a_badge_of_another_event_and_a_check_type_of_another_event_open_nothing(server) {
        let hall = Hall::new(&server).await;
        let good = hall.holder(&server, "PL", "Nowak").await;
        let other = json!({
            "code": "other", "kind": "workshop", "title": {"en": "Other"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-03-01", "ends_on": "2026-03-04", "languages": ["en"],
        });
        hall.admin.post("events", other).await.expect(201);
        let door = json!({"name": {"en": "Door"}, "rule": "multiple"});
        let door = hall.admin.post("events/other/check-types", door).await.expect(201).id();
        let sent = scans("North", NOW, &[scan("1", &door, &good.qr, NOW)]);
        let answer = hall.admin.post("events/other/checks", sent.clone()).await.expect(200);
        assert_eq!(results(&answer), ["other_event"]);
        let wrong = hall.admin.post("events/assembly/checks", sent).await.expect(422);
        assert_eq!((wrong.codes(), &wrong.json["errors"][0]["pointer"]), (vec!["unknown_check_type"], &json!("/scans/0/check_type_id")));
    }

    async fn the_same_scan_again_gets_the_first_answer_and_no_second_row(server) {
        let hall = Hall::new(&server).await;
        let holder = hall.holder(&server, "PL", "Nowak").await;
        let door = hall.check_type("Lunch", "daily").await;
        let device = hall.device(&server).await;
        let sent = scans("North", NOW, &[scan("1", &door, &holder.qr, NOW), scan("1", &door, &holder.qr, NOW)]);
        let first = record(&device, sent.clone()).await;
        assert_eq!(results(&first), ["ok", "ok"]);
        hall.badge(&holder.delegate).await;
        let again = record(&device, sent.clone()).await;
        assert_eq!(again.text, first.text);
        assert_eq!(hall.checks().await.len(), 1);
        // Another device makes its nonces for itself, and so does another one with the same key.
        let mut other = sent;
        other["device"] = json!("South");
        assert_eq!(results(&record(&device, other).await), ["revoked", "revoked"]);
        assert_eq!(hall.checks().await.len(), 2);
    }

    async fn lunch_is_once_a_day_by_the_clocks_of_the_place(server) {
        let hall = Hall::new(&server).await;
        let holder = hall.holder(&server, "PL", "Nowak").await;
        let lunch = hall.check_type("Lunch", "daily").await;
        // 14:59:59 in Greenwich is the last second of the day in Seoul.
        let times = ["2026-03-01T03:00:00Z", "2026-03-01T14:59:59Z", "2026-03-01T15:00:00Z", "2026-03-02T03:00:00Z"];
        let sent: Vec<_> = times.iter().map(|at| scan(at, &lunch, &holder.qr, at)).collect();
        let answer = record(&hall.admin, scans("North", NOW, &sent)).await;
        assert_eq!(results(&answer), ["ok", "already_in", "ok", "already_in"]);
    }

    async fn scans_of_a_device_that_was_offline_keep_their_time_and_conflicts_are_marked(server) {
        let hall = Hall::new(&server).await;
        let [nowak, lis] = [hall.holder(&server, "PL", "Nowak").await, hall.holder(&server, "PL", "Lis").await];
        let door = hall.check_type("Main", "in_and_out").await;
        let device = hall.device(&server).await;
        let told = |mut scan: Value, said: &str, direction: &str| { scan["told"] = json!(said); scan["direction"] = json!(direction); scan };
        // The device by the other door knows of none of these, and its clock is three hours behind.
        let online = [scan("1", &door, &nowak.qr, "2026-03-02T07:00:00Z")];
        record(&device, scans("North", NOW, &online)).await;
        let late = [
            told(scan("1", &door, &nowak.qr, "2026-03-02T03:30:00Z"), "ok", "in"),
            told(scan("2", &door, &lis.qr, "2026-03-02T04:10:00Z"), "ok", "in"),
            told(scan("3", &door, &lis.qr, "2026-03-02T04:20:00Z"), "unknown", "in"),
            told(scan("4", &door, &nowak.qr, "2026-03-02T04:40:00Z"), "ok", "out"),
        ];
        let answer = record(&device, scans("South", "2026-03-02T05:00:00Z", &late)).await;
        assert_eq!(answer.json["clock_behind_ms"], 3 * 3600 * 1000);
        let answers = answer.json["answers"].as_array().unwrap();
        let said: Vec<_> = answers.iter().map(|it| (it["result"].as_str().unwrap(), it["passed"].as_bool().unwrap(), it["conflict"].as_bool().unwrap(), it["happened_at"].as_str().unwrap())).collect();
        assert_eq!(said, [
            // Half an hour before the scan of the other door, which also was inwards: one of the two is wrong.
            ("ok", true, true, "2026-03-02T06:30:00Z"),
            ("ok", true, false, "2026-03-02T07:10:00Z"),
            // The device turned them away: they are not let in afterwards.
            ("unknown", false, false, "2026-03-02T07:20:00Z"),
            ("ok", true, false, "2026-03-02T07:40:00Z"),
        ]);
        assert_eq!(hall.inside(&door).await, std::slice::from_ref(&lis.delegate));
        let conflicts = hall.admin.get("events/assembly/checks?conflict=true").await.expect(200);
        assert_eq!(conflicts.json["items"].as_array().unwrap().len(), 1);
        assert_eq!((&conflicts.json["items"][0]["scanned_at"], &conflicts.json["items"][0]["received_at"]), (&json!("2026-03-02T03:30:00Z"), &json!(NOW)));

        // Whom the device let pass has passed, whatever should have been said.
        let pass = [told(scan("5", &door, &lis.qr, "2026-03-02T04:50:00Z"), "ok", "in")];
        let answer = record(&device, scans("South", "2026-03-02T05:00:00Z", &pass)).await;
        let answer = &answer.json["answers"][0];
        assert_eq!((&answer["result"], &answer["passed"], &answer["conflict"]), (&json!("already_in"), &json!(true), &json!(true)));
    }

    async fn of_eight_devices_that_scan_one_badge_at_once_one_lets_it_pass(server) {
        let hall = Hall::new(&server).await;
        let holder = hall.holder(&server, "PL", "Nowak").await;
        let mut devices = vec![];
        for _ in 0..8 {
            devices.push(hall.device(&server).await);
        }
        for rule in ["once", "daily", "in_and_out"] {
            let door = hall.check_type(rule, rule).await;
            let sent = devices.iter().map(|device| {
                let (device, body) = (device.clone(), scans("Door", NOW, &[scan(rule, &door, &holder.qr, NOW)]));
                tokio::spawn(async move { record(&device, body).await })
            });
            let mut said = vec![];
            for answer in sent.collect::<Vec<_>>() {
                said.push(results(&answer.await.unwrap())[0].to_owned());
            }
            said.sort_unstable();
            assert_eq!(said, [vec!["already_in"; 7], vec!["ok"]].concat(), "{rule}");
        }
        assert_eq!(hall.checks().await.len(), 24);
    }

    async fn a_forced_passage_counts_and_says_what_was_wrong(server) {
        let hall = Hall::new(&server).await;
        let pending = hall.badge(&hall.delegate("PL", "Nowak").await).await;
        let door = hall.check_type("Main", "in_and_out").await;
        let mut forced = scan("1", &door, &pending.qr, NOW);
        forced["forced"] = json!(true);
        let answer = record(&hall.admin, scans("North", NOW, &[forced])).await;
        assert_eq!((results(&answer), &answer.json["answers"][0]["passed"]), (vec!["not_approved"], &json!(true)));
        assert_eq!(hall.inside(&door).await, [pending.delegate]);
    }

    async fn a_device_takes_along_what_it_needs_and_may_do_nothing_else(server) {
        let hall = Hall::new(&server).await;
        let holder = hall.holder(&server, "PL", "Nowak").await;
        hall.check_type("Main", "in_and_out").await;
        let device = hall.device(&server).await;
        let door = device.get("events/assembly/door").await.expect(200);
        assert_eq!((&door.json["badges"][0]["state"], &door.json["badges"][0]["approved"], &door.json["badges"][0]["category"]), (&json!("valid"), &json!(true), &json!("member")));
        assert_eq!(door.json["public_keys"][0].as_str().unwrap().len(), 64);
        assert_eq!((&door.json["check_types"][0]["rule"], &door.json["time_zone"]), (&json!("in_and_out"), &json!("Asia/Seoul")));
        assert!(!door.text.contains("Nowak") && !door.text.contains(&holder.delegate), "{}", door.text);
        let known = device.header("If-None-Match", door.header("etag"));
        known.get("events/assembly/door").await.expect(304);
        hall.badge(&holder.delegate).await;
        let door = known.get("events/assembly/door").await.expect(200);
        let mut states: Vec<_> = door.json["badges"].as_array().unwrap().iter().map(|badge| badge["state"].as_str().unwrap()).collect();
        states.sort_unstable();
        assert_eq!(states, ["revoked", "valid"]);
        for path in ["events/assembly/delegates", "events/assembly/badges", "events/assembly/check-types", "persons", "events"] {
            device.get(path).await.expect(403);
        }
        device.post(&format!("delegates/{}/badge", holder.delegate), json!({})).await.expect(403);
        device.post("events/assembly/check-types", json!({"name": {"en": "x"}, "rule": "once"})).await.expect(403);
    }

    async fn a_check_type_that_was_deleted_lets_nobody_pass_and_loses_no_scan(server) {
        let hall = Hall::new(&server).await;
        let holder = hall.holder(&server, "PL", "Nowak").await;
        let made = hall.admin.post("events/assembly/check-types", json!({"name": {"en": "Side"}, "rule": "multiple"})).await.expect(201);
        hall.admin.if_match(&made).delete(&format!("check-types/{}", made.id())).await.expect(204);
        let answer = record(&hall.admin, scans("North", NOW, &[scan("1", &made.id(), &holder.qr, NOW)])).await;
        assert_eq!(results(&answer), ["outside_window"]);
        assert_eq!(hall.checks().await.len(), 1);
    }

    async fn a_check_type_names_a_session_of_its_own_event(server) {
        let hall = Hall::new(&server).await;
        let session = |event: &str| json!({"event_id": event, "kind": "plenary", "title": {"en": "Opening"}});
        let own = hall.admin.post("sessions", session("assembly")).await.expect(201).id();
        let other = json!({
            "code": "other", "kind": "workshop", "title": {"en": "Other"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-03-01", "ends_on": "2026-03-04", "languages": ["en"],
        });
        hall.admin.post("events", other).await.expect(201);
        let foreign = hall.admin.post("sessions", session("other")).await.expect(201).id();
        let body = |session: &str| json!({"name": {"en": "Opening"}, "rule": "once", "session_id": session});
        hall.admin.post("events/assembly/check-types", body(&own)).await.expect(201);
        let refused = hall.admin.post("events/assembly/check-types", body(&foreign)).await.expect(422);
        assert_eq!(refused.codes(), ["unknown_session"]);
    }

    async fn what_was_scanned_can_be_neither_changed_nor_deleted(server) {
        let hall = Hall::new(&server).await;
        let holder = hall.holder(&server, "PL", "Nowak").await;
        let door = hall.check_type("Main", "multiple").await;
        record(&hall.admin, scans("North", NOW, &[scan("1", &door, &holder.qr, NOW)])).await;
        let before = hall.checks().await;
        for sql in ["UPDATE checks SET passed = FALSE", "UPDATE checks SET delegate_id = badge_id", "DELETE FROM checks"] {
            let connection = server.app.db.read();
            let run = connection.execute_raw(Statement::from_string(connection.get_database_backend(), sql)).await;
            assert!(run.is_err(), "{sql}");
        }
        assert_eq!(hall.checks().await, before);
    }

    async fn whoever_is_erased_is_taken_out_of_the_checks_and_their_badge_opens_nothing(server) {
        let hall = Hall::new(&server).await;
        let holder = hall.holder(&server, "PL", "Nowak").await;
        let door = hall.check_type("Main", "in_and_out").await;
        record(&hall.admin, scans("North", NOW, &[scan("1", &door, &holder.qr, NOW)])).await;
        let delegate = hall.admin.get(&format!("delegates/{}", holder.delegate)).await.expect(200);
        let person = format!("persons/{}", delegate.json["person_id"].as_str().unwrap());
        let export = hall.admin.get(&format!("{person}/export")).await.expect(200);
        assert!(export.text.contains("\"checks\"") && !export.text.contains("token_hash"), "{}", export.text);
        let order = json!({"reason": "Request, file 17"});
        hall.admin.header("If-Match", "*").post(&format!("{person}/erasure"), order).await.expect(200);
        let kept = hall.checks().await;
        assert_eq!((kept.len(), kept[0].get("delegate_id"), kept[0].get("badge_id")), (1, None, None));
        assert_eq!((&kept[0]["result"], hall.inside(&door).await), (&json!("ok"), vec![]));
        let answer = record(&hall.admin, scans("North", NOW, &[scan("2", &door, &holder.qr, NOW)])).await;
        assert_eq!(results(&answer), ["unknown"]);
    }

    async fn who_passed_which_door_is_forgotten_some_days_after_the_event(server) {
        let server = server.configured(|config| config.after_event_days = 30);
        let hall = Hall::new(&server).await;
        let holder = hall.holder(&server, "PL", "Nowak").await;
        let door = hall.check_type("Main", "in_and_out").await;
        record(&hall.admin, scans("North", NOW, &[scan("1", &door, &holder.qr, NOW)])).await;
        let known = async |days: i64| {
            server.advance(jiff::SignedDuration::from_hours(24 * days));
            api::privacy::retention::run(&server.app).await.unwrap();
            server.admin().await.get("events/assembly/checks").await.expect(200).json["items"][0].get("delegate_id").is_some()
        };
        // It ends on 4 March; the clock stands at the 2nd.
        assert!(known(32).await);
        assert!(!known(1).await);
    }
}
