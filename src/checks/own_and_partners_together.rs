//! Asks whether one act agrees to the sender's own mailings and to partners at once, and no control asks
//! for one of them apart.

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::{FormModel, Polarity, Role};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "own-and-partners-together",
    subjects: &[SubjectKind::Form],
    values: &["label", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    if apart(form) {
        return Answer::No(Observed::default());
    }
    let control = form
        .consent_controls()
        .filter(|control| control.polarity == Polarity::OptIn)
        .find(|control| form.label_has(control, &[Sense::OwnAndPartners]) == Some(true));
    if let Some(control) = control {
        return Answer::Yes(
            Observed::default()
                .with("label", Measure::Text(control.label.clone()))
                .seeing(subject.see_control(control)),
        );
    }
    let Some(button) = form.accepting() else {
        return Answer::No(Observed::default());
    };
    if button.reading.has(Sense::OwnAndPartners) {
        let seen = subject.see(&button.label, &button.place);
        let label = Measure::Text(button.label.clone());
        return Answer::Yes(Observed::default().with("label", label).seeing(seen));
    }
    let sentence = form.notices().find_map(|passage| {
        let (first, last) = passage.bundling(false, false)?;
        let mut within = first..=last;
        within
            .any(|at| passage.reading.sentence_has(at, Sense::OwnAndPartners))
            .then(|| (passage, passage.sentences((first, last))))
    });
    match sentence {
        Some((passage, Some(words))) => Answer::Yes(
            Observed::default()
                .with("label", Measure::Text(words.to_string()))
                .seeing(subject.see_passage(passage)),
        ),
        _ => Answer::No(Observed::default()),
    }
}

/// Whether own mailings and partners have a control each.
fn apart(form: &FormModel) -> bool {
    let has = |role| form.consent_controls().any(|control| control.role == role);
    has(Role::MarketingOwn) && has(Role::MarketingPartners)
}
