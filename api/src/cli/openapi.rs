//! `plenum openapi`: the document of the API, from the code alone.

use super::Failure;
use crate::error::Error;

pub(super) fn print() -> Result<(), Failure> {
    let document = crate::http::openapi::document()?;
    super::print(serde_yaml::to_string(&document).map_err(Error::internal)?.trim_end())
}
