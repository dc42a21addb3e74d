//! Asks whether recipients are told at all: by names or a list at the form or, with `categories`, by
//! sectors in the privacy notice.

use std::ops::Range;

use crate::lexicon::Sense;
use crate::model::{Passage, Where};

use super::sectors_coherent::SECTORS;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "recipients-described",
    subjects: &[SubjectKind::Form],
    values: &[],
    build: |parameters| {
        parameters.only(&["categories"])?;
        let too = parameters.flag("categories")?;
        parameters.asking(move |subject: &Subject| ask(subject, too))
    },
};

/// Items of an enumeration that are looked at, and how long one may be.
const MOST_ITEMS: usize = 8;
const LONGEST_ITEM: usize = 120;

fn ask(subject: &Subject, categories_too: bool) -> Answer {
    let named = !subject.form.recipients.is_empty() || subject.recipient_list().is_some();
    if named || (categories_too && categories(subject).is_some()) {
        Answer::Yes(Observed::default())
    } else {
        Answer::No(Observed::default())
    }
}

/// Where the privacy notice tells recipients by sectors: in one sentence, or in an enumeration after it.
pub(super) fn categories<'a>(subject: &Subject<'a>) -> Option<&'a [Passage]> {
    let text = subject.text(Where::PrivacyNotice);
    text.read.into_iter().find_map(|notice| {
        let found = subject.of(notice, "recipients-described", described);
        notice.page.passages.get((*found).clone()?)
    })
}

/// The lines that do.
fn described(passages: &[Passage]) -> Option<Range<usize>> {
    (0..passages.len()).find_map(|at| {
        let passage = &passages[at];
        let partners = [Sense::Partners, Sense::Recipients];
        if !passage.reading.has_any(&partners) {
            return None;
        }
        let one = SECTORS.iter().any(|&sector| {
            partners
                .iter()
                .any(|&partner| passage.reading.together(partner, sector))
        });
        if one {
            return Some(at..at + 1);
        }
        let opens = passage.heading || passage.text.trim_end().ends_with(':');
        let items = passages[at + 1..]
            .iter()
            .take(MOST_ITEMS)
            .take_while(|item| !item.heading && item.text.len() <= LONGEST_ITEM)
            .take_while(|item| item.reading.has_any(&SECTORS))
            .count();
        (opens && items > 0).then_some(at..at + items + 1)
    })
}
