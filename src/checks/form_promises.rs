//! Asks whether the form promises one of the named things: a contest, a quote, a newsletter, …
//!
//! It goes by headings and captions; a promise made in a picture is not seen.

use crate::finding::Measure;

use super::{Answer, Check, Observed, Subject, SubjectKind};

const PROMISES: [&str; 8] = [
    "newsletter",
    "contest",
    "quote",
    "contact",
    "account",
    "comment",
    "checkout",
    "unknown",
];

pub static CHECK: Check = Check {
    id: "form-promises",
    subjects: &[SubjectKind::Form],
    values: &["promise", "language"],
    build: |parameters| {
        parameters.only(&["any"])?;
        let promises = parameters.list("any", &PROMISES)?;
        parameters.asking(move |subject: &Subject| ask(subject, &promises))
    },
};

fn ask(subject: &Subject, promises: &[String]) -> Answer {
    let promise = subject.form.promise.as_str();
    let observed = Observed::default().with("promise", Measure::Word(promise));
    match promises.iter().any(|wanted| wanted == promise) {
        true => Answer::Yes(observed),
        false if !subject.form.understood => Answer::no_lexicon(subject),
        false => Answer::No(observed),
    }
}
