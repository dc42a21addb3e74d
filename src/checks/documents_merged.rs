//! Asks whether one control agrees to marketing and to a document (terms, rules, privacy notice) at
//! once.

use crate::finding::Measure;
use crate::model::{ControlKind, Role};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "documents-merged",
    subjects: &[SubjectKind::Control],
    values: &["label", "partners", "by_button"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let Some(control) = subject.control else {
        return Answer::No(Observed::default());
    };
    let observed = Observed::default()
        .with("label", Measure::Text(control.label.clone()))
        .with(
            "partners",
            Measure::Bool(control.purposes.contains(&"transfer")),
        )
        .with(
            "by_button",
            Measure::Bool(control.kind == ControlKind::Button),
        )
        .seeing(subject.see_control(control));
    if control.role == Role::MarketingBundledWithTerms {
        Answer::Yes(observed)
    } else {
        Answer::No(observed)
    }
}
