//! The list of participants as a document.

use documents::{participants, pdf::Refusal};
use domain::{Language, identifier::Handle};

use super::{Wanted, get};
use crate::{context::Ctx, error::Error};

/// A document and the language it is in.
#[derive(Debug, Clone)]
pub struct Exported<T> {
    /// What it says.
    pub content: T,
    /// The language it was made for; what is in another one says so.
    pub language: Language,
}

/// As HTML.
pub async fn html(ctx: &Ctx, event: &Handle, wanted: Wanted) -> Result<Exported<String>, Error> {
    let doc = get(ctx, event, wanted).await?;
    Ok(Exported { content: participants::html(&doc), language: doc.language })
}

/// As DOCX.
pub async fn docx(ctx: &Ctx, event: &Handle, wanted: Wanted) -> Result<Exported<Vec<u8>>, Error> {
    let doc = get(ctx, event, wanted).await?;
    Ok(Exported { content: participants::docx(&doc).map_err(Error::internal)?, language: doc.language })
}

/// As PDF, made on a thread that nobody else waits for.
pub async fn pdf(ctx: &Ctx, event: &Handle, wanted: Wanted) -> Result<Exported<Vec<u8>>, Error> {
    let doc = get(ctx, event, wanted).await?;
    let language = doc.language.clone();
    let fonts = ctx.app.fonts.clone();
    let work = move || Ok::<_, Error>(participants::pdf(&doc, fonts.get().map_err(Error::internal)?)?);
    let content = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    Ok(Exported { content, language })
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoGlyph(_) => {
                let detail = "The server has no font for all characters of this document, so its PDF would have gaps. Ask \
                              for another language, or for HTML or DOCX.";
                Self::conflict("font_missing", detail)
            }
            fault @ Refusal::Fault(_) => Self::internal(fault),
        }
    }
}
