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
mod payload;
mod pixels;
mod record;
mod snapshot;
mod told;
mod visit;

pub use decode::decode_html;
pub use dom::{Data, Document, Dom, Layout, Node, NodeId, STYLES};
pub use facts::{Gap, Moment, Rect};
pub use markup::{MARKUP_LIMIT, PDF_TEXT, parse as parse_markup};
pub use payload::payload_fields;
pub use pixels::Pixels;
pub use record::*;
pub use snapshot::{FrameSnapshot, parse as parse_snapshot, parse_with_frames};
pub use told::Told;
pub use visit::*;
