//! The draft report of a committee on credentials: who has brought what, in protocol order of the language.
//!
//! A draft from the findings on record. What the committee makes of it is its own affair.

use domain::{
    Code, Language, Text,
    attendance::{Entitlement, Finding},
    organisations::{Names, order::alphabetical},
    proceedings::{Clerk, Fact},
};
use jiff::civil::Date;

use crate::{
    line::{Line, list_name},
    report::{Block, Item, Report},
};

/// What a report is written from.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// Title of the event.
    pub event: &'a Text,
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// The day on which the findings stood as they are reported, by the calendar of the place.
    pub on: Date,
    /// What the rules let a delegation do whose credentials are not in order, where they say the same of those without
    /// any; none where they differ.
    pub participation: Option<Entitlement>,
    /// The delegations that present credentials, in any order.
    pub delegations: Vec<Delegation>,
}

/// A delegation and what was found of its credentials.
#[derive(Debug, Clone)]
pub struct Delegation {
    /// Code of the organisation.
    pub code: Code,
    /// Its names at the event.
    pub names: Names,
    /// What holds.
    pub finding: Finding,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// The lists: the name of each in the phrases, what is in it, and whether it stands there even if it is empty.
const LISTS: [(&str, &[Finding], bool); 5] = [
    ("credentials-a", &[Finding::InDueForm, Finding::Accepted], true),
    ("credentials-b", &[Finding::Provisional], true),
    ("credentials-c", &[Finding::None], true),
    ("credentials-challenged", &[Finding::Challenged], false),
    ("credentials-rejected", &[Finding::Rejected], false),
];

/// The report for readers of `language`.
pub fn report(source: &Source<'_>, language: &Language) -> Report {
    let clerk = Clerk::of(language);
    let say = |message: &str, facts: &[(&str, Fact<'_>)]| Line {
        language: clerk.language().clone(),
        text: clerk.say(message, facts),
    };
    let mut ordered: Vec<&Delegation> = source.delegations.iter().collect();
    alphabetical(&mut ordered, language, |delegation| (&delegation.code, &delegation.names));
    let event = Line::resolve(source.event, language).text;
    let occasion =
        [("event", Fact::Words(&event)), ("first", Fact::Day(source.first)), ("last", Fact::Day(source.last))];
    let examined = [("count", Fact::Number(ordered.len())), ("on", Fact::Day(source.on))];
    let mut blocks = vec![
        Block::Paragraph(say("credentials-occasion", &occasion)),
        Block::Paragraph(say("credentials-examined", &examined)),
    ];
    for (name, findings, always) in LISTS {
        let listed: Vec<&Delegation> =
            ordered.iter().copied().filter(|delegation| findings.contains(&delegation.finding)).collect();
        if listed.is_empty() && !always {
            continue;
        }
        blocks.push(Block::Heading(say(name, &[])));
        blocks.push(Block::Paragraph(say(&format!("{name}-text"), &[("count", Fact::Number(listed.len()))])));
        if !listed.is_empty() {
            blocks.push(Block::Items(listed.iter().map(|delegation| item(delegation, language, &say)).collect()));
        }
    }
    let participation = source.participation.map_or("differs", Entitlement::as_str);
    blocks.push(Block::Paragraph(say("credentials-recommendation", &[("participation", Fact::Words(participation))])));
    Report {
        language: language.clone(),
        banner: Some(say("credentials-banner", &[])),
        title: say("credentials-title", &[]),
        blocks,
    }
}

fn item(delegation: &Delegation, language: &Language, say: &impl Fn(&str, &[(&str, Fact<'_>)]) -> Line) -> Item {
    let mut below = vec![];
    if let Some(by) = &delegation.decided_by {
        let message =
            if delegation.finding == Finding::Accepted { "credentials-accepted" } else { "credentials-decided" };
        below.push(say(message, &[("by", Fact::Words(by))]));
    }
    if let Some(reason) = &delegation.reason {
        below.push(say("credentials-reason", &[("reason", Fact::Words(reason))]));
    }
    Item { line: list_name(&delegation.names, &delegation.code, language), below }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::markdown;
    use jiff::civil::date;

    fn delegation(code: &str, names: &str, finding: Finding) -> Delegation {
        Delegation {
            code: Code::parse(code, "").unwrap(),
            names: serde_json::from_str(names).unwrap(),
            finding,
            decided_by: None,
            reason: None,
        }
    }

    fn written(tag: &str, delegations: Vec<Delegation>) -> String {
        let event: Text = serde_json::from_str(r#"{"en":"General Assembly","pl":"Zgromadzenie Ogólne"}"#).unwrap();
        let source = Source {
            event: &event,
            first: date(2025, 11, 24),
            last: date(2025, 11, 27),
            on: date(2025, 11, 25),
            participation: Some(Entitlement::Votes),
            delegations,
        };
        markdown(&report(&source, &Language::parse(tag).unwrap()))
    }

    fn conference() -> Vec<Delegation> {
        let names = |en: &str, pl: &str| format!(r#"{{"en":{{"list":"{en}"}},"pl":{{"list":"{pl}"}}}}"#);
        let mut rejected = delegation("HU", &names("Hungary", "Węgry"), Finding::Rejected);
        rejected.decided_by = Some("Plenary, second meeting".to_owned());
        rejected.reason = Some("Two papers differ".to_owned());
        vec![
            delegation("PL", &names("Poland", "Polska"), Finding::Accepted),
            delegation("LU", &names("Luxembourg", "Luksemburg"), Finding::InDueForm),
            delegation("LV", &names("Latvia", "Łotwa"), Finding::InDueForm),
            delegation("MA", &names("Morocco", "Maroko"), Finding::None),
            rejected,
        ]
    }

    #[test]
    fn the_lists_stand_in_the_alphabet_of_the_language() {
        let english = written("en", conference());
        assert!(english.contains("- Latvia\n- Luxembourg\n- Poland"), "{english}");
        // Ł is a letter after L.
        let polish = written("pl", conference());
        assert!(polish.contains("- Luksemburg\n- Łotwa\n- Polska"), "{polish}");
        assert!(polish.contains("24–27 listopada 2025 r."), "{polish}");
    }

    #[test]
    fn lists_a_to_c_stand_there_even_if_nobody_is_in_them_and_disputes_only_if_there_are_any() {
        let english = written("en", conference());
        assert!(english.contains("No delegation relies on provisional credentials."), "{english}");
        assert!(!english.contains("challenge"), "{english}");
        assert!(english.contains("- Hungary\n  - decided by: Plenary, second meeting\n  - reason: Two papers differ"));
        let quiet = written("en", vec![]);
        assert!(!quiet.contains("Rejected"), "{quiet}");
    }

    #[test]
    fn a_title_in_another_language_is_not_lost_in_a_french_report() {
        let french = written("fr", conference());
        assert!(french.contains("# Rapport de la Commission de vérification des pouvoirs"), "{french}");
        assert!(french.contains("General Assembly"), "{french}");
        assert!(french.contains("Une délégation n’a pas présenté de pouvoirs\u{a0}:"), "{french}");
    }
}
