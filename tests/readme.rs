//! What the README shows is what happens: its commands run, its queries answer, its outputs are the real ones.
//!
//! `BLESS=1 cargo test --test readme` writes the real outputs into it. Its Rust runs with the documentation's tests.
#![cfg(feature = "cli")]

mod shown;

use std::path::Path;

#[test]
fn outputs_are_real() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&file).expect("there is a README");
    assert!(text.contains("```console"));
    shown::compare(&file, &shown::real(&text));
}
