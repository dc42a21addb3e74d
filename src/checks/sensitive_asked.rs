//! Asks whether the form asks about health, religion, sexual life, politics, union membership or origin.
//!
//! Looks at labels, answers and direct questions; a consent that mentions them is no question.

use crate::finding::Measure;
use crate::lexicon::{Reading, Sense};
use crate::model::{Category, Passage};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "sensitive-asked",
    subjects: &[SubjectKind::Form],
    values: &["asked", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let fields = form.fields.iter().filter(|f| {
        f.visible() && (f.category == Category::Health || asks(&f.asks) || asks(&f.offers))
    });
    let questions = form.passages.iter().filter(|p| {
        let questioning = p.labels_control || p.text.trim_end().ends_with('?');
        questioning && asks(&p.reading) && !is_consent(p)
    });
    let seen = fields
        .map(|field| (field.label.clone(), subject.see(&field.label, &field.place)))
        .chain(questions.map(|p| (p.text.clone(), subject.see_passage(p))));
    let mut asked: Vec<String> = Vec::new();
    let mut observed = Observed::default();
    for (words, observation) in seen {
        if !asked.contains(&words) && asked.len() < 6 {
            asked.push(words);
            observed = observed.seeing(observation);
        }
    }
    match asked.is_empty() {
        true => Answer::No(Observed::default()),
        false => Answer::Yes(observed.with("asked", Measure::List(asked))),
    }
}

fn asks(reading: &Reading) -> bool {
    reading.hits(Sense::Sensitive).any(|hit| !hit.negated)
}

/// Whether a label agrees to the use of such data.
pub fn is_consent(passage: &Passage) -> bool {
    let reading = &passage.reading;
    passage.labels_control
        && reading.has(Sense::Consent)
        && reading.has_any(&[
            Sense::Sensitive,
            Sense::FieldHealth,
            Sense::AcceptTerms,
            Sense::Privacy,
        ])
}
