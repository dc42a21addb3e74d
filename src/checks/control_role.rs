//! Asks whether a control stands for one of the named roles.
//!
//! It cannot see a meaning that stands in no words near the control.

use super::{Answer, Check, Observed, Subject, SubjectKind};

const ROLES: [&str; 9] = [
    "marketing_own",
    "marketing_partners",
    "marketing_bundled_with_terms",
    "terms",
    "privacy_ack",
    "age",
    "remember_me",
    "preference",
    "other",
];

pub static CHECK: Check = Check {
    id: "control-role",
    subjects: &[SubjectKind::Control],
    values: &["language"],
    build: |parameters| {
        parameters.only(&["any"])?;
        let roles = parameters.list("any", &ROLES)?;
        parameters.asking(move |subject: &Subject| ask(subject, &roles))
    },
};

fn ask(subject: &Subject, roles: &[String]) -> Answer {
    let Some(control) = subject.control else {
        return Answer::No(Observed::default());
    };
    match roles.iter().any(|role| role == control.role.as_str()) {
        true => Answer::Yes(Observed::default()),
        // Without a lexicon a label's meaning is unknown, whatever its name hints at.
        false if !subject.form.understood && !control.label.is_empty() => {
            Answer::no_lexicon(subject)
        }
        false => Answer::No(Observed::default()),
    }
}
