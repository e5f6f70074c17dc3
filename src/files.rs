//! Reading one file of a known size: settings, baselines, the texts of dossiers.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::lang::Text;
use crate::messages;

/// A text larger than this, in bytes, is refused where no other limit is asked for.
pub const MAX_FILE_SIZE: u64 = 20_000_000;

/// A configuration or a file of checks larger than this, in bytes, is none, and is refused.
pub const MAX_SETTINGS_SIZE: u64 = 1_000_000;

/// The text of the regular file at `path`, of at most `limit` bytes.
///
/// # Errors
/// What is wrong with anything else: what is larger, what is no file, what is not UTF-8, what the system refuses.
pub fn read_text(path: &Path, limit: u64) -> Result<String, Text> {
    let refused = |error: io::Error| refusal(&error);
    let file = open(path).map_err(refused)?;
    if !file.metadata().map_err(refused)?.is_file() {
        return Err(messages::NOT_A_FILE.both(&[]));
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > limit {
        return Err(messages::MORE_BYTES.both(&[("limit", &limit)]));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        messages::NOT_UTF8.both(&[("line", &(1 + valid.iter().filter(|b| **b == b'\n').count()))])
    })
}

/// Why the system refused: in the reader's language for what happens to people, else in the system's own words.
#[must_use]
pub fn refusal(error: &io::Error) -> Text {
    let message = match error.kind() {
        io::ErrorKind::NotFound => messages::NO_SUCH_FILE,
        io::ErrorKind::PermissionDenied => messages::PERMISSION_DENIED,
        io::ErrorKind::IsADirectory => messages::IS_A_FOLDER,
        io::ErrorKind::NotADirectory => messages::NOT_A_FOLDER,
        io::ErrorKind::StorageFull => messages::NO_SPACE_LEFT,
        io::ErrorKind::ReadOnlyFilesystem => messages::READ_ONLY,
        _ if is_circle(error) => messages::LINKS_IN_A_CIRCLE,
        _ => return Text::same(error),
    };
    message.both(&[])
}

/// Whether links lead to one another for ever.
fn is_circle(error: &io::Error) -> bool {
    // the standard library has no stable name for it
    #[cfg(unix)]
    let code = Some(libc::ELOOP);
    #[cfg(not(unix))]
    let code = None;
    code.is_some() && error.raw_os_error() == code
}

/// The path of what is at `path`, links followed; of what is not there, or not yet, the one that it would have in its folder.
#[must_use]
pub fn whole(path: &Path) -> PathBuf {
    let in_folder = || Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

/// The folder that the file at `path` is in: the working folder, `.`, where the path names none.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Opens a file for reading. What has come to stand in its place since it was looked at (a FIFO that nobody writes to) is not
/// waited for.
pub(crate) fn open(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.read(true).open(path)
}
