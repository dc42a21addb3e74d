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
