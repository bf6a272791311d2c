//! Plain text in 78 columns, as mail and terminals want it.

use textwrap::{Options, WordSplitter, core::display_width};

use super::{Line, Paragraph, RenderDoc, lines};

/// Columns of a line; wide characters take two.
const COLUMNS: usize = 78;

/// The statement as plain text.
pub fn text(doc: &RenderDoc) -> String {
    let mut blocks = Vec::new();
    if let Some(banner) = &doc.banner {
        blocks.push(single(doc, "", banner));
    }
    blocks.push(title(doc));
    blocks.extend(doc.paragraphs.iter().map(|paragraph| clause(doc, paragraph)));
    if let Some(participants) = &doc.participants {
        blocks.extend(participants.introduction.iter().map(|line| single(doc, "", line)));
        let width = participants.entries.len().to_string().len();
        let entries =
            participants.entries.iter().map(|entry| single(doc, &format!("{:>width$}. ", entry.number), &entry.name));
        blocks.push(entries.collect::<Vec<_>>().join("\n"));
    }
    blocks.extend(doc.closing.iter().map(|paragraph| clause(doc, paragraph)));
    blocks.extend(doc.adopted.iter().map(|line| single(doc, "", line)));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

/// The title, underlined.
fn title(doc: &RenderDoc) -> String {
    let title = single(doc, "", &doc.title);
    let width = title.lines().map(display_width).max().unwrap_or(0);
    format!("{title}\n{}", "=".repeat(width))
}

/// A clause with its number hanging.
fn clause(doc: &RenderDoc, paragraph: &Paragraph) -> String {
    let marker = paragraph.number.map(|number| format!("{number}. ")).unwrap_or_default();
    let indent = " ".repeat(marker.len());
    let mut first = format!("{marker}{}", tongue(doc, &paragraph.line));
    let paragraphs: Vec<String> = lines::paragraphs(&paragraph.line.text)
        .iter()
        .map(|lines| {
            let wrapped = lines.iter().map(|line| {
                let beginning = std::mem::replace(&mut first, indent.clone());
                wrap(&beginning, &indent, line)
            });
            wrapped.collect::<Vec<_>>().join("\n")
        })
        .collect();
    paragraphs.join("\n\n")
}

/// All words in one paragraph behind `marker`.
fn single(doc: &RenderDoc, marker: &str, line: &Line) -> String {
    let beginning = format!("{marker}{}", tongue(doc, line));
    wrap(&beginning, &" ".repeat(marker.len()), &lines::single(&line.text))
}

/// A paragraph in another language than the document begins with its tag in brackets.
fn tongue(doc: &RenderDoc, line: &Line) -> String {
    if line.language == doc.language { String::new() } else { format!("[{}] ", line.language) }
}

/// Breaks lines where Unicode (UAX 14) allows it, so never at a no-break space, and never hyphenates.
fn wrap(first: &str, others: &str, words: &str) -> String {
    let options = Options::new(COLUMNS)
        .initial_indent(first)
        .subsequent_indent(others)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(words, options)
}
