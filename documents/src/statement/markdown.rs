//! CommonMark 0.31. What delegations wrote stays text: nothing in it becomes emphasis, link, heading or HTML.

use super::{Line, Paragraph, RenderDoc, lines};

/// The statement as CommonMark.
pub fn markdown(doc: &RenderDoc) -> String {
    let mut blocks = Vec::new();
    if let Some(banner) = &doc.banner {
        blocks.push(format!("**{}**", single(doc, banner)));
    }
    blocks.push(format!("# {}", single(doc, &doc.title)));
    blocks.extend(doc.paragraphs.iter().map(|paragraph| clause(doc, paragraph)));
    if let Some(participants) = &doc.participants {
        blocks.extend(participants.introduction.iter().map(|line| single(doc, line)));
        let entries =
            participants.entries.iter().map(|entry| format!("{}. {}", entry.number, single(doc, &entry.name)));
        blocks.push(entries.collect::<Vec<_>>().join("\n"));
    }
    blocks.extend(doc.closing.iter().map(|paragraph| clause(doc, paragraph)));
    blocks.extend(doc.adopted.iter().map(|line| single(doc, line)));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

/// A clause, as an item of the ordered list where it carries a number.
fn clause(doc: &RenderDoc, paragraph: &Paragraph) -> String {
    let marker = paragraph.number.map(|number| format!("{number}. ")).unwrap_or_default();
    let indent = " ".repeat(marker.len());
    let mut paragraphs: Vec<Vec<String>> = lines::paragraphs(&paragraph.line.text)
        .iter()
        .map(|lines| lines.iter().map(|line| escape(line)).collect())
        .collect();
    if let Some(first) = paragraphs.first_mut().and_then(|lines| lines.first_mut()) {
        first.insert_str(0, &tongue(doc, &paragraph.line));
    }
    // A backslash at the end of a line is a line break; two spaces would be lost by editors.
    let text = paragraphs.iter().map(|lines| lines.join(&format!("\\\n{indent}"))).collect::<Vec<_>>();
    marker + &text.join(&format!("\n\n{indent}"))
}

fn single(doc: &RenderDoc, line: &Line) -> String {
    tongue(doc, line) + &escape(&lines::single(&line.text))
}

/// Markdown has no attribute for it, so a paragraph in another language begins with its tag in brackets.
fn tongue(doc: &RenderDoc, line: &Line) -> String {
    if line.language == doc.language { String::new() } else { format!("\\[{}\\] ", line.language) }
}

/// Escapes one line, which begins in the first column of its block.
///
/// The characters that mean something anywhere are escaped everywhere, among them those of common extensions (tables,
/// strikethrough, mathematics, critic marks); those that only begin a block are escaped at the beginning.
pub(crate) fn escape(line: &str) -> String {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mut escaped = String::with_capacity(line.len() + 8);
    for (index, c) in line.char_indices() {
        let begins_block = (index == 0 && matches!(c, '+' | '-' | '=' | ':'))
            || (index > 0 && index == digits && matches!(c, '.' | ')'));
        if begins_block || r"\`*_{}[]<>#&|~^$!".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
