//! Values of options that several commands take, or that other rooms define.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::lang::Lang;
use crate::levels::ProcessType;

/// How what is no report is written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Shape {
    Human,
    Json,
}

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()))
    }
}

impl ValueEnum for ProcessType {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()))
    }
}
