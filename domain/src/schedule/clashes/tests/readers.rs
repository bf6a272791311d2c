//! What readers are told, and what they are not.

use fluent_syntax::ast::Entry;
use proptest::prelude::*;
use std::collections::BTreeSet;

use super::{random::Draw, *};

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

fn names(subject: Subject) -> Option<String> {
    let name = match subject {
        Subject::Session(session) if session == id(1) => "Opening",
        Subject::Session(_) => "Talks on extradition",
        Subject::Room(_) => "Hall A",
        Subject::Person(_) => "Ms Example",
        _ => return None,
    };
    Some(name.to_owned())
}

/// Person 5 chairs one session and speaks in another in the same hall, half an hour of it at the same time.
fn overlaps() -> Vec<Finding> {
    let opening = with(5, Weight::Chair, in_room(7, sits(1, "8 09:00-10:00")));
    found(&programme([opening, with(5, Weight::Speaker, in_room(7, sits(2, "8 09:30-11:00")))]))
}

#[test]
fn a_finding_is_said_in_the_language_of_its_reader() {
    // Typesetting keeps short words with what follows; that is not what is looked at here.
    let said = |tag: &str, at: usize| phrase(&overlaps()[at], &language(tag), names).replace('\u{a0}', " ");
    assert_eq!(said("en", 0), "Opening and Talks on extradition: Hall A is booked twice at the same time. For 30 min.");
    assert_eq!(
        said("ko", 1),
        "Opening and Talks on extradition: Ms Example has to be in both at the same time. For 30 min."
    );
    assert!(
        said("fr", 1).contains("Ms Example doit être aux deux au même moment. Pendant 30 min."),
        "{}",
        said("fr", 1)
    );
    assert!(said("pl", 0).starts_with("Opening i Talks on extradition: sala zajęta podwójnie"), "{}", said("pl", 0));
}

#[test]
fn of_a_hidden_session_is_said_that_there_is_another_commitment() {
    let reader = |finding: &Finding| finding.for_reader(|session| session == id(1));
    let told: Vec<Finding> = overlaps().iter().filter_map(reader).collect();
    let said: Vec<String> = told.iter().map(|finding| phrase(finding, &language("en"), names)).collect();
    assert_eq!(
        said,
        [
            "Opening and another commitment: Hall A is booked twice at the same time.",
            "Opening and another commitment: Ms Example has to be in both at the same time.",
        ]
    );
    // They are told that the hall is busy while they want it, and not for how long after.
    assert_eq!((&told[0].spans[..], &told[0].params), (&[span("8 09:30-10:00")][..], &Params::None));
    assert_eq!(told[0].subjects, [s(1), r(7), Subject::AnotherCommitment]);
    assert!(overlaps().iter().all(|finding| finding.for_reader(|_| false).is_none()));
    assert!(overlaps().iter().all(|finding| finding.for_reader(|_| true).as_ref() == Some(finding)));
}

#[test]
fn a_gap_to_a_hidden_session_tells_no_time() {
    let layout = |layout: &str, session| Session { layout: Some(layout.into()), ..in_room(7, session) };
    let close =
        only(&programme([layout("theatre", sits(1, "8 09:00-10:00")), layout("u_shape", sits(2, "8 10:05-11:00"))]));
    let told = close.for_reader(|session| session == id(1)).unwrap();
    assert_eq!((&told.spans[..], &told.params), (&[][..], &Params::None));
}

#[test]
fn where_the_rule_says_whose_session_is_hidden_there_is_no_finding() {
    let conflicts = vec![Conflict { groups: [id(21), id(22)], tier: Tier::Chair }];
    let of = |group, session| Session { groups: vec![id(group)], ..session };
    let sessions = [of(21, sits(1, "8 09:00-10:00")), of(22, sits(2, "8 09:30-10:00"))];
    let conflict = only(&Snapshot { conflicts, ..programme(sessions) });
    assert_eq!(conflict.for_reader(|session| session == id(1)), None);
}

#[test]
fn findings_and_settings_are_written_in_words_and_ids() {
    let opening = id::<SessionId>(1);
    let told = overlaps()[0].for_reader(|session| session == opening).unwrap();
    let hall = id::<RoomId>(7);
    let expected = serde_json::json!({
        "rule": "room_overlap",
        "severity": "block_release",
        "subjects": [
            {"kind": "session", "id": opening.to_string()},
            {"kind": "room", "id": hall.to_string()},
            {"kind": "another_commitment"},
        ],
        "spans": [{"starts_at": "2026-06-08T09:30:00Z", "ends_at": "2026-06-08T10:00:00Z"}],
        "params": {"kind": "none"},
        "fingerprint": told.fingerprint.to_string(),
    });
    assert_eq!(serde_json::to_value(&told).unwrap(), expected);
    let params = serde_json::to_value(&overlaps()[1].params).unwrap();
    assert_eq!(params, serde_json::json!({"kind": "duties", "weights": ["chair", "speaker"], "minutes": 30}));
    assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
    let said = r#"{"severities": {"buffer": "ignore"}, "night_from": "23:00"}"#;
    let settings: Settings = serde_json::from_str(said).unwrap();
    assert_eq!((settings.severity(Rule::Buffer), settings.night_from.time().hour()), (Severity::Ignore, 23));
    assert!(serde_json::from_str::<Settings>(r#"{"severities": {"no_such_rule": "warn"}}"#).is_err());
}

/// Message ids of the phrases of a language.
fn messages(tag: &str) -> BTreeSet<String> {
    let path = format!("{}/data/phrases/{tag}/clashes.ftl", env!("CARGO_MANIFEST_DIR"));
    let parsed = fluent_syntax::parser::parse(std::fs::read_to_string(path).unwrap()).unwrap();
    let id = |entry| match entry {
        Entry::Message(message) => Some(message.id.name),
        _ => None,
    };
    parsed.body.into_iter().filter_map(id).collect()
}

#[test]
fn every_language_says_every_rule() {
    for tag in ["fr", "pl"] {
        assert_eq!(messages(tag), messages("en"), "{tag}");
    }
    assert!(Rule::ALL.iter().all(|rule| messages("en").contains(rule.as_str())));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Ids are random numbers that stand nowhere else, so that each can be looked for in all that a reader gets.
    #[test]
    fn nothing_of_a_hidden_session_is_in_what_a_reader_gets(seed in any::<u64>()) {
        let mut draw = Draw(seed);
        let snapshot = draw.programme(20);
        let hidden: BTreeSet<SessionId> = snapshot.sessions.iter().map(|own| own.id).filter(|_| draw.below(2) == 0).collect();
        for finding in evaluate(&snapshot, &Settings::default()) {
            let touched = finding.sessions().any(|id| hidden.contains(&id));
            let Some(told) = finding.for_reader(|id| !hidden.contains(&id)) else { continue };
            prop_assert!(told.sessions().all(|id| !hidden.contains(&id)));
            prop_assert_eq!(touched, told.fingerprint != finding.fingerprint);
            let json = serde_json::to_string(&told).unwrap();
            prop_assert!(!touched || json.contains(r#""params":{"kind":"none"}"#), "{}", json);
            for tag in ["en", "fr", "pl"] {
                let said = phrase(&told, &language(tag), |subject| Some(format!("{subject:?}")));
                // What cannot be said is said by the name of its message.
                prop_assert!(!said.is_empty() && !said.contains("by-") && !said.starts_with(told.rule.as_str()), "{}", said);
                prop_assert!(hidden.iter().all(|id| !said.contains(&format!("SessionId({})", id.0))), "{}", said);
            }
            let visible = snapshot.sessions.iter().filter(|own| !hidden.contains(&own.id)).filter_map(|own| own.slot);
            let visible: Vec<Span> = visible.collect();
            for span in told.spans {
                prop_assert!(visible.iter().any(|slot| slot.shared(span) == Some(span)), "{} tells {:?}", told.rule, span);
            }
        }
    }
}
