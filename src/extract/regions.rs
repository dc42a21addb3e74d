//! Finds the forms of a page: every `<form>`, and groups of fields that stand in none.
//!
//! It also answers the structural questions about them (which elements are fields, what a form's
//! visual block is). It must not know what any field or text means.

use std::collections::HashMap;

use crate::artifact::{Dom, NodeId};

/// A form or a form-like group.
#[derive(Debug, Clone)]
pub struct Region {
    /// The `<form>`, or the element around the group.
    pub root: NodeId,
    pub is_form: bool,
    /// Order of the `<form>` in its document.
    pub order: Option<u32>,
    /// The inputs, selects, text areas and ARIA boxes that belong to it, in document order.
    pub members: Vec<NodeId>,
    /// Buttons and button-like links, in document order.
    pub buttons: Vec<NodeId>,
    /// The visual block around it: the region itself or an ancestor that holds little else.
    pub block: NodeId,
}

/// Everything that was found on a page, with the index that label search needs.
#[derive(Debug, Default)]
pub struct Regions {
    pub regions: Vec<Region>,
    /// Every visible kind of member and button of the page, in document order.
    interactive: Vec<NodeId>,
}

/// Members and buttons of one form, or outside any, that are read.
const MOST_MEMBERS: usize = 1_000;
/// Text outside the form that a visual block may hold, in characters.
const BLOCK_TEXT: usize = 1_800;
/// Levels that a block may climb.
const BLOCK_CLIMB: usize = 6;

/// Finds the regions of every document of the page.
pub fn find(dom: &Dom) -> Regions {
    let mut members_of: HashMap<NodeId, (Vec<NodeId>, Vec<NodeId>)> = HashMap::new();
    let mut forms: Vec<NodeId> = Vec::new();
    let mut loose: Vec<NodeId> = Vec::new();
    let mut loose_buttons: Vec<NodeId> = Vec::new();
    let mut interactive = Vec::new();
    let by_id = form_ids(dom);
    let mut form_stack: Vec<NodeId> = Vec::new();
    for id in 0..dom.nodes.len() {
        while form_stack
            .last()
            .is_some_and(|&form| dom.node(form).end <= id)
        {
            form_stack.pop();
        }
        if dom.node(id).name() == "form" {
            forms.push(id);
            form_stack.push(id);
            continue;
        }
        let (member, button) = (is_member(dom, id), is_button(dom, id));
        if !member && !button {
            continue;
        }
        if input_type(dom, id) != "hidden" {
            interactive.push(id);
        }
        let owner = dom
            .node(id)
            .filled("form")
            .and_then(|form| by_id.get(&(dom.node(id).document, form)).copied())
            .or(form_stack.last().copied());
        match owner {
            Some(form) => {
                let lists = members_of.entry(form).or_default();
                let list = if member { &mut lists.0 } else { &mut lists.1 };
                if list.len() < MOST_MEMBERS {
                    list.push(id);
                }
            }
            None if member && loose.len() < MOST_MEMBERS => loose.push(id),
            None if !member && loose_buttons.len() < MOST_MEMBERS => loose_buttons.push(id),
            None => {}
        }
    }
    let mut regions = Regions {
        regions: Vec::new(),
        interactive,
    };
    let mut order: HashMap<usize, u32> = HashMap::new();
    let every_form = forms.clone();
    for form in forms {
        let next = order.entry(dom.node(form).document).or_default();
        let (members, buttons) = members_of.remove(&form).unwrap_or_default();
        regions.regions.push(Region {
            root: form,
            is_form: true,
            order: Some(*next),
            members,
            buttons,
            block: form,
        });
        *next += 1;
    }
    regions
        .regions
        .extend(groups(dom, &loose, &loose_buttons, &every_form));
    let roots: Vec<NodeId> = regions.regions.iter().map(|region| region.root).collect();
    let starts = text_starts(dom);
    let landmarks: Vec<NodeId> = dom.elements().filter(|&id| is_landmark(dom, id)).collect();
    for region in &mut regions.regions {
        region.block = block_around(dom, region.root, &roots, &starts, &landmarks);
    }
    regions
}

impl Regions {
    /// Whether the element holds exactly this one member or button.
    pub fn only_one_in(&self, dom: &Dom, id: NodeId) -> bool {
        let end = dom.node(id).end;
        let from = self.interactive.partition_point(|&at| at < id);
        self.interactive[from..]
            .iter()
            .take_while(|&&at| at < end)
            .take(2)
            .count()
            <= 1
    }

    /// The next member or button after a node.
    pub fn next_after(&self, id: NodeId) -> Option<NodeId> {
        let from = self.interactive.partition_point(|&at| at <= id);
        self.interactive.get(from).copied()
    }

    /// The last member or button before a node.
    pub fn last_before(&self, id: NodeId) -> Option<NodeId> {
        let from = self.interactive.partition_point(|&at| at < id);
        from.checked_sub(1).map(|at| self.interactive[at])
    }
}

/// An input's type in lower case; `text` where none is given.
pub fn input_type(dom: &Dom, id: NodeId) -> String {
    dom.node(id)
        .filled("type")
        .unwrap_or("text")
        .to_ascii_lowercase()
}

/// Whether the element takes an answer from the visitor (or hides one).
pub fn is_member(dom: &Dom, id: NodeId) -> bool {
    let node = dom.node(id);
    match node.name() {
        "input" => !matches!(
            input_type(dom, id).as_str(),
            "submit" | "button" | "image" | "reset"
        ),
        "select" | "textarea" => true,
        "" => false,
        _ => matches!(
            node.attribute("role"),
            Some("checkbox" | "switch" | "radio" | "menuitemcheckbox")
        ),
    }
}

/// Whether the element is something to press.
pub fn is_button(dom: &Dom, id: NodeId) -> bool {
    let node = dom.node(id);
    match node.name() {
        "button" => !matches!(
            node.attribute("role"),
            Some("checkbox" | "switch" | "radio" | "menuitemcheckbox")
        ),
        "input" => matches!(input_type(dom, id).as_str(), "submit" | "button" | "image"),
        "" => false,
        _ => node.attribute("role") == Some("button"),
    }
}

fn form_ids(dom: &Dom) -> HashMap<(usize, &str), NodeId> {
    dom.named(&["form"])
        .filter_map(|id| {
            let node = dom.node(id);
            Some(((node.document, node.filled("id")?), id))
        })
        .collect()
}

/// Groups of members outside any form: each member climbs to the nearest ancestor that also holds a
/// button; members that meet there are one group.
fn groups(dom: &Dom, loose: &[NodeId], buttons: &[NodeId], forms: &[NodeId]) -> Vec<Region> {
    let mut found: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
    for &member in loose {
        if input_type(dom, member) == "hidden" && dom.node(member).name() == "input" {
            continue;
        }
        if let Some((_, members)) = found
            .iter_mut()
            .rev()
            .take(8)
            .find(|(root, _)| dom.contains(*root, member))
        {
            members.push(member);
            continue;
        }
        let home = dom.ancestors(member).take(12).find(|&up| {
            !matches!(dom.node(up).name(), "label" | "span" | "p" | "td" | "tr")
                && holds(buttons, up, dom.node(up).end)
                && !holds(forms, up, dom.node(up).end)
        });
        if let Some(root) = home {
            // A wider home swallows the groups it contains.
            let mut members = vec![member];
            found.retain(|(inner, theirs)| {
                let inside = dom.contains(root, *inner);
                if inside {
                    members.extend(theirs);
                }
                !inside
            });
            members.sort_unstable();
            found.push((root, members));
        }
    }
    found
        .into_iter()
        .map(|(root, members)| Region {
            buttons: buttons
                .iter()
                .copied()
                .filter(|&button| dom.contains(root, button))
                .collect(),
            root,
            is_form: false,
            order: None,
            members,
            block: root,
        })
        .collect()
}

fn holds(sorted: &[NodeId], start: NodeId, end: NodeId) -> bool {
    let from = sorted.partition_point(|&at| at < start);
    sorted.get(from).is_some_and(|&at| at < end)
}

/// For each node, how many characters of text stand before it: differences give a subtree's length.
fn text_starts(dom: &Dom) -> Vec<usize> {
    let mut total = 0;
    let mut skip_until = 0;
    let mut starts = Vec::with_capacity(dom.nodes.len() + 1);
    for (id, node) in dom.nodes.iter().enumerate() {
        starts.push(total);
        if matches!(node.name(), "script" | "style" | "noscript" | "template") {
            skip_until = skip_until.max(node.end);
        }
        if id >= skip_until
            && let Some(text) = node.text()
        {
            total += text.trim().len();
        }
    }
    starts.push(total);
    starts
}

/// The page's own footer or navigation: what stands there is said on the page, not beside a form.
fn is_landmark(dom: &Dom, id: NodeId) -> bool {
    let node = dom.node(id);
    let marked = |value: &str| {
        let value = value.to_ascii_lowercase();
        ["footer", "site-footer", "page-footer", "colophon"].contains(&value.as_str())
    };
    match node.name() {
        "footer" | "nav" => true,
        _ => {
            matches!(node.attribute("role"), Some("contentinfo" | "navigation"))
                || node.filled("id").is_some_and(marked)
                || node
                    .filled("class")
                    .is_some_and(|classes| classes.split_whitespace().any(marked))
        }
    }
}

/// Climbs from a form to the ancestor that still belongs to it visually: little other text, no other
/// form, not the whole page (unless the page is little more than the form).
fn block_around(
    dom: &Dom,
    root: NodeId,
    roots: &[NodeId],
    starts: &[usize],
    landmarks: &[NodeId],
) -> NodeId {
    let length = |id: NodeId| starts[dom.node(id).end] - starts[id];
    let own = length(root);
    let mut block = root;
    let landmark = |id: NodeId| landmarks.iter().any(|&at| dom.contains(id, at));
    for up in dom.ancestors(root).take(BLOCK_CLIMB) {
        let node = dom.node(up);
        let end = node.end;
        let from = roots.partition_point(|&other| other < up);
        let others = roots[from..]
            .iter()
            .take(2)
            .take_while(|&&at| at < end)
            .count();
        if !node.is_element()
            || node.name() == "html"
            || others > 1
            || length(up) - own > BLOCK_TEXT
            || (landmark(up) && !landmark(block))
        {
            break;
        }
        block = up;
    }
    block
}
