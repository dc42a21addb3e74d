//! Asks whether consumers are to be called with what the form collects: the user says so, or says nothing
//! and the form asks for marketing consent.
//!
//! Where calls are meant and nothing on the form speaks of marketing, it may be a call-back that the
//! visitor asks for: that is for a person.

use crate::finding::Reason;
use crate::model::{Audience, Channel};

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
    if sought || (told && announced) {
        return Answer::Yes(Observed::default());
    }
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    if told {
        let observed = Observed::default().seeing(subject.see_form());
        return Answer::unknown(Reason::NeedsPerson, "call_asked_for", observed);
    }
    Answer::No(Observed::default())
}
