//! Asks whether a text that asks for consent has more than `most` words in one block.

use crate::finding::Measure;
use crate::lexicon::Sense;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "consent-text-long",
    subjects: &[SubjectKind::Form],
    values: &["words", "limit", "quote"],
    build: |parameters| {
        parameters.only(&["most"])?;
        let most = parameters.number("most", 120.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, most))
    },
};

fn ask(subject: &Subject, most: f64) -> Answer {
    let about = [Sense::Marketing, Sense::Partners, Sense::Newsletter];
    let longest = subject
        .form
        .passages
        .iter()
        .filter(|passage| {
            let reading = &passage.reading;
            reading.has_any(&[Sense::Consent, Sense::Bundle]) && reading.has_any(&about)
        })
        .map(|passage| (passage.text.split_whitespace().count(), passage))
        .max_by_key(|(words, _)| *words);
    let Some((words, passage)) = longest else {
        return Answer::No(Observed::default());
    };
    let words = words as f64;
    let observed = Observed::default()
        .with("words", Measure::Number(words))
        .with("limit", Measure::Number(most))
        .with("quote", Measure::Text(passage.text.clone()))
        .seeing(subject.see_passage(passage));
    if words > most {
        Answer::Yes(observed)
    } else {
        Answer::No(observed)
    }
}
