//! Wires the stages: a scan is [`run_capture`] then [`judge`], over one folder.
//!
//! The only place that calls the stages in order, holds the clock and finds the rules. It must not
//! talk to people: what happens is told through [`Event`]s.

mod beside;
mod capture;
mod conditions;
mod digest;
mod events;
mod faces;
mod illustrate;
mod in_view;
mod judge;
mod keeping;
mod machine;
mod output;
mod pixels;
mod print;
mod publish;
mod redact;
mod rules;
mod scan;
mod seal;
mod stamp;
mod store;
mod together;
mod writing;

pub use beside::link_beside;
pub use capture::read_model;
pub use digest::digest_of;
pub use events::{Event, Listener};
pub use faces::{Device, FaceSettings, UserAgent};
pub use illustrate::CROP;
pub use illustrate::Illustrated;
pub use judge::{JudgeError, JudgeOptions, Judged, judge, stored_pages};
pub use keeping::{Outcome, Words, hold, named, prune, would_prune};
pub use machine::{environment, no_sandbox_reason, sandbox_works};
pub use output::{Occupied, OutputError, occupy};
pub use print::{NotPrinted, Printer};
pub use publish::{Written, publish, publish_judgement};
pub use redact::{Copied, parts, redact};
pub use rules::{
    embedded_captures, embedded_rules, layered_captures, layered_rules, load_rules, read_rules,
    used_rules,
};
pub use scan::{Captured, ScanError, ScanRequest, run_capture, scan_id};
pub use seal::{PACK, SealOptions, name_pack, of_judgement, seal, unpack};
pub use stamp::{stamps_of, timestamp};
pub use store::{Store, StoreError};

/// Where the records of a capture stand in its folder.
pub(crate) const SCAN_FILE: &str = "captures/scan.json";
pub(crate) const PAGES_FILE: &str = "captures/pages.jsonl";
