//! Asks whether the page was opened more than once, so that its openings can be compared.

use crate::finding::Measure;

use super::faces_differ::compares;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "faces-seen",
    subjects: &[SubjectKind::Form],
    values: &["openings"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let others = subject
        .page
        .faces
        .iter()
        .filter(|face| compares(face))
        .count();
    let observed = Observed::default().with("openings", Measure::Number(others as f64 + 1.0));
    if others > 0 {
        Answer::Yes(observed)
    } else {
        Answer::No(observed)
    }
}
