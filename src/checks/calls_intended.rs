//! Asks whether consumers are to be called with what the form collects: the user says so, or says nothing
//! and the form's consent speaks of calls. Where it speaks of none either, only the user knows.
//!
//! Where calls are meant and nothing on the form speaks of marketing, it may be a call-back that the
//! visitor asks for: that is for a person. With `told`, what the user says is enough; with `texts`, text
//! messages are calls.

use crate::finding::Reason;
use crate::lexicon::Sense;
use crate::model::{Audience, Channel, FormModel};

use super::calls_announced::ask as calls_announced;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "calls-intended",
    subjects: &[SubjectKind::Form],
    values: &["language"],
    build: |parameters| {
        parameters.only(&["texts", "told"])?;
        let texts = parameters.flag("texts")?;
        let told = parameters.flag("told")?;
        parameters.asking(move |subject: &Subject| match told {
            true => told_or_announced(subject, texts),
            false => ask(subject, texts),
        })
    },
};

/// Whether the user wants calls, texts among them where they count as such.
fn wanted(subject: &Subject, texts: bool) -> bool {
    let channels = subject.request.channels.iter();
    let mut wanted = channels.filter(|c| **c == Channel::Phone || (texts && **c == Channel::Sms));
    wanted.next().is_some()
}

/// Whether calls are meant, whoever is reached: the user says so, or says nothing and the form announces
/// them.
fn told_or_announced(subject: &Subject, texts: bool) -> Answer {
    if wanted(subject, texts) {
        return Answer::Yes(Observed::default());
    }
    if !subject.request.channels.is_empty() {
        return Answer::No(Observed::default());
    }
    let announced = calls_announced(subject);
    let form = subject.form;
    let sought = form.consent_controls().next().is_some() || form.accepting().is_some();
    match announced {
        Answer::No(_) if sought => {
            let observed = Observed::default().seeing(subject.see_form());
            Answer::unknown(Reason::NeedsPerson, "channels_not_given", observed)
        }
        other => other,
    }
}

fn ask(subject: &Subject, texts: bool) -> Answer {
    let (form, request) = (subject.form, subject.request);
    let told = wanted(subject, texts);
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
