//! Takes the characters out of a PDF, with their places. The only place that knows the PDF library.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::Dict;
use hayro_interpret::hayro_syntax::object::String as PdfString;
use hayro_interpret::hayro_syntax::object::dict::keys::LANG;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask, interpret_page,
};

use crate::artifact::Told;

use super::layout::{Layout, Mark};
use super::{PdfText, Unreadable};

/// Pages that are read.
const MOST_PAGES: usize = 300;
/// Characters that are read.
const MOST_MARKS: usize = 2_000_000;
/// A file with fewer letters and digits is a picture of a text.
const LEAST_TEXT: usize = 20;
/// Glyphs are drawn in thousandths of the font's size.
const UNITS: f64 = 1_000.0;

/// Reads a file.
pub fn read(file: Vec<u8>) -> Result<PdfText, Unreadable> {
    let pdf = Pdf::new(file).map_err(|e| match e {
        LoadPdfError::Decryption(_) => Unreadable::Protected,
        LoadPdfError::Invalid => Unreadable::Damaged,
    })?;
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings {
        render_content: RenderContent::PAGE,
        ..InterpreterSettings::default()
    };
    let mut layout = Layout::default();
    let mut left_out = None;
    let mut marks_left = MOST_MARKS;
    for (at, page) in pdf.pages().iter().enumerate() {
        if at == MOST_PAGES || marks_left == 0 {
            left_out = Some(Told::of("first-pages").number("pages", at));
            break;
        }
        let upright = Affine::new(page.initial_transform(false).as_coeffs());
        let (width, height) = page.render_dimensions();
        let sheet = Rect::new(0.0, 0.0, width.into(), height.into());
        let mut context = Context::new(upright, sheet, &cache, pdf.xref(), settings.clone());
        let mut marks = Marks {
            most: marks_left,
            ..Marks::default()
        };
        interpret_page(page, &mut context, &mut marks);
        marks_left -= marks.marks.len();
        layout.page(marks.marks);
    }
    if layout.letters() < LEAST_TEXT {
        return Err(Unreadable::NoText);
    }
    Ok(PdfText {
        markup: layout.markup(language(&pdf).as_deref()),
        left_out,
    })
}

/// The language that the file declares.
fn language(pdf: &Pdf) -> Option<String> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    let declared = catalog.get::<PdfString<'_>>(LANG)?;
    let tag = std::str::from_utf8(declared.as_bytes()).ok()?;
    let plain = tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (plain && (2..=20).contains(&tag.len())).then(|| tag.to_string())
}

/// Collects what is written and nothing of what is drawn.
#[derive(Default)]
struct Marks {
    marks: Vec<Mark>,
    most: usize,
    /// Where the last run begins.
    run: usize,
}

impl Marks {
    /// Forgets the run that begins at `from` where the run before it was the same words in nearly the
    /// same place: words are drawn twice to look bold.
    fn forget_twin(&mut self, from: usize) {
        let (before, run) = (&self.marks[self.run..from], &self.marks[from..]);
        let same =
            |a: &Mark, b: &Mark| a.text == b.text && (a.x - b.x).hypot(a.y - b.y) < a.size * 0.08;
        if before.len() == run.len() && before.iter().zip(run).all(|(a, b)| same(a, b)) {
            self.marks.truncate(from);
        } else {
            self.run = from;
        }
    }
}

impl Device<'_> for Marks {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        let from = self.marks.len();
        for glyph in run.glyphs() {
            if self.marks.len() == self.most {
                break;
            }
            let Some(text) = glyph.as_unicode() else {
                continue;
            };
            let place = props.transform * glyph.transform();
            let [a, b, c, d, _, _] = place.as_coeffs();
            let size = c.hypot(d) * UNITS;
            let at = place * Point::ZERO;
            // Upright text alone: the rest is stamps and margins.
            let upright = a > 0.0 && b.abs() < a * 0.1;
            if !upright || !size.is_finite() || !at.x.is_finite() || !at.y.is_finite() {
                continue;
            }
            let width = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(drawn) => drawn.advance_width(),
            };
            self.marks.push(Mark {
                text: match text {
                    BfString::Char(c) => c.to_string(),
                    BfString::String(text) => text.chars().take(8).collect(),
                },
                x: at.x,
                y: at.y,
                size,
                width: width.map_or(size / 2.0, |width| f64::from(width) * a),
            });
        }
        self.forget_twin(from);
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
