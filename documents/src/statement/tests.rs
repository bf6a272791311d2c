use super::*;
use domain::statements::Participant;
use jiff::civil::date;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use uuid::Uuid;

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

fn words(json: &str) -> Text {
    serde_json::from_str(json).unwrap()
}

fn clause(id: u128, part: Part, text: Text) -> Clause {
    Clause::authored(ClauseId(Uuid::from_u128(id)), part, i32::try_from(id).unwrap(), text)
}

fn participant(code: &str, names: &str) -> Participant {
    serde_json::from_str(&format!(r#"{{"code":"{code}","names":{names}}}"#)).unwrap()
}

/// A small statement in two languages.
struct Statement {
    state: State,
    kind: Kind,
    title: Text,
    clauses: Vec<Clause>,
    participants: Vec<Participant>,
    adoption: Option<Adoption>,
}

fn statement() -> Statement {
    let place =
        serde_json::from_str(r#"{"name":{"en":"Seoul","pl":"Seul"},"forms":{"pl":{"locative":"Seulu"}}}"#).unwrap();
    Statement {
        state: State::Negotiating,
        kind: Kind::JointStatement,
        title: words(r#"{"en":"Joint statement","pl":"Wspólne oświadczenie"}"#),
        clauses: vec![
            clause(5, Part::List, words(r#"{"en":"States that took part:","pl":"Państwa uczestniczące:"}"#)),
            clause(3, Part::Operative, words(r#"{"en":"Second.","pl":"Drugi."}"#)),
            clause(2, Part::Operative, words(r#"{"en":"First.","pl":"Pierwszy."}"#)),
            clause(4, Part::Operative, words(r#"{"en":"Third."}"#)),
            clause(1, Part::Preamble, words(r#"{"en":"Recalling,","pl":"Przypominając,"}"#)),
        ],
        participants: vec![
            participant("LV", r#"{"en":{"list":"Latvia"},"pl":{"list":"Łotwa"}}"#),
            participant("LU", r#"{"en":{"list":"Luxembourg"},"pl":{"list":"Luksemburg"}}"#),
            participant("KR", r#"{"en":{"list":"Republic of Korea"}}"#),
        ],
        adoption: Some(Adoption { place, on: date(2019, 10, 8) }),
    }
}

impl Statement {
    fn render(&self, tag: &str) -> RenderDoc {
        let source = Source {
            kind: self.kind,
            state: self.state,
            version: 3,
            title: &self.title,
            clauses: &self.clauses,
            participants: List { participants: &self.participants, co_chairs: &[], host: None },
            order: &OrderPolicy::Alphabetical,
            adoption: self.adoption.as_ref(),
        };
        render(&source, &language(tag))
    }

    /// A statement whose only clause says `hostile`.
    fn saying(hostile: &str) -> Self {
        let text = Text::one(Language::english(), hostile);
        Self { clauses: vec![clause(1, Part::Operative, text)], participants: vec![], ..statement() }
    }
}

#[test]
fn a_draft_reads_as_plain_text() {
    assert_eq!(
        text(&statement().render("pl")),
        "Projekt, wersja 3\n\nWspólne oświadczenie\n====================\n\nPrzypominając,\n\n1. Pierwszy.\n\n2. Drugi.\n\n\
         3. [en] Third.\n\nPaństwa uczestniczące:\n\n1. Luksemburg\n2. Łotwa\n3. [en] Republic of Korea\n"
    );
}

#[test]
fn an_adopted_text_says_where_and_when_and_carries_no_banner() {
    let adopted = Statement { state: State::Adopted, ..statement() };
    let (english, polish) = (adopted.render("en"), adopted.render("pl"));
    assert_eq!((&english.banner, &polish.banner), (&None, &None));
    assert_eq!(english.adopted.unwrap().text, "Adopted in Seoul, 8 October 2019");
    assert_eq!(polish.adopted.unwrap().text, "Przyjęto w\u{a0}Seulu 8 października 2019 r.");
    assert_eq!(statement().render("en").adopted, None);
}

#[test]
fn a_draft_reads_as_markdown() {
    assert_eq!(
        markdown(&statement().render("en")),
        "**Draft, version 3**\n\n# Joint statement\n\nRecalling,\n\n1. First.\n\n2. Second.\n\n3. Third.\n\n\
         States that took part:\n\n1. Latvia\n2. Luxembourg\n3. Republic of Korea\n"
    );
}

#[test]
fn a_draft_reads_as_html() {
    let id = |n: u128| format!("clause-{}", Uuid::from_u128(n));
    let expected = format!(
        r#"<article class="statement" lang="pl" dir="ltr">
<header>
<p class="banner">Projekt, wersja 3</p>
<h1>Wspólne oświadczenie</h1>
</header>
<div id="{}" class="preamble">
<p>Przypominając,</p>
</div>
<ol class="operative">
<li id="{}" value="1">
<p>Pierwszy.</p>
</li>
<li id="{}" value="2">
<p>Drugi.</p>
</li>
<li id="{}" value="3" lang="en" dir="ltr">
<p>Third.</p>
</li>
</ol>
<section class="participants">
<p>Państwa uczestniczące:</p>
<ol>
<li value="1"><data value="LU">Luksemburg</data></li>
<li value="2"><data value="LV">Łotwa</data></li>
<li value="3" lang="en" dir="ltr"><data value="KR">Republic of Korea</data></li>
</ol>
</section>
</article>
"#,
        id(1),
        id(2),
        id(3),
        id(4)
    );
    let doc = statement().render("pl");
    assert_eq!(html_article(&doc), expected);
    assert!(html(&doc).starts_with("<!DOCTYPE html>\n<html lang=\"pl\" dir=\"ltr\">\n"));
    assert!(html(&doc).contains("<title>Wspólne oświadczenie</title>"));
}

#[test]
fn json_is_the_resolved_document() {
    let json = serde_json::to_value(statement().render("pl")).unwrap();
    assert_eq!(json["banner"], serde_json::json!({"language": "pl", "text": "Projekt, wersja 3"}));
    assert_eq!(json["paragraphs"][3]["number"], 3);
    assert_eq!(json["paragraphs"][3]["language"], "en");
    assert_eq!(json["paragraphs"][3]["state"], "open");
    assert_eq!(
        json["participants"]["entries"][1],
        serde_json::json!({"number": 2, "code": "LV", "language": "pl", "text": "Łotwa"})
    );
}

#[test]
fn numbers_of_clauses_are_the_same_in_every_language() {
    let numbers = |tag: &str| {
        let doc = statement().render(tag);
        doc.paragraphs.iter().map(|paragraph| (paragraph.clause, paragraph.number)).collect::<Vec<_>>()
    };
    for tag in ["pl", "ko", "ar"] {
        assert_eq!(numbers(tag), numbers("en"));
    }
}

#[test]
fn a_document_in_arabic_runs_from_right_to_left_and_its_english_paragraphs_do_not() {
    let page = html(&statement().render("ar"));
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\">"));
    assert!(page.contains("<h1 lang=\"en\" dir=\"ltr\">Joint statement</h1>"));
}

#[test]
fn a_chairs_summary_lists_no_states_and_claims_no_adoption() {
    let summary = Statement { kind: Kind::ChairsSummary, state: State::Published, ..statement() };
    let doc = summary.render("en");
    assert_eq!((doc.participants, doc.adopted), (None, None));
}

#[test]
fn a_list_without_clause_gets_a_heading_and_stays_apart_from_the_paragraphs() {
    let mut statement = statement();
    statement.clauses.retain(|clause| clause.part == Part::Operative);
    let doc = statement.render("pl");
    assert!(markdown(&doc).contains("Third.\n\nPaństwa uczestniczące\n\n1. Luksemburg\n"));
}

#[test]
fn a_title_clause_stands_in_for_the_title() {
    let mut statement = statement();
    statement.clauses.push(clause(9, Part::Title, words(r#"{"en":"Seoul statement"}"#)));
    assert_eq!(statement.render("en").title.text, "Seoul statement");
}

#[test]
fn a_clause_without_words_shows_that_they_are_to_come() {
    let doc = Statement::saying(" ").render("en");
    assert_eq!(doc.paragraphs[0].line.text, "[…]");
}

#[test]
fn hostile_words_stay_words_in_html() {
    let hostile = "</p><script>alert(1)</script>\n\" onload='x' &lt; <!--";
    let mut statement = Statement::saying(hostile);
    statement.title = Text::one(Language::english(), "</title><script>");
    statement.participants = vec![participant("X1", r#"{"en":{"list":"<img src=x>"}}"#)];
    let page = html(&statement.render("en"));
    assert!(page.contains(
        "<p>&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;<br>\n&quot; onload=&#39;x&#39; &amp;lt; &lt;!--</p>"
    ));
    assert!(page.contains("<title>&lt;/title&gt;&lt;script&gt;</title>"));
    assert!(page.contains("<data value=\"X1\">&lt;img src=x&gt;</data>"));
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains("<link"));
}

#[test]
fn long_paragraphs_hang_under_their_number_in_78_columns() {
    let sentence = "w\u{a0}Seulu i\u{a0}w\u{a0}Warszawie ".repeat(8);
    let mut statement = Statement::saying(sentence.trim_end());
    statement.clauses.push(clause(2, Part::Operative, Text::one(Language::english(), "서울에서 ".repeat(30))));
    let plain = text(&statement.render("en"));
    let rows: Vec<&str> = plain.lines().skip(5).collect();
    assert!(rows[0].starts_with("1. w\u{a0}Seulu"));
    assert!(rows[1].starts_with("   "), "{plain}");
    for row in &rows {
        assert!(textwrap::core::display_width(row) <= 78, "{row}");
        assert!(!row.ends_with('\u{a0}') && !row.ends_with(" w") && !row.ends_with(" i"), "{row}");
    }
}

const SEOUL_IN_POLISH: &str = " 1. Afganistan
 2. Arabia Saudyjska
 3. Australia
 4. Austria
 5. Bahrajn
 6. Belgia
 7. Brazylia
 8. Chorwacja
 9. Czarnogóra
10. Czechy
11. Dania
12. Egipt
13. Ekwador
14. Estonia
15. Finlandia
16. Francja
17. Grecja
18. Hiszpania
19. Holandia
20. Irlandia
21. Izrael
22. Jordania
23. Katar
24. Kolumbia
25. Kuwejt
26. Łotwa
27. Maroko
28. Meksyk
29. Niemcy
30. Nigeria
31. Norwegia
32. Nowa Zelandia
33. Oman
34. Polska
35. Portugalia
36. Republika Korei
37. Rumunia
38. Słowacja
39. Stany Zjednoczone Ameryki
40. Szwajcaria
41. Tunezja
42. Ukraina
43. Węgry
44. Włochy
45. Zjednoczone Emiraty Arabskie
46. Zjednoczone Królestwo Wielkiej Brytanii i Irlandii Północnej
";

#[test]
fn the_46_states_of_seoul_are_listed_for_a_polish_reader_alike_in_every_format() {
    let codes = "AF SA AU AT BH BE BR HR ME DK EC EG EE FI FR GR ES NL IE IL JO QA CO KW LV MA MX DE NZ NG NO OM PL PT CZ \
                 KR RO SK US CH TN UA GB HU IT AE";
    let mut statement = statement();
    let states = domain::organisations::catalogue::load().unwrap().into_iter();
    statement.participants = states
        .filter(|state| codes.split(' ').any(|code| code == state.code.as_str()))
        .map(|state| Participant { code: state.code, names: state.names })
        .collect();
    let doc = statement.render("pl");
    assert!(text(&doc).ends_with(SEOUL_IN_POLISH), "{}", text(&doc));
    assert!(markdown(&doc).ends_with(&SEOUL_IN_POLISH.replace("\n ", "\n")[1..]));
    let page = html(&doc);
    for row in SEOUL_IN_POLISH.lines() {
        let (number, name) = row.trim().split_once(". ").unwrap();
        assert!(
            page.contains(&format!("<li value=\"{number}\"><data value=")) && page.contains(&format!(">{name}</data>"))
        );
    }
}

/// The text of every paragraph outside the heading and the banner, as a CommonMark reader sees it; panics on anything
/// that is not plain text.
fn read(markdown: &str) -> Vec<String> {
    let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
    let (mut paragraphs, mut current) = (Vec::new(), String::new());
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) => current.push_str(&text),
            Event::HardBreak => current.push('\n'),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Strong) => current.clear(),
            Event::End(TagEnd::Paragraph) => paragraphs.push(std::mem::take(&mut current)),
            // A tight list has items without paragraphs.
            Event::Start(Tag::List(Some(1)) | Tag::Item) | Event::End(TagEnd::List(true) | TagEnd::Item) => {}
            Event::End(TagEnd::Heading(_) | TagEnd::Strong) => current.clear(),
            other => panic!("{other:?} in {markdown}"),
        }
    }
    paragraphs
}

/// Words that mean something to Markdown, and words that do not.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        prop::sample::select(vec![
            "- x",
            "+ y",
            "12. z",
            "7) q",
            "# h",
            "> q",
            "```",
            "~~~",
            "***",
            "---",
            "===",
            "| a | b |",
            "|--|--|",
            "\\",
            "&amp;",
            "<b>",
            "<https://a.b>",
            "[a](b)",
            "![i](j)",
            "[^1]: n",
            "$$x$$",
            ": d",
            "a  ",
            "    code",
            "\tcode",
            "*a*",
            "_a_",
            "~~s~~",
            "{#id}",
            "łąka",
            "서울",
            "\u{a0}",
            "{++a++}",
            "[ ] task",
            "http://a.b",
            "^x^",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn every_word_comes_back_from_a_commonmark_reader(
        first in prop::collection::vec(prop::collection::vec(fragment(), 1..4), 1..4),
        second in fragment(),
    ) {
        let hostile = first.iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n");
        let mut statement = Statement::saying(&hostile);
        statement.clauses.push(clause(2, Part::Operative, Text::one(Language::english(), &second)));
        statement.clauses.push(clause(3, Part::Preamble, Text::one(Language::english(), format!("{second}\n{hostile}"))));
        let doc = statement.render("en");
        let expected: Vec<String> = doc
            .paragraphs
            .iter()
            .flat_map(|paragraph| lines::paragraphs(&paragraph.line.text))
            .map(|lines| lines.join("\n"))
            .collect();
        let read: Vec<String> = read(&markdown(&doc)).into_iter().filter(|text| !text.is_empty()).collect();
        prop_assert_eq!(read, expected);
    }
}
