//! Asks whether a control of its own agrees to the use of sensitive data.
//!
//! Where the page is about adapting homes or about insurance, disability or smoking may be what the
//! visitor's request needs: that is for a person to judge.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::Passage;

use super::sensitive_asked::is_consent;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "sensitive-consented",
    subjects: &[SubjectKind::Form],
    values: &["quote", "language"],
    build: |parameters| parameters.none(ask),
};

const NEEDING: [Sense; 2] = [Sense::SectorHomeAdaptation, Sense::SectorInsurance];

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let about = |p: &&Passage| p.reading.has_any(&[Sense::Sensitive, Sense::FieldHealth]);
    let agreed = form.passages.iter().find(|p| is_consent(p) && about(p));
    if let Some(passage) = agreed {
        return Answer::Yes(
            Observed::default()
                .with("quote", Measure::Text(passage.text.clone()))
                .seeing(subject.see_passage(passage)),
        );
    }
    let needs = |passage: &Passage| passage.reading.has_any(&NEEDING);
    let heading = subject.heading("sensitive-consented", needs);
    if heading.is_some() || form.passages.iter().any(needs) {
        let observed = Observed::default().seeing(subject.see_form());
        return Answer::unknown(Reason::NeedsPerson, "sensitive_in_context", observed);
    }
    let asked = form
        .passages
        .iter()
        .find(|p| p.reading.has(Sense::Sensitive));
    let seen = asked.map_or_else(|| subject.see_form(), |p| subject.see_passage(p));
    Answer::absent(subject, Observed::default().seeing(seen))
}
