//! One control at several moments: finds it again in the document of another moment and reads its
//! state there.
//!
//! Between two snapshots of one visit Chrome's node ids are the same; in the received markup the
//! control is found by what it is called and its order among those called the same.

use std::collections::HashMap;

use crate::artifact::{Dom, Moment, NodeId};
use crate::model::State;

use super::regions::input_type;

/// The document of one other moment, indexed for look-ups.
pub struct OtherMoment<'a> {
    moment: Moment,
    capture: &'a str,
    dom: &'a Dom,
    by_ids: bool,
    by_backend: HashMap<i64, NodeId>,
    by_name: HashMap<(Name, u32), NodeId>,
}

/// What a control is called in markup: tag, type, id, name, value.
type Name = [String; 5];

impl<'a> OtherMoment<'a> {
    /// `same_visit` says that node ids compare with those of the main document.
    pub fn new(moment: Moment, capture: &'a str, dom: &'a Dom, same_visit: bool) -> Self {
        let mut by_backend = HashMap::new();
        let mut by_name = HashMap::new();
        let by_ids = same_visit && moment != Moment::Markup;
        if !by_ids {
            by_name = numbered_names(dom)
                .into_iter()
                .map(|(id, key)| (key, id))
                .collect();
        } else {
            by_backend = dom
                .elements()
                .map(|id| (dom.node(id).backend_id, id))
                .collect();
        }
        OtherMoment {
            moment,
            capture,
            dom,
            by_ids,
            by_backend,
            by_name,
        }
    }

    /// The state of a control of the main document at this moment; `None` where it was not there.
    pub fn state(&self, main: &Dom, id: NodeId, names: &Names) -> Option<State> {
        let there = if self.by_ids {
            *self.by_backend.get(&main.node(id).backend_id)?
        } else {
            *self.by_name.get(names.0.get(&id)?)?
        };
        Some(State {
            moment: self.moment,
            capture: self.capture.to_string(),
            selected: selected(self.dom, there)?,
            bounds: self.dom.bounds(there).filter(|_| self.dom.has_layout),
        })
    }
}

/// The names of the main document's controls, by node.
pub struct Names(HashMap<NodeId, (Name, u32)>);

impl Names {
    pub fn new(dom: &Dom) -> Self {
        Names(numbered_names(dom).into_iter().collect())
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
