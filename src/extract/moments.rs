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
    names: Names,
}

/// What a control is called in markup: tag, type, id, name, value.
type Name = [String; 5];

impl<'a> OtherMoment<'a> {
    /// `same_visit` says that node ids compare with those of the main document.
    pub fn new(moment: Moment, capture: &'a str, dom: &'a Dom, same_visit: bool) -> Self {
        let by_ids = same_visit && moment != Moment::Markup;
        let by_backend = if by_ids {
            dom.elements()
                .map(|id| (dom.node(id).backend_id, id))
                .collect()
        } else {
            HashMap::new()
        };
        OtherMoment {
            moment,
            capture,
            dom,
            by_ids,
            by_backend,
            names: Names::new(dom),
        }
    }

    /// The state of a control of the main document at this moment; `None` where it was not there.
    pub fn state(&self, main: &Dom, id: NodeId, names: &Names) -> Option<State> {
        let by_id = || self.by_backend.get(&main.node(id).backend_id).copied();
        let there = if self.by_ids {
            // A script may have put another node of the same name in its place.
            by_id().or_else(|| self.called(names, id).filter(|_| names.is_named(id)))?
        } else {
            self.called(names, id)?
        };
        Some(State {
            moment: self.moment,
            capture: self.capture.to_string(),
            selected: selected(self.dom, there)?,
            bounds: self.dom.bounds(there).filter(|_| self.dom.has_layout),
        })
    }

    /// The control of the same name and order here. Those without id and name compare only where there
    /// are as many of them: otherwise the order says nothing.
    fn called(&self, names: &Names, id: NodeId) -> Option<NodeId> {
        let key = names.by_node.get(&id)?;
        let as_many = || names.counts.get(&key.0) == self.names.counts.get(&key.0);
        let sure = names.is_named(id) || as_many();
        self.names.by_key.get(key).copied().filter(|_| sure)
    }
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
