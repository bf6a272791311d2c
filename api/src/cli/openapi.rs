//! `plenum openapi`: the document of the API, from the code alone.

use super::Failure;

pub(super) fn print() -> Result<(), Failure> {
    super::print(crate::http::openapi::document()?.yaml.trim_end())
}
