//! The order in which organisations are listed for a reader.
//!
//! Only the alphabet is decided here; who comes before the alphabet (host, co-chairs) is a policy of the text or list
//! that is made, and a stable sort on top of this one.

use icu_collator::{Collator, options::CollatorOptions};
use icu_locale::Locale;
use std::cmp::Ordering;

use super::Names;
use crate::{Code, Language};

/// Sorts `items` as a reader of `language` expects: by what the list in that language is sorted by
/// ([`Names::sort`]), by the rules of that language (CLDR), equal names by code.
///
/// To give all language versions of a text the same numbers, pass the same language for all of them.
pub fn alphabetical<T>(items: &mut [T], language: &Language, of: impl Fn(&T) -> (&Code, &Names)) {
    let compare = alphabet(language);
    items.sort_by(|a, b| {
        let ((code_a, names_a), (code_b, names_b)) = (of(a), of(b));
        let (name_a, name_b) = (names_a.sort(language).unwrap_or_default(), names_b.sort(language).unwrap_or_default());
        compare(name_a, name_b).then_with(|| code_a.cmp(code_b))
    });
}

/// How the names of `language` compare. A language ICU has no rules for gets those of the root, which suit most scripts.
pub(crate) fn alphabet(language: &Language) -> impl Fn(&str, &str) -> Ordering {
    let locale: Locale = language.as_str().parse().unwrap_or(Locale::UNKNOWN);
    let collator = Collator::try_new((&locale).into(), CollatorOptions::default()).ok();
    move |a, b| collator.as_ref().map_or_else(|| a.cmp(b), |collator| collator.compare(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisations::{Organisation, catalogue};

    /// The states that took part in the meeting of Seoul in 2019, in the order of its English record.
    const SEOUL: &str = "AF SA AU AT BH BE BR HR ME DK EC EG EE FI FR GR ES NL IE IL JO QA CO KW LV MA MX DE NZ NG NO OM \
                         PL PT CZ KR RO SK US CH TN UA GB HU IT AE";

    fn seoul_in(language: &str) -> String {
        let mut states = catalogue::load().unwrap();
        states.retain(|state| SEOUL.split(' ').any(|code| code == state.code.as_str()));
        assert_eq!(states.len(), 46);
        alphabetical(&mut states, &Language::parse(language).unwrap(), |state| (&state.code, &state.names));
        codes(&states)
    }

    fn codes(organisations: &[Organisation]) -> String {
        organisations.iter().map(|organisation| organisation.code.as_str()).collect::<Vec<_>>().join(" ")
    }

    // The expected orders are those of ICU for C++, printed by tests/foreign/order.mjs under Node.

    #[test]
    fn polish_readers_find_lotwa_after_kuwejt_and_nowa_zelandia_after_norwegia() {
        assert_eq!(
            seoul_in("pl"),
            "AF SA AU AT BH BE BR HR ME CZ DK EG EC EE FI FR GR ES NL IE IL JO QA CO KW LV MA MX DE NG NO NZ OM PL PT \
             KR RO SK US CH TN UA HU IT AE GB"
        );
    }

    #[test]
    fn czech_readers_find_chorvatsko_after_francie() {
        assert_eq!(
            seoul_in("cs"),
            "AF AU BH BE BR ME CZ DK EG EC EE FI FR HR IE IT IL JO QA CO KR KW LV HU MA MX DE NG NL NO NZ OM PL PT AT \
             RO GR SA SK AE GB US ES CH TN UA"
        );
    }

    #[test]
    fn arabic_readers_find_names_under_the_letter_after_the_article() {
        assert_eq!(
            seoul_in("ar"),
            "JO ES AU EE IL AF EC DE AE UA IE IT BH BR PT BE PL CZ TN ME KR DK RO SK CH OM FR FI QA HR CO KW LV EG MA \
             MX SA GB NO AT NG NZ HU NL US GR"
        );
    }

    #[test]
    fn vietnamese_and_korean_follow_their_own_alphabets() {
        assert_eq!(
            seoul_in("vi"),
            "SA AF EG AT PL BH BE PT BR AE CO HR KR DK DE EC EE NL US HU GR IE IL IT JO KW LV GB MA MX ME NO NZ NG OM \
             FR FI QA RO CZ SK ES CH TN AU UA"
        );
        assert_eq!(
            seoul_in("ko"),
            "GB GR NG NL NO NZ KR DK DE LV RO MX MA ME US BH BE BR SA CH ES SK AE IE AF EE EC OM AT JO UA IL EG IT CZ \
             QA CO KW HR TN PT PL FR FI HU AU"
        );
    }

    #[test]
    fn equal_names_stand_by_code() {
        let mut states = catalogue::load().unwrap();
        states.retain(|state| ["PL", "AF", "CZ"].contains(&state.code.as_str()));
        states.iter_mut().for_each(|state| state.names = Names::default());
        states.reverse();
        alphabetical(&mut states, &Language::english(), |state| (&state.code, &state.names));
        assert_eq!(codes(&states), "AF CZ PL");
    }
}
