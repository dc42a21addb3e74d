//! The picture of a capture as a place to look up colours in. The document says most of them; where a
//! picture or a gradient lies behind words, only the picture tells.
//!
//! A trait: whoever holds the files fills it, and decodes a picture only when somebody asks.

use super::facts::Rect;

/// Looks up what was painted.
pub trait Pixels {
    /// The colours within a box of a capture, row by row, each row as wide as the first number says;
    /// `None` where no picture shows the box.
    fn within(&self, capture: &str, area: Rect) -> Option<(usize, Vec<[u8; 3]>)>;
}
