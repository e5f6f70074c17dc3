//! `redaction.section-vide`: a heading with nothing of substance under it.

use crate::dossier::{BlockKind, is_division};

use super::{Context, Finding, SOUGHT};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let dossier = context.dossier;
    let first = dossier.sections.iter().position(|s| s.heading.is_some());
    // a title over several lines, each marked as one
    let opening = dossier.blocks.iter().position(|b| !matches!(b.kind, BlockKind::Heading { .. })).unwrap_or(dossier.blocks.len());
    let title_line = |heading: u32| (heading as usize) < opening && matches!(dossier.blocks[heading as usize].kind, BlockKind::Heading { level: 1 });
    // « # Titre », « ### Note de cadrage, 4 janvier 2027 », « ## Contexte »: a second title, in smaller letters
    let subtitle = |id: usize, heading: u32| {
        let level = |at: usize| dossier.sections.get(at).map_or(0, |section| section.level);
        (heading as usize) < opening && id > 0 && level(id) > level(id - 1) + 1 && (1..level(id)).contains(&level(id + 1))
    };
    let mut out = Vec::new();
    for (id, section) in dossier.sections.iter().enumerate() {
        if out.len() == SOUGHT {
            break;
        }
        let Some(heading) = section.heading.filter(|h| Some(id) != first && !title_line(*h) && !subtitle(id, *h)) else { continue };
        // a bold line with nothing under it is more often emphasis than a heading
        if !is_marked(context, heading) {
            continue;
        }
        let filled = dossier.sections[id..section.end as usize].iter().any(|s| {
            dossier.blocks[s.blocks.start as usize..s.blocks.end as usize]
                .iter()
                .any(|b| !matches!(b.kind, BlockKind::Heading { .. }) && (!b.sentences.is_empty() || b.has_media || b.kind == BlockKind::Code))
        });
        if !filled {
            out.push(Finding { primary: dossier.first_words(&dossier.blocks[heading as usize]), message: "vide", ..Finding::default() });
        }
    }
    out
}

/// Whether Markdown itself marks the heading (`#` or an underline), or its number does.
fn is_marked(context: &Context<'_>, heading: u32) -> bool {
    let block = &context.dossier.blocks[heading as usize];
    let source = context.dossier.slice(block.span);
    let numbered = block.sentences.clone().next().is_some_and(|s| {
        let first = context.dossier.sentences[s as usize].tokens.start;
        context.is_number(first) || is_division(context.text(first))
    });
    source.starts_with('#') || source.contains(['\n', '\r']) || numbered
}
