//! Files of checks, and what they make of a dossier.

#![no_main]

#[path = "../../tests/common/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::checks(bytes));
