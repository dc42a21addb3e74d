//! Asks whether the form has both what is pressed to agree and what is pressed to go on without.

use crate::finding::Measure;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "choice-pair",
    subjects: &[SubjectKind::Form],
    values: &["button", "refusal", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    match (form.agreeing(), form.refusing()) {
        (Some(accepting), Some(refusing)) => Answer::Yes(
            Observed::default()
                .with("button", Measure::Text(accepting.label.clone()))
                .with("refusal", Measure::Text(refusing.label.clone()))
                .seeing(subject.see(&accepting.label, &accepting.place))
                .seeing(subject.see(&refusing.label, &refusing.place)),
        ),
        _ => Answer::No(Observed::default()),
    }
}
