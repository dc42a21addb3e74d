//! A cookie banner over the page, and what refuses on it.

use crate::artifact::{Dom, ElementRef, NodeId};
use crate::extract::text_of;
use crate::lexicon::{Lexicons, Sense};

use super::reference;

/// A cookie banner.
#[derive(Debug, Clone)]
pub struct CookieBanner {
    pub root: ElementRef,
    /// Its first words.
    pub words: String,
    pub refuse: Option<ElementRef>,
    pub accept: Option<ElementRef>,
}

/// Characters of a banner that are read.
const MOST: usize = 4_000;

/// The cookie banner that lies over the page, if there is one.
pub fn cookie_banner(dom: &Dom, lexicons: &Lexicons) -> Option<CookieBanner> {
    let layers = dom.elements().filter(|&id| is_layer(dom, id));
    // The outermost layer holds the rest of it.
    let mut skip = 0;
    for root in layers {
        if root < skip {
            continue;
        }
        let words = text_of(dom, root);
        if words.len() > MOST || !says(lexicons, &words, &[Sense::Cookies]) {
            continue;
        }
        skip = dom.node(root).end;
        let buttons: Vec<(NodeId, String)> = std::iter::once(root)
            .chain(dom.descendants(root))
            .filter(|&id| is_pressed(dom, id) && dom.visible(id) == Some(true))
            .map(|id| (id, caption(dom, id)))
            .collect();
        if buttons.is_empty() {
            continue;
        }
        let refuses = |label: &str| says(lexicons, label, &[Sense::Refuse, Sense::NeededOnly]);
        let accepts = |label: &str| {
            !refuses(label) && says(lexicons, label, &[Sense::AcceptCookies, Sense::Consent])
        };
        let find = |wanted: &dyn Fn(&str) -> bool| {
            let found = buttons.iter().find(|(_, label)| wanted(label));
            found.map(|(id, label)| reference(dom, *id, label))
        };
        return Some(CookieBanner {
            root: reference(dom, root, ""),
            words: words.chars().take(160).collect(),
            refuse: find(&refuses),
            accept: find(&accepts),
        });
    }
    None
}

/// Whether words mean one of the senses in any language: a banner need not speak the page's.
fn says(lexicons: &Lexicons, text: &str, senses: &[Sense]) -> bool {
    lexicons
        .iter()
        .any(|lexicon| lexicon.read(text).has_any(senses))
}

/// Fixed or sticky over the page, or a dialog.
fn is_layer(dom: &Dom, id: NodeId) -> bool {
    let node = dom.node(id);
    let Some(layout) = &node.layout else {
        return false;
    };
    let over = matches!(layout.style("position"), "fixed" | "sticky")
        || node.name() == "dialog"
        || matches!(node.attribute("role"), Some("dialog" | "alertdialog"))
        || node.attribute("aria-modal") == Some("true");
    over && node.document == 0 && dom.visible(id) == Some(true)
}

fn is_pressed(dom: &Dom, id: NodeId) -> bool {
    let node = dom.node(id);
    matches!(node.name(), "button" | "a")
        || node.attribute("role") == Some("button")
        || (node.name() == "input" && matches!(node.filled("type"), Some("button" | "submit")))
}

fn caption(dom: &Dom, id: NodeId) -> String {
    let text = text_of(dom, id);
    let node = dom.node(id);
    let named = ["value", "aria-label", "title"];
    Some(text)
        .filter(|text| !text.is_empty())
        .or_else(|| {
            named
                .iter()
                .find_map(|name| node.filled(name))
                .map(str::to_string)
        })
        .unwrap_or_default()
}
