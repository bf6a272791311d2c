//! The binary `plenum`.

fn main() {}
