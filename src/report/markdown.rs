//! Markdown, for the comment of a pull request or the summary of a job.

use std::io::{self, Write};

use super::RenderOptions;
use super::escape::markdown;
use super::tally::{self, Totals};
use crate::checks::Catalogue;
use crate::diagnostics::{Diagnostic, DossierReport, Report, RunError, Verdict};
use crate::lang::Lang;
use crate::messages::{self, COLON};

/// Writes how dossiers compare where there are several, one part a dossier, then what went wrong with the run.
pub(super) fn render(report: &Report, catalogue: &Catalogue, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    if report.dossiers.len() > 1 {
        overview(report, options.lang, out)?;
    }
    for (at, dossier) in report.dossiers.iter().enumerate() {
        if at > 0 || report.dossiers.len() > 1 {
            writeln!(out)?;
        }
        heading(dossier, options.lang, out)?;
        themes(dossier, catalogue, options, out)?;
        gaps(dossier, options.lang, out)?;
        set_aside(dossier, options, out)?;
    }
    errors(&report.errors, options.lang, out)
}

/// One line a dossier: its verdict and its gaps by severity.
fn overview(report: &Report, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let totals = Totals::of(&report.dossiers);
    writeln!(out, "## {}\n", messages::DOSSIERS.of(lang, report.dossiers.len()))?;
    writeln!(out, "| {} |\n|---|---|---|", [messages::DOSSIER, messages::VERDICT, messages::GAPS].map(|head| head.get(lang)).join(" | "))?;
    for dossier in &report.dossiers {
        let tail = tally::tail(&Totals::of([dossier]), lang);
        writeln!(out, "| {} | {} | {tail} |", markdown(&dossier.dossier.path), tally::overall(dossier).0.get(lang))?;
    }
    writeln!(out, "| **{}** | | {} |", messages::TOTAL.get(lang), tally::tail(&totals, lang))
}

fn heading(report: &DossierReport, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let (overall, _) = tally::overall(report);
    let totals = Totals::of([report]);
    let tail = tally::tail(&totals, lang);
    let dash = if tail.is_empty() { "" } else { " — " };
    writeln!(out, "## {}\n", markdown(&report.dossier.path))?;
    writeln!(out, "**{}{}{}**{dash}{tail}\n", messages::VERDICT.get(lang), COLON.get(lang), overall.get(lang))?;
    if !report.out_of_scope {
        writeln!(out, "{}, {}", messages::process_type(report.process_type).get(lang), messages::type_source(report.type_source).get(lang))?;
    }
    if let Some(compared) = tally::compared(&totals, lang) {
        writeln!(out, "\n{compared}")?;
    }
    Ok(())
}

fn themes(report: &DossierReport, catalogue: &Catalogue, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let lang = options.lang;
    let themes = tally::themes(report, catalogue, &options.selection, lang);
    if themes.is_empty() {
        return Ok(());
    }
    let heads = Verdict::ALL.map(|verdict| messages::verdict(verdict).get(lang)).join(" | ");
    writeln!(out, "\n| {} | {heads} |\n|---|--:|--:|--:|--:|", messages::THEME.get(lang))?;
    for theme in &themes {
        let counts = Verdict::ALL.map(|verdict| theme.counts.verdicts(verdict).to_string()).join(" | ");
        writeln!(out, "| {} | {counts} |", markdown(&theme.title))?;
    }
    let total = |verdict| themes.iter().map(|theme| theme.counts.verdicts(verdict)).sum::<usize>();
    let totals = Verdict::ALL.map(|verdict| format!("**{}**", total(verdict))).join(" | ");
    writeln!(out, "| **{}** | {totals} |", messages::TOTAL.get(lang))
}

fn gaps(report: &DossierReport, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if report.diagnostics.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### {}\n", messages::GAPS.get(lang))?;
    let heads = [messages::SEVERITY, messages::CRITERION_OR_RULE, messages::PLACE, messages::FINDING, messages::WRITE];
    writeln!(out, "| {} |\n|---|---|---|---|---|", heads.map(|head| head.get(lang)).join(" | "))?;
    report.diagnostics.iter().try_for_each(|diagnostic| gap(report, diagnostic, lang, out))
}

fn gap(report: &DossierReport, diagnostic: &Diagnostic, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let cells = [
        messages::severity(diagnostic.severity).get(lang),
        &format!("<code>{}</code>", markdown(&diagnostic.id)),
        &markdown(&report.dossier.place(diagnostic.primary)),
        &markdown(&diagnostic.told()),
        &markdown(diagnostic.help.as_deref().unwrap_or_default()),
    ];
    writeln!(out, "| {} |", cells.join(" | "))
}

fn set_aside(report: &DossierReport, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let all = tally::set_aside(report, &options.selection);
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### {}\n", messages::SUPPRESSED.get(options.lang))?;
    all.iter().try_for_each(|(id, reason)| writeln!(out, "- <code>{}</code> — {}", markdown(id), markdown(reason)))
}

fn errors(errors: &[RunError], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## {}\n", messages::RUN_ERRORS.get(lang))?;
    // Led by a word of ours, so that the message opens no block of its own.
    let word = messages::ERROR.get(lang);
    errors.iter().try_for_each(|error| writeln!(out, "- {word}{}{}", COLON.get(lang), markdown(&error.message)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn output(report: &Report, lang: Lang) -> String {
        let mut bytes = Vec::new();
        render(report, &testing::catalogue(), &RenderOptions { lang, ..RenderOptions::default() }, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn in_french() {
        insta::assert_snapshot!(output(&testing::report(), Lang::Fr));
    }

    #[test]
    fn in_english() {
        insta::assert_snapshot!(output(&testing::report(), Lang::En));
    }

    #[test]
    fn several_dossiers_are_compared_first() {
        let mut report = testing::report();
        report.dossiers.extend(testing::report().dossiers);
        let text = output(&report, Lang::Fr);
        let (overview, parts) = text.split_once("\n\n## ").unwrap();
        insta::assert_snapshot!(overview);
        assert_eq!(parts.matches("**Verdict\u{a0}: ").count(), report.dossiers.len());
    }

    #[test]
    fn hostile_text_is_inert() {
        let text = output(&testing::hostile(), Lang::Fr);
        crate::report::plain::assert_inert(&text);
        let mut options = comrak::Options::default();
        options.extension.table = true;
        options.extension.autolink = true;
        options.render.r#unsafe = true;
        let html = comrak::markdown_to_html(&text, &options);
        for markup in ["<script", "<b>", "<a ", "<em>", "<pre", "<!--"] {
            assert!(!html.contains(markup), "{markup}: {html}");
        }
        assert_eq!(html.matches("<code>").count(), 2, "{html}");
        assert_eq!(html.matches("<tr>").count(), 5, "{html}");
        assert!(html.lines().all(|line| !line.starts_with("::")), "{html}");
    }
}
