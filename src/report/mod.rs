//! A judged scan to text or bytes, one file per format. Formats return; callers write.
#![deny(clippy::disallowed_methods)]

mod build;
mod document;
mod html;
mod pictures;
mod words;

pub use build::{JudgedBy, PageParts, build};
pub use document::*;
pub use html::{Embedded, html};
pub use pictures::{Mark, Pictures};
pub use words::ReportWords;
