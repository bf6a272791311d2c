//! Values that are safe in a content line, whatever people typed.
//!
//! Each type takes any string and keeps only what its place in a calendar may hold. How a value is written (escapes,
//! quotes) is the business of `content_line`.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

/// The longest title, place, category or name, in characters.
const LINE_CHARACTERS: usize = 255;
/// The longest description, in octets of UTF-8.
const LONG_OCTETS: usize = 8 * 1024;
/// The longest link, in octets; calendar programs and browsers cut longer ones.
const URI_OCTETS: usize = 2000;
const ELLIPSIS: char = '…';

/// What is encoded in the value of a query: all but unreserved characters (RFC 3986, 2.3).
pub(super) const IN_QUERIES: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What is encoded in a whole address: what may not stand in one (RFC 3986, 2.2 and 2.3); what is encoded already stays.
const IN_URIS: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');
/// What is encoded in an address of mail (RFC 6068, 2).
const IN_ADDRESSES: &AsciiSet =
    &IN_QUERIES.remove(b'!').remove(b'$').remove(b'\'').remove(b'*').remove(b'+').remove(b'@');

/// Text in normalised form: NFC, line feeds as the only line ends, no other control character than the tab, no white
/// space around it. What is too long ends in an ellipsis.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(String);

impl Text {
    /// A title, place, category or name: at most 255 characters.
    pub fn line(value: &str) -> Self {
        let text = plain(value);
        let longest = text.char_indices().nth(LINE_CHARACTERS).map(|_| LINE_CHARACTERS - 1);
        Self(match longest {
            Some(longest) => text.chars().take(longest).chain([ELLIPSIS]).collect(),
            None => text,
        })
    }

    /// A description: at most 8 kB.
    pub fn long(value: &str) -> Self {
        Self(cut(plain(value), LONG_OCTETS))
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This text, a blank line and the link. The text gives way where both are too long.
    pub(super) fn followed_by(self, link: &Uri) -> Self {
        if self.0.is_empty() {
            return Self(link.0.clone());
        }
        let body = cut(self.0, LONG_OCTETS - link.0.len() - 2);
        Self(format!("{body}\n\n{}", link.0))
    }
}

/// The value of a parameter: text on one line without double quotes, for which RFC 5545 (3.2) has no place.
///
/// RFC 6868 gives them one (`^'`, `^n`), but few programs read it and some then refuse the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParamValue(String);

impl ParamValue {
    /// Takes any text: double quotes become single ones, line ends and tabs become spaces.
    pub(super) fn new(value: &str) -> Self {
        let one_line = value.replace(['\n', '\r', '\t', '\u{2028}', '\u{2029}'], " ").replace('"', "'");
        Self(Text::line(&one_line).0)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A link to a web page, in the characters RFC 3986 allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uri(String);

impl Uri {
    /// Takes an `http` or `https` address of at most 2,000 octets; any character that may not stand in one is
    /// percent-encoded. `None` for anything else: calendar programs open links of every scheme without asking.
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        let (scheme, rest) = value.split_once("://")?;
        let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
        if !web || rest.is_empty() {
            return None;
        }
        let encoded = utf8_percent_encode(value, IN_URIS).to_string();
        (encoded.len() <= URI_OCTETS).then_some(Self(encoded))
    }

    /// The encoded address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where somebody is written to, as `mailto:` (RFC 6068).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailto(String);

impl Mailto {
    /// Takes one address; `None` for what is none. Any character that may not stand in a URI is percent-encoded.
    pub fn parse(address: &str) -> Option<Self> {
        let (local, host) = address.rsplit_once('@')?;
        let whole = !local.is_empty() && !host.is_empty() && address.len() <= URI_OCTETS;
        if !whole || address.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return None;
        }
        Some(Self(format!("mailto:{}", utf8_percent_encode(address, IN_ADDRESSES))))
    }

    /// The encoded address, with its scheme.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A place on the globe, in decimal degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

impl Position {
    /// Latitude -90 to 90, longitude -180 to 180; `None` beyond.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_the_globe = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        on_the_globe.then_some(Self { latitude, longitude })
    }

    /// Takes latitude and longitude with a comma between them, as maps show them to be copied: `37.5326,126.9607`.
    pub fn parse(value: &str) -> Option<Self> {
        let (latitude, longitude) = value.split_once(',')?;
        let digits = |part: &str| (1..=15).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let degrees = |part: &str| {
            let plain = part.strip_prefix('-').unwrap_or(part);
            let (whole, decimals) = plain.split_once('.').unwrap_or((plain, "0"));
            (digits(whole) && digits(decimals)).then(|| part.parse().ok()).flatten()
        };
        Self::new(degrees(latitude)?, degrees(longitude.strip_prefix(' ').unwrap_or(longitude))?)
    }

    /// The value of GEO (RFC 5545, 3.8.1.6): six decimals are about ten centimetres.
    pub(super) fn to_geo(self) -> String {
        format!("{:.6};{:.6}", self.latitude, self.longitude)
    }
}

fn plain(value: &str) -> String {
    let kept: String = value
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if matches!(c, '\r' | '\u{2028}' | '\u{2029}') { '\n' } else { c })
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .nfc()
        .collect();
    kept.trim().to_owned()
}

fn cut(text: String, octets: usize) -> String {
    if text.len() <= octets {
        return text;
    }
    let end = text.floor_char_boundary(octets - ELLIPSIS.len_utf8());
    format!("{}{ELLIPSIS}", &text[..end])
}
