//! For people at a terminal: annotated diagnostics, a summary by theme, the verdict.

mod ink;
mod line;
mod passage;
mod summary;

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, Write};
use std::iter;

use self::ink::Palette;
use self::passage::Place;
use super::plain::{clip, first_lines, visible, wrap};
use super::{RenderOptions, Totals};
use crate::checks::Catalogue;
use crate::diagnostics::{Diagnostic, DossierReport, Severity, Verdict};
use crate::messages::{self, COLON};
use crate::text::{FileId, Span};

/// Other places shown with a diagnostic, unless everything is asked for.
const LABELS: usize = 2;
/// Lines of a piece of help, of an example or of references, unless everything is asked for.
const HELP_LINES: usize = 3;
/// Times that a rule says the same before the other places are only listed, unless everything is asked for.
const REPEATS: usize = 10;
/// Lines of such a list.
const PLACES_LINES: usize = 2;

/// Writes one dossier for people.
pub(super) fn dossier(report: &DossierReport, catalogue: &Catalogue, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let printer = Printer { report, options, palette: Palette { on: options.color }, abridged: Cell::new(false) };
    if !options.quiet {
        printer.diagnostics(out)?;
    }
    summary::dossier(report, catalogue, options, printer.abridged.get(), out)
}

/// Writes the last line of a run over several dossiers.
pub(super) fn closing(totals: &Totals, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    if totals.summary.dossiers > 1 { summary::run(totals, options, out) } else { Ok(()) }
}

struct Printer<'a> {
    report: &'a DossierReport,
    options: &'a RenderOptions,
    palette: Palette,
    /// Whether something that is shown when everything is asked for has been left out.
    abridged: Cell<bool>,
}

/// What is printed as one.
struct Group<'a> {
    together: Vec<&'a Diagnostic>,
    /// Where else the same is said.
    elsewhere: Vec<Span>,
}

impl Printer<'_> {
    fn diagnostics(&self, out: &mut dyn Write) -> io::Result<()> {
        for group in self.groups() {
            self.abridge(group.together.len() > 1 || !group.elsewhere.is_empty());
            match group.together.as_slice() {
                [diagnostic] => self.diagnostic(diagnostic, &group.elsewhere, out)?,
                together => self.together(together, out)?,
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// Missing criteria that share a place make one group, at the first of them; what a rule says again and again is shown some
    /// times, the last of them with the other places; everything else stands alone.
    fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        // how many times, and the group of the last
        let mut said: HashMap<(&str, &str), (usize, usize)> = HashMap::new();
        for diagnostic in &self.report.diagnostics {
            let shared = |group: &&mut Group<'_>| group.together.iter().all(|d| d.verdict == Some(Verdict::Missing) && d.primary == diagnostic.primary);
            let foldable = !self.options.verbose && diagnostic.verdict == Some(Verdict::Missing);
            // few can be folded, many may be reported
            if let Some(group) = groups.iter_mut().filter(|_| foldable).find(shared) {
                group.together.push(diagnostic);
                continue;
            }
            let (times, last) = said.entry((&diagnostic.id, &diagnostic.message)).or_default();
            if *times >= REPEATS && !self.options.verbose {
                groups[*last].elsewhere.push(diagnostic.primary);
                continue;
            }
            (*times, *last) = (*times + 1, groups.len());
            groups.push(Group { together: vec![diagnostic], elsewhere: Vec::new() });
        }
        for group in &mut groups {
            group.together.sort_by_key(|d| std::cmp::Reverse(d.severity));
        }
        groups
    }

    fn diagnostic(&self, diagnostic: &Diagnostic, elsewhere: &[Span], out: &mut dyn Write) -> io::Result<()> {
        self.header(diagnostic.severity, Some(&diagnostic.id), &diagnostic.message, out)?;
        let mut places = vec![Place { span: diagnostic.primary, primary: true, message: &diagnostic.primary_label }];
        let most = if self.options.verbose { usize::MAX } else { LABELS };
        self.abridge(diagnostic.labels.len() > most);
        let others = diagnostic.labels.iter().take(most);
        places.extend(others.map(|label| Place { span: label.span, primary: false, message: &label.message }));
        self.passages(&places, diagnostic.severity, out)?;
        let margin = " ".repeat(passage::gutter(&self.report.dossier, &places));
        self.notes(diagnostic, &margin, out)?;
        if elsewhere.is_empty() { Ok(()) } else { self.elsewhere(diagnostic.primary.file, elsewhere, &margin, out) }
    }

    /// Where else the same is said: lines of `file`, then places in others, as many as there is room for.
    fn elsewhere(&self, file: FileId, spans: &[Span], margin: &str, out: &mut dyn Write) -> io::Result<()> {
        let Self { report: DossierReport { dossier, .. }, options: RenderOptions { lang, .. }, .. } = self;
        let mut places: Vec<(FileId, u32)> = spans.iter().map(|span| (span.file, dossier.start(*span).line)).collect();
        places.dedup();
        let own = places.iter().take_while(|(of, _)| *of == file).count();
        let list = |most: usize| {
            let lines: Vec<String> = places[..own.min(most)].iter().map(|(_, line)| line.to_string()).collect();
            let lines = (!lines.is_empty()).then(|| {
                let word = if lines.len() > 1 { messages::LINES } else { messages::LINE };
                word.fill(*lang, &[("n", &lines.join(", "))])
            });
            let others = places[..most].iter().skip(own).map(|(file, line)| format!("{}:{line}", visible(&dossier.file(*file).path)));
            let parts: Vec<String> = iter::once(messages::LIKEWISE.get(*lang).to_owned()).chain(lines).chain(others).collect();
            let more = Some(places.len() - most).filter(|n| *n > 0).map(|n| format!(" {}", messages::MORE_PLACES.of(*lang, n)));
            wrap(&format!("{}{}", parts.join(", "), more.unwrap_or_default()), self.note_columns(margin), 0)
        };
        let whole = list(places.len());
        let fits = |lines: &Vec<String>| lines.len() <= PLACES_LINES;
        let lines = if fits(&whole) { whole } else { (1..places.len()).map(list).take_while(fits).last().unwrap_or_else(|| list(1)) };
        self.bulleted(margin, &lines, out)
    }

    fn notes(&self, diagnostic: &Diagnostic, margin: &str, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.options.lang;
        if let Some(help) = &diagnostic.help {
            self.note(margin, messages::HELP.get(lang), help, out)?;
        }
        if let Some(example) = &diagnostic.example {
            let example = messages::quoted(lang, example.trim());
            self.note(margin, messages::EXAMPLE.get(lang), &example, out)?;
        }
        if !diagnostic.references.is_empty() {
            self.note(margin, messages::REFERENCE.get(lang), &diagnostic.references.join(messages::SEMICOLON.get(lang)), out)?;
        }
        Ok(())
    }

    fn together(&self, diagnostics: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
        let Some(first) = diagnostics.first() else { return Ok(()) };
        let title = messages::EXPECTED_HERE.of(self.options.lang, diagnostics.len());
        self.header(first.severity, None, &title, out)?;
        let places = [Place { span: first.primary, primary: true, message: "" }];
        self.passages(&places, first.severity, out)?;
        let margin = " ".repeat(passage::gutter(&self.report.dossier, &places));
        diagnostics.iter().try_for_each(|diagnostic| self.entry(diagnostic, &margin, out))
    }

    /// One missing criterion among others: what it is, and what to write.
    fn entry(&self, diagnostic: &Diagnostic, margin: &str, out: &mut dyn Write) -> io::Result<()> {
        let Self { options, palette, .. } = self;
        let word = messages::severity(diagnostic.severity).get(options.lang);
        let title = self.report.criteria.iter().find(|c| c.id == diagnostic.id).map_or(diagnostic.message.as_str(), |c| &c.title);
        let head = format!("{word}[{}]", visible(&diagnostic.id));
        let room = options.width.saturating_sub(margin.len() + 3 + head.len() + 3);
        let title = clip(&visible(title), room.max(20), true);
        let head = self.linked(&diagnostic.id, &palette.severity(diagnostic.severity, &head));
        writeln!(out, "{margin} {} {head} — {title}", palette.border("="))?;
        let columns = options.width.saturating_sub(margin.len() + 5);
        let help = diagnostic.help.as_deref().unwrap_or(&diagnostic.message);
        for line in first_lines(wrap(&visible(help), columns, 0), HELP_LINES, columns) {
            writeln!(out, "{margin}     {line}")?;
        }
        Ok(())
    }

    fn header(&self, severity: Severity, id: Option<&str>, message: &str, out: &mut dyn Write) -> io::Result<()> {
        let Self { options, palette, .. } = self;
        let word = messages::severity(severity).get(options.lang);
        let head = id.map_or_else(|| word.to_owned(), |id| format!("{word}[{}]", visible(id)));
        let colon = COLON.get(options.lang);
        let lines = wrap(&visible(message), options.width.saturating_sub(2), head.chars().count() + colon.chars().count());
        for (at, line) in lines.iter().enumerate() {
            match at {
                0 => {
                    let head = palette.severity(severity, &head);
                    let head = id.map_or_else(|| head.clone(), |id| self.linked(id, &head));
                    writeln!(out, "{head}{}", palette.strong(&format!("{colon}{line}")))?;
                }
                _ => writeln!(out, "  {}", palette.strong(line))?,
            }
        }
        Ok(())
    }

    /// `head`, which names `id`, as a link to its page.
    fn linked(&self, id: &str, head: &str) -> String {
        let page = self.options.pages.as_ref().map(|pages| pages.replace("{id}", id));
        self.palette.link(page.as_deref(), head)
    }

    fn passages(&self, places: &[Place<'_>], severity: Severity, out: &mut dyn Write) -> io::Result<()> {
        let lines = passage::draw(&self.report.dossier, places, severity, self.options.width, self.palette);
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))
    }

    fn note(&self, margin: &str, name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let head = format!("{name}{}", COLON.get(self.options.lang));
        let columns = self.note_columns(margin);
        let mut lines = wrap(&format!("{}{}", head.replace(' ', "\u{a0}"), visible(text)), columns, 0);
        // of a document that is out of scope, nothing else is said
        if !self.options.verbose && !self.report.out_of_scope {
            self.abridge(lines.len() > HELP_LINES);
            lines = first_lines(lines, HELP_LINES, columns);
        }
        self.bulleted(margin, &lines, out)
    }

    fn abridge(&self, left_out: bool) {
        self.abridged.set(self.abridged.get() || left_out);
    }

    /// Columns of a note.
    fn note_columns(&self, margin: &str) -> usize {
        self.options.width.saturating_sub(margin.len() + 3)
    }

    fn bulleted(&self, margin: &str, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
        for (at, line) in lines.iter().enumerate() {
            let bullet = if at == 0 { self.palette.border("=") } else { " ".to_owned() };
            writeln!(out, "{margin} {bullet} {line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
