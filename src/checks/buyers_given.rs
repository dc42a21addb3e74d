//! Asks whether the user named companies that buy the leads.

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "buyers-given",
    subjects: &[SubjectKind::Form],
    values: &[],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    if subject.request.buyers.is_empty() {
        Answer::No(Observed::default())
    } else {
        Answer::Yes(Observed::default())
    }
}
