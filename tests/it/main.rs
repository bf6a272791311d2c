//! One binary of integration tests: a module per capability, on both databases.

mod organisations;
mod support;
