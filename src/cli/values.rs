//! Values of options that several commands take, or that other rooms define.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::diagnostics::filter::FailOn;
use crate::lang::Lang;
use crate::levels::ProcessType;
use crate::report::Format;

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
