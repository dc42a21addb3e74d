//! Asks whether the form asks for data of somebody else: a friend's e-mail, a spouse's phone.
//!
//! `required` counts only what must be filled in. It goes by the field's label, its group's legend and
//! its name.

use crate::finding::Measure;
use crate::lexicon::Sense;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "other-person-asked",
    subjects: &[SubjectKind::Form],
    values: &["labels", "language"],
    build: |parameters| {
        parameters.only(&["required"])?;
        let required = parameters.flag("required")?;
        parameters.asking(move |subject: &Subject| ask(subject, required))
    },
};

fn ask(subject: &Subject, required: bool) -> Answer {
    let form = subject.form;
    let about_other = |f: &&crate::model::Field| {
        f.asks.has(Sense::OtherPerson) || f.named.has(Sense::OtherPerson)
    };
    let asked = form
        .fields
        .iter()
        .filter(|f| f.visible())
        .filter(about_other);
    let asked: Vec<_> = asked.filter(|f| f.required || !required).collect();
    if asked.is_empty() {
        return match form.understood {
            true => Answer::No(Observed::default()),
            false => Answer::no_lexicon(subject),
        };
    }
    let labels = asked.iter().map(|f| f.label.clone()).collect();
    let observed = Observed::default().with("labels", Measure::List(labels));
    Answer::Yes(asked.iter().take(6).fold(observed, |observed, field| {
        observed.seeing(subject.see(&field.label, &field.place))
    }))
}
