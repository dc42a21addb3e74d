//! Asks whether a notice announces that data is sold, handed to partners for marketing, or used to target
//! people on social networks; with `unsaid`, whether it does and the form says nothing of it.
//!
//! Service providers are no partners. A sentence with a negation, or that speaks of cookies, announces
//! nothing. With `read`, notices
//! that were not read announce nothing; without it, they leave the question open.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{Passage, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

const NOTICES: [Where; 2] = [Where::PrivacyNotice, Where::Terms];
/// What a form that tells of it speaks of.
const AT_FORM: [Sense; 5] = [
    Sense::Partners,
    Sense::OwnAndPartners,
    Sense::Transfer,
    Sense::DataTrade,
    Sense::AudienceMatching,
];

pub static CHECK: Check = Check {
    id: "transfer-announced",
    subjects: &[SubjectKind::Form],
    values: &["where", "quote", "language"],
    build: |parameters| {
        parameters.only(&["unsaid", "read"])?;
        let unsaid = parameters.flag("unsaid")?;
        let read = parameters.flag("read")?;
        parameters.asking(move |subject: &Subject| ask(subject, unsaid, read))
    },
};

fn ask(subject: &Subject, unsaid: bool, read: bool) -> Answer {
    let mut unread = false;
    for place in NOTICES {
        let text = subject.text(place);
        unread |= text.unread;
        for part in text.read {
            let found = subject.first(part, "transfer-announced", announces);
            let found = found
                .and_then(|(passage, (from, to))| Some((passage, passage.text.get(from..to)?)));
            let Some((passage, sentence)) = found else {
                continue;
            };
            let mut seen = subject.see_passage(passage);
            seen.quote = Some(sentence.to_string());
            let observed = Observed::default()
                .with("where", Measure::Word(place.as_str()))
                .with("quote", Measure::Text(sentence.to_string()))
                .seeing(seen);
            return match unsaid {
                true => at_form(subject, observed),
                false => Answer::Yes(observed),
            };
        }
    }
    if unread && !read {
        return Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default());
    }
    Answer::No(Observed::default())
}

/// Yes where the form is silent about what the notice announces.
fn at_form(subject: &Subject, announced: Observed) -> Answer {
    let form = subject.form;
    let told = form
        .passages
        .iter()
        .find(|passage| passage.reading.has_any(&AT_FORM));
    if let Some(passage) = told {
        return Answer::No(announced.seeing(subject.see_passage(passage)));
    }
    if form.recipient_list.is_some() || !form.recipients.is_empty() {
        return Answer::No(announced);
    }
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    if !subject.page.complete {
        return Answer::unknown(Reason::NotSeen, "page_incomplete", announced);
    }
    Answer::Yes(announced.seeing(subject.see_form()))
}

/// The sentence of a passage that announces it: its bytes.
pub(super) fn announces(passage: &Passage) -> Option<(usize, usize)> {
    let reading = &passage.reading;
    let has = |sentence, sense| reading.sentence_has(sentence, sense);
    let handed = reading.hits(Sense::Transfer).filter(|hit| {
        has(hit.sentence, Sense::Partners)
            && has(hit.sentence, Sense::Marketing)
            && !has(hit.sentence, Sense::OtherRole)
    });
    let traded = reading.hits(Sense::DataTrade);
    let matched = reading.hits(Sense::AudienceMatching);
    let doubtful = |sentence| {
        [Sense::Transfer, Sense::Partners, Sense::DataTrade]
            .iter()
            .flat_map(|&sense| reading.hits(sense))
            .any(|hit| hit.sentence == sentence && hit.negated)
            || has(sentence, Sense::NoTransfer)
    };
    let at = handed
        .chain(traded)
        .chain(matched)
        .find(|hit| !hit.negated && !doubtful(hit.sentence))?;
    reading.sentence_range(at.sentence)
}
