//! The verdicts by theme, drawn and in figures.

use maud::{Markup, html};

use super::verdict_class;
use crate::diagnostics::Verdict;
use crate::lang::Lang;
use crate::messages;
use crate::report::plain::{clip, visible};
use crate::report::tally::ThemeTally;

const WIDTH: usize = 760;
/// Where the bars begin.
const LEFT: usize = 250;
/// From a bar to the next.
const STEP: usize = 30;
const BAR: usize = 22;
/// Columns of a title.
const TITLE: usize = 34;

/// The chart, with the table that says the same.
pub(super) fn by_theme(themes: &[ThemeTally], id: &str, lang: Lang) -> Markup {
    let title = messages::BY_THEME.get(lang);
    html! {
        figure {
            svg role="img" aria-labelledby={ (id) "-title" } aria-describedby={ (id) "-table" } viewBox={ "0 0 " (WIDTH) " " ((themes.len() + 1) * STEP) } {
                title id={ (id) "-title" } { (title) }
                (legend(lang))
                @for (at, theme) in themes.iter().enumerate() { (bar(theme, (at + 1) * STEP, scale(themes))) }
            }
        }
        (table(themes, id, lang))
    }
}

/// Units of length a criterion.
fn scale(themes: &[ThemeTally]) -> usize {
    (WIDTH - LEFT) / themes.iter().map(total).max().unwrap_or(1).max(1)
}

fn total(theme: &ThemeTally) -> usize {
    Verdict::ALL.iter().map(|verdict| theme.counts.verdicts(*verdict)).sum()
}

fn legend(lang: Lang) -> Markup {
    html! {
        @for (at, verdict) in Verdict::ALL.into_iter().enumerate() {
            @let x = LEFT + at * 125;
            rect class=(verdict_class(verdict)) x=(x) y="2" width="18" height="16" rx="2" {}
            text class="count" x=(x + 9) y="14" { (verdict.symbol()) }
            text class="label" x=(x + 24) y="14" { (messages::verdict(verdict).get(lang)) }
        }
    }
}

fn bar(theme: &ThemeTally, y: usize, scale: usize) -> Markup {
    let mut x = LEFT;
    let segments = Verdict::ALL.map(|verdict| {
        let count = theme.counts.verdicts(verdict);
        x += count * scale;
        (verdict, count, x - count * scale)
    });
    html! {
        text class="label" x="0" y=(y + 15) { (clip(&visible(&theme.title), TITLE, true)) }
        @for (verdict, count, x) in segments.into_iter().filter(|(_, count, _)| *count > 0) {
            rect class=(verdict_class(verdict)) x=(x) y=(y) width=(count * scale - 1) height=(BAR) {}
            text class="count" x=(x + count * scale / 2) y=(y + 15) {
                @if count * scale > 32 { (verdict.symbol()) " " }
                (count)
            }
        }
    }
}

fn table(themes: &[ThemeTally], id: &str, lang: Lang) -> Markup {
    let sum = |verdict: Verdict| themes.iter().map(|theme| theme.counts.verdicts(verdict)).sum::<usize>();
    html! {
        table class="narrow" id={ (id) "-table" } aria-labelledby={ (id) "-title" } {
            thead { tr {
                th scope="col" { (messages::THEME.get(lang)) }
                @for verdict in Verdict::ALL { th scope="col" class="number" { (messages::verdict(verdict).get(lang)) } }
            } }
            tbody {
                @for theme in themes { tr {
                    th scope="row" { (visible(&theme.title)) }
                    @for verdict in Verdict::ALL { td class="number" { (theme.counts.verdicts(verdict)) } }
                } }
                tr {
                    th scope="row" { (messages::TOTAL.get(lang)) }
                    @for verdict in Verdict::ALL { td class="number" { strong { (sum(verdict)) } } }
                }
            }
        }
    }
}
