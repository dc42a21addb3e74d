//! Asks whether a marketing consent says who writes, by which channel or about what, in its own label or
//! in the text around the form.
//!
//! `problem` tells how it does not: `vague` (words that name no purpose) or `bare` (nothing of the three).

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::{Control, FormModel, Passage, Role, Service};

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
    let label = |senses: &[Sense]| form.label_has(control, senses) == Some(true);
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
    let sector = names_a_sector(form, control);
    let around = form.notices().any(says_how);
    let specific = channel || sector || around || sender_in_label;
    // "For commercial purposes, by partners" says at least that others write; who they are is another
    // rule's question.
    if vague && !specific && !partners {
        return Answer::absent(subject, observed.with("problem", Measure::Word("vague")));
    }
    if specific || who {
        return Answer::Yes(observed);
    }
    Answer::absent(subject, observed.with("problem", Measure::Word("bare")))
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

/// Whether a label names a sector, other than in a company's name ("the partners of Northfield Telecom").
fn names_a_sector(form: &FormModel, control: &Control) -> bool {
    let parties = form.controllers.iter().chain(&form.recipients);
    let names: Vec<_> = parties
        .filter_map(|named| {
            let legal_form = named.party.legal_form.as_deref().unwrap_or_default();
            let brand = named.party.name.trim_end_matches(legal_form).trim();
            let start = control.label.find(brand).filter(|_| !brand.is_empty())?;
            Some(start..start + brand.len())
        })
        .collect();
    let in_name = |at: &usize| names.iter().any(|name| name.contains(at));
    form.label_hits(control, &SECTORS)
        .is_some_and(|mut hits| hits.any(|at| !in_name(&at)))
}
