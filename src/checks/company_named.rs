//! Asks whether any company is named that collects or receives the data.

use super::sanctions_listed::named;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "company-named",
    subjects: &[SubjectKind::Form],
    values: &[],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    if named(subject).is_empty() {
        Answer::No(Observed::default())
    } else {
        Answer::Yes(Observed::default())
    }
}
