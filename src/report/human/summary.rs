//! What ends the report on a dossier: the verdicts by theme, what was set aside, the verdict as a whole.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::ink::Palette;
use crate::checks::Catalogue;
use crate::diagnostics::{DossierReport, Verdict};
use crate::lang::Lang;
use crate::messages::{self, COLON};
use crate::report::RenderOptions;
use crate::report::plain::{clip, opening, pad_left, pad_right, visible, wrap};
use crate::report::tally::{self, Summary, ThemeTally, Totals, overall};

/// Columns of a count.
const COUNT: usize = 12;
/// Columns of a theme's title at most.
const TITLE: usize = 30;

/// The summary of one dossier, after what may be `abridged`.
pub(super) fn dossier(report: &DossierReport, catalogue: &Catalogue, options: &RenderOptions, abridged: bool, out: &mut dyn Write) -> io::Result<()> {
    let palette = Palette { on: options.color };
    if !options.quiet {
        heading(report, options, palette, out)?;
        table(&tally::themes(report, catalogue, &options.selection, options.lang), options.lang, palette, out)?;
        set_aside(report, options, palette, out)?;
        if let Some(compared) = tally::compared(&Totals::of([report]), options.lang) {
            writeln!(out, "{}", palette.faint(&compared))?;
        }
        if options.verbose {
            resolved(report, options, palette, out)?;
        }
    }
    verdict(report, options, palette, out)?;
    if !options.quiet {
        hint(report, options, palette, abridged, out)?;
    }
    Ok(())
}

fn heading(report: &DossierReport, options: &RenderOptions, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
    let lang = options.lang;
    let kind = messages::process_type(report.process_type).get(lang);
    let source = messages::type_source(report.type_source).get(lang);
    let path = opening(&report.dossier.path);
    // what frames nothing is of no type
    let about = if report.out_of_scope { String::new() } else { format!(" — {}", palette.faint(&format!("{kind}, {source}"))) };
    writeln!(out, "{}{about}", palette.strong(&path))?;
    writeln!(out)
}

fn table(themes: &[ThemeTally], lang: Lang, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
    if themes.is_empty() {
        return Ok(());
    }
    let columns: String = Verdict::ALL.iter().map(|v| pad_left(messages::verdict(*v).get(lang), COUNT)).collect();
    let head = format!("{}{columns}", pad_right(messages::THEME.get(lang), TITLE));
    writeln!(out, "{}", palette.faint(&head))?;
    let mut total = [0; Verdict::ALL.len()];
    for theme in themes {
        let counts = Verdict::ALL.map(|v| theme.counts.verdicts(v));
        total.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
        row(&theme.title, counts, palette, out)?;
    }
    row(messages::TOTAL.get(lang), total, palette, out)?;
    writeln!(out)
}

fn row(title: &str, counts: [usize; Verdict::ALL.len()], palette: Palette, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}", pad_right(&clip(&opening(title), TITLE - 1, true), TITLE))?;
    for (verdict, n) in Verdict::ALL.into_iter().zip(counts) {
        let shown = if n == 0 { "·".to_owned() } else { n.to_string() };
        let cell = pad_left(&shown, COUNT);
        write!(out, "{}", if n == 0 { palette.faint(&cell) } else { palette.verdict(verdict, &cell) })?;
    }
    writeln!(out)
}

fn set_aside(report: &DossierReport, options: &RenderOptions, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
    let all = tally::set_aside(report, &options.selection).into_iter();
    let entries = all.map(|(id, reason)| format!("{} — {}", visible(id), visible(reason)));
    listed(messages::SUPPRESSED.get(options.lang), entries, options, palette, out)
}

/// The gaps of the baseline that are no longer there, by name.
fn resolved(report: &DossierReport, options: &RenderOptions, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
    let all = report.compared.iter().flat_map(|compared| &compared.resolved);
    let entries = all.map(|known| format!("{} — {}", visible(&known.id), visible(&known.message)));
    listed(messages::RESOLVED.get(options.lang), entries, options, palette, out)
}

/// Entries under a heading; nothing where there are none.
fn listed(heading: &str, entries: impl Iterator<Item = String>, options: &RenderOptions, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "{heading}{}", COLON.get(options.lang).trim_end())?;
    for text in entries {
        for (at, line) in wrap(&text, options.width.saturating_sub(4), 0).iter().enumerate() {
            writeln!(out, "{}{}", if at == 0 { "  " } else { "    " }, palette.faint(line))?;
        }
    }
    writeln!(out)
}

fn verdict(report: &DossierReport, options: &RenderOptions, palette: Palette, out: &mut dyn Write) -> io::Result<()> {
    let lang = options.lang;
    let totals = Totals::of([report]);
    let (overall, worst) = overall(report);
    let head = if options.quiet { opening(&report.dossier.path) } else { messages::VERDICT.get(lang).into() };
    let text = match worst {
        Some(severity) => palette.severity(severity, overall.get(lang)),
        None => palette.verdict(Verdict::Satisfied, overall.get(lang)),
    };
    let tail = tally::tail(&totals, lang);
    let tail = if report.out_of_scope || tail.is_empty() { String::new() } else { format!(" — {tail}") };
    writeln!(out, "{}{}{text}{tail}", palette.strong(&head), COLON.get(lang))
}

fn hint(report: &DossierReport, options: &RenderOptions, palette: Palette, abridged: bool, out: &mut dyn Write) -> io::Result<()> {
    if let Some(first) = report.diagnostics.iter().min_by_key(|d| Reverse(d.severity)) {
        let text = messages::EXPLAIN_HINT.fill(options.lang, &[("id", &visible(&first.id))]);
        writeln!(out, "{}", palette.faint(&text))?;
    }
    if abridged {
        let text = messages::VERBOSE_HINT.fill(options.lang, &[("command", &visible(&options.unabridged))]);
        writeln!(out, "{}", palette.faint(&text))?;
    }
    writeln!(out)
}

/// The last line of a run over several dossiers.
pub(super) fn run(totals: &Totals, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let lang = options.lang;
    let Summary { errors, warnings, advice, .. } = totals.summary;
    let clean = (errors + warnings + advice == 0).then(|| tally::clean(totals).get(lang).to_owned());
    let tail = tally::tail(totals, lang);
    let parts: Vec<String> = clean.into_iter().chain((!tail.is_empty()).then_some(tail)).collect();
    let tail = parts.join(" — ");
    let palette = Palette { on: options.color };
    writeln!(out, "{}{}{tail}", palette.strong(&messages::DOSSIERS.of(lang, totals.summary.dossiers)), COLON.get(lang))?;
    if let Some(compared) = tally::compared(totals, lang) {
        writeln!(out, "{}", palette.faint(&compared))?;
    }
    Ok(())
}
