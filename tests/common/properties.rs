//! What holds of any input, however hostile. The targets of `fuzz/` look for inputs that break it, `tests/replay.rs` replays
//! those that once did. Each function takes the bytes of one input and panics where something does not hold.

#![allow(clippy::unwrap_used, missing_docs)]
#![allow(dead_code)]

mod edits;

use std::collections::BTreeSet;
use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex, OnceLock};

use cadrage::assess::Memory;
use cadrage::assess::facts::facts;
use cadrage::assess::{Options, assess, assess_after};
use cadrage::checks::compile::{File, compile};
use cadrage::checks::{Catalogue, CheckError};
use cadrage::config::{self, front_matter};
use cadrage::diagnostics::{DossierReport, Kind, ProcessType, Report, RunError, TypeSource, fix, suppression};
use cadrage::dossier::{Dossier, Loader, Source};
use cadrage::lang::Lang;
use cadrage::lsp;
use cadrage::report::{Format, RenderOptions, render};
use cadrage::text::{FileId, Span};
use edits::{blocks, stays};

/// What must hold of some bytes; panics where it does not.
type Property = fn(&[u8]);

/// Every property, by the name of its fuzz target.
pub const ALL: &[(&str, Property)] =
    &[("pipeline", pipeline), ("comments", comments), ("config", config), ("checks", checks), ("fixes", fixes), ("memory", memory), ("messages", messages)];

/// Separates the parts of an input that is made of several: the files of a dossier, the front matter and the comment.
const SEPARATOR: char = '\u{1c}';

const POOR: &str = "# Atelier citoyen sur l’eau\n\nLa ville organise un atelier citoyen. Le budget est de XX euros.\n\n";

fn builtin() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::builtin().unwrap())
}

/// From bytes to every report.
pub fn pipeline(bytes: &[u8]) {
    let dossier = match Loader::default().read_bytes("note.md", bytes.to_vec()) {
        Ok(dossier) => dossier,
        Err(error) => {
            assert!([Lang::Fr, Lang::En].iter().all(|lang| error.message(*lang).starts_with("note.md")));
            return;
        }
    };
    whole_way(dossier, None);
    let text = String::from_utf8_lossy(bytes);
    let process_type = ProcessType::ALL[bytes.len() % ProcessType::ALL.len()];
    let files = text.split(SEPARATOR).enumerate().map(|(at, text)| Source { path: format!("d/{at}.md"), text: text.to_owned() });
    whole_way(Dossier::from_sources("d", files.collect()), Some(process_type));
}

/// Front matter and the inside of a suppression comment.
pub fn comments(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (matter, comment) = text.split_once(SEPARATOR).unwrap_or(("", &text));
    let fence = if bytes.len().is_multiple_of(2) { "---" } else { "+++" };
    let text = format!("{fence}\n{matter}\n{fence}\n\n{POOR}<!-- cadrage: {comment} -->\n\nÀ compléter.\n\n- <!-- cadrage: ignore {comment} --> XX euros\n");
    let dossier = Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text }]);
    for error in front_matter::read(&dossier, Lang::Fr).1.into_iter().map(RunError::from) {
        assert!(error.message.starts_with("note.md:"), "{}", error.message);
    }
    whole_way(dossier, Some(ProcessType::Autre));
}

/// A configuration.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match config::Loaded::parse("cadrage.toml", &text) {
        Ok(loaded) => {
            loaded.overrides_for("notes/eau.md").count();
            let words = loaded.config.vocabulary();
            if !words.is_empty() {
                // the words are taken as they are: none is a mistake
                Catalogue::load_with(&[], &words).unwrap();
            }
        }
        Err(error) => shown(&error),
    }
}

/// Files of checks, each after a line `=== path`, and a short dossier assessed with them.
pub fn checks(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let files = text.split("=== ").skip(1).map(|file| {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        File { path: path.to_owned(), text: text.to_owned() }
    });
    match compile(files.collect()) {
        Ok(catalogue) => {
            let dossier = Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text: POOR.into() }]);
            let report = assessed(dossier, &catalogue, None);
            render(Format::Json, &Report { dossiers: vec![report], errors: Vec::new() }, &catalogue, &RenderOptions::default(), &mut Vec::new()).unwrap();
        }
        Err(error) => shown(&error),
    }
}

/// Fixes keep every byte that is there and every block what it is, and once applied leave nothing to fix.
pub fn fixes(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let fixed = |text: &str, again: bool| {
        let dossier = Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text: text.to_owned() }]);
        let report = assessed(dossier, builtin(), Some(ProcessType::ConventionCitoyenne));
        let mut places: Vec<usize> = report.diagnostics.iter().filter_map(|d| d.fix.as_ref()).map(|fix| fix.span.start as usize).collect();
        places.sort_unstable();
        let after = fix::apply(text, FileId(0), &report.diagnostics);
        assert!(!again || after.as_deref().is_none_or(|after| after == text), "fixed twice:\n{text}\n---\n{after:?}");
        after.map(|after| (after, places))
    };
    let Some((after, places)) = fixed(&text, false) else { return };
    let mut rest = after.as_str();
    let mut copied = 0;
    for place in places.into_iter().chain([text.len()]) {
        let kept = &text[copied..place];
        let at = rest.find(kept);
        assert!(at.is_some() && (copied > 0 || at == Some(0)), "{kept:?} is not kept");
        rest = &rest[at.unwrap() + kept.len()..];
        copied = place;
    }
    assert!(stays(&blocks(&text), &blocks(&after)), "a block is broken:\n{text}\n---\n{after}");
    fixed(&after, true);
}

/// Several texts, assessed in turn with what is known of those before, and again: the same reports as when nothing is known.
pub fn memory(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let sources = || text.split(SEPARATOR).map(|text| vec![Source { path: "note.md".into(), text: text.to_owned() }]);
    let written = |report: DossierReport| {
        let mut out = Vec::new();
        render(Format::Json, &Report { dossiers: vec![report], errors: Vec::new() }, builtin(), &RenderOptions::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let fresh: Vec<String> = sources().map(|source| written(assess(Dossier::from_sources("d", source), builtin(), &Options::default()))).collect();
    let memory = Memory::default();
    // a first dossier is not remembered, a second one is noted, a third one kept, a fourth one taken
    for _ in 0..4 {
        for (source, fresh) in sources().zip(&fresh) {
            let dossier = Dossier::from_sources_after("d", source, &memory.texts.blocks);
            assert_eq!(&written(assess_after(dossier, builtin(), &Options::default(), &memory)), fresh);
        }
    }
}

/// Messages to the language server: each line of the input is one, a JSON-RPC message without its header; what is no JSON is
/// sent as it is. The server answers in whole messages, and leaves when it is told to.
pub fn messages(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let framed = |message: &str| format!("Content-Length: {}\r\n\r\n{message}", message.len());
    let mut input = framed(r#"{"jsonrpc":"2.0","id":"début","method":"initialize","params":{"capabilities":{}}}"#);
    input += &framed(r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#);
    for line in text.lines().take(50) {
        let json = serde_json::from_str::<serde_json::Value>(line);
        // no file of this machine is asked for
        let elsewhere = line.contains("file:") && !line.contains("file:///absent/");
        if !elsewhere && !line.contains("\"exit\"") {
            input += &if json.is_ok() { framed(line) } else { format!("{line}\r\n") };
        }
    }
    input += &framed(r#"{"jsonrpc":"2.0","id":"fin","method":"shutdown"}"#);
    input += &framed(r#"{"jsonrpc":"2.0","method":"exit"}"#);
    let output = Output::default();
    // a header that is none ends the conversation: an error, not a crash
    let _ = lsp::run(Cursor::new(input.into_bytes()), output.clone(), lsp::Settings::default());
    let said = output.0.lock().unwrap();
    let mut rest = std::str::from_utf8(&said).unwrap();
    while let Some(at) = rest.find("\r\n\r\n") {
        let length: usize = rest[..at].lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap().parse().unwrap();
        let body = &rest[at + 4..at + 4 + length];
        assert_eq!(serde_json::from_str::<serde_json::Value>(body).unwrap()["jsonrpc"], "2.0");
        rest = &rest[at + 4 + length..];
    }
    assert_eq!(rest, "");
}

/// What a server has written.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn whole_way(dossier: Dossier, process_type: Option<ProcessType>) {
    let found = facts(dossier.clone(), builtin(), &Options::default());
    found.bodies.iter().for_each(|body| in_bounds(&dossier, body.name));
    let report = Report { dossiers: vec![assessed(dossier, builtin(), process_type)], errors: Vec::new() };
    for (at, format) in Format::ALL.into_iter().enumerate() {
        let options =
            RenderOptions { lang: if at % 2 == 0 { Lang::Fr } else { Lang::En }, verbose: at % 3 == 0, width: 40 + 20 * at, ..RenderOptions::default() };
        let mut bytes = Vec::new();
        render(format, &report, builtin(), &options, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let parses = |text: &str| drop(serde_json::from_str::<serde_json::Value>(text).unwrap());
        match format {
            Format::Json | Format::Sarif | Format::Gitlab => parses(&text),
            Format::Jsonl => text.lines().for_each(parses),
            _ => {}
        }
    }
}

/// The report on a dossier, its suppressions applied, its places looked at.
fn assessed(dossier: Dossier, catalogue: &Catalogue, process_type: Option<ProcessType>) -> DossierReport {
    let options = Options { process_type: process_type.map(|t| (t, TypeSource::Option)), ..Options::default() };
    let mut report = assess(dossier, catalogue, &options);
    let before = report.diagnostics.len();
    suppression::apply(&mut report, catalogue, Lang::Fr, |reasons| cadrage::assess::idle(&reasons, catalogue));
    let kept = report.diagnostics.iter().filter(|d| d.kind != Kind::Suppression).count();
    assert_eq!(kept + report.suppressed.len(), before, "suppressions lose diagnostics");
    assert!(report.diagnostics.is_sorted_by_key(|d| (d.primary.file, d.primary.start)), "not in order");
    let identities: BTreeSet<&str> = report.diagnostics.iter().chain(report.suppressed.iter().map(|(d, _)| d)).map(|d| d.fingerprint.as_str()).collect();
    assert_eq!(identities.len(), report.diagnostics.len() + report.suppressed.len(), "two diagnostics have one identity");
    let dossier = &report.dossier;
    for diagnostic in &report.diagnostics {
        in_bounds(dossier, diagnostic.primary);
        diagnostic.labels.iter().for_each(|label| in_bounds(dossier, label.span));
        diagnostic.fix.iter().for_each(|fix| in_bounds(dossier, fix.span));
    }
    report.criteria.iter().flat_map(|c| &c.evidence).for_each(|span| in_bounds(dossier, *span));
    dossier.blocks.iter().for_each(|block| in_bounds(dossier, block.span));
    dossier.sentences.iter().for_each(|sentence| in_bounds(dossier, sentence.span));
    dossier.links.iter().for_each(|link| in_bounds(dossier, link.span));
    dossier.comments.iter().for_each(|comment| in_bounds(dossier, comment.span));
    report
}

/// The span lies in its file and cuts no character.
fn in_bounds(dossier: &Dossier, span: Span) {
    // a dossier without text has nowhere to point to but its start
    let text = dossier.files.get(span.file.0 as usize).map_or("", |file| file.text.as_str());
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {} bytes", text.len());
}

/// The mistake can be shown at its place.
fn shown(error: &CheckError) {
    if let Some(span) = error.span.clone() {
        assert!(error.source_text.get(span.clone()).is_some(), "{span:?} of {:?}: {error}", error.source_text);
    }
}
