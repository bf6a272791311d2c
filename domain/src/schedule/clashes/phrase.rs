//! A finding in words.

use fluent_bundle::{FluentArgs, FluentValue};

use super::{Finding, Params, Subject};
use crate::{
    Language,
    statements::phrases::{Lexicon, Pack, Sources, join},
};

/// Languages with phrases. To add one: put its file beside these and add its line here.
const PACKS: &[Sources] = &[
    ("en", &[include_str!("../../../data/phrases/en/clashes.ftl")]),
    ("fr", &[include_str!("../../../data/phrases/fr/clashes.ftl")]),
    ("pl", &[include_str!("../../../data/phrases/pl/clashes.ftl")]),
];

/// What `finding` says in `language`, or in English where that has no phrases: what is wrong, then by how much.
///
/// `names` gives the name of a subject as the reader knows it; `None` is for what they may not know. Give it what
/// [`Finding::for_reader`] leaves, and nothing that is hidden is in the words.
pub fn phrase(finding: &Finding, language: &Language, names: impl Fn(Subject) -> Option<String>) -> String {
    let open = |language: &Language| Pack::of(PACKS, language, Lexicon::default());
    // There is an English pack; the tests of the phrases see to it.
    let Some(pack) = open(language).or_else(|| open(&Language::english())) else { return finding.rule.to_string() };
    let speaker = Speaker { pack, language, names };
    let (sessions, others): (Vec<Subject>, Vec<Subject>) = finding
        .subjects
        .iter()
        .partition(|subject| matches!(subject, Subject::Session(_) | Subject::AnotherCommitment));
    let arguments = [("sessions", speaker.names(&sessions)), ("who", speaker.names(&others))];
    let what = speaker.say(finding.rule.as_str(), arguments.into_iter().collect());
    match speaker.by_how_much(&finding.params) {
        Some(more) => format!("{what} {more}"),
        None => what,
    }
}

struct Speaker<'a, N> {
    pack: Pack,
    language: &'a Language,
    names: N,
}

impl<N: Fn(Subject) -> Option<String>> Speaker<'_, N> {
    fn say(&self, message: &str, arguments: FluentArgs<'_>) -> String {
        self.pack.say(message, &arguments, &mut Vec::new()).unwrap_or_else(|| message.to_owned())
    }

    fn name(&self, subject: Subject) -> String {
        let unnamed = match subject {
            Subject::Session(_) | Subject::AnotherCommitment => "another-commitment",
            Subject::Room(_) => "unnamed-room",
            Subject::Person(_) => "unnamed-person",
            Subject::Delegation(_) => "unnamed-delegation",
            Subject::Group(_) => "unnamed-group",
        };
        let name = if subject == Subject::AnotherCommitment { None } else { (self.names)(subject) };
        name.unwrap_or_else(|| self.say(unnamed, FluentArgs::new()))
    }

    fn names(&self, subjects: &[Subject]) -> String {
        let names: Vec<String> = subjects.iter().map(|subject| self.name(*subject)).collect();
        join(self.pack.language(), &names).unwrap_or_default()
    }

    fn by_how_much(&self, params: &Params) -> Option<String> {
        let (message, arguments): (&str, Vec<(&str, FluentValue<'_>)>) = match params {
            Params::None => return None,
            Params::Overlap { minutes } | Params::Duties { minutes, .. } | Params::Outside { minutes } => {
                ("by-overlap", vec![("minutes", minutes.into())])
            }
            Params::Blocked { by } => ("by-blocked", vec![("by", by.as_str().into())]),
            Params::Capacity { expected, capacity, .. } => {
                ("by-capacity", vec![("expected", expected.into()), ("capacity", capacity.into())])
            }
            Params::Features { missing } => ("by-features", vec![("missing", missing.join(", ").into())]),
            Params::Teams { language, wanted, available } => {
                ("by-teams", teams(language, *wanted, *available).to_vec())
            }
            Params::Rest { language, wanted, available, minutes } => {
                let rest = [("minutes", minutes.into())];
                ("by-rest", teams(language, *wanted, *available).into_iter().chain(rest).collect())
            }
            Params::Sitting { minutes, at_most } => {
                ("by-sitting", vec![("minutes", minutes.into()), ("at_most", at_most.into())])
            }
            Params::Stretched { sessions, able } => {
                ("by-stretched", vec![("count", sessions.into()), ("able", able.into())])
            }
            Params::Plenary { matter, .. } => ("by-plenary", vec![("matter", matter.as_str().into())]),
            Params::Relation { order, earlier } => {
                let earlier = self.name(Subject::Session(*earlier));
                ("by-relation", vec![("order", order.as_str().into()), ("earlier", earlier.into())])
            }
            Params::Wait { until } => ("by-wait", vec![("until", until.to_string().into())]),
            Params::Gap { minutes, needed } => ("by-gap", vec![("minutes", minutes.into()), ("needed", needed.into())]),
            Params::Named { name } => {
                let (_, name) = name.resolve(std::slice::from_ref(self.language))?;
                ("by-named", vec![("name", name.into())])
            }
            Params::Night { asleep, online } => {
                ("by-night", vec![("asleep", asleep.into()), ("online", online.into())])
            }
            Params::Agenda { minutes, available } => {
                ("by-agenda", vec![("minutes", minutes.into()), ("available", available.into())])
            }
            Params::Quorum { confirmed, needed } => {
                ("by-quorum", vec![("confirmed", confirmed.into()), ("needed", needed.into())])
            }
            Params::Document { item, deadline, .. } => {
                ("by-document", vec![("item", item.into()), ("deadline", deadline.to_string().into())])
            }
            Params::Missing { time, room } => ("by-missing", vec![("missing", lacks(*time, *room).into())]),
        };
        Some(self.say(message, arguments.into_iter().collect()))
    }
}

fn teams(language: &Language, wanted: u32, available: u32) -> [(&'static str, FluentValue<'static>); 3] {
    let language = language.as_str().to_owned();
    [("language", language.into()), ("wanted", wanted.into()), ("available", available.into())]
}

fn lacks(time: bool, room: bool) -> &'static str {
    match (time, room) {
        (true, true) => "both",
        (true, false) => "time",
        _ => "room",
    }
}
