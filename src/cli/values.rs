//! Values of options that several commands take, or that other rooms define.

use std::fmt::Display;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::diagnostics::filter::FailOn;
use crate::lang::{Lang, Message, Text};
use crate::levels::ProcessType;
use crate::report::Format;

/// What is expected in the place of a wrong value; an error in English, as those of `clap` are.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.en)]
pub(super) struct Expected(pub(super) Text);

impl Expected {
    /// What `message` says, whose blank is `{names}`, `{most}`…
    pub(super) fn of(message: Message, blanks: &[(&str, &dyn Display)]) -> Self {
        Self(message.both(blanks))
    }
}

/// How what is no report is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Shape {
    Human,
    Json,
}

/// Lets options take the names of what other rooms define, which know of no options.
macro_rules! named_by_id {
    ($($kind:ty),*) => {$(
        impl ValueEnum for $kind {
            fn value_variants<'a>() -> &'a [Self] {
                &Self::ALL
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(PossibleValue::new(self.id()))
            }
        }
    )*};
}

named_by_id!(FailOn, Format, Lang, ProcessType);
