//! Asks whether a sentence turns the main button into consent to marketing or transfer.
//!
//! "By clicking you acknowledge the privacy notice" is information, not consent. Where the form's one
//! service is the mailing that the sentence speaks of, or a button beside goes on without it, or a
//! control of its own asks for it, the sentence does not decide.

use crate::finding::Measure;
use crate::model::Service;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "consent-by-submission",
    subjects: &[SubjectKind::Form],
    values: &["sentence", "button", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let newsletter = form.service == Service::Newsletter;
    let free_button = form
        .buttons
        .iter()
        .any(|button| button.refuses && !button.is_link);
    if free_button {
        return Answer::No(Observed::default());
    }
    // A control of its own decides what it asks for: one for the sender's mailings does not make
    // a sentence about partners harmless.
    let own_control = form.consent_controls().next().is_some();
    let for_partners = form
        .consent_controls()
        .any(|control| control.purposes.contains(&"transfer"));
    let found = form.notices().find_map(|passage| {
        let sentences = passage.bundling(newsletter || own_control, for_partners)?;
        Some((passage, passage.sentences(sentences)?.to_string()))
    });
    let Some((passage, sentence)) = found else {
        return Answer::absent(subject, Observed::default());
    };
    let button = form
        .buttons
        .iter()
        .find(|button| !button.refuses && !button.label.is_empty());
    let mut seen = subject.see_passage(passage);
    seen.quote = Some(sentence.clone());
    let mut observed = Observed::default()
        .with("sentence", Measure::Text(sentence))
        .seeing(seen);
    if let Some(button) = button {
        observed = observed
            .with("button", Measure::Text(button.label.clone()))
            .seeing(subject.see(&button.label, &button.place));
    }
    Answer::Yes(observed)
}
