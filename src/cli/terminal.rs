//! What the surroundings say: language, colours, width.

use std::env;
use std::io::{self, IsTerminal};

use crate::lang::Lang;

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether what is written to `stream` is coloured.
    pub(super) fn on(self, stream: &impl anstream::stream::RawStream) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                // which forces nothing when it says so, whatever `anstream` makes of it
                let unforced = env::var_os("CLICOLOR_FORCE").is_some_and(|value| value == "0");
                anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never && (!unforced || stream.is_terminal())
            }
        }
    }
}

/// Whether the terminal on standard output follows links (OSC 8).
pub(super) fn follows_links() -> bool {
    supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
}

/// English when the locale says so, French otherwise.
pub(super) fn language() -> Lang {
    let locale = ["LC_ALL", "LANG"].iter().filter_map(env::var_os).find(|value| !value.is_empty());
    match locale {
        Some(value) if value.to_string_lossy().to_lowercase().starts_with("en") => Lang::En,
        _ => Lang::Fr,
    }
}

/// Columns of what goes to a file.
pub(super) const FILE_WIDTH: usize = 80;

const LEAST_WIDTH: usize = 60;

/// Columns to write in: those of the terminal, within what reads well; those of a file otherwise.
pub(super) fn width() -> usize {
    columns().unwrap_or(FILE_WIDTH).clamp(LEAST_WIDTH, 120)
}

/// Columns of a line of a list: those of the terminal; what goes elsewhere is not cut.
pub(super) fn list_width() -> usize {
    columns().map_or(usize::MAX, |columns| columns.max(LEAST_WIDTH))
}

fn columns() -> Option<usize> {
    let stated = env::var("COLUMNS").ok().and_then(|value| value.parse().ok());
    let measured = || terminal_size::terminal_size().filter(|_| io::stdout().is_terminal()).map(|(width, _)| usize::from(width.0));
    stated.or_else(measured)
}
