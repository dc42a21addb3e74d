//! Asks whether a control is asked the wrong way round: turning it on means no, leaving it alone yes.
//!
//! The "no" of a yes-or-no pair is not inverted: the pair has a "yes" beside it.

use crate::finding::Measure;
use crate::model::{ControlKind, Polarity};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "opt-out-wording",
    subjects: &[SubjectKind::Control],
    values: &["label"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let Some(control) = subject.control else {
        return Answer::No(Observed::default());
    };
    let observed = Observed::default()
        .with("label", Measure::Text(control.label.clone()))
        .seeing(subject.see_control(control));
    let paired = matches!(control.kind, ControlKind::Radio | ControlKind::Select)
        && subject.form.controls.iter().any(|other| {
            other.group.is_some()
                && other.group == control.group
                && other.polarity == Polarity::OptIn
        });
    if control.polarity == Polarity::OptOut && !paired {
        Answer::Yes(observed)
    } else {
        Answer::No(observed)
    }
}
