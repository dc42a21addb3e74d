//! Finds the choice that a form puts by its buttons: one whose pressing is the consent, and what goes on
//! without it. Both stand among the form's controls, the refusal as the opposite of the consent.
//!
//! It must not know whether such a choice is enough.

use crate::lexicon::Sense;
use crate::model::{Button, Control, ControlKind, Passage, Polarity, Role};

/// Marks the consenting button, and adds it and the refusal to the controls, where no control of its own
/// asks for consent.
pub fn add(
    controls: &mut Vec<Control>,
    buttons: &mut [Button],
    passages: &[Passage],
    newsletter: bool,
) {
    let asked = controls
        .iter()
        .any(|control| control.role.is_marketing() && control.kind != ControlKind::Hidden);
    if asked {
        add_accept_all(controls, buttons);
        return;
    }
    let sentence = passages
        .iter()
        .filter(|passage| !passage.labels_control)
        .find_map(|passage| Some((passage, passage.bundling(newsletter, false)?)));
    let main = |button: &Button| !button.is_link && !button.refuses;
    let refusal = buttons.iter().any(|b| b.refuses);
    // "Get my offers" alone is what the visitor asks for.
    let own_words = buttons
        .iter()
        .position(|b| main(b) && b.consents && refusal);
    let refusable = buttons.iter().any(|b| b.refuses && !b.is_link);
    let told = refusable.then(|| {
        passages
            .iter()
            .find(|p| !p.labels_control && p.asks_for_consent())
    });
    let text = sentence.map(|(passage, _)| passage).or(told.flatten());
    let pressed = || buttons.iter().position(|b| main(b) && !b.label.is_empty());
    let Some(at) = own_words.or_else(|| text.and_then(|_| pressed())) else {
        return;
    };
    buttons[at].carries_consent = true;
    let accepting = &buttons[at];
    let about = text.filter(|_| !accepting.consents);
    let partners = about.map_or(&accepting.reading, |passage| &passage.reading);
    let role = match sentence {
        Some((passage, sentences)) if merges(passage, sentences) => Role::MarketingBundledWithTerms,
        _ if partners.has(Sense::Partners) => Role::MarketingPartners,
        _ => Role::MarketingOwn,
    };
    let mut purposes = vec!["marketing"];
    if partners.has(Sense::Partners) {
        purposes.push("transfer");
    }
    let choice = [Some(accepting), buttons.iter().find(|b| b.refuses)];
    let added = choice
        .into_iter()
        .flatten()
        .map(|button| control(button, role, &purposes));
    controls.extend(added.collect::<Vec<_>>());
}

/// A button that turns on every box at once is a control for what the boxes ask for.
fn add_accept_all(controls: &mut Vec<Control>, buttons: &[Button]) {
    let asking = || {
        controls
            .iter()
            .filter(|control| control.role.is_marketing())
    };
    let of_partners = asking().any(|control| control.role == Role::MarketingPartners);
    let role = if of_partners {
        Role::MarketingPartners
    } else {
        Role::MarketingOwn
    };
    let mut purposes: Vec<&'static str> = Vec::new();
    for purpose in asking().flat_map(|control| &control.purposes) {
        if !purposes.contains(purpose) {
            purposes.push(purpose);
        }
    }
    let all = buttons.iter().filter(|button| button.accepts_all());
    let added: Vec<Control> = all.map(|button| control(button, role, &purposes)).collect();
    controls.extend(added);
}

/// Whether the same words accept a document, rather than tell of one.
fn merges(passage: &Passage, (first, last): (u32, u32)) -> bool {
    let has = |sense| (first..=last).any(|at| passage.reading.sentence_has(at, sense));
    has(Sense::AcceptTerms) && !has(Sense::Acknowledge) && !has(Sense::Refer)
}

fn control(button: &Button, role: Role, purposes: &[&'static str]) -> Control {
    Control {
        name: String::new(),
        dom_id: String::new(),
        group: None,
        kind: if button.is_link {
            ControlKind::Link
        } else {
            ControlKind::Button
        },
        label: button.label.clone(),
        role,
        polarity: if button.refuses {
            Polarity::OptOut
        } else {
            Polarity::OptIn
        },
        required: false,
        required_words: None,
        channels: Vec::new(),
        purposes: purposes.to_vec(),
        states: Vec::new(),
        settled: false,
        place: button.place.clone(),
        seen: vec![button.seen.clone()],
        pictured: false,
        look: None,
    }
}
