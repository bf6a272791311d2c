use super::*;
use crate::statements::{Case, DateRange, NextMeeting, seoul};
use jiff::civil::date;

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

/// The draft in one language as paragraphs, the title first; no-break spaces shown as "_".
fn paragraphs(draft: &Draft, tag: &str) -> Vec<String> {
    std::iter::once(&draft.title)
        .chain(draft.clauses.iter().map(|clause| &clause.text))
        .map(|text| text.get(&language(tag)).unwrap().replace('\u{a0}', "_"))
        .collect()
}

fn messages(draft: &Draft) -> Vec<String> {
    let message = |clause: &DraftClause| match &clause.provenance {
        Provenance::Generated { template, .. } => template.replace("joint_statement/", ""),
        Provenance::Authored => "authored".to_owned(),
    };
    draft.clauses.iter().map(message).collect()
}

#[test]
fn seoul_is_drafted_in_english() {
    let draft = joint_statement(&seoul::facts(), &[language("en")]);
    assert_eq!(draft.lints, []);
    assert_eq!(
        paragraphs(&draft, "en"),
        [
            "Joint statement – Working Group on Cybersecurity of the Warsaw Process (7 and 8 October 2019)",
            "On 7 and 8 October 2019 the first meeting of the Working Group on Cybersecurity of the Warsaw Process was \
             held in Seoul, in the Republic of Korea, under the joint chairmanship of the Republic of Korea, Poland and \
             the United States of America.",
            "Representatives of 46 states took part in the meeting. Its purpose was to strengthen cooperation among the \
             participating states, to exchange experience and to agree on further joint action within the mandate of \
             the group.",
            "In the track “Practical capacity building” the participants considered the following matters: exchange of \
             good practice; fighting cybercrime in the light of the Budapest Convention; national cyber strategies; \
             recognising threats; exchange of information and electronic evidence. They recognise that practical \
             cooperation, in particular the sharing of proven solutions, the training of specialists and mutual \
             assistance after an incident, is a condition of security for all, and they encourage states in a position \
             to do so to support those that are still building their capacities.",
            "In the track “Policy” the participants considered the following matters: the United Nations framework for \
             responsible state behaviour; confidence-building measures. They affirm that international law, and in \
             particular the Charter of the United Nations, applies to the conduct of states in their use of information \
             and communication technologies; that voluntary, non-binding norms of responsible state behaviour help to \
             prevent conflict and neither replace nor alter obligations under international law; and that \
             confidence-building measures reduce the risk of misunderstanding between states.",
            "The participants intend to designate points of contact at the policy and technical levels, to keep their \
             particulars up to date and to use them for prompt communication whenever an incident affects more than one \
             state. They also intend to exchange, on a voluntary basis, their national strategies and the experience \
             gained in carrying them out.",
            "Recognising that threats do not stop at the borders of regions, the participants support cooperation \
             between regions and with the competent international and regional organisations. They thank the authorities \
             of the Republic of Korea for their hospitality and for the preparation of the meeting.",
            "The participants will continue the work they have begun and will review its progress at the next meeting of \
             the group. The states that took part in formulating this joint statement are listed below.",
            "States that took part in formulating this joint statement:",
        ]
    );
}

#[test]
fn seoul_is_drafted_in_polish_with_every_noun_in_its_case() {
    let draft = joint_statement(&seoul::facts(), &[language("pl")]);
    assert_eq!(draft.lints, []);
    assert_eq!(
        paragraphs(&draft, "pl"),
        [
            "Wspólne oświadczenie – Grupa Robocza Procesu Warszawskiego do spraw cyberbezpieczeństwa (7–8 października \
             2019 r.)",
            "W_dniach 7–8 października 2019 r. w_Seulu, w_Republice Korei, pod wspólnym przewodnictwem Republiki Korei, \
             Polski i_Stanów Zjednoczonych Ameryki odbyło się pierwsze posiedzenie Grupy Roboczej Procesu Warszawskiego \
             do spraw cyberbezpieczeństwa.",
            "W_posiedzeniu wzięli udział przedstawiciele 46 państw. Jego celem było zacieśnienie współpracy między \
             państwami uczestniczącymi, wymiana doświadczeń oraz uzgodnienie dalszych wspólnych działań w_granicach \
             mandatu grupy.",
            "W_ramach ścieżki „Praktyczne budowanie zdolności” omówiono następujące zagadnienia: wymiana dobrych \
             praktyk; zwalczanie cyberprzestępczości w_świetle Konwencji budapeszteńskiej; krajowe strategie \
             cyberbezpieczeństwa; rozpoznawanie zagrożeń; wymiana informacji i_dowodów elektronicznych. Uczestnicy \
             uznają, że współpraca praktyczna, a_w_szczególności dzielenie się sprawdzonymi rozwiązaniami, szkolenie \
             specjalistów i_wzajemna pomoc po wystąpieniu incydentu, jest warunkiem bezpieczeństwa wszystkich, \
             i_zachęcają państwa dysponujące odpowiednimi możliwościami do wspierania tych, które swoje zdolności \
             dopiero budują.",
            "W_ramach ścieżki „Polityka” omówiono następujące zagadnienia: ramy Narodów Zjednoczonych dotyczące \
             odpowiedzialnego zachowania państw; środki budowy zaufania. Uczestnicy potwierdzają, że prawo \
             międzynarodowe, a_w_szczególności Karta Narodów Zjednoczonych, ma zastosowanie do działań państw \
             w_zakresie korzystania z_technologii informacyjno-komunikacyjnych; że dobrowolne i_niewiążące normy \
             odpowiedzialnego zachowania państw pomagają zapobiegać konfliktom, nie zastępując ani nie zmieniając \
             zobowiązań wynikających z_prawa międzynarodowego; oraz że środki budowy zaufania zmniejszają ryzyko \
             nieporozumień między państwami.",
            "Uczestnicy zamierzają wyznaczyć punkty kontaktowe na szczeblu politycznym i_technicznym, dbać o_aktualność \
             ich danych oraz korzystać z_nich w_celu szybkiego porozumiewania się, ilekroć incydent dotyczy więcej niż \
             jednego państwa. Zamierzają także, na zasadzie dobrowolności, wymieniać się krajowymi strategiami oraz \
             doświadczeniami zebranymi podczas ich realizacji.",
            "Uznając, że zagrożenia nie zatrzymują się na granicach regionów, uczestnicy opowiadają się za współpracą \
             między regionami oraz z_właściwymi organizacjami międzynarodowymi i_regionalnymi. Dziękują władzom \
             Republiki Korei za gościnność i_przygotowanie posiedzenia.",
            "Uczestnicy będą kontynuować podjęte prace i_ocenią ich postępy na następnym posiedzeniu grupy. Państwa, \
             które uczestniczyły w_formułowaniu niniejszego wspólnego oświadczenia, są wymienione poniżej.",
            "Państwa, które uczestniczyły w_formułowaniu niniejszego wspólnego oświadczenia:",
        ]
    );
}

#[test]
fn a_joint_statement_has_seven_operative_paragraphs_and_the_list() {
    let draft = joint_statement(&seoul::facts(), &[language("en"), language("pl")]);
    let parts: Vec<Part> = draft.clauses.iter().map(|clause| clause.part).collect();
    assert_eq!(parts[..7], [Part::Operative; 7]);
    assert_eq!(parts[7..], [Part::List]);
    assert!(draft.clauses.iter().all(|clause| clause.text.0.len() == 2));
    assert_eq!(
        messages(&draft),
        [
            "held",
            "purpose",
            "track-capacity-building",
            "track-responsible-behaviour",
            "contacts",
            "regions",
            "follow-up",
            "list"
        ]
    );
}

#[test]
fn no_isolation_marks_land_in_the_text() {
    let draft = joint_statement(&seoul::facts(), &[language("en"), language("pl")]);
    for text in draft.clauses.iter().map(|clause| &clause.text).chain([&draft.title]) {
        assert!(text.0.values().all(|words| !words.contains(['\u{2068}', '\u{2069}', '{', '}'])), "{text:?}");
    }
}

#[test]
fn a_missing_case_form_leads_to_a_sentence_without_inflection_and_a_lint() {
    let mut facts = seoul::facts();
    facts.host.names.0.get_mut(&language("pl")).unwrap().locative = None;
    facts.co_chairs[0] = facts.host.clone();
    let draft = joint_statement(&facts, &[language("pl"), language("en")]);
    assert_eq!(
        draft.lints,
        [Lint::FormMissing { subject: "KR".into(), language: language("pl"), case: Case::Locative }]
    );
    assert_eq!(
        paragraphs(&draft, "pl")[1],
        "W_dniach 7–8 października 2019 r. odbyło się pierwsze posiedzenie Grupy Roboczej Procesu Warszawskiego do spraw \
         cyberbezpieczeństwa (miejsce obrad: Seul; państwo przyjmujące: Republika Korei; współprzewodniczący: Republika \
         Korei, Polska i_Stany Zjednoczone Ameryki)."
    );
}

#[test]
fn every_missing_form_is_named_at_once() {
    let mut facts = seoul::facts();
    facts.place.forms.clear();
    facts.group.forms.clear();
    for state in facts.co_chairs.iter_mut().chain([&mut facts.host]) {
        state.names.0.get_mut(&language("pl")).unwrap().genitive = None;
    }
    let draft = joint_statement(&facts, &[language("pl")]);
    let missing = |subject: &str, case| Lint::FormMissing { subject: subject.into(), language: language("pl"), case };
    assert_eq!(
        draft.lints,
        [
            missing("group", Case::Genitive),
            missing("place", Case::Locative),
            missing("KR", Case::Genitive),
            missing("PL", Case::Genitive),
            missing("US", Case::Genitive),
        ]
    );
    let said = paragraphs(&draft, "pl");
    assert!(
        said[1].contains("grupy pod nazwą „Grupa Robocza Procesu Warszawskiego do spraw cyberbezpieczeństwa” (miejsce")
    );
    assert!(said[6].ends_with("Dziękują władzom państwa przyjmującego za gościnność i_przygotowanie posiedzenia."));
}

#[test]
fn a_title_in_no_wanted_language_stands_in_another_and_is_noted() {
    let mut facts = seoul::facts();
    facts.event.0.remove(&language("pl"));
    let draft = joint_statement(&facts, &[language("pl")]);
    assert_eq!(draft.lints, [Lint::TextMissing { subject: "event".into(), language: language("pl") }]);
    assert!(paragraphs(&draft, "pl")[0].contains("Working Group"));
}

#[test]
fn a_language_without_phrases_is_skipped_and_noted() {
    let draft = joint_statement(&seoul::facts(), &[language("sw"), language("en")]);
    assert_eq!(draft.lints, [Lint::LanguageMissing { language: language("sw") }]);
    assert!(draft.title.get(&language("sw")).is_none() && draft.title.get(&language("en")).is_some());
}

#[test]
fn one_day_one_chair_and_no_number_are_said_properly() {
    let mut facts = seoul::facts();
    facts.dates = DateRange::day(date(2020, 1, 22));
    facts.co_chairs.truncate(2);
    facts.co_chairs.remove(0);
    facts.ordinal = None;
    facts.participants.truncate(1);
    let draft = joint_statement(&facts, &[language("en"), language("pl")]);
    let (english, polish) = (paragraphs(&draft, "en"), paragraphs(&draft, "pl"));
    assert!(english[1].starts_with("On 22 January 2020 a meeting of the Working Group"), "{}", english[1]);
    assert!(english[1].ends_with("in the Republic of Korea, under the chairmanship of Poland."), "{}", english[1]);
    assert!(english[2].starts_with("Representatives of 1 state took part"));
    assert!(
        polish[1].starts_with(
            "W_dniu 22 stycznia 2020 r. w_Seulu, w_Republice Korei, pod przewodnictwem Polski odbyło się posiedzenie Grupy"
        ),
        "{}",
        polish[1]
    );
    assert!(polish[2].starts_with("W_posiedzeniu wzięli udział przedstawiciele 1 państwa."));
}

#[test]
fn a_meeting_without_chairs_names_none() {
    let mut facts = seoul::facts();
    facts.co_chairs.clear();
    let draft = joint_statement(&facts, &[language("en"), language("pl")]);
    assert!(paragraphs(&draft, "en")[1].ends_with("was held in Seoul, in the Republic of Korea."));
    assert!(paragraphs(&draft, "pl")[1].contains("w_Republice Korei, odbyło się pierwsze posiedzenie"));
}

#[test]
fn a_track_on_anything_else_names_its_topics_and_claims_nothing() {
    let mut facts = seoul::facts();
    facts.tracks.truncate(1);
    facts.tracks[0].theme = Theme::General;
    facts.tracks[0].topics.truncate(1);
    let draft = joint_statement(&facts, &[language("en")]);
    assert_eq!(
        paragraphs(&draft, "en")[3],
        "In the track “Practical capacity building” the participants considered the following matters: exchange of good \
         practice."
    );
    assert_eq!(draft.clauses.len(), 7);
}

#[test]
fn the_next_meeting_is_announced_once_it_is_known() {
    let mut facts = seoul::facts();
    let place =
        serde_json::from_str(r#"{"name":{"en":"Warsaw","pl":"Warszawa"},"forms":{"pl":{"locative":"Warszawie"}}}"#)
            .unwrap();
    let dates = DateRange { first: date(2020, 3, 31), last: date(2020, 4, 2) };
    facts.next_meeting = Some(NextMeeting { place, dates });
    let draft = joint_statement(&facts, &[language("en"), language("pl")]);
    assert!(paragraphs(&draft, "en")[7].contains("to be held in Warsaw on 31 March – 2 April 2020. The states"));
    assert!(
        paragraphs(&draft, "pl")[7]
            .contains("które odbędzie się w_Warszawie w_dniach 31 marca – 2 kwietnia 2020 r. Państwa, które")
    );
}

#[test]
fn words_of_the_facts_are_taken_literally() {
    let mut facts = seoul::facts();
    let hostile = "{ STATE(\"KR\") } <b>x</b> { $host }";
    facts.event = Text::one(language("en"), hostile);
    let draft = joint_statement(&facts, &[language("en")]);
    assert!(draft.title.get(&language("en")).unwrap().contains(hostile));
}

#[test]
fn provenance_names_the_facts_a_clause_was_written_from() {
    let draft = joint_statement(&seoul::facts(), &[language("en")]);
    let expected = Provenance::Generated { template: "joint_statement/regions".into(), facts: vec!["host".into()] };
    assert_eq!(draft.clauses[5].provenance, expected);
}
