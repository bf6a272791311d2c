//! Answers: an object, a new object, a list, nothing. Each knows its status, its headers and its place in the document.

use domain::Language;
use poem::{IntoResponse, Response, http::StatusCode, http::header};
use poem_openapi::{
    ApiResponse,
    registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    localise::localise,
    schema::{self, Way},
};
use crate::{
    context::Ctx,
    db::{Page, Visible},
    error::Error,
};

/// 200 with an object and its `ETag`; 304 where the caller has it already.
#[derive(Debug)]
pub struct Found<T>(Answer, std::marker::PhantomData<T>);

/// 201 with a new object, its `ETag` and its `Location`.
#[derive(Debug)]
pub struct Created<T>(Answer, std::marker::PhantomData<T>);

/// 201 with a new object, or 200 with a replaced one: the answer to a partner's upsert.
#[derive(Debug)]
pub struct Put<T>(Answer, std::marker::PhantomData<T>);

/// 200 with a list or another computed answer; its `ETag` is a hash of the content.
#[derive(Debug)]
pub struct Listed<T>(Answer, std::marker::PhantomData<T>);

/// 204: done, nothing to say.
#[derive(Debug)]
pub struct Done;

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    body: Vec<u8>,
    etag: String,
    languages: Vec<Language>,
    location: Option<String>,
    next: Option<String>,
    not_to_be_kept: bool,
}

impl Answer {
    /// `etag` is the tag without language; none means a hash of the content.
    fn new<T: Serialize + JsonSchema + 'static>(
        ctx: &Ctx,
        status: StatusCode,
        value: &T,
        etag: Option<String>,
    ) -> Result<Self, Error> {
        let mut json = serde_json::to_value(value)?;
        let languages = if ctx.languages.is_empty() { vec![] } else { localise::<T>(&mut json, &ctx.languages) };
        let body = serde_json::to_vec(&json)?;
        let etag = match (etag, ctx.languages.as_slice()) {
            (None, _) => format!("\"{}\"", hex(&Sha256::digest(&body)[..16])),
            (Some(tag), []) => format!("\"{tag}\""),
            (Some(tag), asked) => {
                let tags: Vec<_> = asked.iter().map(Language::as_str).collect();
                format!("\"{tag}-{}\"", tags.join("-"))
            }
        };
        let known = status == StatusCode::OK && ctx.if_none_match.as_deref().is_some_and(|tags| matches(tags, &etag));
        let (status, body) = if known { (StatusCode::NOT_MODIFIED, vec![]) } else { (status, body) };
        Ok(Self { status, body, etag, languages, location: None, next: None, not_to_be_kept: false })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut builder = Response::builder()
            .status(self.status)
            .header(header::ETAG, self.etag)
            .header(header::VARY, "Authorization, Cookie, Accept-Language")
            .header(header::CACHE_CONTROL, if self.not_to_be_kept { "no-store" } else { "private, no-cache" });
        if !self.languages.is_empty() {
            let tags: Vec<_> = self.languages.iter().map(Language::as_str).collect();
            builder = builder.header(header::CONTENT_LANGUAGE, tags.join(", "));
        }
        if let Some(location) = self.location {
            builder = builder.header(header::LOCATION, location);
        }
        if let Some(next) = self.next {
            builder = builder.header(header::LINK, next);
        }
        if self.status != StatusCode::NOT_MODIFIED {
            builder = builder.content_type("application/json");
        }
        builder.body(self.body)
    }
}

/// Whether an `If-None-Match` header names `etag` (weak comparison, RFC 9110, 13.1.2).
pub fn matches(tags: &str, etag: &str) -> bool {
    tags.trim() == "*" || tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

/// The tag of something that changes with more than its version: with `beside`, which moves when other things do.
pub fn tag_beside(version: i32, beside: &impl Serialize) -> Result<String, Error> {
    let hash = Sha256::digest(serde_json::to_vec(beside)?);
    Ok(format!("{version}-{}", hex(&hash[..8])))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl<C: Serialize + JsonSchema + 'static> Found<Visible<C>> {
    /// The object as the caller may see it.
    pub fn new(ctx: &Ctx, object: &Visible<C>) -> Result<Self, Error> {
        Ok(Self(Answer::new(ctx, StatusCode::OK, object, Some(object.version.to_string()))?, std::marker::PhantomData))
    }

    /// An object that says something which changes without a new version, such as when it was last used; `mark` tells
    /// those states apart.
    pub fn marked(ctx: &Ctx, object: &Visible<C>, mark: &str) -> Result<Self, Error> {
        let tag = format!("{}-{mark}", object.version);
        Ok(Self(Answer::new(ctx, StatusCode::OK, object, Some(tag))?, std::marker::PhantomData))
    }
}

impl<T: Serialize + JsonSchema + 'static> Found<T> {
    /// Something whose `ETag` says more than its version; a `tag` to be sent back as If-Match begins with that version
    /// and a hyphen.
    pub fn tagged(ctx: &Ctx, value: &T, tag: String) -> Result<Self, Error> {
        Ok(Self(Answer::new(ctx, StatusCode::OK, value, Some(tag))?, std::marker::PhantomData))
    }
}

impl<T: Serialize + JsonSchema + 'static> Created<T> {
    /// Something new at `path` below the API's base, with the `ETag` it has there.
    pub fn at(ctx: &Ctx, path: &str, value: &T, tag: String) -> Result<Self, Error> {
        let mut answer = Answer::new(ctx, StatusCode::CREATED, value, Some(tag))?;
        answer.location = Some(format!("{}{path}", super::openapi::BASE));
        Ok(Self(answer, std::marker::PhantomData))
    }
}

impl<C: Serialize + JsonSchema + 'static> Created<Visible<C>> {
    /// A new object; `collection` is its path below the API's base, such as `/groups`.
    pub fn new(ctx: &Ctx, collection: &str, object: &Visible<C>) -> Result<Self, Error> {
        let mut answer = Answer::new(ctx, StatusCode::CREATED, object, Some(object.version.to_string()))?;
        answer.location = Some(format!("{}{collection}/{}", super::openapi::BASE, object.id));
        Ok(Self(answer, std::marker::PhantomData))
    }
}

impl<C: Serialize + JsonSchema + 'static> Put<Visible<C>> {
    /// The object; `new` says whether it was made just now.
    pub fn new(ctx: &Ctx, collection: &str, object: &Visible<C>, new: bool) -> Result<Self, Error> {
        let answer = if new { Created::new(ctx, collection, object)?.0 } else { Found::new(ctx, object)?.0 };
        Ok(Self(answer, std::marker::PhantomData))
    }
}

impl<T: Serialize + JsonSchema + 'static> Listed<T> {
    /// Anything that has no version of its own.
    pub fn computed(ctx: &Ctx, value: &T) -> Result<Self, Error> {
        Ok(Self(Answer::new(ctx, StatusCode::OK, value, None)?, std::marker::PhantomData))
    }
}

impl<T: Serialize + JsonSchema + 'static> Listed<Page<T>> {
    /// One page; `Link: rel="next"` repeats the query with the next cursor.
    pub fn new(ctx: &Ctx, page: &Page<T>) -> Result<Self, Error> {
        let mut listed = Self::computed(ctx, page)?;
        listed.0.next = page.next_cursor.as_deref().map(|cursor| {
            let filters = ctx.query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
            let query: String = filters.map(|pair| format!("{pair}&")).collect();
            format!("<?{query}cursor={cursor}>; rel=\"next\"")
        });
        Ok(listed)
    }
}

fn header(name: &str, description: &str) -> MetaHeader {
    MetaHeader {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        required: false,
        deprecated: false,
        schema: text(),
    }
}

fn meta<T: JsonSchema>(status: u16, description: &'static str, headers: Vec<MetaHeader>) -> MetaResponse {
    MetaResponse {
        description,
        status: Some(status),
        status_range: None,
        content: vec![MetaMediaType { content_type: "application/json", schema: schema::reference::<T>() }],
        headers,
    }
}

fn text() -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
}

fn not_modified() -> MetaResponse {
    MetaResponse {
        description: "You have it already",
        status: Some(304),
        status_range: None,
        content: vec![],
        headers: vec![header("ETag", "The version you have")],
    }
}

macro_rules! answers {
    ($($name:ident => $responses:expr;)*) => {$(
        impl<T> $name<T> {
            /// The same answer, kept by nobody: it holds a secret that is shown once. A repeated POST does not get it
            /// again either.
            pub fn not_to_be_kept(mut self) -> Self {
                self.0.not_to_be_kept = true;
                self
            }
        }

        impl<T: Send> IntoResponse for $name<T> {
            fn into_response(self) -> Response {
                self.0.into_response()
            }
        }

        impl<T: JsonSchema> ApiResponse for $name<T> {
            fn meta() -> MetaResponses {
                MetaResponses { responses: $responses }
            }

            fn register(registry: &mut Registry) {
                schema::register::<T>(registry, Way::Answered);
            }
        }
    )*};
}

/// What is told of an object besides itself.
fn object_headers() -> Vec<MetaHeader> {
    vec![
        header("ETag", "Its version; send it as If-Match when you write"),
        header("Content-Language", "The languages of its texts, where one was asked for"),
    ]
}

answers! {
    Found => vec![meta::<T>(200, "The object", object_headers()), not_modified()];
    Created => {
        let mut headers = object_headers();
        headers.push(header("Location", "Its address"));
        vec![meta::<T>(201, "Made", headers)]
    };
    Put => {
        let mut responses = Created::<T>::meta().responses;
        responses.extend(Found::<T>::meta().responses);
        responses
    };
    Listed => vec![meta::<T>(200, "The answer", vec![
        header("ETag", "Hash of the content"),
        header("Content-Language", "The languages of its texts, where one was asked for"),
        header("Link", "rel=\"next\" where there is another page"),
    ]), not_modified()];
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl ApiResponse for Done {
    fn meta() -> MetaResponses {
        let response = MetaResponse {
            description: "Done",
            status: Some(204),
            status_range: None,
            content: vec![],
            headers: vec![],
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(_: &mut Registry) {}
}

/// 200 with a document in its own media type: an export. Its `ETag` is a hash of the content; 304 where the caller has
/// it already.
#[derive(Debug)]
pub struct Document {
    content_type: &'static str,
    content: String,
    language: Language,
    known: bool,
    not_to_be_kept: bool,
}

impl Document {
    /// A document of this media type, in this language.
    pub fn new(ctx: &Ctx, content_type: &'static str, content: String, language: Language) -> Self {
        let etag = etag_of(&content);
        let known = ctx.if_none_match.as_deref().is_some_and(|tags| matches(tags, &etag));
        Self { content_type, content, language, known, not_to_be_kept: false }
    }

    /// A document that no cache may hold: all of it is about a person.
    pub fn not_to_be_kept(self) -> Self {
        Self { not_to_be_kept: true, known: false, ..self }
    }
}

fn etag_of(content: &str) -> String {
    format!("\"{}\"", hex(&Sha256::digest(content.as_bytes())[..16]))
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let builder = Response::builder()
            .header(header::ETAG, etag_of(&self.content))
            .header(header::VARY, "Authorization, Cookie, Accept-Language")
            .header(header::CONTENT_LANGUAGE, self.language.as_str())
            .header(header::CACHE_CONTROL, if self.not_to_be_kept { "no-store" } else { "private, no-cache" });
        if self.known {
            return builder.status(StatusCode::NOT_MODIFIED).finish();
        }
        builder
            .content_type(self.content_type)
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            // Should a text ever carry markup of somebody's own, a browser loads and runs nothing of it.
            .header(
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
            )
            .body(self.content)
    }
}

impl ApiResponse for Document {
    fn meta() -> MetaResponses {
        let text = |content_type| MetaMediaType {
            content_type,
            schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
        };
        let any = MetaSchemaRef::Inline(Box::new(MetaSchema::ANY));
        let json = MetaMediaType { content_type: "application/json", schema: any };
        let response = MetaResponse {
            description: "The document",
            status: Some(200),
            status_range: None,
            content: vec![
                text("text/markdown"),
                text("text/html"),
                text("text/plain"),
                text("image/svg+xml"),
                text("application/x-ndjson"),
                json,
            ],
            headers: vec![
                header("ETag", "Hash of the content"),
                header("Content-Language", "The language of the document"),
            ],
        };
        MetaResponses { responses: vec![response, not_modified()] }
    }

    fn register(_: &mut Registry) {}
}
