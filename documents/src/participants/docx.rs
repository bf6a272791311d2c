//! DOCX (ECMA-376, transitional): styles a reader's program knows by name, so that its outline and its table of
//! contents work, the language of every run, title and language in the properties.
//!
//! Written directly rather than with a crate: docx-rs can set neither the title nor any language, and both are what
//! screen readers and spelling checkers go by.

use domain::Language;
use zip::result::ZipError;

use super::{DelegationDoc, ParticipantsDoc, PersonDoc};
use crate::{Direction, Line, lines, markup::escape, package::package};

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const CONTENT_TYPES: &str = include_str!("docx/content_types.xml");
const RELATIONS: &str = include_str!("docx/relations.xml");
const DOCUMENT_RELATIONS: &str = include_str!("docx/document_relations.xml");
const STYLES: &str = include_str!("docx/styles.xml");
const FOOTER: &str = include_str!("docx/footer.xml");

/// The list as a DOCX document; the same list gives the same bytes.
pub fn docx(doc: &ParticipantsDoc) -> Result<Vec<u8>, ZipError> {
    package(&[
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("docProps/core.xml", properties(doc)),
        ("word/document.xml", body(doc)),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.to_owned()),
        ("word/styles.xml", STYLES.replace("{language}", &escape(doc.language.as_str()))),
        ("word/footer1.xml", FOOTER.to_owned()),
    ])
}

fn properties(doc: &ParticipantsDoc) -> String {
    let day = doc
        .published_on
        .map(|day| format!("<dcterms:created xsi:type=\"dcterms:W3CDTF\">{day}T00:00:00Z</dcterms:created>"));
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title>\
         <dc:language>{}</dc:language>{}</cp:coreProperties>",
        escape(&doc.name()),
        escape(doc.language.as_str()),
        day.unwrap_or_default(),
    )
}

fn body(doc: &ParticipantsDoc) -> String {
    let mut body = Body { language: &doc.language, xml: String::new() };
    body.paragraph("Title", &[("", &doc.title)]);
    body.paragraph("Subtitle", &[("", &doc.event)]);
    for line in doc.lines() {
        body.paragraph("Subtitle", &[("", line)]);
    }
    if let Some(warning) = &doc.warning {
        body.paragraph("Subtitle", &[(BOLD, warning)]);
    }
    for section in &doc.sections {
        body.paragraph("Heading1", &[("", &section.heading)]);
        for delegation in &section.delegations {
            body.delegation(delegation);
        }
    }
    format!(
        "{HEAD}<w:document xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\"><w:body>{}<w:sectPr>\
         <w:footerReference w:type=\"default\" r:id=\"rId2\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
         <w:pgMar w:top=\"1247\" w:right=\"1247\" w:bottom=\"1247\" w:left=\"1247\" w:header=\"680\" w:footer=\"680\" \
         w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
        body.xml,
    )
}

const BOLD: &str = "<w:b/>";

struct Body<'a> {
    language: &'a Language,
    xml: String,
}

impl Body<'_> {
    fn delegation(&mut self, delegation: &DelegationDoc) {
        self.paragraph("Heading2", &[("", &delegation.name)]);
        if let Some(line) = &delegation.nobody {
            self.paragraph("Participant", &[("", line)]);
        }
        delegation.people.iter().for_each(|person| self.person(person));
    }

    fn person(&mut self, person: &PersonDoc) {
        let lines = [(BOLD, &person.name), ("", &person.function_name)];
        let lines: Vec<_> = lines.into_iter().chain(person.position.iter().map(|line| ("", line))).collect();
        self.paragraph("Participant", &lines);
    }

    /// A paragraph in a style; its lines, each with properties of its own, stand below one another.
    fn paragraph(&mut self, style: &str, lines: &[(&str, &Line)]) {
        let direction = if Direction::of(self.language) == Direction::Rtl { "<w:bidi/>" } else { "" };
        self.xml.push_str(&format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{direction}</w:pPr>"));
        for (at, (properties, line)) in lines.iter().enumerate() {
            let above = if at > 0 { "<w:br/>" } else { "" };
            self.xml.push_str(&format!(
                "<w:r><w:rPr>{properties}{}</w:rPr>{above}<w:t xml:space=\"preserve\">{}</w:t></w:r>",
                tongue(&line.language),
                escape(&lines::single(&line.text)),
            ));
        }
        self.xml.push_str("</w:p>");
    }
}

/// The language of a run. Word keeps three: of Latin script, of East Asian ones, and of those from right to left.
fn tongue(language: &Language) -> String {
    let tag = escape(language.as_str());
    let right_to_left = if language.is_right_to_left() { "<w:rtl/>" } else { "" };
    format!("{right_to_left}<w:lang w:val=\"{tag}\" w:eastAsia=\"{tag}\" w:bidi=\"{tag}\"/>")
}
