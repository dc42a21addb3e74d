//! What a visitor with invented answers would do next on a page: which form to use, what to put into each
//! field, which button leads on, and whether something came of it.
//!
//! Pure decisions over a document and its model. It must not touch the page, nor know what any answer is
//! worth to a rule.
#![deny(clippy::disallowed_methods)]

mod banner;
mod fill;
mod obstacle;
mod press;
mod screen;
mod wall;

pub use banner::{CookieBanner, cookie_banner};
pub use fill::{Fill, Filling, How, consents, denials, fills, identifies};
pub use obstacle::obstacle;
pub use press::{leading_on, refusals, speaks_of_next};
pub use screen::{Choice, Screen, first_screens, next_screen, shown};
pub use wall::is_wall;

use crate::artifact::{Dom, ElementRef, NodeId};
use crate::model::Place;

/// The element that a place is.
pub fn element(place: &Place, label: &str) -> ElementRef {
    ElementRef {
        label: label.chars().take(200).collect(),
        locator: place.locator.clone(),
        node: place.node,
        document: place.document,
    }
}

/// The node of an element in a document of the same visit.
pub fn node_of(dom: &Dom, element: &ElementRef) -> Option<NodeId> {
    let document = dom.documents.get(element.document)?;
    let range = document.root..dom.node(document.root).end;
    range
        .into_iter()
        .find(|&id| dom.node(id).backend_id == element.node)
}

fn reference(dom: &Dom, id: NodeId, label: &str) -> ElementRef {
    element(&Place::of(dom, id), label)
}
