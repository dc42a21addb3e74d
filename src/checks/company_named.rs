//! Asks whether any company is named that collects or receives the data.

use super::recipients_named::companies;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "company-named",
    subjects: &[SubjectKind::Form],
    values: &[],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let collects = !subject.form.controllers.is_empty() || !subject.page.parties.is_empty();
    if collects || companies(subject).count > 0 {
        Answer::Yes(Observed::default())
    } else {
        Answer::No(Observed::default())
    }
}
