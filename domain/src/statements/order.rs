//! In which order a statement lists its states.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

use super::Participant;
use crate::{Code, Language, organisations::order::alphabetical};

/// The order of a list of states. Written `alphabetical`, `alphabetical:fr`, `chairs_first`, `host_first`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum OrderPolicy {
    /// Alphabetical in the language of the document, so numbers differ between versions.
    #[default]
    Alphabetical,
    /// Alphabetical in one language whatever the document's, so numbers are the same in all versions.
    AlphabeticalIn(Language),
    /// Co-chairs, then the others; both alphabetical in the language of the document.
    ChairsFirst,
    /// The host, then the others alphabetically in the language of the document.
    HostFirst,
}

impl OrderPolicy {
    /// Reads the written form.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "alphabetical" => Some(Self::Alphabetical),
            "chairs_first" => Some(Self::ChairsFirst),
            "host_first" => Some(Self::HostFirst),
            other => Language::parse(other.strip_prefix("alphabetical:")?).map(Self::AlphabeticalIn),
        }
    }

    /// The participants in order, for a document in `language`.
    pub fn arrange<'a>(&self, list: List<'a>, language: &Language) -> Vec<&'a Participant> {
        let sorting = if let Self::AlphabeticalIn(fixed) = self { fixed } else { language };
        let mut arranged: Vec<&Participant> = list.participants.iter().collect();
        alphabetical(&mut arranged, sorting, |participant| (&participant.code, &participant.names));
        // The sort below is stable, so the alphabet stands within each rank.
        match self {
            Self::Alphabetical | Self::AlphabeticalIn(_) => {}
            Self::ChairsFirst => arranged.sort_by_key(|participant| !list.co_chairs.contains(&participant.code)),
            Self::HostFirst => arranged.sort_by_key(|participant| Some(&participant.code) != list.host),
        }
        arranged
    }
}

impl fmt::Display for OrderPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alphabetical => f.write_str("alphabetical"),
            Self::AlphabeticalIn(language) => write!(f, "alphabetical:{language}"),
            Self::ChairsFirst => f.write_str("chairs_first"),
            Self::HostFirst => f.write_str("host_first"),
        }
    }
}

impl TryFrom<String> for OrderPolicy {
    type Error = String;
    fn try_from(word: String) -> Result<Self, String> {
        Self::parse(&word).ok_or_else(|| {
            format!("'{word}' is no order; use alphabetical, alphabetical:fr, chairs_first or host_first.")
        })
    }
}

impl From<OrderPolicy> for String {
    fn from(order: OrderPolicy) -> Self {
        order.to_string()
    }
}

impl JsonSchema for OrderPolicy {
    fn schema_name() -> Cow<'static, str> {
        "OrderPolicy".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Order of the list of states; the language of the document decides unless one is fixed.",
            "pattern": "^(alphabetical(:[a-z]{2,3})?|chairs_first|host_first)$",
            "examples": ["alphabetical"],
        })
    }
}

/// Who is to be put in order.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// Everybody on the list.
    pub participants: &'a [Participant],
    /// Codes of the co-chairs.
    pub co_chairs: &'a [Code],
    /// Code of the host.
    pub host: Option<&'a Code>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statements::seoul::participant;

    /// Codes of six states with names in three languages, in order.
    fn order(policy: &str, tag: &str) -> String {
        let participants: Vec<Participant> = [
            ("KR", "Republic of Korea", "Republika Korei", "République de Corée"),
            ("LV", "Latvia", "Łotwa", "Lettonie"),
            ("LU", "Luxembourg", "Luksemburg", "Luxembourg"),
            ("PL", "Poland", "Polska", "Pologne"),
            ("AE", "United Arab Emirates", "Zjednoczone Emiraty Arabskie", "Émirats arabes unis"),
            ("FI", "Finland", "Finlandia", "Finlande"),
        ]
        .map(|(code, en, pl, fr)| {
            let names = format!(r#"{{"en":{{"list":"{en}"}},"pl":{{"list":"{pl}"}},"fr":{{"list":"{fr}"}}}}"#);
            participant(&format!(r#"{{"code":"{code}","names":{names}}}"#))
        })
        .into();
        let code = |code| Code::parse(code, "").unwrap();
        let (co_chairs, host) = ([code("PL"), code("KR")], code("KR"));
        let list = List { participants: &participants, co_chairs: &co_chairs, host: Some(&host) };
        let arranged = OrderPolicy::parse(policy).unwrap().arrange(list, &Language::parse(tag).unwrap());
        arranged.iter().map(|participant| participant.code.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_list_follows_the_alphabet_of_the_document() {
        // Polish: Ł is a letter after L. French: É sorts as E.
        assert_eq!(order("alphabetical", "pl"), "FI LU LV PL KR AE");
        assert_eq!(order("alphabetical", "en"), "FI LV LU PL KR AE");
        assert_eq!(order("alphabetical", "fr"), "AE FI LV LU PL KR");
    }

    #[test]
    fn a_fixed_language_gives_the_same_numbers_in_all_versions() {
        assert_eq!(order("alphabetical:fr", "pl"), order("alphabetical", "fr"));
        assert_eq!(order("alphabetical:fr", "en"), order("alphabetical", "fr"));
    }

    #[test]
    fn chairs_or_host_come_first_and_the_others_alphabetically() {
        assert_eq!(order("chairs_first", "pl"), "PL KR FI LU LV AE");
        assert_eq!(order("host_first", "pl"), "KR FI LU LV PL AE");
    }

    #[test]
    fn an_order_reads_back_as_it_is_written() {
        for word in ["alphabetical", "alphabetical:fr", "chairs_first", "host_first"] {
            let policy: OrderPolicy = serde_json::from_value(word.into()).unwrap();
            assert_eq!(policy.to_string(), word);
        }
        assert!(serde_json::from_str::<OrderPolicy>("\"by_lot\"").is_err());
    }
}
