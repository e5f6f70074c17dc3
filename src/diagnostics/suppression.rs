//! `<!-- cadrage: ignore ID — reason -->`: silencing a gap in the dossier itself, with a reason, and telling the comments that
//! silence nothing.

use crate::checks::Catalogue;
use crate::dossier::{BlockId, BlockKind, Comment, Dossier};
use crate::lang::Lang;
use crate::messages;
use crate::text::Span;
use crate::text::distance::nearest;

use super::filter::covers;
use super::{Diagnostic, DossierReport, Kind, Severity, fingerprint};

/// Id of the fault of a comment that silences nothing.
pub(crate) const UNUSED: &str = "suppression.inutile";

/// A suppression comment.
#[derive(Debug, Clone)]
struct Suppression {
    span: Span,
    /// Ids or themes; empty with `ignore-file`: everything.
    ids: Vec<String>,
    reason: Option<String>,
    whole_file: bool,
    block: Option<BlockId>,
}

/// Moves what the comments of the dossier silence out of the diagnostics, and adds a diagnostic for each comment at fault.
pub fn apply(report: &mut DossierReport, catalogue: &Catalogue, lang: Lang) {
    let found: Vec<Suppression> = report.dossier.comments.iter().filter_map(|c| parse(&report.dossier, c)).collect();
    if found.is_empty() {
        return;
    }
    let mut used = vec![false; found.len()];
    let mut kept = Vec::new();
    for diagnostic in std::mem::take(&mut report.diagnostics) {
        let silenced_by = found.iter().position(|s| s.reason.is_some() && silences(&report.dossier, s, &diagnostic));
        match silenced_by {
            Some(at) => {
                used[at] = true;
                let reason = found[at].reason.clone().unwrap_or_default();
                if let Some(criterion) = report.criteria.iter_mut().find(|c| c.id == diagnostic.id) {
                    criterion.suppressed = Some(reason.clone());
                }
                report.suppressed.push((diagnostic, reason));
            }
            None => kept.push(diagnostic),
        }
    }
    for (suppression, used) in found.iter().zip(used) {
        kept.extend(fault(&report.dossier, suppression, used, catalogue, lang));
    }
    kept.sort_by(|a, b| (a.primary.file, a.primary.start, &a.id).cmp(&(b.primary.file, b.primary.start, &b.id)));
    report.diagnostics = kept;
}

/// Reads a comment that speaks to the tool: `cadrage: ignore ID[, ID] — reason`, `cadrage: ignore-file [ID…] — reason`.
fn parse(dossier: &Dossier, comment: &Comment) -> Option<Suppression> {
    let text = dossier.slice(comment.span).strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let command = text.strip_prefix("cadrage:")?.trim_start();
    let (whole_file, rest) = match command.strip_prefix("ignore-file") {
        Some(rest) => (true, rest),
        None => (false, command.strip_prefix("ignore")?),
    };
    let dash = [" — ", " – ", " -- ", " - "].iter().filter_map(|d| rest.find(d).map(|at| (at, d.len()))).min();
    let (ids, reason) = match dash {
        Some((at, len)) => (&rest[..at], Some(rest[at + len..].trim())),
        None => (rest, None),
    };
    let ids = ids.split([',', ' ', '\n', '\t']).map(|id| id.trim_matches(['—', '–', '-'])).filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let reason = reason.filter(|r| !r.is_empty()).map(|r| r.split_whitespace().collect::<Vec<_>>().join(" "));
    Some(Suppression { span: comment.span, ids, reason, whole_file, block: comment.block })
}

fn silences(dossier: &Dossier, suppression: &Suppression, diagnostic: &Diagnostic) -> bool {
    let named = suppression.ids.iter().any(|id| covers(id, &diagnostic.id));
    if suppression.whole_file {
        return (named || suppression.ids.is_empty()) && (diagnostic.kind == Kind::Criterion || diagnostic.primary.file == suppression.span.file);
    }
    named && (diagnostic.kind == Kind::Criterion || suppression.block.is_some_and(|block| holds(dossier, block, diagnostic.primary)))
}

/// Whether `span` is in the passage that begins with `block`: the block, the rest of its list or table, or, for a heading, its section.
fn holds(dossier: &Dossier, block: BlockId, span: Span) -> bool {
    // a comment at the end of the text has no passage after it
    let Some(first) = dossier.blocks.get(block as usize) else { return false };
    let same_run = |kind: &BlockKind| match first.kind {
        BlockKind::ListItem { .. } => matches!(kind, BlockKind::ListItem { .. }),
        BlockKind::TableRow { .. } => matches!(kind, BlockKind::TableRow { .. }),
        _ => false,
    };
    let end = if matches!(first.kind, BlockKind::Heading { .. }) {
        dossier.sections[first.section as usize].blocks.end as usize
    } else {
        (block as usize + 1..dossier.blocks.len()).find(|&i| !same_run(&dossier.blocks[i].kind)).unwrap_or(dossier.blocks.len())
    };
    dossier.blocks[block as usize..end].iter().any(|b| b.span.file == span.file && b.span.start <= span.start && span.start < b.span.end.max(b.span.start + 1))
}

fn fault(dossier: &Dossier, suppression: &Suppression, used: bool, catalogue: &Catalogue, lang: Lang) -> Option<Diagnostic> {
    let known: Vec<&str> = catalogue.criteria.iter().map(|c| c.id.as_str()).chain(catalogue.rules.iter().map(|r| r.id.as_str())).collect();
    let unknown = suppression.ids.iter().find(|id| !known.iter().any(|k| covers(id, k)));
    let (id, message, help) = if let Some(unknown) = unknown {
        let near = nearest(unknown, known.iter().copied());
        let help = near.map_or_else(|| messages::LIST_HINT.get(lang).to_owned(), |near| messages::NEAREST_ID.fill(lang, &[("id", &near)]));
        ("suppression.inconnue", messages::UNKNOWN_ID.fill(lang, &[("id", &messages::quoted(lang, unknown))]), help)
    } else if suppression.reason.is_none() {
        ("suppression.sans-motif", messages::SUPPRESSION_WITHOUT_REASON.get(lang).to_owned(), messages::SUPPRESSION_WITHOUT_REASON_HELP.get(lang).to_owned())
    } else if !used {
        (UNUSED, messages::SUPPRESSION_UNUSED.get(lang).to_owned(), messages::SUPPRESSION_UNUSED_HELP.get(lang).to_owned())
    } else {
        return None;
    };
    Some(Diagnostic {
        id: id.to_owned(),
        kind: Kind::Suppression,
        severity: Severity::Warning,
        verdict: None,
        message,
        primary: suppression.span,
        primary_label: String::new(),
        labels: Vec::new(),
        help: Some(help),
        example: None,
        references: Vec::new(),
        fingerprint: fingerprint::of(id, dossier, Some(suppression.span), 0),
        fix: None,
    })
}
