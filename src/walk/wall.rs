//! Whether what came in place of the page is a test for people, whatever the server called it.

use crate::artifact::{Data, Dom, NodeId};

use super::obstacle::is_test;

/// A page that says more than this has something else to say, in bytes.
const MOST_TEXT: usize = 700;
/// Elements that are looked at; a page of nothing but a test has fewer.
const MOST: usize = 5_000;

/// Whether the page is a test for people and nothing else: little to read, nothing to fill in.
pub fn is_wall(dom: &Dom) -> bool {
    if !dom.has_layout || dom.nodes.len() > MOST {
        return false;
    }
    let seen = |id: &NodeId| dom.visible(*id) == Some(true);
    let asks = |id: NodeId| {
        let node = dom.node(id);
        let kind = node.attribute("type").unwrap_or("text");
        let pressed = ["hidden", "submit", "button", "image", "reset", "checkbox"];
        matches!(node.name(), "select" | "textarea")
            || (node.name() == "input" && !pressed.contains(&kind))
    };
    let tests = |id: NodeId| {
        let names = ["src", "class", "id", "data-sitekey"];
        let node = dom.node(id);
        names
            .iter()
            .any(|name| node.filled(name).is_some_and(is_test))
    };
    let mut tested = false;
    for id in dom.elements().filter(seen) {
        if asks(id) {
            return false;
        }
        tested |= tests(id);
    }
    tested && read(dom) <= MOST_TEXT
}

/// Bytes of text that a visitor reads.
fn read(dom: &Dom) -> usize {
    let texts = (0..dom.nodes.len()).filter(|&id| dom.visible(id) == Some(true));
    let lengths = texts.map(|id| match &dom.node(id).data {
        Data::Text(text) => text.trim().len(),
        _ => 0,
    });
    lengths.sum()
}
