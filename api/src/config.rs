//! How the server is configured: command line over environment over file over defaults.
//!
//! Every option is declared once, below, and has one name in three spellings: `--data-dir`, `PLENUM_DATA_DIR` and
//! `data_dir` in a TOML file. What is not an option is refused, so that a typing error cannot pass for a setting.
//! `PLENUM_TEST_...` belongs to our tests and is ignored. This is the only place that reads the environment.

mod oidc;
mod value;

use std::{
    ffi::OsString,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::{
    FromArgMatches,
    error::{ContextKind, ContextValue},
};
use domain::{attendance::door::BadgeKey, audit::AuditKey};
use serde::Deserialize;

pub(crate) use oidc::may_be_asked;
pub use oidc::{ClientSecret, Provider, Providers};
pub use value::{Database, ForwardingHeader, LogFormat, Networks, Scenarios, Sender, SmtpServer, WebAddress};

use crate::{egress::IntranetHosts, vault::VaultKey};

/// Declares the options: their meaning, name, type, and default (none for those below `optional`); what stands in
/// brackets is for the command line only.
macro_rules! options {
    (
        default { $($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr;)* }
        optional { $($(#[doc = $odoc:literal])+ $oname:ident $([$($arg:tt)*])?: $otype:ty;)* }
    ) => {
        /// The options as one source gives them; what it does not mention is `None`.
        #[derive(Debug, Clone, Default, clap::Args, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Options {
            $($(#[doc = $doc])+ #[arg(long)] pub $name: Option<$type>,)*
            $($(#[doc = $odoc])+ #[arg(long $(, $($arg)*)?)] pub $oname: Option<$otype>,)*
            #[arg(skip)]
            #[serde(skip)]
            pub(crate) secret_files: Vec<PathBuf>,
        }

        impl Options {
            /// Every name, as it stands in a file.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)* $(stringify!($oname)),*];

            /// These options, and `other` where they say nothing.
            fn or(self, other: Self) -> Self {
                Self {
                    $($name: self.$name.or(other.$name),)*
                    $($oname: self.$oname.or(other.$oname),)*
                    secret_files: [self.secret_files, other.secret_files].concat(),
                }
            }

            fn or_default(self) -> Config {
                Config {
                    $($name: self.$name.unwrap_or_else(|| $default),)*
                    $($oname: self.$oname,)*
                    secret_files: self.secret_files,
                }
            }
        }

        /// Everything that can be set, with defaults in the place of what was not.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Config {
            $($(#[doc = $doc])+ pub $name: $type,)*
            $($(#[doc = $odoc])+ pub $oname: Option<$otype>,)*
            /// Files that secrets were read from, which only their owner should be able to read
            pub secret_files: Vec<PathBuf>,
        }
    };
}

options! {
    default {
        /// Address to listen on; port 0 takes a free one
        listen: SocketAddr = DEFAULT_LISTEN;
        /// Directory of the embedded database and other files
        data_dir: PathBuf = PathBuf::from("./data");
        /// Address other people reach this server by; links in feeds begin with it. Otherwise the one it listens on
        public_url: WebAddress = WebAddress::of(DEFAULT_LISTEN);
        /// Right-hand side of calendar UIDs; must not change once calendars have been subscribed to
        uid_domain: String = "plenum".to_owned();
        /// Form of the log on standard error
        log_format: LogFormat = LogFormat::Json;
        /// What is logged: a level, or a list such as info,api=debug
        log_filter: String = "info".to_owned();
        /// Networks of proxies whose word on the client's address is taken
        trusted_proxies: Networks = Networks::default();
        /// The header in which those proxies name the client
        forwarding_header: ForwardingHeader = ForwardingHeader::XForwardedFor;
        /// Open connections in all; more wait
        connections: NonZeroU32 = number(1_000);
        /// Open connections of one client network (/32 of IPv4, /64 of IPv6); more are closed. Proxies are exempt
        connections_per_network: NonZeroU32 = number(50);
        /// Seconds between accepting a connection and its first byte
        first_byte_seconds: NonZeroU32 = number(10);
        /// Seconds between the first and the last byte of a request's head
        head_seconds: NonZeroU32 = number(10);
        /// Seconds between two requests on a connection
        keep_alive_seconds: NonZeroU32 = number(75);
        /// Seconds a client may refuse to take a byte of its answer
        write_stall_seconds: NonZeroU32 = number(30);
        /// Bytes of a request body
        body_bytes: NonZeroU32 = number(1_048_576);
        /// Seconds until a request body has arrived
        body_seconds: NonZeroU32 = number(30);
        /// Bytes per second a request body must bring on average
        body_bytes_per_second: NonZeroU32 = number(1_024);
        /// Seconds for carrying out a request once it has arrived
        request_seconds: NonZeroU32 = number(30);
        /// Requests a second of one key or feed, in the long run
        rate_per_key: NonZeroU32 = number(300);
        /// Requests of one key or feed at once
        rate_per_key_burst: NonZeroU32 = number(3_000);
        /// Requests a second of one client network without a key, in the long run. Loopback is exempt
        rate_per_network: NonZeroU32 = number(100);
        /// Requests of one client network without a key at once
        rate_per_network_burst: NonZeroU32 = number(1_000);
        /// Minutes after which a browser that does nothing is signed out
        sign_in_idle_minutes: NonZeroU32 = number(60);
        /// Minutes after which a browser is signed out whatever it does
        sign_in_minutes: NonZeroU32 = number(720);
        /// Providers of identities that people sign in through, as a JSON list; in a file as tables [[oidc]]
        oidc: Providers = Providers::default();
        /// Hosts of the house that addresses given by people may name; in a file alone, as tables [[intranet]]
        intranet: IntranetHosts = IntranetHosts::default();
        /// Whether links to sign in with are mailed to staff too, not to delegates only
        mail_sign_in_staff: bool = false;
        /// Whether those who have a part in a session are mailed invitations for their calendars
        invitations: bool = false;
        /// Networks that answers to invitations are taken from at lmtp_listen
        lmtp_peers: Networks = Networks::loopback();
        /// Name of this server among several, for the audit log
        instance: String = "plenum".to_owned();
        /// Months after a delegate's last meeting until their contact data are forgotten; 0 keeps them
        contact_months: u32 = 24;
        /// Days until what is personal of an account, key or feed that was taken out of use is forgotten; 0 keeps it
        ended_days: u32 = 90;
        /// Days after an event until it is forgotten who passed which door, what they ate and needed, and when they travelled;
        /// 0 keeps it
        after_event_days: u32 = 90;
        /// Seconds between no longer being ready and no longer accepting, for load balancers to look away
        drain_delay_seconds: u32 = 5;
        /// Seconds requests in flight may take to finish when the server stops
        drain_seconds: u32 = 25;
    }
    optional {
        /// sqlite://FILE or postgres://...; otherwise plenum.sqlite in the data directory
        database: Database;
        /// File that holds what --database would say, so that a password stands on no command line
        database_file: PathBuf;
        /// Secret the audit log is sealed with; of an embedded database otherwise audit.key beside it, made by the server
        audit_key: AuditKey;
        /// File that holds what --audit-key would say
        audit_key_file: PathBuf;
        /// Secret that badges are made with; of an embedded database otherwise badge.key beside it, made by the server
        badge_key: BadgeKey;
        /// File that holds what --badge-key would say
        badge_key_file: PathBuf;
        /// Secret that kept addresses of calendars are encrypted and links in invitations signed with; of an embedded database otherwise vault.key beside it, made by the server
        vault_key: VaultKey;
        /// File that holds what --vault-key would say
        vault_key_file: PathBuf;
        /// Server that takes mail: smtps://USER:PASSWORD@HOST, or smtp://HOST:587?tls=required; without it no mail is sent
        smtp_url: SmtpServer;
        /// File that holds what --smtp-url would say, so that a password stands on no command line
        smtp_url_file: PathBuf;
        /// Who mail is from, such as "Secretariat <desk@example.org>"; otherwise no-reply at the host of the public address
        mail_from: Sender;
        /// Address that answers to invitations go to, such as rsvp@example.org; the mail server keeps what follows a plus sign in it
        rsvp_address: Sender;
        /// Address of the listener that a mail server hands those answers to over LMTP; without it none are taken by mail
        lmtp_listen: SocketAddr;
        /// Directory with font files (.ttf, .otf, .ttc) for scripts that PDFs are to have besides Latin, Greek and Cyrillic
        fonts_dir: PathBuf;
        /// Address of the listener for /metrics; without it nothing is measured
        metrics_listen: SocketAddr;
        /// Load demo data: all scenarios there are, or those named, separated by commas
        demo [num_args = 0..=1, default_missing_value = "all", value_name = "SCENARIO,..."]: Scenarios;
    }
}

const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Zero counts as one.
const fn number(value: u32) -> NonZeroU32 {
    match NonZeroU32::new(value) {
        Some(value) => value,
        None => NonZeroU32::MIN,
    }
}

/// Why the configuration cannot be used; each message names the option and where it stood.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable that is no option.
    #[error("{name} is not an option{}. `plenum serve --help` lists them all; PLENUM_LISTEN stands for --listen.", suggest(.similar))]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The one that was probably meant.
        similar: Option<String>,
    },
    /// A variable with a value that does not fit.
    #[error("{name}: {detail}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A file that cannot be read.
    #[error("{}: {cause}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The same secret twice in one place.
    #[error("Give either {name} or {name}_file, not both; they stand in {place}.")]
    Twice {
        /// The option.
        name: &'static str,
        /// Where both stand.
        place: String,
    },
}

fn suggest(similar: &Option<String>) -> String {
    similar.as_ref().map_or_else(String::new, |name| format!("; {name} is"))
}

impl Config {
    /// Puts together what was given on the command line, in the environment and in the file that `file` or
    /// `PLENUM_CONFIG` names.
    ///
    /// # Errors
    /// When something given is no option or does not fit, or a file cannot be read.
    pub fn load(command_line: Options, file: Option<&Path>) -> Result<Self, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        Self::from_sources(command_line, std::env::vars_os(), file)
    }

    fn from_sources(
        command_line: Options,
        variables: impl Iterator<Item = (OsString, OsString)>,
        file: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let (environment, named) = from_environment(variables)?;
        let file = file.map(Path::to_owned).or(named);
        let file = file.as_deref().map_or_else(|| Ok(Options::default()), from_file)?;
        Ok(command_line.with_secrets("the command line")?.or(environment).or(file).resolve())
    }

    /// The database to connect to.
    pub fn database_url(&self) -> String {
        let embedded = || format!("sqlite://{}", self.data_dir.join("plenum.sqlite").display());
        self.database.as_ref().map_or_else(embedded, |database| database.url().to_owned())
    }

    /// Notes the address the server really listens on, which port 0 leaves open.
    pub fn listening_on(&mut self, address: SocketAddr) {
        if self.public_url == WebAddress::of(self.listen) {
            self.public_url = WebAddress::of(address);
        }
        self.listen = address;
    }
}

impl Default for Config {
    fn default() -> Self {
        Options::default().resolve()
    }
}

impl Options {
    /// Puts in place of files with secrets what they hold. `place` says where the options stood.
    fn with_secrets(mut self, place: &str) -> Result<Self, ConfigError> {
        if let Some(path) = self.database_file.take() {
            only_one("database", self.database.is_some(), place)?;
            self.database = Some(secret(&path)?);
            self.secret_files.push(path);
        }
        if let Some(path) = self.audit_key_file.take() {
            only_one("audit_key", self.audit_key.is_some(), place)?;
            self.audit_key = Some(secret(&path)?);
            self.secret_files.push(path);
        }
        if let Some(path) = self.badge_key_file.take() {
            only_one("badge_key", self.badge_key.is_some(), place)?;
            self.badge_key = Some(secret(&path)?);
            self.secret_files.push(path);
        }
        if let Some(path) = self.vault_key_file.take() {
            only_one("vault_key", self.vault_key.is_some(), place)?;
            self.vault_key = Some(secret(&path)?);
            self.secret_files.push(path);
        }
        if let Some(path) = self.smtp_url_file.take() {
            only_one("smtp_url", self.smtp_url.is_some(), place)?;
            self.smtp_url = Some(secret(&path)?);
            self.secret_files.push(path);
        }
        if let Some(providers) = &mut self.oidc {
            self.secret_files.extend(providers.read_secrets(|path| read(path))?);
        }
        Ok(self)
    }

    /// Fills in the defaults, those that depend on other options last.
    fn resolve(self) -> Config {
        let own_address = self.public_url.is_none();
        let mut config = self.or_default();
        if own_address {
            config.public_url = WebAddress::of(config.listen);
        }
        config
    }
}

/// What a file with a secret holds.
fn secret<T: FromStr<Err = String>>(path: &Path) -> Result<T, ConfigError> {
    read(path)?.trim().parse().map_err(|cause: String| unusable(path, cause))
}

fn only_one(name: &'static str, both: bool, place: &str) -> Result<(), ConfigError> {
    if both { Err(ConfigError::Twice { name, place: place.to_owned() }) } else { Ok(()) }
}

/// What the environment says, and the file it names.
fn from_environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<(Options, Option<PathBuf>), ConfigError> {
    let (mut options, mut file) = (Options::default(), None);
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| name.starts_with("PLENUM_")) else { continue };
        match name {
            "PLENUM_CONFIG" => file = Some(PathBuf::from(value)),
            _ if name.starts_with("PLENUM_TEST_") => {}
            _ => options = options.or(from_variable(name, &value)?),
        }
    }
    Ok((options.with_secrets("the environment")?, file))
}

/// A variable is read as the option of the command line that it stands for.
fn from_variable(name: &str, value: &OsString) -> Result<Options, ConfigError> {
    let detail = |detail: &str| ConfigError::Variable { name: name.to_owned(), detail: detail.to_owned() };
    let value = value.to_str().ok_or_else(|| detail("is not text in UTF-8"))?;
    if value.is_empty() {
        return Err(detail("is empty; unset it, or give it a value"));
    }
    let option = name.trim_start_matches("PLENUM_").to_lowercase().replace('_', "-");
    let command = <Options as clap::Args>::augment_args(clap::Command::new("plenum").disable_help_flag(true));
    let read = command.try_get_matches_from(["plenum", &format!("--{option}={value}")]);
    read.and_then(|matches| Options::from_arg_matches(&matches)).map_err(|error| {
        if error.kind() == clap::error::ErrorKind::UnknownArgument {
            return ConfigError::UnknownVariable { name: name.to_owned(), similar: similar(&error) };
        }
        detail(&reason(&error))
    })
}

/// What is wrong with a value, without the value: it may be a secret.
fn reason(error: &clap::Error) -> String {
    match (std::error::Error::source(error), error.get(ContextKind::ValidValue)) {
        (Some(cause), _) => cause.to_string(),
        (None, Some(ContextValue::Strings(words))) => format!("is none of: {}", words.join(", ")),
        (None, _) => "does not fit".to_owned(),
    }
}

/// The variable of the option that clap thinks was meant.
fn similar(error: &clap::Error) -> Option<String> {
    let ContextValue::String(option) = error.get(ContextKind::SuggestedArg)? else { return None };
    Some(format!("PLENUM_{}", option.trim_start_matches('-').to_uppercase().replace('-', "_")))
}

fn from_file(path: &Path) -> Result<Options, ConfigError> {
    let mut options: Options = toml::from_str(&read(path)?).map_err(|cause| unusable(path, cause))?;
    let mail = options.smtp_url.as_ref().is_some_and(SmtpServer::has_password);
    let database = options.database.as_ref().is_some_and(Database::has_password);
    let provider = options.oidc.as_ref().is_some_and(Providers::has_secret);
    let key = options.audit_key.is_some() || options.badge_key.is_some() || options.vault_key.is_some();
    if database || mail || provider || key {
        options.secret_files.push(path.to_owned());
    }
    options.with_secrets(&path.display().to_string())
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|cause| unusable(path, cause))
}

fn unusable(path: &Path, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ConfigError {
    ConfigError::File { path: path.to_owned(), cause: cause.into() }
}

#[cfg(test)]
mod tests;
