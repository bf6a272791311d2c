//! The list of participants, resolved for one language and written as HTML, DOCX and PDF.
//!
//! [`render`] decides everything a reader sees; the formats only write it down. Serialised, the [`ParticipantsDoc`] is
//! the JSON form.

mod docx;
mod html;
mod pdf;

use domain::{
    Code, Language,
    attendance::{
        Category, Function,
        participants::{EditionKind, Party, Person, Roll, phrases::Phrases},
    },
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Direction, Line, line::list_name};
pub use docx::docx;
pub use html::html;
pub use pdf::pdf;

/// A list of participants resolved for one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Participants")]
pub struct ParticipantsDoc {
    /// The language that was asked for. Whatever is in another one says so.
    pub language: Language,
    /// Direction of its script.
    pub direction: Direction,
    /// What the list claims to be.
    pub kind: EditionKind,
    /// Number of the edition; none of a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<i32>,
    /// The day the edition was published, by the calendar of the event's place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_on: Option<Date>,
    /// "List of participants".
    pub title: Line,
    /// What the event is called.
    pub event: Line,
    /// Its days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<Line>,
    /// Its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Line>,
    /// "Final edition 3, 27 November 2025".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imprint: Option<Line>,
    /// What has to be known before it is read: that it is provisional, or a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<Line>,
    /// "179 delegations, 812 participants".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<Line>,
    /// The categories somebody came in, in order.
    pub sections: Vec<SectionDoc>,
}

/// One category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ParticipantsSection")]
pub struct SectionDoc {
    /// The category.
    pub category: Category,
    /// Its heading.
    pub heading: Line,
    /// Its delegations, in the protocol order of the language.
    pub delegations: Vec<DelegationDoc>,
}

/// One delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ParticipantsDelegation")]
pub struct DelegationDoc {
    /// Code of the organisation.
    pub organisation_code: Code,
    /// Its name for lists.
    pub name: Line,
    /// Its people: the head first, then by function and name.
    pub people: Vec<PersonDoc>,
    /// What stands below an organisation that named nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nobody: Option<Line>,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ParticipantsPerson")]
pub struct PersonDoc {
    /// The name with its honorific; of whoever is known by function only, a line that says so.
    pub name: Line,
    /// Whether the name is withheld.
    pub withheld: bool,
    /// What the person does in the delegation.
    pub function: Function,
    /// What that is called.
    pub function_name: Line,
    /// The office held at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Line>,
}

/// Resolves a list for readers of `language`.
pub fn render(roll: &Roll, language: &Language) -> ParticipantsDoc {
    let speaker = Speaker { language, phrases: Phrases::open(language) };
    let (delegations, people) = roll.count();
    ParticipantsDoc {
        language: language.clone(),
        direction: Direction::of(language),
        kind: roll.kind,
        edition: roll.edition.map(|(number, _)| number),
        published_on: roll.edition.map(|(_, day)| day),
        title: speaker.say(Phrases::title, "List of participants"),
        event: Line::resolve(&roll.event.title, language),
        dates: speaker.find(|phrases| phrases.when(&roll.event)),
        place: roll.event.place.as_ref().map(|place| Line::resolve(place, language)),
        imprint: roll.edition.and_then(|(number, day)| speaker.find(|said| said.edition(roll.kind, number, day))),
        warning: speaker.find(|phrases| phrases.warning(roll.kind, roll.edition.is_some())),
        totals: speaker.find(|phrases| phrases.totals(delegations, people)),
        sections: roll
            .in_order(language)
            .into_iter()
            .map(|section| SectionDoc {
                category: section.category,
                heading: speaker.say(|phrases| phrases.category(section.category), section.category.as_str()),
                delegations: section.parties.iter().map(|(party, people)| speaker.delegation(party, people)).collect(),
            })
            .collect(),
    }
}

/// What a list is told in.
struct Speaker<'a> {
    language: &'a Language,
    phrases: Option<Phrases>,
}

impl Speaker<'_> {
    fn find(&self, phrase: impl FnOnce(&Phrases) -> Option<(Language, String)>) -> Option<Line> {
        self.phrases.as_ref().and_then(phrase).map(Line::from)
    }

    /// The phrase, or `otherwise` in English.
    fn say(&self, phrase: impl FnOnce(&Phrases) -> Option<(Language, String)>, otherwise: &str) -> Line {
        self.find(phrase).unwrap_or_else(|| Line { language: Language::english(), text: otherwise.to_owned() })
    }

    fn delegation(&self, party: &Party, people: &[&Person]) -> DelegationDoc {
        DelegationDoc {
            organisation_code: party.code.clone(),
            name: list_name(&party.names, &party.code, self.language),
            people: people.iter().map(|person| self.person(person)).collect(),
            nobody: if people.is_empty() { self.find(Phrases::nobody) } else { None },
        }
    }

    fn person(&self, person: &Person) -> PersonDoc {
        let own = |text: String| Line { language: self.language.clone(), text };
        let name = match &person.named {
            Some(named) => own(named.honorific.iter().chain([&named.name]).cloned().collect::<Vec<_>>().join(" ")),
            None => self.say(Phrases::withheld, "(name withheld)"),
        };
        let position = person.named.as_ref().and_then(|named| named.position.as_ref());
        PersonDoc {
            name,
            withheld: person.named.is_none(),
            function: person.function,
            function_name: self.say(|phrases| phrases.function(person.function), person.function.as_str()),
            position: position.map(|position| Line::resolve(position, self.language)),
        }
    }
}

impl ParticipantsDoc {
    /// What the document is called outside of itself: "List of participants: General Assembly".
    fn name(&self) -> String {
        format!("{}: {}", self.title.text, self.event.text)
    }

    /// The lines between title and list, in order.
    fn lines(&self) -> impl Iterator<Item = &Line> {
        [&self.dates, &self.place, &self.imprint, &self.totals].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests;
