//! Landing-page consent capture scanner.
#![forbid(unsafe_code)]
pub mod artifact;
pub mod checks;
pub mod evaluate;
pub mod extract;
pub mod finding;
pub mod lexicon;
pub mod model;
pub mod ruleset;
pub mod fetch;
pub mod gate;
pub mod capture;
pub mod crawl;
pub mod report;
pub mod target;
pub mod pipeline;
pub mod browser;
pub mod cli;
pub mod diag;
