//! HTML: headings to move by, a list for every delegation; without style or script, nothing loaded from anywhere.

use domain::Language;

use super::{DelegationDoc, ParticipantsDoc, PersonDoc};
use crate::{
    Line, lines,
    markup::{escape, tongue},
};

/// The list as a whole HTML document.
pub fn html(doc: &ParticipantsDoc) -> String {
    let mut page = Page { language: &doc.language, html: String::new() };
    page.raw(&format!(
        "<!DOCTYPE html>\n<html{tongue}>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n</head>\n\
         <body>\n<main class=\"participants\">\n<header>\n",
        tongue = tongue(&doc.language),
        title = escape(&doc.name()),
    ));
    page.element("h1", &doc.title);
    page.element("p", &doc.event);
    for line in doc.lines() {
        page.element("p", line);
    }
    if let Some(warning) = &doc.warning {
        page.raw("<p><strong>");
        page.inline("span", warning);
        page.raw("</strong></p>\n");
    }
    page.raw("</header>\n");
    for section in &doc.sections {
        page.raw(&format!("<section class=\"{}\">\n", section.category));
        page.element("h2", &section.heading);
        for delegation in &section.delegations {
            page.delegation(delegation);
        }
        page.raw("</section>\n");
    }
    page.raw("</main>\n</body>\n</html>\n");
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

    /// One element with the words of `line`, on a line of its own.
    fn element(&mut self, name: &str, line: &Line) {
        self.inline(name, line);
        self.raw("\n");
    }

    fn inline(&mut self, name: &str, line: &Line) {
        let foreign = if &line.language == self.language { String::new() } else { tongue(&line.language) };
        self.raw(&format!("<{name}{foreign}>{}</{name}>", escape(&lines::single(&line.text))));
    }

    fn delegation(&mut self, delegation: &DelegationDoc) {
        self.raw(&format!("<section id=\"delegation-{}\">\n", escape(delegation.organisation_code.as_str())));
        self.element("h3", &delegation.name);
        match &delegation.nobody {
            Some(line) => self.element("p", line),
            None => {
                self.raw("<ul>\n");
                delegation.people.iter().for_each(|person| self.person(person));
                self.raw("</ul>\n");
            }
        }
        self.raw("</section>\n");
    }

    fn person(&mut self, person: &PersonDoc) {
        self.raw("<li>");
        self.inline("b", &person.name);
        self.raw("<br>");
        self.inline("span", &person.function_name);
        if let Some(position) = &person.position {
            self.raw("<br>");
            self.inline("span", position);
        }
        self.raw("</li>\n");
    }
}
