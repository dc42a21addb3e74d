//! A judged scan to text or bytes, one file per format. Formats return; callers write.
#![deny(clippy::disallowed_methods)]

mod build;
mod document;

pub use build::{JudgedBy, PageParts, build};
pub use document::*;
