//! The first draft of minutes, filled from what is on record. Names of organisations are as they were when the session
//! started; people stand in it by function and rank.

use jiff::civil::DateTime;

use super::{Part, Section};
use crate::{
    Language,
    attendance::{Function, Status},
    proceedings::{Clerk, Fact},
};

/// What is on record of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Where it sat.
    pub place: Option<String>,
    /// When it was to sit, by the clocks of the place.
    pub scheduled: Option<(DateTime, DateTime)>,
    /// When it was in fact opened.
    pub opened_at: Option<DateTime>,
    /// When it was in fact closed.
    pub closed_at: Option<DateTime>,
    /// Who chaired the group when it started, each with the organisation.
    pub chairs: Vec<String>,
    /// The delegations, in protocol order.
    pub delegations: Vec<Attended>,
    /// The titles of the texts before it.
    pub documents: Vec<String>,
    /// The titles of those it adopted.
    pub adopted: Vec<String>,
}

/// A delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attended {
    /// Its name at the start.
    pub name: String,
    /// Whether it was represented.
    pub status: Status,
    /// By whom, as far as it is known.
    pub people: Vec<Person>,
}

/// Somebody who was there, by function and rank. Minutes keep every text they ever had, so a name in them would outlast
/// the erasure of the person; the attendance of the session names people, and forgets them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What they do in the delegation.
    pub function: Function,
    /// The rank at which they represent, as its word in the API.
    pub level: Option<&'static str>,
}

/// The parts of a first draft in `language`, with the headings left to whoever lays it out.
pub fn draft(facts: &Facts, language: &Language) -> Vec<Section> {
    let clerk = Clerk::of(language);
    let text = |part: Part| match part {
        Part::Opening => opening(facts, &clerk),
        Part::Attendance => attendance(&facts.delegations, &clerk),
        Part::Agenda => listed(&facts.documents, clerk.say("minutes-no-documents", &[]), str::to_owned),
        Part::Discussion => String::new(),
        Part::Decisions => listed(&facts.adopted, clerk.say("minutes-no-decisions", &[]), |title| {
            clerk.say("minutes-adopted", &[("title", Fact::Words(title))])
        }),
    };
    Part::ALL.iter().map(|part| Section { part: *part, text: text(*part) }).collect()
}

fn opening(facts: &Facts, clerk: &Clerk) -> String {
    let mut lines = vec![];
    if let Some(place) = &facts.place {
        lines.push(clerk.say("minutes-place", &[("place", Fact::Words(place))]));
    }
    if let Some((from, to)) = facts.scheduled {
        let (on, from, to) = (Fact::Day(from.date()), clock(from), clock(to));
        let times = [("on", on), ("from", Fact::Words(&from)), ("to", Fact::Words(&to))];
        lines.push(clerk.say("minutes-scheduled", &times));
    }
    for (message, at) in [("minutes-opened", facts.opened_at), ("minutes-closed", facts.closed_at)] {
        let Some(at) = at else { continue };
        lines.push(clerk.say(message, &[("time", Fact::Words(&clock(at)))]));
    }
    if facts.chairs.is_empty() {
        lines.push(clerk.say("minutes-no-chair", &[]));
    }
    for chair in &facts.chairs {
        lines.push(clerk.say("minutes-chaired", &[("chair", Fact::Words(chair))]));
    }
    lines.join("\n") + "\n"
}

fn attendance(delegations: &[Attended], clerk: &Clerk) -> String {
    let groups = [
        ("minutes-present", Status::Present),
        ("minutes-online", Status::Online),
        ("minutes-excused", Status::Excused),
        ("minutes-absent", Status::Absent),
        ("minutes-not-recorded", Status::Unknown),
    ];
    let mut blocks = vec![];
    for (message, status) in groups {
        let those: Vec<&Attended> = delegations.iter().filter(|delegation| delegation.status == status).collect();
        if those.is_empty() {
            continue;
        }
        let mut lines = vec![clerk.say(message, &[("count", Fact::Number(those.len()))])];
        lines.extend(those.into_iter().map(|delegation| delegation_line(delegation, clerk)));
        blocks.push(lines.join("\n"));
    }
    if blocks.is_empty() { String::new() } else { blocks.join("\n\n") + "\n" }
}

fn delegation_line(delegation: &Attended, clerk: &Clerk) -> String {
    if delegation.people.is_empty() {
        return delegation.name.clone();
    }
    let people: Vec<String> = delegation.people.iter().map(|person| person_words(person, clerk)).collect();
    let facts = [("organisation", Fact::Words(&delegation.name)), ("people", Fact::Words(&people.join("; ")))];
    clerk.say("minutes-delegation", &facts)
}

fn person_words(person: &Person, clerk: &Clerk) -> String {
    let mut role = clerk.say("minutes-role", &[("function", Fact::Words(person.function.as_str()))]);
    if let Some(level) = person.level {
        role = format!("{role}, {}", clerk.say("minutes-level", &[("level", Fact::Words(level))]));
    }
    role
}

fn listed(titles: &[String], nothing: String, words: impl Fn(&str) -> String) -> String {
    if titles.is_empty() {
        return nothing + "\n";
    }
    titles.iter().map(|title| words(title) + "\n").collect()
}

fn clock(at: DateTime) -> String {
    at.strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn facts() -> Facts {
        let at = |hour, minute| date(2025, 11, 24).at(hour, minute, 0, 0);
        let person = |function, level| Person { function, level };
        let delegation = |name: &str, status, people| Attended { name: name.to_owned(), status, people };
        Facts {
            place: Some("Hall A, Marrakesh".to_owned()),
            scheduled: Some((at(9, 0), at(10, 30))),
            opened_at: Some(at(9, 12)),
            closed_at: None,
            chairs: vec!["Anna Kowalska (PL)".to_owned()],
            delegations: vec![
                delegation(
                    "Latvia",
                    Status::Present,
                    vec![person(Function::Head, Some("minister")), person(Function::Expert, None)],
                ),
                delegation("Morocco", Status::Present, vec![]),
                delegation("Poland", Status::Excused, vec![]),
            ],
            documents: vec!["Strategic framework".to_owned()],
            adopted: vec!["Strategic framework".to_owned()],
        }
    }

    fn part(tag: &str, part: Part) -> String {
        let drafted = draft(&facts(), &Language::parse(tag).unwrap());
        drafted.into_iter().find(|section| section.part == part).unwrap().text
    }

    #[test]
    fn a_draft_says_where_when_and_under_whom() {
        let expected = "Place: Hall A, Marrakesh\nScheduled: 24 November 2025, 09:00–10:30\nOpened at 09:12\nChair: Anna Kowalska (PL)\n";
        assert_eq!(part("en", Part::Opening), expected);
        assert!(part("pl", Part::Opening).contains("Termin: 24 listopada 2025 r., 09:00–10:30\n"));
        assert!(part("fr", Part::Opening).contains("Prévue le 24 novembre 2025, 09:00–10:30\n"));
    }

    #[test]
    fn who_was_there_stands_by_function_and_rank() {
        let expected = "Present (2):\nLatvia: head of delegation, minister; expert\nMorocco\n\nExcused (1):\nPoland\n";
        assert_eq!(part("en", Part::Attendance), expected);
    }

    #[test]
    fn decisions_are_what_the_session_adopted() {
        assert_eq!(part("en", Part::Decisions), "Adopted: Strategic framework\n");
        let quiet = draft(&Facts::default(), &Language::parse("fr").unwrap());
        assert_eq!(quiet.last().unwrap().text, "La séance n’a adopté aucun texte.\n");
    }
}
