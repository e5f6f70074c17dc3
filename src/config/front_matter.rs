//! What the front matter of a dossier says to the tool: `type:` and `cadrage:`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::checks::mistakes;
use crate::diagnostics::{ProcessType, RunError, Severity};
use crate::dossier::{Dossier, FrontMatterFormat, SourceFile};
use crate::files::MAX_SETTINGS_SIZE;
use crate::lang::Lang;
use crate::messages;
use crate::text::each_line;

/// Options under `cadrage:`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Reported only.
    pub select: Vec<String>,
    /// Not reported.
    pub ignore: Vec<String>,
    /// Severity by id or theme.
    pub severity: BTreeMap<String, Severity>,
}

/// What front matter states.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stated {
    /// Type of process.
    pub process_type: Option<ProcessType>,
    /// Options.
    pub options: Options,
}

/// Front matter that speaks to the tool and cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The file, as reported.
    pub path: String,
    /// 1-based line of what is wrong.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

impl From<Misread> for RunError {
    fn from(misread: Misread) -> Self {
        let message = format!("{}:{}: {}", misread.path, misread.line, misread.message);
        Self { path: misread.path, line: Some(misread.line), message }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Raw {
    #[serde(rename = "type")]
    process_type: Option<String>,
    cadrage: Option<Options>,
}

/// What the front matter of the files states: of the type and of the options, that of the first file to state them. And what is wrong: a type
/// that does not exist, or that another file contradicts; front matter that cannot be read, or that nothing ends, although it has one of the
/// keys; each with the line, in `lang`.
#[must_use]
pub fn read(dossier: &Dossier, lang: Lang) -> (Stated, Vec<Misread>) {
    let (mut process_type, mut options, mut misread) = (None, None, Vec::new());
    for file in &dossier.files {
        match of_file(dossier, file, lang) {
            Ok(own) => {
                let contradicted = |line: Option<u32>, message: String| Misread { path: file.path.clone(), line: line.unwrap_or(1), message };
                if let Some((stated, line)) = own.process_type {
                    let (first, of) = process_type.get_or_insert((stated, &file.path));
                    if *first != stated {
                        misread.push(contradicted(line, messages::OTHER_TYPE.fill(lang, &[("type", &first.id()), ("path", of)])));
                    }
                }
                if let Some((stated, line)) = own.options {
                    let (first, of) = options.get_or_insert_with(|| (stated.clone(), &file.path));
                    if *first != stated {
                        misread.push(contradicted(line, messages::OTHER_OPTIONS.fill(lang, &[("path", of)])));
                    }
                }
            }
            Err(error) => misread.push(error),
        }
    }
    (Stated { process_type: process_type.map(|(stated, _)| stated), options: options.map(|(stated, _)| stated).unwrap_or_default() }, misread)
}

/// What the front matter of one file states, each with its line.
#[derive(Debug, Default)]
struct OfFile {
    process_type: Option<(ProcessType, Option<u32>)>,
    options: Option<(Options, Option<u32>)>,
}

fn of_file(dossier: &Dossier, file: &SourceFile, lang: Lang) -> Result<OfFile, Misread> {
    let failed_at = |line: u32, message: String| Misread { path: file.path.clone(), line, message };
    let Some(matter) = &file.front_matter else {
        return open_matter(&file.text).map_or_else(|| Ok(OfFile::default()), |line| Err(failed_at(line, messages::OPEN_FRONT_MATTER.get(lang).to_owned())));
    };
    let text = dossier.slice(matter.span);
    if KEYS.iter().all(|key| !text.contains(key)) {
        return Ok(OfFile::default());
    }
    let first = dossier.start(matter.span).line;
    let line_of = |key: &str| each_line(text).position(|line| states(line, key)).map(|at| first + at as u32);
    let spoken_to = KEYS.iter().find_map(|key| line_of(key));
    if text.len() as u64 > MAX_SETTINGS_SIZE {
        let long = |line| failed_at(line, messages::LONG_FRONT_MATTER.fill(lang, &[("limit", &MAX_SETTINGS_SIZE)]));
        return spoken_to.map_or_else(|| Ok(OfFile::default()), |line| Err(long(line)));
    }
    let read: Result<Raw, (Option<u32>, String)> = match matter.format {
        FrontMatterFormat::Yaml => serde_saphyr::from_str(text)
            .map_err(|e| (e.location().map(|place| (place.line() as u32).saturating_sub(1)), without_place(&e.without_snippet().to_string()))),
        FrontMatterFormat::Toml => {
            toml::from_str(text).map_err(|e| (e.span().map(|span| text[..span.start].matches('\n').count() as u32), e.message().to_owned()))
        }
    };
    let raw = match (read, spoken_to) {
        (Ok(raw), _) => raw,
        (Err(_), None) => return Ok(OfFile::default()),
        (Err((below, message)), Some(line)) => return Err(failed_at(below.map_or(line, |below| first + below), mistakes::said(&message, lang))),
    };
    let process_type = raw.process_type.map(|name| process_type(&name, lang)).transpose();
    let process_type = process_type.map_err(|message| failed_at(line_of(KEYS[0]).unwrap_or(first), message))?;
    Ok(OfFile { process_type: process_type.map(|stated| (stated, line_of(KEYS[0]))), options: raw.cadrage.map(|stated| (stated, line_of(KEYS[1]))) })
}

/// The keys that speak to the tool.
const KEYS: [&str; 2] = ["type", "cadrage"];

/// The first line of front matter that nothing ends, where one of its lines, up to a blank one, speaks to the tool.
fn open_matter(text: &str) -> Option<u32> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = each_line(text);
    let opens = lines.next().is_some_and(|line| matches!(line.trim_end(), "---" | "+++"));
    let mut matter = lines.take_while(|line| !line.trim().is_empty());
    (opens && matter.any(|line| KEYS.iter().any(|key| states(line, key)))).then_some(1)
}

/// What the reader of YAML says, without the place, which it counts from the line below the fence.
fn without_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(said, _)| said.trim_end_matches(',')).to_owned()
}

/// Whether a line of front matter is that of a key of the first level, or of a table of TOML.
fn states(line: &str, key: &str) -> bool {
    let quotes = ['"', '\''];
    let after = line.trim_start_matches('[').trim_start_matches(quotes).strip_prefix(key);
    after.is_some_and(|after| after.trim_start_matches(quotes).trim_start().starts_with([':', '=', '.', ']']))
}

/// What is wrong with a word of the front matter, at its line.
#[must_use]
pub fn misread_at(dossier: &Dossier, word: &str, message: String) -> Option<Misread> {
    dossier.files.iter().find_map(|file| {
        let matter = file.front_matter.as_ref()?;
        let at = each_line(dossier.slice(matter.span)).position(|line| line.contains(word))?;
        Some(Misread { path: file.path.clone(), line: dossier.start(matter.span).line + at as u32, message: message.clone() })
    })
}

fn process_type(name: &str, lang: Lang) -> Result<ProcessType, String> {
    name.parse().map_err(|_| {
        let quoted = ProcessType::ALL.map(|known| format!("`{}`", known.id()));
        mistakes::said(&format!("unknown variant `{name}`, expected one of {}", quoted.join(", ")), lang)
    })
}
