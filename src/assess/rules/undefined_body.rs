//! `redaction.instance-non-definie`: a body of which the dossier says nowhere who sits in it.

use super::{Context, Finding};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let undefined = context.annotations.bodies.iter().filter(|b| b.composition.is_empty());
    undefined
        .filter_map(|body| {
            let (sentence, name) = body.mentions.first()?;
            let primary = context.span(*sentence, name.start, name.end);
            let shown = context.dossier.slice(primary).split_whitespace().collect::<Vec<_>>().join(" ");
            Some(Finding { primary, message: "instance", primary_label: "ici", blanks: vec![("instance", shown)], ..Finding::default() })
        })
        .collect()
}
