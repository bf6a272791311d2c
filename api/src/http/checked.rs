//! Answers to writes that can be tried: what was written, or what it would have brought about.

use poem::{IntoResponse, Response};
use poem_openapi::{
    ApiResponse,
    registry::{MetaResponses, MetaSchema, MetaSchemaRef, Registry},
};

use super::reply::Listed;

/// What a write was answered with: `R`, or `T` where it was only tried (`?dry_run=true`).
#[derive(Debug)]
pub enum Checked<R, T> {
    /// It was made.
    Written(R),
    /// It was tried, and nothing has changed.
    Tried(Listed<T>),
}

impl<R: IntoResponse, T: Send> IntoResponse for Checked<R, T> {
    fn into_response(self) -> Response {
        match self {
            Self::Written(written) => written.into_response(),
            Self::Tried(tried) => tried.into_response(),
        }
    }
}

impl<R: ApiResponse, T> ApiResponse for Checked<R, T>
where
    Listed<T>: ApiResponse,
{
    fn meta() -> MetaResponses {
        let mut responses = R::meta().responses;
        let tried = Listed::<T>::meta().responses.into_iter().find(|response| response.status == Some(200));
        let Some(tried) = tried else { return MetaResponses { responses } };
        match responses.iter_mut().find(|response| response.status == tried.status) {
            Some(written) => {
                written.description = "The object; or what the write would bring about, with `dry_run`";
                for (written, tried) in written.content.iter_mut().zip(tried.content) {
                    let any = vec![written.schema.clone(), tried.schema];
                    written.schema = MetaSchemaRef::Inline(Box::new(MetaSchema { any_of: any, ..MetaSchema::ANY }));
                }
            }
            None => responses.push(tried),
        }
        MetaResponses { responses }
    }

    fn register(registry: &mut Registry) {
        R::register(registry);
        Listed::<T>::register(registry);
    }
}
