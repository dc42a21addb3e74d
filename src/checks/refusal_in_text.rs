//! Asks whether the way on without consent is a link inside a longer text: one of more than `most` words,
//! on lines that it shares with other words.

use crate::finding::Measure;

use super::looks::{tenth, unmeasured, whole};
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "refusal-in-text",
    subjects: &[SubjectKind::Form],
    values: &[
        "refusal",
        "words",
        "limit",
        "quote",
        "place_in_text",
        "own_line",
        "space",
    ],
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
    let mut observed = Observed::default()
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
    observed = observed
        .with("words", Measure::Number(words))
        .with("quote", Measure::Text(passage.text.clone()));
    if words <= most {
        return Answer::No(observed);
    }
    let Some(look) = &refusal.look else {
        return unmeasured(observed.seeing(subject.see_passage(passage)));
    };
    let Some(setting) = &look.setting else {
        return Answer::No(observed);
    };
    observed = observed
        .with("words", Measure::Number(setting.words as f64))
        .with("place_in_text", whole(setting.before))
        .with("own_line", Measure::Bool(setting.own_line));
    if let Some(gap) = setting.gap {
        observed = observed.with("space", tenth(gap));
    }
    let within = setting.words as f64 > most && !setting.own_line && look.boxed() != Some(true);
    if within {
        Answer::Yes(observed.seeing(subject.see_passage(passage)))
    } else {
        Answer::No(observed)
    }
}
