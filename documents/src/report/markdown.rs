//! CommonMark 0.31. What people wrote stays text: nothing in it becomes emphasis, link, heading or HTML.

use super::{Block, Item, Line, Report};
use crate::{lines, statement::markdown::escape};

/// The report as CommonMark.
pub fn markdown(report: &Report) -> String {
    let page = Page { report };
    let mut blocks: Vec<String> = report.banner.iter().map(|line| format!("**{}**", page.single(line))).collect();
    blocks.push(format!("# {}", page.single(&report.title)));
    blocks.extend(report.blocks.iter().map(|block| page.block(block)));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

struct Page<'a> {
    report: &'a Report,
}

impl Page<'_> {
    fn block(&self, block: &Block) -> String {
        match block {
            Block::Heading(line) => format!("## {}", self.single(line)),
            Block::Paragraph(line) => self.paragraphs(line),
            Block::Items(items) => items.iter().map(|item| self.item(item)).collect::<Vec<_>>().join("\n"),
        }
    }

    fn item(&self, item: &Item) -> String {
        let below = item.below.iter().map(|line| format!("\n  - {}", self.single(line)));
        format!("- {}{}", self.single(&item.line), below.collect::<String>())
    }

    fn paragraphs(&self, line: &Line) -> String {
        let mut paragraphs = lines::paragraphs(&line.text);
        for lines in &mut paragraphs {
            lines.iter_mut().for_each(|line| *line = escape(line));
        }
        let joined: Vec<String> = paragraphs.iter().map(|lines| lines.join("\\\n")).collect();
        self.tongue(line) + &joined.join("\n\n")
    }

    fn single(&self, line: &Line) -> String {
        self.tongue(line) + &escape(&lines::single(&line.text))
    }

    /// Markdown has no attribute for it, so words in another language begin with its tag in brackets.
    fn tongue(&self, line: &Line) -> String {
        if line.language == self.report.language { String::new() } else { format!("\\[{}\\] ", line.language) }
    }
}
