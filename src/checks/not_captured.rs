//! Answers Unknown: for what a rule asks and no capture shows yet, or only a person can judge.
//!
//! `because` names the explanation in `rules/words.toml`.

use crate::finding::Reason;

use super::{Answer, Check, Observed, Subject, SubjectKind};

/// The explanations that a rule may give.
const BECAUSE: [&str; 7] = [
    "refusal_not_walked",
    "submission_not_held",
    "typing_not_watched",
    "network_not_watched",
    "no_register",
    "no_approved_version",
    "confirmation_not_received",
];

pub static CHECK: Check = Check {
    id: "not-captured",
    subjects: &[SubjectKind::Form, SubjectKind::Control],
    values: &[],
    build: |parameters| {
        parameters.only(&["because"])?;
        let given = parameters.one_of("because", &BECAUSE)?;
        let because = BECAUSE
            .into_iter()
            .find(|b| *b == given)
            .unwrap_or_default();
        parameters.asking(move |subject: &Subject| {
            let observed = match subject.control {
                Some(control) => Observed::default().seeing(subject.see_control(control)),
                None => Observed::default().seeing(subject.see_form()),
            };
            Answer::unknown(Reason::NotSeen, because, observed)
        })
    },
};
