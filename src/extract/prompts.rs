//! What a page newly shows in answer to a press: a dialog, a message, a further screen.
//!
//! It must not know what the words ask for.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::artifact::{Dom, Moment, NodeId};
use crate::model::Prompt;

use super::PageReader;
use super::regions::{Region, is_button, is_member};

/// New pieces that are read, at most.
const MOST: usize = 10;
/// Members and buttons of one piece.
const MOST_MEMBERS: usize = 100;

/// A node, by the process and the browser's id.
type Key = (usize, i64);

/// Everything that a person can see.
pub fn visible(dom: &Dom) -> HashSet<Key> {
    dom.elements()
        .filter(|&id| can_be_seen(dom, id))
        .map(|id| key(dom, id))
        .collect()
}

/// Whether a person can see it; in markup, whether nothing hides it.
fn can_be_seen(dom: &Dom, id: NodeId) -> bool {
    dom.visible(id).unwrap_or(!dom.has_layout)
}

fn key(dom: &Dom, id: NodeId) -> Key {
    let node = dom.node(id);
    if node.backend_id == 0 {
        // Markup has no ids of its own.
        let mut hasher = DefaultHasher::new();
        dom.locator(id).hash(&mut hasher);
        return (usize::MAX, hasher.finish() as i64);
    }
    let source = dom.documents.get(node.document).map_or(0, |d| d.source);
    (source, node.backend_id)
}

/// The pieces that are seen now and were not before, the form itself apart.
pub fn find(reader: &PageReader, dom: &Dom, before: &HashSet<Key>, form: NodeId) -> Vec<Prompt> {
    let new = |id: NodeId| {
        dom.node(id).is_element() && can_be_seen(dom, id) && !before.contains(&key(dom, id))
    };
    let mut roots = Vec::new();
    let mut at = 0;
    while at < dom.nodes.len() && roots.len() < MOST {
        if at != form && new(at) && !matches!(dom.node(at).name(), "html" | "body") {
            roots.push(at);
            at = dom.node(at).end;
        } else {
            at += 1;
        }
    }
    roots
        .into_iter()
        .map(|root| {
            let of = |wanted: fn(&Dom, NodeId) -> bool| {
                std::iter::once(root)
                    .chain(dom.descendants(root))
                    .filter(|&id| wanted(dom, id))
                    .take(MOST_MEMBERS)
                    .collect::<Vec<_>>()
            };
            let region = Region {
                root,
                is_form: false,
                order: None,
                members: of(is_member),
                buttons: of(is_button),
                block: root,
            };
            let read = reader.region(dom, Moment::SubmitHeld, &region);
            Prompt {
                passages: read.passages,
                buttons: read.buttons,
                place: read.place,
            }
        })
        .filter(|prompt| !prompt.passages.is_empty() || !prompt.buttons.is_empty())
        .collect()
}
