//! Request bodies that are files: tables as CSV or XLSX.

use std::borrow::Cow;

use poem::{FromRequest, Request, RequestBody, http::StatusCode, http::header};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, Registry},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    download::Format,
    schema::{self, Way},
};

/// A table as it was sent: its format and its bytes.
#[derive(Debug, Clone)]
pub struct TableFile {
    /// Whether it was sent as a workbook; else as CSV.
    pub is_workbook: bool,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What the document says of such a body.
struct ImportFile;

impl JsonSchema for ImportFile {
    fn schema_name() -> Cow<'static, str> {
        "ImportFile".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "binary", "description": "A table whose first row names the columns."})
    }
}

impl<'a> ApiExtractor<'a> for TableFile {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        schema::register::<ImportFile>(registry, Way::Sent);
    }

    fn request_meta() -> Option<MetaRequest> {
        let media = |format: Format| MetaMediaType {
            content_type: format.media_type(),
            schema: schema::reference::<ImportFile>(),
        };
        let content = vec![media(Format::Csv), media(Format::Xlsx)];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let sent =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_workbook = match essence.as_str() {
            essence if essence == Format::Csv.media_type() => false,
            essence if essence == Format::Xlsx.media_type() => true,
            _ => return Err(poem::Error::from_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
        };
        Ok(Self { is_workbook, bytes: <Vec<u8> as FromRequest>::from_request(request, body).await? })
    }
}
