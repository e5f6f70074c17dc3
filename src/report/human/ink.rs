//! Colours, and the writer that gives them to what `codespan-reporting` draws.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use anstyle_hyperlink::Hyperlink;
use codespan_reporting::diagnostic::{LabelStyle, Severity as Level};
use codespan_reporting::term::{GeneralWriteResult, WriteStyle};

use crate::diagnostics::{Severity, Verdict};

/// What styles are used for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    pub on: bool,
}

impl Palette {
    /// `text` in `style`.
    pub(super) fn paint(self, style: Style, text: &str) -> String {
        if self.on && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        self.paint(severity_style(severity).bold(), text)
    }

    /// `text` as a link to `address`, for terminals that follow them (OSC 8).
    pub(super) fn link(self, address: Option<&str>, text: &str) -> String {
        match address.filter(|_| self.on) {
            Some(address) => {
                let link = Hyperlink::with_url(address);
                format!("{link}{text}{link:#}")
            }
            None => text.to_owned(),
        }
    }

    pub(super) fn strong(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    pub(super) fn border(self, text: &str) -> String {
        self.paint(border_style(), text)
    }

    pub(super) fn verdict(self, verdict: Verdict, text: &str) -> String {
        let style = match verdict {
            Verdict::Satisfied => AnsiColor::Green.on_default(),
            Verdict::Unclear => AnsiColor::Yellow.on_default(),
            Verdict::Missing => AnsiColor::Red.on_default(),
            Verdict::NotApplicable => Style::new(),
        };
        self.paint(style, text)
    }
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default(),
        Severity::Warning => AnsiColor::Yellow.on_default(),
        Severity::Advice => AnsiColor::Cyan.on_default(),
    }
}

fn border_style() -> Style {
    AnsiColor::Blue.on_default()
}

/// The severity under which `codespan-reporting` draws ours.
pub(super) fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Advice => Level::Help,
    }
}

/// Takes what `codespan-reporting` draws of a passage, without the header line, which it words in English.
pub(super) struct Ink {
    palette: Palette,
    in_header: bool,
    style: Style,
    bytes: Vec<u8>,
}

impl Ink {
    pub(super) fn new(palette: Palette) -> Self {
        Self { palette, in_header: false, style: Style::new(), bytes: Vec::new() }
    }

    /// The lines drawn, without those that hold nothing but the border.
    pub(super) fn into_lines(self) -> Vec<String> {
        let drawn = String::from_utf8_lossy(&self.bytes);
        let bare = |line: &str| {
            let plain = anstream::adapter::strip_str(line).to_string();
            matches!(plain.trim(), "│" | "")
        };
        drawn.lines().filter(|line| !bare(line)).map(|line| line.trim_end().to_owned()).collect()
    }

    fn change(&mut self, style: Style) -> io::Result<()> {
        if self.palette.on && !self.in_header {
            write!(self.bytes, "{:#}{style}", self.style)?;
            self.style = style;
        }
        Ok(())
    }
}

impl Write for Ink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.in_header {
            self.bytes.extend_from_slice(bytes);
        } else if let Some(end) = memchr::memchr(b'\n', bytes) {
            self.in_header = false;
            self.bytes.extend_from_slice(&bytes[end + 1..]);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Ink {
    fn set_header(&mut self, _: Level) -> GeneralWriteResult {
        self.in_header = true;
        Ok(())
    }

    fn set_header_message(&mut self) -> GeneralWriteResult {
        Ok(())
    }

    fn set_line_number(&mut self) -> GeneralWriteResult {
        self.change(border_style())
    }

    fn set_note_bullet(&mut self) -> GeneralWriteResult {
        self.change(border_style())
    }

    fn set_source_border(&mut self) -> GeneralWriteResult {
        self.change(border_style())
    }

    fn set_label(&mut self, level: Level, label: LabelStyle) -> GeneralWriteResult {
        let severity = match level {
            Level::Bug | Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Help | Level::Note => Severity::Advice,
        };
        match label {
            LabelStyle::Primary => self.change(severity_style(severity).bold()),
            LabelStyle::Secondary => self.change(border_style().bold()),
        }
    }

    fn reset(&mut self) -> GeneralWriteResult {
        self.change(Style::new())
    }
}
