//! Asks whether what is pressed to go on without consent is a button, by its markup or by its look: a link
//! with a ground or frame and room around its words is one.

use crate::finding::{Measure, Reason};

use super::looks::{size, unmeasured};
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "refusal-button",
    subjects: &[SubjectKind::Form],
    values: &[
        "refusal",
        "refused_by",
        "button",
        "accept_size",
        "refuse_size",
    ],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    let mut observed = Observed::default();
    if let Some(button) = form.agreeing() {
        observed = observed
            .with("button", Measure::Text(button.label.clone()))
            .seeing(subject.see(&button.label, &button.place));
        if let Some(look) = &button.look {
            observed = observed.with("accept_size", size(&look.bounds));
        }
    }
    let Some(refusal) = form.refusing() else {
        let observed = observed.with("refused_by", Measure::Word("no_refusal"));
        return Answer::absent(subject, observed.seeing(subject.see_form()));
    };
    let observed = observed
        .with("refusal", Measure::Text(refusal.label.clone()))
        .seeing(subject.see(&refusal.label, &refusal.place));
    let by = |word| Measure::Word(word);
    let Some(look) = &refusal.look else {
        // How a link is drawn stands in no markup.
        return if refusal.is_link {
            unmeasured(observed.with("refused_by", by("link")))
        } else {
            Answer::Yes(observed.with("refused_by", by("button")))
        };
    };
    let observed = observed.with("refuse_size", size(&look.bounds));
    if !look.shown() {
        return Answer::unknown(Reason::NotSeen, "choice_not_shown", observed);
    }
    match (refusal.is_link, look.boxed()) {
        (false, _) | (true, Some(true)) => Answer::Yes(observed.with("refused_by", by("button"))),
        (true, Some(false)) => Answer::No(observed.with("refused_by", by("link"))),
        (true, None) => Answer::unknown(
            Reason::NotSeen,
            "ground_not_read",
            observed.with("refused_by", by("link")),
        ),
    }
}
