//! Paths as they are shown: from the working folder on, for what reads a report finds files from there.

use std::env::current_dir;
use std::ffi::OsStr;
use std::fs::canonicalize;
use std::path::{Component, Path, PathBuf};

/// `path` from the working folder on, where it is below it; without what does not tell where it is.
pub(super) fn shown(path: impl AsRef<OsStr>) -> PathBuf {
    let path = Path::new(path.as_ref());
    if path.as_os_str().is_empty() {
        return path.to_owned();
    }
    let plain: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    let below = if plain.is_absolute() { below_here(&plain).unwrap_or(plain) } else { plain };
    if below.as_os_str().is_empty() { ".".into() } else { below }
}

fn below_here(path: &Path) -> Option<PathBuf> {
    let here = current_dir().ok()?;
    // links on the way may hide where it is, but what it is itself a link to is not it
    let through = || if path.is_dir() { canonicalize(path).ok() } else { Some(canonicalize(path.parent()?).ok()?.join(path.file_name()?)) };
    let below = |path: &Path| path.strip_prefix(&here).map(Path::to_path_buf).ok();
    below(path).or_else(|| below(&through()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_from_here_on() {
        let here = current_dir().unwrap();
        let at = |name: &str| shown(here.join(name));
        assert_eq!(at("src/./cli"), Path::new("src/cli"));
        assert_eq!(at("absent.md"), Path::new("absent.md"));
        assert_eq!(shown(&here), Path::new("."));
        for (given, expected) in [("./a.md", "a.md"), (".", "."), ("a//b/", "a/b"), ("../a", "../a"), ("-", "-"), ("", ""), ("/a/b.md", "/a/b.md")] {
            assert_eq!(shown(given), Path::new(expected), "{given}");
        }
    }
}
