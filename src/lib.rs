//! Landing-page consent capture scanner.
#![forbid(unsafe_code)]
pub mod artifact;
pub mod extract;
pub mod lexicon;
pub mod model;
