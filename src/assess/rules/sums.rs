//! What head counts and amounts ask alike: whether the numbers told somewhere are all the parts of a total.

use std::ops::Range;

use super::Context;

/// « Le reste en imprévus », « hors salaires », « etc. »: what is told is not all.
pub(super) fn leaves_a_rest(context: &Context<'_>, mut told: Range<u32>) -> bool {
    told.any(|i| match context.text(i) {
        "reste" | "restant" | "solde" | "surplus" | "etc" | "…" | "..." => true,
        "hors" => !context.text(i + 1).starts_with("tax"),
        _ => false,
    })
}

/// « Dont », « notamment », « la moitié »: a number is a part of another, or stands for some of them.
pub(super) fn tells_some(context: &Context<'_>, told: Range<u32>) -> bool {
    leaves_a_rest(context, told.clone())
        || told.clone().any(|i| matches!(context.text(i), "dont" | "notamment" | "parmi" | "outre" | "moins" | "moitie" | "tiers"))
}

/// « Trois fois », « chacun », « × »: a number multiplies another.
pub(super) fn multiplies(context: &Context<'_>, mut told: Range<u32>) -> bool {
    told.any(|i| matches!(context.text(i), "×" | "x" | "fois" | "chaque" | "chacun" | "chacune"))
}

/// « …et une réserve »: after the last part that is told with its number, one that is told without.
pub(super) fn goes_on(context: &Context<'_>, after_last: Range<u32>) -> bool {
    let joins = |i: u32| matches!(context.text(i), "et" | "," | ";" | "ainsi" | "que");
    after_last
        .clone()
        .any(|i| joins(i) && after_last.contains(&(i + 1)) && matches!(context.text(i + 1), "un" | "une" | "des" | "divers" | "diverses" | "quelques"))
}
