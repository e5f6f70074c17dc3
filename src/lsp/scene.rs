//! An assessed dossier as a client sees it: its files under their addresses, places in the units agreed on.

use lsp_types::{Code, CodeDescription, Diagnostic as Shown, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, Message, Range};
use serde_json::{Value, json};
use url::Url;

use super::encoding::{Encoding, Places};
use super::pages;
use super::work::{Analysis, Trouble};
use crate::diagnostics::{Diagnostic, Kind, Severity};
use crate::lang::Lang;
use crate::text::{FileId, LineIndex, Span};

/// Name of the tool in diagnostics.
const SOURCE: &str = "cadrage";

/// What the client can do, as far as the server makes use of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Client {
    /// The unit of columns.
    pub encoding: Encoding,
    /// Shows related places.
    pub related: bool,
    /// Links codes.
    pub code_links: bool,
    /// Reads Markdown in hovers.
    pub markdown: bool,
    /// Reads Markdown beside completions.
    pub markdown_completion: bool,
    /// Takes edits with versions.
    pub document_changes: bool,
    /// Takes nested symbols.
    pub nested_symbols: bool,
    /// Opens documents when asked to.
    pub show_document: bool,
    /// Lets files be watched.
    pub watches: bool,
    /// Asks again for lenses when told to.
    pub lens_refresh: bool,
}

impl Client {
    /// Reads what a client said of itself when it began. What is not understood is taken for « no ».
    #[must_use]
    pub fn read(parameters: &Value) -> Self {
        let offered = parameters.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
        let encoding = offered.and_then(|names| names.iter().filter_map(Value::as_str).find_map(Encoding::named));
        let yes = |path: &str| parameters.pointer(&format!("/capabilities/{path}")).and_then(Value::as_bool).unwrap_or(false);
        // the first that is known is the one preferred
        let markdown = |path: &str| {
            let list = parameters.pointer(&format!("/capabilities/{path}")).and_then(Value::as_array);
            list.and_then(|list| list.iter().find(|value| *value == "markdown" || *value == "plaintext")).is_some_and(|value| value == "markdown")
        };
        Self {
            encoding: encoding.unwrap_or_default(),
            related: yes("textDocument/publishDiagnostics/relatedInformation"),
            code_links: yes("textDocument/publishDiagnostics/codeDescriptionSupport"),
            markdown: markdown("textDocument/hover/contentFormat"),
            markdown_completion: markdown("textDocument/completion/completionItem/documentationFormat"),
            document_changes: yes("workspace/workspaceEdit/documentChanges"),
            nested_symbols: yes("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            show_document: yes("window/showDocument/support"),
            watches: yes("workspace/didChangeWatchedFiles/dynamicRegistration"),
            lens_refresh: yes("workspace/codeLens/refreshSupport"),
        }
    }
}

/// A file of the dossier, for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFile {
    /// Its address.
    pub uri: Url,
    /// The version in the editor; `None` where it is not open.
    pub version: Option<i32>,
}

/// An assessed dossier as a client sees it.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The assessment.
    pub analysis: &'a Analysis,
    /// One a file of the dossier.
    pub files: &'a [OpenFile],
    /// The client.
    pub client: Client,
}

impl Scene<'_> {
    /// The language of messages.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.analysis.opened.session.lang
    }

    /// The file at an address.
    #[must_use]
    pub fn file(&self, uri: &Url) -> Option<FileId> {
        self.files.iter().position(|open| open.uri == *uri).map(|at| FileId(at as u32))
    }

    /// The file's entry.
    #[must_use]
    pub fn open_file(&self, file: FileId) -> &OpenFile {
        &self.files[file.0 as usize]
    }

    /// Where places are looked for in a file.
    #[must_use]
    pub fn places(&self, file: FileId) -> Places<'_> {
        let source = self.analysis.report.dossier.file(file);
        Places { text: &source.text, lines: &source.lines, encoding: self.client.encoding, skip_bom: self.open_file(file).version.is_none() }
    }

    /// The range of a span.
    #[must_use]
    pub fn range(&self, span: Span) -> Range {
        self.places(span.file).range(span.start, span.end)
    }

    /// The place of a span.
    #[must_use]
    pub fn location(&self, span: Span) -> Location {
        Location { uri: self.open_file(span.file).uri.clone(), range: self.range(span) }
    }

    /// The page that explains an id.
    #[must_use]
    pub fn page(&self, id: &str) -> Option<Url> {
        pages::address(&self.analysis.opened, id)
    }

    /// The diagnostics of a file, as they are published.
    #[must_use]
    pub fn diagnostics(&self, file: FileId) -> Vec<Shown> {
        self.analysis.report.diagnostics.iter().filter(|d| d.primary.file == file).map(|d| self.shown(d)).collect()
    }

    /// A diagnostic, as it is published.
    #[must_use]
    pub fn shown(&self, diagnostic: &Diagnostic) -> Shown {
        let label = |label: &crate::diagnostics::Label| DiagnosticRelatedInformation { location: self.location(label.span), message: label.message.clone() };
        let related = (self.client.related && !diagnostic.labels.is_empty()).then(|| diagnostic.labels.iter().map(label).collect());
        let link = self.client.code_links.then(|| self.page(&diagnostic.id)).flatten();
        Shown {
            range: self.range(diagnostic.primary),
            severity: Some(self.severity(diagnostic)),
            code: Some(Code::String(diagnostic.id.clone())),
            code_description: link.map(|href| CodeDescription { href }),
            source: Some(SOURCE.to_owned()),
            message: Message::String(diagnostic.told().into_owned()),
            tags: superfluous(diagnostic).then(|| vec![DiagnosticTag::Unnecessary]),
            related_information: related,
            data: Some(json!({ "fingerprint": diagnostic.fingerprint })),
        }
    }

    fn severity(&self, diagnostic: &Diagnostic) -> DiagnosticSeverity {
        // that a document frames no participation is only hinted at where nobody called it a dossier
        if self.analysis.report.out_of_scope && diagnostic.kind == Kind::Rule && !self.analysis.named {
            return DiagnosticSeverity::Hint;
        }
        match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Advice => DiagnosticSeverity::Information,
        }
    }
}

/// Whether the passage could be taken out without loss: a comment that silences nothing.
fn superfluous(diagnostic: &Diagnostic) -> bool {
    diagnostic.kind == Kind::Suppression && diagnostic.id == crate::diagnostics::suppression::UNUSED.id
}

/// What cannot be read, as a diagnostic of the file concerned.
#[must_use]
pub fn trouble(trouble: &Trouble, encoding: Encoding) -> Shown {
    let lines = LineIndex::new(&trouble.text);
    let places = Places { text: &trouble.text, lines: &lines, encoding, skip_bom: true };
    Shown {
        range: places.range(trouble.span.start as u32, trouble.span.end as u32),
        severity: Some(DiagnosticSeverity::Error),
        source: Some(SOURCE.to_owned()),
        message: Message::String(trouble.message.clone()),
        ..Shown::default()
    }
}
