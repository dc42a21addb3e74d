//! Asks whether a hidden input says that the visitor consented.
//!
//! A name that says which text was shown, or that one was, states no consent. It cannot see values that
//! scripts put there on sending.

use crate::finding::Measure;
use crate::model::{Control, ControlKind};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "hidden-consent",
    subjects: &[SubjectKind::Form],
    values: &["field"],
    build: |parameters| parameters.none(ask),
};

/// Parts of names of inputs that tell of the text, not of an answer.
const TELLS_OF_TEXT: [&str; 8] = [
    "shown",
    "display",
    "version",
    "text",
    "visible",
    "wording",
    "label",
    "presented",
];

fn ask(subject: &Subject) -> Answer {
    let found = subject.form.controls.iter().find(|control| states(control));
    match found {
        Some(control) => {
            let mut seen = subject.see_control(control);
            seen.quote = Some(control.name.clone());
            let field = Measure::Text(control.name.clone());
            Answer::Yes(Observed::default().with("field", field).seeing(seen))
        }
        None => Answer::No(Observed::default()),
    }
}

fn states(control: &Control) -> bool {
    let name = control.name.to_lowercase();
    control.kind == ControlKind::Hidden
        && control.role.is_marketing()
        && control.selected() == Some(true)
        && !TELLS_OF_TEXT.iter().any(|part| name.contains(part))
}
