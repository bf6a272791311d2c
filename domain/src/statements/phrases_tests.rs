use super::*;
use fluent_syntax::ast::Entry;
use std::collections::BTreeSet;

/// Message ids of a pack, and which of them have a fallback.
fn messages(sources: &[&str]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut ids, mut fallbacks) = (BTreeSet::new(), BTreeSet::new());
    for source in sources {
        let parsed = fluent_syntax::parser::parse(*source).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
        for entry in parsed.body {
            let Entry::Message(message) = entry else { continue };
            assert!(ids.insert(message.id.name.to_owned()), "{} stands twice", message.id.name);
            if message.attributes.iter().any(|attribute| attribute.id.name == "fallback") {
                fallbacks.insert(message.id.name.to_owned());
            }
        }
    }
    (ids, fallbacks)
}

#[test]
fn every_pack_parses_and_has_the_same_messages() {
    for packs in [PACKS, PROCEEDINGS] {
        let english = messages(packs[0].1).0;
        for (tag, sources) in packs {
            assert_eq!(messages(sources).0, english, "{tag}");
        }
    }
}

#[test]
fn every_message_that_wants_a_case_has_a_way_out() {
    for (tag, sources) in PACKS {
        let (_, fallbacks) = messages(sources);
        for source in *sources {
            // Messages begin in the first column; comments and continuation lines do not look like "name =".
            for block in source.split("\n\n").filter(|block| block.contains("case:") && !block.starts_with('#')) {
                let id = block.split(" =").next().unwrap().trim();
                assert!(fallbacks.contains(id), "{tag}: {id}");
                let fallback = block.split(".fallback").nth(1).unwrap();
                assert!(!fallback.contains("case:"), "{tag}: the fallback of {id} inflects");
            }
        }
    }
}

#[test]
fn every_language_with_phrases_writes_dates_and_ordinals() {
    let day = DateRange::day(jiff::civil::date(2019, 10, 7));
    for language in languages() {
        assert!(dates::range(&language, day).is_some() && dates::ordinal(&language, 1).is_some(), "{language}");
    }
}

#[test]
fn lists_have_no_comma_before_and() {
    let join = |tag: &str, items: &[&str]| {
        let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
        join(&Language::parse(tag).unwrap(), &items).unwrap()
    };
    assert_eq!(join("en", &["A", "B", "C"]), "A, B and C");
    assert_eq!(join("pl", &["A", "B", "C"]), "A, B i C");
    assert_eq!(join("pl", &["A"]), "A");
}

#[test]
fn a_message_no_pack_has_is_a_lint_and_not_a_panic() {
    let pack = Pack::open(&Language::english(), Lexicon::default()).unwrap();
    let mut lints = Vec::new();
    assert_eq!(pack.say("no-such-message", &FluentArgs::new(), &mut lints), None);
    // Arguments are missing, so the sentence would show its variables.
    assert_eq!(pack.say("held", &FluentArgs::new(), &mut lints), None);
    assert_eq!(lints.len(), 2);
    assert!(lints.iter().all(|lint| matches!(lint, Lint::PhraseFaulty { .. })));
}
