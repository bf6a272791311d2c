//! The facts of the Seoul meeting of 2019, for tests.

use super::{Facts, Participant};
use crate::organisations::catalogue;

/// ISO 3166-1 codes of the states that took part in formulating the text.
const STATES: &str = "AF SA AU AT BH BE BR HR ME DK EC EG EE FI FR GR ES NL IE IL JO QA CO KW LV MA MX DE NZ NG NO OM PL \
                      PT CZ KR RO SK US CH TN UA GB HU IT AE";

pub(super) fn participant(json: &str) -> Participant {
    serde_json::from_str(json).unwrap()
}

/// These states with their names from the catalogue, in this order.
fn participants(codes: &str) -> Vec<Participant> {
    let catalogue = catalogue::load().unwrap();
    let find = |code: &str| catalogue.iter().find(|state| state.code.as_str() == code).unwrap();
    codes
        .split_whitespace()
        .map(find)
        .map(|state| Participant { code: state.code.clone(), names: state.names.clone() })
        .collect()
}

/// The facts with every form stored.
pub(super) fn facts() -> Facts {
    let mut facts: Facts = serde_json::from_str(FACTS).unwrap();
    facts.co_chairs = participants("KR PL US");
    facts.host = facts.co_chairs[0].clone();
    facts.participants = participants(STATES);
    facts
}

const FACTS: &str = r#"{
    "group": {
        "name": {"en": "Working Group on Cybersecurity of the Warsaw Process",
                 "pl": "Grupa Robocza Procesu Warszawskiego do spraw cyberbezpieczeństwa"},
        "forms": {"pl": {"genitive": "Grupy Roboczej Procesu Warszawskiego do spraw cyberbezpieczeństwa"}}},
    "ordinal": 1,
    "event": {"en": "Working Group on Cybersecurity of the Warsaw Process",
              "pl": "Grupa Robocza Procesu Warszawskiego do spraw cyberbezpieczeństwa"},
    "place": {"name": {"en": "Seoul", "pl": "Seul"}, "forms": {"pl": {"locative": "Seulu"}}},
    "host": {"code": "KR", "names": {}},
    "dates": {"first": "2019-10-07", "last": "2019-10-08"},
    "tracks": [
        {"theme": "capacity_building",
         "title": {"en": "Practical capacity building", "pl": "Praktyczne budowanie zdolności"},
         "topics": [
            {"en": "exchange of good practice", "pl": "wymiana dobrych praktyk"},
            {"en": "fighting cybercrime in the light of the Budapest Convention",
             "pl": "zwalczanie cyberprzestępczości w świetle Konwencji budapeszteńskiej"},
            {"en": "national cyber strategies", "pl": "krajowe strategie cyberbezpieczeństwa"},
            {"en": "recognising threats", "pl": "rozpoznawanie zagrożeń"},
            {"en": "exchange of information and electronic evidence",
             "pl": "wymiana informacji i dowodów elektronicznych"}]},
        {"theme": "responsible_behaviour",
         "title": {"en": "Policy", "pl": "Polityka"},
         "topics": [
            {"en": "the United Nations framework for responsible state behaviour",
             "pl": "ramy Narodów Zjednoczonych dotyczące odpowiedzialnego zachowania państw"},
            {"en": "confidence-building measures", "pl": "środki budowy zaufania"}]}]
}"#;
