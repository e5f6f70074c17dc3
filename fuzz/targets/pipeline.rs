//! The whole way, from arbitrary bytes to every report.

#![no_main]

#[path = "../../tests/common/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::pipeline(bytes));
