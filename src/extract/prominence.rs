//! Gives the parts of a form that a choice turns on their looks: buttons, the links to refuse and to the
//! documents, the words of controls, the texts that ask for consent.
//!
//! It picks what is looked at; `sight` measures. It must not know which looks are good enough.

use std::ops::Range;

use crate::artifact::NodeId;
use crate::model::{ControlKind, FormModel, LinkRole, Look, Scene, Veil};

use super::labels::Label;
use super::sight::Sight;

/// The nodes that the parts of a form were read from, each list in the order of the form's own.
#[derive(Default)]
pub struct Nodes {
    /// The text of each passage.
    pub passages: Vec<Range<NodeId>>,
    pub controls: Vec<(NodeId, Label)>,
    pub buttons: Vec<NodeId>,
    pub links: Vec<NodeId>,
    /// What takes an answer and is no box to tick.
    pub fields: Vec<NodeId>,
}

/// Parts of each kind that are looked at.
const MOST: usize = 40;

/// Looks at a form.
pub fn look_at(form: &mut FormModel, nodes: &Nodes, sight: &Sight) {
    let (width, height) = sight.window();
    form.scene = Some(Scene {
        window: (width, height),
        letters: letters(form, nodes, sight),
    });
    let asking = (0..form.passages.len()).filter(|&at| form.consents_by(&form.passages[at]));
    let asking: Vec<usize> = asking.take(MOST).collect();
    for at in asking {
        let range = nodes.passages.get(at).cloned().unwrap_or_default();
        form.passages[at].look = Some(Box::new(sight.range(range)));
    }
    let pair = form.agreeing().is_some() && form.refusing().is_some();
    for (button, &id) in form.buttons.iter_mut().zip(&nodes.buttons).take(MOST) {
        button.look = Some(part(sight, nodes, id, pair));
    }
    let document = |roles: &[LinkRole]| {
        roles.contains(&LinkRole::Privacy) || roles.contains(&LinkRole::Recipients)
    };
    let links = form.links.iter_mut().zip(&nodes.links);
    for (link, &id) in links.filter(|(link, _)| document(&link.roles)).take(MOST) {
        link.look = Some(part(sight, nodes, id, true));
    }
    let controls = form.controls.iter_mut().zip(&nodes.controls);
    let asked = |kind| {
        !matches!(
            kind,
            ControlKind::Hidden | ControlKind::Button | ControlKind::Link
        )
    };
    let controls = controls.filter(|(c, _)| c.role.is_marketing() && asked(c.kind));
    let others: Vec<NodeId> = nodes.fields.iter().chain(&nodes.buttons).copied().collect();
    for (control, (id, label)) in controls {
        let mut look = sight.label(&label.nodes, &control.label);
        if look.has(Veil::NotShown) && sight.hidden_with(*id, &others) {
            look.veils = vec![Veil::NotYet];
        }
        control.look = Some(Box::new(look));
    }
}

/// A button or link, with how it stands in the text around it.
fn part(sight: &Sight, nodes: &Nodes, id: NodeId, sure: bool) -> Box<Look> {
    let mut look = sight.element(id, sure);
    let around = nodes.passages.iter().find(|range| sight.reads(range, id));
    look.setting = around.and_then(|range| sight.setting(id, range.clone()));
    Box::new(look)
}

/// The size of the letters around the choice: labels and answers, consent itself left out.
fn letters(form: &FormModel, nodes: &Nodes, sight: &Sight) -> Option<f64> {
    let asks = |text: &str| {
        let mut controls = form.consent_controls();
        controls.any(|control| !control.label.is_empty() && text.contains(&control.label))
    };
    let labels = form.passages.iter().zip(&nodes.passages);
    let labels = labels
        .filter(|(passage, _)| passage.labels_control && !asks(&passage.text))
        .filter_map(|(_, range)| sight.size(range.clone()))
        .take(MOST);
    let answers = nodes.fields.iter().take(MOST);
    let mut sizes: Vec<f64> = labels
        .chain(answers.filter_map(|&id| sight.field_size(id)))
        .collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied()
}
