//! What the front matter of a dossier says to the tool: `type:` and `cadrage:`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::checks::mistakes;
use crate::diagnostics::{ProcessType, RunError, Severity};
use crate::dossier::{Dossier, FrontMatterFormat};
use crate::files::MAX_SETTINGS_SIZE;
use crate::lang::Lang;
use crate::messages;

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

/// The front matter of the first file that has some with something to say.
///
/// # Errors
/// A type that does not exist, or front matter that cannot be read although it has one of the keys; with the line, in `lang`.
pub fn read(dossier: &Dossier, lang: Lang) -> Result<Stated, Misread> {
    for file in &dossier.files {
        let Some(matter) = &file.front_matter else { continue };
        let text = dossier.slice(matter.span);
        if !text.contains("type") && !text.contains("cadrage") {
            continue;
        }
        let first = dossier.start(matter.span).line;
        let line_of = |key: &str| text.lines().position(|line| states(line, key)).map(|at| first + at as u32);
        let spoken_to = line_of("type").or_else(|| line_of("cadrage"));
        let failed_at = |line: u32, message: String| Misread { path: file.path.clone(), line, message };
        if text.len() as u64 > MAX_SETTINGS_SIZE {
            let Some(line) = spoken_to else { continue };
            return Err(failed_at(line, messages::LONG_FRONT_MATTER.fill(lang, &[("limit", &MAX_SETTINGS_SIZE)])));
        }
        let read: Result<Raw, (Option<u32>, String)> = match matter.format {
            FrontMatterFormat::Yaml => serde_saphyr::from_str(text)
                .map_err(|e| (e.location().map(|place| (place.line() as u32).saturating_sub(1)), without_place(&e.without_snippet().to_string()))),
            FrontMatterFormat::Toml => {
                toml::from_str(text).map_err(|e| (e.span().map(|span| text[..span.start].matches('\n').count() as u32), e.message().to_owned()))
            }
        };
        let raw = match (read, spoken_to) {
            (Ok(Raw { process_type: None, cadrage: None }), _) | (Err(_), None) => continue,
            (Ok(raw), _) => raw,
            (Err((below, message)), Some(line)) => {
                return Err(failed_at(below.map_or(line, |below| first + below), mistakes::said(&message, lang)));
            }
        };
        let process_type = raw.process_type.map(|name| process_type(&name, lang)).transpose();
        let process_type = process_type.map_err(|message| failed_at(line_of("type").unwrap_or(first), message))?;
        return Ok(Stated { process_type, options: raw.cadrage.unwrap_or_default() });
    }
    Ok(Stated::default())
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
        let at = dossier.slice(matter.span).lines().position(|line| line.contains(word))?;
        Some(Misread { path: file.path.clone(), line: dossier.start(matter.span).line + at as u32, message: message.clone() })
    })
}

fn process_type(name: &str, lang: Lang) -> Result<ProcessType, String> {
    name.parse().map_err(|_| {
        let quoted = ProcessType::ALL.map(|known| format!("`{}`", known.id()));
        mistakes::said(&format!("unknown variant `{name}`, expected one of {}", quoted.join(", ")), lang)
    })
}
