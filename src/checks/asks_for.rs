//! Asks whether the form has a field of one of the given categories.

use crate::finding::Measure;
use crate::model::Category;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "asks-for",
    subjects: &[SubjectKind::Form],
    values: &["field"],
    build: |parameters| {
        parameters.only(&["any"])?;
        let given = parameters.table.get("any").cloned();
        let given = given.ok_or("`any` must say which categories of fields")?;
        let categories: Vec<Category> = given
            .try_into()
            .map_err(|error| format!("`any` must be a list of categories of fields: {error}"))?;
        parameters.asking(move |subject: &Subject| ask(subject, &categories))
    },
};

fn ask(subject: &Subject, categories: &[Category]) -> Answer {
    let mut fields = subject.form.fields.iter();
    match fields.find(|field| categories.contains(&field.category)) {
        Some(field) => Answer::Yes(
            Observed::default()
                .with("field", Measure::Text(field.label.clone()))
                .seeing(subject.see(&field.label, &field.place)),
        ),
        None => Answer::No(Observed::default()),
    }
}
