//! Asks whether consumers are to be called with what the form collects: the user says so, or says nothing
//! and the form's consent speaks of calls. Where it speaks of none either, only the user knows.
//!
//! Where calls are meant and nothing on the form speaks of marketing, it may be a call-back that the
//! visitor asks for: that is for a person.

use crate::finding::Reason;
use crate::lexicon::Sense;
use crate::model::{Audience, Channel, FormModel};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "calls-intended",
    subjects: &[SubjectKind::Form],
    values: &["language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let (form, request) = (subject.form, subject.request);
    let told = request.channels.contains(&Channel::Phone);
    if request.audience != Audience::Consumer || (!told && !request.channels.is_empty()) {
        return Answer::No(Observed::default());
    }
    let announced = form
        .purposes
        .iter()
        .any(|purpose| matches!(purpose.purpose, "marketing" | "transfer"));
    let sought = form.consent_controls().next().is_some() || form.accepting().is_some();
    if told && (sought || announced) {
        return Answer::Yes(Observed::default());
    }
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    if sought && speaks_of_calls(form) {
        return Answer::Yes(Observed::default());
    }
    if sought {
        let observed = Observed::default().seeing(subject.see_form());
        return Answer::unknown(Reason::NeedsPerson, "channels_not_given", observed);
    }
    if told {
        let observed = Observed::default().seeing(subject.see_form());
        return Answer::unknown(Reason::NeedsPerson, "call_asked_for", observed);
    }
    Answer::No(Observed::default())
}

/// Whether a consent names calls: in a control's own words or channels, or in a sentence about marketing.
fn speaks_of_calls(form: &FormModel) -> bool {
    let calls = [Sense::CallConsent, Sense::Phone];
    let by_control = form.consent_controls().any(|control| {
        control.channels.contains(&Channel::Phone) || form.label_has(control, &calls) == Some(true)
    });
    by_control
        || form.notices().any(|passage| {
            let reading = &passage.reading;
            let about = [Sense::Marketing, Sense::Consent, Sense::Partners];
            reading.has(Sense::CallConsent)
                || about
                    .iter()
                    .any(|&about| reading.together(about, Sense::Phone))
        })
}
