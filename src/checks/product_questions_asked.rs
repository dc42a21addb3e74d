//! Asks whether the form asks every question that the user's product needs, and lists which it asks.
//!
//! It looks at labels, legends, headings and direct questions. Steps that come after this one, and are
//! not in the page yet, are not seen.

use crate::finding::{Measure, Reason};
use crate::lexicon::Reading;
use crate::model::{Passage, Question};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "product-questions-asked",
    subjects: &[SubjectKind::Form],
    values: &["product", "asked", "not_asked", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    let Some(product) = &subject.request.product else {
        return Answer::No(Observed::default());
    };
    let Some(language) = form.language.as_deref().filter(|_| form.understood) else {
        return Answer::no_lexicon(subject);
    };
    let ids =
        |questions: &[&Question]| Measure::List(questions.iter().map(|q| q.id.clone()).collect());
    let (asked, not_asked): (Vec<&Question>, Vec<&Question>) = product
        .questions
        .iter()
        .partition(|question| is_asked(subject, question, language));
    let observed = Observed::default()
        .with("product", Measure::Text(product.name.clone()))
        .with("asked", ids(&asked))
        .with("not_asked", ids(&not_asked))
        .seeing(subject.see_form());
    if not_asked.is_empty() {
        return Answer::Yes(observed);
    }
    // A question without words in the form's language cannot be missed.
    if not_asked.iter().any(|q| !q.phrases.speak(language)) {
        let observed = observed.with("language", Measure::Text(language.to_string()));
        return Answer::unknown(Reason::NeedsPerson, "question_without_words", observed);
    }
    Answer::absent(subject, observed)
}

fn is_asked(subject: &Subject, question: &Question, language: &str) -> bool {
    let form = subject.form;
    let met = |reading: &Reading| question.phrases.find(language, reading).is_some();
    let asks = |passage: &&Passage| {
        passage.labels_control || passage.heading || passage.text.trim_end().ends_with('?')
    };
    form.fields.iter().any(|f| met(&f.asks) || met(&f.offers))
        || form.passages.iter().filter(asks).any(|p| met(&p.reading))
}
