//! The addresses of files, as the client spells them. Two spellings may name one file (`l'eau.md`, `l%27eau.md`), and a client that
//! decodes them takes what is said under the one for what is said under the other: each file keeps one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use url::Url;

/// The file at an address, or the one that a text in no file yet is to become. Addresses of other schemes have paths that are none of
/// the disk, or of what an editor has beside it.
#[must_use]
pub fn file_of(uri: &Url) -> Option<PathBuf> {
    let own = matches!(uri.scheme(), "file" | "untitled");
    uri.to_file_path().ok().filter(|_| own)
}

/// The addresses under which the client has opened files.
#[derive(Debug, Default)]
pub struct Addresses(HashMap<PathBuf, Url>);

impl Addresses {
    /// The address of the file that is reported under `path`: the client's own, once it has opened the file.
    #[must_use]
    pub fn of(&self, path: &Path) -> Option<Url> {
        self.0.get(path).cloned().or_else(|| Url::from_file_path(path).ok())
    }

    /// Keeps the client's spelling of the address of a file; the one that it takes the place of.
    pub fn note(&mut self, path: &Path, uri: &Url) -> Option<Url> {
        // a name that is not UTF-8 is reported as near as can be
        let reported = PathBuf::from(path.to_string_lossy().into_owned());
        let before = self.of(&reported);
        self.0.insert(reported, uri.clone());
        before.filter(|before| before != uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_of_a_file_has_no_path() {
        let path = |uri: &str| file_of(&Url::parse(uri).unwrap());
        assert_eq!(path("file:///notes/a%20b.md"), path("untitled:///notes/a%20b.md"));
        assert!(path("file:///notes/a.md").is_some());
        for uri in ["git:///notes/a.md", "http://example.org/a.md", "untitled:Untitled-1"] {
            assert_eq!(path(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_file_has_the_address_that_the_client_gives_it() {
        let mut addresses = Addresses::default();
        let uri = Url::parse("file:///notes/l%27eau.md").unwrap();
        let path = uri.to_file_path().unwrap();
        let own = addresses.of(&path).unwrap();
        assert_eq!(own.as_str(), "file:///notes/l'eau.md");
        assert_eq!(addresses.note(&path, &uri), Some(own));
        assert_eq!(addresses.of(&path), Some(uri.clone()));
        assert_eq!(addresses.note(&path, &uri), None);
    }
}
