//! Asks whether what is pressed to go on without consent is a button.
//!
//! It cannot see how a link is drawn: one that looks like a button is still a link.

use crate::finding::Measure;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "refusal-button",
    subjects: &[SubjectKind::Form],
    values: &["refusal", "refused_by", "button"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    let mut observed = Observed::default();
    if let Some(button) = form.agreeing() {
        observed = observed
            .with("button", Measure::Text(button.label.clone()))
            .seeing(subject.see(&button.label, &button.place));
    }
    let Some(refusal) = form.refusing() else {
        let observed = observed.with("refused_by", Measure::Word("no_refusal"));
        return Answer::absent(subject, observed.seeing(subject.see_form()));
    };
    let by = if refusal.is_link { "link" } else { "button" };
    let observed = observed
        .with("refusal", Measure::Text(refusal.label.clone()))
        .with("refused_by", Measure::Word(by))
        .seeing(subject.see(&refusal.label, &refusal.place));
    if refusal.is_link {
        Answer::No(observed)
    } else {
        Answer::Yes(observed)
    }
}
