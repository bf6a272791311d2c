//! Reading XML from strangers: no document type, no entities but the five of XML itself, nothing deep, nothing that could
//! not be written again.

use std::borrow::Cow;

use quick_xml::{
    NsReader, XmlVersion,
    escape::unescape,
    events::{BytesStart, Event},
    name::{Namespace, ResolveResult},
};
use thiserror::Error;

/// The namespace of WebDAV.
pub const DAV: &str = "DAV:";
/// That of CalDAV.
pub const CALDAV: &str = "urn:ietf:params:xml:ns:caldav";
/// That of what calendar servers had before there were standards for it.
pub const CALENDAR_SERVER: &str = "http://calendarserver.org/ns/";
/// That of colours.
pub const APPLE: &str = "http://apple.com/ns/ical/";

/// No request of CalDAV is deeper than ten elements.
const MOST_DEPTH: usize = 32;
/// A request that names every entry of a large calendar has some thousands.
const MOST_ELEMENTS: usize = 20_000;

/// Why a body cannot be read. The words are for whoever wrote the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// Not well-formed.
    #[error("The body is not well-formed XML in UTF-8.")]
    Malformed,
    /// It has a document type, or an entity of its own.
    #[error("The body has a document type or entities of its own. Send it without.")]
    Entities,
    /// Too deep or too many.
    #[error("The body has more than 20,000 elements, or is deeper than 32. Ask for less at a time.")]
    TooLarge,
    /// Well-formed, and not what was to be sent here.
    #[error("The body is not a request that belongs here.")]
    Unexpected,
    /// A filter that this server does not evaluate.
    #[error("The filter has conditions that this server does not evaluate.")]
    Filter,
}

/// The name of an element: where it comes from and what it is called there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its namespace, empty for none.
    pub namespace: String,
    /// Without prefix.
    pub local: String,
}

impl Name {
    /// A name.
    pub fn new(namespace: &str, local: &str) -> Self {
        Self { namespace: namespace.to_owned(), local: local.to_owned() }
    }

    /// Whether it is this one.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.namespace == namespace && self.local == local
    }
}

/// An element with all that is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// What it is called.
    pub name: Name,
    /// Its attributes, without their namespaces.
    attributes: Vec<(String, String)>,
    /// Its own text, put together.
    text: String,
    /// The elements in it.
    pub children: Vec<Element>,
}

impl Element {
    /// The root of a body.
    pub fn read(body: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(body).map_err(|_| Fault::Malformed)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = NsReader::from_str(text);
        let mut tree = Tree::default();
        loop {
            let (namespace, event) = reader.read_resolved_event().map_err(|_| Fault::Malformed)?;
            match event {
                Event::Start(start) => tree.open(element(&namespace, &start)?)?,
                Event::Empty(start) => {
                    tree.open(element(&namespace, &start)?)?;
                    tree.close()?;
                }
                Event::End(_) => tree.close()?,
                Event::Text(text) => tree.text(&text.xml10_content())?,
                Event::CData(text) => tree.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => tree.text(&unescaped(&format!("&{};", &*reference))?)?,
                Event::DocType(_) => return Err(Fault::Entities),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => return tree.finish(),
            }
        }
    }

    /// The first element in it of this name.
    pub fn child(&self, namespace: &str, local: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name.is(namespace, local))
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Its text, without the white space around it.
    pub fn text(&self) -> &str {
        self.text.trim()
    }
}

/// Elements that are open, the outermost first, and the root once it is whole.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    seen: usize,
}

impl Tree {
    fn open(&mut self, element: Element) -> Result<(), Fault> {
        self.seen += 1;
        if self.root.is_some() {
            return Err(Fault::Malformed);
        }
        if self.open.len() >= MOST_DEPTH || self.seen > MOST_ELEMENTS {
            return Err(Fault::TooLarge);
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let closed = self.open.pop().ok_or(Fault::Malformed)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(closed),
            None => self.root = Some(closed),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Fault> {
        if !text.chars().all(is_character) {
            return Err(Fault::Malformed);
        }
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(Fault::Malformed),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, Fault> {
        self.root.filter(|_| self.open.is_empty()).ok_or(Fault::Malformed)
    }
}

fn element(namespace: &ResolveResult<'_>, start: &BytesStart<'_>) -> Result<Element, Fault> {
    let namespace = match namespace {
        ResolveResult::Bound(Namespace(namespace)) => unescaped(namespace)?.into_owned(),
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(_) => return Err(Fault::Malformed),
    };
    let local = start.local_name().into_inner().to_owned();
    if !is_name(&local) || !namespace.chars().all(is_character) {
        return Err(Fault::Malformed);
    }
    let mut attributes = vec![];
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| Fault::Malformed)?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Fault::Entities)?;
        attributes.push((attribute.key.local_name().into_inner().to_owned(), value.into_owned()));
    }
    Ok(Element { name: Name { namespace, local }, attributes, text: String::new(), children: vec![] })
}

fn unescaped(text: &str) -> Result<Cow<'_, str>, Fault> {
    unescape(text).map_err(|_| Fault::Entities)
}

/// What may stand in a document (XML 1.0, 2.2).
fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// A name without a colon (XML 1.0, 2.3): what has another cannot be written back into an answer.
fn is_name(name: &str) -> bool {
    let begins = |c: char| {
        matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
            | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
            | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
            | '\u{10000}'..='\u{effff}')
    };
    let goes_on = |c: char| {
        begins(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
    };
    name.starts_with(begins) && name.chars().all(goes_on)
}
