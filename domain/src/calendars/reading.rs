//! Content lines as others write them (RFC 5545, 3.1): read tolerantly, because what is sent to us cannot be put right.

/// A content line: its number, name, parameters and value (RFC 5545, 3.1).
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) parameters: String,
    pub(super) value: String,
}

impl Line {
    /// The value of a parameter, without its quotation marks. A semicolon between them divides nothing.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut quoted = false;
        let pairs = self.parameters.split(|c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
        pairs.find(|(own, _)| own.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().trim_matches('"'))
    }

    /// The value as TEXT (RFC 5545, 3.3.11).
    pub(super) fn text(&self) -> String {
        let (mut text, mut rest) = (String::new(), self.value.chars());
        while let Some(c) = rest.next() {
            match (c, (c == '\\').then(|| rest.next()).flatten()) {
                (_, Some('n' | 'N')) => text.push('\n'),
                (_, Some(escaped)) => text.push(escaped),
                (c, None) => text.push(c),
            }
        }
        text
    }
}

/// The content lines, put together where they were folded.
pub(super) fn unfolded(text: &str) -> Vec<Line> {
    let mut joined: Vec<(usize, String)> = vec![];
    for (at, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), joined.last_mut()) {
            (Some(rest), Some((_, last))) => last.push_str(rest),
            _ => joined.push((at + 1, line.to_owned())),
        }
    }
    joined.into_iter().filter_map(|(number, line)| parted(number, &line)).collect()
}

/// Name, parameters and value; a colon between quotation marks divides nothing.
fn parted(number: usize, line: &str) -> Option<Line> {
    let mut quoted = false;
    let colon = line.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == ':' && !quoted).then_some(at)
    })?;
    let (head, value) = (&line[..colon], line[colon + 1..].trim());
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    let (name, value) = (name.trim().to_ascii_uppercase(), value.to_owned());
    Some(Line { number, name, parameters: parameters.to_owned(), value })
}
