//! What the guide asks, as data: the files of `checks/`, loaded, verified and compiled.
//!
//! `format` is the shape of the files, `lexicon` the words and their forms, `pattern` the little language in which
//! checks say what to look for, `plan` the plan of a dossier, `catalogue` the whole.

pub mod catalogue;
pub mod format;
pub mod inflect;
pub mod lexicon;
pub mod pattern;
pub mod plan;

pub use catalogue::{Catalogue, CheckError};
pub use format::{Criterion, Example, Rule, Theme};
pub use plan::Plan;
