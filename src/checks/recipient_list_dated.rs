//! Asks whether the list of recipients carries a date of its version.
//!
//! A date without a word that says what it is of does not count; whether a script writes the day of the
//! visit it cannot know.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::Passage;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "recipient-list-dated",
    subjects: &[SubjectKind::Form],
    values: &["quote", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let pages = subject.recipient_list_pages();
    let Some(first) = pages.first() else {
        return Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default());
    };
    let found = pages.iter().find_map(|&page| {
        let at = subject.once(page, "recipient-list-dated", |page| dated(&page.passages));
        page.passages.get((*at)?)
    });
    if let Some(passage) = found {
        return Answer::Yes(
            Observed::default()
                .with("quote", Measure::Text(passage.text.clone()))
                .seeing(subject.see_passage(passage)),
        );
    }
    let observed = Observed::default().seeing(subject.see_page(first));
    if !first.understood {
        let language = first.language.clone().unwrap_or_default();
        let observed = observed.with("language", Measure::Text(language));
        return Answer::unknown(Reason::NeedsPerson, "no_lexicon", observed);
    }
    if pages.iter().any(|page| !page.complete) {
        return Answer::unknown(Reason::NotSeen, "page_incomplete", observed);
    }
    Answer::No(observed)
}

/// The passage that says of when the list is; its date may stand in the next one.
fn dated(passages: &[Passage]) -> Option<usize> {
    (0..passages.len())
        .filter(|&at| passages[at].reading.has(Sense::Updated))
        .find(|&at| {
            let last = (at + 2).min(passages.len());
            passages[at..last].iter().any(|next| has_date(&next.text))
        })
}

/// A year of this century, alone or within a date of digits.
fn has_date(text: &str) -> bool {
    let year = |part: &str| {
        let number: Option<u32> = part.parse().ok().filter(|_| part.len() == 4);
        number.is_some_and(|year| (2000..2100).contains(&year))
    };
    let short = |word: &str| {
        let parts: Vec<&str> = word.split(['/', '.', '-']).collect();
        let digits = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        parts.len() == 3 && parts.iter().all(digits)
    };
    text.split(|c: char| !c.is_alphanumeric()).any(year) || text.split_whitespace().any(short)
}
