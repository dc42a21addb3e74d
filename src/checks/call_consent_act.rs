//! Asks whether the visitor agrees to being called by an act of its own: a control whose words speak of
//! calls, or one of two buttons where the text does.

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::{Channel, Polarity};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "call-consent-act",
    subjects: &[SubjectKind::Form],
    values: &["quote", "language"],
    build: |parameters| parameters.none(ask),
};

const CALLS: [Sense; 2] = [Sense::CallConsent, Sense::Phone];

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let asked = || {
        let controls = form.consent_controls();
        controls.filter(|control| control.polarity == Polarity::OptIn)
    };
    // The channels of an answer stand in its question; those of a box in its own words.
    let control = asked().find(|control| match form.label_has(control, &CALLS) {
        Some(says) if control.group.is_none() => says,
        _ => control.channels.contains(&Channel::Phone),
    });
    if let Some(control) = control {
        let quote = Measure::Text(control.label.clone());
        let seen = subject.see_control(control);
        return Answer::Yes(Observed::default().with("quote", quote).seeing(seen));
    }
    let two = form.accepting().filter(|_| {
        let refusal = form.refusing();
        refusal.is_some_and(|refusal| !refusal.is_link)
    });
    let told = form
        .notices()
        .any(|passage| passage.reading.has_any(&CALLS));
    if let Some(button) = two.filter(|button| told || button.reading.has_any(&CALLS)) {
        let quote = Measure::Text(button.label.clone());
        let seen = subject.see(&button.label, &button.place);
        return Answer::Yes(Observed::default().with("quote", quote).seeing(seen));
    }
    let seen = match asked().next() {
        Some(control) => subject.see_control(control),
        None => subject.see_form(),
    };
    Answer::absent(subject, Observed::default().seeing(seen))
}
