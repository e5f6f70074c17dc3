//! What the catalogue says of a criterion or a rule: for a hover, and as a page to open.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::TempDir;
use url::Url;

use super::work::Opened;
use crate::checks::{Catalogue, theme_of};
use crate::diagnostics::{Verdict, suppression};
use crate::docs;
use crate::files::open;
use crate::lang::{Lang, Text};
use crate::messages::{self, Message};
use crate::report::markdown;
use crate::session::Session;

/// The id under which the whole catalogue is explained.
pub const INDEX: &str = "catalogue";

/// What the names of the folders of explanations begin with, in the folder of temporary files.
const PREFIX: &str = "cadrage-explications-";

/// The file of such a folder that its server keeps locked for as long as it lives.
const LOCK: &str = ".cadrage-lock";

/// A folder for explanations, removed when it is dropped.
#[derive(Debug)]
pub struct Folder {
    // closed before the folder is removed
    _lock: File,
    folder: TempDir,
}

impl Folder {
    /// A folder of this server's own.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new() -> io::Result<Self> {
        Self::within(&std::env::temp_dir())
    }

    /// The same below `place`, where those of servers that were killed are removed.
    fn within(place: &Path) -> io::Result<Self> {
        sweep(place);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place)?;
        // locked before it has its name: who sweeps finds none but those in use, or left
        let lock = tempfile::NamedTempFile::new_in(folder.path())?;
        // where locks are not to be had, nothing is swept either
        let _ = lock.as_file().try_lock();
        let _lock = lock.persist(folder.path().join(LOCK))?;
        Ok(Self { _lock, folder })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders of servers that had no time to.
fn sweep(place: &Path) {
    let ours = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(PREFIX) && entry.file_type().is_ok_and(|kind| kind.is_dir());
    for entry in fs::read_dir(place).into_iter().flatten().flatten().filter(ours) {
        let left = open(&entry.path().join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok());
        if left {
            // another user's, or one that another server removes too, is none of ours to remove
            let _ = fs::remove_dir_all(entry.path());
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_of_servers_that_were_killed_are_removed() {
        let place = tempfile::tempdir().unwrap();
        let living = Folder::within(place.path()).unwrap();
        let killed = place.path().join(format!("{PREFIX}tue"));
        fs::create_dir_all(killed.join("1")).unwrap();
        fs::write(killed.join(LOCK), "").unwrap();
        let other = place.path().join("autre");
        fs::create_dir(&other).unwrap();
        let next = Folder::within(place.path()).unwrap();
        assert!(!killed.exists() && living.path().exists() && next.path().exists() && other.exists());
        let path = next.path().to_owned();
        drop(next);
        assert!(!path.exists());
    }
}
