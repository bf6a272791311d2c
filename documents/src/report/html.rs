//! HTML: semantic, without style or script, nothing loaded from anywhere.

use super::{Block, Item, Line, Report};
use crate::{
    Direction, lines,
    markup::{escape, tongue},
};

/// The report as a whole HTML document.
pub fn html(report: &Report) -> String {
    let page = Page { report };
    let body: String = report.blocks.iter().map(|block| page.block(block)).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n</head>\n\
         <body>\n<article class=\"report\">\n<header>\n{banner}{heading}</header>\n{body}</article>\n</body>\n</html>\n",
        language = escape(report.language.as_str()),
        direction = Direction::of(&report.language).as_str(),
        title = escape(&lines::single(&report.title.text)),
        banner = report.banner.iter().map(|line| page.element("p", " class=\"banner\"", line)).collect::<String>(),
        heading = page.element("h1", "", &report.title),
    )
}

struct Page<'a> {
    report: &'a Report,
}

impl Page<'_> {
    fn block(&self, block: &Block) -> String {
        match block {
            Block::Heading(line) => self.element("h2", "", line),
            Block::Paragraph(line) => self.paragraphs(line),
            Block::Items(items) => {
                let items: String = items.iter().map(|item| self.item(item)).collect();
                format!("<ul>\n{items}</ul>\n")
            }
        }
    }

    fn item(&self, item: &Item) -> String {
        let own = escape(&lines::single(&item.line.text));
        let below: String = item.below.iter().map(|line| self.element("li", "", line)).collect();
        let below = if below.is_empty() { below } else { format!("\n<ul>\n{below}</ul>\n") };
        format!("<li{}>{own}{below}</li>\n", self.tongue(&item.line))
    }

    fn paragraphs(&self, line: &Line) -> String {
        let paragraph = |lines: Vec<String>| {
            let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
            format!("<p{}>{}</p>\n", self.tongue(line), lines.join("<br>\n"))
        };
        lines::paragraphs(&line.text).into_iter().map(paragraph).collect()
    }

    /// One element with the words of `line` on one line. `attributes` is our own text, with a space in front.
    fn element(&self, name: &str, attributes: &str, line: &Line) -> String {
        let words = escape(&lines::single(&line.text));
        format!("<{name}{attributes}{}>{words}</{name}>\n", self.tongue(line))
    }

    fn tongue(&self, line: &Line) -> String {
        if line.language == self.report.language { String::new() } else { tongue(&line.language) }
    }
}
