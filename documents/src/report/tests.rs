use domain::Language;
use pulldown_cmark::{Event, Parser, Tag};

use super::*;

fn line(tag: &str, text: &str) -> Line {
    Line { language: Language::parse(tag).unwrap(), text: text.to_owned() }
}

fn report() -> Report {
    Report {
        language: Language::parse("fr").unwrap(),
        banner: Some(line("fr", "Projet")),
        title: line("fr", "Rapport <1>"),
        blocks: vec![
            Block::Heading(line("fr", "A. Pouvoirs")),
            Block::Paragraph(line("en", "One.\n\n# Two *three*")),
            Block::Items(vec![
                Item::plain(line("fr", "Pologne")),
                Item { line: line("fr", "Maroc"), below: vec![line("pl", "powód: brak")] },
            ]),
        ],
    }
}

#[test]
fn html_escapes_what_people_wrote_and_names_foreign_words() {
    let html = html(&report());
    assert!(html.contains("<html lang=\"fr\" dir=\"ltr\">"), "{html}");
    assert!(html.contains("<h1>Rapport &lt;1&gt;</h1>"), "{html}");
    assert!(
        html.contains("<p lang=\"en\" dir=\"ltr\">One.</p>\n<p lang=\"en\" dir=\"ltr\"># Two *three*</p>"),
        "{html}"
    );
    let list = "<li>Maroc\n<ul>\n<li lang=\"pl\" dir=\"ltr\">powód: brak</li>\n</ul>\n</li>";
    assert!(html.contains(list), "{html}");
}

/// Read back by a CommonMark parser: two headings of ours, none of those who wrote.
#[test]
fn markdown_is_read_as_what_it_was_written_from() {
    let markdown = markdown(&report());
    let events: Vec<_> = Parser::new(&markdown).collect();
    let headings = events.iter().filter(|event| matches!(event, Event::Start(Tag::Heading { .. }))).count();
    let items = events.iter().filter(|event| matches!(event, Event::Start(Tag::Item))).count();
    let emphasis = events.iter().filter(|event| matches!(event, Event::Start(Tag::Emphasis))).count();
    assert_eq!((headings, items, emphasis), (2, 3, 0), "{markdown}");
    assert!(markdown.contains("\\[en\\] One."), "{markdown}");
}
