use super::*;
use std::collections::BTreeSet;

fn catalogue() -> Vec<Organisation> {
    load().unwrap()
}

fn states() -> Vec<Organisation> {
    catalogue().into_iter().filter(|organisation| organisation.kind == Kind::State).collect()
}

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

/// The cell of `names.csv` for `code`, `tag` and column `form`, if it is not empty.
fn cell(catalogue: &[Organisation], code: &str, tag: &str, form: &str) -> Option<String> {
    let organisation = catalogue.iter().find(|organisation| organisation.code.as_str() == code).unwrap();
    let forms = organisation.names.forms(&language(tag))?;
    forms.each().find(|(name, _)| *name == form).map(|(_, value)| value.to_owned())
}

#[test]
fn the_united_nations_have_193_members_and_two_observer_states() {
    let standing = |status: &str| -> Vec<String> {
        let with_it = states().into_iter().filter(|state| state.un_status.as_deref() == Some(status));
        with_it.map(|state| state.code.to_string()).collect()
    };
    assert_eq!(standing("member").len(), 193);
    assert_eq!(standing("observer"), ["PS", "VA"]);
    assert_eq!(states().len(), 195);
}

#[test]
fn everything_in_the_catalogue_is_acceptable_as_an_organisation() {
    for organisation in catalogue() {
        organisation.check().unwrap_or_else(|faults| panic!("{}: {faults:?}", organisation.code));
    }
}

#[test]
fn no_two_organisations_share_a_code_and_no_igo_takes_the_code_of_a_state() {
    let all = catalogue();
    let keys: BTreeSet<String> = all.iter().map(|organisation| organisation.code.key()).collect();
    assert_eq!(keys.len(), all.len());
    let of_states = |code: fn(&Organisation) -> Option<&String>| -> BTreeSet<String> {
        let codes: BTreeSet<_> = states().iter().filter_map(|state| code(state).cloned()).collect();
        assert_eq!(codes.len(), 195, "each state has one of its own");
        codes
    };
    let (alpha2, alpha3) = (of_states(|s| s.alpha2.as_ref()), of_states(|s| s.alpha3.as_ref()));
    of_states(|s| s.numeric_code.as_ref());
    for organisation in all.iter().filter(|organisation| organisation.kind == Kind::Igo) {
        let code = organisation.code.to_string();
        assert!(!alpha2.contains(&code) && !alpha3.contains(&code), "{code} is the code of a state");
    }
}

#[test]
fn every_state_is_known_by_its_alpha_2_code() {
    for state in states() {
        assert_eq!(state.alpha2.as_deref(), Some(state.code.as_str()));
    }
}

#[test]
fn regions_are_those_of_the_united_nations() {
    // Members per M49 region and per regional group, as the UN counts them; the catalogue leaves the group of Kiribati
    // and of the United States open.
    let count = |of: fn(&Organisation) -> Option<&String>, name: &str| {
        states()
            .iter()
            .filter(|state| state.un_status.as_deref() == Some("member") && of(state).is_some_and(|n| n == name))
            .count()
    };
    let in_region = |name| count(|state| state.region.as_ref(), name);
    assert_eq!(["Africa", "Americas", "Asia", "Europe", "Oceania"].map(in_region), [54, 35, 47, 43, 14]);
    let in_group = |name| count(|state| state.regional_group.as_ref(), name);
    let groups =
        ["African", "Asia-Pacific", "Eastern European", "Latin American and Caribbean", "Western European and Other"];
    assert_eq!(groups.map(in_group), [54, 53, 23, 33, 28]);
}

#[test]
fn every_state_has_a_list_name_and_a_text_name_in_every_language_of_the_catalogue() {
    for state in states() {
        for tag in LANGUAGES {
            let forms = state.names.forms(&language(tag)).unwrap_or_else(|| panic!("{} {tag}", state.code));
            assert!(forms.list.is_some() && forms.text.is_some(), "{} {tag}", state.code);
        }
        assert_eq!(state.names.0.len(), LANGUAGES.len());
    }
}

#[test]
fn every_state_has_its_formal_name_in_the_languages_of_the_seoul_statement() {
    for state in states() {
        for tag in ["en", "pl", "fr", "es", "ar"] {
            assert!(
                cell(std::slice::from_ref(&state), state.code.as_str(), tag, "formal").is_some(),
                "{} {tag}",
                state.code
            );
        }
    }
}

#[test]
fn polish_has_the_three_cases_for_every_organisation() {
    for organisation in catalogue() {
        let polish = organisation.names.forms(&language("pl")).unwrap();
        let cases = [&polish.genitive, &polish.locative, &polish.instrumental];
        assert!(cases.iter().all(|case| case.is_some()), "{}", organisation.code);
    }
}

#[test]
fn no_name_has_stray_spaces_brackets_left_open_or_curly_apostrophes() {
    for organisation in catalogue() {
        for (tag, forms) in &organisation.names.0 {
            for (form, name) in forms.each() {
                let at = format!("{} {tag} {form}: '{name}'", organisation.code);
                assert!(!name.starts_with(char::is_whitespace) && !name.ends_with(char::is_whitespace), "{at}");
                assert!(!name.contains("  ") && !name.contains(['*', '’', '_', '\u{a0}', '\u{200f}']), "{at}");
                assert_eq!(name.matches('(').count(), name.matches(')').count(), "{at}");
            }
        }
    }
}

#[test]
fn brackets_stand_only_in_list_names() {
    for organisation in catalogue() {
        for forms in organisation.names.0.values() {
            for (form, name) in forms.each().filter(|(form, _)| !matches!(*form, "list" | "sort")) {
                assert!(!name.contains('('), "{} {form}: '{name}'", organisation.code);
            }
        }
    }
}

#[test]
fn arabic_names_are_sorted_without_the_article_and_no_other_language_needs_a_key() {
    for organisation in catalogue() {
        for (tag, forms) in &organisation.names.0 {
            let list = forms.list.as_deref().unwrap_or_default();
            let article = (tag.as_str() == "ar").then(|| list.strip_prefix("ال")).flatten();
            assert_eq!(forms.sort.as_deref(), article, "{} {tag}", organisation.code);
        }
    }
}

#[test]
fn text_names_carry_the_article_of_running_text() {
    let all = catalogue();
    for (code, tag, text) in [
        ("KR", "en", "the Republic of Korea"),
        ("US", "en", "the United States of America"),
        ("PL", "en", "Poland"),
        ("NL", "en", "the Kingdom of the Netherlands"),
        ("KR", "fr", "la République de Corée"),
        ("US", "fr", "les États-Unis d'Amérique"),
        ("EG", "fr", "l'Égypte"),
        ("CI", "fr", "la Côte d'Ivoire"),
        ("CU", "fr", "Cuba"),
        ("IL", "fr", "Israël"),
        ("US", "es", "los Estados Unidos de América"),
        ("AE", "es", "los Emiratos Árabes Unidos"),
        ("EC", "es", "el Ecuador"),
        ("ES", "es", "España"),
        ("EU", "fr", "l'Union européenne"),
    ] {
        assert_eq!(cell(&all, code, tag, "text").as_deref(), Some(text), "{code} {tag}");
    }
}

#[test]
fn list_names_follow_united_nations_usage() {
    let all = catalogue();
    for (code, tag, list) in [
        ("NL", "en", "Netherlands (Kingdom of the)"),
        ("BO", "en", "Bolivia (Plurinational State of)"),
        ("TR", "en", "Türkiye"),
        ("VN", "en", "Viet Nam"),
        ("CI", "en", "Côte d'Ivoire"),
        ("PS", "en", "State of Palestine"),
        ("MD", "fr", "République de Moldova"),
        ("VN", "es", "Viet Nam"),
        ("KR", "pl", "Republika Korei"),
        ("RU", "pl", "Federacja Rosyjska"),
        ("KR", "cs", "Korejská republika"),
        ("CZ", "cs", "Česko"),
        ("KR", "ko", "대한민국"),
        ("KP", "ko", "조선민주주의인민공화국"),
        ("TR", "ko", "튀르키예"),
        ("KP", "vi", "Cộng hòa Dân chủ Nhân dân Triều Tiên"),
        ("RU", "ar", "الاتحاد الروسي"),
        ("MD", "ar", "جمهورية مولدوفا"),
        ("MV", "ar", "ملديف"),
        ("VA", "ar", "الكرسي الرسولي"),
    ] {
        assert_eq!(cell(&all, code, tag, "list").as_deref(), Some(list), "{code} {tag}");
    }
}

#[test]
fn formal_names_are_the_full_ones() {
    let all = catalogue();
    for (code, tag, formal) in [
        ("PL", "en", "the Republic of Poland"),
        ("PL", "pl", "Rzeczpospolita Polska"),
        ("DE", "pl", "Republika Federalna Niemiec"),
        ("MX", "es", "los Estados Unidos Mexicanos"),
        ("CH", "fr", "la Confédération suisse"),
        ("SK", "cs", "Slovenská republika"),
        ("VN", "vi", "Cộng hòa Xã hội chủ nghĩa Việt Nam"),
        ("US", "ko", "미합중국"),
        ("JO", "ar", "المملكة الأردنية الهاشمية"),
    ] {
        assert_eq!(cell(&all, code, tag, "formal").as_deref(), Some(formal), "{code} {tag}");
    }
}

#[test]
fn polish_names_are_inflected_as_the_language_demands() {
    let all = catalogue();
    for (code, genitive, locative, instrumental) in [
        ("KR", "Republiki Korei", "Republice Korei", "Republiką Korei"),
        ("PL", "Polski", "Polsce", "Polską"),
        ("US", "Stanów Zjednoczonych Ameryki", "Stanach Zjednoczonych Ameryki", "Stanami Zjednoczonymi Ameryki"),
        ("HU", "Węgier", "Węgrzech", "Węgrami"),
        ("DE", "Niemiec", "Niemczech", "Niemcami"),
        ("IT", "Włoch", "Włoszech", "Włochami"),
        ("EG", "Egiptu", "Egipcie", "Egiptem"),
        ("IL", "Izraela", "Izraelu", "Izraelem"),
        ("NE", "Nigru", "Nigrze", "Nigrem"),
        ("BF", "Burkiny Faso", "Burkinie Faso", "Burkiną Faso"),
        ("PE", "Peru", "Peru", "Peru"),
        ("INTERPOL", "Interpolu", "Interpolu", "Interpolem"),
    ] {
        for (form, name) in [("genitive", genitive), ("locative", locative), ("instrumental", instrumental)] {
            assert_eq!(cell(&all, code, "pl", form).as_deref(), Some(name), "{code} {form}");
        }
    }
}

#[test]
fn names_of_an_unlisted_organisation_or_two_lines_for_one_language_are_refused() {
    let head = "code,language,list,formal,text,sort,genitive,locative,instrumental\n";
    let twice = format!("{head}PL,pl,Polska,,,,,,\nPL,pl,Rzeczpospolita,,,,,,\n");
    assert!(matches!(read_names(&twice), Err(BrokenCatalogue::Repeated(code, _)) if code.as_str() == "PL"));
    let faulty = format!("{head}PL,polski,Polska,,,,,,\n");
    assert!(matches!(read_names(&faulty), Err(BrokenCatalogue::Line(_))));
}
