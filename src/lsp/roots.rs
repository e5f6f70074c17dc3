//! Which dossier an open file belongs to.
//!
//! What the `dossiers` of the nearest `cadrage.toml` say holds: the outermost folder that matches, else the file itself. Where the
//! configuration names none, a file is a dossier by itself, unless the `README.md` or `index.md` of its folder links to it: the
//! folder is then written as one document, and is one dossier. The root of a repository is not taken for one, unless a
//! `cadrage.toml` stands there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ignore::gitignore::Gitignore;
use url::Url;

use crate::config::{FILE_NAME, Loaded, nearest_file};
use crate::dossier::{Dossier, Source, is_first, is_markdown};
use crate::files::{MAX_FILE_SIZE, read_text};

/// What is assessed as one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Root {
    /// All the Markdown files of a folder.
    Folder(PathBuf),
    /// One file.
    File(PathBuf),
    /// A text that is in no file.
    Untitled(Url),
}

/// A dossier and the configuration that it is assessed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The dossier.
    pub root: Root,
    /// Its `cadrage.toml`.
    pub config: Option<PathBuf>,
    /// Whether the configuration names it as a dossier.
    pub named: bool,
}

impl Root {
    /// Whether a file may be part of it.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        match self {
            Self::Folder(folder) => path.starts_with(folder),
            Self::File(file) => file == path,
            Self::Untitled(_) => false,
        }
    }
}

/// The configurations as they could last be read: while one is at fault, what it said before holds. The fault is told where the
/// dossier is assessed.
#[derive(Debug, Default)]
pub struct Configurations(HashMap<PathBuf, Loaded>);

impl Configurations {
    /// What the file at `path` says, or last said; nothing when it never could be read.
    fn read(&mut self, path: &Path) -> &Loaded {
        let kept = self.0.entry(path.to_owned()).or_default();
        if let Ok(loaded) = Loaded::read(path) {
            *kept = loaded;
        }
        kept
    }
}

/// The dossier of the file at `path`, an absolute path; `text` gives what an editor holds of a file.
#[must_use]
pub fn home(path: &Path, configurations: &mut Configurations, text: impl Fn(&Path) -> Option<String>) -> Home {
    let folder = path.parent().unwrap_or(path);
    let config = nearest_file(folder);
    let none = Loaded::default();
    let loaded = config.as_deref().map_or(&none, |file| configurations.read(file));
    if !loaded.config.dossiers.is_empty() {
        let folder = path.ancestors().skip(1).filter(|above| above.starts_with(&loaded.folder) && loaded.names(above)).last();
        let named = folder.is_some() || loaded.names(path);
        let root = folder.map_or_else(|| Root::File(path.to_owned()), |folder| Root::Folder(folder.to_owned()));
        return Home { root, config, named };
    }
    let repository = folder.join(".git").exists() && !folder.join(FILE_NAME).is_file();
    let linked = !repository && presents(folder, path, text);
    let root = if linked { Root::Folder(folder.to_owned()) } else { Root::File(path.to_owned()) };
    Home { root, config, named: false }
}

/// Whether the `README.md` or `index.md` of `folder` links to the file at `path`; or to another Markdown file of the folder, when
/// it is that file.
fn presents(folder: &Path, path: &Path, text: impl Fn(&Path) -> Option<String>) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    let mut first: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|file| is_markdown(file) && is_first(file)).collect();
    first.sort();
    first.iter().any(|first| {
        let Some(text) = text(first).or_else(|| read_text(first, MAX_FILE_SIZE).ok()) else { return false };
        let dossier = Dossier::from_sources("", vec![Source { path: String::new(), text }]);
        let mut linked = dossier.links.iter().filter_map(|link| link.file(folder));
        linked.any(|file| if first == path { file != *first && is_markdown(&file) && file.is_file() } else { file == path })
    })
}

/// Whether a file that is not on the disk yet would be left out of its dossier: by a name that is hidden, or by a file of those that
/// say what is ignored, the tool's own before those of git, the nearest first.
#[must_use]
pub fn left_out(path: &Path, root: &Root) -> bool {
    let Root::Folder(folder) = root else { return false };
    if path.exists() {
        return false;
    }
    let below = path.strip_prefix(folder).unwrap_or(path);
    let hidden = below.iter().any(|part| part.to_string_lossy().starts_with('.'));
    let files = [".cadrageignore", ".ignore", ".gitignore"].into_iter().flat_map(|name| path.ancestors().skip(1).map(move |above| above.join(name)));
    let said = |file: PathBuf| match Gitignore::new(&file).0.matched_path_or_any_parents(path, false) {
        ignore::Match::None => None,
        decided => Some(decided.is_ignore()),
    };
    hidden || files.filter(|file| file.is_file()).find_map(said).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn root(tree: &tempfile::TempDir, file: &str) -> (Root, bool) {
        let home = home(&tree.path().join(file), &mut Configurations::default(), |_| None);
        (home.root, home.named)
    }

    #[test]
    fn the_configuration_names_the_dossiers() {
        let tree =
            tree(&[("cadrage.toml", "dossiers = [\"notes/*\"]\n"), ("notes/eau/a.md", ""), ("notes/eau/plus/b.md", ""), ("notes/c.md", ""), ("d.md", "")]);
        let at = |name: &str| tree.path().join(name);
        assert_eq!(root(&tree, "notes/eau/a.md"), (Root::Folder(at("notes/eau")), true));
        assert_eq!(root(&tree, "notes/eau/plus/b.md"), (Root::Folder(at("notes/eau")), true));
        assert_eq!(root(&tree, "notes/c.md"), (Root::File(at("notes/c.md")), true));
        assert_eq!(root(&tree, "d.md"), (Root::File(at("d.md")), false));
    }

    #[test]
    fn a_fault_in_the_configuration_names_what_was_named_before() {
        let tree = tree(&[("cadrage.toml", "dossiers = [\"notes/*\"]\n"), ("notes/eau/a.md", "")]);
        let mut configurations = Configurations::default();
        let mut home = || home(&tree.path().join("notes/eau/a.md"), &mut configurations, |_| None);
        let named = home();
        assert_eq!(named.root, Root::Folder(tree.path().join("notes/eau")));
        fs::write(tree.path().join("cadrage.toml"), "dossiers = [\"notes/*\"]\nselcet = [\"x\"]\n").unwrap();
        assert_eq!(home(), named);
        fs::write(tree.path().join("cadrage.toml"), "").unwrap();
        assert_eq!(home().root, Root::File(tree.path().join("notes/eau/a.md")));
    }

    #[test]
    fn a_file_that_is_not_saved_yet_is_ignored_as_it_will_be() {
        let files = [(".cadrageignore", "brouillon*.md\n!brouillon-lu.md\n"), ("vieux/.gitignore", "*\n"), ("brouillon-1.md", "")];
        let tree = tree(&files);
        let root = Root::Folder(tree.path().to_owned());
        for (name, wanted) in [
            ("note.md", false),
            ("brouillon.md", true),
            ("plus/brouillon-2.md", true),
            ("brouillon-lu.md", false),
            ("vieux/note.md", true),
            ("vieux/plus/note.md", true),
            (".cache/note.md", true),
            // what is on the disk is the loader's to leave out
            ("brouillon-1.md", false),
        ] {
            assert_eq!(left_out(&tree.path().join(name), &root), wanted, "{name}");
        }
        assert!(!left_out(&tree.path().join("brouillon.md"), &Root::File(tree.path().join("brouillon.md"))));
    }

    #[test]
    fn a_readme_that_links_to_its_files_makes_one_dossier() {
        let tree = tree(&[("README.md", "# Note\n\n[quand](calendrier.md)\n"), ("calendrier.md", ""), ("autre.md", ""), ("seul/README.md", "# Note\n")]);
        let whole = (Root::Folder(tree.path().to_owned()), false);
        assert_eq!(root(&tree, "README.md"), whole);
        assert_eq!(root(&tree, "calendrier.md"), whole);
        assert_eq!(root(&tree, "autre.md"), (Root::File(tree.path().join("autre.md")), false));
        assert_eq!(root(&tree, "seul/README.md"), (Root::File(tree.path().join("seul/README.md")), false));
    }

    #[test]
    fn the_root_of_a_repository_is_no_dossier_unless_configured() {
        let files = [("README.md", "[quand](calendrier.md)\n"), ("calendrier.md", ""), (".git/HEAD", "")];
        let bare = tree(&files);
        assert_eq!(root(&bare, "README.md"), (Root::File(bare.path().join("README.md")), false));
        let configured = tree(&[files.as_slice(), &[("cadrage.toml", "")]].concat());
        assert_eq!(root(&configured, "README.md"), (Root::Folder(configured.path().to_owned()), false));
    }
}
