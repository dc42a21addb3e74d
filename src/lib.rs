//! Landing-page consent capture scanner.
//!
//! It visits a lead generator's collection forms as a person would, in a real Chrome; checks who
//! collects, what for, and whether the prospect actively consents; and keeps what shows it.
//!
//! The way of the data, each stage a function from one value to the next:
//!
//! ```text
//! target    what the user asked to look at
//! crawl     Target     -> Visits       which pages to open
//! capture   Visit      -> Capture      what the browser showed at each moment, stored as files
//! extract   Capture    -> PageModel    typed facts: forms, fields, controls, parties, links
//! evaluate  PageModels x Ruleset -> Findings
//! report    Findings   -> report.json, report.html
//! ```
//!
//! `ARCHITECTURE.md` says who may use whom; `tests/architecture.rs` keeps it so.

pub mod artifact;
pub mod browser;
pub mod capture;
pub mod checks;
pub mod cli;
pub mod crawl;
pub mod diag;
pub mod evaluate;
pub mod evidence;
pub mod extract;
pub mod fetch;
pub mod finding;
pub mod gate;
pub mod identity;
pub mod leaks;
pub mod lexicon;
pub mod model;
pub mod pipeline;
pub mod report;
pub mod ruleset;
pub mod target;
pub mod walk;
