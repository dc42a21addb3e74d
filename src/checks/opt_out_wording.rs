//! Asks whether a control is asked the wrong way round: turning it on means no, leaving it alone yes.
//!
//! The "no" of a yes-or-no pair is not inverted: the pair has a "yes" beside it. `channel` tells what it is
//! about: `electronic`, `calls` or `letters` alone, or `any`.

use crate::finding::Measure;
use crate::model::{Channel, ControlKind, Polarity};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "opt-out-wording",
    subjects: &[SubjectKind::Control],
    values: &["label", "channel"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let Some(control) = subject.control else {
        return Answer::No(Observed::default());
    };
    let observed = Observed::default()
        .with("label", Measure::Text(control.label.clone()))
        .with("channel", Measure::Word(channel(&control.channels)))
        .seeing(subject.see_control(control));
    let paired = matches!(control.kind, ControlKind::Radio | ControlKind::Select)
        && subject.form.controls.iter().any(|other| {
            other.group.is_some()
                && other.group == control.group
                && other.polarity == Polarity::OptIn
        });
    if control.polarity == Polarity::OptOut && !paired {
        Answer::Yes(observed)
    } else {
        Answer::No(observed)
    }
}

fn channel(named: &[Channel]) -> &'static str {
    let only = |channels: &[Channel]| {
        !named.is_empty() && named.iter().all(|channel| channels.contains(channel))
    };
    if only(&[Channel::Post]) {
        "letters"
    } else if only(&[Channel::Phone]) {
        "calls"
    } else if only(&[Channel::Email, Channel::Sms]) {
        "electronic"
    } else {
        "any"
    }
}
