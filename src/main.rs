//! The binary `plenum`.

fn main() {
    // The API document until the command line is there.
}
