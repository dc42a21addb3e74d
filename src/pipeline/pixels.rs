//! The stored pictures of a page as a place to look up colours in. A picture is decoded when a colour of it
//! is first asked for, and one at a time is kept.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::io::Cursor;

use image::{ImageReader, RgbImage};

use crate::artifact::{PageRecord, Pixels, Rect, ScreenshotRecord};
use crate::capture::Folder;

/// The pictures of one page.
pub struct StoredPixels {
    folder: Folder,
    by_capture: HashMap<String, Vec<ScreenshotRecord>>,
    /// The one decoded last, `None` within where it cannot be read.
    last: RefCell<Option<(String, Option<RgbImage>)>>,
}

/// A box of more pixels than this is sampled.
const MOST_PIXELS: u32 = 40_000;

impl StoredPixels {
    pub fn new(record: &PageRecord, folder: &Folder) -> Self {
        let pictured = record.captures.iter().filter(|c| !c.screenshots.is_empty());
        StoredPixels {
            folder: folder.clone(),
            by_capture: pictured
                .map(|capture| (capture.id.clone(), capture.screenshots.clone()))
                .collect(),
            last: RefCell::new(None),
        }
    }

    fn decoded(&self, path: &str) -> Option<RgbImage> {
        decode(&self.folder.read(path).ok()?)
    }
}

fn decode(bytes: &[u8]) -> Option<RgbImage> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    Some(reader.ok()?.decode().ok()?.into_rgb8())
}

/// One picture of a whole page, of whatever capture, one pixel for each of the page's.
pub struct PicturePixels {
    png: Vec<u8>,
    decoded: OnceCell<Option<RgbImage>>,
}

impl PicturePixels {
    pub fn new(png: Vec<u8>) -> Self {
        PicturePixels {
            png,
            decoded: OnceCell::new(),
        }
    }
}

impl Pixels for PicturePixels {
    fn within(&self, _: &str, area: Rect) -> Option<(usize, Vec<[u8; 3]>)> {
        let picture = self.decoded.get_or_init(|| decode(&self.png));
        cut(picture.as_ref()?, area, 1.0, 0.0)
    }
}

impl Pixels for StoredPixels {
    fn within(&self, capture: &str, area: Rect) -> Option<(usize, Vec<[u8; 3]>)> {
        let tiles = self.by_capture.get(capture)?;
        let tile = tiles.iter().rev().find(|tile| tile.y <= area.y)?;
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|(known, _)| *known != tile.path) {
            *last = Some((tile.path.clone(), self.decoded(&tile.path)));
        }
        let picture = last.as_ref()?.1.as_ref()?;
        cut(picture, area, tile.scale, tile.y)
    }
}

/// The pixels of a box, every one or evenly spread ones.
fn cut(picture: &RgbImage, area: Rect, scale: f64, y: f64) -> Option<(usize, Vec<[u8; 3]>)> {
    let to = |at: f64, most: u32| (at * scale).round().clamp(0.0, f64::from(most)) as u32;
    let (left, right) = (
        to(area.x, picture.width()),
        to(area.right(), picture.width()),
    );
    let (top, bottom) = (
        to(area.y - y, picture.height()),
        to(area.bottom() - y, picture.height()),
    );
    let (width, height) = (right.checked_sub(left)?, bottom.checked_sub(top)?);
    let apart = (width.saturating_mul(height) / MOST_PIXELS + 1) as usize;
    let columns: Vec<u32> = (left..right).step_by(apart).collect();
    let rows = (top..bottom).flat_map(|y| columns.iter().map(move |&x| picture.get_pixel(x, y).0));
    let colours: Vec<[u8; 3]> = rows.collect();
    (!colours.is_empty()).then_some((columns.len(), colours))
}
