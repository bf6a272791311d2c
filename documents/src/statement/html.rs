//! HTML: semantic, without style or script, nothing loaded from anywhere.

use domain::Language;

use super::{Line, Paragraph, Participants, RenderDoc};
use crate::{
    lines,
    markup::{escape, tongue},
};

/// The statement as a whole HTML document.
pub fn html(doc: &RenderDoc) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n</head>\n\
         <body>\n{article}</body>\n</html>\n",
        language = escape(doc.language.as_str()),
        direction = doc.direction.as_str(),
        title = escape(&lines::single(&doc.title.text)),
        article = html_article(doc),
    )
}

/// The statement as an `article` element, for a page that has a frame of its own.
pub fn html_article(doc: &RenderDoc) -> String {
    let mut page = Page { language: &doc.language, html: String::new() };
    page.raw(&format!("<article class=\"statement\"{}>\n<header>\n", tongue(&doc.language)));
    if let Some(banner) = &doc.banner {
        page.element("p", " class=\"banner\"", banner);
    }
    page.element("h1", "", &doc.title);
    page.raw("</header>\n");
    page.paragraphs(&doc.paragraphs);
    if let Some(participants) = &doc.participants {
        page.participants(participants);
    }
    page.paragraphs(&doc.closing);
    if let Some(adopted) = &doc.adopted {
        page.raw("<footer>\n");
        page.element("p", " class=\"adopted\"", adopted);
        page.raw("</footer>\n");
    }
    page.raw("</article>\n");
    page.html
}

struct Page<'a> {
    language: &'a Language,
    html: String,
}

impl Page<'_> {
    fn raw(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// One element with the words of `line` on one line. `attributes` is our own text, with a space in front.
    fn element(&mut self, name: &str, attributes: &str, line: &Line) {
        let tongue = self.tongue(line);
        let words = escape(&lines::single(&line.text));
        self.raw(&format!("<{name}{attributes}{tongue}>{words}</{name}>\n"));
    }

    /// `lang` and `dir`, where the words are not in the language of the document.
    fn tongue(&self, line: &Line) -> String {
        if &line.language == self.language { String::new() } else { tongue(&line.language) }
    }

    /// Numbered paragraphs become one list with their numbers, the others stand by themselves.
    fn paragraphs(&mut self, paragraphs: &[Paragraph]) {
        for run in paragraphs.chunk_by(|a, b| a.number.is_some() == b.number.is_some()) {
            let in_list = run.iter().any(|paragraph| paragraph.number.is_some());
            if in_list {
                self.raw("<ol class=\"operative\">\n");
            }
            for paragraph in run {
                self.paragraph(paragraph);
            }
            if in_list {
                self.raw("</ol>\n");
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        let tongue = self.tongue(&paragraph.line);
        let id = format!("id=\"clause-{}\"", paragraph.clause);
        match paragraph.number {
            Some(number) => self.raw(&format!("<li {id} value=\"{number}\"{tongue}>\n")),
            None => self.raw(&format!("<div {id} class=\"{}\"{tongue}>\n", paragraph.part)),
        }
        for lines in lines::paragraphs(&paragraph.line.text) {
            let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
            self.raw(&format!("<p>{}</p>\n", lines.join("<br>\n")));
        }
        self.raw(if paragraph.number.is_some() { "</li>\n" } else { "</div>\n" });
    }

    fn participants(&mut self, participants: &Participants) {
        self.raw("<section class=\"participants\">\n");
        for line in &participants.introduction {
            self.element("p", "", line);
        }
        if !participants.entries.is_empty() {
            self.raw("<ol>\n");
        }
        for entry in &participants.entries {
            let tongue = self.tongue(&entry.name);
            let (code, name) = (escape(entry.code.as_str()), escape(&lines::single(&entry.name.text)));
            self.raw(&format!("<li value=\"{}\"{tongue}><data value=\"{code}\">{name}</data></li>\n", entry.number));
        }
        if !participants.entries.is_empty() {
            self.raw("</ol>\n");
        }
        self.raw("</section>\n");
    }
}
