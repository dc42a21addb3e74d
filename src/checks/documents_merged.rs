//! Asks whether one control agrees to marketing and to a document (terms, rules, privacy notice) at
//! once.

use crate::finding::Measure;
use crate::model::Role;

use super::{Answer, Ask, Check, Observed, Subject, SubjectKind, no_parameters};

pub struct DocumentsMerged;

impl Check for DocumentsMerged {
    fn id(&self) -> &'static str {
        "documents-merged"
    }

    fn subjects(&self) -> &'static [SubjectKind] {
        &[SubjectKind::Control]
    }

    fn values(&self) -> &'static [&'static str] {
        &["label", "partners"]
    }

    fn build(&self, parameters: &toml::Table) -> Result<Box<dyn Ask>, String> {
        no_parameters(parameters)?;
        Ok(Box::new(DocumentsMerged))
    }
}

impl Ask for DocumentsMerged {
    fn ask(&self, subject: &Subject) -> Answer {
        let Some(control) = subject.control else {
            return Answer::No(Observed::default());
        };
        let observed = Observed::default()
            .with("label", Measure::Text(control.label.clone()))
            .with(
                "partners",
                Measure::Bool(control.purposes.contains(&"transfer")),
            )
            .seeing(subject.see_control(control));
        if control.role == Role::MarketingBundledWithTerms {
            Answer::Yes(observed)
        } else {
            Answer::No(observed)
        }
    }
}
