//! Asks whether a marketing consent names the ways of contact that the form's fields open.
//!
//! Where one way only is asked for, it goes without saying. `problem` tells what is missing: `none` (no
//! channel at all) or `phone` (others are named, calls are wanted). What is done later it cannot see.

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::{Category, Channel, Passage};

use super::{Answer, Check, Observed, Subject, SubjectKind};

const CALLS: [Sense; 3] = [Sense::Phone, Sense::Sms, Sense::CallConsent];
const OTHERS: [Sense; 2] = [Sense::Email, Sense::Post];

pub static CHECK: Check = Check {
    id: "channels-named",
    subjects: &[SubjectKind::Form],
    values: &["sentence", "problem", "language"],
    build: |parameters| {
        parameters.only(&["ask"])?;
        let asked = parameters.one_of("ask", &["consent", "named"])? == "consent";
        parameters.asking(move |subject: &Subject| {
            if !subject.form.understood {
                return Answer::no_lexicon(subject);
            }
            match asked {
                true => consent(subject),
                false => named(subject),
            }
        })
    },
};

/// Whether the form asks for consent to marketing at all.
fn consent(subject: &Subject) -> Answer {
    match consent_texts(subject).is_empty() && subject.form.consent_controls().next().is_none() {
        true => Answer::No(Observed::default()),
        false => Answer::Yes(Observed::default()),
    }
}

fn named(subject: &Subject) -> Answer {
    let form = subject.form;
    let texts = consent_texts(subject);
    let says = |senses: &[Sense]| {
        texts.iter().any(|text| text.reading.has_any(senses))
            || form
                .consent_controls()
                .any(|control| form.label_has(control, senses) == Some(true))
    };
    let has = |channels: &[Channel]| {
        form.consent_controls()
            .any(|control| control.channels.iter().any(|c| channels.contains(c)))
    };
    let asks = |category| form.fields.iter().any(|field| field.category == category);
    let observed = describe(subject, &texts);
    if !asks(Category::Phone) {
        return Answer::Yes(observed);
    }
    let calls = says(&CALLS) || has(&[Channel::Phone, Channel::Sms]);
    let others = says(&OTHERS) || has(&[Channel::Email, Channel::Post]);
    let several = asks(Category::Email) || asks(Category::PostalAddress);
    let wanted = subject
        .request
        .channels
        .iter()
        .any(|channel| matches!(channel, Channel::Phone | Channel::Sms));
    match (calls, others) {
        (true, _) => Answer::Yes(observed),
        // Only a telephone is asked for: nothing else can be meant.
        (false, false) if !several => Answer::Yes(observed),
        (false, false) => Answer::absent(
            subject,
            observed.with("problem", Measure::Word("no_channel")),
        ),
        (false, true) if wanted => {
            Answer::absent(subject, observed.with("problem", Measure::Word("no_phone")))
        }
        (false, true) => Answer::Yes(observed),
    }
}

/// The running text that asks for consent to marketing, such as a sentence that makes the button one.
fn consent_texts<'a>(subject: &Subject<'a>) -> Vec<&'a Passage> {
    let about = [Sense::Marketing, Sense::Newsletter, Sense::Partners];
    let acts = [Sense::Consent, Sense::Bundle];
    let texts = subject.form.notices();
    texts
        .filter(|text| text.reading.has_any(&about) && text.reading.has_any(&acts))
        .collect()
}

fn describe(subject: &Subject, texts: &[&Passage]) -> Observed {
    if let Some(control) = subject.form.consent_controls().next() {
        return Observed::default()
            .with("sentence", Measure::Text(control.label.clone()))
            .seeing(subject.see_control(control));
    }
    match texts.first() {
        Some(text) => Observed::default()
            .with("sentence", Measure::Text(text.text.clone()))
            .seeing(subject.see_passage(text)),
        None => Observed::default().seeing(subject.see_form()),
    }
}
