//! Which entries of a calendar are wanted (RFC 4791, 9.7).

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{
    Member,
    xml::{CALDAV, Element, Fault},
};

/// A condition on entries. Calendars here hold events alone, each of them once, so it says little.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter(Vec<Condition>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    /// Takes place in this time, as far as it is bounded.
    During(Option<Timestamp>, Option<Timestamp>),
    /// Has this property, or has it not.
    Property { name: String, text: Option<TextMatch>, defined: bool },
    /// Reminds of itself, or does not.
    Reminds(bool),
    /// Nothing fulfils it: there are no tasks here.
    Never,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct TextMatch {
    text: String,
    exact_case: bool,
    negated: bool,
}

impl Filter {
    /// The condition of a `filter`.
    pub fn read(filter: &Element) -> Result<Self, Fault> {
        let [calendar] = filter.children.as_slice() else { return Err(Fault::Filter) };
        let is_calendar = calendar.name.is(CALDAV, "comp-filter") && names(calendar, "VCALENDAR");
        let mut conditions = vec![];
        if !is_calendar {
            conditions.push(Condition::Never);
        }
        for part in calendar.children.iter().filter(|_| is_calendar) {
            if !part.name.is(CALDAV, "comp-filter") {
                return Err(Fault::Filter);
            }
            let excluded = part.child(CALDAV, "is-not-defined").is_some();
            match (names(part, "VEVENT"), excluded) {
                (true, false) => read_event(part, &mut conditions)?,
                (false, true) => {}
                (true, true) | (false, false) => conditions.push(Condition::Never),
            }
        }
        Ok(Self(conditions))
    }

    /// Whether an entry fulfils it.
    pub fn holds(&self, member: &Member<'_>) -> bool {
        self.0.iter().all(|condition| condition.holds(member))
    }
}

impl Condition {
    fn holds(&self, member: &Member<'_>) -> bool {
        match self {
            Self::During(from, to) => member.span().is_some_and(|(start, end)| {
                // RFC 4791, 9.9: an entry that ends where the time begins is not in it.
                from.is_none_or(|from| from < end) && to.is_none_or(|to| to > start)
            }),
            Self::Property { name, text, defined } => {
                let lines = member.lines();
                let mut values = lines.iter().filter_map(|line| value(line, name));
                match text {
                    None => values.next().is_some() == *defined,
                    Some(text) => values.any(|value| text.holds(&value)),
                }
            }
            Self::Reminds(wanted) => member.reminds() == *wanted,
            Self::Never => false,
        }
    }
}

impl TextMatch {
    fn holds(&self, value: &str) -> bool {
        let found = match self.exact_case {
            true => value.contains(&self.text),
            false => value.to_lowercase().contains(&self.text.to_lowercase()),
        };
        found != self.negated
    }
}

fn read_event(event: &Element, conditions: &mut Vec<Condition>) -> Result<(), Fault> {
    for part in &event.children {
        conditions.push(match part.name.local.as_str() {
            "time-range" => {
                let (from, to) = time_range(part)?;
                Condition::During(from, to)
            }
            "prop-filter" => property(part)?,
            "comp-filter" if names(part, "VALARM") => match part.children.as_slice() {
                [] => Condition::Reminds(true),
                [only] if only.name.is(CALDAV, "is-not-defined") => Condition::Reminds(false),
                _ => return Err(Fault::Filter),
            },
            _ => return Err(Fault::Filter),
        });
    }
    Ok(())
}

fn property(part: &Element) -> Result<Condition, Fault> {
    let name = part.attribute("name").ok_or(Fault::Filter)?.to_uppercase();
    let (text, defined) = match part.children.as_slice() {
        [] => (None, true),
        [only] if only.name.is(CALDAV, "is-not-defined") => (None, false),
        [only] if only.name.is(CALDAV, "text-match") => (Some(text_match(only)), true),
        _ => return Err(Fault::Filter),
    };
    Ok(Condition::Property { name, text, defined })
}

/// Not in the order of any one language: the two collations every server has (RFC 4791, 7.5).
fn text_match(part: &Element) -> TextMatch {
    TextMatch {
        text: part.text().to_owned(),
        exact_case: part.attribute("collation") == Some("i;octet"),
        negated: part.attribute("negate-condition") == Some("yes"),
    }
}

/// The first instant and the last, as far as they are said (RFC 4791, 9.9).
pub(super) fn time_range(range: &Element) -> Result<(Option<Timestamp>, Option<Timestamp>), Fault> {
    let at = |name| {
        let read = |text: &str| {
            let at = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
            TimeZone::UTC.to_timestamp(at).ok()
        };
        range.attribute(name).map(|text| read(text).ok_or(Fault::Filter)).transpose()
    };
    Ok((at("start")?, at("end")?))
}

fn names(filter: &Element, component: &str) -> bool {
    filter.attribute("name").is_some_and(|name| name.eq_ignore_ascii_case(component))
}

/// The value of an unfolded line if it is of this property, as people read it.
fn value(line: &str, name: &str) -> Option<String> {
    let rest = line.strip_prefix(name).filter(|rest| rest.starts_with([':', ';']))?;
    // Our parameters hold neither colons nor quotation marks.
    let value = rest.split_once(':')?.1;
    let mut text = String::with_capacity(value.len());
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => text.extend(rest.next().map(|escaped| if escaped == 'n' { '\n' } else { escaped })),
            c => text.push(c),
        }
    }
    Some(text)
}
