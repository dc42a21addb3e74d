//! Asks whether the words to refuse are set as large and as strong as the words to accept.
//!
//! `ratio` of the sizes is much smaller, `some` is worth a word; so are regular letters beside bold
//! capitals. Words in a picture are for a person.

use crate::finding::{Measure, Reason};
use crate::model::Letters;

use super::looks::{hundredth, tenth};
use super::{Answer, Check, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "refusal-type",
    subjects: &[SubjectKind::Form],
    values: &[
        "button",
        "refusal",
        "accept_letters",
        "refuse_letters",
        "letters_ratio",
        "letters_ratio_some",
        "letters_ratio_limit",
        "accept_weight",
        "refuse_weight",
        "accept_style",
        "refuse_style",
        "accept_contrast",
        "refuse_contrast",
        "smaller",
    ],
    build: |parameters| {
        parameters.only(&["ratio", "some"])?;
        let ratio = parameters.number("ratio", 0.7)?;
        let some = parameters.number("some", 0.85)?;
        parameters.asking(move |subject: &Subject| ask(subject, ratio, some))
    },
};

/// Letters of this weight are bold.
const BOLD: f64 = 600.0;

fn ask(subject: &Subject, limit: f64, some: f64) -> Answer {
    let pair = match subject.painted_pair() {
        Ok(pair) => pair,
        Err(answer) => return answer,
    };
    let letters = (&pair.accept_look.letters, &pair.refuse_look.letters);
    let (Some(accept), Some(refuse)) = letters else {
        return Answer::unknown(Reason::NeedsPerson, "words_in_picture", pair.observed);
    };
    let ratio = refuse.size / accept.size.max(0.1);
    let mut observed = pair
        .observed
        .with("accept_letters", tenth(accept.size))
        .with("refuse_letters", tenth(refuse.size))
        .with("letters_ratio", hundredth(ratio))
        .with("letters_ratio_some", Measure::Number(some))
        .with("letters_ratio_limit", Measure::Number(limit))
        .with("accept_weight", Measure::Number(accept.weight))
        .with("refuse_weight", Measure::Number(refuse.weight))
        .with("accept_style", style(accept))
        .with("refuse_style", style(refuse));
    for (name, letters) in [("accept_contrast", accept), ("refuse_contrast", refuse)] {
        if let Some(contrast) = letters.contrast {
            observed = observed.with(name, hundredth(contrast));
        }
    }
    let strong = |letters: &Letters| letters.weight >= BOLD && letters.capitals;
    let plain = |letters: &Letters| letters.weight < BOLD && !letters.capitals;
    let smaller = if ratio < limit {
        "much"
    } else if ratio < some {
        "some"
    } else if strong(accept) && plain(refuse) {
        "strength"
    } else {
        return Answer::Yes(observed);
    };
    Answer::No(observed.with("smaller", Measure::Word(smaller)))
}

fn style(letters: &Letters) -> Measure {
    Measure::Word(match (letters.capitals, letters.italic) {
        (true, true) => "italic_capitals",
        (true, false) => "capitals",
        (false, true) => "italic",
        (false, false) => "upright",
    })
}
