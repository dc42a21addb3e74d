//! One control at several moments: finds it again in the document of another moment and reads its
//! state there.
//!
//! Between two snapshots of one visit Chrome's node ids are the same; in the received markup the
//! control is found by what it is called and its order among those called the same.

use std::collections::HashMap;

use crate::artifact::{Dom, Moment, NodeId, Rect};
use crate::model::State;

use super::regions::input_type;

/// The controls of the document at one other moment, and their states. It keeps nothing of the document.
pub struct OtherMoment {
    moment: Moment,
    capture: String,
    /// By the browser's node id and the process it belongs to; empty where ids do not compare.
    by_node: HashMap<(usize, i64), Then>,
    by_key: HashMap<(Name, u32), Then>,
    counts: HashMap<Name, u32>,
}

/// A control then.
#[derive(Debug, Clone, Copy)]
struct Then {
    selected: Option<bool>,
    visible: Option<bool>,
    bounds: Option<Rect>,
}

/// What a control is called in markup: tag, type, id, name, value.
type Name = [String; 5];

impl OtherMoment {
    /// `same_visit` says that node ids compare with those of the main document.
    pub fn new(moment: Moment, capture: &str, dom: &Dom, same_visit: bool) -> Self {
        let by_ids = same_visit && moment != Moment::Markup;
        let names = Names::new(dom);
        let then = |id: NodeId| Then {
            selected: selected(dom, id),
            visible: dom.visible(id).filter(|_| dom.has_layout),
            bounds: dom.bounds(id).filter(|_| dom.has_layout),
        };
        let by_node = names
            .by_node
            .keys()
            .filter(|_| by_ids)
            .map(|&id| (node_key(dom, id), then(id)))
            .collect();
        OtherMoment {
            moment,
            capture: capture.to_string(),
            by_node,
            by_key: names
                .by_key
                .iter()
                .map(|(key, &id)| (key.clone(), then(id)))
                .collect(),
            counts: names.counts,
        }
    }

    /// The state of a control of the main document at this moment; `None` where it was not there.
    pub fn state(&self, main: &Dom, id: NodeId, names: &Names) -> Option<State> {
        let then = if self.by_node.is_empty() {
            self.called(names, id)?
        } else {
            let by_id = self.by_node.get(&node_key(main, id)).copied();
            // A script may have put another node of the same name in its place.
            by_id.or_else(|| self.called(names, id).filter(|_| names.is_named(id)))?
        };
        Some(State {
            moment: self.moment,
            capture: self.capture.clone(),
            selected: then.selected?,
            visible: then.visible,
            bounds: then.bounds,
        })
    }

    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// The state of a control by the browser's id; `None` where it is not there.
    pub fn at(&self, source: usize, node: i64) -> Option<State> {
        let then = self.by_node.get(&(source, node))?;
        Some(State {
            moment: self.moment,
            capture: self.capture.clone(),
            selected: then.selected?,
            visible: then.visible,
            bounds: then.bounds,
        })
    }

    /// The control of the same name and order here. Those without id and name compare only where there
    /// are as many of them: otherwise the order says nothing.
    fn called(&self, names: &Names, id: NodeId) -> Option<Then> {
        let key = names.by_node.get(&id)?;
        let as_many = || names.counts.get(&key.0) == self.counts.get(&key.0);
        let sure = names.is_named(id) || as_many();
        self.by_key.get(key).copied().filter(|_| sure)
    }
}

/// The browser's id of a node, with the process whose id it is.
fn node_key(dom: &Dom, id: NodeId) -> (usize, i64) {
    let node = dom.node(id);
    let source = dom.documents.get(node.document).map_or(0, |d| d.source);
    (source, node.backend_id)
}

/// The names of a document's controls: tag, type, id, name, value, and the order among those called the
/// same.
pub struct Names {
    by_node: HashMap<NodeId, (Name, u32)>,
    by_key: HashMap<(Name, u32), NodeId>,
    counts: HashMap<Name, u32>,
}

impl Names {
    pub fn new(dom: &Dom) -> Self {
        let numbered = numbered_names(dom);
        let mut counts = HashMap::new();
        for (_, (name, _)) in &numbered {
            *counts.entry(name.clone()).or_default() += 1;
        }
        Names {
            by_key: numbered
                .iter()
                .map(|(id, key)| (key.clone(), *id))
                .collect(),
            by_node: numbered.into_iter().collect(),
            counts,
        }
    }

    fn is_named(&self, id: NodeId) -> bool {
        let name = self.by_node.get(&id).map(|(name, _)| name);
        name.is_some_and(|[_, _, id, name, _]| !id.is_empty() || !name.is_empty())
    }
}

/// Whether a control is on; `None` for what cannot be.
///
/// Native state first, then `aria-checked`; a hidden input that states consent is on by its value.
pub fn selected(dom: &Dom, id: NodeId) -> Option<bool> {
    let node = dom.node(id);
    if let Some(native) = node.selected {
        return Some(native);
    }
    if node.name() == "input" && input_type(dom, id) == "hidden" {
        let value = node.filled("value").unwrap_or_default();
        return Some(matches!(
            value.to_ascii_lowercase().as_str(),
            "1" | "true" | "yes" | "on" | "oui" | "y" | "checked" | "ja" | "si"
        ));
    }
    match node.attribute("aria-checked") {
        Some("true") => Some(true),
        Some("false" | "mixed") => Some(false),
        _ => None,
    }
}

fn numbered_names(dom: &Dom) -> Vec<(NodeId, (Name, u32))> {
    let mut counts: HashMap<Name, u32> = HashMap::new();
    dom.elements()
        .filter(|&id| {
            let node = dom.node(id);
            matches!(node.name(), "input" | "option") || node.attribute("aria-checked").is_some()
        })
        .map(|id| {
            let node = dom.node(id);
            let of = |name| node.filled(name).unwrap_or_default().to_string();
            let name = [
                node.name().to_string(),
                of("type"),
                of("id"),
                of("name"),
                of("value"),
            ];
            let count = counts.entry(name.clone()).or_default();
            *count += 1;
            (id, (name, *count))
        })
        .collect()
}
