//! What all HTML is written with.

use domain::Language;

use crate::line::Direction;

/// Attributes that say which language an element is in, and which way it runs.
pub(crate) fn tongue(language: &Language) -> String {
    format!(" lang=\"{}\" dir=\"{}\"", escape(language.as_str()), Direction::of(language).as_str())
}

/// Makes text safe between tags and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
