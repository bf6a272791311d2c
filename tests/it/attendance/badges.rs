//! Badges: who gets them, who sees them, and what others read in their codes.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::access::{Account, NewKey, Role, Scope};
use sea_orm::EntityTrait;
use sha2::{Digest, Sha256};

use super::*;
use crate::{on_both, support::foreign};

/// What a program of others reads in the picture of a code.
fn read_by_others(svg: &str, public_key: &str) -> Value {
    let answer = foreign::node("read_badge.mjs", &json!({"svg": svg, "public_key": public_key}).to_string());
    serde_json::from_str(&answer).unwrap()
}

on_both! {
    async fn a_program_of_others_reads_the_code_and_checks_the_signature(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let head = seoul.nominate("PL", "Nowak", "head").await;
        let path = format!("delegates/{}/badge", head.id());
        let issued = seoul.admin.post(&path, json!({"zones": ["plenary"]})).await.expect(201);
        assert_eq!((&issued.json["serial"], &issued.json["printing"], &issued.json["state"]), (&json!(1), &json!(1), &json!("valid")));
        assert!(issued.json.get("qr").is_none(), "the answer to a POST is kept for its repetition");
        let read = seoul.admin.get(&path).await.expect(200);
        assert_eq!(read.header("cache-control"), "no-store");
        let qr = seoul.admin.get(&format!("{path}/qr")).await.expect(200);
        assert_eq!((qr.header("content-type"), qr.header("cache-control")), ("image/svg+xml", "no-store"));

        let keys = entity::attendance::door_key::Entity::find().all(server.app.db.read()).await.unwrap();
        let seen = read_by_others(&qr.text, &keys[0].public_key);
        assert_eq!(seen["text"], read.json["qr"]);
        assert_eq!((&seen["event"], &seen["signed"]), (&json!(seoul.event), &json!(true)));
        let token: Vec<u8> = (0..32).step_by(2).map(|at| u8::from_str_radix(&seen["token"].as_str().unwrap()[at..at + 2], 16).unwrap()).collect();
        let hash: String = Sha256::digest(&token).iter().map(|byte| format!("{byte:02x}")).collect();
        let kept = entity::attendance::badge::Entity::find().one(server.app.db.read()).await.unwrap().unwrap();
        assert_eq!(kept.token_hash.as_deref(), Some(hash.as_str()));
        let dump = server.dump().await;
        assert!(!dump.contains(read.json["qr"].as_str().unwrap()) && !dump.contains(seen["token"].as_str().unwrap()));
        // By the key of anything else the signature is wrong.
        assert_eq!(read_by_others(&qr.text, &"d7".repeat(32))["signed"], false);
    }

    async fn printing_again_keeps_the_number_and_ends_the_badge_before(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let [nowak, lis] = [seoul.nominate("PL", "Nowak", "head").await, seoul.nominate("PL", "Lis", "adviser").await];
        let path = |delegate: &Answer| format!("delegates/{}/badge", delegate.id());
        seoul.admin.get(&path(&nowak)).await.expect(404);
        let first = seoul.admin.post(&path(&nowak), json!({})).await.expect(201);
        let other = seoul.admin.post(&path(&lis), json!({})).await.expect(201);
        let code = seoul.admin.get(&path(&nowak)).await.expect(200).json["qr"].clone();
        let second = seoul.admin.post(&path(&nowak), json!({})).await.expect(201);
        let number = |answer: &Answer| (answer.json["serial"].as_i64().unwrap(), answer.json["printing"].as_i64().unwrap());
        assert_eq!([number(&first), number(&other), number(&second)], [(1, 1), (2, 1), (1, 2)]);
        assert_eq!(seoul.admin.get(&format!("badges/{}", first.id())).await.expect(200).json["state"], "revoked");
        assert_ne!(seoul.admin.get(&path(&nowak)).await.expect(200).json["qr"], code);
        let valid = seoul.admin.get("events/seoul-2019/badges?state=valid").await.expect(200);
        let (mut listed, mut expected) = (each(&valid, "items", "id"), [other.id(), second.id()]);
        // The clock of the test stands, so neither was issued before the other.
        listed.sort_unstable();
        expected.sort_unstable();
        assert_eq!(listed, expected);
        let changes = seoul.admin.get("changes?limit=200").await.expect(200);
        let told: Vec<_> = each(&changes, "items", "type").into_iter().filter(|kind| kind.starts_with("badge.")).collect();
        assert_eq!(told, ["badge.issued", "badge.issued", "badge.revoked", "badge.issued"]);
    }

    async fn it_is_kept_who_picked_up_which_badges_for_the_delegation(server) {
        let seoul = Seoul::new(&server).await;
        let poland = seoul.invite("PL").await.id();
        let czechia = seoul.invite("CZ").await.id();
        let [nowak, lis] = [seoul.nominate("PL", "Nowak", "head").await.id(), seoul.nominate("PL", "Lis", "adviser").await.id()];
        let svoboda = seoul.nominate("CZ", "Svoboda", "head").await.id();
        let mut badges = vec![];
        for delegate in [&nowak, &lis, &svoboda] {
            badges.push(seoul.admin.post(&format!("delegates/{delegate}/badge"), json!({})).await.expect(201).id());
        }
        let path = format!("delegations/{poland}/badge-collections");
        let collect = async |ids: &[&String], by: &String| {
            seoul.admin.post(&path, json!({"badge_ids": ids, "collected_by": by})).await
        };
        for (ids, by, code) in [
            (vec![&badges[0], &badges[2]], &lis, "unknown_badge"),
            (vec![&badges[0]], &svoboda, "unknown_delegate"),
            (vec![&badges[0], &badges[0]], &lis, "repeated"),
        ] {
            assert_eq!(collect(&ids, by).await.expect(422).codes(), [code]);
        }
        assert_eq!(seoul.admin.get(&path).await.expect(200).json["items"], json!([]), "refused ones leave no trace");
        let at = server.app.clock.now().to_string();
        let first = collect(&[&badges[0], &badges[1]], &lis).await.expect(200);
        assert_eq!((&first.json["collected_by"], &first.json["collected_at"]), (&json!(lis), &json!(at)));
        let badge = seoul.admin.get(&format!("badges/{}", badges[0])).await.expect(200);
        assert_eq!((&badge.json["collected_at"], &badge.json["version"]), (&json!(at), &json!(2)));
        assert!(seoul.admin.get(&format!("badges/{}", badges[2])).await.expect(200).json["collected_at"].is_null());
        assert_eq!(collect(&[&badges[1]], &lis).await.expect(422).codes(), ["badge_collected"]);

        // A badge in the place of another lies at the desk again; the one before cannot be picked up.
        let again = seoul.admin.post(&format!("delegates/{nowak}/badge"), json!({})).await.expect(201);
        assert!(again.json["collected_at"].is_null());
        collect(&[&again.id()], &nowak).await.expect(200);
        let lost = seoul.admin.post(&format!("delegates/{lis}/badge"), json!({})).await.expect(201).id();
        seoul.admin.post(&format!("badges/{lost}/transitions"), json!({"to": "lost"})).await.expect(200);
        assert_eq!(collect(&[&lost], &nowak).await.expect(422).codes(), ["badge_ended"]);

        let list = seoul.admin.get(&path).await.expect(200);
        assert_eq!(each(&list, "items", "collected_by").len(), 2);
        let of_lis = list.json["items"].as_array().unwrap().iter().find(|item| item["collected_by"] == json!(lis)).unwrap();
        assert_eq!(of_lis["badge_ids"], json!([badges[0], badges[1]]));
        let own = server.manager_of("PL").await;
        assert_eq!(own.get(&path).await.expect(200).json, list.json);
        own.get(&format!("delegations/{czechia}/badge-collections")).await.expect(404);
        own.post(&path, json!({"badge_ids": [again.id()], "collected_by": nowak})).await.expect(403);
        let changes = seoul.admin.get("changes?limit=200").await.expect(200);
        assert_eq!(each(&changes, "items", "type").into_iter().filter(|kind| *kind == "badge.collected").count(), 3);
        assert!(!own.get("changes?limit=200").await.expect(200).text.contains("badge.collected"));
    }

    async fn badges_issued_at_once_have_a_number_each(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let mut paths = vec![];
        for name in ["Nowak", "Lis", "Mazur", "Zając"] {
            paths.push(format!("delegates/{}/badge", seoul.nominate("PL", name, "expert").await.id()));
        }
        let issued = paths.iter().map(|path| { let (admin, path) = (seoul.admin.clone(), path.clone()); tokio::spawn(async move { admin.post(&path, json!({})).await }) });
        let mut serials = vec![];
        for answer in issued.collect::<Vec<_>>() {
            serials.push(answer.await.unwrap().expect(201).json["serial"].as_i64().unwrap());
        }
        serials.sort_unstable();
        assert_eq!(serials, [1, 2, 3, 4]);
    }

    async fn a_badge_that_has_ended_shows_no_code_and_does_not_come_back(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let path = format!("delegates/{}/badge", seoul.nominate("PL", "Nowak", "head").await.id());
        let badge = seoul.admin.post(&path, json!({})).await.expect(201);
        let transitions = format!("badges/{}/transitions", badge.id());
        let lost = seoul.admin.post(&transitions, json!({"to": "lost"})).await.expect(200);
        assert_eq!((&lost.json["state"], &lost.json["version"]), (&json!("lost"), &json!(2)));
        assert!(seoul.admin.get(&path).await.expect(200).json.get("qr").is_none());
        seoul.admin.get(&format!("{path}/qr")).await.expect(403);
        let back = seoul.admin.post(&transitions, json!({"to": "valid"})).await.expect(409);
        assert_eq!(back.json["type"], "/problems/badge-ended");
        let again = seoul.admin.post(&path, json!({})).await.expect(201);
        assert_eq!((&again.json["serial"], &again.json["printing"]), (&json!(1), &json!(2)));
        seoul.admin.get(&format!("{path}/qr")).await.expect(200);
    }

    async fn a_badge_is_its_holders_and_the_secretariats(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let [nowak, lis] = [seoul.nominate("PL", "Nowak", "head").await, seoul.nominate("PL", "Lis", "adviser").await];
        let paths = [&nowak, &lis].map(|delegate| format!("delegates/{}/badge", delegate.id()));
        for path in &paths {
            seoul.admin.post(path, json!({})).await.expect(201);
        }
        let ends_at = domain::moment::Moment::parse("2026-04-01");
        let person_id = Some(nowak.json["person_id"].as_str().unwrap().into());
        let own = server.signed_in(Account { person_id, ends_at, ..Account::of(Role::Guest, "nowak@example.org", "Nowak") }).await;
        assert!(own.get(&paths[0]).await.expect(200).json["qr"].is_string());
        own.get(&format!("{}/qr", paths[0])).await.expect(200);
        own.get(&paths[1]).await.expect(404);
        own.post(&paths[0], json!({})).await.expect(403);
        assert_eq!(own.get("events/seoul-2019/badges").await.expect(200).json["items"].as_array().unwrap().len(), 1);
        let manager = seoul.delegate(&server, "PL").await;
        manager.get(&paths[0]).await.expect(404);
        assert_eq!(manager.get("events/seoul-2019/badges").await.expect(200).json["items"], json!([]));
        let auditor = server.role(Role::Auditor).await;
        assert!(auditor.get(&paths[0]).await.expect(200).json.get("qr").is_none());
        // A program that only prints.
        let scopes = vec![Scope::parse("badges:read").unwrap()];
        let printer = server.key(NewKey { role: Role::Secretariat, scopes, event_ids: vec!["seoul-2019".into()], ..NewKey::default() }).await;
        assert!(printer.get(&paths[0]).await.expect(200).json["qr"].is_string());
        printer.post(&paths[0], json!({})).await.expect(403);
    }

    async fn a_badge_made_with_another_key_is_not_shown_as_if_it_worked(server) {
        let seoul = Seoul::new(&server).await;
        seoul.invite("PL").await;
        let path = format!("delegates/{}/badge", seoul.nominate("PL", "Nowak", "head").await.id());
        seoul.admin.post(&path, json!({})).await.expect(201);
        let server = server.configured(|config| config.badge_key = Some("another badge key, also of 32 characters".parse().unwrap()));
        let admin = server.admin().await;
        let refused = admin.get(&path).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/badge-key-changed");
        admin.post(&path, json!({})).await.expect(201);
        admin.get(&path).await.expect(200);
    }
}

#[tokio::test]
async fn without_a_configured_key_the_server_makes_one_beside_an_embedded_database() {
    let server =
        Server::start(crate::support::Backend::Sqlite).await.unwrap().configured(|config| config.badge_key = None);
    let seoul = Seoul::new(&server).await;
    seoul.invite("PL").await;
    let path = format!("delegates/{}/badge", seoul.nominate("PL", "Nowak", "head").await.id());
    seoul.admin.post(&path, json!({})).await.expect(201);
    let code = seoul.admin.get(&path).await.expect(200).json["qr"].clone();
    assert_eq!(
        seoul
            .admin
            .at(&server.beside().await.configured(|config| config.badge_key = None))
            .get(&path)
            .await
            .expect(200)
            .json["qr"],
        code
    );
}

/// The pages of a PDF as pictures, by poppler, each in SVG so that whatever reads a code can read it.
fn pages(pdf: &std::path::Path) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let drawn = std::process::Command::new("pdftoppm")
        .args(["-png", "-scale-to-x", "980", "-scale-to-y", "-1"])
        .arg(pdf)
        .arg(folder.path().join("page"))
        .status();
    assert!(drawn.expect("scripts/test installs it").success());
    let mut files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let picture = |file: std::path::PathBuf| {
        let png = STANDARD.encode(std::fs::read(file).unwrap());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 105 148\">\
             <image width=\"105\" height=\"148\" href=\"data:image/png;base64,{png}\"/></svg>"
        )
    };
    files.into_iter().map(picture).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sheets_of_badges_open_in_foreign_programs_and_their_codes_can_be_read() {
    let server = Server::start(crate::support::Backend::Sqlite).await.unwrap();
    let seoul = Seoul::new(&server).await;
    let nothing = seoul.admin.get("events/seoul-2019/badges.pdf").await.expect(409);
    assert_eq!(nothing.json["type"], "/problems/no-badges");
    for code in ["PL", "CZ"] {
        seoul.invite(code).await;
    }
    let head = seoul.nominate("PL", "Wójcik", "head").await;
    let guarded = json!({"display_name": "Szymon Tajny", "organisation_id": "PL", "protected": true});
    let guarded = seoul.admin.post("persons", guarded).await.expect(201).id();
    let guarded =
        seoul.admin.post("events/seoul-2019/delegates", nomination("PL", &guarded, "adviser")).await.expect(201);
    let expert = seoul.nominate("CZ", "Novák", "expert").await;
    // In the order of the sheet: by organisation, then by function.
    let delegates = [&expert, &head, &guarded];
    for delegate in delegates {
        seoul.admin.post(&format!("delegates/{}/badge", delegate.id()), json!({})).await.expect(201);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = async |name: &str, query: &str| {
        let printed = seoul.admin.get(&format!("events/seoul-2019/badges.pdf?{query}")).await.expect(200);
        assert_eq!((printed.header("content-type"), printed.header("cache-control")), ("application/pdf", "no-store"));
        let path = folder.path().join(name);
        std::fs::write(&path, printed.bytes).unwrap();
        path
    };
    let single = file("a6.pdf", "paper=a6&lang=pl").await;
    let keys = entity::attendance::door_key::Entity::find().all(server.app.db.read()).await.unwrap();
    let pictures = pages(&single);
    assert_eq!(pictures.len(), 3);
    for (delegate, picture) in delegates.iter().zip(&pictures) {
        let badge = seoul.admin.get(&format!("delegates/{}/badge", delegate.id())).await.expect(200);
        let seen = read_by_others(picture, &keys[0].public_key);
        assert_eq!((&seen["text"], &seen["signed"]), (&badge.json["qr"], &json!(true)));
    }
    let text = foreign::text_of_pdf(&single);
    for words in ["Novák", "Czechia", "Wójcik", "Ekspert", "Doradca", "Nr 2", "Delegacja"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("Tajny"), "{text}");
    assert!(foreign::about_pdf(&single).contains("Tagged:          yes"), "{}", foreign::about_pdf(&single));
    assert!(foreign::about_pdf(&file("a4.pdf", "").await).contains("Pages:           1"));
    assert_eq!(pages(&file("cz.pdf", "paper=a6&delegation=CZ").await).len(), 1);
    let entries = seoul.admin.get("audit-entries?limit=200").await.expect(200);
    let printed = each(&entries, "items", "action").into_iter().filter(|action| *action == "event.badges_printed");
    assert_eq!(printed.count(), 3);
}
