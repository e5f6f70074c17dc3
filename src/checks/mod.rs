//! What the guide asks, as data: the files of `checks/`, loaded, verified and compiled.
//!
//! `format` is the shape of the files, `lexicon` the words and their forms, `pattern` the little language in which
//! checks say what to look for. `phrases` compiles it to `engine`; `sieves` tells how phrases are looked for, by how often words come
//! (`frequency`). `plan` is the plan of a dossier, `catalogue` the whole.
//! `compile` makes it from files, `place` and `mistakes` tell where a mistake stands and what is wrong; these belong to the build too.
//! `builtin` is what the build made, to which `extend` adds what a team calls by name.

mod builtin;
pub mod catalogue;
pub mod compile;
pub mod engine;
mod extend;
pub mod format;
mod frequency;
pub mod inflect;
pub mod lexicon;
pub mod mistakes;
pub mod pattern;
pub mod phrases;
pub mod place;
pub mod plan;
mod sieves;
pub mod table;

pub use builtin::AddedTerm;
pub use catalogue::{Catalogue, CheckError};
pub use format::{Criterion, Example, Rule, Theme, theme_of};
pub use plan::Plan;
