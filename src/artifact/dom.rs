//! One document tree, whatever produced it: the browser's snapshot or plain markup.
//!
//! It holds what was recorded (elements, text, control states, boxes, styles) and answers structural
//! questions about it. It must not know what any of it means: no forms, no consent, no language.

use std::collections::HashMap;
use std::sync::Arc;

use super::facts::Rect;

/// Position of a node in [`Dom::nodes`]. Nodes are stored in document order, so the descendants of a
/// node are the ids between it and [`Node::end`].
pub type NodeId = usize;

/// All documents of one page at one moment: the top document first, then the documents of its frames.
#[derive(Debug, Default, Clone)]
pub struct Dom {
    /// The id of the capture that it was recorded in.
    pub capture: Arc<str>,
    pub nodes: Vec<Node>,
    pub documents: Vec<Document>,
    /// Whether boxes and styles were recorded. Without them every layout question is unknown.
    pub has_layout: bool,
    /// How often each `id` stands in each document.
    pub(super) ids: HashMap<(usize, Box<str>), u32>,
}

/// One document of the page.
#[derive(Debug, Default, Clone)]
pub struct Document {
    pub url: String,
    /// Chrome's id of the frame, empty in markup.
    pub frame: String,
    /// Which snapshot it came from: 0 for the page's own, else that of a frame with a process of its own.
    pub source: usize,
    pub title: String,
    /// The `Content-Language` the browser reported, empty where there was none.
    pub content_language: String,
    pub root: NodeId,
    /// The `<iframe>` that shows this document, in the parent document.
    pub owner: Option<NodeId>,
}

/// One node with what was recorded about it.
#[derive(Debug, Clone)]
pub struct Node {
    pub parent: Option<NodeId>,
    /// One past the last descendant.
    pub end: NodeId,
    pub document: usize,
    pub data: Data,
    /// Whether a checkbox or radio was on, or an option chosen; `None` where that means nothing.
    pub selected: Option<bool>,
    /// Chrome's own id of the node, the same at every moment of one visit.
    pub backend_id: i64,
    /// Its place among the siblings of the same name, from 1; 0 where it is the only one.
    pub nth: u32,
    /// Hidden by an attribute or an inline style, its own or an ancestor's.
    pub hidden_by_markup: bool,
    /// Scripts listen to clicks on it, or it is made to be clicked; known from the browser alone.
    pub clickable: bool,
    /// Painted with (nearly) no opacity, its own or an ancestor's.
    pub transparent: bool,
    pub layout: Option<Box<Layout>>,
}

/// What kind of node it is.
#[derive(Debug, Clone)]
pub enum Data {
    /// A document, a shadow root, a comment or a doctype.
    Other,
    Element {
        name: Box<str>,
        attributes: Box<[(Box<str>, Box<str>)]>,
    },
    Text(Box<str>),
}

/// Where and how a node was painted. Only nodes that were rendered have one.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// CSS pixels from the top document's origin.
    pub bounds: Rect,
    /// Higher is painted later, that is nearer to the viewer.
    pub paint_order: i64,
    /// The values of [`STYLES`], in that order. Nodes of one look share them.
    pub styles: Arc<[Box<str>]>,
    /// The lines of a text node that takes more than one.
    pub lines: Box<[Rect]>,
    /// A text node whose letters are painted as capitals, whatever the markup says.
    pub capitals: bool,
}

/// The computed styles that a full snapshot records, in the order of [`Layout::styles`]. Each costs about
/// three hundredths of a large page's snapshot: `docs/performance.md` has the price.
///
/// `overflow-y` speaks for both directions: where one of them cuts, CSS makes the other cut too.
pub const STYLES: [&str; 14] = [
    "display",
    "visibility",
    "opacity",
    "position",
    "pointer-events",
    "overflow-y",
    "font-size",
    "font-weight",
    "font-style",
    "color",
    "background-color",
    "background-image",
    "text-decoration-line",
    "border-bottom-width",
];

/// Those of captures made before there were fourteen; a stored capture is told by their number.
const EARLIER_STYLES: [&str; 12] = [
    "display",
    "visibility",
    "opacity",
    "position",
    "pointer-events",
    "overflow-x",
    "overflow-y",
    "font-size",
    "font-weight",
    "color",
    "background-color",
    "text-decoration-line",
];

impl Node {
    /// The element's name in lower case, empty for other nodes.
    pub fn name(&self) -> &str {
        match &self.data {
            Data::Element { name, .. } => name,
            _ => "",
        }
    }

    /// An attribute's value; `Some("")` for one without a value.
    pub fn attribute(&self, wanted: &str) -> Option<&str> {
        match &self.data {
            Data::Element { attributes, .. } => attributes
                .iter()
                .find(|(name, _)| &**name == wanted)
                .map(|(_, value)| &**value),
            _ => None,
        }
    }

    /// An attribute's value without the spaces around it, `None` where nothing is left.
    pub fn filled(&self, wanted: &str) -> Option<&str> {
        self.attribute(wanted)
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }

    pub fn is_element(&self) -> bool {
        matches!(self.data, Data::Element { .. })
    }

    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Layout {
    /// A recorded style, empty where the snapshot had none.
    pub fn style(&self, name: &str) -> &str {
        let recorded: &[&str] = if self.styles.len() == EARLIER_STYLES.len() {
            &EARLIER_STYLES
        } else {
            &STYLES
        };
        recorded
            .iter()
            .position(|known| *known == name)
            .and_then(|at| self.styles.get(at))
            .map_or("", |value| &**value)
    }
}

impl Dom {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// Every element, in document order.
    pub fn elements(&self) -> impl Iterator<Item = NodeId> + '_ {
        (0..self.nodes.len()).filter(|&id| self.nodes[id].is_element())
    }

    /// Every element with one of these names.
    pub fn named<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = NodeId> + 'a {
        self.elements()
            .filter(move |&id| names.contains(&self.nodes[id].name()))
    }

    /// The descendants of a node in document order, without the node itself. Documents of frames are
    /// trees of their own and not part of it.
    pub fn descendants(&self, id: NodeId) -> std::ops::Range<NodeId> {
        id + 1..self.nodes[id].end
    }

    pub fn contains(&self, ancestor: NodeId, id: NodeId) -> bool {
        ancestor <= id && id < self.nodes[ancestor].end
    }

    /// The parent, grandparent and so on up to the document.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.nodes[id].parent, |&up| self.nodes[up].parent)
    }

    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.nodes[id].end;
        std::iter::successors((id + 1 < end).then_some(id + 1), move |&child| {
            let next = self.nodes[child].end;
            (next < end).then_some(next)
        })
    }

    /// The nearest ancestor with one of these names.
    pub fn closest(&self, id: NodeId, names: &[&str]) -> Option<NodeId> {
        self.ancestors(id)
            .find(|&up| names.contains(&self.nodes[up].name()))
    }

    /// The `lang` in force at a node: its own or the nearest ancestor's.
    pub fn language_at(&self, id: NodeId) -> Option<&str> {
        std::iter::once(id)
            .chain(self.ancestors(id))
            .find_map(|at| self.nodes[at].filled("lang"))
    }

    /// Whether a person could see the node. `None` where nothing recorded decides it.
    ///
    /// With layout: it has a box with some area, is not `visibility: hidden` and no ancestor is fully
    /// transparent. Without: only what the markup itself hides is known to be hidden.
    pub fn visible(&self, id: NodeId) -> Option<bool> {
        if !self.has_layout {
            return self.nodes[id].hidden_by_markup.then_some(false);
        }
        let Some(layout) = &self.nodes[id].layout else {
            return Some(false);
        };
        let shown = layout.bounds.area() > 0.0
            && layout.style("visibility") != "hidden"
            && layout.bounds.right() > 0.0
            && layout.bounds.bottom() > 0.0
            && !self.nodes[id].transparent;
        Some(shown)
    }

    /// The node's box in CSS pixels, where layout was recorded.
    pub fn bounds(&self, id: NodeId) -> Option<Rect> {
        self.nodes[id].layout.as_ref().map(|layout| layout.bounds)
    }

    /// A selector that finds the node again in this document: from the nearest id, or from the top.
    ///
    /// Ids and names come from the page; they are quoted, never trusted.
    pub fn locator(&self, id: NodeId) -> String {
        let mut steps: Vec<String> = Vec::new();
        for at in std::iter::once(id).chain(self.ancestors(id)) {
            let node = &self.nodes[at];
            if !node.is_element() {
                continue;
            }
            if let Some(own) = node.filled("id")
                && own.len() <= 100
                && self.ids.get(&(node.document, own.into())) == Some(&1)
            {
                steps.push(format!("{}#{}", node.name(), css_identifier(own)));
                break;
            }
            steps.push(match node.nth {
                0 => node.name().to_string(),
                nth => format!("{}:nth-of-type({nth})", node.name()),
            });
            if matches!(node.name(), "body" | "html") || steps.len() >= 40 {
                break;
            }
        }
        steps.reverse();
        steps.join(" > ")
    }
}

/// Escapes an identifier for a selector, as CSSOM's "serialize an identifier" does for ASCII.
fn css_identifier(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' if at == 0 => out.push_str(&format!("\\{:x} ", c as u32)),
            c if c.is_alphanumeric() || c == '-' || c == '_' => out.push(c),
            c if c.is_control() => out.push_str(&format!("\\{:x} ", c as u32)),
            c => {
                out.push('\\');
                out.push(c);
            }
        }
    }
    out
}
