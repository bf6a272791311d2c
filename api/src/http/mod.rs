//! HTTP: problems, bodies, answers, authentication and the API document.

pub mod body;
pub mod extract;
mod localise;
pub mod openapi;
pub mod problem;
pub mod reply;
pub mod schema;
