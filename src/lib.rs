//! `cadrage`: a linter for the documents that frame a citizen-participation process.
//!
//! The way of the data: files → [`dossier`] → [`annotate`] → [`assess`] → [`diagnostics`] → [`report`].
//! What the guide asks is data ([`checks`]); the engine names no criterion.

#![forbid(unsafe_code)]

pub mod annotate;
pub mod assess;
mod cache;
pub mod checks;
pub mod cli;
pub mod config;
pub mod diagnostics;
pub mod docs;
pub mod dossier;
pub mod files;
pub mod lang;
pub mod levels;
pub mod lsp;
pub mod messages;
pub mod report;
pub mod session;
#[cfg(test)]
mod testing;
pub mod text;
