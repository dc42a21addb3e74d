//! Asks whether the words that ask for consent stand out from what lies behind them: a contrast of at
//! least `least`, or `large` for large letters (WCAG 2.2, SC 1.4.3). Below `poor` they are hard to see at
//! all.
//!
//! Where a picture or a gradient lies behind the words, the stored picture is looked at.

use crate::finding::{Measure, Reason};
use crate::model::Letters;

use super::looks::{Words, hundredth, tenth};
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "consent-text-contrast",
    subjects: &[SubjectKind::Form],
    values: &[
        "quote",
        "contrast",
        "contrast_least",
        "contrast_poor",
        "letters",
        "read_from",
        "pale",
    ],
    build: |parameters| {
        parameters.only(&["least", "large", "poor"])?;
        let least = parameters.number("least", 4.5)?;
        let large = parameters.number("large", 3.0)?;
        let poor = parameters.number("poor", 3.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, least, large, poor))
    },
};

/// Large letters: 18 point, or 14 point and bold, in CSS pixels.
const LARGE: f64 = 24.0;
const LARGE_BOLD: f64 = 18.66;
const BOLD: f64 = 700.0;

fn ask(subject: &Subject, least: f64, large: f64, poor: f64) -> Answer {
    let words = match subject.shown_consent_words() {
        Ok(words) => words,
        Err(answer) => return answer,
    };
    let limit = |letters: &Letters| {
        let big = letters.size >= LARGE || (letters.size >= LARGE_BOLD && letters.weight >= BOLD);
        if big { large } else { least }
    };
    let mut worst: Option<(&Words, &Letters, f64)> = None;
    let mut unread = None;
    for words in &words {
        let Some(letters) = &words.look.letters else {
            continue;
        };
        let Some(contrast) = letters.contrast else {
            unread.get_or_insert(words);
            continue;
        };
        // What counts is how far from its own limit each is.
        let share = contrast / limit(letters);
        let worse = worst.is_none_or(|(_, known, at)| share < at / limit(known));
        if worse {
            worst = Some((words, letters, contrast));
        }
    }
    let tell = |words: &Words, letters: &Letters| {
        Observed::default()
            .with("quote", Measure::Text(words.text.to_string()))
            .with("contrast_least", Measure::Number(limit(letters)))
            .with("contrast_poor", Measure::Number(poor))
            .with("letters", tenth(letters.size))
            .seeing(subject.see_words(words))
    };
    if let Some((words, letters, contrast)) = worst {
        let from = if letters.from_picture {
            "picture"
        } else {
            "styles"
        };
        let observed = tell(words, letters)
            .with("contrast", hundredth(contrast))
            .with("read_from", Measure::Word(from));
        if contrast < limit(letters) {
            let pale = if contrast < poor { "poor" } else { "low" };
            return Answer::No(observed.with("pale", Measure::Word(pale)));
        }
        if unread.is_none() {
            return Answer::Yes(observed);
        }
    }
    match unread.and_then(|words| Some((words, words.look.letters.as_ref()?))) {
        Some((words, letters)) => {
            Answer::unknown(Reason::NotSeen, "ground_not_read", tell(words, letters))
        }
        None => Answer::Yes(Observed::default()),
    }
}
