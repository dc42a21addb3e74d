//! Layers that lay over a form when it was captured: a cookie wall, a pop-up.
//!
//! Judged from boxes and paint order alone; without layout there is nothing to say.

use crate::artifact::{Dom, NodeId, Rect};

use super::text::text_of;

/// A layer covers a form when it lies over this share of the form's part in the window …
const COVERED_SHARE: f64 = 0.3;
/// … or over this share of the window itself: it stays there wherever the visitor scrolls.
const WALL_SHARE: f64 = 0.6;

/// A layer over the page.
pub struct Layer {
    node: NodeId,
    bounds: Rect,
    paint_order: i64,
    /// Its first words.
    pub words: String,
}

/// Everything of the top document that is fixed over the page, visible and takes clicks.
pub fn find(dom: &Dom) -> Vec<Layer> {
    if !dom.has_layout {
        return Vec::new();
    }
    let mut layers: Vec<Layer> = Vec::new();
    for id in dom.elements() {
        let node = dom.node(id);
        let Some(layout) = &node.layout else { continue };
        let fixed = layout.style("position") == "fixed" && layout.style("pointer-events") != "none";
        let shown = fixed && node.document == 0 && dom.visible(id) == Some(true);
        if !shown || layout.bounds.area() < 10_000.0 || !painted(dom, id) {
            continue;
        }
        if layers.iter().any(|layer| dom.contains(layer.node, id)) {
            continue;
        }
        layers.push(Layer {
            node: id,
            bounds: layout.bounds,
            paint_order: deepest_paint(dom, id),
            words: text_of(dom, id).chars().take(120).collect(),
        });
    }
    layers
}

/// The layer that covers a form's box, if any.
pub fn covering<'a>(layers: &'a [Layer], dom: &Dom, form: NodeId) -> Option<&'a Layer> {
    let bounds = dom.bounds(form)?;
    let order = dom.node(form).layout.as_ref()?.paint_order;
    let window = dom.bounds(dom.documents.first()?.root)?;
    let shared = |one: &Rect, other: &Rect| one.intersection(other).map_or(0.0, |r| r.area());
    layers.iter().find(|layer| {
        let wall = shared(&layer.bounds, &window) >= WALL_SHARE * window.area();
        let over = bounds
            .intersection(&window)
            .is_some_and(|shown| shared(&layer.bounds, &shown) >= COVERED_SHARE * shown.area());
        !dom.contains(layer.node, form) && layer.paint_order > order && (wall || over)
    })
}

/// An empty, see-through box covers nothing a person would notice.
fn painted(dom: &Dom, id: NodeId) -> bool {
    let solid = |at: NodeId| {
        dom.node(at).layout.as_ref().is_some_and(|layout| {
            let colour = layout.style("background-color");
            !(colour.is_empty() || colour == "transparent" || colour.ends_with(", 0)"))
        })
    };
    solid(id) || dom.descendants(id).take(50).any(solid)
}

fn deepest_paint(dom: &Dom, id: NodeId) -> i64 {
    std::iter::once(id)
        .chain(dom.descendants(id).take(200))
        .filter_map(|at| dom.node(at).layout.as_ref())
        .map(|layout| layout.paint_order)
        .max()
        .unwrap_or_default()
}
