//! A sign of life where a person would wait.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Global;

/// Turns on standard error after a moment, if a person is there to see it.
pub(super) fn spinner(global: &Global, what: &'static str) -> ProgressBar {
    let seen = std::io::stderr().is_terminal() && global.quiet == 0;
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.set_draw_target(if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() });
    bar.set_style(ProgressStyle::default_spinner());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
