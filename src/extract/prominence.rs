//! Gives the parts of a form that a choice turns on their looks: buttons, the links to refuse and to the
//! documents, the words of controls, the texts that ask for consent.
//!
//! It picks what is looked at; `sight` measures. It must not know which looks are good enough.

use std::ops::Range;

use crate::artifact::NodeId;
use crate::model::{Button, ControlKind, FormModel, LinkRole, Look, Scene, Veil};

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
/// Contrasts below which WCAG 2.2 has doubts about words (SC 1.4.3) and links (G183): the picture is asked.
const READABLE: f64 = 4.5;
const DISTINCT: f64 = 3.0;
/// Grounds whose contrasts differ by less than this factor are alike.
const ALIKE: f64 = 1.3;

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
    look_at_buttons(form, nodes, sight);
    let document = |roles: &[LinkRole]| {
        roles.contains(&LinkRole::Privacy) || roles.contains(&LinkRole::Recipients)
    };
    let links = form.links.iter_mut().zip(&nodes.links);
    for (link, &id) in links.filter(|(link, _)| document(&link.roles)).take(MOST) {
        link.look = Some(part(sight, nodes, id, blends));
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

/// Both sides of a choice are looked at by styles first; the picture is asked where those speak of a
/// difference that somebody may be blamed for.
fn look_at_buttons(form: &mut FormModel, nodes: &Nodes, sight: &Sight) {
    let buttons = form.buttons.iter_mut().zip(&nodes.buttons);
    for (button, &id) in buttons.take(MOST) {
        let asked = button.consents || button.carries_consent || button.refuses;
        button.look = Some(part(sight, nodes, id, |look| {
            (asked && pale(look)) || (button.refuses && button.is_link && blends(look))
        }));
    }
    let look = |button: Option<&Button>| button.and_then(|button| button.look.clone());
    let sides = (look(form.agreeing()), look(form.refusing()));
    let (Some(accept), Some(refuse)) = sides else {
        return;
    };
    if !differ(&accept, &refuse) {
        return;
    }
    let both = [form.agreeing(), form.refusing()];
    let both = both.map(|side| side.map(|button| button.place.clone()));
    let buttons = form.buttons.iter_mut().zip(&nodes.buttons);
    for (button, &id) in buttons.take(MOST) {
        if both.contains(&Some(button.place.clone())) {
            button.look = Some(part(sight, nodes, id, |_| true));
        }
    }
}

/// A button or link, with how it stands in the text around it; by styles alone unless these leave a doubt.
fn part(sight: &Sight, nodes: &Nodes, id: NodeId, doubtful: impl Fn(&Look) -> bool) -> Box<Look> {
    let around = nodes.passages.iter().find(|range| sight.reads(range, id));
    let setting = around.and_then(|range| sight.setting(id, range.clone()));
    let mut look = sight.by_styles().element(id);
    look.setting.clone_from(&setting);
    if doubtful(&look) {
        look = sight.element(id);
        look.setting = setting;
    }
    Box::new(look)
}

/// A ground is a matter of doubt where it is unknown, or where one side has more than the other.
fn differ(accept: &Look, refuse: &Look) -> bool {
    let of = |look: &Look| look.fill.as_ref().map(|fill| fill.contrast);
    match (of(accept), of(refuse)) {
        (Some(accept), Some(refuse)) => accept > ALIKE * refuse,
        _ => true,
    }
}

/// Words whose contrast is unknown or low.
fn pale(look: &Look) -> bool {
    let contrast = look.letters.as_ref().and_then(|letters| letters.contrast);
    contrast.is_none_or(|contrast| contrast < READABLE)
}

/// A link among words of nearly its colour, with no line below it.
fn blends(look: &Look) -> bool {
    let line = look.letters.as_ref().and_then(|letters| letters.underlined);
    let setting = look.setting.as_ref();
    line != Some(true)
        && setting.is_some_and(|setting| setting.contrast.is_none_or(|c| c < DISTINCT))
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
