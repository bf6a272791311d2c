//! How words fall into paragraphs and lines, the same in every format.

/// The paragraphs of `words`, each with its lines: blank lines part paragraphs, other line ends are kept. Spaces at
/// both ends of a line and control characters are dropped; a no-break space stays.
pub(crate) fn paragraphs(words: &str) -> Vec<Vec<String>> {
    let mut paragraphs = vec![Vec::new()];
    for line in words.replace("\r\n", "\n").split(['\n', '\r']) {
        let clean: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let clean = clean.trim_matches(' ');
        match paragraphs.last_mut() {
            Some(lines) if !clean.is_empty() => lines.push(clean.to_owned()),
            _ => paragraphs.push(Vec::new()),
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
}

/// All of `words` on one line, for titles and names.
pub(crate) fn single(words: &str) -> String {
    paragraphs(words).into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_paragraphs_and_no_break_spaces_stay() {
        assert_eq!(
            paragraphs("\r\n one\u{7} \n w\u{a0}Seulu\n \t\n\ntwo\n"),
            [vec!["one".to_owned(), "w\u{a0}Seulu".to_owned()], vec!["two".to_owned()]]
        );
        assert_eq!(single(" a\n\nb "), "a b");
    }
}
