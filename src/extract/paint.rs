//! What is painted beneath a place of the page, and what over it, from boxes, colours, opacities and the
//! order of painting.
//!
//! Where a picture or a gradient lies in between, styles tell nothing and the answer says so. It must not
//! know what stands at the place, nor why somebody asks.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;

use crate::artifact::{Dom, NodeId, Rect};

use super::colours::{Colour, WHITE, mix};

/// The painted boxes of a page, found when first asked for.
pub struct Paint<'a> {
    dom: &'a Dom,
    pieces: OnceCell<Pieces>,
    /// Pieces that were looked at so far.
    looked_at: Cell<usize>,
}

/// What lies behind a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ground {
    Colour([f64; 3]),
    /// A picture, a gradient, or a colour that is written in an unknown way.
    Picture,
}

/// A box that cuts off what stands in it.
#[derive(Debug, Clone, Copy)]
pub struct Clip {
    pub node: NodeId,
    pub bounds: Rect,
    /// It has a scroll bar for what it hides.
    pub scrolls: bool,
}

/// A box with a ground of its own.
#[derive(Debug)]
struct Piece {
    node: NodeId,
    bounds: Rect,
    order: i64,
    ground: Ink,
}

#[derive(Debug, Clone, Copy)]
enum Ink {
    Colour(Colour),
    Picture,
}

#[derive(Debug, Default)]
struct Pieces {
    /// In the order of painting.
    all: Vec<Piece>,
    /// The pieces that touch each band of the page.
    bands: HashMap<i64, Vec<u32>>,
    /// Those that touch very many.
    tall: Vec<u32>,
    /// What lies behind everything, by document; `None` where the frame shows what is behind it.
    canvas: Vec<Option<Ink>>,
}

/// Height of a band, and the height from which a piece is looked at everywhere, in CSS pixels.
const BAND: f64 = 256.0;
const TALL: f64 = 4_096.0;
/// Pieces that are looked at for one page; whoever stacks more gets no colours told. One whose clips are
/// followed counts for several.
const MOST_LOOKED_AT: usize = 3_000_000;
const CLIPPED: usize = 40;
/// Ancestors that are climbed.
const MOST_ANCESTORS: usize = 400;
/// A ground that lets less than this through hides what is behind it.
const OPAQUE: f64 = 0.99;
/// A layer that lets less than this through covers what it lies over.
const COVERS: f64 = 0.9;

impl<'a> Paint<'a> {
    pub fn new(dom: &'a Dom) -> Self {
        Paint {
            dom,
            pieces: OnceCell::new(),
            looked_at: Cell::new(0),
        }
    }

    /// A recorded style of a node, empty where there is none.
    pub fn style(&self, id: NodeId, name: &str) -> &'a str {
        let layout = self.dom.node(id).layout.as_deref();
        layout.map_or("", |layout| layout.style(name))
    }

    /// What lies behind words of this colour at a point, and the words as they are seen over it.
    /// `of` is the node that holds them: what is painted up to it counts.
    pub fn behind(&self, of: NodeId, colour: Colour, point: (f64, f64)) -> (Ground, [f64; 3]) {
        let order = self.order(of);
        self.composed(of, colour, point, |piece| {
            (piece.order, piece.node) <= (order, of)
        })
    }

    /// What lies behind a whole element at a point: all that is painted before it.
    pub fn beneath(&self, element: NodeId, point: (f64, f64)) -> Ground {
        let order = self.order(element);
        let inside = |piece: &Piece| self.dom.contains(element, piece.node);
        let before = |piece: &Piece| (piece.order, piece.node) < (order, element) && !inside(piece);
        self.composed(element, Colour::CLEAR, point, before).0
    }

    /// The ground that an element itself paints at a point, over what lies beneath it; `None` where it
    /// paints none there. `holder` is the element, or the box around it that is drawn for it.
    pub fn own(&self, holder: NodeId, point: (f64, f64)) -> Option<Ground> {
        if self.is_worn_out() {
            return Some(Ground::Picture);
        }
        let inside = |piece: &Piece| self.dom.contains(holder, piece.node);
        let most = self.dom.bounds(holder).map_or(0.0, |bounds| bounds.area());
        let covers = |piece: &Piece| {
            let shared = self
                .dom
                .bounds(holder)
                .and_then(|b| b.intersection(&piece.bounds));
            shared.is_some_and(|shared| shared.area() >= 0.6 * most)
        };
        let paints = self
            .at(holder, point)
            .into_iter()
            .any(|piece| inside(piece) && covers(piece));
        paints.then(|| {
            let order = self.order(holder);
            let counts = |piece: &Piece| {
                if inside(piece) {
                    covers(piece)
                } else {
                    (piece.order, piece.node) < (order, holder)
                }
            };
            self.composed(holder, Colour::CLEAR, point, counts).0
        })
    }

    /// Whether something opaque that does not follow the window lies over a point of an element.
    pub fn covered(&self, element: NodeId, point: (f64, f64)) -> bool {
        let order = self.order(element);
        self.at(element, point).into_iter().any(|piece| {
            let opaque = match piece.ground {
                Ink::Colour(colour) => colour.alpha * self.opacity(piece.node) >= COVERS,
                Ink::Picture => false,
            };
            opaque
                && piece.order > order
                && !self.dom.contains(element, piece.node)
                && self
                    .follows_window(piece.node)
                    .is_none_or(|layer| self.dom.contains(layer, element))
        })
    }

    /// Whether anything at all was painted over a point after a node.
    pub fn overlaid(&self, of: NodeId, point: (f64, f64)) -> bool {
        let order = self.order(of);
        self.is_worn_out()
            || self.at(of, point).into_iter().any(|piece| {
                let shows = match piece.ground {
                    Ink::Colour(colour) => colour.alpha * self.opacity(piece.node) > 0.02,
                    Ink::Picture => self.opacity(piece.node) > 0.02,
                };
                shows && piece.order > order && !self.dom.contains(of, piece.node)
            })
    }

    /// The boxes that cut off what stands in a node, from the inside out. The page's own window is none.
    pub fn clips(&self, id: NodeId) -> Vec<Clip> {
        let mut clips = Vec::new();
        let mut position = self.style(id, "position");
        for up in self.dom.ancestors(id).take(MOST_ANCESTORS) {
            let node = self.dom.node(up);
            let Some(layout) = &node.layout else { continue };
            if matches!(node.name(), "" | "html" | "body") {
                continue;
            }
            let own = layout.style("position");
            let holds = match position {
                "fixed" => false,
                "absolute" => own != "static",
                _ => true,
            };
            if !holds {
                continue;
            }
            position = own;
            let overflow = layout.style("overflow-y");
            if !matches!(overflow, "" | "visible") {
                clips.push(Clip {
                    node: up,
                    bounds: layout.bounds,
                    scrolls: matches!(overflow, "auto" | "scroll"),
                });
            }
        }
        clips
    }

    /// The product of the opacities of a node and everything around it.
    pub fn opacity(&self, id: NodeId) -> f64 {
        self.opacity_below(id, |_| false)
    }

    /// The layer that stays where the visitor scrolls, if the node is in one.
    pub fn follows_window(&self, id: NodeId) -> Option<NodeId> {
        let fixed = |at: &NodeId| matches!(self.style(*at, "position"), "fixed" | "sticky");
        let up = self.dom.ancestors(id).take(MOST_ANCESTORS);
        std::iter::once(id).chain(up).find(fixed)
    }

    fn order(&self, id: NodeId) -> i64 {
        let layout = self.dom.node(id).layout.as_deref();
        layout.map_or(0, |layout| layout.paint_order)
    }

    fn opacity_of(&self, id: NodeId) -> f64 {
        let node = self.dom.node(id);
        // Text nodes repeat the style of the element around them.
        let given = node.is_element().then(|| self.style(id, "opacity"));
        let opacity = given.and_then(|opacity| opacity.parse::<f64>().ok());
        opacity.map_or(1.0, |opacity| opacity.clamp(0.0, 1.0))
    }

    /// The same, up to the elements that `stop` names.
    fn opacity_below(&self, id: NodeId, stop: impl Fn(NodeId) -> bool) -> f64 {
        let up = self.dom.ancestors(id).take(MOST_ANCESTORS);
        let own = std::iter::once(id).chain(up);
        own.take_while(|&at| !stop(at))
            .map(|at| self.opacity_of(at))
            .product()
    }

    /// Paints the pieces that count, one over the other, each group of one opacity as a whole.
    fn composed(
        &self,
        of: NodeId,
        colour: Colour,
        point: (f64, f64),
        counts: impl Fn(&Piece) -> bool,
    ) -> (Ground, [f64; 3]) {
        let mut groups: Vec<NodeId> = std::iter::once(of)
            .chain(self.dom.ancestors(of).take(MOST_ANCESTORS))
            .filter(|&at| self.opacity_of(at) < 1.0)
            .collect();
        groups.reverse();
        let level = |node: NodeId| {
            groups
                .iter()
                .filter(|g| self.dom.contains(**g, node))
                .count()
        };
        let mut by_level: Vec<Vec<&Piece>> = vec![Vec::new(); groups.len() + 1];
        for piece in self.at(of, point).into_iter().filter(|piece| counts(piece)) {
            by_level[level(piece.node)].push(piece);
        }
        let (mut ground, mut known) = self.canvas(of, point);
        let mut under = Vec::with_capacity(groups.len());
        for (at, pieces) in by_level.iter().enumerate() {
            if at > 0 {
                under.push(ground);
            }
            for piece in pieces {
                match piece.ground {
                    Ink::Picture => known = false,
                    Ink::Colour(colour) => {
                        let through = self.opacity_below(piece.node, |up| groups.contains(&up));
                        let whole = colour.alpha * self.opacity(piece.node);
                        ground = colour.times(through).over(ground);
                        known |= whole >= OPAQUE;
                    }
                }
            }
        }
        let mut words = colour.over(ground);
        for (group, under) in groups.iter().zip(under).rev() {
            let opacity = self.opacity_of(*group);
            ground = mix(under, ground, opacity);
            words = mix(under, words, opacity);
        }
        let ground = if known && !self.is_worn_out() {
            Ground::Colour(ground)
        } else {
            Ground::Picture
        };
        (ground, words)
    }

    /// What lies behind everything of a node's document, and whether that is known.
    fn canvas(&self, of: NodeId, point: (f64, f64)) -> ([f64; 3], bool) {
        let document = self.dom.node(of).document;
        match self.pieces().canvas.get(document) {
            Some(Some(Ink::Colour(colour))) if colour.alpha >= OPAQUE => (colour.channels, true),
            Some(Some(Ink::Colour(colour))) => (colour.over(WHITE), true),
            Some(Some(Ink::Picture)) => (WHITE, false),
            _ => {
                let owner = self.dom.documents.get(document).and_then(|d| d.owner);
                // A frame comes before its document, so this ends.
                match owner.map(|owner| self.beneath(owner, point)) {
                    Some(Ground::Colour(ground)) => (ground, true),
                    Some(Ground::Picture) => (WHITE, false),
                    None => (WHITE, true),
                }
            }
        }
    }

    /// The pieces of a node's document at a point that no box around them cuts off there, in the order of
    /// painting.
    fn at(&self, of: NodeId, point: (f64, f64)) -> Vec<&Piece> {
        if self.is_worn_out() {
            return Vec::new();
        }
        let pieces = self.pieces();
        let document = self.dom.node(of).document;
        let band = pieces.bands.get(&band(point.1));
        let mut here: Vec<u32> = band.into_iter().flatten().copied().collect();
        here.extend(&pieces.tall);
        here.sort_unstable();
        let mut looked_at = self.looked_at.get() + here.len();
        let here = here.into_iter().map(|at| &pieces.all[at as usize]);
        let found = here.filter(|piece| {
            let within = self.dom.node(piece.node).document == document;
            if !within || !holds(&piece.bounds, point) {
                return false;
            }
            looked_at += CLIPPED;
            let clips = self.clips(piece.node);
            clips.iter().all(|clip| holds(&clip.bounds, point))
        });
        let found = found.collect();
        self.looked_at.set(looked_at);
        found
    }

    /// Whether so much was looked at that nothing more is told.
    fn is_worn_out(&self) -> bool {
        self.looked_at.get() > MOST_LOOKED_AT
    }

    fn pieces(&self) -> &Pieces {
        self.pieces.get_or_init(|| pieces(self.dom))
    }
}

fn holds(bounds: &Rect, (x, y): (f64, f64)) -> bool {
    bounds.x <= x && x < bounds.right() && bounds.y <= y && y < bounds.bottom()
}

fn band(y: f64) -> i64 {
    (y / BAND).floor() as i64
}

/// Elements that show a picture of their own.
const PICTURES: [&str; 7] = ["img", "video", "canvas", "svg", "object", "embed", "iframe"];

fn pieces(dom: &Dom) -> Pieces {
    let mut found = Pieces {
        canvas: vec![None; dom.documents.len()],
        ..Pieces::default()
    };
    // Nodes of one look share their styles: what those say is read once.
    let mut known: HashMap<*const Box<str>, Option<Ink>> = HashMap::new();
    let mut drawing_end = 0;
    for (id, node) in dom.nodes.iter().enumerate() {
        let Some(layout) = node.layout.as_deref().filter(|_| node.is_element()) else {
            continue;
        };
        if id < drawing_end {
            continue;
        }
        let own = known
            .entry(layout.styles.as_ptr())
            .or_insert_with(|| ink(layout));
        let (name, hidden) = (node.name(), layout.style("visibility") == "hidden");
        // The ground of the page is that of `html`, else that of `body`, whatever their boxes.
        if matches!(name, "html" | "body") && found.canvas[node.document].is_none() {
            found.canvas[node.document] = *own;
            continue;
        }
        if name == "svg" {
            drawing_end = node.end;
        }
        let image = name == "input" && node.attribute("type") == Some("image");
        let ground = if PICTURES.contains(&name) || image {
            Some(Ink::Picture)
        } else {
            *own
        };
        if let Some(ground) = ground.filter(|_| !hidden && layout.bounds.area() > 0.0) {
            found.all.push(Piece {
                node: id,
                bounds: layout.bounds,
                order: layout.paint_order,
                ground,
            });
        }
    }
    if let Some(canvas) = found.canvas.first_mut() {
        canvas.get_or_insert(Ink::Colour(Colour {
            channels: WHITE,
            alpha: 1.0,
        }));
    }
    found.all.sort_by_key(|piece| (piece.order, piece.node));
    for (at, piece) in found.all.iter().enumerate() {
        let at = at as u32;
        if piece.bounds.height >= TALL {
            found.tall.push(at);
            continue;
        }
        for band in band(piece.bounds.y)..=band(piece.bounds.bottom()) {
            found.bands.entry(band).or_default().push(at);
        }
    }
    found
}

/// The ground that styles give; `None` for none. Captures that did not record pictures behind elements
/// leave it open everywhere.
fn ink(layout: &crate::artifact::Layout) -> Option<Ink> {
    let image = layout.style("background-image");
    if image != "none" {
        return Some(Ink::Picture);
    }
    let colour = layout.style("background-color");
    match Colour::read(colour) {
        Some(colour) => (colour.alpha > 0.0).then_some(Ink::Colour(colour)),
        None => Some(Ink::Picture),
    }
}
