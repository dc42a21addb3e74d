//! Progress bars, on standard error and only on a terminal.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::pipeline::{Event, Listener};

use super::args::TalkArgs;

/// A bar for one scan.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub fn new(talk: &TalkArgs) -> Self {
        let hidden = talk.quiet || talk.no_progress;
        let target = if hidden {
            ProgressDrawTarget::hidden()
        } else {
            // Draws nothing where standard error is no terminal.
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos}/{len} {bar:24} {wide_msg}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(150));
        Progress { bar }
    }

    /// What follows the events of a capture.
    pub fn listener(&self) -> Arc<Listener> {
        let bar = self.bar.clone();
        let open: Mutex<Vec<String>> = Mutex::default();
        Arc::new(move |event| {
            let mut open = open
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            match event {
                Event::Planned(pages) => bar.set_length(pages as u64),
                Event::PageStarted { url, .. } => open.push(url),
                Event::PageDone { url, status, .. } => {
                    open.retain(|other| *other != url);
                    bar.inc(1);
                    tracing::info!("{}: {url}", status.as_str());
                }
            }
            bar.set_message(open.join("  "));
        })
    }

    pub fn say(&self, what: &'static str) {
        self.bar.set_message(what);
    }

    /// Takes the bar away.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}
