//! Asks whether what would have been sent says that the visitor consented, though nobody turned a consent
//! control on.
//!
//! It cannot tell what a name means that only the site's own server understands.

use crate::artifact::{Path, PressOutcome};
use crate::finding::{Measure, Reason};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "consent-sent-unasked",
    subjects: &[SubjectKind::Form],
    values: &["field", "value", "path"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    let unseen = || {
        let observed = Observed::default().seeing(subject.see_form());
        Answer::unknown(Reason::NotSeen, "submission_not_held", observed)
    };
    let Some(trial) = &form.trial else {
        return unseen();
    };
    // Where pressing is the consent, a yes is what was pressed; only the way without must not say so.
    let by_pressing = form.accepting().is_some();
    let counts = |path: Path| !by_pressing || path == Path::Refusal;
    if let Some(stated) = trial.stated.iter().find(|stated| counts(stated.path)) {
        let path = match stated.path {
            Path::Refusal | Path::Declining => "refused",
            _ => "untouched",
        };
        let mut seen = subject.see_form();
        seen.quote = Some(format!("{}={}", stated.field, stated.value));
        if let Some(capture) = &stated.capture {
            seen.capture.clone_from(capture);
        }
        return Answer::Yes(
            Observed::default()
                .with("field", Measure::Text(stated.field.clone()))
                .with("value", Measure::Text(stated.value.clone()))
                .with("path", Measure::Word(path))
                .seeing(seen),
        );
    }
    let walks = trial.refusals.iter().map(|walk| &walk.press);
    let held = trial
        .presses
        .iter()
        .chain(walks)
        .any(|press| press.outcome == PressOutcome::Held && counts(press.path));
    if held {
        Answer::No(Observed::default().seeing(subject.see_form()))
    } else {
        unseen()
    }
}
