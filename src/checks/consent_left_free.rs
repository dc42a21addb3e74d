//! Asks whether refusing takes no act: every consent control is off at first and may stay so.
//!
//! It cannot see a requirement that only scripts enforce.

use crate::finding::Measure;
use crate::model::{ControlKind, Polarity};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "consent-left-free",
    subjects: &[SubjectKind::Form],
    values: &["label"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let asked = || {
        let controls = subject.form.consent_controls();
        controls.filter(|control| control.polarity == Polarity::OptIn)
    };
    let Some(first) = asked().next() else {
        return Answer::No(Observed::default());
    };
    // A required question with a yes and a no leaves the choice open.
    let free = asked().all(|control| {
        let question = matches!(control.kind, ControlKind::Radio | ControlKind::Select);
        control.selected() == Some(false) && (!control.required || question)
    });
    let observed = Observed::default()
        .with("label", Measure::Text(first.label.clone()))
        .seeing(subject.see_control(first));
    if free {
        Answer::Yes(observed)
    } else {
        Answer::No(observed)
    }
}
