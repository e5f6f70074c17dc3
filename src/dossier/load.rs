//! From paths to files: which files make a dossier, and reading them.

/// A text and the path under which it is reported.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path as reported, `/`-separated.
    pub path: String,
    /// The whole content.
    pub text: String,
}

/// Why a dossier could not be read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct LoadError {
    /// The path, as the user wrote it.
    pub path: String,
    /// What went wrong, in one sentence.
    pub message: String,
}

/// Reads dossiers from the disk.
#[derive(Debug, Default)]
pub struct Loader {}
