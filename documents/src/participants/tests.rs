use super::*;
use crate::pdf::{Fonts, Refusal};
use domain::{
    Text,
    attendance::participants::{Named, Occasion},
    organisations::{Names, catalogue},
};
use jiff::civil::date;

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

fn words(json: &str) -> Text {
    serde_json::from_str(json).unwrap()
}

fn named(name: &str, function: Function, position: Option<&str>) -> Person {
    let named = Named {
        name: name.to_owned(),
        sort: name.to_owned(),
        honorific: Some("Dr".to_owned()),
        position: position.map(words),
    };
    Person { function, named: Some(named) }
}

/// Latvia with three people, the Netherlands with nobody, an organisation as observer.
fn roll() -> Roll {
    let states = catalogue::load().unwrap();
    let state = |code: &str, people| {
        let state = states.iter().find(|state| state.code.as_str() == code).unwrap();
        Party { code: state.code.clone(), names: state.names.clone(), category: Category::Member, people }
    };
    let observer: Names = serde_json::from_str(r#"{"en":{"list":"International Agency"}}"#).unwrap();
    let people = vec![
        Person { function: Function::Expert, named: None },
        named("Ilze Bērziņa", Function::Head, Some(r#"{"en":"Minister","pl":"Ministra"}"#)),
        named("Jānis Ozols", Function::Adviser, None),
    ];
    Roll {
        kind: EditionKind::Final,
        edition: Some((2, date(2025, 11, 20))),
        event: Occasion {
            title: words(r#"{"en":"General Assembly","pl":"Zgromadzenie Ogólne"}"#),
            place: Some(words(r#"{"en":"Marrakesh","pl":"Marrakesz"}"#)),
            starts_on: date(2025, 11, 24),
            ends_on: date(2025, 11, 27),
        },
        parties: vec![
            Party {
                code: "IA".to_owned().try_into().unwrap(),
                names: observer,
                category: Category::Observer,
                people: vec![],
            },
            state("LV", people),
            state("NL", vec![]),
        ],
    }
}

/// The words of a page in order, without its tags.
fn plain(html: &str) -> Vec<String> {
    let body = html.split_once("<header>").unwrap().1.replace("<br>", "\n");
    let mut text = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_polish_reader_finds_headings_functions_and_order_in_polish() {
    let page = html(&render(&roll(), &language("pl")));
    assert_eq!(
        plain(&page),
        [
            "Lista uczestników",
            "Zgromadzenie Ogólne",
            "24–27 listopada 2025 r.",
            "Marrakesz",
            "Wydanie ostateczne nr 2, 20 listopada 2025 r.",
            "3 delegacje, 3 uczestników",
            "Członkowie",
            "Holandia",
            "Nie wskazano uczestników",
            "Łotwa",
            "Dr Ilze Bērziņa",
            "Przewodniczący delegacji",
            "Ministra",
            "Dr Jānis Ozols",
            "Doradca",
            "(nazwisko zastrzeżone)",
            "Ekspert",
            "Obserwatorzy",
            "International Agency",
            "Nie wskazano uczestników",
        ]
    );
    assert!(page.contains("<h3 lang=\"en\" dir=\"ltr\">International Agency</h3>"));
}

#[test]
fn a_provisional_list_and_a_preview_say_so() {
    let provisional = Roll { kind: EditionKind::Provisional, ..roll() };
    let page = html(&render(&provisional, &language("en")));
    assert!(page.contains("Provisional edition 2, 20 November 2025"));
    assert!(
        page.contains("<strong><span>Provisional: includes persons who have not been approved yet.</span></strong>")
    );
    let page = html(&render(&Roll { edition: None, ..roll() }, &language("fr")));
    assert!(page.contains("Aperçu. Cette liste n’a pas été publiée.") && !page.contains("20 novembre"));
}

#[test]
fn hostile_names_stay_names() {
    let mut roll = roll();
    let hostile = "</b><script>alert(1)</script>#eval(\"x\") *b* $x$ \\ @ref";
    roll.parties[1].people = vec![named(hostile, Function::Head, Some(r##"{"en":"#set page()\n<x>"}"##))];
    let doc = render(&roll, &language("en"));
    assert!(!html(&doc).contains("<script"));
    assert!(docx(&doc).is_ok() && pdf(&doc, &Fonts::with(vec![])).is_ok());
}

#[test]
fn the_same_edition_gives_the_same_bytes() {
    let doc = render(&roll(), &language("pl"));
    let fonts = Fonts::with(vec![]);
    assert_eq!(docx(&doc).unwrap(), docx(&doc).unwrap());
    let made = pdf(&doc, &fonts).unwrap();
    assert!(made.starts_with(b"%PDF-1.7") && made == pdf(&doc, &Fonts::with(vec![])).unwrap());
}

#[test]
fn a_script_without_a_font_is_refused_rather_than_printed_as_boxes() {
    let refused = pdf(&render(&roll(), &language("ko")), &Fonts::with(vec![]));
    assert!(matches!(refused, Err(Refusal::NoGlyph(_))), "{refused:?}");
}
