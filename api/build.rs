//! Puts the API document of the repository into the binary as JSON too. Made while the server runs, it would take twenty
//! times the memory that it has in the end, and the allocator keeps that.

#![expect(clippy::disallowed_methods, reason = "cargo tells a build script by the environment where to write")]

use std::{env, error::Error, fs, path::Path};

const DOCUMENT: &str = "../openapi.yaml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let yaml = fs::read_to_string(DOCUMENT)?;
    // It is empty while `cargo run -- openapi >openapi.yaml` compiles what is to write it.
    let json = serde_yaml::from_str::<serde_json::Value>(&yaml).unwrap_or_default();
    if json.is_null() {
        println!("cargo::warning=openapi.yaml cannot be read: run `cargo run -- openapi >openapi.yaml`");
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("openapi.json"), json.to_string())?;
    Ok(())
}
