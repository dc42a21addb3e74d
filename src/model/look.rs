//! How something was painted in a capture: its box, its letters and colours, and what keeps a person from
//! seeing it. Extraction measures, checks compare; lengths are CSS pixels, contrasts those of WCAG 2.2.
//!
//! Only captures with layout give a look, and what could not be measured in one is `None`.

use crate::artifact::Rect;

/// How one thing was painted: a button, a link, the words of a passage or of a control.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The box that takes the click; of words, the box around them.
    pub bounds: Rect,
    /// What takes the click, in square pixels: of a link in running text the sum of its lines.
    pub area: f64,
    /// `None` where it shows no letters of its own: a picture, a box.
    pub letters: Option<Letters>,
    /// The ground of a button or a link; `None` where it could not be told.
    pub fill: Option<Fill>,
    /// Whether a line runs around or below it; `None` where the capture did not record it.
    pub border: Option<bool>,
    /// How it stands in the text around it, where it is a link in one.
    pub setting: Option<Setting>,
    /// Its words stand in a picture.
    pub pictured: bool,
    /// A style cuts its words short.
    pub cut: bool,
    /// It takes no clicks (yet).
    pub disabled: bool,
    /// All of it is in the window before anybody scrolls.
    pub in_view: bool,
    /// It stays in the window wherever the visitor scrolls.
    pub follows: bool,
    /// What it and everything around it let through, from 0 to 1.
    pub opacity: f64,
    /// The share of its words that a box cuts off, or keeps behind a scroll bar of its own.
    pub hidden_share: f64,
    pub veils: Vec<Veil>,
}

/// The letters of most of its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Letters {
    /// As painted, after zoom and transforms.
    pub size: f64,
    /// 400 is regular, 700 is bold.
    pub weight: f64,
    pub italic: bool,
    pub capitals: bool,
    /// `None` where the capture did not record what may draw a line.
    pub underlined: Option<bool>,
    /// Of the letters to what lies behind them.
    pub contrast: Option<f64>,
    /// The picture gave the contrast, not the styles alone.
    pub from_picture: bool,
    pub colour: Option<[u8; 3]>,
}

/// The ground that a button stands out by.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// Another colour than the page's, a gradient or a picture.
    pub filled: bool,
    /// Of the ground to the page behind it.
    pub contrast: f64,
    /// Of the ground's colour, in hundredths.
    pub saturation: f64,
    pub colour: [u8; 3],
}

/// How a link stands in the text around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Words of the whole text.
    pub words: usize,
    /// The share of them that stands before the link, in hundredths.
    pub before: f64,
    /// No other words stand on its lines.
    pub own_line: bool,
    /// To the nearest other words of the text above or below it.
    pub gap: Option<f64>,
    /// Of the link's colour to that of the text.
    pub contrast: Option<f64>,
    /// The two colours differ plainly, be it in hue alone.
    pub tinted: bool,
    /// The text's weight.
    pub weight: f64,
}

/// What keeps a person from seeing something that stands in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Veil {
    /// Nothing of it is painted.
    NotShown,
    /// It belongs to a part of the form that is not shown (yet), with other fields or buttons.
    NotYet,
    /// It stands in a block that the visitor has to open.
    Folded,
    /// A box cuts most of it off.
    Clipped,
    /// Most of it lies in the hidden part of an area with a scroll bar of its own.
    ScrolledAway,
    /// It lies outside the page.
    OffPage,
    /// Its box is too small to hold anything.
    Tiny,
    /// Something else is painted over it.
    Covered,
    /// It is marked as being for screen readers.
    ForReaders,
}

impl Veil {
    /// The name that reports translate.
    pub fn as_str(self) -> &'static str {
        match self {
            Veil::NotShown => "not_shown",
            Veil::NotYet => "not_yet",
            Veil::Folded => "folded",
            Veil::Clipped => "clipped",
            Veil::ScrolledAway => "scrolled_away",
            Veil::OffPage => "off_page",
            Veil::Tiny => "tiny",
            Veil::Covered => "covered",
            Veil::ForReaders => "for_readers",
        }
    }
}

impl Look {
    /// Whether a person can see it as far as boxes and layers tell; its colours are another matter.
    pub fn shown(&self) -> bool {
        self.veils.is_empty()
    }

    pub fn has(&self, veil: Veil) -> bool {
        self.veils.contains(&veil)
    }

    /// Whether it looks like something to press: a ground or a frame of its own, with room around its
    /// words. `None` where that could not be told.
    pub fn boxed(&self) -> Option<bool> {
        let line = self.letters.as_ref().map_or(0.0, |letters| letters.size);
        // A marked word has a ground too, but no room.
        if line > 0.0 && self.bounds.height < line * ROOM {
            return Some(false);
        }
        let ground = self.fill.as_ref().map(|fill| fill.filled);
        match (ground, self.border) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }
    }
}

/// A button is at least this many times as tall as its letters; a line of text is about one and a fifth.
const ROOM: f64 = 1.7;
