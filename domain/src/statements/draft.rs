//! The first draft of a statement, written from the facts of the meeting.
//!
//! The structure of the text is here, the sentences are in the phrase packs. A draft claims nothing for which there
//! is no fact; whoever holds the pen edits it clause by clause afterwards.

use fluent_bundle::FluentArgs;
use serde::Serialize;

use super::{
    Facts, Lint, Part, Participant, Provenance, Theme, Track,
    lint::note,
    phrases::{Lexicon, Pack},
};
use crate::{Language, Text};

/// A statement as first drafted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// Title, per language.
    pub title: Text,
    /// Clauses in order.
    pub clauses: Vec<DraftClause>,
    /// What its author should look at before using it.
    pub lints: Vec<Lint>,
}

/// A clause as first drafted; it gets its id when it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftClause {
    /// The part it belongs to.
    pub part: Part,
    /// Its words, per language.
    pub text: Text,
    /// The phrase and the facts they come from.
    pub provenance: Provenance,
}

/// One clause of the plan: which message says it, from which facts.
struct Planned<'a> {
    part: Part,
    message: &'static str,
    facts: &'static [&'static str],
    track: Option<&'a Track>,
}

/// Drafts a joint statement: the meeting, its purpose and participants, one clause for each track (practical
/// capacity building and responsible behaviour of states have words of their own), points of contact and national
/// strategies, cooperation between regions and thanks to the host, follow-up; then the clause that introduces the
/// list of states. With two tracks that makes seven operative paragraphs.
///
/// Languages without phrases are skipped with a lint. Missing case forms lead to sentences without inflection and
/// a lint each; a draft is always made.
pub fn joint_statement(facts: &Facts, languages: &[Language]) -> Draft {
    let plan = plan(facts);
    let clauses = plan.iter().map(|planned| DraftClause {
        part: planned.part,
        text: Text::default(),
        provenance: Provenance::Generated {
            template: format!("joint_statement/{}", planned.message),
            facts: planned.facts.iter().map(|fact| (*fact).to_owned()).collect(),
        },
    });
    let mut draft = Draft { clauses: clauses.collect(), ..Draft::default() };
    for language in languages {
        match Pack::open(language, lexicon(facts)) {
            Some(pack) => write(facts, &plan, &pack, &mut draft),
            None => note(&mut draft.lints, Lint::LanguageMissing { language: language.clone() }),
        }
    }
    draft
}

/// Adds one language to the draft.
fn write(facts: &Facts, plan: &[Planned<'_>], pack: &Pack, draft: &mut Draft) {
    let lints = &mut draft.lints;
    let general = general_arguments(facts, pack, lints);
    if let Some(title) = pack.say("title", &arguments(&general), lints) {
        draft.title.0.insert(pack.language().clone(), title);
    }
    for (planned, clause) in plan.iter().zip(&mut draft.clauses) {
        let mut arguments = arguments(&general);
        if let Some(track) = planned.track {
            add_track(&mut arguments, track, pack.language(), lints);
        }
        if let Some(text) = pack.say(planned.message, &arguments, lints) {
            clause.text.0.insert(pack.language().clone(), text);
        }
    }
}

fn plan(facts: &Facts) -> Vec<Planned<'_>> {
    let operative = |message, facts| Planned { part: Part::Operative, message, facts, track: None };
    let mut plan = vec![
        operative("held", &["dates", "place", "host", "co_chairs", "ordinal", "group"][..]),
        operative("purpose", &["participants"]),
    ];
    plan.extend(facts.tracks.iter().map(|track| Planned {
        part: Part::Operative,
        message: match track.theme {
            Theme::CapacityBuilding => "track-capacity-building",
            Theme::ResponsibleBehaviour => "track-responsible-behaviour",
            Theme::General => "track-general",
        },
        facts: &["tracks"],
        track: Some(track),
    }));
    let follow_up = if facts.next_meeting.is_some() { "follow-up-next" } else { "follow-up" };
    plan.extend([
        operative("contacts", &[]),
        operative("regions", &["host"]),
        operative(follow_up, &["next_meeting"]),
        Planned { part: Part::List, message: "list", facts: &["participants"], track: None },
    ]);
    plan
}

fn lexicon(facts: &Facts) -> Lexicon {
    let mut lexicon =
        Lexicon::default().with_noun("group", &facts.group).with_noun("place", &facts.place).with_state(&facts.host);
    if let Some(next) = &facts.next_meeting {
        lexicon = lexicon.with_noun("next_place", &next.place);
    }
    facts.co_chairs.iter().fold(lexicon, Lexicon::with_state)
}

/// A value a phrase may name.
enum Value {
    Word(String),
    Number(usize),
}

type Arguments = Vec<(&'static str, Value)>;

/// What every message of the pack may name.
fn general_arguments(facts: &Facts, pack: &Pack, lints: &mut Vec<Lint>) -> Arguments {
    let (first, last) = facts.dates.ordered();
    let co_chairs: Vec<&str> = facts.co_chairs.iter().map(|chair: &Participant| chair.code.as_str()).collect();
    let mut values = vec![
        ("first", Value::Word(first.to_string())),
        ("last", Value::Word(last.to_string())),
        ("days", Value::Number(facts.dates.days() as usize)),
        ("host", Value::Word(facts.host.code.to_string())),
        ("chairs", Value::Number(co_chairs.len())),
        ("co_chairs", Value::Word(co_chairs.join(" "))),
        ("ordinal", Value::Number(facts.ordinal.unwrap_or(0) as usize)),
        ("count", Value::Number(facts.participants.len())),
        ("event", Value::Word(in_language(&facts.event, "event", pack.language(), lints))),
    ];
    if let Some(next) = &facts.next_meeting {
        let (first, last) = next.dates.ordered();
        values.push(("next_first", Value::Word(first.to_string())));
        values.push(("next_last", Value::Word(last.to_string())));
        values.push(("next_days", Value::Number(next.dates.days() as usize)));
    }
    let group_of = pack.say("group-of", &arguments(&values), lints).unwrap_or_default();
    values.push(("group_of", Value::Word(group_of)));
    values
}

fn arguments(values: &Arguments) -> FluentArgs<'_> {
    let mut arguments = FluentArgs::with_capacity(values.len() + 3);
    for (name, value) in values {
        match value {
            Value::Word(word) => arguments.set(*name, word.as_str()),
            Value::Number(number) => arguments.set(*name, *number),
        }
    }
    arguments
}

fn add_track(arguments: &mut FluentArgs<'_>, track: &Track, language: &Language, lints: &mut Vec<Lint>) {
    let topics: Vec<String> = track.topics.iter().map(|topic| in_language(topic, "topic", language, lints)).collect();
    arguments.set("track", in_language(&track.title, "track", language, lints));
    arguments.set("topic_count", topics.len());
    // A semicolon, because a topic may itself contain commas and "and".
    arguments.set("topics", topics.join("; "));
}

/// The text in the language, or in another one with a lint.
fn in_language(text: &Text, subject: &str, language: &Language, lints: &mut Vec<Lint>) -> String {
    if text.get(language).is_none() {
        note(lints, Lint::TextMissing { subject: subject.to_owned(), language: language.clone() });
    }
    text.resolve(std::slice::from_ref(language)).map(|(_, words)| words.to_owned()).unwrap_or_default()
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
