//! Asks whether a marketing consent names the ways of contact that count: those that the user of the scanner
//! wants and the form's fields open, else the telephone where its number is asked for.
//!
//! Where one way only is asked for, it goes without saying. `problem` tells what is missing: `no_channel`
//! (none is named) or `not_all`, with the ways in `unnamed`; `calls` tells whether calls or texts are among
//! them. What is done later it cannot see.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{Category, Channel, Passage};

use super::{Answer, Check, Observed, Subject, SubjectKind};

/// The ways of contact: what names them in a text, and the field that opens them.
const WAYS: [(Channel, &[Sense], Category, &str); 4] = [
    (
        Channel::Email,
        &[Sense::Email],
        Category::Email,
        "channel_email",
    ),
    (Channel::Sms, &[Sense::Sms], Category::Phone, "channel_sms"),
    (
        Channel::Phone,
        &[Sense::Phone, Sense::CallConsent],
        Category::Phone,
        "channel_phone",
    ),
    (
        Channel::Post,
        &[Sense::Post],
        Category::PostalAddress,
        "channel_post",
    ),
];

pub static CHECK: Check = Check {
    id: "channels-named",
    subjects: &[SubjectKind::Form],
    values: &["sentence", "problem", "unnamed", "calls", "language"],
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
    let says = |channel: Channel, senses: &[Sense]| {
        let controls = || form.consent_controls();
        texts.iter().any(|text| text.reading.has_any(senses))
            || controls().any(|control| form.label_has(control, senses) == Some(true))
            || controls().any(|control| control.channels.contains(&channel))
    };
    let asks = |category| form.fields.iter().any(|field| field.category == category);
    let observed = describe(subject, &texts);
    let fields = [Category::Email, Category::Phone, Category::PostalAddress];
    let several = fields.into_iter().filter(|&field| asks(field)).count() > 1;
    let any_named = WAYS
        .iter()
        .any(|(channel, senses, ..)| says(*channel, senses));
    let told = &subject.request.channels;
    // Nobody said how prospects are reached: a number that is asked for is there to be called.
    let wanted = |channel: &Channel| match told.is_empty() {
        true => *channel == Channel::Phone,
        false => told.contains(channel),
    };
    let open = WAYS.iter().filter(|way| wanted(&way.0) && asks(way.2));
    let unnamed: Vec<_> = open.filter(|way| !says(way.0, way.1)).collect();
    // Only one way of contact is asked for: nothing else can be meant.
    let by_itself = !several && !any_named;
    let texts_do = told.is_empty() && says(Channel::Sms, &[Sense::Sms]);
    if unnamed.is_empty() || by_itself || texts_do {
        return Answer::Yes(observed);
    }
    if told.is_empty() && any_named {
        return Answer::unknown(Reason::NeedsPerson, "channels_not_given", observed);
    }
    let calls = unnamed
        .iter()
        .any(|way| matches!(way.0, Channel::Phone | Channel::Sms));
    let problem = if any_named { "not_all" } else { "no_channel" };
    let names = unnamed.iter().map(|way| way.3.to_string()).collect();
    Answer::absent(
        subject,
        observed
            .with("problem", Measure::Word(problem))
            .with("unnamed", Measure::List(names))
            .with("calls", Measure::Bool(calls)),
    )
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
