//! Asks whether the form says that data goes to, or mailings come from, somebody else than the one who
//! asks.

use crate::finding::Measure;
use crate::lexicon::Sense;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "partners-announced",
    subjects: &[SubjectKind::Form],
    values: &["sentence", "language"],
    build: |parameters| parameters.none(ask),
};

pub(super) fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let control = form
        .consent_controls()
        .find(|control| control.purposes.contains(&"transfer"));
    if let Some(control) = control {
        return Answer::Yes(
            Observed::default()
                .with("sentence", Measure::Text(control.label.clone()))
                .seeing(subject.see_control(control)),
        );
    }
    let passage = form.passages.iter().find(|passage| {
        let reading = &passage.reading;
        reading.together(Sense::Partners, Sense::Transfer)
            || (reading.together(Sense::Partners, Sense::Marketing)
                && reading.has_any(&[Sense::Consent, Sense::Bundle, Sense::Purpose]))
    });
    match passage {
        Some(passage) => Answer::Yes(
            Observed::default()
                .with("sentence", Measure::Text(passage.text.clone()))
                .seeing(subject.see_passage(passage)),
        ),
        None => Answer::No(Observed::default()),
    }
}
