//! What a person reads beside a control: the label, whichever way the page attaches it.
//!
//! Order: `aria-labelledby`, `<label for>` and wrapping labels, `aria-label`, the text that shares a
//! box with the control alone, the text right after or before it, the table cell beside it, `title`.
//! It must not know what the words mean.

use std::collections::HashMap;

use crate::artifact::{Dom, NodeId};

use super::regions::{Region, Regions, input_type};
use super::text::{Folded, is_block, text_of, text_without};

/// A control's label and the words around it.
#[derive(Debug, Clone, Default)]
pub struct Label {
    pub text: String,
    /// The text of the box that holds this control alone, where that is more than the label.
    pub context: String,
    /// Nothing ties the text to the control but its place on the page.
    pub guessed: bool,
    /// A picture stands where the words should.
    pub pictured: bool,
    /// Where the label stands, to mark it in a picture and not read it twice as a notice.
    pub nodes: Vec<NodeId>,
}

/// `<label for>` and ids of one page, found once.
#[derive(Debug, Default)]
pub struct LabelIndex<'a> {
    label_for: HashMap<(usize, &'a str), Vec<NodeId>>,
    ids: HashMap<(usize, &'a str), NodeId>,
}

/// Longer texts beside a control are not its label.
const LONGEST: usize = 3_000;

impl<'a> LabelIndex<'a> {
    pub fn new(dom: &'a Dom) -> Self {
        let mut index = LabelIndex::default();
        for id in dom.elements() {
            let node = dom.node(id);
            if node.name() == "label"
                && let Some(target) = node.filled("for")
            {
                index
                    .label_for
                    .entry((node.document, target))
                    .or_default()
                    .push(id);
            }
            if let Some(own) = node.filled("id") {
                index.ids.entry((node.document, own)).or_insert(id);
            }
        }
        index
    }

    fn referred(&self, dom: &Dom, id: NodeId, attribute: &str) -> Vec<NodeId> {
        let node = dom.node(id);
        node.filled(attribute)
            .into_iter()
            .flat_map(str::split_whitespace)
            .filter_map(|own| self.ids.get(&(node.document, own)).copied())
            .collect()
    }

    /// The label of a control.
    pub fn label(&self, dom: &Dom, regions: &Regions, region: &Region, id: NodeId) -> Label {
        let node = dom.node(id);
        let mut nodes = self.referred(dom, id, "aria-labelledby");
        if let Some(own) = node.filled("id") {
            let labels = self.label_for.get(&(node.document, own));
            nodes.extend(labels.into_iter().flatten().copied());
        }
        nodes.extend(dom.closest(id, &["label"]));
        nodes.sort_unstable();
        nodes.dedup();
        let named = nodes.clone();
        let mut text = joined(nodes.iter().map(|&at| own_text(dom, at)));
        if text.is_empty() && !matches!(node.name(), "input" | "select" | "textarea") {
            text = text_of(dom, id);
        }
        if text.is_empty() {
            nodes.clear();
            text = node.filled("aria-label").unwrap_or_default().to_string();
        }
        let block = own_block(dom, regions, region, id);
        if says_nothing(&text)
            && is_choice(dom, id)
            && let Some(picture) = picture_beside(dom, regions, id, &named, block)
        {
            return Label {
                pictured: true,
                nodes: vec![picture],
                ..Label::default()
            };
        }
        let mut context = block.map_or_else(String::new, |block| own_text(dom, block));
        let described = self.referred(dom, id, "aria-describedby");
        for at in described.into_iter().take(3) {
            if !block.is_some_and(|block| dom.contains(block, at)) {
                context = joined([context, text_of(dom, at)].into_iter());
            }
        }
        if context.len() > LONGEST {
            context.clear();
        }
        if says_nothing(&text) && !context.is_empty() {
            nodes.extend(block);
            let first = block
                .filter(|_| is_box(dom, id))
                .map(|block| first_after(dom, block, id))
                .filter(|first| !says_nothing(first));
            text = first.unwrap_or_else(|| context.clone());
        }
        let guessed = says_nothing(&text);
        if guessed {
            let (beside, at) = beside(dom, regions, id);
            nodes.extend(at);
            text = beside;
        }
        if says_nothing(&text) {
            text = ["title", "placeholder"]
                .iter()
                .find_map(|name| node.filled(name))
                .unwrap_or(&text)
                .to_string();
        }
        if context == text {
            context.clear();
        }
        Label {
            text,
            context,
            guessed,
            pictured: false,
            nodes,
        }
    }
}

/// Whether an element is turned on or off rather than filled in.
fn is_choice(dom: &Dom, id: NodeId) -> bool {
    is_box(dom, id) || !matches!(dom.node(id).name(), "input" | "select" | "textarea")
}

/// A picture smaller than this holds no words: an icon, a drawn box.
const WORDS_IN_PICTURE: (f64, f64) = (80.0, 9.0);

/// Whether a picture that is large enough to hold words, and says none, is painted in an element. Without
/// layout nobody knows how large one is.
pub fn shows_picture(dom: &Dom, id: NodeId) -> bool {
    let (width, height) = WORDS_IN_PICTURE;
    let inside = std::iter::once(id).chain(dom.descendants(id).take(200));
    inside
        .filter(|&at| dom.visible(at) == Some(true))
        .any(|at| {
            let bounds = dom.bounds(at).unwrap_or_default();
            let node = dom.node(at);
            let drawn = matches!(node.name(), "img" | "svg" | "canvas" | "object")
                && node.filled("alt").is_none();
            let layout = node.layout.as_deref();
            let behind = layout.map_or("", |layout| layout.style("background-image"));
            bounds.width >= width && bounds.height >= height && (drawn || behind.starts_with("url"))
        })
}

/// The picture that stands where the words of a box should: in its label, in the block it has for itself,
/// or in the cell beside it.
fn picture_beside(
    dom: &Dom,
    regions: &Regions,
    id: NodeId,
    named: &[NodeId],
    block: Option<NodeId>,
) -> Option<NodeId> {
    let silent = |&at: &NodeId| says_nothing(&own_text(dom, at)) && shows_picture(dom, at);
    // A cell with a control of its own is that control's.
    let free = |&at: &NodeId| {
        let next = regions.next_after(at);
        next.is_none_or(|member| member >= dom.node(at).end)
    };
    let cells = dom.closest(id, &["td", "th"]).and_then(|own| {
        let row = dom.node(own).parent?;
        let cells = dom.children(row).filter(move |&at| at != own);
        Some(cells.filter(|&at| matches!(dom.node(at).name(), "td" | "th")))
    });
    let cells = cells.into_iter().flatten().take(50).filter(free);
    let own = named.iter().copied().chain(block).chain([id]);
    own.chain(cells).find(silent)
}

/// A star or a dot is not a label.
fn says_nothing(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).count() < 2
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if out.contains(&part) {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&part);
    }
    out
}

/// The text of a label without what controls inside it show (options, a typed text, a caption).
fn own_text(dom: &Dom, label: NodeId) -> String {
    text_without(dom, label, |at| {
        matches!(dom.node(at).name(), "select" | "textarea" | "button")
    })
}

/// The largest element that holds this control and no other.
fn own_block(dom: &Dom, regions: &Regions, region: &Region, id: NodeId) -> Option<NodeId> {
    dom.ancestors(id)
        .take(8)
        .take_while(|&up| {
            up != region.root
                && dom.contains(region.root, up)
                && !matches!(dom.node(up).name(), "body" | "html" | "table" | "tbody")
                && regions.only_one_in(dom, up)
        })
        .last()
}

fn is_box(dom: &Dom, id: NodeId) -> bool {
    dom.node(id).name() == "input" && matches!(input_type(dom, id).as_str(), "checkbox" | "radio")
}

/// The first passage after a box in the block it has for itself: what follows explains.
fn first_after(dom: &Dom, block: NodeId, id: NodeId) -> String {
    let mut text = Folded::default();
    let mut at = dom.node(id).end;
    let mut open = dom.node(block).end;
    while at < dom.node(block).end {
        let node = dom.node(at);
        let boundary = at >= open || (node.is_element() && is_block(dom, at));
        if boundary && !says_nothing(text.so_far()) {
            break;
        }
        if node.is_element() && is_block(dom, at) {
            open = node.end;
        }
        if matches!(node.name(), "script" | "style" | "noscript") {
            at = node.end;
            continue;
        }
        match node.text() {
            Some(piece) => text.add(piece),
            None if node.name() == "br" => text.add(" "),
            None => {}
        }
        at += 1;
    }
    text.finish()
}

/// The text right after a box, or right before a field; the cell beside it in a table.
fn beside(dom: &Dom, regions: &Regions, id: NodeId) -> (String, Option<NodeId>) {
    let is_box = is_box(dom, id);
    let after = || following(dom, regions, id);
    let before = || preceding(dom, regions, id);
    let cell = || beside_in_table(dom, regions, id, is_box);
    // What stands before a field in its own cell is nearer than the cell beside it.
    let inline_or_cell = || {
        let (text, at) = before();
        let home = dom.closest(id, &["td", "th"]);
        let inside = at.is_some_and(|at| home.is_none_or(|home| dom.contains(home, at)));
        if inside && !says_nothing(&text) {
            (text, at)
        } else {
            cell()
        }
    };
    let tries: [&dyn Fn() -> (String, Option<NodeId>); 3] = if is_box {
        [&after, &cell, &before]
    } else {
        [&inline_or_cell, &before, &after]
    };
    tries
        .iter()
        .map(|attempt| attempt())
        .find(|(text, _)| !says_nothing(text))
        .unwrap_or_default()
}

/// Inline text after the control, up to the next control, line break or block.
fn following(dom: &Dom, regions: &Regions, id: NodeId) -> (String, Option<NodeId>) {
    // A box is often alone in its own element; a field's name hardly ever follows its.
    let holds = |up: NodeId| !is_box(dom, id) || is_block(dom, up);
    let Some(line) = dom.ancestors(id).find(|&up| holds(up)) else {
        return Default::default();
    };
    let stop = regions
        .next_after(dom.node(id).end.saturating_sub(1))
        .unwrap_or(usize::MAX)
        .min(dom.node(line).end);
    let mut text = Folded::default();
    let mut first = None;
    let mut at = dom.node(id).end;
    while at < stop {
        let node = dom.node(at);
        let broken = node.name() == "br" || (node.is_element() && is_block(dom, at));
        if broken && !says_nothing(text.so_far()) {
            break;
        }
        if matches!(node.name(), "script" | "style" | "noscript") {
            at = node.end;
            continue;
        }
        if let Some(piece) = node.text() {
            first = first.or(node.parent);
            text.add(piece);
        }
        at += 1;
    }
    (text.finish(), first)
}

/// Inline text before the control, back to the last control, line break or block.
fn preceding(dom: &Dom, regions: &Regions, id: NodeId) -> (String, Option<NodeId>) {
    let Some(parent) = dom.node(id).parent else {
        return Default::default();
    };
    let from = regions
        .last_before(id)
        .map_or(parent, |last| dom.node(last).end)
        .max(parent + 1);
    let mut pieces: Vec<&str> = Vec::new();
    let mut first = None;
    for at in (from..id).rev().take(400) {
        let node = dom.node(at);
        if let Some(piece) = node.text() {
            if !unread(dom, at) && !piece.trim().is_empty() {
                first = node.parent;
                pieces.push(piece);
            }
        } else if !pieces.is_empty() && (node.name() == "br" || is_block(dom, at)) {
            break;
        }
    }
    let mut text = Folded::default();
    for piece in pieces.iter().rev() {
        text.add(piece);
    }
    (text.finish(), first)
}

fn unread(dom: &Dom, id: NodeId) -> bool {
    dom.node(id).parent.is_some_and(|up| {
        matches!(
            dom.node(up).name(),
            "script" | "style" | "option" | "noscript"
        )
    })
}

/// The cell of the same column in the row above, where that row has as many cells.
fn cell_above(dom: &Dom, row: NodeId, column: usize, columns: usize) -> Option<NodeId> {
    let body = dom.node(row).parent?;
    let above = dom
        .children(body)
        .take_while(|&at| at < row)
        .filter(|&at| dom.node(at).name() == "tr")
        .last()?;
    let cells: Vec<NodeId> = dom
        .children(above)
        .filter(|&at| matches!(dom.node(at).name(), "td" | "th"))
        .take(50)
        .collect();
    (cells.len() == columns).then(|| cells[column])
}

fn beside_in_table(
    dom: &Dom,
    regions: &Regions,
    id: NodeId,
    is_box: bool,
) -> (String, Option<NodeId>) {
    let cell = dom.closest(id, &["td", "th"]);
    let Some((cell, row)) = cell.and_then(|cell| Some((cell, dom.closest(cell, &["tr"])?))) else {
        return Default::default();
    };
    let cells: Vec<NodeId> = dom
        .children(row)
        .filter(|&at| matches!(dom.node(at).name(), "td" | "th"))
        .take(50)
        .collect();
    let Some(own) = cells.iter().position(|&at| at == cell) else {
        return Default::default();
    };
    let next = cells.get(own + 1).copied();
    let last = own.checked_sub(1).map(|at| cells[at]);
    let above = || cell_above(dom, row, own, cells.len());
    let order = if is_box {
        [next, last, None]
    } else {
        [last, next, above()]
    };
    for at in order.into_iter().flatten() {
        let text = text_of(dom, at);
        // A cell with a control of its own is that control's.
        let free = regions
            .next_after(at)
            .is_none_or(|member| member >= dom.node(at).end);
        if free && !says_nothing(&text) && text.len() < LONGEST {
            return (text, Some(at));
        }
    }
    Default::default()
}
