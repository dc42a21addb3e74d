//! Asks whether a control stands for one of the named roles.
//!
//! A button whose pressing is the consent counts only with `buttons`: it is never on or off. It cannot
//! see a meaning that stands in no words near the control.

use crate::finding::Reason;
use crate::model::{ControlKind, Role};

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
        parameters.only(&["any", "buttons"])?;
        let roles = parameters.list("any", &ROLES)?;
        let buttons = parameters.flag("buttons")?;
        parameters.asking(move |subject: &Subject| ask(subject, &roles, buttons))
    },
};

fn ask(subject: &Subject, roles: &[String], buttons: bool) -> Answer {
    let Some(control) = subject.control else {
        return Answer::No(Observed::default());
    };
    if !buttons && matches!(control.kind, ControlKind::Button | ControlKind::Link) {
        return Answer::No(Observed::default());
    }
    let says_nothing = matches!(control.role, Role::Preference | Role::Other);
    let about_marketing = roles.iter().any(|role| role.starts_with("marketing"));
    if control.pictured && says_nothing && about_marketing {
        let observed = Observed::default().seeing(subject.see_control(control));
        return Answer::unknown(Reason::NeedsPerson, "wording_is_picture", observed);
    }
    match roles.iter().any(|role| role == control.role.as_str()) {
        true => Answer::Yes(Observed::default()),
        // Without a lexicon a label's meaning is unknown, whatever its name hints at.
        false if !subject.form.understood && !control.label.is_empty() => {
            Answer::no_lexicon(subject)
        }
        false => Answer::No(Observed::default()),
    }
}
