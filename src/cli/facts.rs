//! `cadrage facts`: what was understood of a dossier.

use std::ffi::OsString;
use std::fmt::Write;

use jiff::civil::Date;
use serde::Serialize;

use super::output::{self, Failure};
use super::values::Shape;
use super::{CLEAN, Context, Outcome, terminal};
use crate::annotate::commitments::Firmness;
use crate::assess::facts::{DatedFact, Facts};
use crate::checks::Catalogue;
use crate::diagnostics::{ProcessType, RunError};
use crate::dossier::{Dossier, Loader};
use crate::lang::Lang;
use crate::messages;
use crate::report::{clip, opening, pad_right, visible, width};
use crate::session::Asked;
use crate::text::Span;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options")]
pub(super) struct Args {
    #[arg(value_name = "CHEMIN", help_heading = "Arguments", help = "Fichier ou répertoire\u{a0}; «\u{a0}-\u{a0}» lit l’entrée standard")]
    pub(super) path: OsString,
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        hide_default_value = true,
        hide_possible_values = true,
        help = "Format\u{a0}: human (par défaut) ou json"
    )]
    format: Shape,
    #[arg(long = "type", value_name = "TYPE", hide_possible_values = true, help = super::check::TYPE_HELP)]
    process_type: Option<ProcessType>,
    #[arg(long, value_name = "TAILLE", value_parser = super::file_size, help = super::MAX_FILE_SIZE_HELP)]
    max_file_size: Option<u64>,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &Context) -> Outcome {
    let session = context.session(Asked { process_type: args.process_type, ..Asked::default() })?;
    let loaded = Loader::of(args.max_file_size).load(&args.path, None);
    let (dossier, errors) = loaded.map_err(|error| Failure::said(error.message(context.lang)))?;
    let (found, misread) = session.facts(dossier);
    let text = match args.format {
        Shape::Human => human(&found, &session.catalogue, context.lang, terminal::width()),
        Shape::Json => json(&found, &session.catalogue)?,
    };
    output::print(text.as_bytes())?;
    let errors: Vec<String> =
        errors.iter().map(|error| error.message(context.lang)).chain(misread.into_iter().map(|misread| RunError::from(misread).message)).collect();
    errors.iter().for_each(|error| output::tell(error, None, context));
    Ok(if errors.is_empty() { CLEAN } else { super::FAILED })
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    path: &'a str,
    out_of_scope: bool,
    facts: Vec<Told<'a>>,
    bodies: Vec<Body<'a>>,
    commitments: Vec<Commitment<'a>>,
    timeline: Vec<Dated<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    passages: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Body<'a> {
    name: Place<'a>,
    mentions: usize,
    composition: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Commitment<'a> {
    sentence: Place<'a>,
    what: &'a str,
    who: Option<&'a str>,
    when: Option<&'a str>,
    firmness: &'static str,
}

#[derive(Serialize)]
struct Dated<'a> {
    first: String,
    last: String,
    date: &'a str,
    sentence: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: u32,
    text: &'a str,
}

fn place(dossier: &Dossier, span: Span) -> Place<'_> {
    Place { file: &dossier.file(span.file).path, line: dossier.start(span).line, text: dossier.slice(span) }
}

fn firmness(firmness: Firmness) -> &'static str {
    match firmness {
        Firmness::Firm => "firm",
        Firmness::Hedged => "hedged",
        Firmness::Conditional => "conditional",
        Firmness::Agentless => "agentless",
    }
}

fn json(found: &Facts, catalogue: &Catalogue) -> Result<String, Failure> {
    let d = &found.dossier;
    let places = |spans: &[Span]| spans.iter().map(|s| place(d, *s)).collect();
    let document = Document {
        schema_version: 1,
        path: &d.path,
        out_of_scope: found.out_of_scope,
        facts: found.passages.iter().map(|(kind, spans)| Told { id: &catalogue.facts[*kind].id, passages: places(spans) }).collect(),
        bodies: found.bodies.iter().map(|b| Body { name: place(d, b.name), mentions: b.mentions, composition: places(&b.composition) }).collect(),
        commitments: found
            .commitments
            .iter()
            .map(|c| Commitment {
                sentence: place(d, c.sentence),
                what: d.slice(c.what),
                who: c.who.map(|s| d.slice(s)),
                when: c.when.map(|s| d.slice(s)),
                firmness: firmness(c.firmness),
            })
            .collect(),
        timeline: found
            .timeline
            .iter()
            .map(|t| Dated { first: t.first.to_string(), last: t.last.to_string(), date: d.slice(t.date), sentence: place(d, t.sentence) })
            .collect(),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n").map_err(|e| Failure::said(e.to_string()))
}

struct Page<'a> {
    out: String,
    dossier: &'a Dossier,
    lang: Lang,
    width: usize,
}

impl Page<'_> {
    fn say(&mut self, text: &str) {
        // a String is always written to
        let _ = writeln!(self.out, "{text}");
    }

    /// A part, with what says nothing of it where it is empty.
    fn part(&mut self, title: &str, empty: bool) {
        let gap = if self.out.is_empty() { "" } else { "\n" };
        self.say(&format!("{gap}{}", opening(title)));
        if empty {
            self.say(&format!("  {}", messages::FACTS_NONE.get(self.lang)));
        }
    }

    /// The text of a place on one line, with where it is, after `lead`.
    fn line(&mut self, lead: &str, span: Span) {
        let at = self.place(span);
        let text = self.one_line(span);
        let room = self.width.saturating_sub(width(lead) + width(&at) + 5);
        let text = clip(&text, room, true);
        let text = if lead.is_empty() { opening(&text) } else { text.as_str().into() };
        self.say(&format!("  {lead}{text}  {at}"));
    }

    /// « L18 » in the file that is the dossier, « moyens.md:18 » in a folder.
    fn place(&self, span: Span) -> String {
        let (file, line) = (&self.dossier.file(span.file).path, self.dossier.start(span).line);
        if *file == self.dossier.path {
            return format!("L{line}");
        }
        let below = file.strip_prefix(&self.dossier.path).and_then(|rest| rest.strip_prefix('/')).unwrap_or(file);
        format!("{}:{line}", visible(below))
    }

    fn one_line(&self, span: Span) -> String {
        visible(&self.dossier.reading(span)).into_owned()
    }
}

fn human(found: &Facts, catalogue: &Catalogue, lang: Lang, width: usize) -> String {
    let mut page = Page { out: String::new(), dossier: &found.dossier, lang, width };
    if found.out_of_scope {
        page.say(&format!("{}{}{}", opening(&found.dossier.path), messages::COLON.get(lang), messages::OVERALL_OUT_OF_SCOPE.get(lang)));
    }
    for (kind, spans) in &found.passages {
        page.part(catalogue.facts[*kind].title.get(lang), spans.is_empty());
        spans.iter().for_each(|s| page.line("", *s));
    }
    page.part(messages::FACTS_BODIES.get(lang), found.bodies.is_empty());
    for body in &found.bodies {
        page.line("", body.name);
        body.composition.iter().take(2).for_each(|s| page.line("  └ ", *s));
    }
    page.part(messages::FACTS_COMMITMENTS.get(lang), found.commitments.is_empty());
    let mut commitments: Vec<(&str, Span)> = found.commitments.iter().map(|c| (if c.firmness == Firmness::Firm { "● " } else { "○ " }, c.sentence)).collect();
    // a sentence may promise several things
    commitments.dedup();
    commitments.iter().for_each(|(mark, sentence)| page.line(mark, *sentence));
    page.part(messages::FACTS_TIMELINE.get(lang), found.timeline.is_empty());
    timeline(&mut page, &found.timeline);
    page.out
}

/// Columns of the drawn part of the timeline.
const SCALE: usize = 24;

/// One line a date: where it falls between the first and the last, the date, the sentence.
fn timeline(page: &mut Page<'_>, dates: &[DatedFact]) {
    let (Some(first), Some(last)) = (dates.iter().map(|d| d.first).min(), dates.iter().map(|d| d.last).max()) else { return };
    let days = |date: Date| (date - first).get_days().max(0) as usize;
    let whole = days(last).max(1);
    let told: Vec<String> = dates.iter().map(|dated| messages::date(dated.first, page.lang)).collect();
    let columns = told.iter().map(|date| width(date)).max().unwrap_or(0);
    for (dated, date) in dates.iter().zip(&told) {
        let (from, to) = (days(dated.first) * (SCALE - 1) / whole, days(dated.last) * (SCALE - 1) / whole);
        let bar: String = (0..SCALE).map(|i| if (from..=to).contains(&i) { '━' } else { '·' }).collect();
        page.line(&format!("{bar} {} ", pad_right(date, columns)), dated.sentence);
    }
}
