//! Asks whether the form, its notice or the text around it says what the data is used for.
//!
//! A heading or a button alone ("Contact", "Subscribe") is a hint, not a statement: that is for a
//! person to judge.

use crate::finding::{Measure, Reason};
use crate::model::Service;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "purpose-stated",
    subjects: &[SubjectKind::Form],
    values: &["purposes", "quote", "language"],
    build: |parameters| parameters.none(ask),
};

/// Fewer words than this are a heading, not a statement.
const STATEMENT_WORDS: usize = 4;

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let purposes: Vec<String> = form
        .purposes
        .iter()
        .map(|p| p.purpose.to_string())
        .collect();
    let long_enough = |quote: &str| quote.split_whitespace().count() >= STATEMENT_WORDS;
    let stated = form
        .purposes
        .iter()
        .find(|purpose| long_enough(&purpose.quote));
    if let Some(stated) = stated {
        return Answer::Yes(
            Observed::default()
                .with("purposes", Measure::List(purposes))
                .with("quote", Measure::Text(stated.quote.clone()))
                .seeing(subject.see(&stated.quote, &stated.place)),
        );
    }
    let observed = Observed::default()
        .with("purposes", Measure::List(purposes))
        .seeing(subject.see_form());
    let hinted = !form.purposes.is_empty() || form.passages.iter().any(|p| p.heading);
    match (form.service, hinted) {
        // The newsletter is both the service and the purpose.
        (Service::Newsletter, _) => Answer::Yes(observed),
        (_, true) => Answer::unknown(Reason::NeedsPerson, "heading_only", observed),
        (_, false) => Answer::absent(subject, observed),
    }
}
