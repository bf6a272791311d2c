//! PDF by typst: templates of ours, data of others.
//!
//! Documents are tagged and held to PDF/UA-1 (ISO 14289-1): they have a title, a language and a structure, and no
//! character goes missing without a word. typst's own fonts cover Latin, Greek and Cyrillic script; what is
//! in another needs more of them, or is refused.

use std::sync::OnceLock;

use serde::Serialize;
use thiserror::Error;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// What a document is set with. It finds its data as JSON in `sys.inputs.data`.
#[derive(Debug)]
pub struct Template {
    /// Its file name, which no other template has.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Why there is no PDF.
#[derive(Debug, Error)]
pub enum Refusal {
    /// Some words are in a script that none of the fonts has.
    #[error("no font has all characters of the document: {0}")]
    NoGlyph(String),
    /// A fault of ours.
    #[error("the document could not be set: {0}")]
    Fault(String),
}

/// The fonts a document may be set in, in the order in which they are tried.
#[derive(Debug)]
pub struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Fonts {
    /// Those that typst brings along, and `others`, whole font files. The first call reads typst's.
    pub fn with(others: Vec<Vec<u8>>) -> Self {
        static OWN: OnceLock<Vec<Font>> = OnceLock::new();
        let own = OWN.get_or_init(|| typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data))).collect());
        let others = others.into_iter().flat_map(|data| Font::iter(Bytes::new(data)));
        let fonts: Vec<Font> = own.iter().cloned().chain(others).collect();
        Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    }
}

/// Sets `data` with `template`. Takes its time: not for a thread that answers others.
pub fn compile(template: &Template, data: &impl Serialize, fonts: &Fonts) -> Result<Vec<u8>, Refusal> {
    let made = set(template, data, fonts);
    // What typst remembers of one document is of no use to the next: the data is another.
    comemo::evict(0);
    made
}

fn set(template: &Template, data: &impl Serialize, fonts: &Fonts) -> Result<Vec<u8>, Refusal> {
    let fault = |error: String| Refusal::Fault(error);
    let data = serde_json::to_string(data).map_err(|error| fault(error.to_string()))?;
    let path = VirtualPath::new(template.name).map_err(|error| fault(format!("{error:?}")))?;
    // The same path gives the same id, of which a process has 65,535 only.
    let main = RootedPath::new(VirtualRoot::Project, path).intern();
    let mut inputs = Dict::new();
    inputs.insert("data".into(), data.into_value());
    let desk = Desk {
        library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        fonts,
        source: Source::new(main, template.text.to_owned()),
    };
    let document: PagedDocument = typst::compile(&desk).output.map_err(|faults| refusal(&faults))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| fault(error.message().to_string()))?;
    let options = PdfOptions { creator: Smart::Custom(Some("Plenum".to_owned())), standards, ..Default::default() };
    typst_pdf::pdf(&document, &options).map_err(|faults| refusal(&faults))
}

fn refusal(faults: &[SourceDiagnostic]) -> Refusal {
    let said = faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; ");
    // typst has no code for it.
    if said.contains("could not be displayed with") { Refusal::NoGlyph(said) } else { Refusal::Fault(said) }
}

/// What typst may look at: one template, its data, the fonts. No other file, no clock.
struct Desk<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    source: Source,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
