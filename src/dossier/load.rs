//! From paths to files: which files make a dossier, and reading them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::crowding::crowding;
use super::{BlockCache, Dossier, Link, LinkTarget};
use crate::files::{MAX_FILE_SIZE, open, refusal};
use crate::lang::{Lang, Text};
use crate::messages::{self, Message};

/// A text and the path under which it is reported.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path as reported, `/`-separated.
    pub path: String,
    /// The whole content.
    pub text: String,
}

/// Texts that are not on the disk, or not yet as they are, by path.
pub type Unsaved = BTreeMap<PathBuf, String>;

/// Why a file or dossier could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// Nothing at that path.
    NotFound {
        /// The path, as the user wrote it.
        path: String,
    },
    /// A folder without Markdown.
    NoMarkdown {
        /// The folder.
        path: String,
    },
    /// Not UTF-8.
    NotUtf8 {
        /// The file.
        path: String,
        /// 1-based line of the first wrong byte.
        line: usize,
        /// Its offset.
        offset: usize,
        /// The encoding it seems to be in.
        encoding: Option<&'static str>,
    },
    /// A document of another program.
    Foreign {
        /// The file.
        path: String,
        /// What it is, and what to do with it.
        what: Message,
    },
    /// Larger than the limit.
    TooLarge {
        /// The file.
        path: String,
        /// Its size in bytes, where it is known.
        size: Option<u64>,
        /// The limit in bytes.
        limit: u64,
    },
    /// Made of little else than signs or ends of lines.
    Crowded {
        /// The file.
        path: String,
        /// What there is too much of.
        what: Message,
        /// How much of it there may be.
        limit: u64,
    },
    /// Neither a file nor a folder.
    NotAFile {
        /// The path.
        path: String,
    },
    /// The system said no.
    Io {
        /// The path.
        path: String,
        /// Why.
        message: Text,
    },
}

impl LoadError {
    /// The path concerned, as the user wrote it.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::NotFound { path }
            | Self::NoMarkdown { path }
            | Self::NotUtf8 { path, .. }
            | Self::Foreign { path, .. }
            | Self::TooLarge { path, .. }
            | Self::Crowded { path, .. }
            | Self::NotAFile { path }
            | Self::Io { path, .. } => path,
        }
    }

    /// 1-based line concerned, where one is.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::NotUtf8 { line, .. } => Some(*line as u32),
            _ => None,
        }
    }

    /// What went wrong, in one sentence that begins with the path.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::NotFound { path } => messages::NOT_FOUND.fill(lang, &[("path", path)]),
            Self::NoMarkdown { path } => messages::NO_MARKDOWN.fill(lang, &[("path", path)]),
            Self::NotUtf8 { path, line, offset, encoding } => {
                let guess = encoding.map(|encoding| messages::LOOKS_LIKE.fill(lang, &[("encoding", &encoding)])).unwrap_or_default();
                messages::NOT_UTF8_AT.fill(lang, &[("path", path), ("line", line), ("offset", offset)]) + &guess
            }
            Self::Foreign { path, what } => format!("{path}{}{}", messages::COLON.get(lang), what.get(lang)),
            Self::TooLarge { path, size: None, limit } => messages::MORE_THAN.fill(lang, &[("path", path), ("limit", limit)]),
            Self::TooLarge { path, size: Some(size), limit } => messages::TOO_LARGE.fill(lang, &[("path", path), ("size", size), ("limit", limit)]),
            Self::Crowded { path, what, limit } => what.fill(lang, &[("path", path), ("limit", limit)]),
            Self::NotAFile { path } if path == "/dev/stdin" || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/") => {
                messages::STANDARD_INPUT.fill(lang, &[("path", path)])
            }
            Self::NotAFile { path } => messages::NEITHER_FILE_NOR_FOLDER.fill(lang, &[("path", path)]),
            Self::Io { path, message } => format!("{path}{}{}", messages::COLON.get(lang), message.get(lang)),
        }
    }
}

/// Reads dossiers from the disk.
#[derive(Debug, Clone)]
pub struct Loader<'a> {
    /// Files larger than this, in bytes, are refused.
    pub max_file_size: u64,
    /// What is known of the texts read before.
    pub cache: Option<&'a BlockCache>,
}

impl Default for Loader<'_> {
    fn default() -> Self {
        Self { max_file_size: MAX_FILE_SIZE, cache: None }
    }
}

impl<'a> Loader<'a> {
    /// With this limit on the size of files, or the usual one.
    #[must_use]
    pub fn of(max_file_size: Option<u64>) -> Self {
        Self { max_file_size: max_file_size.unwrap_or(MAX_FILE_SIZE), cache: None }
    }

    /// The same, with what is known of the texts read before.
    #[must_use]
    pub fn after(self, cache: &'a BlockCache) -> Self {
        Self { cache: Some(cache), ..self }
    }

    fn dossier(&self, path: String, sources: Vec<Source>) -> Dossier {
        match self.cache {
            Some(cache) => Dossier::from_sources_after(path, sources, cache),
            None => Dossier::from_sources(path, sources),
        }
    }

    /// Reads the dossier at `path`: a file, a folder of Markdown files, or `-` for standard input (reported as `stdin_name`).
    /// Files of a folder that cannot be read are left out and told in the second part.
    ///
    /// # Errors
    /// When nothing could be read.
    pub fn load(&self, path: impl AsRef<Path>, stdin_name: Option<&str>) -> Result<(Dossier, Vec<LoadError>), LoadError> {
        if path.as_ref() == Path::new("-") {
            let name = stdin_name.unwrap_or("<stdin>").to_owned();
            let mut bytes = Vec::new();
            let mut input = std::io::stdin().lock().take(self.max_file_size + 1);
            input.read_to_end(&mut bytes).map_err(|e| io_error(&name, &e))?;
            return Ok((self.read_bytes(&name, bytes)?, Vec::new()));
        }
        self.load_over(path, &Unsaved::default())
    }

    /// Reads the dossier at `path`, a file or a folder; the texts of `unsaved` win over what is on the disk, or are there in
    /// addition to it. Errors as [`Loader::load`].
    ///
    /// # Errors
    /// When nothing could be read.
    pub fn load_over(&self, path: impl AsRef<Path>, unsaved: &Unsaved) -> Result<(Dossier, Vec<LoadError>), LoadError> {
        let path = path.as_ref();
        let shown = slashed(path);
        if !unsaved.contains_key(path) {
            let meta = fs::metadata(path).map_err(|e| io_error(&shown, &e))?;
            if meta.is_dir() {
                return self.folder(path, unsaved);
            }
            if !meta.is_file() {
                return Err(LoadError::NotAFile { path: shown });
            }
        }
        let text = self.text(path, &shown, unsaved)?;
        let mut dossier = self.dossier(shown.clone(), vec![Source { path: shown, text }]);
        look_for_links(&mut dossier);
        Ok((dossier, Vec::new()))
    }

    /// The dossier made of `bytes` alone, reported as `name`.
    ///
    /// # Errors
    /// Bytes that are too many, or no UTF-8.
    pub fn read_bytes(&self, name: &str, bytes: Vec<u8>) -> Result<Dossier, LoadError> {
        let text = self.decode(name, bytes)?;
        Ok(Dossier::from_sources(name, vec![Source { path: name.to_owned(), text }]))
    }

    fn folder(&self, path: &Path, unsaved: &Unsaved) -> Result<(Dossier, Vec<LoadError>), LoadError> {
        let (mut files, mut errors) = markdown_files(path);
        files.extend(unsaved.keys().filter(|file| file.starts_with(path) && is_markdown(file) && !file.exists()).cloned());
        files.sort_by_cached_key(|file| reading_order(file, path));
        let mut sources = Vec::new();
        for file in &files {
            let shown = slashed(file.strip_prefix(".").unwrap_or(file));
            match self.text(file, &shown, unsaved) {
                Ok(text) => sources.push(Source { path: shown, text }),
                Err(error) => errors.push(error),
            }
        }
        if sources.is_empty() {
            return Err(errors.into_iter().next().unwrap_or_else(|| LoadError::NoMarkdown { path: slashed(path) }));
        }
        let mut dossier = self.dossier(slashed(path), sources);
        look_for_links(&mut dossier);
        Ok((dossier, errors))
    }

    fn text(&self, file: &Path, shown: &str, unsaved: &Unsaved) -> Result<String, LoadError> {
        unsaved.get(file).map_or_else(|| self.read(file, shown), |text| self.decode(shown, text.clone().into_bytes()))
    }

    fn read(&self, file: &Path, shown: &str) -> Result<String, LoadError> {
        let io = |e: &std::io::Error| io_error(shown, e);
        let handle = open(file).map_err(|e| io(&e))?;
        let meta = handle.metadata().map_err(|e| io(&e))?;
        if !meta.is_file() {
            return Err(LoadError::NotAFile { path: shown.to_owned() });
        }
        if meta.len() > self.max_file_size {
            return Err(LoadError::TooLarge { path: shown.to_owned(), size: Some(meta.len()), limit: self.max_file_size });
        }
        let mut bytes = Vec::with_capacity(meta.len() as usize + 1);
        // the file may have grown since
        handle.take(self.max_file_size + 1).read_to_end(&mut bytes).map_err(|e| io(&e))?;
        self.decode(shown, bytes)
    }

    fn decode(&self, shown: &str, bytes: Vec<u8>) -> Result<String, LoadError> {
        if bytes.len() as u64 > self.max_file_size {
            // no more was read
            return Err(LoadError::TooLarge { path: shown.to_owned(), size: None, limit: self.max_file_size });
        }
        if let Some((_, what)) = FOREIGN.iter().find(|(start, _)| bytes.starts_with(start)) {
            return Err(LoadError::Foreign { path: shown.to_owned(), what: *what });
        }
        // much faster than the standard library, which tells where the error is
        if let Ok(text) = simdutf8::basic::from_utf8(&bytes) {
            let crowded = |(what, limit)| LoadError::Crowded { path: shown.to_owned(), what, limit };
            return crowding(text, self.max_file_size).map_or_else(|| Ok(text.to_owned()), |found| Err(crowded(found)));
        }
        String::from_utf8(bytes).map_err(|e| {
            let offset = e.utf8_error().valid_up_to();
            let bytes = e.as_bytes();
            let line = 1 + bytes[..offset].iter().filter(|b| **b == b'\n').count();
            LoadError::NotUtf8 { path: shown.to_owned(), line, offset, encoding: guess_encoding(bytes) }
        })
    }
}

/// What the documents that people take for a text begin with: archives of Word, LibreOffice and spreadsheets, their older files, PDF.
const FOREIGN: [(&[u8], Message); 4] = [
    (b"PK\x03\x04", messages::OFFICE_DOCUMENT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", messages::OFFICE_DOCUMENT),
    (b"{\\rtf", messages::OFFICE_DOCUMENT),
    (b"%PDF-", messages::PDF_DOCUMENT),
];

fn guess_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, ..] => Some("UTF-16 (LE)"),
        [0xfe, 0xff, ..] => Some("UTF-16 (BE)"),
        _ if bytes.contains(&0) => None,
        _ if bytes.iter().any(|b| matches!(b, 0x80..=0x9f)) => Some("Windows-1252"),
        _ => Some("ISO-8859-1"),
    }
}

fn io_error(path: &str, error: &std::io::Error) -> LoadError {
    match error.kind() {
        std::io::ErrorKind::NotFound => LoadError::NotFound { path: path.to_owned() },
        _ => LoadError::Io { path: path.to_owned(), message: refusal(error) },
    }
}

/// What could not be walked through below `path`.
fn walk_error(path: &Path, error: &ignore::Error) -> LoadError {
    let message = || error.io_error().map_or_else(|| Text::same(error), refusal);
    let path = path_of(error).unwrap_or(path);
    LoadError::Io { path: slashed(path.strip_prefix(".").unwrap_or(path)), message: message() }
}

/// The path that an error of a walk is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// Whether the name of a file says that it is Markdown.
#[must_use]
pub fn is_markdown(file: &Path) -> bool {
    file.extension().is_some_and(|e| e.eq_ignore_ascii_case("md") || e.eq_ignore_ascii_case("markdown"))
}

/// Markdown files below `path`, what git and `.cadrageignore` ignore left out.
pub(crate) fn markdown_files(path: &Path) -> (Vec<PathBuf>, Vec<LoadError>) {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    let walk = walk(path);
    for entry in walk {
        match entry {
            Ok(entry) => {
                let (file, kind) = (entry.path(), entry.file_type());
                let shown = || slashed(file.strip_prefix(".").unwrap_or(file));
                if !is_markdown(file) || kind.is_none_or(|kind| kind.is_dir()) {
                    continue;
                }
                // what the name says is a text and cannot be read is told: a link that leads nowhere, a pipe
                match kind.filter(|kind| !kind.is_file()).map(|_| fs::metadata(file)) {
                    None => files.push(file.to_path_buf()),
                    Some(Ok(meta)) if meta.is_file() => files.push(file.to_path_buf()),
                    Some(Ok(meta)) if meta.is_dir() => {}
                    Some(Ok(_)) => errors.push(LoadError::NotAFile { path: shown() }),
                    Some(Err(error)) => errors.push(io_error(&shown(), &error)),
                }
            }
            Err(error) => errors.push(walk_error(path, &error)),
        }
    }
    (files, errors)
}

/// What is below `path`, what git and `.cadrageignore` ignore left out.
pub(crate) fn walk(path: &Path) -> ignore::Walk {
    WalkBuilder::new(path).require_git(false).add_custom_ignore_filename(".cadrageignore").build()
}

/// Tells the relative links whose file is there from those whose file is not.
fn look_for_links(dossier: &mut Dossier) {
    let folders: Vec<PathBuf> = dossier.files.iter().map(|f| Path::new(&f.path).parent().map(Path::to_path_buf).unwrap_or_default()).collect();
    for link in &mut dossier.links {
        if let Some(file) = link.file(&folders[link.span.file.0 as usize]) {
            link.target = if file.exists() { LinkTarget::Present } else { LinkTarget::Absent };
        }
    }
}

impl Link {
    /// The file that the link of a file in `folder` points to, where it is a relative one.
    #[must_use]
    pub fn file(&self, folder: &Path) -> Option<PathBuf> {
        let path = self.url.split(['#', '?']).next().unwrap_or_default();
        let scheme = path.split(['/', '.']).next().is_some_and(|head| head.contains(':'));
        if path.is_empty() || scheme || path.starts_with('/') || path.starts_with("www.") || path.contains('@') {
            return None;
        }
        Some(folder.join(percent_decoded(path.trim_start_matches("./"))))
    }
}

/// `%20` and the like, in a path; what is not such an escape is left as it is.
fn percent_decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = path.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(escape.unwrap_or(bytes[at]));
        at += if escape.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| path.to_owned())
}

/// Whether a file is read before the others of its folder: `README.md`, `index.md`.
#[must_use]
pub fn is_first(file: &Path) -> bool {
    file.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme") || stem.eq_ignore_ascii_case("index"))
}

/// In path order, but `README.md` and `index.md` before the other files of their folder.
fn reading_order(file: &Path, root: &Path) -> Vec<(bool, String)> {
    let below = file.strip_prefix(root).unwrap_or(file);
    let mut key: Vec<(bool, String)> = below.iter().map(|part| (true, part.to_string_lossy().into_owned())).collect();
    if let Some(last) = key.last_mut() {
        last.0 = !is_first(Path::new(&last.1));
    }
    key
}

/// `path` as it is reported; a name that is not UTF-8, as near as can be.
fn slashed(path: &Path) -> String {
    let path = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { path.into_owned() } else { path.replace(std::path::MAIN_SEPARATOR, "/") }
}
