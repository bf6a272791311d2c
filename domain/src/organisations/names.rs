//! The names of an organisation, per language and form.
//!
//! Lists of states are political, so a form is never computed: every one is stored, or falls back as stated here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap};

use crate::{Language, Text};

/// The names of one organisation in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NameForms {
    /// As it stands in a list: "Netherlands (Kingdom of the)".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub list: Option<String>,
    /// The full formal name: "the Kingdom of the Netherlands".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub formal: Option<String>,
    /// As it stands in running text, with its article: "the Republic of Korea".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub text: Option<String>,
    /// What the list is sorted by where that differs from the list form (Arabic article, for instance).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub sort: Option<String>,
    /// Genitive of the text form: Polish "Republiki Korei".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub genitive: Option<String>,
    /// Locative of the text form: Polish "Republice Korei".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub locative: Option<String>,
    /// Instrumental of the text form: Polish "Republiką Koreą".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub instrumental: Option<String>,
}

impl NameForms {
    /// The forms that are there, each with its name in JSON.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("list", &self.list),
            ("formal", &self.formal),
            ("text", &self.text),
            ("sort", &self.sort),
            ("genitive", &self.genitive),
            ("locative", &self.locative),
            ("instrumental", &self.instrumental),
        ]
        .into_iter()
        .filter_map(|(form, value)| Some((form, value.as_deref()?)))
    }
}

/// The names of one organisation in all its languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(pub BTreeMap<Language, NameForms>);

impl Names {
    /// The name for a list in `language`; falls back to the text form, then to English, then to any language.
    pub fn list(&self, language: &Language) -> Option<&str> {
        self.first(language, |forms| forms.list.as_deref().or(forms.text.as_deref()).or(forms.formal.as_deref()))
    }

    /// The name for running text in `language`; falls back to the list form, then to English, then to any language.
    pub fn text(&self, language: &Language) -> Option<&str> {
        self.first(language, |forms| forms.text.as_deref().or(forms.list.as_deref()).or(forms.formal.as_deref()))
    }

    /// What a list in `language` is sorted by.
    pub fn sort(&self, language: &Language) -> Option<&str> {
        self.0.get(language).and_then(|forms| forms.sort.as_deref()).or_else(|| self.list(language))
    }

    /// The name for a list in every language that has one of its own.
    pub fn in_lists(&self) -> Text {
        let own = self.0.iter().filter_map(|(language, forms)| {
            let name = forms.list.as_ref().or(forms.text.as_ref()).or(forms.formal.as_ref())?;
            Some((language.clone(), name.clone()))
        });
        Text(own.collect())
    }

    /// The forms stored in exactly this language: for grammar, which never falls back to another language.
    pub fn forms(&self, language: &Language) -> Option<&NameForms> {
        self.0.get(language)
    }

    fn first<'a>(&'a self, language: &Language, form: impl Fn(&'a NameForms) -> Option<&'a str>) -> Option<&'a str> {
        self.0
            .get(language)
            .and_then(&form)
            .or_else(|| self.0.get(&Language::english()).and_then(&form))
            .or_else(|| self.0.values().find_map(&form))
    }
}

impl JsonSchema for Names {
    fn schema_name() -> Cow<'static, str> {
        "Names".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let forms = generator.subschema_for::<NameForms>();
        schemars::json_schema!({
            "type": "object",
            "description": "Names per language (BCP 47 primary subtag) and form.",
            "additionalProperties": forms,
            "propertyNames": {"pattern": crate::language::TAG},
            "minProperties": 1,
            "maxProperties": 50,
            "examples": [{"en": {"list": "Republic of Korea", "text": "the Republic of Korea"}}],
        })
    }
}
