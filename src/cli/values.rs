//! Values of options that other rooms define.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::diagnostics::ProcessType;
use crate::lang::Lang;

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Fr, Self::En]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Fr => "fr",
            Self::En => "en",
        }))
    }
}

impl ValueEnum for ProcessType {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::ConventionCitoyenne, Self::AtelierCitoyen, Self::ConsultationEnLigne, Self::ConcertationPrealable, Self::BudgetParticipatif, Self::Autre]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.id()))
    }
}
