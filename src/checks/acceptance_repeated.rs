//! Asks whether the form offers more buttons to accept than ways to refuse, where it offers both.
//!
//! What asks again after a refusal is another question.

use crate::finding::Measure;
use crate::model::Button;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "acceptance-repeated",
    subjects: &[SubjectKind::Form],
    values: &[
        "button",
        "refusal",
        "accept_count",
        "refuse_count",
        "repeated",
    ],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    let (Some(accept), Some(refuse)) = (form.agreeing(), form.refusing()) else {
        return Answer::No(Observed::default());
    };
    // What nobody sees is offered to nobody; without layout everything may be seen.
    let offered = |button: &&Button| button.look.as_ref().is_none_or(|look| look.shown());
    let accepts = |button: &&Button| {
        !button.refuses
            && (button.consents
                || button.carries_consent
                || button.accepts_all()
                || button.label == accept.label)
    };
    let offered = || form.buttons.iter().filter(offered);
    let accepting: Vec<&Button> = offered().filter(accepts).collect();
    let refusing = offered().filter(|button| button.refuses).count();
    let mut observed = Observed::default()
        .with("button", Measure::Text(accept.label.clone()))
        .with("refusal", Measure::Text(refuse.label.clone()))
        .with("accept_count", Measure::Number(accepting.len() as f64))
        .with("refuse_count", Measure::Number(refusing as f64));
    for button in accepting.iter().take(3) {
        observed = observed.seeing(subject.see(&button.label, &button.place));
    }
    let more = refusing > 0 && accepting.len() > refusing;
    match form.scene {
        _ if !more => Answer::No(observed),
        Some(_) => Answer::Yes(observed.with("repeated", Measure::Bool(true))),
        None => super::looks::unmeasured(observed),
    }
}
