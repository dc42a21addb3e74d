//! Asks whether the form says that data goes to, or mailings come from, somebody else than the one who
//! asks.

use crate::finding::Measure;
use crate::lexicon::Sense;

use super::{Answer, Ask, Check, Observed, Subject, SubjectKind, no_parameters};

pub struct PartnersAnnounced;

impl Check for PartnersAnnounced {
    fn id(&self) -> &'static str {
        "partners-announced"
    }

    fn subjects(&self) -> &'static [SubjectKind] {
        &[SubjectKind::Form]
    }

    fn values(&self) -> &'static [&'static str] {
        &["sentence", "language"]
    }

    fn build(&self, parameters: &toml::Table) -> Result<Box<dyn Ask>, String> {
        no_parameters(parameters)?;
        Ok(Box::new(PartnersAnnounced))
    }
}

impl Ask for PartnersAnnounced {
    fn ask(&self, subject: &Subject) -> Answer {
        let form = subject.form;
        if !form.understood {
            return Answer::no_lexicon(subject);
        }
        let control = form
            .consent_controls()
            .find(|control| control.purposes.contains(&"transfer"));
        if let Some(control) = control {
            return Answer::Yes(
                Observed::default()
                    .with("sentence", Measure::Text(control.label.clone()))
                    .seeing(subject.see_control(control)),
            );
        }
        let passage = form.passages.iter().find(|passage| {
            let reading = &passage.reading;
            reading.together(Sense::Partners, Sense::Transfer)
                || (reading.together(Sense::Partners, Sense::Marketing)
                    && reading.has_any(&[Sense::Consent, Sense::Bundle, Sense::Purpose]))
        });
        match passage {
            Some(passage) => Answer::Yes(
                Observed::default()
                    .with("sentence", Measure::Text(passage.text.clone()))
                    .seeing(subject.see_passage(passage)),
            ),
            None => Answer::No(Observed::default()),
        }
    }
}
