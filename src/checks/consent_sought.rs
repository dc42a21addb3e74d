//! Asks whether the form asks for consent to marketing or transfer: by a control, by a hidden input that
//! states it, or by a button whose pressing is the consent.

use crate::finding::{Measure, Reason};
use crate::model::ControlKind;

use super::{Answer, Check, Observed, Subject, SubjectKind};

const BY: [&str; 3] = ["control", "button", "hidden"];

pub static CHECK: Check = Check {
    id: "consent-sought",
    subjects: &[SubjectKind::Form],
    values: &["label", "language"],
    build: |parameters| {
        parameters.only(&["by"])?;
        let by = parameters.list("by", &BY)?;
        parameters.asking(move |subject: &Subject| ask(subject, &by))
    },
};

fn ask(subject: &Subject, by: &[String]) -> Answer {
    let form = subject.form;
    let wanted = |kind: ControlKind| {
        let name = match kind {
            ControlKind::Hidden => "hidden",
            ControlKind::Button | ControlKind::Link => "button",
            _ => "control",
        };
        by.iter().any(|by| by == name)
    };
    let found = form
        .controls
        .iter()
        .find(|control| control.role.is_marketing() && wanted(control.kind));
    match found {
        Some(control) => Answer::Yes(
            Observed::default()
                .with("label", Measure::Text(control.label.clone()))
                .seeing(subject.see_control(control)),
        ),
        None if !form.understood => Answer::no_lexicon(subject),
        None => match form
            .pictured_control()
            .filter(|control| wanted(control.kind))
        {
            Some(control) => {
                let observed = Observed::default().seeing(subject.see_control(control));
                Answer::unknown(Reason::NeedsPerson, "wording_is_picture", observed)
            }
            None => Answer::No(Observed::default()),
        },
    }
}
