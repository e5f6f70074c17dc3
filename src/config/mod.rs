//! What a team decides once: `cadrage.toml`, found upwards from where one works, and the front matter of a dossier.

pub mod front_matter;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::checks::{AddedTerm, CheckError, mistakes, place};
use crate::diagnostics::filter::FailOn;
use crate::diagnostics::{ProcessType, Severity};
use crate::dossier::{is_markdown, markdown_files, walk};
use crate::files::{MAX_SETTINGS_SIZE, folder_of, read_text, whole};
use crate::lang::{Lang, Text};
use crate::messages;

/// Name of the file looked for.
pub const FILE_NAME: &str = "cadrage.toml";

/// The commented file that `cadrage init` writes, for readers of `lang`; it parses to the defaults.
#[must_use]
pub const fn template(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => include_str!("template.toml"),
        Lang::En => include_str!("template.en.toml"),
    }
}

/// `cadrage.toml`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Globs, relative to this file: each Markdown file, or folder that holds some, is a dossier assessed when no path is given.
    pub dossiers: Vec<String>,
    /// Type of process of the dossiers that do not state their own.
    #[serde(rename = "type")]
    pub process_type: Option<ProcessType>,
    /// Criteria, rules and themes reported; all when none is given.
    pub select: Vec<String>,
    /// Criteria, rules and themes not reported.
    pub ignore: Vec<String>,
    /// Severity by id or theme.
    pub severity: BTreeMap<String, Severity>,
    /// Severity from which the exit status is 1.
    pub fail_on: Option<FailOn>,
    /// Language of messages.
    pub lang: Option<Lang>,
    /// Folders of checks of one's own, relative to this file.
    pub checks: Vec<PathBuf>,
    /// The baseline that runs are compared with, relative to this file.
    pub baseline: Option<PathBuf>,
    /// Address of the pages that explain the criteria, `{id}` standing for one: the terminal, SARIF and the editor link to it.
    pub docs_url: Option<String>,
    /// Acronyms that the readers of these dossiers know: they need not be spelled out.
    pub acronyms: Vec<String>,
    /// Bodies of one's own that the dossiers need not present, and that can decide, steer or answer as a council or a ministry does.
    pub institutions: Vec<String>,
    /// Exceptions by path.
    #[serde(rename = "override")]
    pub overrides: Vec<Override>,
}

/// An exception for the dossiers whose path matches.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Globs, relative to the configuration file.
    pub paths: Vec<String>,
    /// Type of process.
    #[serde(rename = "type")]
    pub process_type: Option<ProcessType>,
    /// Reported in these dossiers only.
    pub select: Vec<String>,
    /// Not reported in these dossiers.
    pub ignore: Vec<String>,
    /// Severity by id or theme in these dossiers.
    pub severity: BTreeMap<String, Severity>,
}

/// A configuration with the folder that its paths are relative to.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// What it says.
    pub config: Config,
    /// The folder of the file; empty without one.
    pub folder: PathBuf,
    /// The file as shown, and its text.
    source: (String, String),
    dossiers: Vec<Pattern>,
    overrides: Vec<GlobSet>,
}

/// A glob of `dossiers`.
#[derive(Debug, Clone)]
struct Pattern {
    /// Without what people write around it; empty for the folder of the configuration.
    plain: String,
    glob: GlobMatcher,
    folders_only: bool,
}

impl Pattern {
    fn new(written: &str) -> Result<Self, Text> {
        let written = if written == "." { "./" } else { written };
        let below = written.trim_start_matches("./");
        let plain = below.trim_end_matches('/');
        Ok(Self { plain: plain.to_owned(), glob: glob(plain)?.compile_matcher(), folders_only: plain.len() < below.len() })
    }

    /// Whether it names what is at `path`, `below` the configuration's folder.
    fn names(&self, path: &Path, below: &Path) -> bool {
        // `*` would match the folder itself
        let itself = below.as_os_str().is_empty() == self.plain.is_empty();
        itself && self.glob.is_match(below) && (!self.folders_only || path.is_dir())
    }

    /// Whether it can name one path only, which is then meant whatever it is.
    fn is_name(&self) -> bool {
        !self.plain.contains(['*', '?', '[', '{', '\\'])
    }
}

impl Loaded {
    /// Reads the configuration at `path`.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key or a wrong value, at its place, with the nearest valid name.
    pub fn read(path: &Path) -> Result<Self, CheckError> {
        let shown = path.display().to_string();
        let text = read_text(path, MAX_SETTINGS_SIZE).map_err(|what| CheckError::of(shown.as_str(), what))?;
        Ok(Self { folder: folder_of(path).to_owned(), ..Self::parse(&shown, &text)? })
    }

    /// The configuration that `text`, the content of the file at `path`, is; relative to no folder.
    ///
    /// # Errors
    /// As [`Loaded::read`].
    pub fn parse(path: &str, text: &str) -> Result<Self, CheckError> {
        let config = parse(path, text)?;
        if let Some(number) = config.overrides.iter().position(|o| o.paths.is_empty()) {
            return Err(CheckError::at(path, text, of_override(text, number), messages::NO_PATHS.both(&[])));
        }
        let globs = |globs: &[String]| glob_set(globs).map_err(|(glob, message)| at_value(path, text, &glob, message));
        let overrides = config.overrides.iter().map(|o| globs(&o.paths)).collect::<Result<_, _>>()?;
        let pattern = |written: &String| Pattern::new(written).map_err(|what| at_value(path, text, written, what));
        let dossiers = config.dossiers.iter().map(pattern).collect::<Result<_, _>>()?;
        if let Some(address) = config.docs_url.as_ref().filter(|address| !is_page_address(address)) {
            return Err(at_value(path, text, address, messages::BAD_ADDRESS.both(&[])));
        }
        Ok(Self { config, folder: PathBuf::new(), source: (path.to_owned(), text.to_owned()), dossiers, overrides })
    }

    /// The nearest `cadrage.toml` to the file or folder at `path`, or to the current folder, there or above, read; an empty configuration
    /// where there is none.
    ///
    /// # Errors
    /// As [`Loaded::read`].
    pub fn near(path: Option<&Path>) -> Result<Self, CheckError> {
        file_above(start(path.unwrap_or(Path::new(".")))).map_or_else(|| Ok(Self::default()), |file| Self::read(&file))
    }

    /// The dossiers that the configuration names, in path order; and the globs that name none, each at its place.
    #[must_use]
    pub fn dossiers(&self) -> (Vec<PathBuf>, Vec<CheckError>) {
        let mut found = vec![false; self.dossiers.len()];
        let mut out = BTreeSet::new();
        let own = if self.dossiers.is_empty() { BTreeSet::new() } else { self.candidates() };
        for path in own {
            let Some(below) = self.below(&path) else { continue };
            let naming = self.dossiers.iter().zip(&mut found).filter(|(pattern, _)| pattern.names(&path, below));
            let named = naming.map(|(_, found)| *found = true).count() > 0;
            if named {
                out.insert(path);
            }
        }
        let idle: Vec<usize> = found.iter().zip(0..).filter(|(found, _)| !**found).map(|(_, number)| number).take(IDLE).collect();
        (out.into_iter().collect(), self.idle(&idle))
    }

    /// What may be a dossier: Markdown files, folders that hold some, and what is named without a wildcard.
    fn candidates(&self) -> BTreeSet<PathBuf> {
        let mut out = BTreeSet::new();
        for entry in walk(&self.folder).flatten() {
            let path = entry.path();
            // a link to a folder is not walked
            let linked = || entry.path_is_symlink() && path.is_dir() && !markdown_files(path).0.is_empty();
            if is_markdown(path) && path.is_file() || linked() {
                let above = path.ancestors().take_while(|above| above.starts_with(&self.folder) && !out.contains(*above));
                let above: Vec<PathBuf> = above.map(Path::to_path_buf).collect();
                out.extend(above);
            }
        }
        out.extend(self.dossiers.iter().filter(|p| p.is_name()).map(|p| self.folder.join(&p.plain)).filter(|path| path.exists()));
        out
    }

    /// What is said of the globs of `dossiers` that name nothing, by their numbers.
    fn idle(&self, numbers: &[usize]) -> Vec<CheckError> {
        if numbers.is_empty() {
            return Vec::new();
        }
        #[derive(Deserialize)]
        struct Places {
            dossiers: Vec<toml::Spanned<String>>,
        }
        let (path, text) = &self.source;
        let places = toml::from_str(text).map_or_else(|_| Vec::new(), |places: Places| places.dossiers);
        let error = |number: &usize| CheckError {
            help: Some(Box::new(messages::IDLE_GLOB_HELP.both(&[]))),
            ..CheckError::at(path, text, places.get(*number).map(toml::Spanned::span), messages::IDLE_GLOB.both(&[]))
        };
        numbers.iter().map(error).collect()
    }

    /// What is wrong with a value of one of `keys`, or with a key below, at its place.
    #[must_use]
    pub fn wrong(&self, keys: &[&str], value: &str, message: Text) -> CheckError {
        let (path, text) = &self.source;
        let span = place::of_value(text, keys, value, 0).or_else(|| place::of_key(text, keys, value));
        CheckError::at(path, text, span, message)
    }

    /// Whether the configuration names the file or folder at `path`, in its own folder, as a dossier.
    #[must_use]
    pub fn names(&self, path: &Path) -> bool {
        self.below(path).is_some_and(|below| self.dossiers.iter().any(|pattern| pattern.names(path, below)))
    }

    /// `path` as its globs see it.
    fn below<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        path.strip_prefix(&self.folder).ok()
    }

    /// The exceptions that apply to the dossier at `path`, in order.
    pub fn overrides_for<'a>(&'a self, path: &str) -> impl Iterator<Item = &'a Override> {
        // most configurations have none, and paths are slow to follow
        let below = if self.overrides.is_empty() { PathBuf::new() } else { self.place(path) };
        self.config.overrides.iter().zip(&self.overrides).filter(move |(_, globs)| globs.is_match(&below)).map(|(exception, _)| exception)
    }

    /// A path from the folder of the configuration on, where it is in it.
    fn place(&self, path: &str) -> PathBuf {
        let full = whole(Path::new(path));
        let folder = std::fs::canonicalize(&self.folder).unwrap_or_else(|_| self.folder.clone());
        full.strip_prefix(&folder).map(Path::to_path_buf).unwrap_or(full)
    }

    /// Folders of checks, as paths that can be opened.
    #[must_use]
    pub fn checks(&self) -> Vec<PathBuf> {
        self.config.checks.iter().map(|folder| self.folder.join(folder)).collect()
    }
}

/// Where the configuration of what is at `path` is looked for from: the folder itself, or that of the file.
#[must_use]
pub fn start(path: &Path) -> &Path {
    if path.is_dir() { path } else { folder_of(path) }
}

/// The nearest `cadrage.toml` in `folder` or above, links on the way followed.
#[must_use]
pub fn file_above(folder: &Path) -> Option<PathBuf> {
    let whole = std::fs::canonicalize(folder).or_else(|_| std::path::absolute(folder));
    nearest_file(whole.as_deref().unwrap_or(folder))
}

/// The nearest `cadrage.toml` in `folder` or above, even one that is no file or leads nowhere: to pass over it would be to change the settings.
#[must_use]
pub fn nearest_file(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.symlink_metadata().is_ok())
}

impl Config {
    /// Where the page of a criterion or rule is, `{id}` standing for it: as configured, else in the repository that the package
    /// names; `None` where it names none.
    #[must_use]
    pub fn pages(&self) -> Option<String> {
        let repository = option_env!("CARGO_PKG_REPOSITORY").filter(|address| !address.is_empty());
        let published = repository.map(|address| format!("{address}/blob/v{}/docs/criteres/{{id}}.md", env!("CARGO_PKG_VERSION")));
        self.docs_url.clone().or(published)
    }

    /// What it adds to the vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> Vec<(AddedTerm, &str)> {
        let acronyms = self.acronyms.iter().map(|acronym| (AddedTerm::Acronym, acronym.as_str()));
        let institutions = self.institutions.iter().map(|name| (AddedTerm::Institution, name.as_str()));
        acronyms.chain(institutions).collect()
    }
}

/// Whether `address` is one that a browser opens, with a place for the id.
fn is_page_address(address: &str) -> bool {
    let web = address.starts_with("https://") || address.starts_with("http://");
    web && address.contains("{id}") && !address.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Globs that name nothing and are told, at most.
const IDLE: usize = 20;
/// Braces within braces of a glob: what reads them calls itself for each.
const DEEPEST: usize = 8;

fn glob(text: &str) -> Result<globset::Glob, Text> {
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(messages::DEEP_GLOB.both(&[("most", &DEEPEST)]));
        }
    }
    // « notes/* » is what stands in notes/, not what stands deeper
    GlobBuilder::new(text).literal_separator(true).build().map_err(|error| bad_glob(&error))
}

fn bad_glob(error: &globset::Error) -> Text {
    messages::BAD_GLOB.both(&[("message", error.kind())])
}

fn glob_set(globs: &[String]) -> Result<GlobSet, (String, Text)> {
    let mut builder = GlobSetBuilder::new();
    for text in globs {
        builder.add(glob(text).map_err(|what| (text.clone(), what))?);
    }
    builder.build().map_err(|error| (String::new(), bad_glob(&error)))
}

fn at_value(path: &str, text: &str, value: &str, message: Text) -> CheckError {
    CheckError::at(path, text, place::of_value(text, &["dossiers", "paths", "docs-url"], value, 0), message)
}

fn parse(path: &str, text: &str) -> Result<Config, CheckError> {
    toml::from_str(text).map_err(|error| match place::of_dotted(text, "severity") {
        Some((id, span)) => CheckError::at(path, text, Some(span), messages::UNQUOTED_ID.both(&[("id", &id)])),
        None => CheckError::at(path, text, error.span(), mistakes::told(error.message())),
    })
}

/// Where an exception begins.
fn of_override(text: &str, number: usize) -> Option<std::ops::Range<usize>> {
    #[derive(Deserialize)]
    struct Places {
        #[serde(rename = "override")]
        overrides: Vec<toml::Spanned<serde::de::IgnoredAny>>,
    }
    toml::from_str::<Places>(text).ok()?.overrides.get(number).map(toml::Spanned::span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_parses_to_the_defaults() {
        for lang in Lang::ALL {
            assert_eq!(parse("cadrage.toml", template(lang)).unwrap(), Config::default());
        }
        // the same lines to uncomment
        let examples = |lang: Lang| template(lang).lines().filter(|line| line.starts_with("# ") && (line.contains(" = ") || line.contains("# ["))).count();
        assert_eq!(examples(Lang::Fr), examples(Lang::En));
    }

    #[test]
    fn an_unknown_key_is_shown_at_its_place_with_the_nearest_name() {
        let error = parse("cadrage.toml", "lang = \"fr\"\nselct = []\n").unwrap_err();
        assert_eq!(&error.source_text[error.span.unwrap()], "selct");
        let told = |lang| error.message.get(lang);
        assert!(told(Lang::Fr).starts_with("clé inconnue «\u{a0}selct\u{a0}» (select\u{a0}?)\u{a0}; clés valides\u{a0}: dossiers, type"), "{}", told(Lang::Fr));
        assert!(told(Lang::En).starts_with("unknown key “selct” (select?); valid keys: dossiers, type"), "{}", told(Lang::En));
    }

    #[test]
    fn an_exception_without_paths_and_an_unquoted_id_are_shown_at_their_places() {
        let told = |text: &str| {
            let error = Loaded::parse("cadrage.toml", text).unwrap_err();
            (error.line(), error.message.fr)
        };
        for paths in ["", "paths = []\n"] {
            let (line, message) = told(&format!("[[override]]\npaths = [\"a\"]\n[[override]]\n{paths}type = \"autre\"\n"));
            assert_eq!((line, message.contains("paths")), (Some(3), true), "{message}");
        }
        for text in
            ["[severity]\nmoyens.budget = \"error\"\n", "\n[severity.moyens]\nbudget = \"error\"\n", "[[override]]\nseverity.moyens.budget = \"error\"\n"]
        {
            let (line, message) = told(text);
            assert!(line == Some(2) && message.contains("\"moyens.budget\" = …"), "{line:?} {message}");
        }
    }

    #[test]
    fn the_schema_is_fresh() {
        let schema = serde_json::to_value(schemars::schema_for!(Config)).unwrap();
        crate::testing::assert_fresh("schema/cadrage.schema.json", &format!("{schema:#}\n"));
    }
}
