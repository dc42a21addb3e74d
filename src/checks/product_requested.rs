//! Asks whether the user named a product with questions that a lead must have answered.

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "product-requested",
    subjects: &[SubjectKind::Form],
    values: &[],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let product = subject.request.product.as_ref();
    match product.is_some_and(|product| !product.questions.is_empty()) {
        true => Answer::Yes(Observed::default()),
        false => Answer::No(Observed::default()),
    }
}
