//! Asks whether the way on without consent is a link inside a longer text: one of more than `most` words.
//!
//! It cannot see margins, nor line breaks that only styles make.

use crate::finding::Measure;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "refusal-in-text",
    subjects: &[SubjectKind::Form],
    values: &["refusal", "words", "limit", "quote"],
    build: |parameters| {
        parameters.only(&["most"])?;
        let most = parameters.number("most", 15.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, most))
    },
};

fn ask(subject: &Subject, most: f64) -> Answer {
    let form = subject.form;
    let Some(refusal) = form.refusing() else {
        return Answer::No(Observed::default());
    };
    let observed = Observed::default()
        .with("refusal", Measure::Text(refusal.label.clone()))
        .with("limit", Measure::Number(most))
        .seeing(subject.see(&refusal.label, &refusal.place));
    let around = form
        .notices()
        .find(|passage| refusal.is_link && passage.text.contains(&refusal.label));
    let Some(passage) = around else {
        return Answer::No(observed);
    };
    let words = passage.text.split_whitespace().count() as f64;
    let observed = observed
        .with("words", Measure::Number(words))
        .with("quote", Measure::Text(passage.text.clone()))
        .seeing(subject.see_passage(passage));
    if words > most {
        Answer::Yes(observed)
    } else {
        Answer::No(observed)
    }
}
