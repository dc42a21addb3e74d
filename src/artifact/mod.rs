//! What was recorded, as plain data: the records of a scan, and the documents of a page.
//!
//! Layer 0: it reads no file and knows no rule. The records are stored formats: a version in each,
//! unknown keys refused.
#![deny(clippy::disallowed_methods)]

mod builder;
mod decode;
mod dom;
mod facts;
mod markup;
mod record;
mod snapshot;
mod told;

pub use decode::decode_html;
pub use dom::{Data, Document, Dom, Layout, Node, NodeId, STYLES};
pub use facts::{Gap, Moment, Rect};
pub use markup::{MARKUP_LIMIT, PDF_TEXT, parse as parse_markup};
pub use record::*;
pub use snapshot::parse as parse_snapshot;
pub use told::Told;
