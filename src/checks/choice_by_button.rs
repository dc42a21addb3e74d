//! Asks whether the form puts a choice by its buttons: one whose pressing is the consent, or, where it
//! asks for data of others, one beside which the step can be skipped.
//!
//! A form with a control of its own for consent has one button, and this is not about it.

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::Button;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "choice-by-button",
    subjects: &[SubjectKind::Form],
    values: &["button", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let main = |button: &&Button| !button.is_link && !button.refuses && !button.label.is_empty();
    let skippable = form.consent_controls().next().is_none()
        && form.refusing().is_some()
        && form
            .passages
            .iter()
            .any(|passage| passage.reading.has(Sense::OtherPerson));
    let skipped = form.buttons.iter().find(main).filter(|_| skippable);
    match form.accepting().or(skipped) {
        Some(button) => Answer::Yes(
            Observed::default()
                .with("button", Measure::Text(button.label.clone()))
                .seeing(subject.see(&button.label, &button.place)),
        ),
        None => Answer::No(Observed::default()),
    }
}
