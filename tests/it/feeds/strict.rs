//! What a calendar of ours must be like to the octet, told apart from the code that writes it. Most readers forgive what
//! Google and Outlook do not, so this is the one that does not forgive (RFC 5545; what programs break on is noted there).

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

use regex::Regex;

/// The properties we write, by component. Whatever else stands in a feed was put there by somebody.
const KNOWN: [(&str, &str); 3] = [
    (
        "VCALENDAR",
        "VERSION PRODID CALSCALE UID NAME X-WR-CALNAME DESCRIPTION X-WR-CALDESC X-WR-TIMEZONE LAST-MODIFIED URL SOURCE \
         REFRESH-INTERVAL X-PUBLISHED-TTL COLOR X-APPLE-CALENDAR-COLOR",
    ),
    (
        "VEVENT",
        "UID DTSTAMP CREATED LAST-MODIFIED SEQUENCE DTSTART DTEND SUMMARY STATUS TRANSP CLASS LOCATION GEO DESCRIPTION \
         URL CATEGORIES",
    ),
    ("VALARM", "UID ACTION DESCRIPTION TRIGGER"),
];
const NEEDED: [(&str, &str); 3] = [
    ("VALARM", "UID ACTION DESCRIPTION TRIGGER"),
    ("VCALENDAR", "VERSION PRODID CALSCALE UID LAST-MODIFIED REFRESH-INTERVAL X-PUBLISHED-TTL"),
    ("VEVENT", "UID DTSTAMP CREATED LAST-MODIFIED SEQUENCE DTSTART DTEND SUMMARY STATUS TRANSP CLASS"),
];

/// What is wrong with a feed, each fault once by its name; nothing is wrong with what we write.
pub fn faults(file: &[u8]) -> Vec<&'static str> {
    let mut faults = of_octets(file);
    if let Ok(text) = std::str::from_utf8(file) {
        faults.extend(of_components(&text.replace("\r\n ", "").replace("\r\n\t", "")));
    }
    faults.sort_unstable();
    faults.dedup();
    faults
}

fn of_octets(file: &[u8]) -> Vec<&'static str> {
    let mut faults = vec![];
    let mut require = |holds: bool, fault| {
        if !holds {
            faults.push(fault);
        }
    };
    require(file.starts_with(b"BEGIN:VCALENDAR\r\n"), "does not begin with the calendar");
    require(file.ends_with(b"\r\nEND:VCALENDAR\r\n"), "does not end with the calendar");
    for line in file.split(|octet| *octet == b'\n') {
        let Some(line) = line.strip_suffix(b"\r") else {
            require(line.is_empty(), "line not ended by CRLF");
            continue;
        };
        require(line.len() <= 75, "line of more than 75 octets");
        require(!line.is_empty(), "empty line");
        require(std::str::from_utf8(line).is_ok(), "character broken by a fold");
        let backslashes = line.iter().rev().take_while(|octet| **octet == b'\\').count();
        require(backslashes % 2 == 0, "escape broken by a fold");
        require(!line.iter().any(|octet| octet.is_ascii_control() && *octet != b'\t'), "control character");
    }
    faults
}

fn of_components(text: &str) -> Vec<&'static str> {
    let mut faults = vec![];
    let mut open: Vec<(String, BTreeMap<String, String>)> = vec![];
    let mut uids = HashSet::new();
    for line in text.split_terminator("\r\n") {
        let Some((name, value)) = divided(line) else {
            faults.push("line without a name");
            continue;
        };
        match name.as_str() {
            "BEGIN" => open.push((value, BTreeMap::new())),
            "END" => match open.pop() {
                Some((component, properties)) if component == value => {
                    faults.extend(of_properties(&component, &properties));
                    let uid = properties.get("UID").cloned().unwrap_or_default();
                    if component == "VEVENT" && !uids.insert(uid) {
                        faults.push("the same UID twice");
                    }
                }
                _ => faults.push("components that are not nested"),
            },
            _ => match open.last_mut() {
                Some((_, properties)) => {
                    if properties.insert(name, line.to_owned()).is_some() {
                        faults.push("the same property twice");
                    }
                }
                None => faults.push("components that are not nested"),
            },
        }
    }
    if !open.is_empty() {
        faults.push("components that are not nested");
    }
    faults
}

static LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)$"#).unwrap());

/// Name and value of a line.
fn divided(line: &str) -> Option<(String, String)> {
    let parts = LINE.captures(line)?;
    Some((parts[1].to_owned(), parts[3].to_owned()))
}

fn of_properties(component: &str, properties: &BTreeMap<String, String>) -> Vec<&'static str> {
    let of = |table: [(&'static str, &'static str); 3]| {
        table.into_iter().find(|(name, _)| *name == component).map(|(_, list)| list.split_whitespace())
    };
    let Some(known) = of(KNOWN) else { return vec!["a component we do not write"] };
    let known: HashSet<_> = known.collect();
    let mut faults = vec![];
    if properties.keys().any(|name| !known.contains(name.as_str())) {
        faults.push("a property we do not write");
    }
    if of(NEEDED).into_iter().flatten().any(|name| !properties.contains_key(name)) {
        faults.push("a property is missing");
    }
    faults.extend(properties.iter().filter_map(|(name, line)| of_value(name, line)));
    if let (Some(start), Some(end)) = (properties.get("DTSTART"), properties.get("DTEND")) {
        let of_day = |line: &str| line.contains(";VALUE=DATE:");
        let value = |line: &str| line.split_once(':').map(|(_, value)| value.to_owned());
        if of_day(start) != of_day(end) || value(start) >= value(end) {
            faults.push("it does not end after it starts");
        }
    }
    faults
}

/// How the line of a property reads, whole.
static READS: LazyLock<HashMap<&'static str, Regex>> = LazyLock::new(|| {
    let own = [
        ("DTSTART", r"DTSTART(;VALUE=DATE:\d{8}|:\d{8}T\d{6}Z)"),
        ("DTEND", r"DTEND(;VALUE=DATE:\d{8}|:\d{8}T\d{6}Z)"),
        ("DTSTAMP", r"DTSTAMP:\d{8}T\d{6}Z"),
        ("CREATED", r"CREATED:\d{8}T\d{6}Z"),
        ("LAST-MODIFIED", r"LAST-MODIFIED:\d{8}T\d{6}Z"),
        ("STATUS", "STATUS:(TENTATIVE|CONFIRMED|CANCELLED)"),
        ("TRANSP", "TRANSP:(OPAQUE|TRANSPARENT)"),
        ("CLASS", "CLASS:(PUBLIC|PRIVATE|CONFIDENTIAL)"),
        ("SEQUENCE", r"SEQUENCE:\d+"),
        ("GEO", r"GEO:-?\d+\.\d+;-?\d+\.\d+"),
        ("URL", "URL:https?://[!-~]+"),
        ("SOURCE", "SOURCE;VALUE=URI:https?://[!-~]+"),
        ("REFRESH-INTERVAL", r"REFRESH-INTERVAL;VALUE=DURATION:PT\d+H"),
        ("X-PUBLISHED-TTL", r"X-PUBLISHED-TTL:PT\d+H"),
        ("ACTION", "ACTION:DISPLAY"),
        ("TRIGGER", r"TRIGGER:-PT\d+M"),
        ("VERSION", r"VERSION:2\.0"),
        // Here commas divide values.
        ("CATEGORIES", r"CATEGORIES:(?:[^\\;]|\\[\\;,n])+"),
    ];
    let texts = ["UID", "NAME", "X-WR-CALNAME", "DESCRIPTION", "X-WR-CALDESC", "SUMMARY", "LOCATION"];
    let texts = texts.map(|name| (name, r"[A-Z-]+:(?:[^\\;,]|\\[\\;,n])+"));
    own.into_iter().chain(texts).map(|(name, reads)| (name, Regex::new(&format!("^{reads}$")).unwrap())).collect()
});

/// What is wrong with the value of a line of this name.
fn of_value(name: &str, line: &str) -> Option<&'static str> {
    let (_, value) = divided(line)?;
    if value.is_empty() {
        return Some("a property without a value");
    }
    READS.get(name).is_some_and(|reads| !reads.is_match(line)).then_some("a value not of its type")
}
