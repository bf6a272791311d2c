//! The command line is a contract: the real binary is asked, as people and scripts ask it.

use std::{fs, os::unix::fs::PermissionsExt};

use api::db::Db;
use sea_orm::{ConnectionTrait, Statement};

use crate::support::{
    api_document,
    database::empty_postgres,
    plenum::{Running, plenum, printed, run_in},
};

#[tokio::test]
async fn a_server_says_in_one_line_where_it_is_and_ends_well_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::in_folder(&folder.path().join("data"), &[]);
    assert!(!server.address().ends_with(":0"), "{}", server.line);
    assert!(server.line.contains("/docs"), "{}", server.line);
    assert_eq!(server.get("/healthz", None).await.0, 200);
    let (status, body) = server.get("/readyz", None).await;
    assert_eq!((status, body.contains(r#""migrations":"ok""#)), (200, true), "{body}");
    assert!(server.log().contains(r#""http.route":"/readyz""#), "{}", server.log());
    assert_eq!(server.get("/api/v1/organisations/KR", None).await.0, 200, "the catalogue is there from the start");
    for path in ["data", "data/plenum.sqlite"] {
        let mode = fs::metadata(folder.path().join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{path} is open to others");
    }
    assert_eq!(server.terminate(), (Some(0), String::new()));
}

#[tokio::test]
async fn a_key_made_beside_the_server_works_until_it_is_revoked_and_is_kept_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::in_folder(folder.path(), &[]);
    let made = run_in(folder.path(), &["key", "create", "--name", "Desk", "--role", "admin", "--expires", "7"]);
    let key = printed(&made).trim_end().to_owned();
    assert!(key.starts_with("wgk_live_") && !key.contains(char::is_whitespace), "{key}");
    assert_eq!(server.get("/api/v1/keys", Some(&key)).await.0, 200);

    let listed = printed(&run_in(folder.path(), &["key", "list"]));
    let columns: Vec<_> = listed.trim_end().split('\t').collect();
    assert!(key.starts_with(columns[1]) && columns[2..4] == ["admin", "active"] && columns[6] == "Desk", "{listed}");

    let replaced = printed(&run_in(folder.path(), &["key", "rotate", columns[1], "--overlap", "1"]));
    assert_eq!(server.get("/api/v1/keys", Some(replaced.trim_end())).await.0, 200);
    let tied = ["key", "create", "--name", "Tied", "--role", "admin", "--network", "198.51.100.0/24"];
    let tied = printed(&run_in(folder.path(), &tied));
    assert_eq!(server.get("/api/v1/keys", Some(tied.trim_end())).await.0, 401);
    assert_eq!(server.get("/api/v1/keys", Some(&key)).await.0, 200, "during the overlap");

    printed(&run_in(folder.path(), &["key", "revoke", columns[1]]));
    assert_eq!(server.get("/api/v1/keys", Some(&key)).await.0, 401);
    let again = run_in(folder.path(), &["key", "revoke", columns[0]]);
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("`plenum key list`"));

    let secret = key.split('_').nth(3).unwrap();
    assert!(!server.log().contains(secret));
    for file in fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{}", file.display());
    }
}

#[test]
fn a_key_is_made_for_what_exists_and_every_fault_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str]| {
        let output = run_in(folder.path(), arguments);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) =
        ask(&["key", "create", "--name", "x", "--role", "secretariat", "--event", "nowhere-2030", "--scope", "*:read"]);
    assert_eq!((code, said.contains("event_ids/0: Name an existing event")), (Some(1), true), "{said}");
    let (code, said) = ask(&["key", "create", "--name", " ", "--role", "delegate", "--expires", "367"]);
    assert_eq!((code, said.lines().count()), (Some(1), 3), "{said}");
    assert_eq!(ask(&["key", "create", "--name", "x", "--role", "king"]).0, Some(2));
    assert_eq!(ask(&["key", "create", "--name", "x", "--role", "admin", "--scope", "thrones:write"]).0, Some(2));
    printed(&run_in(folder.path(), &["key", "create", "--name", "x", "--role", "delegate", "--organisation", "PL"]));
}

#[test]
fn what_is_no_option_stops_the_server_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plenum.toml");
    fs::write(&file, "listen = '127.0.0.1:0'\nlistne = 'x'\n").unwrap();
    let file = file.to_str().unwrap();
    let refused = |output: std::process::Output, name: &str| {
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty() && said.contains(name), "{said}");
    };
    refused(run_in(folder.path(), &["serve", "--listne", "x"]), "--listne");
    refused(run_in(folder.path(), &["serve", "--config", file]), "listne");
    refused(plenum(&["serve"]).env("PLENUM_LISTNE", "x").output().unwrap(), "PLENUM_LISTNE");
    refused(plenum(&["key", "list"]).env("PLENUM_CONFIG", file).output().unwrap(), "listne");
    refused(run_in(folder.path(), &["demo", "load", "geneva"]), "geneva");
}

#[tokio::test]
async fn options_come_from_the_environment_and_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("plenum.toml"), folder.path().join("100% ?#/data"));
    fs::write(&file, format!("listen = '127.0.0.1:0'\ndata_dir = '{}'\n", data.display())).unwrap();
    let mut command = plenum(&["serve"]);
    command.env("PLENUM_CONFIG", &file).env("PLENUM_LOG_FORMAT", "text").env("PLENUM_TEST_ANYTHING", "x");
    let server = Running::start(command);
    assert_eq!(server.get("/healthz", None).await.0, 200);
    assert!(data.join("plenum.sqlite").exists(), "a path may hold any character");
}

#[tokio::test]
async fn a_newer_schema_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    printed(&run_in(folder.path(), &["migrate"]));
    let url = format!("sqlite://{}", folder.path().join("plenum.sqlite").display());
    let db = Db::connect(&url).await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_tomorrow', 0)";
    db.read().execute_unprepared(newer).await.unwrap();
    db.close().await.unwrap();
    for command in ["serve", "migrate", "doctor"] {
        let output = run_in(folder.path(), &[command]);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!((output.status.code(), said.contains("m9999_tomorrow")), (Some(1), true), "{command}: {said}");
    }
}

#[tokio::test]
async fn of_two_instances_that_start_at_once_on_an_empty_postgresql_one_migrates() {
    let Some(url) = empty_postgres().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("database-url");
    fs::write(&secret, &url).unwrap();
    let begin = |name: &'static str| {
        let mut command = plenum(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("PLENUM_DATA_DIR", folder.path().join(name)).env("PLENUM_DATABASE_FILE", &secret);
        std::thread::spawn(move || Running::start(command))
    };
    let servers = [begin("a"), begin("b")].map(|server| server.join().unwrap());
    for server in &servers {
        assert_eq!(server.get("/readyz", None).await.0, 200);
    }
    let db = Db::connect(&url).await.unwrap();
    let count = async |table: &str| -> i64 {
        let sql = format!("SELECT count(*) AS count FROM {table}");
        let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await.unwrap();
        row.unwrap().try_get("", "count").unwrap()
    };
    assert_eq!(count("organisations").await, 227, "the catalogue is there once");
    assert_eq!(count("seaql_migrations").await, count("(SELECT DISTINCT version FROM seaql_migrations) AS v").await);
}

#[test]
fn the_doctor_says_what_to_mend() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    printed(&run_in(&data, &["migrate"]));
    let well = printed(&run_in(&data, &["doctor"]));
    for subject in ["data directory", "disk", "database", "schema", "clock", "time zones", "address"] {
        assert!(well.contains(&format!(" {subject}: ")), "{subject} is missing in {well}");
    }
    fs::set_permissions(data.join("plenum.sqlite"), fs::Permissions::from_mode(0o644)).unwrap();
    let ill = run_in(&data, &["doctor"]);
    let said = String::from_utf8(ill.stdout).unwrap();
    assert_eq!(ill.status.code(), Some(1));
    assert!(said.contains("MEND  files: ") && said.contains("chmod 600") && said.contains("To mend: 1."), "{said}");
    let unreachable = ["doctor", "--database", "postgres://nobody@127.0.0.1:1/plenum"];
    let away = run_in(&data, &unreachable);
    assert!(String::from_utf8_lossy(&away.stdout).contains("MEND  database: it cannot be reached"));
    assert!(!data.join("plenum.sqlite").metadata().unwrap().permissions().readonly());
}

#[tokio::test]
async fn the_demo_has_a_key_for_each_role_that_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo-keys.txt");
    let keys = || {
        let text = fs::read_to_string(&path).unwrap();
        let keys = text.lines().filter(|line| line.contains(" wgk_live_")).map(str::to_owned).collect::<Vec<_>>();
        (text, keys)
    };
    let mut server = Running::in_folder(folder.path(), &["--demo"]);
    assert!(server.line.contains(path.to_str().unwrap()), "{}", server.line);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
    let (text, first) = keys();
    assert!(text.contains(server.address()));
    let pages: Vec<_> = text.lines().filter(|line| line.starts_with("pages-")).map(str::to_owned).collect();
    assert_eq!(pages.len(), 10);
    for page in pages {
        let (name, link) = page.split_once(' ').unwrap();
        // They are printed after the one line that programs wait for, and are in no log.
        let printed = server.next_line();
        assert!(printed.starts_with("sign in as ") && printed.ends_with(&format!(": {link}")), "{printed}");
        let (status, shown) = server.get(link.strip_prefix(server.address()).unwrap(), None).await;
        assert_eq!((status, shown.contains("<button>Sign in</button>")), (200, true), "{name}: {shown}");
        assert!(!server.log().contains(link.split('_').nth(2).unwrap()), "the log holds a link that signs in");
    }
    for (role, status) in [("admin", 200), ("secretariat", 403), ("auditor", 200), ("delegate", 403)] {
        let key = first.iter().find_map(|line| line.strip_prefix(role)).unwrap().trim();
        assert_eq!(server.get("/api/v1/keys", Some(key)).await.0, status, "{role}");
        assert!(!server.log().contains(key) && !server.line.contains(key));
    }
    assert_eq!(server.terminate().0, Some(0));
    let server = Running::in_folder(folder.path(), &["--demo"]);
    let (text, second) = keys();
    assert_eq!(first, second);
    assert!(text.contains(server.address()), "the address is the new one");
}

#[tokio::test]
async fn an_emergency_account_is_made_with_a_password_that_no_command_line_shows() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("password");
    let said = |output: std::process::Output| String::from_utf8(output.stderr).unwrap();
    let create =
        ["account", "create", "--emergency", "--email", "root@example.org", "--name", "Root", "--password-file"];
    let create = [&create[..], &[secret.to_str().unwrap()]].concat();
    assert!(said(run_in(folder.path(), &create)).contains("password"), "there is no such file yet");
    fs::write(&secret, "too short\n").unwrap();
    assert!(said(run_in(folder.path(), &create)).contains("15 to 200 characters"));
    let server = Running::in_folder(folder.path(), &[]);
    assert_eq!(server.get("/sign-in/emergency", None).await.0, 404);
    fs::write(&secret, "correct horse battery staple\n").unwrap();
    assert!(uuid::Uuid::try_parse(printed(&run_in(folder.path(), &create)).trim()).is_ok());
    assert_eq!(server.get("/sign-in/emergency", None).await.0, 200);
    // Nothing on standard input is no password.
    let other = run_in(folder.path(), &["account", "password", "--email", "root@example.org"]);
    assert!(said(other).contains("15 to 200 characters"));
    assert!(said(run_in(folder.path(), &["account", "create", "--email", "a@b", "--name", "A"])).contains("--role"));
}

#[test]
fn the_api_document_needs_no_database_and_an_account_is_known_by_its_id() {
    let document = printed(&plenum(&["openapi"]).env("PLENUM_DATABASE", "nonsense").output().unwrap());
    assert_eq!(serde_yaml::from_str::<serde_json::Value>(&document).unwrap(), api_document());
    let folder = tempfile::tempdir().unwrap();
    let create = ["account", "create", "--email", "anna@example.org", "--name", "Anna", "--role", "admin"];
    assert!(uuid::Uuid::try_parse(printed(&run_in(folder.path(), &create)).trim()).is_ok());
    let twice = run_in(folder.path(), &create);
    assert!(String::from_utf8_lossy(&twice.stderr).contains("already has this e-mail address"));
}
