//! Which button or link to press.

use crate::artifact::{Dom, ElementRef, NodeId};
use crate::lexicon::Sense;
use crate::model::{Button, FormModel};

use super::{element, node_of};

/// The button that leads on: to the next step, or that sends the form.
pub fn leading_on(dom: &Dom, form: &FormModel) -> Option<ElementRef> {
    let last_field = form
        .fields
        .iter()
        .filter_map(|field| node_of(dom, &element(&field.place, "")))
        .max();
    let best = form
        .buttons
        .iter()
        .filter_map(|button| Some((score(dom, button, last_field)?, button)))
        .filter(|(score, _)| *score > 0)
        // Of equals, the last one stands nearest to the end of the form.
        .max_by_key(|(score, _)| *score)?;
    Some(element(&best.1.place, &best.1.label))
}

/// How much speaks for a button; `None` where it cannot be pressed.
fn score(dom: &Dom, button: &Button, last_field: Option<NodeId>) -> Option<i32> {
    let id = node_of(dom, &element(&button.place, ""))?;
    if button.refuses || button.reading.has(Sense::Back) || dom.visible(id) != Some(true) {
        return None;
    }
    let node = dom.node(id);
    let kind = node.filled("type").unwrap_or(if node.name() == "button" {
        "submit"
    } else {
        ""
    });
    let sends = kind.eq_ignore_ascii_case("submit") || kind.eq_ignore_ascii_case("image");
    let says = button.reading.has_any(&[Sense::Submit, Sense::Next])
        || button.carries_consent
        || button.consents;
    let after = last_field.is_none_or(|last| id > last);
    Some(
        i32::from(sends) * 3 + i32::from(says) * 3 + i32::from(after)
            - i32::from(button.is_link) * 2,
    )
}

/// Whether a button's words promise a next step, and no end.
pub fn speaks_of_next(form: &FormModel, button: &ElementRef) -> bool {
    let same = |known: &&Button| {
        known.place.node == button.node && known.place.document == button.document
    };
    let found = form.buttons.iter().find(same);
    found.is_some_and(|button| {
        button.reading.has(Sense::Next)
            && !button.reading.has(Sense::Submit)
            && !button.carries_consent
            && !button.consents
    })
}

/// What a form offers to go on without consent.
pub fn refusals(form: &FormModel) -> impl Iterator<Item = &Button> {
    form.buttons.iter().filter(|button| button.refuses)
}
