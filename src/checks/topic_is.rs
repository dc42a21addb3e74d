//! Asks whether the form is about one of the given topics: by its own texts and its page's headings.

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::Passage;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "topic-is",
    subjects: &[SubjectKind::Form],
    values: &["quote", "language"],
    build: |parameters| {
        parameters.only(&["any"])?;
        let senses = parameters.senses("any")?;
        if senses.is_empty() {
            return Err("`any` must say which topics".into());
        }
        let question = parameters.question("topic-is");
        parameters.asking(move |subject: &Subject| ask(subject, &senses, &question))
    },
};

fn ask(subject: &Subject, senses: &[Sense], question: &str) -> Answer {
    if !subject.form.understood {
        return Answer::no_lexicon(subject);
    }
    let about = |passage: &Passage| passage.reading.has_any(senses);
    let heading = subject.heading(question, about);
    let found = heading.or_else(|| subject.form.passages.iter().find(|p| about(p)));
    match found {
        Some(passage) => Answer::Yes(
            Observed::default()
                .with("quote", Measure::Text(passage.text.clone()))
                .seeing(subject.see_passage(passage)),
        ),
        None => Answer::No(Observed::default()),
    }
}
