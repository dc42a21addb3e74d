//! Asks whether the form speaks of marketing calls or texts: agreeing to them, or dialling systems and
//! recorded voices.

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::{Channel, Passage};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "calls-announced",
    subjects: &[SubjectKind::Form],
    values: &["quote", "language"],
    build: |parameters| parameters.none(ask),
};

const CALLS: [Channel; 2] = [Channel::Phone, Channel::Sms];
/// What the words of a consent to calls or texts hold.
const SPOKEN: [Sense; 5] = [
    Sense::CallConsent,
    Sense::Phone,
    Sense::Sms,
    Sense::Autodialler,
    Sense::Prerecorded,
];

pub(super) fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    // The channels of an answer stand in its question; those of a box in its own words, for labels may
    // share a line.
    let by_control = form.consent_controls().find(|control| match control.group {
        Some(_) => control
            .channels
            .iter()
            .any(|channel| CALLS.contains(channel)),
        None => form.label_has(control, &SPOKEN) == Some(true),
    });
    let told = form.notices().find(|passage| speaks(passage));
    let seen = match (by_control, told) {
        (Some(control), _) => (control.label.clone(), subject.see_control(control)),
        (None, Some(passage)) => (passage.text.clone(), subject.see_passage(passage)),
        (None, None) => return Answer::No(Observed::default()),
    };
    let quote = Measure::Text(seen.0);
    Answer::Yes(Observed::default().with("quote", quote).seeing(seen.1))
}

fn speaks(passage: &Passage) -> bool {
    let reading = &passage.reading;
    let marketing = reading.has_any(&[Sense::Marketing, Sense::Partners]);
    let agreed = reading.has_any(&[Sense::Consent, Sense::Bundle]);
    let dialled = reading.has_any(&[Sense::Autodialler, Sense::Prerecorded]);
    let called = reading.has_any(&[Sense::Phone, Sense::Sms]);
    reading.has(Sense::CallConsent) || (agreed && (dialled || (marketing && called)))
}
