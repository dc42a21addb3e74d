//! Puts the nodes a producer found into document order and works out what every reader would
//! otherwise compute again and again: subtree ends, sibling places, inherited invisibility.
//!
//! Everything here is one pass and without recursion, because a hostile page can be 30,000 levels deep.
//! It must not know which producer calls it.

use std::collections::HashMap;

use super::dom::{Data, Document, Dom, Layout, Node, NodeId};

/// A node as a producer met it. `parent` is an index into the producer's own list.
#[derive(Debug)]
pub struct RawNode {
    pub parent: Option<usize>,
    pub document: usize,
    pub data: Data,
    pub selected: Option<bool>,
    pub clickable: bool,
    pub backend_id: i64,
    pub layout: Option<Box<Layout>>,
}

/// A document as a producer met it. `root` and `owner` are indices into the producer's own list.
#[derive(Debug, Default)]
pub struct RawDocument {
    pub url: String,
    pub frame: String,
    pub source: usize,
    pub title: String,
    pub content_language: String,
    pub root: usize,
    pub owner: Option<usize>,
}

/// Builds the tree. Nodes that no document root leads to are left out.
pub fn build(raw: Vec<RawNode>, documents: Vec<RawDocument>, has_layout: bool) -> Dom {
    let children = child_lists(&raw);
    let mut raw: Vec<Option<RawNode>> = raw.into_iter().map(Some).collect();
    let mut place: Vec<Option<NodeId>> = vec![None; raw.len()];
    let mut dom = Dom {
        has_layout,
        ..Dom::default()
    };
    for document in &documents {
        add_tree(document.root, &children, &mut raw, &mut place, &mut dom);
    }
    dom.documents = documents
        .into_iter()
        .filter_map(|document| {
            Some(Document {
                root: (*place.get(document.root)?)?,
                owner: document.owner.and_then(|at| *place.get(at)?),
                url: document.url,
                frame: document.frame,
                source: document.source,
                title: document.title,
                content_language: document.content_language,
            })
        })
        .collect();
    number_siblings(&mut dom);
    count_ids(&mut dom);
    dom
}

fn child_lists(raw: &[RawNode]) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); raw.len()];
    for (at, node) in raw.iter().enumerate() {
        if let Some(list) = node.parent.and_then(|parent| children.get_mut(parent)) {
            list.push(at);
        }
    }
    children
}

fn add_tree(
    root: usize,
    children: &[Vec<usize>],
    raw: &mut [Option<RawNode>],
    place: &mut [Option<NodeId>],
    dom: &mut Dom,
) {
    enum Step {
        Open(usize, Option<NodeId>),
        Close(NodeId),
    }
    let mut stack = vec![Step::Open(root, None)];
    while let Some(step) = stack.pop() {
        match step {
            Step::Close(id) => dom.nodes[id].end = dom.nodes.len(),
            Step::Open(at, parent) => {
                let Some(node) = raw.get_mut(at).and_then(Option::take) else {
                    continue;
                };
                let id = dom.nodes.len();
                place[at] = Some(id);
                dom.nodes.push(finished(node, parent, dom));
                stack.push(Step::Close(id));
                stack.extend(
                    children[at]
                        .iter()
                        .rev()
                        .map(|&child| Step::Open(child, Some(id))),
                );
            }
        }
    }
}

fn finished(raw: RawNode, parent: Option<NodeId>, dom: &Dom) -> Node {
    let above = parent.map(|up| &dom.nodes[up]);
    let mut node = Node {
        parent,
        end: 0,
        document: raw.document,
        data: raw.data,
        selected: raw.selected,
        clickable: raw.clickable,
        backend_id: raw.backend_id,
        nth: 0,
        hidden_by_markup: above.is_some_and(|up| up.hidden_by_markup),
        transparent: above.is_some_and(|up| up.transparent),
        layout: raw.layout,
    };
    node.hidden_by_markup |= hides_itself(&node);
    node.transparent |= node
        .layout
        .as_ref()
        .and_then(|layout| layout.style("opacity").parse::<f64>().ok())
        .is_some_and(|opacity| opacity < 0.05);
    node
}

fn hides_itself(node: &Node) -> bool {
    let hidden_input = node.name() == "input"
        && node
            .filled("type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("hidden"));
    let hidden_style = node.attribute("style").is_some_and(|style| {
        let mut style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        style.make_ascii_lowercase();
        style.contains("display:none") || style.contains("visibility:hidden")
    });
    hidden_input || hidden_style || node.attribute("hidden").is_some()
}

fn number_siblings(dom: &mut Dom) {
    let mut seen: HashMap<(NodeId, Box<str>), (u32, NodeId)> = HashMap::new();
    for id in 0..dom.nodes.len() {
        let node = &dom.nodes[id];
        let (Some(parent), true) = (node.parent, node.is_element()) else {
            continue;
        };
        let (count, first) = seen.entry((parent, node.name().into())).or_insert((0, id));
        *count += 1;
        let (count, first) = (*count, *first);
        if count > 1 {
            dom.nodes[id].nth = count;
            dom.nodes[first].nth = 1;
        }
    }
}

fn count_ids(dom: &mut Dom) {
    let mut ids: HashMap<(usize, Box<str>), u32> = HashMap::new();
    for node in &dom.nodes {
        if let Some(id) = node.filled("id") {
            *ids.entry((node.document, id.into())).or_default() += 1;
        }
    }
    dom.ids = ids;
}
