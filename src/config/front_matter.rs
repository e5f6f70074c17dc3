//! What the front matter of a dossier says to the tool: `type:` and `cadrage:`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diagnostics::{ProcessType, RunError, Severity};
use crate::dossier::{Dossier, FrontMatterFormat, MAX_SETTINGS_SIZE};
use crate::text::distance::nearest;

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
        Self { path: misread.path, message }
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
/// A type that does not exist, or front matter that cannot be read although it speaks to the tool; with the line.
pub fn read(dossier: &Dossier) -> Result<Stated, Misread> {
    for file in &dossier.files {
        let Some(matter) = &file.front_matter else { continue };
        let text = dossier.slice(matter.span);
        let line_of = |key: &str| text.lines().position(|l| l.trim_start().starts_with(key)).map(|at| dossier.start(matter.span).line + at as u32);
        let Some(line) = line_of("type").or_else(|| line_of("cadrage")).or_else(|| line_of("[cadrage")) else { continue };
        let failed = |message: String| Misread { path: file.path.clone(), line, message };
        if text.len() as u64 > MAX_SETTINGS_SIZE {
            return Err(failed(format!("front matter: {} > {MAX_SETTINGS_SIZE} bytes", text.len())));
        }
        let raw: Raw = match matter.format {
            FrontMatterFormat::Yaml => serde_saphyr::from_str(text).map_err(|e| failed(e.to_string()))?,
            FrontMatterFormat::Toml => toml::from_str(text).map_err(|e| failed(e.message().to_owned()))?,
        };
        let process_type = raw.process_type.map(|name| process_type(&name).map_err(failed)).transpose()?;
        return Ok(Stated { process_type, options: raw.cadrage.unwrap_or_default() });
    }
    Ok(Stated::default())
}

fn process_type(name: &str) -> Result<ProcessType, String> {
    use clap::ValueEnum;
    let names: Vec<String> = ProcessType::value_variants().iter().filter_map(|t| t.to_possible_value()).map(|v| v.get_name().to_owned()).collect();
    ProcessType::from_str(name, false).map_err(|_| {
        let hint = nearest(name, names.iter().map(String::as_str)).map(|n| format!(" (« {n} » ?)")).unwrap_or_default();
        format!("type « {name} » inconnu{hint} ; types valides : {}", names.join(", "))
    })
}
