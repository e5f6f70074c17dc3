//! What the catalogue says of a criterion or a rule: for a hover, and as a page to open.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use tempfile::TempDir;
use url::Url;

use super::work::Opened;
use crate::checks::{Catalogue, theme_of};
use crate::diagnostics::{Verdict, suppression};
use crate::docs;
use crate::lang::{Lang, Text};
use crate::messages::{self, Message};
use crate::report::markdown;
use crate::session::Session;

/// The id under which the whole catalogue is explained.
pub const INDEX: &str = "catalogue";

/// What the names of the folders of explanations begin with, in the folder of temporary files.
const PREFIX: &str = "cadrage-explications-";

/// A folder for explanations, removed when it is dropped.
///
/// # Errors
/// When it cannot be made.
pub fn folder() -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(PREFIX).tempdir()
}

/// Whether the file at `path` is an explanation, of this server or of another one.
#[must_use]
pub fn is_explanation(path: &Path) -> bool {
    let ours = |folder: &Path| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
    let temporary = |folder: &Path| folder == std::env::temp_dir() || fs::canonicalize(std::env::temp_dir()).is_ok_and(|real| folder == real);
    path.ancestors().skip(1).any(|folder| ours(folder) && folder.parent().is_some_and(temporary))
}

/// Writes the pages of a catalogue: those of `cadrage docs`.
///
/// # Errors
/// When a file cannot be written.
pub fn write(catalogue: &Catalogue, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    docs::pages(catalogue).into_iter().try_for_each(|(name, page)| fs::write(folder.join(name), page))
}

/// Where an id is explained: the page of a criterion or a rule; the place of a theme or a suppression fault in the index.
#[must_use]
pub fn address(opened: &Opened, id: &str) -> Option<Url> {
    let (folder, catalogue) = (opened.pages.as_ref()?, &opened.session.catalogue);
    if catalogue.criterion(id).is_some() || catalogue.rule(id).is_some() {
        return Url::from_file_path(folder.join(docs::file_name(id))).ok();
    }
    let family = theme_of(id);
    let place = (family == suppression::FAMILY || catalogue.themes.iter().any(|theme| theme.id == id)).then_some(family);
    if place.is_none() && id != INDEX {
        return None;
    }
    let mut url = Url::from_file_path(folder.join(docs::INDEX)).ok()?;
    url.set_fragment(place);
    Some(url)
}

/// The body of what is said of an id in a hover: what is asked, what to write, an example.
#[must_use]
pub fn summary(session: &Session, id: &str) -> String {
    let lang = session.lang;
    let mut out = String::new();
    if let Some(criterion) = session.catalogue.criterion(id) {
        part(&mut out, messages::ASKS, &criterion.asks, lang);
        part(&mut out, messages::WRITE, &criterion.help, lang);
        if let Some(example) = criterion.examples.iter().find(|e| e.verdict == Verdict::Satisfied) {
            paragraph(&mut out, messages::EXAMPLES_SATISFIED, &example.text, lang);
        }
    } else if let Some(rule) = session.catalogue.rule(id) {
        part(&mut out, messages::REPORTS, &rule.reports, lang);
    }
    out
}

fn part(out: &mut String, head: Message, text: &Text, lang: Lang) {
    paragraph(out, head, text.get(lang), lang);
}

/// « **Quoi écrire** : … »; nothing where there is nothing to say.
pub fn paragraph(out: &mut String, head: Message, text: &str, lang: Lang) {
    if !text.trim().is_empty() {
        // a String is always written to
        let _ = write!(out, "**{}**{}{}\n\n", head.get(lang), messages::COLON.get(lang), markdown(text.trim()));
    }
}
