//! Asks whether the words that ask for consent are large enough to read: at least `small` pixels, and not
//! much smaller than the labels and answers of the form. Below `tiny` pixels, or below the ratio
//! `ratio_tiny`, they are small print; words of `ample` pixels are large enough whatever is around them.
//!
//! The size as painted counts, after zoom and transforms. Words in a picture are for a person.

use crate::finding::Measure;

use super::looks::{hundredth, tenth};
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "consent-text-size",
    subjects: &[SubjectKind::Form],
    values: &[
        "quote",
        "letters",
        "letters_small",
        "letters_tiny",
        "form_letters",
        "form_ratio",
        "form_ratio_small",
        "form_ratio_tiny",
        "letters_ample",
        "print",
    ],
    build: |parameters| {
        let keys = ["small", "tiny", "ratio_small", "ratio_tiny", "ample"];
        parameters.only(&keys)?;
        let limits = Limits {
            small: parameters.number("small", 12.0)?,
            tiny: parameters.number("tiny", 10.0)?,
            ratio_small: parameters.number("ratio_small", 0.85)?,
            ratio_tiny: parameters.number("ratio_tiny", 0.7)?,
            ample: parameters.number("ample", 13.0)?,
        };
        parameters.asking(move |subject: &Subject| ask(subject, &limits))
    },
};

struct Limits {
    small: f64,
    tiny: f64,
    ratio_small: f64,
    ratio_tiny: f64,
    ample: f64,
}

fn ask(subject: &Subject, limits: &Limits) -> Answer {
    let words = match subject.shown_consent_words() {
        Ok(words) => words,
        Err(answer) => return answer,
    };
    let size = |at: usize| words[at].look.letters.as_ref().map_or(0.0, |l| l.size);
    let smallest = (0..words.len()).min_by(|one, other| size(*one).total_cmp(&size(*other)));
    let Some(at) = smallest else {
        return Answer::Yes(Observed::default());
    };
    let letters = size(at);
    let around = subject.form.scene.and_then(|scene| scene.letters);
    let ratio = around.map_or(1.0, |around| letters / around.max(0.1));
    let mut observed = Observed::default()
        .with("quote", Measure::Text(words[at].text.to_string()))
        .with("letters", tenth(letters))
        .with("letters_small", Measure::Number(limits.small))
        .with("letters_tiny", Measure::Number(limits.tiny))
        .seeing(subject.see_words(&words[at]));
    if let Some(around) = around {
        observed = observed
            .with("form_letters", tenth(around))
            .with("form_ratio", hundredth(ratio))
            .with("form_ratio_small", Measure::Number(limits.ratio_small))
            .with("form_ratio_tiny", Measure::Number(limits.ratio_tiny))
            .with("letters_ample", Measure::Number(limits.ample));
    }
    let compared = letters < limits.ample;
    let print = if letters < limits.tiny || (compared && ratio < limits.ratio_tiny) {
        "small_print"
    } else if letters < limits.small || (compared && ratio < limits.ratio_small) {
        "rather_small"
    } else {
        return Answer::Yes(observed);
    };
    Answer::No(observed.with("print", Measure::Word(print)))
}
