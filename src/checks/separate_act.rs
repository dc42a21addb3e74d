//! Asks whether the visitor can consent to marketing or transfer by an act of its own: a control, or
//! one of two buttons that differ in nothing else.
//!
//! A sentence that only informs about mailings to customers, with a right to object, is for a person:
//! it may be the lawful exception for one's own similar products.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "separate-act",
    subjects: &[SubjectKind::Form],
    values: &["controls", "sentence"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    let controls: Vec<_> = form.consent_controls().collect();
    let observed = Observed::default().with("controls", Measure::Number(controls.len() as f64));
    if let Some(control) = controls.first() {
        return Answer::Yes(observed.seeing(subject.see_control(control)));
    }
    let buttons = || form.buttons.iter().filter(|button| !button.is_link);
    let pair = buttons()
        .find(|button| button.refuses)
        .filter(|_| buttons().any(|button| !button.refuses));
    if let Some(refusal) = pair {
        return Answer::Yes(observed.seeing(subject.see(&refusal.label, &refusal.place)));
    }
    const TOPICS: [Sense; 3] = [Sense::Marketing, Sense::Newsletter, Sense::Partners];
    let about = |sense: Sense| {
        form.notices()
            .find(move |passage| passage.reading.has(sense) && passage.reading.has_any(&TOPICS))
    };
    let consents = || {
        form.notices().find(|passage| {
            let reading = &passage.reading;
            reading.words.len() >= super::STATEMENT_WORDS
                && TOPICS
                    .iter()
                    .any(|&topic| reading.together(Sense::Consent, topic))
        })
    };
    let agreed = about(Sense::Bundle).or_else(consents);
    if let Some(passage) = agreed {
        return Answer::No(
            observed
                .with("sentence", Measure::Text(passage.text.clone()))
                .seeing(subject.see_passage(passage)),
        );
    }
    let informed = about(Sense::Withdraw)
        .or_else(|| about(Sense::Transfer))
        .or_else(|| about(Sense::Purpose));
    let observed = match informed {
        Some(passage) => observed
            .with("sentence", Measure::Text(passage.text.clone()))
            .seeing(subject.see_passage(passage)),
        None => observed.seeing(subject.see_form()),
    };
    Answer::unknown(Reason::NeedsPerson, "informs_only", observed)
}
