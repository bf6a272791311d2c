use super::*;

fn load(variables: &[(&str, &str)], file: Option<&str>) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plenum.toml");
    let file = file.map(|text| std::fs::write(&path, text).map(|()| path.as_path()).unwrap());
    let variables = variables.iter().map(|(name, value)| (name.into(), value.into()));
    Config::from_sources(Options::default(), variables, file).map_err(|error| error.to_string())
}

#[test]
fn the_documented_file_names_every_option_and_holds_the_defaults() {
    let text = include_str!("../../../config.default.toml");
    assert_eq!(load(&[], Some(text)).unwrap(), Config::default());
    for name in Options::NAMES {
        let stands = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{name} = "));
        assert_eq!(text.lines().filter(|line| stands(line)).count(), 1, "{name}");
    }
}

#[test]
fn every_example_in_the_documented_file_can_be_used() {
    let examples = include_str!("../../../config.default.toml").lines().filter_map(|line| {
        let example = line.strip_prefix("# ")?;
        Options::NAMES.iter().any(|name| example.starts_with(&format!("{name} = "))).then_some(example)
    });
    for example in examples {
        assert!(toml::from_str::<Options>(example).is_ok(), "{example}");
    }
}

#[test]
fn the_command_line_wins_over_the_environment_over_the_file() {
    let file = Some("listen = '127.0.0.1:1'\nuid_domain = 'file'\nlog_filter = 'debug'");
    let config = load(&[("PLENUM_LISTEN", "127.0.0.1:2"), ("PLENUM_UID_DOMAIN", "environment")], file).unwrap();
    assert_eq!((config.listen.port(), config.uid_domain.as_str()), (2, "environment"));
    assert_eq!(config.log_filter, "debug");
    let given = Options { uid_domain: Some("command line".into()), ..Options::default() };
    let variables = [("PLENUM_UID_DOMAIN".into(), "environment".into())].into_iter();
    assert_eq!(Config::from_sources(given, variables, None).unwrap().uid_domain, "command line");
}

#[test]
fn what_is_no_option_is_refused_by_name() {
    let variable = load(&[("PLENUM_LISTN", "127.0.0.1:1")], None).unwrap_err();
    assert!(variable.starts_with("PLENUM_LISTN is not an option; PLENUM_LISTEN is."), "{variable}");
    let key = load(&[], Some("listn = '127.0.0.1:1'")).unwrap_err();
    assert!(key.contains("plenum.toml") && key.contains("unknown field `listn`"), "{key}");
    assert!(load(&[("PLENUM_TEST_POSTGRES", "x"), ("PLENUMX", "x")], None).is_ok());
    assert!(load(&[("PLENUM_HELP", "x")], None).is_err());
}

#[test]
fn a_value_that_does_not_fit_is_refused_with_its_place() {
    for (name, value) in [
        ("PLENUM_LISTEN", "8080"),
        ("PLENUM_CONNECTIONS", "0"),
        ("PLENUM_DATABASE", "mysql://x"),
        ("PLENUM_LOG_FORMAT", "loud"),
        ("PLENUM_PUBLIC_URL", "plenum.example"),
        ("PLENUM_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("PLENUM_DEMO", "lisbon"),
        ("PLENUM_UID_DOMAIN", ""),
    ] {
        let error = load(&[(name, value)], None).unwrap_err();
        assert!(error.starts_with(&format!("{name}: ")), "{error}");
    }
}

#[test]
fn a_secret_that_does_not_fit_is_not_repeated() {
    for (name, value) in [
        ("PLENUM_DATABASE", "pgx://plenum:hidden@db/plenum"),
        ("PLENUM_AUDIT_KEY", "hidden"),
        ("PLENUM_SMTP_URL", "hidden hidden"),
        ("PLENUM_OIDC", "[{\"client_secret\": \"hidden\"}]"),
    ] {
        let error = load(&[(name, value)], None).unwrap_err();
        assert!(error.starts_with(&format!("{name}: ")) && !error.contains("hidden"), "{error}");
    }
}

#[test]
fn a_secret_comes_from_a_file_and_shows_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("database-url");
    std::fs::write(&path, "postgres://plenum:hidden@db/plenum\n").unwrap();
    let config = load(&[("PLENUM_DATABASE_FILE", path.to_str().unwrap())], None).unwrap();
    assert_eq!(config.database_url(), "postgres://plenum:hidden@db/plenum");
    assert_eq!(config.secret_files, std::slice::from_ref(&path));
    assert!(!format!("{config:?}").contains("hidden"));
    assert_eq!(load(&[], Some("database = 'postgres://a:b@db/x'")).unwrap().secret_files.len(), 1);
    assert_eq!(load(&[], Some("database = 'postgres://a@db/x'")).unwrap().secret_files.len(), 0);
    let both = [("PLENUM_DATABASE_FILE", path.to_str().unwrap()), ("PLENUM_DATABASE", "sqlite://x")];
    assert!(load(&both, None).unwrap_err().contains("not both"));
    std::fs::write(&path, "smtps://desk:hidden@mail.example.org\n").unwrap();
    let config = load(&[("PLENUM_SMTP_URL_FILE", path.to_str().unwrap())], None).unwrap();
    assert!(config.smtp_url.is_some() && !format!("{config:?}").contains("hidden"));
}

#[test]
fn mail_leaves_the_machine_encrypted_or_not_at_all() {
    for (url, fits) in [
        ("smtps://mail.example.org", true),
        ("smtp://mail.example.org:587?tls=required", true),
        ("smtp://127.0.0.1:2525", true),
        ("smtp://[::1]:2525", true),
        ("smtp://localhost", true),
        ("smtp://mail.example.org", false),
        ("smtp://mail.example.org?tls=opportunistic", false),
        ("smtp://localhost.example.org", false),
        ("smtp://mail.example.org/?tls=required&tls=opportunistic", false),
        ("https://mail.example.org", false),
    ] {
        assert_eq!(load(&[("PLENUM_SMTP_URL", url)], None).is_ok(), fits, "{url}");
    }
}

#[test]
fn the_audit_key_comes_from_a_file_is_long_and_shows_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit-key");
    let (file, key) = (("PLENUM_AUDIT_KEY_FILE", path.to_str().unwrap()), "hidden-0123456789-0123456789-0123456789");
    std::fs::write(&path, format!("{key}\n")).unwrap();
    let config = load(&[file], None).unwrap();
    assert_eq!(config.audit_key.as_ref().unwrap().reveal(), key);
    assert_eq!(config.secret_files, std::slice::from_ref(&path));
    assert!(!format!("{config:?}").contains("hidden"));
    assert_eq!(load(&[], Some(&format!("audit_key = '{key}'"))).unwrap().secret_files.len(), 1);
    assert!(load(&[file, ("PLENUM_AUDIT_KEY", key)], None).unwrap_err().contains("either audit_key or audit_key_file"));
    let short = load(&[("PLENUM_AUDIT_KEY", "short-and-hidden")], None).unwrap_err();
    assert!(short.contains("32 characters") && short.contains("PLENUM_AUDIT_KEY"), "{short}");
}

#[test]
fn the_badge_key_comes_from_a_file_is_long_and_shows_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("badge-key");
    let (file, key) = (("PLENUM_BADGE_KEY_FILE", path.to_str().unwrap()), "hidden-0123456789-0123456789-0123456789");
    std::fs::write(&path, format!("{key}\n")).unwrap();
    let config = load(&[file], None).unwrap();
    assert_eq!(config.badge_key.as_ref().unwrap().reveal(), key);
    assert_eq!(config.secret_files, std::slice::from_ref(&path));
    assert!(!format!("{config:?}").contains("hidden"));
    assert_eq!(load(&[], Some(&format!("badge_key = '{key}'"))).unwrap().secret_files.len(), 1);
    assert!(load(&[file, ("PLENUM_BADGE_KEY", key)], None).unwrap_err().contains("either badge_key or badge_key_file"));
    assert!(load(&[("PLENUM_BADGE_KEY", "short-and-hidden")], None).unwrap_err().contains("32 characters"));
}

#[test]
fn links_begin_with_the_real_address_unless_a_public_one_is_given() {
    let mut config = load(&[("PLENUM_LISTEN", "0.0.0.0:0")], None).unwrap();
    config.listening_on("0.0.0.0:4711".parse().unwrap());
    assert_eq!(config.public_url.as_str(), "http://127.0.0.1:4711");
    let mut config = load(&[("PLENUM_PUBLIC_URL", "https://plenum.example/")], None).unwrap();
    config.listening_on("127.0.0.1:4711".parse().unwrap());
    assert_eq!(config.public_url.as_str(), "https://plenum.example");
}

#[test]
fn the_vault_key_comes_from_a_file_and_shows_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    std::fs::write(&path, "hidden hidden hidden hidden hidden\n").unwrap();
    let file = ("PLENUM_VAULT_KEY_FILE", path.to_str().unwrap());
    let config = load(&[file], None).unwrap();
    assert_eq!(config.secret_files, std::slice::from_ref(&path));
    assert!(!format!("{config:?}").contains("hidden"));
    let short = load(&[("PLENUM_VAULT_KEY", "hidden")], None).unwrap_err();
    assert!(short.contains("32 characters") && !short.contains("hidden"), "{short}");
    let written = format!("vault_key = '{}'", "h".repeat(32));
    assert_eq!(load(&[], Some(&written)).unwrap().secret_files.len(), 1);
}

#[test]
fn hosts_of_the_house_are_named_in_the_file_alone() {
    let file = "[[intranet]]\nhost = 'calendar.house.example'\nnetworks = ['10.0.0.0/8']\nports = [8443]";
    let host = load(&[], Some(file)).unwrap().intranet.find("calendar.house.example").cloned().unwrap();
    assert_eq!((host.ports.as_slice(), host.plain_http), (&[8443][..], false));
    let error = load(&[("PLENUM_INTRANET", "[]")], None).unwrap_err();
    assert!(error.starts_with("PLENUM_INTRANET: ") && error.contains("configuration file alone"), "{error}");
}
