//! Files to be saved and opened with another program: documents and tables.

use domain::Language;
use poem::{IntoResponse, Response, http::StatusCode, http::header};
use poem_openapi::{
    ApiResponse,
    registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
};
use sha2::{Digest, Sha256};

use super::reply::{hex, matches};
use crate::context::Ctx;

/// The formats of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180), in UTF-8.
    Csv,
    /// A workbook of Office Open XML.
    Xlsx,
    /// A document of Office Open XML.
    Docx,
    /// A document in pages.
    Pdf,
}

impl Format {
    const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Docx, Self::Pdf];

    /// Its media type, without parameters.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
        }
    }

    fn content_type(self) -> &'static str {
        if self == Self::Csv { "text/csv; charset=utf-8; header=present" } else { self.media_type() }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
        }
    }
}

/// 200 with a file to be saved. Its `ETag` is a hash of the content; 304 where the caller has it already.
#[derive(Debug)]
pub struct Download {
    format: Format,
    name: &'static str,
    content: Vec<u8>,
    etag: String,
    language: Option<Language>,
    known: bool,
    not_to_be_kept: bool,
}

impl Download {
    /// A file; `name` is what it is called without its ending.
    pub fn new(ctx: &Ctx, format: Format, name: &'static str, content: Vec<u8>) -> Self {
        let etag = format!("\"{}\"", hex(&Sha256::digest(&content)[..16]));
        let known = ctx.if_none_match.as_deref().is_some_and(|tags| matches(tags, &etag));
        Self { format, name, content, etag, language: None, known, not_to_be_kept: false }
    }

    /// The same, which no cache may hold: whoever has it has what it opens.
    pub fn not_to_be_kept(self) -> Self {
        Self { not_to_be_kept: true, known: false, ..self }
    }

    /// The same, whose words are in this language.
    pub fn in_language(self, language: Language) -> Self {
        Self { language: Some(language), ..self }
    }
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        let mut builder = Response::builder()
            .header(header::ETAG, self.etag)
            .header(header::VARY, "Authorization, Cookie, Accept-Language")
            .header(header::CACHE_CONTROL, if self.not_to_be_kept { "no-store" } else { "private, no-cache" });
        if let Some(language) = &self.language {
            builder = builder.header(header::CONTENT_LANGUAGE, language.as_str());
        }
        if self.known {
            return builder.status(StatusCode::NOT_MODIFIED).finish();
        }
        // Saved, never shown in place: what others wrote in it is not opened as a page of this server.
        let saved = format!("attachment; filename=\"{}.{}\"", self.name, self.format.extension());
        builder
            .content_type(self.format.content_type())
            .header(header::CONTENT_DISPOSITION, saved)
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .body(self.content)
    }
}

impl ApiResponse for Download {
    fn meta() -> MetaResponses {
        let file = |format: Format| MetaMediaType {
            content_type: format.media_type(),
            schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary"))),
        };
        let header = |name: &str, description: &str| MetaHeader {
            name: name.to_owned(),
            description: Some(description.to_owned()),
            required: false,
            deprecated: false,
            schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
        };
        let response = |status, description, content, headers| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers,
        };
        let told = vec![
            header("ETag", "Hash of the content"),
            header("Content-Disposition", "That it is to be saved, and as what"),
            header("Content-Language", "The language of the file, where its words are in one"),
        ];
        let known = vec![header("ETag", "The version you have")];
        let files = Format::ALL.map(file).into();
        let responses =
            vec![response(200, "The file", files, told), response(304, "You have it already", vec![], known)];
        MetaResponses { responses }
    }

    fn register(_: &mut Registry) {}
}
