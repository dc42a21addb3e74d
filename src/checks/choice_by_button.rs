//! Asks whether the form puts a choice by its buttons: one whose pressing is the consent, or, where it
//! asks for data of others, one beside which the step can be skipped.
//!
//! A form with a control of its own for consent has one button, and this is not about it.

use crate::finding::Measure;

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
    match form.agreeing() {
        Some(button) => Answer::Yes(
            Observed::default()
                .with("button", Measure::Text(button.label.clone()))
                .seeing(subject.see(&button.label, &button.place)),
        ),
        None => Answer::No(Observed::default()),
    }
}
