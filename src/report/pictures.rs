//! Cuts the places that findings point at out of the page's pictures, and marks them.
//!
//! Bytes in, bytes out: whoever calls reads the pictures and writes the cuts.

use std::collections::HashMap;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageEncoder, ImageReader, Rgb, RgbImage, imageops};

use crate::artifact::{Rect, ScreenshotRecord};

/// The pictures of a scan, by capture.
pub struct Pictures<'a> {
    by_capture: HashMap<&'a str, &'a [ScreenshotRecord]>,
    /// Reads a picture by its path.
    load: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    /// The picture decoded last: findings come page by page.
    last: Option<(String, RgbImage)>,
}

/// A piece of a picture that stands for itself.
#[derive(Debug, Clone)]
pub struct Cutout {
    /// In CSS pixels.
    pub width: u32,
    pub png: Vec<u8>,
}

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Failed,
    CantTell,
}

impl Mark {
    fn colour(self) -> Rgb<u8> {
        match self {
            Mark::Failed => Rgb([196, 22, 42]),
            Mark::CantTell => Rgb([178, 106, 0]),
        }
    }
}

/// Space around a marked place, in CSS pixels.
const MARGIN: f64 = 44.0;
/// A cut shows at least this much, so that its place on the page can be recognised.
const LEAST: (f64, f64) = (560.0, 130.0);
/// And at most this much.
const MOST: (f64, f64) = (1_280.0, 720.0);
/// A form's picture is at most this tall.
const MOST_FORM_HEIGHT: f64 = 1_600.0;
/// Thickness of a mark, in image pixels.
const LINE: u32 = 3;

impl<'a> Pictures<'a> {
    pub fn new(load: &'a dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        Pictures {
            by_capture: HashMap::new(),
            load,
            last: None,
        }
    }

    /// Adds the pictures of a capture.
    pub fn add(&mut self, capture: &'a str, screenshots: &'a [ScreenshotRecord]) {
        self.by_capture.insert(capture, screenshots);
    }

    /// The marked place as PNG; `None` where the capture has no picture of it.
    pub fn crop(&mut self, capture: &str, place: Rect, mark: Mark) -> Option<Vec<u8>> {
        let region = around(place);
        let (mut cut, scale, corner) = self.cut(capture, region)?;
        draw(&mut cut, place, mark, scale, corner);
        png(&cut)
    }

    /// A place as it is, with hardly anything around it.
    pub fn cutout(&mut self, capture: &str, place: Rect) -> Option<Cutout> {
        let edge = 6.0;
        let region = Rect {
            x: place.x - edge,
            y: place.y - edge,
            width: (place.width + 2.0 * edge).min(MOST.0),
            height: (place.height + 2.0 * edge).min(MOST.1),
        };
        let (cut, scale, _) = self.cut(capture, region)?;
        Some(Cutout {
            width: (f64::from(cut.width()) / scale).round() as u32,
            png: png(&cut)?,
        })
    }

    /// A form with everything marked in it, as JPEG.
    pub fn form(&mut self, capture: &str, form: Rect, marks: &[(Rect, Mark)]) -> Option<Vec<u8>> {
        let region = Rect {
            x: form.x - MARGIN,
            y: form.y - MARGIN,
            width: (form.width + 2.0 * MARGIN).min(MOST.0),
            height: (form.height + 2.0 * MARGIN).min(MOST_FORM_HEIGHT),
        };
        let (mut cut, scale, corner) = self.cut(capture, region)?;
        for (place, mark) in marks {
            draw(&mut cut, *place, *mark, scale, corner);
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 82)
            .write_image(
                &cut,
                cut.width(),
                cut.height(),
                image::ExtendedColorType::Rgb8,
            )
            .ok()?;
        Some(jpeg)
    }

    /// Cuts a region out of the tile that holds its top; gives the scale and the region's corner in CSS
    /// pixels.
    fn cut(&mut self, capture: &str, region: Rect) -> Option<(RgbImage, f64, (f64, f64))> {
        let tiles = self.by_capture.get(capture)?;
        let tile = tiles
            .iter()
            .rev()
            .find(|tile| tile.y <= region.y.max(0.0))?;
        let (path, scale, top) = (tile.path.clone(), tile.scale, tile.y);
        let picture = self.picture(&path)?;
        let left = (region.x.max(0.0) * scale) as u32;
        let up = ((region.y - top).max(0.0) * scale) as u32;
        if left >= picture.width() || up >= picture.height() {
            return None;
        }
        let width = ((region.right() * scale) as u32).saturating_sub(left);
        let height = (((region.bottom() - top) * scale) as u32).saturating_sub(up);
        let width = width.min(picture.width() - left);
        let height = height.min(picture.height() - up);
        if width < 8 || height < 8 {
            return None;
        }
        let cut = imageops::crop_imm(picture, left, up, width, height).to_image();
        let corner = (f64::from(left) / scale, f64::from(up) / scale + top);
        Some((cut, scale, corner))
    }

    fn picture(&mut self, path: &str) -> Option<&RgbImage> {
        if self.last.as_ref().is_none_or(|(known, _)| known != path) {
            let bytes = (self.load)(path)?;
            let reader = ImageReader::new(Cursor::new(bytes))
                .with_guessed_format()
                .ok()?;
            let picture = reader.decode().ok()?.into_rgb8();
            self.last = Some((path.to_string(), picture));
        }
        self.last.as_ref().map(|(_, picture)| picture)
    }
}

fn png(cut: &RgbImage) -> Option<Vec<u8>> {
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Default, FilterType::Adaptive)
        .write_image(
            cut,
            cut.width(),
            cut.height(),
            image::ExtendedColorType::Rgb8,
        )
        .ok()?;
    Some(png)
}

/// The region that a cut shows for a place.
fn around(place: Rect) -> Rect {
    let width = (place.width + 2.0 * MARGIN).clamp(LEAST.0, MOST.0);
    let height = (place.height + 2.0 * MARGIN).clamp(LEAST.1, MOST.1);
    // Tall places are shown from their top.
    let middle = place.x + place.width / 2.0;
    let y = if place.height + 2.0 * MARGIN > MOST.1 {
        place.y - MARGIN
    } else {
        place.y + place.height / 2.0 - height / 2.0
    };
    Rect {
        x: (middle - width / 2.0).max(0.0),
        y: y.max(0.0),
        width,
        height,
    }
}

/// Draws a box around a place.
fn draw(cut: &mut RgbImage, place: Rect, mark: Mark, scale: f64, corner: (f64, f64)) {
    let gap = 4.0;
    let x0 = ((place.x - corner.0 - gap) * scale).max(0.0) as u32;
    let y0 = ((place.y - corner.1 - gap) * scale).max(0.0) as u32;
    let x1 = ((place.right() - corner.0 + gap) * scale).max(0.0) as u32;
    let y1 = ((place.bottom() - corner.1 + gap) * scale).max(0.0) as u32;
    let (x1, y1) = (x1.min(cut.width() - 1), y1.min(cut.height() - 1));
    if x0 >= x1 || y0 >= y1 {
        return;
    }
    let colour = mark.colour();
    for y in y0..=y1 {
        for x in x0..=x1 {
            let edge = x < x0 + LINE || x + LINE > x1 || y < y0 + LINE || y + LINE > y1;
            if edge {
                cut.put_pixel(x, y, colour);
            }
        }
    }
}
