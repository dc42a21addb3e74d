//! How things were painted: measures the look of buttons, links and words in a document with layout.
//!
//! Styles and boxes tell most. Where they speak of a low contrast, a missing line below a link or a
//! missing ground, the stored picture is asked whether it shows the same, so that nobody is accused of
//! what a filter, a shadow or a drawn line makes right. It must not know which rules compare the looks.

use std::ops::Range;

use crate::artifact::{Dom, Layout, NodeId, Pixels, Rect};
use crate::model::{Fill, Letters, Look, Setting, Veil};

use super::colours::{Colour, contrast, rounded, saturation};
use super::labels::shows_picture;
use super::paint::{Clip, Ground, Paint};
use super::palette::Palette;

/// What the looks of one page are measured with.
pub struct PageSight<'a> {
    dom: &'a Dom,
    pixels: Option<&'a dyn Pixels>,
    paint: Paint<'a>,
    /// What a visitor sees before anybody scrolls.
    window: Rect,
}

/// The same for one form: what cuts off the whole form hides nothing within it.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    page: &'a PageSight<'a>,
    form: NodeId,
    /// Whether the picture is asked where styles leave a doubt.
    asks_picture: bool,
}

/// Below this, WCAG 2.2 (SC 1.4.3) calls words of ordinary size hard to read: the picture is asked.
const DOUBTFUL: f64 = 4.5;
/// Styles and picture may differ by these factors before they contradict each other.
const DOUBT_OF_LETTERS: f64 = 1.2;
const DOUBT_OF_GROUND: f64 = 1.6;
/// A line of text is about this many times as tall as its letters; below `SQUEEZED` or above `STRETCHED`
/// it was scaled.
const LINE_HEIGHT: f64 = 1.18;
const SQUEEZED: f64 = 0.95;
const STRETCHED: f64 = 2.4;
/// A box this narrow or low shows nothing: what screen readers alone are to find stands in one.
const TINY: f64 = 2.0;
/// What starts further to the right than this many windows is off the page.
const FAR_RIGHT: f64 = 3.0;
/// What lets this much through is not painted at all.
const CLEAR: f64 = 0.05;
/// A ground of a lower contrast to the page is none that anybody sees.
const SEEN_GROUND: f64 = 1.1;
/// Two colours that differ by this much in a channel (of 255) are seen to differ, whatever their contrast.
const TINTED: f64 = 80.0;
/// A line drawn below words is at most this thick.
const THIN: f64 = 4.0;
/// A box that is drawn for a link is at most this many times as large as it.
const WRAPPER: f64 = 3.0;
/// Nodes, lines and points that are looked at in one place.
const MOST_NODES: usize = 400;
const MOST_LINES: usize = 4;
const MOST_POINTS: usize = 3;
const MOST_HOLDERS: usize = 24;
/// Shares of what a box cuts off: below the one nothing is missing, above the other it is gone.
const WHOLE: f64 = 0.03;
const GONE: f64 = 0.5;
/// Classes of words that screen readers alone are to find.
const FOR_READERS: [&str; 6] = [
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "screen-reader-text",
    "screen-reader",
    "assistive-text",
];

impl<'a> PageSight<'a> {
    /// `None` where the document has no layout.
    pub fn new(dom: &'a Dom, pixels: Option<&'a dyn Pixels>) -> Option<Self> {
        let root = dom.documents.first()?.root;
        Some(PageSight {
            dom,
            pixels,
            paint: Paint::new(dom),
            window: dom.bounds(root).filter(|_| dom.has_layout)?,
        })
    }

    /// For the form at a node.
    pub fn of_form(&'a self, form: NodeId) -> Sight<'a> {
        Sight {
            page: self,
            form,
            asks_picture: true,
        }
    }
}

impl<'a> Sight<'a> {
    /// The same by styles and boxes alone: no picture is decoded.
    pub fn by_styles(&self) -> Sight<'a> {
        Sight {
            asks_picture: false,
            ..*self
        }
    }

    /// Width and height of the window.
    pub fn window(&self) -> (f64, f64) {
        (self.page.window.width, self.page.window.height)
    }

    /// Whether the text of a range reads on into or out of an element.
    pub fn reads(&self, range: &Range<NodeId>, element: NodeId) -> bool {
        range.start < self.page.dom.node(element).end && element < range.end
    }

    /// The look of a button or a link.
    pub fn element(&self, id: NodeId) -> Look {
        let dom = self.page.dom;
        let words = self.texts(id..dom.node(id).end);
        let mut look = self.words(&words);
        let Some(layout) = dom.node(id).layout.as_deref() else {
            look.veils = vec![self.unpainted(id)];
            return look;
        };
        // A link in running text is as large as its lines; anything else is as large as its box.
        if layout.style("display") != "inline" || words.is_empty() {
            look.bounds = layout.bounds;
            look.area = layout.bounds.area();
        }
        if words.is_empty() {
            look.letters = self.own_letters(id);
            look.pictured = look.letters.is_none();
        }
        let holders = self.holders(id, &words);
        look.border = self
            .border(&holders)
            .map(|drawn| drawn && self.frame_in_picture(id, &look.bounds) != Some(false));
        look.fill = self.fill(&holders, look.bounds);
        look.disabled = self.disabled(id);
        look.follows = self.page.paint.follows_window(id).is_some();
        look.opacity = self.page.paint.opacity(id);
        look.in_view = self.in_view(&look.bounds);
        // Its own box may cut its words short; what is around it may cut off the box.
        look.cut = look.hidden_share > WHOLE;
        let boxes = [look.bounds];
        look.hidden_share = self.hidden_share(id, &boxes);
        look.veils = self.veils(id, &boxes, look.hidden_share);
        if let Some(letters) = &mut look.letters {
            letters.underlined = self.underlined(id, &words);
        }
        look
    }

    /// The look of the words in a range of nodes.
    pub fn range(&self, range: Range<NodeId>) -> Look {
        self.words(&self.texts(range))
    }

    /// The look of a control's words: the text nodes below `labels` that its label is made of.
    pub fn label(&self, labels: &[NodeId], text: &str) -> Look {
        let dom = self.page.dom;
        let mut words: Vec<NodeId> = labels
            .iter()
            .flat_map(|&at| self.texts(at..dom.node(at).end))
            .filter(|&at| {
                dom.node(at)
                    .text()
                    .is_some_and(|part| text.contains(&folded(part)))
            })
            .collect();
        words.sort_unstable();
        words.dedup();
        let mut look = self.words(&words);
        let pictures = labels
            .iter()
            .find(|&&at| words.is_empty() && shows_picture(dom, at));
        if let Some(&picture) = pictures {
            look.pictured = true;
            look.bounds = dom.bounds(picture).unwrap_or_default();
            look.hidden_share = self.hidden_share(picture, &[look.bounds]);
            look.veils = self.veils(picture, &[look.bounds], look.hidden_share);
            look.in_view = self.in_view(&look.bounds);
        }
        look
    }

    /// How a link stands in the text of a range that holds it; `None` where it is all of it.
    pub fn setting(&self, link: NodeId, range: Range<NodeId>) -> Option<Setting> {
        let dom = self.page.dom;
        let within = link..dom.node(link).end;
        let all = self.texts(range);
        let (own, around): (Vec<NodeId>, Vec<NodeId>) =
            all.into_iter().partition(|at| within.contains(at));
        let count = |nodes: &[NodeId]| -> usize {
            let texts = nodes.iter().filter_map(|&at| dom.node(at).text());
            texts.map(|text| text.split_whitespace().count()).sum()
        };
        let words = count(&own) + count(&around);
        if own.is_empty() || count(&around) == 0 {
            return None;
        }
        let before: Vec<NodeId> = around.iter().copied().filter(|&at| at < link).collect();
        let (mine, theirs) = (self.lines(&own), self.lines(&around));
        let own_line = !mine
            .iter()
            .any(|one| theirs.iter().any(|other| on_one_line(one, other)));
        let apart = |one: &Rect| {
            let to = |other: &Rect| (other.y - one.bottom()).max(one.y - other.bottom());
            theirs.iter().map(to).fold(f64::INFINITY, f64::min)
        };
        let gap = mine.iter().map(apart).fold(f64::INFINITY, f64::min);
        let text = self.main(&around);
        let colour = |nodes: Option<Vec<NodeId>>| {
            let node = *nodes?.first()?;
            Some(Colour::read(self.page.paint.style(node, "color"))?.channels)
        };
        let colours = colour(text.clone()).zip(colour(self.main(&own)));
        let weight = text.as_ref().and_then(|nodes| nodes.first());
        let weight = weight.map_or("", |&at| self.page.paint.style(at, "font-weight"));
        Some(Setting {
            words,
            before: 100.0 * count(&before) as f64 / words as f64,
            own_line,
            gap: Some(gap.max(0.0)).filter(|gap| own_line && gap.is_finite()),
            contrast: colours.map(|(one, other)| contrast(one, other)),
            tinted: colours.is_some_and(|(one, other)| {
                let apart = one
                    .iter()
                    .zip(other)
                    .map(|(one, other)| (one - other).abs());
                apart.fold(0.0, f64::max) >= TINTED
            }),
            weight: weight.parse().unwrap_or(400.0),
        })
    }

    /// The size of the letters in a range of nodes, where they are seen.
    pub fn size(&self, range: Range<NodeId>) -> Option<f64> {
        let painted: Vec<NodeId> = self.texts(range);
        let main = self.main(&painted)?;
        self.size_of(*main.first()?)
    }

    /// The size of what is typed into a field.
    pub fn field_size(&self, id: NodeId) -> Option<f64> {
        let seen = self.page.dom.visible(id) == Some(true);
        number(self.page.paint.style(id, "font-size")).filter(|_| seen)
    }

    /// Whether what hides a node hides other parts of the form with it: a step that comes later, or the form
    /// as a whole.
    pub fn hidden_with(&self, id: NodeId, others: &[NodeId]) -> bool {
        let dom = self.page.dom;
        let unpainted = |at: &NodeId| {
            let layout = dom.node(*at).layout.as_deref();
            let number = |layout: &Layout| number(layout.style("opacity"));
            layout.is_none_or(|layout| {
                layout.style("visibility") == "hidden"
                    || number(layout).is_some_and(|opacity| opacity < CLEAR)
            })
        };
        let outermost = dom.ancestors(id).filter(unpainted).last();
        outermost.is_some_and(|at| others.iter().any(|&other| dom.contains(at, other)))
    }

    /// The text nodes of a range that hold something to read.
    fn texts(&self, range: Range<NodeId>) -> Vec<NodeId> {
        let readable = |&id: &NodeId| {
            let text = self.page.dom.node(id).text();
            text.is_some_and(|text| !text.trim().is_empty())
        };
        range.filter(readable).take(MOST_NODES).collect()
    }

    fn words(&self, nodes: &[NodeId]) -> Look {
        let lines = self.lines(nodes);
        let bounds = lines.iter().copied().reduce(|one, other| one.union(&other));
        let bounds = bounds.unwrap_or_default();
        let painted: Vec<NodeId> = nodes
            .iter()
            .copied()
            .filter(|&at| self.painted(at))
            .collect();
        let hidden_share = painted
            .first()
            .map_or(0.0, |&at| self.hidden_share(at, &lines));
        let veils = match (painted.first(), nodes.first()) {
            (Some(&at), _) => self.veils(at, &lines, hidden_share),
            (None, Some(&at)) => vec![self.unpainted(at)],
            (None, None) => vec![Veil::NotShown],
        };
        Look {
            bounds,
            area: lines.iter().map(Rect::area).sum(),
            letters: self.letters(&painted),
            fill: None,
            border: None,
            setting: None,
            pictured: false,
            cut: false,
            disabled: false,
            in_view: self.in_view(&bounds),
            follows: nodes
                .first()
                .is_some_and(|&at| self.page.paint.follows_window(at).is_some()),
            opacity: nodes.first().map_or(1.0, |&at| self.page.paint.opacity(at)),
            hidden_share,
            veils,
        }
    }

    fn painted(&self, id: NodeId) -> bool {
        let layout = self.page.dom.node(id).layout.as_deref();
        layout.is_some_and(|layout| {
            layout.bounds.area() > 0.0 && layout.style("visibility") != "hidden"
        })
    }

    /// The lines of text nodes, as far as they were painted.
    fn lines(&self, nodes: &[NodeId]) -> Vec<Rect> {
        let mut lines = Vec::new();
        for &id in nodes.iter().filter(|&&id| self.painted(id)) {
            let Some(layout) = self.page.dom.node(id).layout.as_deref() else {
                continue;
            };
            if layout.lines.is_empty() {
                lines.push(layout.bounds);
            } else {
                lines.extend(layout.lines.iter().take(MOST_NODES));
            }
        }
        lines
    }

    /// Those painted text nodes that share the look of most of the words.
    fn main(&self, nodes: &[NodeId]) -> Option<Vec<NodeId>> {
        let dom = self.page.dom;
        let mut looks: Vec<(*const Box<str>, usize, Vec<NodeId>)> = Vec::new();
        for &id in nodes.iter().filter(|&&id| self.painted(id)) {
            let node = dom.node(id);
            let (Some(layout), Some(text)) = (node.layout.as_deref(), node.text()) else {
                continue;
            };
            let (key, letters) = (layout.styles.as_ptr(), text.trim().chars().count());
            match looks.iter_mut().find(|(known, ..)| *known == key) {
                Some((_, count, members)) => {
                    *count += letters;
                    members.push(id);
                }
                None => looks.push((key, letters, vec![id])),
            }
        }
        // Of two as long, the first.
        let longest = looks.iter().map(|(_, count, _)| *count).max()?;
        let main = looks.into_iter().find(|(_, count, _)| *count == longest);
        main.map(|(.., members)| members)
    }

    fn letters(&self, painted: &[NodeId]) -> Option<Letters> {
        let main = self.main(painted)?;
        let first = *main.first()?;
        let layout = self.page.dom.node(first).layout.as_deref()?;
        let colour = Colour::read(layout.style("color"));
        let lines = self.lines(&main);
        let capitals = main.iter().filter(|&&at| self.capitals(at)).count();
        let (contrast, from_picture) = self.legibility(first, colour, &lines);
        Some(Letters {
            size: self.size_of(first)?,
            weight: number(layout.style("font-weight")).unwrap_or(400.0),
            italic: matches!(layout.style("font-style"), "italic" | "oblique"),
            capitals: 2 * capitals > main.len(),
            underlined: None,
            contrast,
            from_picture,
            colour: colour.map(|colour| rounded(colour.channels)),
        })
    }

    /// Of an `<input>` button, whose words are no nodes.
    fn own_letters(&self, id: NodeId) -> Option<Letters> {
        let node = self.page.dom.node(id);
        let value = node.filled("value");
        let words = value.filter(|_| node.attribute("type") != Some("image"))?;
        let layout = node.layout.as_deref()?;
        let colour = Colour::read(layout.style("color"));
        let (contrast, from_picture) = self.legibility(id, colour, &[inner(layout.bounds)]);
        let mut letters = words.chars().filter(|c| c.is_alphabetic()).peekable();
        Some(Letters {
            size: number(layout.style("font-size"))?,
            weight: number(layout.style("font-weight")).unwrap_or(400.0),
            italic: matches!(layout.style("font-style"), "italic" | "oblique"),
            capitals: letters.peek().is_some() && letters.all(char::is_uppercase),
            underlined: Some(false),
            contrast,
            from_picture,
            colour: colour.map(|colour| rounded(colour.channels)),
        })
    }

    fn capitals(&self, id: NodeId) -> bool {
        let layout = self.page.dom.node(id).layout.as_deref();
        layout.is_some_and(|layout| layout.capitals)
    }

    /// The font size as it was painted: zoom and transforms show in the height of the lines.
    fn size_of(&self, id: NodeId) -> Option<f64> {
        let layout = self.page.dom.node(id).layout.as_deref()?;
        let given = number(layout.style("font-size")).filter(|size| *size > 0.0)?;
        let line = layout.lines.first().unwrap_or(&layout.bounds);
        let ratio = line.height / given;
        let size = if (SQUEEZED..=STRETCHED).contains(&ratio) {
            given
        } else {
            line.height / LINE_HEIGHT
        };
        Some((size * 10.0).round() / 10.0)
    }

    /// The contrast of letters to what lies behind them, and whether the picture had to tell.
    fn legibility(
        &self,
        of: NodeId,
        colour: Option<Colour>,
        lines: &[Rect],
    ) -> (Option<f64>, bool) {
        let points: Vec<(f64, f64)> = lines.iter().take(MOST_POINTS).map(middle).collect();
        let mut best: Option<f64> = None;
        for &point in &points {
            // Clear letters may have their colour from a ground that is cut to their shape.
            let Some(colour) = colour.filter(|colour| colour.alpha >= CLEAR) else {
                break;
            };
            match self.page.paint.behind(of, colour, point) {
                (Ground::Colour(ground), words) => {
                    let here = contrast(ground, words);
                    best = Some(best.map_or(here, |known| known.max(here)));
                }
                (Ground::Picture, _) => {
                    best = None;
                    break;
                }
            }
        }
        // What is see-through lets a ground shine that styles alone do not give.
        let solid = colour.filter(|colour| colour.alpha * self.page.paint.opacity(of) > 0.99);
        match best {
            Some(styled) if styled >= DOUBTFUL => (Some(styled), false),
            Some(styled) => {
                let shown = self.palette(of, lines).and_then(|seen| seen.of_letters());
                let contradicted = shown.is_some_and(|shown| shown > styled * DOUBT_OF_LETTERS);
                (Some(styled).filter(|_| !contradicted), shown.is_some())
            }
            None => {
                let seen = self.palette(of, lines);
                let shown = match solid {
                    Some(colour) => seen.map(|seen| seen.to(colour.channels)),
                    // Thin letters never reach their colour in a picture: a low contrast says nothing.
                    None => seen
                        .and_then(|seen| seen.of_letters())
                        .filter(|shown| *shown >= DOUBTFUL),
                };
                (shown, shown.is_some())
            }
        }
    }

    /// The colours of the picture in some lines; `None` where something lies over them or there is no
    /// picture.
    fn palette(&self, of: NodeId, lines: &[Rect]) -> Option<Palette> {
        let pixels = self.page.pixels.filter(|_| self.asks_picture)?;
        let lines = &lines[..lines.len().min(MOST_LINES)];
        let free = |line: &Rect| !self.page.paint.overlaid(of, middle(line));
        // What follows the window stands elsewhere in the picture of the whole page.
        let moved = self.page.paint.follows_window(of).is_some();
        if moved || lines.is_empty() || !lines.iter().all(free) {
            return None;
        }
        let mut palette = Palette::default();
        for line in lines {
            let (_, colours) = pixels.within(&self.page.dom.capture, *line)?;
            palette.add(&colours);
        }
        (!palette.is_empty()).then_some(palette)
    }

    /// The elements that may be drawn as the box of a button or link: itself, what fills it from inside,
    /// and a box around it that holds nothing else to read.
    fn holders(&self, id: NodeId, words: &[NodeId]) -> Vec<NodeId> {
        let dom = self.page.dom;
        let bounds = dom.bounds(id).unwrap_or_default();
        let mut holders = vec![id];
        let fills = |&at: &NodeId| {
            let inside = dom.bounds(at).and_then(|b| b.intersection(&bounds));
            dom.node(at).is_element() && inside.is_some_and(|b| b.area() >= 0.6 * bounds.area())
        };
        holders.extend(dom.descendants(id).take(MOST_HOLDERS).filter(fills));
        let around = dom.ancestors(id).take(3).take_while(|&up| {
            let outer = dom.bounds(up).unwrap_or_default();
            outer.area() <= WRAPPER * bounds.area()
                && !matches!(dom.node(up).name(), "form" | "body" | "label")
                && self.texts(up..dom.node(up).end) == words
        });
        holders.extend(around);
        holders
    }

    fn border(&self, holders: &[NodeId]) -> Option<bool> {
        let widths = holders
            .iter()
            .map(|&at| number(self.page.paint.style(at, "border-bottom-width")));
        let widths: Vec<Option<f64>> = widths.collect();
        widths[0]?;
        Some(widths.into_iter().flatten().any(|width| width > 0.0))
    }

    fn fill(&self, holders: &[NodeId], bounds: Rect) -> Option<Fill> {
        let paint = &self.page.paint;
        let point = middle(&bounds);
        let drawn = holders
            .iter()
            .find_map(|&at| Some((at, paint.own(at, point)?)));
        let outer = paint.beneath(drawn.map_or(holders[0], |(at, _)| at), point);
        let shown = || self.picture_of_ground(holders[0], bounds);
        let (inside, around) = match (drawn.map(|(_, ground)| ground), outer) {
            (Some(Ground::Colour(inside)), Ground::Colour(around)) => (inside, around),
            (None, Ground::Colour(around)) => (around, around),
            // Nothing of its own lies over the picture.
            (None, Ground::Picture) => {
                let around = shown().map_or([255.0; 3], |(_, around)| around);
                (around, around)
            }
            _ => shown()?,
        };
        let styled = contrast(inside, around);
        if let Some((inside, around)) = shown() {
            let seen = contrast(inside, around);
            let apart = styled.max(seen) / styled.min(seen);
            if apart > DOUBT_OF_GROUND {
                return None;
            }
        }
        Some(Fill {
            filled: styled >= SEEN_GROUND,
            contrast: styled,
            saturation: saturation(inside),
            colour: rounded(inside),
        })
    }

    /// The colours that the picture shows most in a box, and around it.
    fn picture_of_ground(&self, of: NodeId, bounds: Rect) -> Option<([f64; 3], [f64; 3])> {
        let inside = self.palette(of, &[inner(bounds)])?.most();
        let (gap, thick) = (3.0, 4.0);
        let strip = |y: f64| Rect {
            x: bounds.x,
            y,
            width: bounds.width,
            height: thick,
        };
        let above = strip(bounds.y - gap - thick);
        let below = strip(bounds.bottom() + gap);
        let around = self.palette(of, &[above, below])?.most();
        Some((inside, around))
    }

    /// Whether the picture shows a line where the lower edge of a box is; `None` where there is no picture.
    fn frame_in_picture(&self, of: NodeId, bounds: &Rect) -> Option<bool> {
        let strip = |y: f64, height: f64| Rect {
            x: bounds.x + 0.2 * bounds.width,
            y,
            width: 0.6 * bounds.width,
            height,
        };
        let edge = self
            .palette(of, &[strip(bounds.bottom() - 1.0, 1.0)])?
            .most();
        let below = self
            .palette(of, &[strip(bounds.bottom() + 3.0, 4.0)])?
            .most();
        Some(contrast(edge, below) >= SEEN_GROUND)
    }

    /// Whether a line is drawn below the words of a link, in one of the ways that styles have for it.
    fn underlined(&self, id: NodeId, words: &[NodeId]) -> Option<bool> {
        let dom = self.page.dom;
        let inside = || std::iter::once(id).chain(dom.descendants(id).take(MOST_NODES));
        let elements = || inside().filter(|&at| dom.node(at).is_element());
        let paint = &self.page.paint;
        let bounds = dom.bounds(id).unwrap_or_default();
        let decorated = elements().any(|at| {
            paint
                .style(at, "text-decoration-line")
                .contains("underline")
        });
        let line = |at: NodeId| {
            let own = dom.bounds(at).unwrap_or_default();
            let thin = own.height > 0.0 && own.height <= THIN && own.width >= 0.5 * bounds.width;
            thin && paint.own(at, middle(&own)).is_some()
        };
        let bordered = || {
            elements()
                .any(|at| number(paint.style(at, "border-bottom-width")).is_some_and(|w| w > 0.0))
        };
        if decorated || bordered() || elements().skip(1).any(line) {
            return Some(true);
        }
        let recorded = !paint.style(id, "border-bottom-width").is_empty();
        let drawn = elements().any(|at| paint.style(at, "background-image") != "none");
        if !recorded || drawn {
            return None;
        }
        // A shadow can draw it, too.
        Some(self.line_in_picture(id, &self.lines(words)))
    }

    /// Whether the picture shows a line along the lower part of words.
    fn line_in_picture(&self, of: NodeId, lines: &[Rect]) -> bool {
        let Some(pixels) = self.page.pixels.filter(|_| self.asks_picture) else {
            return false;
        };
        lines.iter().take(MOST_LINES).any(|line| {
            let lower = Rect {
                y: line.y + 0.6 * line.height,
                height: 0.4 * line.height + THIN,
                ..*line
            };
            let seen = self.palette(of, &[*line]);
            let ground = seen.map(|seen| seen.most());
            let rows = pixels.within(&self.page.dom.capture, lower);
            let (Some(ground), Some((width, colours))) = (ground, rows) else {
                return false;
            };
            colours.chunks(width.max(1)).any(|row| {
                let other = |c: &&[u8; 3]| contrast(c.map(f64::from), ground) > SEEN_GROUND;
                row.iter().filter(other).count() * 10 >= row.len() * 9
            })
        })
    }

    fn clips(&self, id: NodeId) -> Vec<Clip> {
        let mut clips = self.page.paint.clips(id);
        clips.retain(|clip| !self.page.dom.contains(clip.node, self.form));
        clips
    }

    /// How much of some lines the boxes around them cut off.
    fn hidden_share(&self, id: NodeId, lines: &[Rect]) -> f64 {
        let clips = self.clips(id);
        let whole: f64 = lines.iter().map(Rect::area).sum();
        if clips.is_empty() || whole <= 0.0 {
            return 0.0;
        }
        let seen = |line: &Rect| {
            let mut left = Some(*line);
            for clip in &clips {
                left = left.and_then(|part| part.intersection(&clip.bounds));
            }
            left.map_or(0.0, |part| part.area())
        };
        (1.0 - lines.iter().map(seen).sum::<f64>() / whole).clamp(0.0, 1.0)
    }

    fn veils(&self, id: NodeId, boxes: &[Rect], hidden_share: f64) -> Vec<Veil> {
        let mut veils = Vec::new();
        let window = &self.page.window;
        // What lets everything through is shown later, as a page that fades in does, or never.
        let hidden = self.page.paint.style(id, "visibility") == "hidden"
            || self.page.paint.opacity(id) < CLEAR;
        let gone =
            |b: &Rect| b.right() <= 0.0 || b.bottom() <= 0.0 || b.x > FAR_RIGHT * window.right();
        let small = |b: &Rect| b.width <= TINY || b.height <= TINY;
        let clips = self.clips(id);
        if hidden || boxes.is_empty() {
            veils.push(Veil::NotShown);
        } else if boxes.iter().all(gone) {
            veils.push(Veil::OffPage);
        } else if boxes.iter().all(small) || clips.iter().any(|clip| small(&clip.bounds)) {
            veils.push(Veil::Tiny);
        } else if hidden_share > GONE {
            let scrolls = clips.iter().any(|clip| clip.scrolls);
            veils.push(if scrolls {
                Veil::ScrolledAway
            } else {
                Veil::Clipped
            });
        } else if self.covered(id, boxes) {
            veils.push(Veil::Covered);
        }
        let readers = !veils.is_empty() && self.for_readers(id);
        veils.extend(readers.then_some(Veil::ForReaders));
        veils
    }

    fn covered(&self, id: NodeId, boxes: &[Rect]) -> bool {
        let mut points = boxes.iter().take(MOST_POINTS).flat_map(|b| {
            let at = |x: f64| (b.x + x * b.width, b.y + 0.5 * b.height);
            [at(0.1), at(0.5), at(0.9)]
        });
        points.all(|point| self.page.paint.covered(id, point))
    }

    fn for_readers(&self, id: NodeId) -> bool {
        let dom = self.page.dom;
        let own = std::iter::once(id).chain(dom.ancestors(id).take(4));
        own.filter_map(|at| dom.node(at).filled("class"))
            .flat_map(str::split_whitespace)
            .any(|class| FOR_READERS.contains(&class.to_ascii_lowercase().as_str()))
    }

    /// Why nothing of a node was painted.
    fn unpainted(&self, id: NodeId) -> Veil {
        let dom = self.page.dom;
        let mut inside = std::iter::once(id).chain(dom.ancestors(id));
        let folded = inside.any(|at| {
            let node = dom.node(at);
            node.name() == "details" && node.attribute("open").is_none()
        });
        if folded { Veil::Folded } else { Veil::NotShown }
    }

    fn disabled(&self, id: NodeId) -> bool {
        let dom = self.page.dom;
        let node = dom.node(id);
        let group = |up: NodeId| {
            dom.node(up).name() == "fieldset" && dom.node(up).attribute("disabled").is_some()
        };
        node.attribute("disabled").is_some()
            || node.attribute("aria-disabled") == Some("true")
            || dom.ancestors(id).any(group)
    }

    fn in_view(&self, bounds: &Rect) -> bool {
        let window = &self.page.window;
        bounds.area() > 0.0
            && bounds.x >= window.x
            && bounds.y >= window.y
            && bounds.right() <= window.right()
            && bounds.bottom() <= window.bottom()
    }
}

/// A text with its white space as passages have it.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn middle(bounds: &Rect) -> (f64, f64) {
    (
        bounds.x + bounds.width / 2.0,
        bounds.y + bounds.height / 2.0,
    )
}

/// A box without its edges.
fn inner(bounds: Rect) -> Rect {
    let (x, y) = (0.08 * bounds.width, 0.15 * bounds.height);
    Rect {
        x: bounds.x + x,
        y: bounds.y + y,
        width: bounds.width - 2.0 * x,
        height: bounds.height - 2.0 * y,
    }
}

fn on_one_line(one: &Rect, other: &Rect) -> bool {
    let from = one.y.max(other.y);
    let to = one.bottom().min(other.bottom());
    to - from > 0.5 * one.height.min(other.height)
}

/// The number in front of a unit.
fn number(style: &str) -> Option<f64> {
    style.trim_end_matches("px").parse().ok()
}
