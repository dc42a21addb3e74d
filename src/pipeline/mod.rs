//! Wires the stages: `scan` is [`capture`] then [`judge`], over one folder.
//!
//! The only place that calls the stages in order, holds the clock and finds the rules. It must not
//! talk to people: what happens is told through [`Event`]s.

mod capture;
mod events;
mod judge;
mod machine;
mod output;
mod rules;
mod scan;

pub use events::{Event, Listener};
pub use judge::{JudgeError, JudgeOptions, Judged, judge};
pub use machine::{environment, no_sandbox_reason, sandbox_works};
pub use output::{OutputError, prepare};
pub use rules::{embedded_rules, load_rules, read_rules};
pub use scan::{ScanError, ScanRequest, UserAgent, run_capture};

/// Where the records of a capture stand in its folder.
pub(crate) const SCAN_FILE: &str = "captures/scan.json";
pub(crate) const PAGES_FILE: &str = "captures/pages.jsonl";
