//! Asks whether the form asks for something: a field of one of the categories `any`, or any field where
//! none is named.
//!
//! `required` counts only fields that must be filled in, `without` only those whose answers and label
//! have none of its senses. What scripts demand without saying so in markup or words is not seen.

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::{Category, Field};

use super::{Answer, Check, Observed, Parameters, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "field-asked",
    subjects: &[SubjectKind::Form],
    values: &["fields", "label", "language"],
    build: |parameters| {
        let wanted = Wanted::new(parameters)?;
        parameters.asking(move |subject: &Subject| ask(subject, &wanted))
    },
};

struct Wanted {
    any: Vec<String>,
    required: bool,
    without: Vec<Sense>,
}

impl Wanted {
    fn new(parameters: &Parameters) -> Result<Wanted, String> {
        parameters.only(&["any", "required", "without"])?;
        Ok(Wanted {
            any: parameters.list("any", &Category::ALL.map(Category::as_str))?,
            required: parameters.flag("required")?,
            without: parameters.senses("without")?,
        })
    }

    fn is_met(&self, field: &Field) -> bool {
        let named = |name: &String| name == field.category.as_str();
        (self.any.is_empty() || self.any.iter().any(named))
            && (!self.required || field.required)
            && !field.offers.has_any(&self.without)
            && !field.asks.has_any(&self.without)
            && field.visible()
    }
}

fn ask(subject: &Subject, wanted: &Wanted) -> Answer {
    let form = subject.form;
    let met: Vec<&Field> = form.fields.iter().filter(|f| wanted.is_met(f)).collect();
    let Some(first) = met.first() else {
        let observed = Observed::default().seeing(subject.see_form());
        return match form.understood || wanted.any.is_empty() {
            true => Answer::No(observed),
            false => Answer::no_lexicon(subject),
        };
    };
    let names = met.iter().map(|f| f.category.as_str().to_string());
    let observed = Observed::default()
        .with("fields", Measure::List(names.collect()))
        .with("label", Measure::Text(first.label.clone()));
    Answer::Yes(met.iter().take(6).fold(observed, |observed, field| {
        observed.seeing(subject.see(&field.label, &field.place))
    }))
}
