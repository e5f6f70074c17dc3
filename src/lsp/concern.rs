//! Which of the documents that a client opens are assessed.

use std::path::Path;

use url::Url;

use super::pages;
use crate::dossier::is_markdown;

/// Schemes under which something is written. Under others (`git:`, `http:`, the cell of a notebook…) an editor shows what stands
/// elsewhere, or a part of it.
const WRITTEN: [&str; 3] = ["file", "untitled", "buffer"];
/// What editors call the languages that a dossier may be in; what they call nothing may be one.
const LANGUAGES: [&str; 9] = ["", "gfm", "md", "mdx", "pandoc", "plaintext", "quarto", "rmd", "text"];

/// Whether a document is assessed: Markdown, in a file or in none yet, that is no explanation of the tool's own.
#[must_use]
pub fn concerns(uri: &Url, path: Option<&Path>, language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    let prose = language.starts_with("markdown") || LANGUAGES.contains(&language.as_str()) || path.is_some_and(is_markdown);
    WRITTEN.contains(&uri.scheme()) && prose && !path.is_some_and(pages::is_explanation)
}

#[cfg(test)]
mod tests {
    use super::super::addresses::file_of;
    use super::*;

    fn assessed(uri: &str, language: &str) -> bool {
        let uri = Url::parse(uri).unwrap();
        concerns(&uri, file_of(&uri).as_deref(), language)
    }

    #[test]
    fn markdown_is_assessed_where_it_is_written() {
        for (uri, language) in
            [("file:///notes/eau.md", "markdown"), ("file:///notes/eau.md", "mdc"), ("file:///notes/eau", "gfm"), ("untitled:Untitled-1", "markdown")]
        {
            assert!(assessed(uri, language), "{uri} {language}");
        }
        for (uri, language) in [
            ("file:///notes/cadrage.toml", "toml"),
            ("git:/notes/eau.md?%7B%22ref%22:%22~%22%7D", "markdown"),
            ("http://example.org/eau.md", "markdown"),
            ("vscode-notebook-cell:/notes/eau.ipynb#W0", "markdown"),
        ] {
            assert!(!assessed(uri, language), "{uri} {language}");
        }
    }
}
