//! Dates and ordinals as diplomatic texts write them.
//!
//! Own patterns and month tables: what the common locale data gives is not the usage of statements (Polish lacks
//! "r.", for instance). Adding a language is adding one table here.

use jiff::civil::Date;

use super::DateRange;
use crate::Language;

/// How one language writes a span of days. `{d1}` `{m1}` `{y1}` are day, month and year of the first day, `{d2}`
/// `{m2}` `{y2}` of the last. In each pair the first pattern is for two days on end, the second for longer spans.
struct Patterns {
    /// Months in the form they have after a day, or their numbers.
    months: [&'static str; 12],
    /// The first of a month, which some languages write as an ordinal (French "1er").
    first_of_month: &'static str,
    one_day: &'static str,
    same_month: [&'static str; 2],
    two_months: [&'static str; 2],
    two_years: [&'static str; 2],
    /// "first" to "tenth" as they qualify the word for a meeting.
    ordinals: [&'static str; 10],
    /// How an ordinal is written in figures after the tenth.
    in_figures: fn(u32) -> String,
}

static ENGLISH: Patterns = Patterns {
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    first_of_month: "1",
    one_day: "{d1} {m1} {y1}",
    same_month: ["{d1} and {d2} {m2} {y2}", "{d1}–{d2} {m2} {y2}"],
    two_months: ["{d1} {m1} and {d2} {m2} {y2}", "{d1} {m1} – {d2} {m2} {y2}"],
    two_years: ["{d1} {m1} {y1} and {d2} {m2} {y2}", "{d1} {m1} {y1} – {d2} {m2} {y2}"],
    ordinals: ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
    in_figures: english_figures,
};

static POLISH: Patterns = Patterns {
    months: [
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "września",
        "października",
        "listopada",
        "grudnia",
    ],
    first_of_month: "1",
    one_day: "{d1} {m1} {y1} r.",
    same_month: ["{d1}–{d2} {m2} {y2} r."; 2],
    two_months: ["{d1} {m1} – {d2} {m2} {y2} r."; 2],
    two_years: ["{d1} {m1} {y1} r. – {d2} {m2} {y2} r."; 2],
    ordinals: [
        "pierwsze",
        "drugie",
        "trzecie",
        "czwarte",
        "piąte",
        "szóste",
        "siódme",
        "ósme",
        "dziewiąte",
        "dziesiąte",
    ],
    in_figures: |number| format!("{number}."),
};

static FRENCH: Patterns = Patterns {
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    first_of_month: "1er",
    one_day: "{d1} {m1} {y1}",
    same_month: ["{d1} et {d2} {m2} {y2}", "{d1}–{d2} {m2} {y2}"],
    two_months: ["{d1} {m1} et {d2} {m2} {y2}", "{d1} {m1} – {d2} {m2} {y2}"],
    two_years: ["{d1} {m1} {y1} et {d2} {m2} {y2}", "{d1} {m1} {y1} – {d2} {m2} {y2}"],
    ordinals: [
        "première",
        "deuxième",
        "troisième",
        "quatrième",
        "cinquième",
        "sixième",
        "septième",
        "huitième",
        "neuvième",
        "dixième",
    ],
    in_figures: |number| format!("{number}e"),
};

fn patterns(language: &Language) -> Option<&'static Patterns> {
    match language.as_str() {
        "en" => Some(&ENGLISH),
        "pl" => Some(&POLISH),
        "fr" => Some(&FRENCH),
        _ => None,
    }
}

/// "11th", "12th", "13th", but "21st", "22nd", "23rd".
fn english_figures(number: u32) -> String {
    let suffix = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

/// The span in words: `7 and 8 October 2019`, `7–8 października 2019 r.`; `None` for a language without patterns.
pub fn range(language: &Language, dates: DateRange) -> Option<String> {
    let patterns = patterns(language)?;
    let (first, last) = dates.ordered();
    let choice = usize::from(dates.days() > 2);
    let pattern = if first == last {
        patterns.one_day
    } else if first.year() != last.year() {
        patterns.two_years[choice]
    } else if first.month() != last.month() {
        patterns.two_months[choice]
    } else {
        patterns.same_month[choice]
    };
    let day = |date: Date| match date.day() {
        1 => patterns.first_of_month.to_owned(),
        day => day.to_string(),
    };
    let month =
        |date: Date| usize::try_from(date.month() - 1).ok().and_then(|index| patterns.months.get(index).copied());
    Some(
        pattern
            .replace("{d1}", &day(first))
            .replace("{m1}", month(first)?)
            .replace("{y1}", &first.year().to_string())
            .replace("{d2}", &day(last))
            .replace("{m2}", month(last)?)
            .replace("{y2}", &last.year().to_string()),
    )
}

/// The ordinal as it qualifies the word for a meeting: `third`, `trzecie`, `11th`; `None` for 0 and for a language
/// without patterns.
pub fn ordinal(language: &Language, number: u32) -> Option<String> {
    let patterns = patterns(language)?;
    let index = usize::try_from(number.checked_sub(1)?).ok()?;
    Some(patterns.ordinals.get(index).map_or_else(|| (patterns.in_figures)(number), |word| (*word).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn written(tag: &str, first: Date, last: Date) -> String {
        range(&Language::parse(tag).unwrap(), DateRange { first, last }).unwrap()
    }

    #[test]
    fn english_joins_two_days_and_spans_more() {
        let october = |day| date(2019, 10, day);
        assert_eq!(written("en", october(7), october(7)), "7 October 2019");
        assert_eq!(written("en", october(7), october(8)), "7 and 8 October 2019");
        assert_eq!(written("en", october(7), october(9)), "7–9 October 2019");
        assert_eq!(written("en", date(2019, 9, 30), october(1)), "30 September and 1 October 2019");
        assert_eq!(written("en", date(2019, 9, 30), october(4)), "30 September – 4 October 2019");
        assert_eq!(written("en", date(2019, 12, 31), date(2020, 1, 1)), "31 December 2019 and 1 January 2020");
        assert_eq!(written("en", date(2019, 12, 30), date(2020, 1, 2)), "30 December 2019 – 2 January 2020");
    }

    #[test]
    fn polish_writes_the_year_with_its_abbreviation() {
        assert_eq!(written("pl", date(2019, 10, 7), date(2019, 10, 8)), "7–8 października 2019 r.");
        assert_eq!(written("pl", date(2020, 1, 22), date(2020, 1, 22)), "22 stycznia 2020 r.");
        assert_eq!(written("pl", date(2019, 9, 30), date(2019, 10, 1)), "30 września – 1 października 2019 r.");
        assert_eq!(written("pl", date(2019, 12, 31), date(2020, 1, 1)), "31 grudnia 2019 r. – 1 stycznia 2020 r.");
    }

    #[test]
    fn french_writes_the_first_of_a_month_as_an_ordinal() {
        assert_eq!(written("fr", date(2019, 10, 7), date(2019, 10, 8)), "7 et 8 octobre 2019");
        assert_eq!(written("fr", date(2025, 11, 24), date(2025, 11, 27)), "24–27 novembre 2025");
        assert_eq!(written("fr", date(2019, 9, 30), date(2019, 10, 1)), "30 septembre et 1er octobre 2019");
    }

    #[test]
    fn ordinals_are_words_up_to_ten_and_figures_after() {
        let ordinal = |tag: &str, number| ordinal(&Language::parse(tag).unwrap(), number);
        assert_eq!(ordinal("pl", 3).as_deref(), Some("trzecie"));
        assert_eq!(ordinal("pl", 12).as_deref(), Some("12."));
        assert_eq!(ordinal("en", 10).as_deref(), Some("tenth"));
        let figures = [11, 12, 13, 21, 22, 93, 111].map(|number| ordinal("en", number).unwrap());
        assert_eq!(figures, ["11th", "12th", "13th", "21st", "22nd", "93rd", "111th"]);
        assert_eq!((ordinal("en", 0), ordinal("xx", 1)), (None, None));
    }
}
