//! Asks whether a marketing consent says who writes, by which channel or about what, in its own label or
//! in the text around the form.
//!
//! `problem` tells how it does not: `vague` (words that name no purpose) or `bare` (nothing of the three).

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::{Control, Passage, Role, Service};

use super::sectors_coherent::SECTORS;
use super::{Answer, Check, Observed, Subject, SubjectKind};

/// How mailings reach people; a newsletter is a channel by itself.
const CHANNELS: [Sense; 5] = [
    Sense::Email,
    Sense::Sms,
    Sense::Phone,
    Sense::Post,
    Sense::Newsletter,
];

pub static CHECK: Check = Check {
    id: "purpose-specific",
    subjects: &[SubjectKind::Control],
    values: &["label", "problem", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let (form, Some(control)) = (subject.form, subject.control) else {
        return Answer::No(Observed::default());
    };
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let observed = Observed::default()
        .with("label", Measure::Text(control.label.clone()))
        .seeing(subject.see_control(control));
    let label = |senses: &[Sense]| label_has(subject, control, senses);
    let vague = label(&[Sense::Vague]);
    // Whose partners they are does not tell who the partners are.
    let partners = control.role == Role::MarketingPartners;
    let senders = || {
        let controllers = form.controllers.iter().filter(|_| !partners);
        controllers.chain(&form.recipients)
    };
    let who = senders().next().is_some() || form.recipient_list.is_some();
    let sender_in_label = senders().any(|named| control.label.contains(&named.party.name));
    let newsletter = form.service == Service::Newsletter;
    let channel = newsletter || !control.channels.is_empty() || label(&CHANNELS);
    let sector = label(&SECTORS);
    let around = form.notices().any(|passage| says_how(passage));
    let specific = channel || sector || around || sender_in_label;
    if vague && !specific {
        return Answer::absent(subject, observed.with("problem", Measure::Word("vague")));
    }
    if specific || who {
        return Answer::Yes(observed);
    }
    Answer::absent(subject, observed.with("problem", Measure::Word("bare")))
}

/// Whether a control's own words have one of these senses. A passage may hold the labels of several fields.
pub(super) fn label_has(subject: &Subject, control: &Control, senses: &[Sense]) -> bool {
    let labels = subject
        .form
        .passages
        .iter()
        .filter(|passage| passage.labels_control);
    labels
        .filter(|passage| !passage.text.is_empty())
        .any(|passage| {
            let at = match passage.text.find(&control.label) {
                Some(start) => start..start + control.label.len(),
                None if control.label.contains(&passage.text) => 0..passage.text.len(),
                None => return false,
            };
            let hits = senses.iter().flat_map(|&sense| passage.reading.hits(sense));
            hits.into_iter()
                .any(|hit| at.start <= hit.start && hit.end <= at.end)
        })
}

/// Whether a passage around the form says how or about what mailings are sent.
fn says_how(passage: &Passage) -> bool {
    let reading = &passage.reading;
    let speaks = [Sense::Marketing, Sense::Newsletter, Sense::Consent];
    let says = |senses: &[Sense]| {
        senses
            .iter()
            .any(|&sense| speaks.iter().any(|&about| reading.together(about, sense)))
    };
    !passage.heading && (says(&CHANNELS) || says(&SECTORS))
}
