//! Asks whether a person can see which fields must be filled in: by a mark or a word at each, or by a
//! sentence that covers all of them.
//!
//! Style sheets may draw marks that stand in no text: where nothing is marked at all, it cannot tell.
//! Where some are marked and one is not, the marks contradict the form.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Phrases, Reading, Sense};
use crate::model::Field;

use super::{Answer, Check, Observed, Parameters, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "required-fields-marked",
    subjects: &[SubjectKind::Form],
    values: &["required", "unmarked", "language"],
    build: |parameters| {
        let words = Marks::new(parameters)?;
        parameters.asking(move |subject: &Subject| ask(subject, &words))
    },
};

struct Marks {
    /// Words at a field that say it is required.
    word: Option<Phrases>,
    /// Sentences that make every field required.
    every: Option<Phrases>,
}

impl Marks {
    fn new(parameters: &Parameters) -> Result<Marks, String> {
        parameters.only(&["word", "every"])?;
        Ok(Marks {
            word: parameters.phrases("word")?,
            every: parameters.phrases("every")?,
        })
    }
}

fn ask(subject: &Subject, marks: &Marks) -> Answer {
    let form = subject.form;
    let Some(language) = form.language.as_deref().filter(|_| form.understood) else {
        return Answer::no_lexicon(subject);
    };
    let required: Vec<&Field> = form
        .fields
        .iter()
        .filter(|f| f.required && f.visible())
        .collect();
    let said = |phrases: &Option<Phrases>, reading: &Reading| {
        let phrases = phrases.as_ref();
        phrases.is_some_and(|phrases| phrases.find(language, reading).is_some())
    };
    let marked = |field: &&Field| {
        field.label.contains('*')
            || field.placeholder.contains('*')
            || said(&marks.word, &field.asks)
    };
    // Beside a group or an unlabelled field the mark may stand anywhere.
    let tellable = |field: &&Field| field.kind != "radio" && !field.label.is_empty();
    let unmarked: Vec<&Field> = required.iter().filter(|f| !marked(f)).copied().collect();
    let names = |fields: &[&Field]| Measure::List(fields.iter().map(|f| f.label.clone()).collect());
    let mut observed = Observed::default()
        .with("required", names(&required))
        .with("unmarked", names(&unmarked));
    let covered = form.passages.iter().any(|p| said(&marks.every, &p.reading));
    let single = form.fields.iter().filter(|f| f.visible()).count() == 1;
    if unmarked.is_empty() || covered || single {
        return Answer::Yes(observed.seeing(subject.see_form()));
    }
    for field in unmarked.iter().take(6) {
        observed = observed.seeing(subject.see(&field.label, &field.place));
    }
    let legend =
        |p: &crate::model::Passage| p.text.contains('*') && p.reading.has(Sense::AnswerMandatory);
    let announced = form.notices().any(legend);
    let some_marked = unmarked.len() < required.len();
    if announced && some_marked && unmarked.iter().any(tellable) {
        return Answer::absent(subject, observed);
    }
    Answer::unknown(Reason::NeedsPerson, "marks_maybe_drawn", observed)
}
