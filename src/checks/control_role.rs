//! Asks whether a control stands for one of the named roles.
//!
//! It cannot see a meaning that stands in no words near the control.

use super::{Answer, Ask, Check, Observed, Subject, SubjectKind, names};

pub struct ControlRole;

struct OneOf(Vec<String>);

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

impl Check for ControlRole {
    fn id(&self) -> &'static str {
        "control-role"
    }

    fn subjects(&self) -> &'static [SubjectKind] {
        &[SubjectKind::Control]
    }

    fn values(&self) -> &'static [&'static str] {
        &["language"]
    }

    fn build(&self, parameters: &toml::Table) -> Result<Box<dyn Ask>, String> {
        Ok(Box::new(OneOf(names(parameters, "any", &ROLES)?)))
    }
}

impl Ask for OneOf {
    fn ask(&self, subject: &Subject) -> Answer {
        let Some(control) = subject.control else {
            return Answer::No(Observed::default());
        };
        let meant = self.0.iter().any(|role| role == control.role.as_str());
        match meant {
            true => Answer::Yes(Observed::default()),
            // Without a lexicon a label's meaning is unknown, whatever its name hints at.
            false if !subject.form.understood && !control.label.is_empty() => {
                Answer::no_lexicon(subject)
            }
            false => Answer::No(Observed::default()),
        }
    }
}
