use super::*;
use crate::{
    Text,
    attendance::{
        Function,
        participants::{EditionKind, Named, Occasion},
    },
    organisations::catalogue,
};
use jiff::civil::date;

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

fn named(function: Function, name: &str, sort: &str) -> Person {
    let named = Named { name: name.to_owned(), sort: sort.to_owned(), honorific: None, position: None };
    Person { function, named: Some(named) }
}

fn roll(codes: &[(&str, Category)]) -> Roll {
    let states = catalogue::load().unwrap();
    let party = |(code, category): &(&str, Category)| {
        let state = states.iter().find(|state| state.code.as_str() == *code).unwrap();
        Party { code: state.code.clone(), names: state.names.clone(), category: *category, people: vec![] }
    };
    let event = Occasion {
        title: Text::one(Language::english(), "Assembly"),
        place: None,
        starts_on: date(2025, 11, 24),
        ends_on: date(2025, 11, 27),
    };
    Roll { kind: EditionKind::Final, edition: None, event, parties: codes.iter().map(party).collect() }
}

fn codes(roll: &Roll, tag: &str) -> Vec<(Category, String)> {
    let of = |section: Section<'_>| {
        let codes: Vec<_> = section.parties.iter().map(|(party, _)| party.code.as_str()).collect();
        (section.category, codes.join(" "))
    };
    roll.in_order(&language(tag)).into_iter().map(of).collect()
}

#[test]
fn categories_come_in_order_and_states_by_the_alphabet_of_the_reader() {
    use Category::{Host, Member, Observer};
    let roll =
        roll(&[("MA", Host), ("LV", Member), ("NL", Member), ("CH", Observer), ("DE", Member), ("AT", Observer)]);
    // Germany, Latvia, Netherlands; Holandia, Łotwa, Niemcy; Allemagne, Lettonie, Pays-Bas.
    let host = (Host, "MA".to_owned());
    assert_eq!(codes(&roll, "en"), [(Member, "DE LV NL".to_owned()), (Observer, "AT CH".to_owned()), host.clone()]);
    assert_eq!(codes(&roll, "pl"), [(Member, "NL LV DE".to_owned()), (Observer, "AT CH".to_owned()), host.clone()]);
    assert_eq!(codes(&roll, "fr"), [(Member, "DE LV NL".to_owned()), (Observer, "AT CH".to_owned()), host]);
}

#[test]
fn the_head_comes_first_then_functions_then_names_then_those_without_a_name() {
    let mut roll = roll(&[("PL", Category::Member)]);
    roll.parties[0].people = vec![
        Person { function: Function::Expert, named: None },
        named(Function::Expert, "Jan Żak", "Żak Jan"),
        named(Function::Adviser, "Ewa Ćwik", "Ćwik Ewa"),
        named(Function::Adviser, "Adam Czyż", "Czyż Adam"),
        named(Function::Expert, "Ola Zięba", "Zięba Ola"),
        named(Function::Head, "Zofia Żuk", "Żuk Zofia"),
    ];
    let names = |tag: &str| {
        let sections = roll.in_order(&language(tag));
        let (_, people) = sections[0].parties[0].clone();
        let name = |person: &&Person| person.named.as_ref().map_or("-", |named| named.name.as_str()).to_owned();
        people.iter().map(name).collect::<Vec<_>>()
    };
    // Polish puts ć behind c and ż behind z; English does not tell them apart until all else is equal.
    assert_eq!(names("pl"), ["Zofia Żuk", "Adam Czyż", "Ewa Ćwik", "Ola Zięba", "Jan Żak", "-"]);
    assert_eq!(names("en"), ["Zofia Żuk", "Ewa Ćwik", "Adam Czyż", "Jan Żak", "Ola Zięba", "-"].map(str::to_owned));
}
