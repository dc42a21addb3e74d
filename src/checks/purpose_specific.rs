//! Asks whether a marketing consent says who writes, by which channel or about what, in its own label or
//! in the text around the form.
//!
//! `problem` tells how it does not: `vague` (words that name no purpose) or `bare` (nothing of the three).

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::{Control, Passage, Service};

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
    let label = label_passages(subject, control);
    let vague = label
        .iter()
        .any(|passage| passage.reading.has(Sense::Vague));
    let who = !form.controllers.is_empty()
        || !form.recipients.is_empty()
        || form.recipient_list.is_some();
    let sender_in_label = form
        .controllers
        .iter()
        .chain(&form.recipients)
        .any(|named| control.label.contains(&named.party.name));
    let newsletter = form.service == Service::Newsletter;
    let channel = newsletter
        || !control.channels.is_empty()
        || label
            .iter()
            .any(|passage| passage.reading.has_any(&CHANNELS));
    let sector = label
        .iter()
        .any(|passage| passage.reading.has_any(&SECTORS));
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

/// The passages that label the control.
fn label_passages<'a>(subject: &Subject<'a>, control: &Control) -> Vec<&'a Passage> {
    let labels = subject.form.passages.iter();
    labels
        .filter(|passage| passage.labels_control && !passage.text.is_empty())
        .filter(|passage| {
            control.label.contains(&passage.text) || passage.text.contains(&control.label)
        })
        .collect()
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
