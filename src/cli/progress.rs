//! A bar on standard error for runs that last, on a terminal.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::lang::Lang;
use crate::messages;

/// How long a run may last without one.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far a run has come; nothing is shown before [`PATIENCE`] has run out.
pub(super) struct Progress {
    bar: ProgressBar,
    since: Instant,
    wanted: bool,
}

impl Progress {
    /// Over a number of dossiers; never shown for one, nor when the user asked for quiet.
    pub(super) fn over(dossiers: usize, quiet: bool, lang: Lang) -> Self {
        let wanted = dossiers > 1 && !quiet && io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(Some(dossiers as u64), ProgressDrawTarget::hidden());
        let template = format!("{{bar:30}} {{pos}}/{{len}} {}", messages::DOSSIERS_WORD.get(lang));
        bar.set_style(ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, since: Instant::now(), wanted }
    }

    /// One dossier more is done.
    pub(super) fn step(&self) {
        if self.wanted && self.bar.is_hidden() && self.since.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    /// The run is over: the bar goes, so that the report stands alone.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
