//! Import of delegations and delegates: looked through first, then done as it was shown, or not at all.

use std::{path::Path, process::Command};

use documents::table::{Table, write_xlsx};
use serde_json::json;

use super::*;
use crate::{
    on_both,
    support::{Backend, foreign},
};

const IMPORTS: &str = "events/seoul-2019/imports";
const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn send(client: &Client, kind: &str, media_type: &str, file: &[u8]) -> Answer {
    client.send_file(&format!("{IMPORTS}?kind={kind}"), media_type, file).await
}

async fn commit(client: &Client, preview: &Answer) -> Answer {
    client.post(&format!("imports/{}/commit", preview.json["id"].as_str().unwrap()), json!(null)).await
}

/// Every remark of a preview as `code cell`.
fn remarks(preview: &Answer) -> Vec<String> {
    let rows = preview.json["rows"].as_array().unwrap().iter().flat_map(|row| row["remarks"].as_array().unwrap());
    let all = preview.json["remarks"].as_array().unwrap().iter().chain(rows);
    all.map(|one| format!("{} {}", one["code"].as_str().unwrap(), one["cell"].as_str().unwrap_or("-"))).collect()
}

fn totals(preview: &Answer) -> [u64; 6] {
    ["rows", "new", "changed", "same", "warning", "error"].map(|state| preview.json["totals"][state].as_u64().unwrap())
}

/// What is in the database, imports and what is told of requests aside.
async fn written(server: &Server) -> String {
    server.dump_without(&["imports", "api_keys", "counters", "idempotency_records"]).await
}

on_both! {
    async fn a_preview_writes_nothing_and_a_commit_what_was_previewed(server) {
        let seoul = Seoul::new(&server).await;
        let before = written(&server).await;
        let file = "\u{feff}Organisation;Category;Reply due\r\nPL;observer;2019-09-15\r\nCzechia;;\r\n";
        let preview = send(&seoul.admin, "delegations", CSV, file.as_bytes()).await.expect(201);
        assert_eq!((totals(&preview), remarks(&preview)), ([2, 1, 0, 0, 1, 0], vec!["by_name A3".to_owned()]));
        assert_eq!(preview.json["rows"][0]["cells"][0], json!({"cell": "B2", "column": "category", "state": "new", "to": "observer"}));
        assert_eq!(written(&server).await, before);
        let done = commit(&seoul.admin, &preview).await.expect(200);
        assert!(done.json["committed_at"].is_string());
        let list = seoul.admin.get("events/seoul-2019/delegations").await.expect(200);
        assert_eq!(each(&list, "items", "category"), ["member", "observer"]);
        assert_eq!(list.json["items"][1]["reply_due"], "2019-09-15");
        assert_eq!(commit(&seoul.admin, &preview).await.expect(409).json["type"], "/problems/import-committed");
        let changes = seoul.admin.get("changes?limit=200").await.expect(200);
        assert_eq!(changes.text.matches("delegation.invited").count(), 2);
    }

    async fn people_are_added_named_and_changed_in_one_go(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let person = json!({"display_name": "Ewa Lis", "email": "Ewa@example.org", "organisation_id": "PL"});
        seoul.admin.post("persons", person).await.expect(201);
        let head = seoul.admin.get("events/seoul-2019/delegates?function=head").await.expect(200).json["items"][0]["id"].clone();
        let file = format!(
            "organisation,id,email,family_name,given_name,function,position,external_id\n\
             PL,,ewa@EXAMPLE.org,,,head,Minister,\nPL,,new@example.org,Zięba,Ola,expert,,hr:17\nPL,{},,,,adviser,,\n",
            head.as_str().unwrap()
        );
        let preview = send(&seoul.admin, "delegates", CSV, file.as_bytes()).await.expect(201);
        assert_eq!((totals(&preview), remarks(&preview)), ([3, 2, 1, 0, 0, 0], vec![]), "{}", preview.text);
        commit(&seoul.admin, &preview).await.expect(200);
        let list = seoul.admin.get("events/seoul-2019/delegates").await.expect(200);
        let shown = |item: &Value| format!("{} {}", item["display_name"].as_str().unwrap(), item["function"].as_str().unwrap());
        let all: Vec<_> = list.json["items"].as_array().unwrap().iter().map(shown).collect();
        assert_eq!(all, ["Ewa Lis head", "Nowak adviser", "Ola Zięba expert"]);
        let added = seoul.admin.get("persons/by-external/hr/17").await;
        assert!(added.status.as_u16() == 405 || added.json["email"] == "new@example.org");
        let again = send(&seoul.admin, "delegates", CSV, file.as_bytes()).await.expect(201);
        assert_eq!(totals(&again), [3, 0, 0, 3, 0, 0], "{}", again.text);
    }

    async fn people_come_with_their_languages_and_all_ids_they_have_elsewhere(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let file = "organisation,name,function,languages,external_id\n\
                    PL,Ola Lis,expert,\"pl, en\",\"hr:17\nbadges:X;1\"\nPL,Jan Kos,adviser,Polish!,\n";
        let preview = send(&seoul.admin, "delegates", CSV, file.as_bytes()).await.expect(201);
        assert_eq!(remarks(&preview), ["unknown_language D3"]);
        let file = file.replace("Polish!", "PL");
        let preview = send(&seoul.admin, "delegates", CSV, file.as_bytes()).await.expect(201);
        commit(&seoul.admin, &preview).await.expect(200);
        let person = async |name: &str| {
            let found = seoul.admin.get(&format!("persons?q={name}")).await.expect(200).json["items"][0].clone();
            (found["languages"].clone(), found["external_ids"].clone())
        };
        let ids = json!([{"system": "badges", "id": "X;1"}, {"system": "hr", "id": "17"}]);
        assert_eq!(person("Lis").await, (json!(["pl", "en"]), ids));
        assert_eq!(person("Kos").await, (json!(["pl"]), json!([])));
        // Any of the ids says who is meant; ids of two people say nothing.
        let read = seoul.admin.get("persons?q=Kos").await.expect(200).json["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("persons/{read}");
        let stored = seoul.admin.get(&path).await.expect(200);
        let ids = json!({"external_ids": [{"system": "hr", "id": "18"}]});
        seoul.admin.if_match(&stored).patch(&path, ids).await.expect(200);
        let file = "organisation,function,external_id\nPL,observer,\"new:1\nhr:18\"\nPL,expert,\"hr:17\nhr:18\"\n";
        let preview = send(&seoul.admin, "delegates", CSV, file.as_bytes()).await.expect(201);
        assert_eq!(remarks(&preview), ["unknown_word B2", "ambiguous_person C3"]);
    }

    async fn what_has_changed_since_the_preview_stops_the_whole_import(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        let file = "organisation,name,function\nPL,Jan Kos,expert\nPL,Ewa Lis,adviser\n";
        let preview = send(&seoul.admin, "delegates", CSV, file.as_bytes()).await.expect(201);
        assert_eq!(totals(&preview), [2, 2, 0, 0, 0, 0]);
        // Somebody adds a person who would now be taken to be the one in row 3.
        seoul.person("PL", "Ewa Lis").await;
        let before = written(&server).await;
        assert_eq!(commit(&seoul.admin, &preview).await.expect(409).json["type"], "/problems/stale-preview");
        assert_eq!(written(&server).await, before);
        let faulty = send(&seoul.admin, "delegates", CSV, b"organisation,name,function\nPL,Jan Kos,boss\n").await.expect(201);
        assert_eq!(commit(&seoul.admin, &faulty).await.expect(409).json["type"], "/problems/import-not-ready");
        assert_eq!(written(&server).await, before);
    }

    async fn an_organisation_imports_into_its_own_delegation_and_nobody_sees_the_import_of_another(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "Nowak").await;
        seoul.confirmed("KR", "Kim").await;
        seoul.person("PL", "Lis").await;
        let manager = server.manager_of("PL").await;
        let file = "organisation,name,function\nPL,Lis,expert\nKR,Lis,expert\nPL,Unknown,expert\n";
        let preview = send(&manager, "delegates", CSV, file.as_bytes()).await.expect(201);
        assert_eq!(remarks(&preview), ["by_name B2", "not_yours A3"]);
        assert_eq!(preview.json["rows"][2]["state"], "new");
        let preview = send(&manager, "delegates", CSV, b"organisation,name,function\nPL,Lis,expert\n").await.expect(201);
        let path = format!("imports/{}", preview.json["id"].as_str().unwrap());
        seoul.admin.get(&path).await.expect(404);
        server.manager_of("PL").await.get(&path).await.expect(404);
        commit(&manager, &preview).await.expect(200);
        manager.get(&path).await.expect(200);
        send(&manager, "delegations", CSV, b"organisation\nPL\n").await.expect(403);
        send(&server.delegate_of("PL").await, "delegates", CSV, b"organisation,function\nPL,head\n").await.expect(403);
        send(&server.anonymous(), "delegates", CSV, b"organisation,function\nPL,head\n").await.expect(401);
        server.advance(jiff::SignedDuration::from_hours(25));
        manager.get(&path).await.expect(404);
    }

    async fn an_exported_table_says_what_is_so_already(server) {
        let seoul = Seoul::new(&server).await;
        seoul.confirmed("PL", "=1+1 Nowak").await;
        seoul.confirmed("KR", "김 민수").await;
        let expert = seoul.nominate("PL", "Wójcik", "expert").await;
        let position = json!({"position": {"en": "+Director, \"Cyber\"", "pl": "Dyrektor;"}});
        seoul.admin.if_match(&expert).patch(&format!("delegates/{}", expert.id()), position).await.expect(200);
        let person = format!("persons/{}", expert.json["person_id"].as_str().unwrap());
        let known = seoul.admin.get(&person).await.expect(200);
        seoul.admin.if_match(&known).patch(&person, json!({"protected": true})).await.expect(200);
        for kind in ["delegations", "delegates"] {
            for (ending, media_type) in [("csv", CSV), ("xlsx", XLSX)] {
                let file = seoul.admin.get(&format!("events/seoul-2019/{kind}.{ending}")).await.expect(200);
                let preview = send(&seoul.admin, kind, media_type, &file.bytes).await.expect(201);
                let rows = preview.json["totals"]["rows"].as_u64().unwrap();
                assert!(rows >= 2);
                assert_eq!(totals(&preview), [rows, 0, 0, rows, 0, 0], "{kind}.{ending} {}", preview.text);
            }
        }
        let csv = seoul.admin.get("events/seoul-2019/delegates.csv").await.expect(200);
        assert!(csv.text.starts_with("\u{feff}organisation,function,") && csv.text.contains("'=1+1 Nowak"), "{}", csv.text);
        assert!(csv.text.contains("[Asia/Seoul]") && csv.text.contains("\"'+Director, \"\"Cyber\"\"\""));
        let other = server.delegate_of("KR").await.get("events/seoul-2019/delegates.csv").await.expect(200);
        assert_eq!(other.text.lines().count(), 2, "{}", other.text);
    }
}

/// A table for delegates with one good row but what `spoil` makes of it.
fn delegates(second: &str) -> Vec<u8> {
    format!("organisation,function,family_name,given_name,email\n{second}\n").into_bytes()
}

/// Broken files: what is wrong, what is imported, the media type, the bytes, and the remark or refusal.
fn broken() -> Vec<(&'static str, &'static str, &'static str, Vec<u8>, &'static str)> {
    let xlsx = |rows: &[&[&str]]| {
        let mut rows = rows.iter().map(|row| row.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>());
        write_xlsx(&Table { header: rows.next().unwrap(), rows: rows.collect() }, "Table").unwrap()
    };
    let good = xlsx(&[&["organisation"], &["PL"]]);
    let compound = |name: &str| {
        let head = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        head.into_iter().chain(name.encode_utf16().flat_map(u16::to_le_bytes)).collect::<Vec<u8>>()
    };
    let (d, p) = ("delegations", "delegates");
    let csv = |text: &str| text.as_bytes().to_vec();
    vec![
        ("empty", d, CSV, vec![], "file_empty"),
        ("blank lines only", d, CSV, csv("\n\n  ,\n"), "file_empty"),
        ("Windows-1250", d, CSV, b"organisation\nPL\n\xa3otwa\n".to_vec(), "wrong_encoding"),
        ("Latin-1", d, CSV, b"organisation,category\nCura\xe7ao,member\n".to_vec(), "wrong_encoding"),
        ("half UTF-16", d, CSV, vec![0xff, 0xfe, b'o', 0, 0x00, 0xd8], "wrong_encoding"),
        (
            "UTF-16 without mark",
            d,
            CSV,
            "organisation\nPL".encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "not_text",
        ),
        ("a workbook sent as CSV", d, CSV, good.clone(), "not_text"),
        ("an old workbook sent as CSV", d, CSV, compound("Workbook"), "not_text"),
        ("CSV sent as a workbook", d, XLSX, csv("organisation\nPL\n"), "not_a_workbook"),
        ("empty workbook file", d, XLSX, vec![], "file_empty"),
        ("workbook without cells", d, XLSX, xlsx(&[&[]]), "file_empty"),
        ("truncated zip", d, XLSX, good[..good.len() - 60].to_vec(), "not_a_workbook"),
        ("half a zip", d, XLSX, good[..good.len() / 2].to_vec(), "not_a_workbook"),
        ("xls instead of xlsx", d, XLSX, compound("Workbook"), "old_workbook"),
        ("password-protected", d, XLSX, compound("EncryptedPackage"), "password_protected"),
        ("too many rows", d, CSV, csv(&format!("organisation\n{}", "PL\n".repeat(5_001))), "too_many_rows"),
        ("too many columns", d, CSV, csv(&format!("organisation{}\nPL\n", ",x".repeat(120))), "too_many_columns"),
        ("header only", d, CSV, csv("organisation,category\n"), "no_rows -"),
        ("header only in a workbook", d, XLSX, xlsx(&[&["organisation"]]), "no_rows -"),
        ("no header", d, CSV, csv("PL,member\nCZ,member\n"), "column_missing -"),
        ("missing column", d, CSV, csv("category\nmember\n"), "column_missing -"),
        ("missing function", p, CSV, csv("organisation,name\nPL,Ewa Lis\n"), "column_missing -"),
        ("the same column twice", d, CSV, csv("organisation,category,Category\nPL,member,host\n"), "column_twice C1"),
        (
            "the same position twice",
            p,
            CSV,
            csv("organisation,function,position,position[en]\nPL,head,a,b\n"),
            "column_twice D1",
        ),
        ("a column without name", d, CSV, csv("organisation,,category\nPL,x,member\n"), "column_without_name B1"),
        ("an unknown column", d, CSV, csv("organisation,colour\nPL,red\n"), "column_unknown B1"),
        ("unknown country", d, CSV, csv("organisation\nAtlantis\n"), "unknown_organisation A2"),
        ("unknown code", d, CSV, csv("organisation\nPL\n\nXX\n"), "unknown_organisation A4"),
        ("no organisation", d, CSV, csv("organisation,category\n,member\n"), "no_organisation A2"),
        ("duplicate rows", d, CSV, csv("organisation\nPL\nCZ\nPL\n"), "row_twice A4"),
        ("duplicate by name", d, CSV, csv("organisation\nPL\nPoland\n"), "row_twice A3"),
        ("unknown category", d, CSV, csv("organisation,category\nPL,friend\n"), "unknown_word B2"),
        ("date as text", d, CSV, csv("organisation,reply due\nPL,15.09.2019\n"), "not_a_day B2"),
        ("date in words", d, CSV, csv("organisation,reply due\nPL,15 September 2019\n"), "not_a_day B2"),
        ("a day there is not", d, CSV, csv("organisation,reply due\nPL,2019-02-30\n"), "not_a_day B2"),
        ("a day long ago", d, CSV, csv("organisation,reply due\nPL,0019-09-15\n"), "time_out_of_range B2"),
        ("a line end in a value", d, CSV, csv("organisation,reference\nPL,\"NV 17\n2019\"\n"), "line_end B2"),
        (
            "a reference too long",
            d,
            CSV,
            csv(&format!("organisation,reference\nPL,{}\n", "x".repeat(201))),
            "too_long B2",
        ),
        ("external id without system", d, CSV, csv("organisation,external_id\nPL,4711\n"), "not_an_external_id B2"),
        ("unknown function", p, CSV, delegates("PL,boss,Lis,Ewa,"), "unknown_word B2"),
        ("no function", p, CSV, delegates("PL,,Lis,Ewa,"), "no_function B2"),
        ("nobody named", p, CSV, delegates("PL,expert,,,x@example.org"), "no_name C2"),
        ("no address", p, CSV, delegates("PL,expert,Lis,Ewa,ewa at example"), "invalid_email E2"),
        (
            "the same person twice",
            p,
            CSV,
            delegates("PL,expert,Lis,Ewa,e@example.org\nPL,adviser,Lis,E.,E@example.org"),
            "row_twice C3",
        ),
        ("a second head", p, CSV, delegates("PL,head,Lis,Ewa,"), "head_exists B2"),
        ("two heads", p, CSV, delegates("PL,head,Lis,Ewa,\nPL,head,Kos,Jan,"), "head_exists B3"),
        ("not invited", p, CSV, delegates("CZ,expert,Lis,Ewa,"), "no_delegation A2"),
        ("a name too long", p, CSV, delegates(&format!("PL,expert,{},Ewa,", "x".repeat(201))), "too_long C2"),
        (
            "an id of nobody",
            p,
            CSV,
            csv("organisation,function,id\nPL,expert,0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506\n"),
            "unknown_delegate C2",
        ),
        ("an id that is none", p, CSV, csv("organisation,function,id\nPL,expert,seventeen\n"), "unknown_delegate C2"),
    ]
}

#[tokio::test]
async fn fifty_broken_files_are_each_told_what_is_wrong_where_and_how_to_mend_it() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let seoul = Seoul::new(&server).await;
    seoul.confirmed("PL", "Nowak").await;
    let before = written(&server).await;
    let files = broken();
    assert!(files.len() >= 50, "{}", files.len());
    for (name, kind, media_type, file, expected) in files {
        let answer = send(&seoul.admin, kind, media_type, &file).await;
        if answer.status.as_u16() == 422 {
            assert_eq!(answer.codes(), [expected], "{name}");
            assert!(answer.json["errors"][0]["detail"].as_str().unwrap().len() > 30, "{name}");
            continue;
        }
        let preview = answer.expect(201);
        assert!(remarks(&preview).iter().any(|remark| remark == expected), "{name}: {}", preview.text);
        let ready = expected.starts_with("column_unknown");
        assert_eq!(preview.json["ready"], json!(ready), "{name}");
        if let Some(cell) = expected.split(' ').nth(1).filter(|cell| *cell != "-") {
            assert!(preview.text.contains(&format!("\"{cell}: ")), "{name}: the message names the cell");
        }
    }
    let large = send(&seoul.admin, "delegations", CSV, &vec![b'x'; 10 * 1024 * 1024 + 1]).await.expect(413);
    assert!(large.json["detail"].as_str().unwrap().contains("10485760"));
    let other = seoul.admin.send_file(&format!("{IMPORTS}?kind=delegations"), "application/pdf", b"%PDF").await;
    assert_eq!(other.status.as_u16(), 415);
    assert_eq!(written(&server).await, before, "nothing is written before a commit");
}

/// As many people for the delegation of Poland, in the columns of an import.
fn thousand(rows: usize) -> String {
    let functions = ["adviser", "expert", "representative", "alternate", "interpreter"];
    let row = |n: usize| {
        let function = functions[n % functions.len()];
        let organisation = ["PL", "CZ", "KR"][n % 3];
        format!(
            "{organisation},{function},Łąka-{n},Józef,p{n}@example.org,\"Head of unit {n}, \"\"cyber\"\"\",hr:{n}\n"
        )
    };
    let header = "organisation,function,family_name,given_name,email,position[en],external_id\n";
    std::iter::once(header.to_owned()).chain((0..rows).map(row)).collect()
}

fn openpyxl(folder: &Path, what: Option<&str>) -> Option<Vec<u8>> {
    let Some(python) = crate::support::setting("PYTHON") else {
        eprintln!("SKIP: PLENUM_TEST_PYTHON does not name a Python with the packages of tests/foreign");
        return None;
    };
    let script = format!("{}/tests/foreign/write_workbook.py", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(python);
    command.arg(script).args([folder.join("table.csv"), folder.join("foreign.xlsx")]).args(what);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(std::fs::read(folder.join("foreign.xlsx")).unwrap())
}

#[tokio::test]
async fn a_thousand_rows_from_libreoffice_and_openpyxl_import_alike_and_come_back_the_same() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let seoul = Seoul::new(&server).await;
    for (code, head) in [("PL", "Nowak"), ("CZ", "Dvořák"), ("KR", "Kim")] {
        seoul.confirmed(code, head).await;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("table.csv"), thousand(1_000)).unwrap();
    let office = foreign::office(folder.path(), "table.csv", "xlsx:Calc MS Excel 2007 XML");
    let csv = send(&seoul.admin, "delegates", CSV, thousand(1_000).as_bytes()).await.expect(201);
    assert_eq!(totals(&csv), [1_000, 1_000, 0, 0, 0, 0]);
    let office = send(&seoul.admin, "delegates", XLSX, &std::fs::read(office).unwrap()).await.expect(201);
    assert_eq!(office.json["rows"], csv.json["rows"]);
    if let Some(file) = openpyxl(folder.path(), None) {
        let foreign = send(&seoul.admin, "delegates", XLSX, &file).await.expect(201);
        assert_eq!(foreign.json["rows"], csv.json["rows"]);
    }
    let begin = std::time::Instant::now();
    commit(&seoul.admin, &office).await.expect(200);
    eprintln!("1,000 rows committed in {:.2} s", begin.elapsed().as_secs_f64());
    for (ending, media_type) in [("csv", CSV), ("xlsx", XLSX)] {
        let file = seoul.admin.get(&format!("events/seoul-2019/delegates.{ending}")).await.expect(200);
        let again = send(&seoul.admin, "delegates", media_type, &file.bytes).await.expect(201);
        assert_eq!(totals(&again), [1_003, 0, 0, 1_003, 0, 0]);
    }
    let again = send(&seoul.admin, "delegates", CSV, thousand(1_000).as_bytes()).await.expect(201);
    assert_eq!(totals(&again), [1_000, 0, 0, 1_000, 0, 0]);
    assert_eq!(commit(&seoul.admin, &csv).await.expect(409).json["type"], "/problems/stale-preview");
}

#[tokio::test]
async fn what_openpyxl_writes_of_merged_computed_and_mistaken_cells_is_named() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let seoul = Seoul::new(&server).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("table.csv"), "organisation,category,reply_due\nPL,member,2025-11-24\n").unwrap();
    let spoilt = [
        ("merged", "merged_cells A2:B2"),
        ("formula", "formula A2"),
        ("old-date", "not_a_day C2"),
        ("error", "cell_fault A2"),
        ("bool", "unknown_word B2"),
    ];
    for (what, expected) in spoilt {
        let Some(file) = openpyxl(folder.path(), Some(what)) else { return };
        let preview = send(&seoul.admin, "delegations", XLSX, &file).await.expect(201);
        assert!(remarks(&preview).contains(&expected.to_owned()), "{what}: {}", preview.text);
    }
    let file = openpyxl(folder.path(), Some("date")).unwrap();
    let preview = send(&seoul.admin, "delegations", XLSX, &file).await.expect(201);
    assert_eq!(preview.json["rows"][0]["cells"][1]["to"], "2025-11-24");
    let file = openpyxl(folder.path(), Some("sheets")).unwrap();
    assert_eq!(send(&seoul.admin, "delegations", XLSX, &file).await.expect(422).codes(), ["file_empty"]);
}

#[tokio::test]
async fn preview_and_commit_run_no_statement_a_row() {
    let mut costs = vec![];
    for rows in [10, 300] {
        let server = Server::start(Backend::Sqlite).await.unwrap();
        let seoul = Seoul::new(&server).await;
        for (code, head) in [("PL", "Nowak"), ("CZ", "Dvořák"), ("KR", "Kim")] {
            seoul.confirmed(code, head).await;
        }
        server.statements();
        let preview = send(&seoul.admin, "delegates", CSV, thousand(rows).as_bytes()).await.expect(201);
        let looked = server.statements();
        commit(&seoul.admin, &preview).await.expect(200);
        costs.push((looked, server.statements()));
    }
    assert_eq!(costs[0].0, costs[1].0, "a preview");
    // What is recorded of 600 new objects takes a second portion or two.
    assert!(costs[1].1 <= costs[0].1 + 3, "{costs:?}");
}
