//! The small values that artifacts, models and findings share: a box, a gap, a moment, a fact that
//! may be unknown.
//!
//! Plain data; it must not know where any of it was seen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::told::Told;

/// A box in CSS pixels, from the top document's origin.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub fn area(&self) -> f64 {
        self.width.max(0.0) * self.height.max(0.0)
    }

    /// The part that two boxes share, `None` where they do not meet.
    pub fn intersection(&self, other: &Rect) -> Option<Rect> {
        let x = self.x.max(other.x);
        let y = self.y.max(other.y);
        let width = self.right().min(other.right()) - x;
        let height = self.bottom().min(other.bottom()) - y;
        (width > 0.0 && height > 0.0).then_some(Rect {
            x,
            y,
            width,
            height,
        })
    }

    /// The smallest box around both.
    pub fn union(&self, other: &Rect) -> Rect {
        let x = self.x.min(other.x);
        let y = self.y.min(other.y);
        Rect {
            x,
            y,
            width: self.right().max(other.right()) - x,
            height: self.bottom().max(other.bottom()) - y,
        }
    }

    /// As the report writes it: `[x, y, width, height]`, whole pixels.
    pub fn rounded(&self) -> [i64; 4] {
        [self.x, self.y, self.width, self.height].map(|v| v.round() as i64)
    }
}

/// When in a visit something was seen, in the order of the visit.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The received markup, before any script ran.
    #[default]
    Markup,
    /// The browser's `load` event.
    Load,
    /// Network and document have come to rest.
    Settled,
    /// The visitor has scrolled through the page.
    Scrolled,
    /// The form's fields have been filled in.
    Typed,
    /// The page was asked to send a wrong answer.
    ValidationError,
    /// A further step of a form.
    Step,
    /// What a way that is said to go on without consent led to.
    Refusal,
    /// The last button was pressed, with everything held.
    SubmitHeld,
}

impl Moment {
    pub fn as_str(self) -> &'static str {
        match self {
            Moment::Markup => "markup",
            Moment::Load => "load",
            Moment::Settled => "settled",
            Moment::Scrolled => "scrolled",
            Moment::Typed => "typed",
            Moment::ValidationError => "validation_error",
            Moment::Step => "step",
            Moment::Refusal => "refusal",
            Moment::SubmitHeld => "submit_held",
        }
    }
}

/// Something that a stage could not get, and why. Reports show every one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    pub what: Told,
    pub why: Told,
}

impl Gap {
    pub fn new(what: impl Into<Told>, why: impl Into<Told>) -> Self {
        Gap {
            what: what.into(),
            why: why.into(),
        }
    }
}
