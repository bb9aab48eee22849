//! Writes the Kotlin, Swift and Python skins of the courier core.
//!
//! A crate of its own because the `cli` feature changes dependencies that the server shares.

fn main() {
    uniffi::uniffi_bindgen_main();
}
