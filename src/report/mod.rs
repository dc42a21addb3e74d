//! A judged scan to text or bytes, one file per format. Formats return; callers write.
#![deny(clippy::disallowed_methods)]

mod build;
mod choice;
mod csv;
mod document;
mod format;
mod html;
mod junit;
mod line;
mod located;
mod markdown;
mod pages;
mod pictures;
mod printed;
mod rule_page;
mod threshold;
mod visits;
mod words;

pub use build::{JudgedBy, PageParts, build};
pub use document::*;
pub use format::Format;
pub use html::{Embedded, html};
pub use located::details;
pub use pictures::{Cutout, Mark, Pictures};
pub use printed::{Printed, printed};
pub use rule_page::{rule_index, rule_page};
pub use threshold::Threshold;
pub use words::ReportWords;
