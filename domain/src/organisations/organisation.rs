//! What is known of an organisation.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FormerNames, Kind, Names};
use crate::{
    Check, Code, Violation,
    external::{self, ExternalId},
    former,
    identifier::Handle,
    language::{check_line, search_key},
    moment::Moment,
    time,
};

/// A state, agency, police service, IGO, NGO, company or university.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Unique short name: ISO 3166-1 alpha-2 for a state (`PL`), an acronym for others (`UNODC`).
    pub code: Code,
    /// What it is.
    pub kind: Kind,
    /// Its names per language and form.
    pub names: Names,
    /// ISO 3166-1 alpha-2 of the state it is or belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[A-Z]{2}$"))]
    pub alpha2: Option<String>,
    /// ISO 3166-1 alpha-3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub alpha3: Option<String>,
    /// UN M49 code, three digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9]{3}$"))]
    pub numeric_code: Option<String>,
    /// UN M49 region, such as `Europe`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub region: Option<String>,
    /// UN M49 subregion, such as `Eastern Europe`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub subregion: Option<String>,
    /// UN regional group, such as `Eastern European`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub regional_group: Option<String>,
    /// Standing in the United Nations: `member` or `observer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^(member|observer)$"))]
    pub un_status: Option<String>,
    /// The organisation it is part of: an agency's state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<Handle>,
    /// Its site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^https?://[^\\s]{1,250}$"))]
    pub website: Option<String>,
    /// IANA name of the time zone at its seat: where its people are who take part from home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 50), example = "Europe/Warsaw")]
    pub time_zone: Option<String>,
    /// Names it had before. Left out when a name changes, the old ones are added by themselves; to mend a spelling mistake
    /// instead, send the names that really were, or `[]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20))]
    pub former_names: Option<Vec<FormerNames>>,
    /// Its ids in partner systems.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub external_ids: Vec<ExternalId>,
}

impl Organisation {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.require(
            !self.names.0.is_empty(),
            "/names",
            "required",
            "Name the organisation in at least one language.",
        );
        check_names(&self.names, "/names", &mut check);
        let before = self.former_names.as_deref().unwrap_or_default();
        check.require(before.len() <= former::MOST, "/former_names", "too_many", "Give at most 20 former names.");
        for (at, former) in before.iter().enumerate() {
            check_names(&former.names, &format!("/former_names/{at}/names"), &mut check);
        }
        let shape = |value: &Option<String>, length: usize, fits: fn(&u8) -> bool| {
            value.as_ref().is_none_or(|value| value.len() == length && value.bytes().all(|b| fits(&b)))
        };
        check
            .require(
                shape(&self.alpha2, 2, u8::is_ascii_uppercase),
                "/alpha2",
                "invalid",
                "Give ISO 3166-1 alpha-2, such as PL.",
            )
            .require(
                shape(&self.alpha3, 3, u8::is_ascii_uppercase),
                "/alpha3",
                "invalid",
                "Give ISO 3166-1 alpha-3, such as POL.",
            )
            .require(
                shape(&self.numeric_code, 3, u8::is_ascii_digit),
                "/numeric_code",
                "invalid",
                "Give three digits, such as 616.",
            )
            .require(
                self.un_status.as_deref().is_none_or(|s| matches!(s, "member" | "observer")),
                "/un_status",
                "invalid",
                "Give 'member' or 'observer', or leave it out.",
            )
            .require(
                self.website.as_deref().is_none_or(|url| url.len() <= 258 && is_web_address(url)),
                "/website",
                "invalid",
                "Give an address that begins with https:// or http://.",
            )
            .require(
                self.kind != Kind::State || self.alpha2.is_some(),
                "/alpha2",
                "required",
                "A state needs its ISO 3166-1 alpha-2 code.",
            );
        for (pointer, value) in
            [("/region", &self.region), ("/subregion", &self.subregion), ("/regional_group", &self.regional_group)]
        {
            if let Some(value) = value {
                check.take(check_line(value, pointer, 100));
            }
        }
        if let Some(name) = &self.time_zone {
            check.take(time::zone(name, "/time_zone").map(drop));
        }
        external::check(&self.external_ids, &mut check);
        check.finish()
    }

    /// This organisation as it is to be kept when it replaces `current` at `now`. Unless the caller says otherwise in
    /// `former_names`, names that are replaced join them.
    pub fn succeeding(mut self, current: &Self, now: Timestamp) -> Self {
        let renamed = current.names.renamed_in(&self.names);
        let replaced = renamed.then(|| FormerNames { names: current.names.clone(), until: Moment(now) });
        self.former_names = former::kept(self.former_names, current.former_names.as_ref(), replaced);
        self
    }

    /// Code, all names and former names folded for searching.
    pub fn search_key(&self) -> String {
        let former = self.former_names.iter().flatten().map(|former| &former.names);
        let forms = std::iter::once(&self.names).chain(former).flat_map(|names| names.0.values());
        let names = forms.flat_map(|forms| forms.each().map(|(_, name)| name));
        search_key(&std::iter::once(self.code.as_str()).chain(names).collect::<Vec<_>>().join(" "))
    }
}

fn check_names(names: &Names, pointer: &str, check: &mut Check) {
    for (language, forms) in &names.0 {
        for (form, name) in forms.each() {
            check.take(check_line(name, &format!("{pointer}/{language}/{form}"), 300));
        }
        let named = forms.each().next().is_some();
        check.require(named, &format!("{pointer}/{language}"), "required", "Give at least the 'list' name.");
    }
}

fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| !c.is_whitespace() && !c.is_control()))
}
