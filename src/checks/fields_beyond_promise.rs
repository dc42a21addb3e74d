//! Asks whether the form demands more than its promise needs: of a newsletter anything beyond the e-mail
//! address and the name, of a contest more than `channels` ways to reach the winner.
//!
//! For other promises it knows only what nearly nobody needs (birth date, income, health) and leaves the
//! need to a person. What scripts demand without saying so in markup or words is not seen.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{Audience, Category, Field, Promise};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "fields-beyond-promise",
    subjects: &[SubjectKind::Form],
    values: &["promise", "required", "beyond", "limit", "language"],
    build: |parameters| {
        parameters.only(&["channels"])?;
        let channels = parameters.number("channels", 1.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, channels))
    },
};

/// What a newsletter may ask, and what is no personal answer.
const HARMLESS: [Category; 7] = [
    Category::Email,
    Category::Name,
    Category::FirstName,
    Category::LastName,
    Category::Title,
    Category::FreeText,
    Category::Other,
];
const CHANNELS: [Category; 3] = [Category::Email, Category::Phone, Category::PostalAddress];
const SELDOM_NEEDED: [Category; 3] = [Category::BirthDate, Category::Income, Category::Health];
/// Trades that cannot make an offer without them.
const NEEDING: [Sense; 3] = [
    Sense::SectorInsurance,
    Sense::SectorFinance,
    Sense::SectorHealth,
];

fn ask(subject: &Subject, channels: f64) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let mut required: Vec<&Field> = Vec::new();
    for field in form.fields.iter().filter(|f| f.required && f.visible()) {
        if !required
            .iter()
            .any(|known| known.category == field.category)
        {
            required.push(field);
        }
    }
    let of = |categories: &[Category]| -> Vec<&Field> {
        let chosen = required.iter().filter(|f| categories.contains(&f.category));
        chosen.copied().collect()
    };
    let (beyond, certain) = match form.promise {
        Promise::Newsletter => {
            let business = subject.request.audience == Audience::Business;
            let work = |f: &&&Field| matches!(f.category, Category::Company | Category::Job);
            let more = required.iter().filter(|f| !HARMLESS.contains(&f.category));
            (
                more.filter(|f| !(business && work(f))).copied().collect(),
                true,
            )
        }
        Promise::Contest => {
            let asked = of(&CHANNELS);
            let many = asked.len() as f64 > channels;
            (if many { asked } else { Vec::new() }, true)
        }
        _ if needed(subject) => (Vec::new(), true),
        _ => (of(&SELDOM_NEEDED), false),
    };
    let names = |fields: &[&Field]| {
        let names = fields.iter().map(|f| f.category.as_str().to_string());
        Measure::List(names.collect())
    };
    let mut observed = Observed::default()
        .with("promise", Measure::Word(form.promise.as_str()))
        .with("required", names(&required))
        .with("beyond", names(&beyond));
    if form.promise == Promise::Contest {
        observed = observed.with("limit", Measure::Number(channels));
    }
    for field in beyond.iter().take(6) {
        observed = observed.seeing(subject.see(&field.label, &field.place));
    }
    match (beyond.is_empty(), certain) {
        (true, _) => Answer::No(observed.seeing(subject.see_form())),
        (false, true) => Answer::Yes(observed),
        (false, false) => Answer::unknown(Reason::NeedsPerson, "need_unclear", observed),
    }
}

/// The form or the page's title speaks of a trade that needs such answers.
fn needed(subject: &Subject) -> bool {
    let speaks = |passage: &crate::model::Passage| passage.reading.has_any(&NEEDING);
    let heading = subject.heading("fields-beyond-promise", speaks);
    heading.is_some() || subject.form.passages.iter().any(speaks)
}
